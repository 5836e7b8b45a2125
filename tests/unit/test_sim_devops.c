/* SPDX-License-Identifier: MIT
 * Azure DevOps in a simulated world: each rule once, by its status and error. */
#include "simulator/devops.h"

#include <stdlib.h>
#include <strings.h>

#include "simulated.h"

#define GUID(n)   "44444444-4444-4444-8444-4444444444" n
#define MEMBER(n) "66666666-6666-4666-8666-6666666666" n
#define OTHER     "11111111-1111-1111-1111-111111111112"
#define THIRD     "11111111-1111-1111-1111-111111111113"
#define FABRIKAM  "33333333-3333-4333-8333-333333333334"
#define LEDGER    "55555555-5555-4555-8555-555555555502"
#define SECRET    "55555555-5555-4555-8555-555555555503"
#define CLIENT    "77777777-7777-4777-8777-777777777777"
#define MANAGED   "77777777-7777-4777-8777-777777777778"
#define NOBODY    "99999999-9999-4999-8999-999999999999"
#define V         "?api-version=7.1"
#define P         "?api-version=7.1-preview.1"
#define ENDPOINTS "/_apis/serviceendpoint/endpoints"

/* Users by the last two digits of their ids: 44 administers the organization, 01 reads, 02
 * contributes, 03 creates connections, 04 administers those of Payments, 05 is in no group, 06 is
 * no member, 07 has no more account, 08 creates in Payments and reads Ledger One. Quotes are single
 * ones: open_world makes them double. */
/* clang-format off */
#define USER(n)            "{'id':'" GUID(n) "','name':'u" n "@c.example','displayName':'U" n "'}"
#define PERSON(n, groups)  "{'id':'" MEMBER(n) "','userId':'" GUID(n) "','groups':[" groups "]}"
#define IN(project, group) "{'project':'" project "','group':'" group "'}"
#define OWNER \
    "{'id':'" MEMBER("44") "','userId':'" ADMIN "','collectionAdministrator':true}"

static const char world_text[] =
    "{'schema':1,'settings':{'deletionMilliseconds':3600000},"
    "'tenants':["
      "{'id':'" TENANT "','users':[" USER("44") "," USER("01") "," USER("02") "," USER("03") ","
          USER("04") "," USER("05") "," USER("06") "," USER("08") "],"
        "'applications':[{'id':'" NOBODY "','appId':'" CLIENT "','displayName':'a'}]},"
      "{'id':'" OTHER "','cloud':'AzureUSGovernment','users':[" USER("44") "]},"
      "{'id':'" THIRD "','cloud':'AzureCloud','users':[" USER("44") "]}],"
    "'subscriptions':[{'id':'" SUBSCRIPTION "','displayName':'s','tenantId':'" TENANT "',"
        "'identities':[{'name':'i','resourceGroup':'g','location':'westeurope',"
          "'principalId':'" NOBODY "','clientId':'" MANAGED "'}]}],"
    "'organizations':["
      "{'name':'contoso','id':'" ORGANIZATION "','tenantId':'" TENANT "','projects':["
          "{'id':'" PROJECT "','name':'Payments','pipelines':[{'id':12},{'id':47}]},"
          "{'id':'" LEDGER "','name':'Ledger One','pipelines':[{'id':3}]},"
          "{'id':'" SECRET "','name':'Secret','state':'deleting'}],"
        "'members':[" OWNER ","
          PERSON("01", IN("Payments", "Readers")) ","
          PERSON("02", IN("payments", "Contributors")) ","
          PERSON("03", IN(PROJECT, "Endpoint Creators") ","
                       IN("Ledger One", "Endpoint Creators")) ","
          PERSON("04", IN("Payments", "Endpoint Administrators")) ","
          PERSON("05", "") ","
          PERSON("07", IN("Payments", "Project Administrators")) ","
          PERSON("08", IN("Payments", "Endpoint Creators") "," IN("Ledger One", "Readers")) "]},"
      "{'name':'fabrikam','id':'" FABRIKAM "','tenantId':'" OTHER "','members':[" OWNER "]}]}";
/* clang-format on */

