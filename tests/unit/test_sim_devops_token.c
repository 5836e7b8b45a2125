/* SPDX-License-Identifier: MIT
 * Jobs of a simulated pipeline: the ID token that one gets for a connection, what Entra makes of
 * it, and the test that Azure DevOps makes itself. */
#include "simulator/devops.h"

#include <stdlib.h>
#include <strings.h>

#include "simulated.h"

#define LEDGER   "55555555-5555-4555-8555-555555555502"
#define CLIENT   "77777777-7777-4777-8777-777777777777"
#define OBJECT   "77777777-7777-4777-8777-777777777778"
#define APP      "77777777-7777-4777-8777-777777777779"
#define ENDPOINT "88888888-8888-4888-8888-888888888801"
#define GROUP    "88888888-8888-4888-8888-888888888802"
#define OTHER    "88888888-8888-4888-8888-888888888803"
#define SECRET   "88888888-8888-4888-8888-888888888804"
#define READER   "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define ISSUER   "https://login.microsoftonline.com/" TENANT "/v2.0"
#define CODES    "/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA"
#define SUBJECT  "/eid1/c/pub" CODES "/sc/" ORGANIZATION "/"
#define V        "api-version=7.1"

/* Quotes are single ones: open_world makes them double. */
/* clang-format off */
#define CONNECTION(id, name, scheme, environment, data, more) \
    "{'id':'" id "','type':'azurerm','url':'u','authorization':{'scheme':'" scheme "'," \
    "'parameters':{'tenantid':'" TENANT "','serviceprincipalid':'" CLIENT "'}}," \
    "'data':{'environment':'" environment "'," data "}," \
    "'references':[{'projectId':'" PROJECT "','name':'" name "'}]" more "}"
#define OF_SUBSCRIPTION "'scopeLevel':'Subscription','subscriptionId':'" SUBSCRIPTION "'"
#define OF_GROUP        "'scopeLevel':'ManagementGroup','managementGroupId':'mg'"
#define PERMISSION(of)  ",'permissions':[{'projectId':'" PROJECT "'," of "}]"
#define CREDENTIAL(name, subject) \
    "{'name':'" name "','issuer':'" ISSUER "','subject':'" subject "'," \
    "'audiences':['api://AzureADTokenExchange']}"

static const char world_text[] =
    "{'schema':1,'tenants':[{'id':'" TENANT "','users':[{'id':'" ADMIN "','name':'admin'}],"
        "'applications':[{'id':'" APP "','appId':'" CLIENT "','displayName':'a',"
          "'signInAudience':'AzureADMyOrg','federatedCredentials':["
            CREDENTIAL("one", SUBJECT ENDPOINT) "," CREDENTIAL("two", SUBJECT GROUP) "]}],"
        "'servicePrincipals':[{'id':'" OBJECT "','appId':'" CLIENT "','displayName':'a',"
          "'servicePrincipalType':'Application'}]}],"
    "'subscriptions':[{'id':'" SUBSCRIPTION "','displayName':'s','tenantId':'" TENANT "'}],"
    "'managementGroups':[{'id':'mg','tenantId':'" TENANT "'}],"
    "'roleAssignments':[{'name':'99999999-9999-4999-8999-999999999991',"
        "'scope':'/subscriptions/" SUBSCRIPTION "','roleDefinitionId':'" READER "',"
        "'principalId':'" OBJECT "','principalType':'ServicePrincipal','tenantId':'" TENANT "'}],"
    "'organizations':[{'name':'contoso','id':'" ORGANIZATION "','tenantId':'" TENANT "',"
        "'projects':["
          "{'id':'" PROJECT "','name':'Payments',"
            "'pipelines':[{'id':12,'name':'deploy'},{'id':47}]},"
          "{'id':'" LEDGER "','name':'Ledger'}],"
        "'members':[{'id':'66666666-6666-4666-8666-666666666644','userId':'" ADMIN "',"
          "'collectionAdministrator':true}],"
        "'serviceEndpoints':["
          CONNECTION(ENDPOINT, "conn-a", DEVOPS_WIF, "AzureCloud", OF_SUBSCRIPTION,
                     PERMISSION("'pipelines':[12]")) ","
          CONNECTION(GROUP, "conn-g", DEVOPS_WIF, "AzureCloud", OF_GROUP, "") ","
          CONNECTION(OTHER, "conn-u", DEVOPS_WIF, "AzureUSGovernment", OF_SUBSCRIPTION, "") ","
          CONNECTION(SECRET, "conn-s", "ServicePrincipal", "AzureCloud", OF_SUBSCRIPTION,
                     PERMISSION("'allPipelines':true")) "]}]}";
