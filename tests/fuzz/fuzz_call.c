/* SPDX-License-Identifier: MIT
 * Up to eight calls of any bytes to one world: each is answered, with JSON where it says so, and
 * the world stays one. A call is
 *
 *     METHOD host target who
 *     Header: value
 *
 *     body
 *     %%
 *
 * where WHO is one of the table below, "-" for nobody, or "=" and what follows as it is. <key> in
 * target, who, headers and body is that text of an earlier answer. The input is also read as a
 * token and as base64url, and signed when it is JSON. */
#include "simulator.h"

#include <strings.h>

enum { CALLS = 8, HEADERS = 10, INPUT_MAX = 64 * 1024 };

/* --- the world; ' stands for a double quote --- */

#define TENANT   "11111111-1111-1111-1111-111111111111"
#define GOV      "11111111-1111-1111-1111-111111111113"
#define S        "22222222-2222-2222-2222-222222222222"
#define PLAIN    "22222222-2222-2222-2222-222222222223"
#define ORG      "33333333-3333-4333-8333-333333333333"
#define PERSON   "44444444-4444-4444-8444-4444444444"
#define PAYMENTS "55555555-5555-4555-8555-555555555501"
#define LEDGER   "55555555-5555-4555-8555-555555555502"
#define APP      "66666666-6666-4666-8666-6666666666"
#define MEMBER   "66666666-6666-4666-8666-7777777777"
#define IDENTITY "77777777-7777-4777-8777-7777777777"
#define ENDPOINT "88888888-8888-4888-8888-8888888888"
#define GRANTED  "99999999-9999-4999-8999-9999999999"
#define ISSUER   "https://login.microsoftonline.com/" TENANT "/v2.0"
#define SUBJECT  "/eid1/c/pub/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc/" ORG "/"

#define USER(id, name, more)                                                                       \
    "{'id':'" PERSON id "','name':'" name "@contoso.example','displayName':'" name "'" more "}"
#define CREDENTIAL(id, name, issuer, subject)                                                      \
    "{" id "'name':'" name "','issuer':'" issuer "','subject':'" subject                           \
    "','audiences':['api://AzureADTokenExchange']}"
#define GRANT(n, scope, role, who)                                                                 \
    "{'name':'" GRANTED n "','scope':'" scope "','roleDefinitionId':'" role                        \
    "','principalId':'" who "','principalType':'User','tenantId':'" TENANT "'}"
#define WHERE(project, group) "{'project':'" project "','group':'" group "'}"
#define JOINED(id, more)      "{'id':'" MEMBER id "','userId':'" PERSON id "'" more "}"
#define CONNECTION(id, scheme, issuer, references, more)                                           \
    "{'id':'" ENDPOINT id "','type':'azurerm','url':'https://management.azure.com/',"              \
    "'authorization':{'scheme':'" scheme "','parameters':{'tenantid':'" TENANT                     \
    "','serviceprincipalid':'" APP "02'}},'data':{'environment':'AzureCloud',"                     \
    "'scopeLevel':'Subscription','creationMode':'Manual','subscriptionId':'" S                     \
    "','subscriptionName':'Prod'},'createdBy':'" MEMBER "03','issuer':'" issuer                    \
    "','references':[" references "]" more "}"
#define REFERENCE(project, name) "{'projectId':'" project "','name':'" name "'}"

/* clang-format off */
static const char tenants[] =
    "{'schema':1,'issued':0,'settings':{'replicationMilliseconds':0,'deletionMilliseconds':0,"
        "'credentialWriteMilliseconds':0},"
    "'tenants':[{'id':'" TENANT "','name':'Contoso','users':["
        USER("44", "admin", ",'directoryRoles':['Global Administrator']") ","
        USER("01", "reader", "") ","
        USER("02", "maker", ",'directoryRoles':['Application Developer']") ","
        USER("03", "creator", "") ","
        USER("05", "nobody", "") "],"
    "'applications':["
        "{'id':'" APP "01','appId':'" APP "02','displayName':'app-pay','uniqueName':'one',"
            "'signInAudience':'AzureADMyOrg','tags':['a'],'owners':['" PERSON "03'],"
            "'passwords':['secret'],'federatedCredentials':["
            CREDENTIAL("'id':'" APP "05',", "conn-a", ISSUER, SUBJECT ENDPOINT "01") "]},"
        "{'id':'" APP "06','appId':'" APP "07','displayName':'app-pay',"
            "'signInAudience':'AzureADMultipleOrgs'}],"
    "'servicePrincipals':["
        "{'id':'" APP "03','appId':'" APP "02','displayName':'app-pay',"
            "'servicePrincipalType':'Application','accountEnabled':true},"
        "{'id':'" IDENTITY "01','appId':'" IDENTITY "02','displayName':'id-deploy',"
            "'servicePrincipalType':'ManagedIdentity','alternativeNames':['isExplicit=True']}]},"
    "{'id':'" GOV "','cloud':'AzureUSGovernment','usersMayRegisterApplications':true,"
        "'users':[" USER("44", "admin", "") "]}],";