static void open_world(void)
{
    char *text = arena_strdup(sim.arena ? sim.arena : (sim.arena = arena_new()), world_text), *at;

    for (at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    simulated_open(text);
}

static char endpoint[GUID_TEXT + 1]; /* the connection that create_default has made */

/* Calls */

static void ask_with(const char *who, const char *method, const char *path, const char *body,
                     const struct call_header *headers)
{
    const char *id = arena_printf(sim.arena, "%.*s%s", GUID_TEXT - 2, ADMIN, who ? who : "");

    simulated_call(who ? simulated_token(id, TENANT, DEVOPS_AUDIENCE, 600) : NULL, method,
                   arena_printf(sim.arena, "https://dev.azure.com/contoso%s", path), body, headers);
}

static void ask(const char *who, const char *method, const char *path, const char *body)
{
    ask_with(who, method, path, body, NULL);
}

/* Is the answer STATUS, and of TYPE_KEY (NULL: not looked at)? */
static void expect(int status, const char *type_key, const char *text)
{
    const char *key = json_text_of(sim.answer, "typeKey");

    if (!ok(sim.call.status == status && (!type_key || !strcmp(key, type_key)), "%s: %d %s", text,
            status, type_key ? type_key : ""))
        printf("# got: %d %.300s\n", sim.call.status, sim.call.reply ? sim.call.reply : "");
}

static const char *header_of(const char *name)
{
    size_t i;

    for (i = 0; i < sim.call.n_reply_headers; i++)
        if (!strcasecmp(sim.call.reply_headers[i].name, name))
            return sim.call.reply_headers[i].value;
    return "";
}

/* The text at PATH ("a.b.0.c") of the answer; numbers and booleans as texts; "" when there is none.
 */
static const char *at(const char *path)
{
    static char number[JSON_NUMBER_MAX];
    const json *value = sim.answer;

    while (value && *path) {
        size_t len = strcspn(path, "."), n = 0;
        const char *key = arena_strndup(sim.arena, path, len), *text;

        if (json_kind(value) == JSON_ARRAY) {
            n = strtoul(key, NULL, 10);
            for (value = json_first(value); value && n; n--)
                value = json_next(value);
        } else {
            value = json_get(value, key, len);
        }
        path += len + (path[len] == '.');
        text = value && !*path ? json_as_text(value, number) : NULL;
        if (text)
            return arena_strdup(sim.arena, text);
    }
    return "";
}

static void is_at(const char *path, const char *want)
{
    is_str(at(path), want, path);
}

/* Bodies */

#define PARAMETERS "\"tenantid\":\"" TENANT "\",\"serviceprincipalid\":\"" CLIENT "\""
#define DATA                                                                                       \
    "\"environment\":\"AzureCloud\",\"scopeLevel\":\"Subscription\",\"creationMode\":\"Manual\","  \
    "\"subscriptionId\":\"" SUBSCRIPTION "\",\"subscriptionName\":\"s\""
#define REFERENCE(project, name)                                                                   \
    "{\"projectReference\":{\"id\":\"" project "\"},\"name\":\"" name "\",\"description\":\"d\"}"
#define HEAD "{\"type\":\"AzureRM\",\"isReady\":true,\"url\":\"https://management.azure.com/\","
#define AUTHORIZATION                                                                              \
    "\"authorization\":{\"scheme\":\"" DEVOPS_WIF "\",\"parameters\":{" PARAMETERS "}},"
#define REFERENCES(list) "\"serviceEndpointProjectReferences\":[" list "]}"
#define BODY(references) HEAD AUTHORIZATION "\"data\":{" DATA "}," REFERENCES(references)

/* BODY after FROM, which it must hold, was replaced by TO. */
static const char *edited(const char *body, const char *from, const char *to)
{
    const char *place = strstr(body, from);

    if (!place) {
        printf("Bail out! not in the body: %s\n", from);
        exit(1);
    }
    return arena_printf(sim.arena, "%.*s%s%s", (int)(place - body), body, to, place + strlen(from));
}

static const char default_body[] = BODY(REFERENCE(PROJECT, "conn-a"));

static void keep_endpoint(void)
{
    snprintf(endpoint, sizeof endpoint, "%s", at("id"));
}

/* A new world with the connection conn-a in Payments, made by user 03. */
static void create_default(void)
{
    open_world();
    ask("03", "POST", ENDPOINTS V, default_body);
    keep_endpoint();
}

static const char *path(const char *format, const char *query)
{
    return arena_printf(sim.arena, "%s%s%s", format, endpoint, query);
}

static const char *in_payments(const char *query)
{
    return path("/Payments" ENDPOINTS "/", query);
}

static json *kept(void)
{
    return json_find(json_member(world_organization(sim.world, "contoso"), "serviceEndpoints"),
                     "id", endpoint);
}

/* Sign-in */

static void test_sign_in(void)
{
    static const struct call_header suppress[] = {{"x-tfs-fedauthredirect", "suppress"},
                                                  {NULL, NULL}};
    static const char url[] = "https://dev.azure.com/contoso/_apis/projects" V;
    struct {
        const char *what, *token;
    } bad[] = {
        {"no token", NULL},
        {"not a token", "x.y.z"},
        {"an expired one", simulated_token(ADMIN, TENANT, DEVOPS_AUDIENCE, -5)},
        {"one for Resource Manager",
         simulated_token(ADMIN, TENANT, "https://management.azure.com", 600)},
        {"one for an audience that begins like it",
         simulated_token(ADMIN, TENANT, DEVOPS_AUDIENCE "/x", 600)},
        {"one of another tenant", simulated_token(ADMIN, THIRD, DEVOPS_AUDIENCE, 600)},
        {"one of a tenant that is not there", simulated_token(ADMIN, NOBODY, DEVOPS_AUDIENCE, 600)},
    };
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        simulated_call(bad[i].token, "GET", url, NULL, NULL);
        ok(sim.call.status == 203 && strstr(sim.call.reply, "Sign In"), "%s: the sign-in page",
           bad[i].what);
        is_str(header_of("X-VSS-ResourceTenant"), TENANT, "which names the tenant");
        simulated_call(bad[i].token, "GET", url, NULL, suppress);
        expect(401, NULL, bad[i].what);
        is_str(header_of("WWW-Authenticate"),
               "Bearer authorization_uri=https://login.microsoftonline.com/" TENANT,
               "and says where to sign in");
    }
    simulated_call(simulated_token(ADMIN, OTHER, DEVOPS_AUDIENCE, 600), "GET",
                   "https://dev.azure.com/fabrikam/_apis/projects" V, NULL, NULL);
    expect(203, NULL, "an organization whose tenant is in another cloud");
    simulated_call(simulated_token(ADMIN, TENANT, DEVOPS_AUDIENCE "/", 600), "GET", url, NULL,
                   NULL);
    expect(200, NULL, "an audience with a trailing slash");
    simulated_call(NULL, "GET", "https://dev.azure.com/nobody/_apis/projects" V, NULL, NULL);
    ok(sim.call.status == 404 && strstr(sim.call.reply, "<!DOCTYPE html>"),
       "an unknown organization is a page");
    ask("06", "GET", "/_apis/projects" V, NULL);
    expect(401, "UnauthorizedRequestException", "a user who is no member");
    ok(strstr(sim.call.reply, "TF400813") != NULL, "with its number");
    ask("07", "GET", "/_apis/projects" V, NULL);
    expect(401, "UnauthorizedRequestException", "a member whose account is gone");
}

/* Versions, routes, queries */