/* clang-format on */

static void open_world(void)
{
    char *text = arena_strdup(sim.arena ? sim.arena : (sim.arena = arena_new()), world_text), *at;

    for (at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    simulated_open(text);
}

static const char *token, *request_uri; /* of the job that was started last */

static void start(const char *project, long pipeline, bool permitted)
{
    token = devops_job_token(sim.arena, sim.world, sim.keys, "contoso", project, pipeline,
                             permitted, &request_uri);
}

/* Asks for an ID token for the connection ID. */
static void request(const char *uri, const char *id)
{
    simulated_call(token, "POST",
                   arena_printf(sim.arena, "%s?" V "&serviceConnectionId=%s", uri, id), NULL, NULL);
}

static void admin_asks(const char *method, const char *path, const char *body)
{
    simulated_call(simulated_token(ADMIN, TENANT, DEVOPS_AUDIENCE, 600), method,
                   arena_printf(sim.arena, "https://dev.azure.com/contoso/%s", path), body, NULL);
}

static void expect(int status, const char *type_key, const char *text)
{
    const char *key = json_text_of(sim.answer, "typeKey");

    if (!ok(sim.call.status == status && (!type_key || !strcmp(key, type_key)), "%s: %d %s", text,
            status, type_key ? type_key : ""))
        printf("# got: %d %.300s\n", sim.call.status, sim.call.reply ? sim.call.reply : "");
}

/* URI with the first FROM replaced by TO of the same length. */
static const char *swapped(const char *uri, const char *from, const char *to)
{
    const char *place = strstr(uri, from);

    return arena_printf(sim.arena, "%.*s%s%s", (int)(place - uri), uri, to, place + strlen(from));
}

static void test_refusals(void)
{
    static const char none[] = "00000000-0000-4000-8000-000000000000";
    char id[GUID_TEXT + 1];

    start("Payments", 12, false);
    snprintf(id, sizeof id, "%.36s", strstr(request_uri, "/plans/") + strlen("/plans/"));
    request(swapped(request_uri, id, none), ENDPOINT);
    expect(404, "TaskOrchestrationPlanNotFoundException", "another plan");
    snprintf(id, sizeof id, "%.36s", strstr(request_uri, "/jobs/") + strlen("/jobs/"));
    request(swapped(request_uri, id, none), ENDPOINT);
    expect(404, "TaskOrchestrationJobNotFoundException", "another job");
    request(swapped(request_uri, PROJECT, LEDGER), ENDPOINT);
    expect(404, "ProjectDoesNotExistWithNameException", "another project");
    request(swapped(request_uri, "/build/", "/gates/"), ENDPOINT);
    expect(501, NULL, "another hub");
    request(request_uri, none);
    expect(404, "ServiceEndpointNotFoundException", "no such connection");
    request(request_uri, SECRET);
    expect(400, "InvalidOperationException", "a connection with a secret");
    request(request_uri, GROUP);
    expect(403, "AccessCheckException", "a connection that the pipeline may not use");
    simulated_call(token, "POST", arena_printf(sim.arena, "%s?" V, request_uri), NULL, NULL);
    expect(501, NULL, "for no connection");
    simulated_call(token, "GET", "https://dev.azure.com/contoso/_apis/projects?" V, NULL, NULL);
    expect(501, NULL, "anything else with a job's token");
    start("Payments", 47, false);
    request(request_uri, ENDPOINT);
    expect(403, "AccessCheckException", "another pipeline");
    start(LEDGER, 12, true);
    request(request_uri, ENDPOINT);
    expect(404, "ServiceEndpointNotFoundException", "a project that does not have the connection");
    token = simulated_token(ADMIN, TENANT, DEVOPS_AUDIENCE, 600);
    request(request_uri, ENDPOINT);
    expect(403, "AccessCheckException", "a person");
    start("Nope", 12, true);
    ok(!token, "no job in a project that is not there");
}

static const char *at_entra(const char *assertion)
{
    static const struct call_header form[] = {{"Content-Type", "application/x-www-form-urlencoded"},
                                              {NULL, NULL}};
    struct call_header headers[] = {form[0], form[1]};
    const char *body = arena_printf(
        sim.arena,
        "grant_type=client_credentials&client_id=" CLIENT
        "&scope=https%%3A%%2F%%2Fmanagement.azure.com%%2F.default&client_assertion_type="
        "urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3Ajwt-bearer&client_assertion=%s",
        assertion);

    sim.call = (struct sim_call){.arena = sim.arena,
                                 .world = sim.world,
                                 .keys = sim.keys,
                                 .method = "POST",
                                 .host = host_find("login.microsoftonline.com"),
                                 .target = "/" TENANT "/oauth2/v2.0/token",
                                 .headers = headers,
                                 .n_headers = 1,
                                 .body = body,
                                 .body_len = strlen(body)};
    call_dispatch(&sim.call);
    return sim.call.reply;
}

static void test_id_token(void)
{
    const char *jwt, *kid;
    json *claims;

    start("payments", 12, false);
    request(request_uri, ENDPOINT);
    expect(200, NULL, "an ID token");
    jwt = arena_strdup(sim.arena, json_text_of(sim.answer, "oidcToken"));
    claims = token_read(sim.arena, jwt, &kid);
    ok(token_verified(sim.arena, sim.keys, SIGNER_ENTRA, jwt), "signed by its issuer");
    is_str(json_text_of(claims, "iss"), ISSUER, "iss");
    is_str(json_text_of(claims, "sub"), SUBJECT ENDPOINT, "sub");
    is_str(json_text_of(claims, "aud"), "api://AzureADTokenExchange", "aud");
    ok(guid_valid(json_text_of(claims, "jti")), "jti");
    ok(json_number_of(claims, "exp", 0) - json_number_of(claims, "iat", 0) == 600, "ten minutes");
    json_free(claims);
    ok(strstr(at_entra(jwt), "access_token") != NULL, "which Entra exchanges");
    start("Payments", 47, true);
    request(request_uri, OTHER);
    expect(200, NULL, "a run that was permitted by hand");
    jwt = arena_strdup(sim.arena, json_text_of(sim.answer, "oidcToken"));
    claims = token_read(sim.arena, jwt, &kid);
    ok(token_verified(sim.arena, sim.keys, SIGNER_DEVOPS, jwt), "the old issuer signs itself");
    is_str(json_text_of(claims, "iss"), "https://vstoken.dev.azure.com/" ORGANIZATION, "iss");
    is_str(json_text_of(claims, "sub"), "sc://contoso/Payments/conn-u", "sub");
    is_str(json_text_of(claims, "aud"), "api://AzureADTokenExchangeUSGov", "aud");
    json_free(claims);
    simulated_call(jwt, "GET", "https://dev.azure.com/contoso/_apis/projects?" V, NULL, NULL);
    expect(203, NULL, "an ID token opens nothing here");
}

static void test_history(void)
{
    const json *data, *endpoints;
    int i;

    admin_asks("GET", "Payments/_apis/serviceendpoint/" ENDPOINT "/executionhistory?top=1&" V,
               NULL);
    ok(json_number_of(sim.answer, "count", -1) == 1, "the use is remembered");
    data = json_member(json_first(json_member(sim.answer, "value")), "data");
    ok(json_number_of(json_member(data, "definition"), "id", 0) == 12, "with its pipeline");
    is_str(json_text_of(json_member(data, "definition"), "name"), "deploy", "by name");
    for (i = 0; i < 120; i++) {
        start("Payments", 12 + 35 * (i == 119), true);
        request(request_uri, ENDPOINT);
    }
    admin_asks("GET", "Payments/_apis/serviceendpoint/" ENDPOINT "/executionhistory?top=100&" V,
               NULL);
    ok(json_number_of(sim.answer, "count", -1) == 100, "up to a limit");
    endpoints = json_member(world_organization(sim.world, "contoso"), "serviceEndpoints");
    ok(json_count(json_member(json_find(endpoints, "id", ENDPOINT), "history")) == 100,
       "also in what is kept");
    data = json_member(json_first(json_member(sim.answer, "value")), "data");
    ok(json_number_of(json_member(data, "definition"), "id", 0) == 47, "the latest first");
    admin_asks("GET", "Payments/_apis/serviceendpoint/" ENDPOINT "/executionhistory?top=x&" V,
               NULL);
    expect(400, NULL, "top is a number");
}

/* The service's own test of the connection ID. */
static void test_of(const char *id, const char *source)
{
    admin_asks("POST",
               arena_printf(sim.arena,
                            "Payments/_apis/serviceendpoint/endpointproxy?endpointId=%s&" V
                            "-preview.1",
                            id),
               arena_printf(sim.arena,
                            "{\"dataSourceDetails\":{\"dataSourceName\":\"%s\"},"
                            "\"resultTransformationDetails\":{},\"serviceEndpointDetails\":{}}",
                            source));
}

static void expect_test(const char *status, const char *message)
{
    expect(200, NULL, "a test of a connection");
    is_str(json_text_of(sim.answer, "statusCode"), status, "says");
    ok(strstr(json_text_of(sim.answer, "errorMessage"), message) != NULL, "and why: %s",
       json_text_of(sim.answer, "errorMessage"));
}

static void test_proxy(void)
{
    json *app;

    open_world();
    test_of(ENDPOINT, "TestConnection");
    expect_test("ok", "");
    test_of(GROUP, "TestConnection");
    expect_test("forbidden", "AuthorizationFailed");
    json_put(world_root(sim.world), "roleAssignments", json_array());
    test_of(ENDPOINT, "TestConnection");
    expect_test("forbidden", "Microsoft.Resources/subscriptions/read");
    json_put(world_root(sim.world), "subscriptions", json_array());
    test_of(ENDPOINT, "TestConnection");
    expect_test("notFound", "could not be found");
    app = json_find(json_member(world_tenant(sim.world, TENANT), "applications"), "appId", CLIENT);
    json_put(app, "federatedCredentials", json_array());
    test_of(ENDPOINT, "TestConnection");
    expect_test("badRequest", "AADSTS");
    test_of(OTHER, "TestConnection");
    expect_test("badRequest", "AADSTS");
    test_of(SECRET, "TestConnection");
    expect(501, NULL, "a connection with a secret");
    test_of(ENDPOINT, "AzureSubscriptions");
    expect(501, NULL, "another data source");
    test_of(CLIENT, "TestConnection");
    expect(404, "ServiceEndpointNotFoundException", "no such connection");
}

int main(void)
{
    struct diags diags;

    open_world();
    diags = DIAGS_INIT(sim.arena);
    test_refusals();
    test_id_token();
    test_history();
    ok(world_check("saved", world_root(sim.world), &diags), "a world that was used is a world");
    test_proxy();
    simulated_close();
    return done_testing();
}