static const char subscriptions[] =
    "'subscriptions':["
        "{'id':'" S "','displayName':'Prod','tenantId':'" TENANT "','managementGroup':'mg-prod',"
            "'resourceGroups':["
            "{'name':'rg-identities','location':'westeurope','tags':{'a':'b'}},"
            "{'name':'rg-target','location':'westeurope'}],'identities':["
            "{'name':'id-deploy','resourceGroup':'rg-identities','location':'westeurope',"
            "'tags':{},'principalId':'" IDENTITY "01','clientId':'" IDENTITY "02',"
            "'federatedCredentials':["
            CREDENTIAL("", "conn-b", ISSUER, SUBJECT ENDPOINT "02") "]}]},"
        "{'id':'" PLAIN "','displayName':'Plain','tenantId':'" TENANT "'},"
        "{'id':'22222222-2222-2222-2222-222222222225','displayName':'Gov','tenantId':'" GOV "'}],"
    "'managementGroups':[{'id':'mg-platform','tenantId':'" TENANT "'},"
        "{'id':'mg-prod','tenantId':'" TENANT "','parent':'mg-platform'},"
        "{'id':'mg-a','tenantId':'" TENANT "','parent':'mg-a'}],"
    "'roleDefinitions':[{'id':'" GRANTED "90','roleName':'Custom',"
        "'actions':['Microsoft.Resources/*/read'],'notActions':['*/write']}],"
    "'roleAssignments':["
        GRANT("01", "/", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", PERSON "44") ","
        GRANT("02", "/providers/Microsoft.Management/managementGroups/mg-platform",
              "acdd72a7-3385-48ef-bd42-f606fba81ae7", PERSON "01") ","
        GRANT("03", "/subscriptions/" S "/resourceGroups/rg-identities",
              "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", PERSON "02") ","
        GRANT("04", "/subscriptions/" S "/resourceGroups/rg-target", GRANTED "90", APP "03") "],";
static const char organizations[] =
    "'organizations':[{'name':'contoso','id':'" ORG "','tenantId':'" TENANT "','projects':["
        "{'id':'" PAYMENTS "','name':'Payments','pipelines':[{'id':12,'name':'deploy'},{'id':47}]},"
        "{'id':'" LEDGER "','name':'Ledger One'}],"
    "'members':["
        JOINED("44", ",'collectionAdministrator':true") ","
        JOINED("01", ",'groups':[" WHERE("Payments", "Readers") "]") ","
        JOINED("03", ",'groups':[" WHERE(PAYMENTS, "Endpoint Creators") ","
                                   WHERE("Ledger One", "Endpoint Administrators") "]") ","
        JOINED("05", "") "],"
    "'serviceEndpoints':["
        CONNECTION("01", DEVOPS_WIF, "entra",
            REFERENCE(PAYMENTS, "conn-a") "," REFERENCE(LEDGER, "conn-a"),
            ",'roles':[{'identity':'" MEMBER "01','role':'User'}],"
            "'permissions':[{'projectId':'" PAYMENTS "','pipelines':[12]}],"
            "'checks':[{'id':5,'projectId':'" PAYMENTS "','type':{"
            "'id':'2ef31ad6-baa0-403a-8b45-2cbc9b4e5563','name':'ExclusiveLock'},'settings':{},"
            "'createdBy':'" MEMBER "44'}],"
            "'history':[{'projectId':'" PAYMENTS "','pipeline':12,'at':1}]") ","
        CONNECTION("02", DEVOPS_WIF, "azure-devops", REFERENCE(PAYMENTS, "conn-b"),
            ",'permissions':[{'projectId':'" PAYMENTS "','allPipelines':true}]") ","
        CONNECTION("03", "ServicePrincipal", "entra", REFERENCE(LEDGER, "conn-c"),
            ",'state':'Failed'") "]},"
    "{'name':'fabrikam','id':'33333333-3333-4333-8333-333333333334','tenantId':'" GOV "'}]}";
/* clang-format on */

static void open_world(struct sim *sim)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    char *text = arena_printf(arena, "%s%s%s", tenants, subscriptions, organizations), *c;
    json *state;

    for (c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    state = json_parse("world", text, strlen(text), &diags);
    if (!state || !world_check("world", state, &diags))
        fprintf(stderr, "%s\n", diags.items[0].text);
    MUST(!diags.count);
    sim_open(sim, state);
    arena_free(arena);
}

/* --- who calls --- */

/* The token of a job; plan and job of its path are the first two ids of any such world, the next
 * two when it was permitted. */
static const char *job_token(bool permitted)
{
    static char *kept[2];
    static long long made;
    struct sim sim;
    size_t i;

    if (!made || world_now() / 1000 - made > SIM_TOKEN_AGE) {
        open_world(&sim);
        for (i = 0; i < 2; i++) {
            const char *uri;

            free(kept[i]);
            kept[i] = strdup(devops_job_token(sim.arena, sim.world, sim_keys(), "contoso",
                                              "Payments", 12, i > 0, &uri));
        }
        made = world_now() / 1000;
        sim_close(&sim);
    }
    return kept[permitted];
}

static const struct person {
    const char *name, *tenant, *object_id;
} people[] = {
    {"admin", TENANT, PERSON "44"},      {"reader", TENANT, PERSON "01"},
    {"maker", TENANT, PERSON "02"},      {"creator", TENANT, PERSON "03"},
    {"nobody", TENANT, PERSON "05"},     {"app", TENANT, APP "03"},
    {"identity", TENANT, IDENTITY "01"}, {"gov", GOV, PERSON "44"},
    {"gone", TENANT, PERSON "99"},       {"nowhere", ORG, PERSON "44"},
};

/* The Authorization header; NULL: none. */
static const char *authorization(struct sim *sim, const char *who, const struct host *host)
{
    size_t i;

    if (*who == '=')
        return who + 1;
    if (!strcmp(who, "job") || !strcmp(who, "permitted"))
        return arena_printf(sim->arena, "Bearer %s", job_token(*who == 'p'));
    for (i = 0; i < sizeof people / sizeof *people; i++) {
        size_t len = strlen(people[i].name);

        if (!strncmp(who, people[i].name, len) && (!who[len] || who[len] == '@'))
            return arena_printf(sim->arena, "Bearer %s",
                                sim_token(people[i].tenant, people[i].object_id,
                                          who[len] ? who + len + 1 : sim_audience(host)));
    }
    return NULL;
}

/* --- the calls of the input --- */

struct input {
    const char *at, *end;
};

/* The text up to MARK, or to the end; what comes next is behind it. */
static struct input take(struct input *from, const char *mark)
{
    size_t len = (size_t)(from->end - from->at);
    const char *found = memmem(from->at, len, mark, strlen(mark));
    struct input part = {from->at, found ? found : from->end};

    from->at = found ? found + strlen(mark) : from->end;
    return part;
}

static const char *filled(struct sim *sim, struct input part,
                          void (*put)(struct strbuf *, const char *))
{
    size_t len;

    return sim_fill(sim, part.at, (size_t)(part.end - part.at), put, &len);
}

static size_t take_headers(struct sim *sim, struct input *text, struct call_header *headers)
{
    size_t n = 0;

    while (text->at < text->end && n < HEADERS) {
        struct input line = take(text, "\n"), name = take(&line, ": ");

        if (name.at == name.end)
            break;
        headers[n].name = filled(sim, name, strbuf_adds);
        headers[n++].value = filled(sim, line, strbuf_adds);
    }
    return n;
}

static const char *content_type(const struct host *host)
{
    return host->service == SERVICE_ENTRA ? "application/x-www-form-urlencoded"
                                          : "application/json; charset=utf-8";
}

static const struct host *named_host(const char *name)
{
    const struct host *host = host_find(name);

    return host ? host : host_find("management.azure.com");
}

/* Is a connection about to vanish, whoever calls next? */
static bool is_vanishing(const struct sim *sim)
{
    const json *item =
        json_first(json_member(world_organization(sim->world, "contoso"), "serviceEndpoints"));

    for (; item; item = json_next(item))
        if (json_member(item, "deletedAt"))
            return true;
    return false;
}

/* Reading and being refused change nothing but the counter. */
static void ask(struct sim *sim, const struct sim_ask *it)
{
    json *before = is_vanishing(sim) ? NULL : json_copy(world_root(sim->world));
    int status = sim_ask(sim, it);

    if (before)
        json_put_number(before, "issued", json_number_of(world_root(sim->world), "issued", 0));
    if (before && (status >= 400 || !call_is_write(it->method)))
        MUST(sim_same(world_root(sim->world), before));
    json_free(before);
}

/* The two headers that nearly every call has come last: those of the input count before them. */
static void make_call(struct sim *sim, struct input text)
{
    struct call_header headers[HEADERS + 2];
    struct input line = take(&text, "\n"), method = take(&line, " "), host = take(&line, " ");
    struct input target = take(&line, " ");
    struct sim_ask it = {.method = filled(sim, method, strbuf_adds),
                         .host = named_host(filled(sim, host, strbuf_adds)),
                         .target = filled(sim, target, sim_put_percent),
                         .headers = headers};
    const char *who = authorization(sim, filled(sim, line, strbuf_adds), it.host);

    it.n_headers = take_headers(sim, &text, headers);
    it.body =
        sim_fill(sim, text.at, (size_t)(text.end - text.at),
                 it.host->service == SERVICE_ENTRA ? sim_put_percent : sim_put_json, &it.body_len);
    if (who)
        headers[it.n_headers++] = (struct call_header){"Authorization", who};
    if (it.body_len)
        headers[it.n_headers++] = (struct call_header){"Content-Type", content_type(it.host)};
    ask(sim, &it);
}

static void make_calls(struct input text)
{
    struct sim sim;
    size_t n;

    open_world(&sim);
    for (n = 0; n < CALLS && text.at < text.end; n++)
        make_call(&sim, take(&text, "\n%%\n"));
    sim_must_fit(&sim);
    sim_close(&sim);
}

/* --- tokens --- */

static void code(const char *data, size_t size)
{
    struct strbuf text, bytes;

    strbuf_init(&text, LIMIT_CALL_BODY);
    strbuf_init(&bytes, LIMIT_CALL_BODY);
    base64url_encode(&text, data, size);
    MUST(base64url_decode(&bytes, text.data, text.len));
    MUST(bytes.len == size && !memcmp(bytes.data, data, size));
    strbuf_reset(&text);
    strbuf_reset(&bytes);
    if (base64url_decode(&bytes, data, size)) {
        base64url_encode(&text, bytes.data, bytes.len);
        MUST(text.len == size && !memcmp(text.data, data, size));
    }
    strbuf_clear(&text);
    strbuf_clear(&bytes);
}

/* What is signed says the same when it is read, and is nobody else's. */
static void sign(struct arena *arena, const char *data, size_t size)
{
    struct diags diags = DIAGS_INIT(arena);
    json *claims = json_parse("claims", data, size, &diags), *again;
    const char *token, *kid;

    if (!claims || json_kind(claims) != JSON_OBJECT) {
        json_free(claims);
        return;
    }
    token = token_sign(arena, sim_keys(), SIGNER_ENTRA, json_copy(claims));
    again = token_read(arena, token, &kid);
    MUST(again && sim_same(claims, again) && !strcmp(kid, keys_id(sim_keys(), SIGNER_ENTRA)));
    MUST(token_verified(arena, sim_keys(), SIGNER_ENTRA, token));
    MUST(!token_verified(arena, sim_keys(), SIGNER_DEVOPS, token));
    json_free(again);
    json_free(claims);
}

static void read_token(struct arena *arena, const char *text)
{
    const char *kid = NULL;
    json *claims = token_read(arena, text, &kid);

    MUST(!claims || (kid && json_kind(claims) == JSON_OBJECT));
    token_verified(arena, sim_keys(), SIGNER_ENTRA, text);
    json_free(claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *text = size ? (const char *)data : "";

    size = size < INPUT_MAX ? size : INPUT_MAX;
    code(text, size);
    sign(arena, text, size);
    read_token(arena, arena_strndup(arena, text, size));
    arena_free(arena);
    make_calls((struct input){text, text + size});
    return 0;
}