static void test_versions(void)
{
    static const struct {
        const char *method, *path;
        int status;
        const char *key;
    } rows[] = {
        {"GET", "/_apis/projects", 200, NULL},
        {"GET", "/_apis/projects?api-version=5.1", 200, NULL},
        {"GET", "/_apis/projects?API-VERSION=7.2-preview.4", 200, NULL},
        {"GET", "/_apis/projects?api-version=7.2-preview", 200, NULL},
        {"GET", "/_apis/projects?api-version=7.2", 400, "VssInvalidPreviewVersionException"},
        {"GET", "/_apis/projects?api-version=7.2-preview.5", 400, "VssVersionOutOfRangeException"},
        {"GET", "/_apis/projects?api-version=8.0", 400, "VssVersionOutOfRangeException"},
        {"GET", "/_apis/projects?api-version=7.1-beta", 400,
         "VssInvalidApiResourceVersionException"},
        {"GET", "/_apis/projects?api-version=7.1-preview.0", 400,
         "VssInvalidApiResourceVersionException"},
        {"GET", "/_apis/projects?api-version=7.1-preview.", 400,
         "VssInvalidApiResourceVersionException"},
        {"GET", "/_apis/projects?api-version=", 400, "VssInvalidApiResourceVersionException"},
        {"GET", "/_apis/projects?api-version=99999999999999999999.1", 400,
         "VssInvalidApiResourceVersionException"},
        {"GET", "/_apis/connectionData", 200, NULL},
        {"GET", "/_apis/connectionData" P, 200, NULL},
        {"GET", "/_apis/connectionData" V, 400, "VssInvalidPreviewVersionException"},
        {"GET", "/_apis/ResourceAreas?api-version=2.0-preview.1", 400,
         "VssVersionNotSupportedException"},
        {"POST", ENDPOINTS, 400, "VssVersionNotSpecifiedException"},
        {"DELETE", ENDPOINTS "/" NOBODY, 400, "VssVersionNotSpecifiedException"},
        {"POST", ENDPOINTS "?api-version=5.0-preview.2", 400, "VssVersionNotSupportedException"},
        {"GET", "/_apis/projects" V "&x=1", 501, NULL},
        {"GET", "/_apis/git/repositories" V, 501, NULL},
        {"GET", "", 501, NULL},
        {"PATCH", "/_apis/projects/Payments" V, 501, NULL},
        {"GET", "/_apis/projects/a%0ab" V, 400, NULL},
        {"GET", "/_apis/projects/%ff" V, 400, NULL},
        {"GET", "/_apis/projects" V "&a=%c3", 400, NULL},
    };
    static const struct call_header accept[] = {
        {"Accept", "application/json;api-version=5.1-preview.9;x=y"}, {NULL, NULL}};
    static const struct call_header bytes[] = {{"Accept", "application/json;api-version=\xff"},
                                               {NULL, NULL}};
    size_t i;

    open_world();
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask("44", rows[i].method, rows[i].path, NULL);
        expect(rows[i].status, rows[i].key, rows[i].path);
    }
    ask_with("44", "GET", "/_apis/projects", NULL, accept);
    expect(400, "VssVersionOutOfRangeException", "a version in the Accept header counts");
    ask_with("44", "GET", "/_apis/projects", NULL, bytes);
    expect(400, "VssInvalidApiResourceVersionException", "one that is no text");
    ok(!strchr(sim.call.reply, '\xff'), "is not repeated");
}

static void test_locations(void)
{
    static const char *const ids[] = {
        "e81700f7-3be2-46de-8624-2eb35882fcaa", "603fe2ac-9723-48b9-88ad-09305aa6c6e1",
        "e85f1c62-adfc-4b74-b618-11a150fb195e", "00d9565f-ed9c-4a06-9a50-00e7896ccab4",
        "398c85bc-81aa-4822-947c-a194a05f0fef"};
    size_t i;

    open_world();
    ask("44", "OPTIONS", "/_apis", NULL);
    expect(200, NULL, "the locations");
    for (i = 0; i < sizeof ids / sizeof *ids; i++)
        ok(json_find(json_member(sim.answer, "value"), "id", ids[i]) != NULL, "%s", ids[i]);
    ask("44", "OPTIONS", "/_apis/Core", NULL);
    is_at("count", "1");
    is_at("value.0.routeTemplate", "_apis/{resource}/{*projectId}");
    is_at("value.0.releasedVersion", "7.1");
    is_at("value.0.maxVersion", "7.2");
    ask("44", "OPTIONS", "/_apis/nothing", NULL);
    is_at("count", "0");
    ask(NULL, "OPTIONS", "/_apis", NULL);
    expect(203, NULL, "not without a token");
    ask("44", "GET", "/_apis/ResourceAreas?api-version=5.0-preview.1", NULL);
    is_at("value.0.locationUrl", "https://dev.azure.com/contoso/");
    ask("44", "GET", "/_apis/ResourceAreas/1814AB31-2f4f-4a9f-8761-f4d77dc5a5d7" P, NULL);
    is_at("name", "serviceendpoint");
    ask("44", "GET", "/_apis/ResourceAreas/" NOBODY P, NULL);
    expect(501, NULL, "an area of another host");
}

static void test_projects(void)
{
    open_world();
    ask("01", "GET", "/_apis/projects/payments" V, NULL);
    is_at("id", PROJECT);
    is_at("state", "wellFormed");
    is_at("_links.collection.href",
          "https://dev.azure.com/contoso/_apis/projectCollections/" ORGANIZATION);
    ask("44", "GET", "/_apis/projects/" LEDGER V "&includeCapabilities=true", NULL);
    is_at("name", "Ledger One");
    is_at("_links.web.href", "https://dev.azure.com/contoso/Ledger%20One");
    is_at("capabilities.versioncontrol.sourceControlType", "Git");
    ask("01", "GET", "/_apis/projects/Ledger%20One" V, NULL);
    expect(404, "ProjectDoesNotExistWithNameException", "a project of others");
    ask("44", "GET", "/_apis/projects/Nope" V, NULL);
    expect(404, "ProjectDoesNotExistWithNameException", "no such project");
    ask("05", "GET", "/_apis/projects" V, NULL);
    is_at("count", "0");
    ask("44", "GET", "/_apis/projects" V, NULL);
    is_at("count", "2");
    ask("44", "GET", "/_apis/projects" V "&stateFilter=all", NULL);
    is_at("count", "3");
    is_str(header_of("x-ms-continuationtoken"), "", "no next page");
    ask("44", "GET", "/_apis/projects" V "&stateFilter=all&$top=2", NULL);
    is_at("count", "2");
    is_str(header_of("x-ms-continuationtoken"), "2", "a next page");
    ask("44", "GET", "/_apis/projects" V "&stateFilter=all&$top=2&continuationToken=2", NULL);
    is_at("value.0.name", "Secret");
    is_at("count", "1");
    is_str(header_of("x-ms-continuationtoken"), "", "the last page");
    ask("44", "GET", "/_apis/projects" V "&$top=-1", NULL);
    expect(400, NULL, "a negative count");
    ask("44", "GET", "/_apis/projects" V "&continuationToken=99999999999999999999", NULL);
    expect(400, NULL, "a huge token");
    ask("01", "GET", "/_apis/connectionData" P, NULL);
    is_at("instanceId", ORGANIZATION);
    is_at("authenticatedUser.id", MEMBER("01"));
    is_at("authorizedUser.providerDisplayName", "U01");
}

/* Connections */

static void test_create(void)
{
    create_default();
    expect(200, NULL, "a connection is made");
    is_at("type", "azurerm");
    is_at("owner", "Library");
    is_at("operationStatus.state", "Ready");
    is_at("isReady", "true");
    is_at("isShared", "false");
    is_at("createdBy.id", MEMBER("03"));
    is_at("createdBy.displayName", "U03");
    is_at("data.identityType", "AppRegistrationManual");
    is_at("authorization.parameters.workloadIdentityFederationIssuer",
          "https://login.microsoftonline.com/" TENANT "/v2.0");
    is_at("authorization.parameters.workloadIdentityFederationSubject",
          arena_printf(sim.arena,
                       "/eid1/c/pub/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc/"
                       "%s/%s",
                       ORGANIZATION, endpoint));
    is_at("authorization.parameters.workloadIdentityFederationIssuerType", "EntraID");
    is_at("serviceEndpointProjectReferences.0.projectReference.name", "Payments");
    ask("03", "POST", ENDPOINTS V,
        edited(edited(default_body, "conn-a", "gov"), DATA,
               "\"environment\":\"AzureUSGovernment\",\"scopeLevel\":\"ManagementGroup\","
               "\"creationMode\":\"Manual\",\"managementGroupId\":\"m\","
               "\"managementGroupName\":\"m\""));
    expect(400, NULL, "the url of another cloud");
    ask("03", "POST", ENDPOINTS V,
        edited(edited(edited(default_body, "conn-a", "gov"), "AzureCloud", "AzureUSGovernment"),
               "management.azure.com", "management.usgovcloudapi.net"));
    expect(200, NULL, "one to another cloud");
    is_at("authorization.parameters.workloadIdentityFederationIssuer",
          "https://vstoken.dev.azure.com/" ORGANIZATION);
    is_at("authorization.parameters.workloadIdentityFederationSubject",
          "sc://contoso/Payments/gov");
    is_at("authorization.parameters.workloadIdentityFederationIssuerType", "");
}

static void test_bodies(void)
{
    static const struct {
        const char *from, *to;
        int status;
        const char *key;
    } rows[] = {
        {PARAMETERS, PARAMETERS ",\"serviceprincipalkey\":\"x\"", 400, "ArgumentException"},
        {PARAMETERS, PARAMETERS ",\"AuthenticationType\":\"k\"", 400, "ArgumentException"},
        {PARAMETERS, PARAMETERS ",\"scope\":\"x\"", 400, NULL},
        {"\"tenantid\"", "\"tenantId\"", 400, NULL},
        {CLIENT, "not-a-guid", 400, NULL},
        {"\"subscriptionName\":\"s\"", "\"subscriptionName\":\"\"", 400, NULL},
        {"\"subscriptionName\":\"s\"", "\"subscriptionName\":1", 400, NULL},
        {"\"subscriptionName\":\"s\"", "\"other\":\"s\"", 400, NULL},
        {DATA, DATA ",\"resourceGroupName\":\"r\"", 400, NULL},
        {DATA, DATA ",\"identityType\":\"r\"", 400, NULL},
        {"\"Subscription\"", "\"ResourceGroup\"", 400, NULL},
        {"\"Subscription\"", "\"ManagementGroup\"", 400, NULL},
        {"\"AzureCloud\"", "\"azurecloud\"", 400, NULL},
        {"\"AzureCloud\"", "\"AzureUSGovernment\"", 400, NULL},
        {"\"AzureCloud\"", "\"AzureStack\"", 501, NULL},
        {"management.azure.com/\"", "management.azure.com\"", 400, NULL},
        {"\"isReady\":true", "\"isReady\":\"true\"", 400, NULL},
        {"\"isReady\":true", "\"isShared\":true", 400, NULL},
        {"\"isReady\":true", "\"extra\":true", 400, NULL},
        {"\"AzureRM\"", "\"github\"", 501, NULL},
        {"\"AzureRM\"", "7", 400, NULL},
        {DEVOPS_WIF, "ServicePrincipal", 501, NULL},
        {"\"Manual\"", "\"Automatic\"", 501, NULL},
        {"\"Manual\"", "\"manual\"", 400, NULL},
        {REFERENCE(PROJECT, "conn-a"), "", 400, NULL},
        {REFERENCE(PROJECT, "conn-a"), "7", 400, NULL},
        {REFERENCE(PROJECT, "conn-a"), REFERENCE(PROJECT, "a") "," REFERENCE(PROJECT, "b"), 400,
         NULL},
        {"{\"id\":\"" PROJECT "\"}", "{\"id\":\"" PROJECT "\",\"name\":\"Ledger One\"}", 400, NULL},
        {"{\"id\":\"" PROJECT "\"}", "{\"id\":\"Payments\"}", 400, NULL},
        {"{\"id\":\"" PROJECT "\"}", "{\"id\":\"" NOBODY "\"}", 404, NULL},
        {"\"conn-a\"", "\"a\\u0007\"", 400, NULL},
        {"\"conn-a\"", "\"  \"", 400, NULL},
        {"\"conn-a\"", "null", 400, NULL},
        {default_body, "not JSON", 400, NULL},
        {default_body, "[]", 400, NULL},
        {default_body, "null", 400, NULL},
    };
    char long_text[1200], *name = long_text;
    size_t i;

    open_world();
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask("03", "POST", ENDPOINTS V, edited(default_body, rows[i].from, rows[i].to));
        expect(rows[i].status, rows[i].key, rows[i].to);
    }
    memset(long_text, 'x', sizeof long_text);
    long_text[1025] = '\0';
    ask("03", "POST", ENDPOINTS V,
        edited(default_body, "\"d\"", arena_printf(sim.arena, "\"%s\"", long_text)));
    expect(400, NULL, "a description of 1025 characters");
    name[129] = '\0';
    ask("03", "POST", ENDPOINTS V, edited(default_body, "conn-a", name));
    expect(400, NULL, "a name of 129 characters");
    ask("03", "POST", ENDPOINTS V, NULL);
    expect(400, NULL, "no body");
    ok(!json_count(json_member(world_organization(sim.world, "contoso"), "serviceEndpoints")),
       "nothing was made");
    name[128] = '\0';
    ask("03", "POST", ENDPOINTS V, edited(default_body, "conn-a", name));
    expect(200, NULL, "a name of 128 characters");
}

static void test_names(void)
{
    create_default();
    ask("08", "POST", ENDPOINTS V, edited(default_body, "conn-a", "CONN-A"));
    expect(500, "DuplicateServiceConnectionException", "a name that is taken, in another case");
    ask("08", "GET", "/Payments" ENDPOINTS V "&endpointNames=conn-a&includeFailed=true", NULL);
    is_at("count", "0");
    ask("08", "POST", ENDPOINTS V, edited(default_body, PROJECT, LEDGER));
    expect(403, "AccessCheckException", "a reader of the project");
    ask("03", "POST", ENDPOINTS V, edited(default_body, PROJECT, LEDGER));
    expect(200, NULL, "the same name in another project");
}

static void test_list(void)
{
    static const struct {
        const char *query, *count;
    } rows[] = {
        {"", "1"},
        {"&endpointNames=conn-a", "1"},
        {"&endpointNames=x,CONN-A", "1"},
        {"&endpointNames=conn", "0"},
        {"&endpointNames=", "0"},
        {"&includeFailed=true", "2"},
        {"&includeFailed=true&endpointNames=conn-b", "1"},
        {"&endpointNames=conn-b", "0"},
        {"&type=azurerm", "1"},
        {"&type=github", "0"},
        {"&authSchemes=ServicePrincipal," DEVOPS_WIF, "1"},
        {"&authSchemes=ServicePrincipal", "0"},
    };
    size_t i;

    create_default();
    ask("03", "POST", ENDPOINTS V, edited(default_body, "conn-a", "conn-b"));
    json_put_text(
        json_find(json_member(world_organization(sim.world, "contoso"), "serviceEndpoints"), "id",
                  at("id")),
        "state", "Failed");
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask("04", "GET", arena_printf(sim.arena, "/Payments" ENDPOINTS V "%s", rows[i].query),
            NULL);
        is_str(at("count"), rows[i].count, rows[i].query);
    }
    ask("44", "GET", "/Ledger%20One" ENDPOINTS V, NULL);
    is_at("count", "0");
    ask("44", "GET", "/Payments" ENDPOINTS "/" NOBODY V, NULL);
    expect(200, NULL, "one that is not there");
    is_str(sim.call.reply, "null", "is null");
    ask("44", "GET", path("/Ledger%20One" ENDPOINTS "/", V), NULL);
    is_str(sim.call.reply, "null", "in another project likewise");
    ask("01", "GET", in_payments(V), NULL);
    is_str(sim.call.reply, "null", "and for who may not see it");
    ask("02", "GET", in_payments(V), NULL);
    is_at("name", "conn-a");
    is_at("type", "");
    is_at("data.subscriptionId", "");
    is_at("authorization.scheme", DEVOPS_WIF);
    is_at("authorization.parameters.tenantid", "");
    ask("03", "GET", in_payments(V), NULL);
    is_at("data.subscriptionId", SUBSCRIPTION);
}

static const char *body_as_read(const char *who)
{
    ask(who, "GET", in_payments(V), NULL);
    return arena_strdup(sim.arena, sim.call.reply);
}

static void test_update(void)
{
    const char *body, *whole;
    static const struct {
        const char *from, *to;
        int status;
        const char *key;
    } rows[] = {
        {"\"subscriptionName\":\"s\"", "\"subscriptionName\":\"t\"", 400, "ArgumentException"},
        {"\"subscriptionId\":\"2", "\"subscriptionId\":\"3", 400, "ArgumentException"},
        {"\"scheme\":\"Workload", "\"scheme\":\"Other", 501, NULL},
        {"\"isReady\":true", "\"extra\":true", 400, NULL},
        {"\"name\":\"Payments\"", "\"name\":\"Ledger One\"", 400, NULL},
        {"\"id\":\"" PROJECT, "\"id\":\"" LEDGER, 400, NULL},
        {"{\"id\":\"" PROJECT "\",\"name\":\"Payments\"}", "{\"id\":\"" LEDGER "\"}", 400, NULL},
        {"\"tenantid\"", "\"other\":\"x\",\"tenantid\"", 400, NULL},
    };
    size_t i;

    create_default();
    whole = path(ENDPOINTS "/", V);
    body = body_as_read("03");
    ask("03", "PUT", whole, edited(body, "\"description\":\"d\"", "\"description\":\"e\""));
    expect(200, NULL, "the whole, as it was read");
    ask("03", "PUT", whole,
        edited(edited(body, "\"projectReference\"", "\"description\":\"e\",\"projectReference\""),
               "\"name\":\"conn-a\",\"description\":\"d\"}]", "\"name\":\"renamed\"}]"));
    is_at("name", "renamed");
    is_at("description", "e");
    body = body_as_read("03");
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask("03", "PUT", whole, edited(body, rows[i].from, rows[i].to));
        expect(rows[i].status, rows[i].key, rows[i].to);
    }
    ask("03", "PUT", whole, edited(body, endpoint, NOBODY));
    expect(400, NULL, "another id in the body");
    ask("03", "PUT", path(ENDPOINTS "/", V "&operation=ConvertAuthenticationScheme"), body);
    expect(501, NULL, "a conversion");
    ask("02", "PUT", whole, body);
    expect(403, "AccessCheckException", "by one who does not administer it");
    ask("44", "PUT", ENDPOINTS "/" NOBODY V, body);
    expect(404, "ServiceEndpointNotFoundException", "of none");
    ask("03", "GET", in_payments(V), NULL);
    is_at("name", "renamed");
    ok(!json_member(json_member(kept(), "data"), "identityType"), "what replies add is not kept");
    is_str(json_text_of(json_member(kept(), "authorization"), "scheme"), DEVOPS_WIF, "the scheme");
}

static void test_share(void)
{
    const char *whole;

    create_default();
    whole = path(ENDPOINTS "/", V);
    ask("03", "PATCH", whole, REFERENCE(LEDGER, "conn-b"));
    expect(400, NULL, "sharing takes a list, not an object");
    ask("03", "PATCH", whole, "[]");
    expect(400, NULL, "that is not empty");
    ask("04", "PATCH", whole, "[" REFERENCE(LEDGER, "conn-b") "]");
    expect(404, "ProjectDoesNotExistWithNameException", "with a project that one does not see");
    ask("02", "PATCH", whole, "[" REFERENCE(LEDGER, "conn-b") "]");
    expect(403, "AccessCheckException", "by one who does not administer it");
    ask("03", "PATCH", whole, "[" REFERENCE(LEDGER, "conn-b") "]");
    expect(204, NULL, "with another project");
    ask("03", "PATCH", whole, "[" REFERENCE(LEDGER, "conn-c") "]");
    expect(500, "VssServiceException", "again, under another name");
    ask("03", "PATCH", whole, "[" REFERENCE(LEDGER, "conn-b") "]");
    expect(204, NULL, "again, the same");
    ask("03", "GET", path("/Ledger%20One" ENDPOINTS "/", V), NULL);
    is_at("name", "conn-b");
    is_at("isShared", "true");
    ask("03", "GET", in_payments(V), NULL);
    is_at("name", "conn-a");
    ask("08", "POST", ENDPOINTS V, edited(default_body, "conn-a", "mine"));
    keep_endpoint();
    ask("08", "PATCH", path(ENDPOINTS "/", V), "[" REFERENCE(LEDGER, "mine") "]");
    expect(403, "AccessCheckException", "into a project where one creates none");
}

static void trust_old_issuer(void)
{
    json_put_text(world_organization(sim.world, "contoso"), "issuer", "azure-devops");
}

static void test_subjects(void)
{
    static const char issuer[] = "authorization.parameters.workloadIdentityFederationIssuer";
    static const char subject[] = "authorization.parameters.workloadIdentityFederationSubject";

    open_world();
    trust_old_issuer();
    ask("03", "POST", ENDPOINTS V, default_body);
    keep_endpoint();
    is_at(issuer, "https://vstoken.dev.azure.com/" ORGANIZATION);
    is_at(subject, "sc://contoso/Payments/conn-a");
    ask("03", "PATCH", path(ENDPOINTS "/", V), "[" REFERENCE(LEDGER, "conn-b") "]");
    ask("03", "GET", path("/Ledger%20One" ENDPOINTS "/", V), NULL);
    is_at(subject, "sc://contoso/Ledger One/conn-b");
    json_put_text(world_organization(sim.world, "contoso"), "issuer", "entra");
    ask("03", "GET", in_payments(V), NULL);
    is_at(subject, "sc://contoso/Payments/conn-a");
    json_put_text(kept(), "issuerText", "https://app.vstoken.visualstudio.com/x");
    ask("03", "GET", in_payments(V), NULL);
    is_at(issuer, "https://app.vstoken.visualstudio.com/x");
    create_default();
    json_put_text(world_organization(sim.world, "contoso"), "issuerTenantId", OTHER);
    ask("03", "GET", in_payments(V), NULL);
    is_at(issuer, "https://login.microsoftonline.com/" OTHER "/v2.0");
}

/* Deleting */

static void add_credential(json *owner, const char *issuer, const char *subject)
{
    json *credential = json_append(json_list(owner, "federatedCredentials"), json_object());

    json_text(credential, "name", "c");
    json_text(credential, "issuer", issuer);
    json_text(credential, "subject", subject);
    json_append_text(json_add(credential, "audiences", json_array()), "a");
}

static void test_delete_guard(const char *client, json *(*find_owner)(void))
{
    struct devops_trust trust;
    const json *project;

    open_world();
    ask("03", "POST", ENDPOINTS V, edited(default_body, CLIENT, client));
    keep_endpoint();
    project = devops_project(world_organization(sim.world, "contoso"), "Payments");
    trust = devops_trust(sim.arena, world_organization(sim.world, "contoso"), kept(), project);
    add_credential(find_owner(), trust.issuer, trust.subject);
    ask("03", "DELETE", path(ENDPOINTS "/", V "&projectIds=" PROJECT), NULL);
    expect(400, "InvalidOperationException", "while a credential trusts it");
    ok(strstr(sim.call.reply, "Cannot delete this service connection while federated credentials"),
       "with the known text");
    json_put(find_owner(), "federatedCredentials", json_array());
    add_credential(find_owner(), trust.issuer,
                   arena_printf(sim.arena, "/EID1%s", trust.subject + strlen("/eid1")));
    ask("03", "DELETE", path(ENDPOINTS "/", V "&projectIds=" PROJECT), NULL);
    expect(204, NULL, "while one trusts it but for letter case");
}

static json *application(void)
{
    return json_find(json_member(world_tenant(sim.world, TENANT), "applications"), "appId", CLIENT);
}

static json *managed(void)
{
    return json_find(json_member(world_subscription(sim.world, SUBSCRIPTION), "identities"),
                     "clientId", MANAGED);
}

static void test_delete(void)
{
    const char *whole;

    create_default();
    whole = path(ENDPOINTS "/", V);
    ask("03", "PATCH", whole, "[" REFERENCE(LEDGER, "conn-b") "]");
    ask("03", "DELETE", whole, NULL);
    expect(400, "ArgumentNullException", "projectIds are required");
    ask("44", "DELETE", path(ENDPOINTS "/", V "&projectIds=" SECRET), NULL);
    expect(400, NULL, "a project that does not have it");
    ask("02", "DELETE", path(ENDPOINTS "/", V "&projectIds=" PROJECT), NULL);
    expect(403, "AccessCheckException", "by one who does not administer it");
    ask("03", "DELETE", path(ENDPOINTS "/", V "&deep=false&projectIds=" LEDGER), NULL);
    expect(204, NULL, "from one of its projects");
    ask("03", "GET", in_payments(V), NULL);
    is_at("isShared", "false");
    is_at("operationStatus.state", "Ready");
    ask("03", "DELETE", path(ENDPOINTS "/", V "&projectIds=" PROJECT), NULL);
    expect(204, NULL, "from the last one");
    ask("03", "GET", in_payments(V), NULL);
    is_at("operationStatus.state", "InProgress");
    ask("03", "DELETE", path(ENDPOINTS "/", V "&projectIds=" PROJECT), NULL);
    expect(404, "ServiceEndpointNotFoundException", "again, meanwhile");
    json_put_number(kept(), "deletedAt", world_now() - 3600001);
    ask("03", "GET", in_payments(V), NULL);
    is_str(sim.call.reply, "null", "later it is gone");
    ok(!kept(), "for good");
    test_delete_guard(CLIENT, application);
    test_delete_guard(MANAGED, managed);
}

/* The command az devops service-endpoint */

static void test_old_client(void)
{
    static const struct call_header accept[] = {
        {"Accept", "application/json;api-version=5.0-preview.2"}, {NULL, NULL}};
    static const char body[] = HEAD AUTHORIZATION "\"name\":\"old\",\"data\":{" DATA "}}";

    open_world();
    ask_with("03", "POST", "/Payments" ENDPOINTS, body, accept);
    expect(200, NULL, "a connection in the project of the path");
    keep_endpoint();
    is_at("name", "old");
    ok(!json_member(sim.answer, "serviceEndpointProjectReferences"),
       "whose references stay unsaid");
    ask_with("03", "POST", "/Payments" ENDPOINTS, body, accept);
    expect(200, NULL, "run twice it makes two");
    ask_with("03", "GET", "/Payments" ENDPOINTS, NULL, accept);
    is_at("count", "2");
    ask_with("03", "POST", "/Payments" ENDPOINTS, edited(body, "\"name\":\"old\",", ""), accept);
    expect(400, NULL, "without a name");
    ask_with("02", "POST", "/Payments" ENDPOINTS, body, accept);
    expect(403, "AccessCheckException", "by one who creates none");
    ask_with("03", "PATCH", "/Payments/_apis/build/authorizedresources?api-version=5.0-preview.1",
             arena_printf(sim.arena, "[{\"type\":\"endpoint\",\"id\":\"%s\",\"authorized\":true}]",
                          endpoint),
             NULL);
    is_at("value.0.authorized", "true");
    ask("03", "GET",
        path(
            "/Payments/_apis/build/authorizedresources?api-version=5.0-preview.1&type=endpoint&id=",
            ""),
        NULL);
    is_at("count", "1");
    ask_with("03", "DELETE", path("/Payments" ENDPOINTS "/", "?deep=false"), NULL, accept);
    expect(204, NULL, "gone from the project of the path");
    ask_with("03", "POST", "/Payments" ENDPOINTS V, body, NULL);
    expect(400, NULL, "a new version wants references, whatever the path");
}

/* Pipelines, checks, roles */

#define PERMISSIONS "/Payments/_apis/pipelines/pipelinepermissions/endpoint/"

static void test_permissions(void)
{
    const char *whole;

    create_default();
    whole = path(PERMISSIONS, P);
    ask("03", "GET", path(PERMISSIONS, V), NULL);
    expect(400, "VssInvalidPreviewVersionException", "only a preview");
    ask("03", "GET", whole, NULL);
    is_at("resource.type", "endpoint");
    is_at("pipelines.0.id", "");
    ask("03", "PATCH", whole, "{\"pipelines\":[{\"id\":12,\"authorized\":true}]}");
    is_at("pipelines.0.id", "12");
    ask("03", "PATCH", whole, "{\"pipelines\":[{\"id\":47,\"authorized\":true}]}");
    is_at("pipelines.1.id", "47");
    is_at("allPipelines.authorized", "");
    ask("03", "PATCH", whole,
        "{\"pipelines\":[{\"id\":12,\"authorized\":false}],\"allPipelines\":{\"authorized\":true}"
        "}");
    is_at("pipelines.0.id", "47");
    is_at("allPipelines.authorized", "true");
    ask("03", "PATCH", whole, "{\"allPipelines\":{\"authorized\":false}}");
    is_at("allPipelines.authorized", "");
    ask("03", "PATCH", whole, "{\"pipelines\":[{\"id\":99,\"authorized\":true}]}");
    expect(501, NULL, "a pipeline that does not exist");
    ask("03", "PATCH", whole, "{\"pipelines\":[{\"id\":12.5,\"authorized\":true}]}");
    expect(501, NULL, "a pipeline that cannot exist");
    ask("03", "PATCH", whole, "{\"pipelines\":[12]}");
    expect(400, NULL, "a number is no pipeline");
    ask("03", "PATCH", whole, "{\"allPipelines\":true}");
    expect(400, NULL, "neither is true");
    ask("02", "GET", whole, NULL);
    expect(200, NULL, "who sees it sees them");
    ask("02", "PATCH", whole, "{\"pipelines\":[{\"id\":12,\"authorized\":true}]}");
    expect(403, "AccessCheckException", "but does not change them");
    ask("01", "GET", whole, NULL);
    expect(403, "AccessCheckException", "who does not see it does not");
    ask("03", "GET", PERMISSIONS NOBODY P, NULL);
    expect(404, "ServiceEndpointNotFoundException", "of none");
}

#define CHECKS   "/Payments/_apis/pipelines/checks/configurations"
#define APPROVAL "8c6f20a7-a545-4486-9777-f762fafe0d4d"
#define BRANCHES "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"
#define LOCK     "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"
#define BRANCH_SETTINGS(version)                                                                   \
    "{\"displayName\":\"Branch control\",\"definitionRef\":{\"id\":"                               \
    "\"86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b\",\"name\":\"evaluatebranchProtection\","              \
    "\"version\":\"" version "\"},\"inputs\":{\"allowedBranches\":\"refs/heads/main\"}}"

static const char *check_body(const char *type, const char *settings, const char *more)
{
    return arena_printf(sim.arena,
                        "{\"type\":{\"id\":\"%s\"},\"resource\":{\"type\":\"endpoint\",\"id\":"
                        "\"%s\"}%s%s%s}",
                        type, endpoint, settings ? ",\"settings\":" : "", settings ? settings : "",
                        more);
}

static void test_checks(void)
{
    static const struct {
        const char *type, *settings, *more;
        int status;
    } rows[] = {
        {APPROVAL, "{\"approvers\":[]}", "", 400},
        {APPROVAL, NULL, "", 400},
        {APPROVAL, "{\"approvers\":[{\"id\":\"" NOBODY "\"}]}", "", 400},
        {APPROVAL, "{\"approvers\":[{\"id\":\"" MEMBER("44") "\"}],\"minRequiredApprovers\":2}", "",
         400},
        {APPROVAL, "{\"approvers\":[{\"id\":\"" MEMBER("44") "\"}],\"other\":2}", "", 400},
        {APPROVAL, "{\"approvers\":[{\"id\":\"" MEMBER("44") "\"}]}", ",\"timeout\":43201", 400},
        {APPROVAL, "{\"approvers\":[{\"id\":\"" MEMBER("44") "\"}]}", ",\"timeout\":0", 400},
        {BRANCHES, BRANCH_SETTINGS("0.0.2"), "", 501},
        {BRANCHES, "{}", "", 400},
        {LOCK, "{\"a\":1}", "", 400},
        {NOBODY, "{}", "", 501},
        {LOCK, "{}", ",\"extra\":1", 400},
        {APPROVAL, "{\"approvers\":[{\"id\":\"" MEMBER("44") "\"}],\"minRequiredApprovers\":1}", "",
         200},
        {BRANCHES, BRANCH_SETTINGS("0.0.1"), "", 200},
        {LOCK, "{}", "", 200},
    };
    const char *listed, *one;
    size_t i;

    create_default();
    listed = path(CHECKS P "&resourceType=endpoint&resourceId=", "");
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask("03", "POST", CHECKS P, check_body(rows[i].type, rows[i].settings, rows[i].more));
        expect(rows[i].status, NULL,
               arena_printf(sim.arena, "check %s %s %s", rows[i].type,
                            rows[i].settings ? rows[i].settings : "", rows[i].more));
    }
    one = arena_printf(sim.arena, CHECKS "/%s" P, at("id"));
    is_at("timeout", "43200");
    ask("03", "GET", listed, NULL);
    is_at("count", "3");
    is_at("value.0.settings.minRequiredApprovers", "");
    is_at("value.0.type.name", "Approval");
    ask("03", "GET", arena_printf(sim.arena, "%s&$expand=settings", listed), NULL);
    is_at("value.0.settings.minRequiredApprovers", "1");
    is_at("value.0.resource.name", "conn-a");
    ask("02", "POST", CHECKS P, check_body(LOCK, "{}", ""));
    expect(403, "AccessCheckException", "by one who does not administer it");
    ask("03", "GET", CHECKS P, NULL);
    expect(501, NULL, "checks of everything");
    ask("03", "PATCH", one, check_body(LOCK, "{}", ",\"timeout\":5"));
    is_at("timeout", "5");
    ask("03", "PATCH", one, check_body(BRANCHES, BRANCH_SETTINGS("0.0.1"), ""));
    expect(400, NULL, "a check keeps its type");
    ask("02", "DELETE", one, NULL);
    expect(403, "AccessCheckException", "deleted by one who does not administer it");
    ask("03", "DELETE", one, NULL);
    expect(204, NULL, "deleted");
    ask("03", "GET", one, NULL);
    expect(404, "CheckConfigurationNotFoundException", "and gone");
    ask("03", "GET", CHECKS "/x" P, NULL);
    expect(404, "CheckConfigurationNotFoundException", "no number");
    ask("03", "GET", listed, NULL);
    is_at("count", "2");
}

#define ROLES                                                                                      \
    "/_apis/securityroles/scopes/distributedtask.serviceendpointrole/roleassignments/resources/"

static void test_roles(void)
{
    const char *whole;

    create_default();
    whole = path(ROLES PROJECT "_", P);
    ask("03", "GET", whole, NULL);
    is_at("count", "1");
    is_at("value.0.identity.id", MEMBER("03"));
    is_at("value.0.role.name", "Administrator");
    ask("03", "PUT", whole, "[{\"roleName\":\"user\",\"userId\":\"" MEMBER("01") "\"}]");
    is_at("value.1.role.name", "User");
    ask("01", "GET", in_payments(V), NULL);
    is_at("data.subscriptionId", SUBSCRIPTION);
    ask("01", "PUT", whole, "[{\"roleName\":\"Administrator\",\"userId\":\"" MEMBER("01") "\"}]");
    expect(403, "AccessCheckException", "by a user of it");
    ask("03", "PUT", whole, "[{\"roleName\":\"Reader\",\"userId\":\"" MEMBER("01") "\"}]");
    is_at("count", "2");
    ask("01", "GET", in_payments(V), NULL);
    is_at("name", "conn-a");
    is_at("type", "");
    ask("03", "PUT", whole, "[{\"roleName\":\"Owner\",\"userId\":\"" MEMBER("01") "\"}]");
    expect(400, "SecurityRoleNotFoundException", "no such role");
    ask("03", "PUT", whole, "[{\"roleName\":\"User\",\"userId\":\"" NOBODY "\"}]");
    expect(404, "IdentityNotFoundException", "no such identity");
    ask("03", "PUT", whole, "{\"roleName\":\"User\",\"userId\":\"" MEMBER("01") "\"}");
    expect(400, NULL, "not a list");
    ask("03", "GET", ROLES "x_y" P, NULL);
    expect(400, NULL, "no resource");
    ask("03", "PUT", whole, "[{\"roleName\":\"Reader\",\"userId\":\"" MEMBER("03") "\"}]");
    expect(200, NULL, "one's own, lowered");
    ask("03", "DELETE", path(ENDPOINTS "/", V "&projectIds=" PROJECT), NULL);
    expect(403, "AccessCheckException", "which counts at once");
}

/* What is kept must be a world that can be loaded again. */
static void test_saved(void)
{
    struct diags diags = DIAGS_INIT(sim.arena);

    create_default();
    ask("03", "PATCH", path(PERMISSIONS, P), "{\"pipelines\":[{\"id\":12,\"authorized\":true}]}");
    ask("03", "POST", CHECKS P, check_body(LOCK, NULL, ""));
    ask("03", "DELETE", path(ENDPOINTS "/", V "&projectIds=" PROJECT), NULL);
    if (!ok(world_check("saved", world_root(sim.world), &diags), "a changed world is a world"))
        printf("# %s\n", diags.items[0].text);
}

int main(void)
{
    open_world();
    test_sign_in();
    test_versions();
    test_locations();
    test_projects();
    test_create();
    test_bodies();
    test_names();
    test_list();
    test_update();
    test_share();
    test_subjects();
    test_delete();
    test_old_client();
    test_permissions();
    test_checks();
    test_roles();
    test_saved();
    simulated_close();
    return done_testing();
}
