/* SPDX-License-Identifier: MIT
 * Managed identities and their federated credentials in the simulator. */
#include "sim_arm_world.h"

#include <pthread.h>
#include <time.h>

#include "simulator/credential.h"

#define AUDIENCE "https://management.core.windows.net/"
#define CREDENTIAL(issuer, subject)                                                                \
    "{\"properties\":{\"issuer\":\"" issuer "\",\"subject\":\"" subject                            \
    "\",\"audiences\":[\"api://AzureADTokenExchange\"]}}"

static void test_identities(void)
{
    const json *principal;

    as(ADMIN, "GET", IDS "/id-one" V_ID, NULL);
    is_answer(404, "ResourceNotFound", "an absent identity");
    as(MAKER, "PUT", IDS "/id-one" V_ID, "{\"location\":\"westeurope\",\"tags\":{\"k\":\"v\"}}");
    is_answer(201, NULL, "a new identity");
    is_str(at("id"),
           "/subscriptions/" SUBSCRIPTION "/resourcegroups/rg-identities/providers/"
           "Microsoft.ManagedIdentity/userAssignedIdentities/id-one",
           "... its id has resourcegroups in lower case");
    is_str(at("properties/tenantId"), TENANT, "... its tenant");
    ok(guid_valid(at("properties/clientId")) && guid_valid(at("properties/principalId")) &&
           strcmp(at("properties/clientId"), at("properties/principalId")) != 0,
       "... two ids");
    principal = world_principal(world_tenant(sim.world, TENANT), at("properties/principalId"));
    is_str(json_text_of(principal, "servicePrincipalType"), "ManagedIdentity",
           "its service principal is there");
    is_str(json_text_of(principal, "appId"), at("properties/clientId"), "... with its client id");
    is_str(json_as_text(json_next(json_first(json_member(principal, "alternativeNames"))), NULL),
           at("id"), "... and names the resource");
    as(MAKER, "PUT", IDS "/ID-ONE" V_ID, "{\"location\":\"westeurope\"}");
    is_answer(200, NULL, "the same again");
    is_str(at("name"), "id-one", "... keeps its name");
    ok(at("tags/k") == NULL, "... and loses its tags");
    as(MAKER, "PATCH", IDS "/id-one" V_ID, "{\"tags\":{\"x\":\"y\"}}");
    is_str(at("tags/x"), "y", "tags are patched");
    as(MAKER, "PUT", IDS "/id-one" V_ID, "{\"location\":\"northeurope\"}");
    is_answer(409, "InvalidResourceLocation", "the same elsewhere");
    as(MAKER, "PUT", IDS "/-id" V_ID, "{\"location\":\"westeurope\"}");
    is_answer(400, "BadRequest", "a bad name");
    as(MAKER, "PUT", IDS "/id-two" V_ID, "{\"tags\":{}}");
    is_answer(400, "InvalidRequestContent", "without a region");
    as(READER, "PUT", IDS "/id-two" V_ID, "{\"location\":\"westeurope\"}");
    is_answer(403, "AuthorizationFailed", "without rights");
    as(ADMIN, "PUT",
       S "/resourceGroups/rg-none/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"
         "abc" V_ID,
       "{\"location\":\"westeurope\"}");
    is_answer(404, "ResourceGroupNotFound", "in an absent group");
    as(MAKER, "GET", IDS V_ID, NULL);
    ok(how_many() == 1, "the list of the group");
    as(ADMIN, "GET", S "/providers/Microsoft.ManagedIdentity/userAssignedIdentities" V_ID, NULL);
    ok(how_many() == 1, "the list of the subscription");
    as(MAKER, "GET", S "/providers/Microsoft.ManagedIdentity/userAssignedIdentities" V_ID, NULL);
    is_answer(403, "AuthorizationFailed", "... needs a role there");
}

static void test_credentials(void)
{
    char text[1024], path[256];
    int i;

    as(MAKER, "PUT", FIC "/one" V_ID, CREDENTIAL("https://i", "sc://a/b/c"));
    is_answer(201, NULL, "a new credential");
    is_str(at("type"),
           "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
           "... its type");
    ok(strstr(at("id"), "/resourcegroups/rg-identities/") != NULL, "... its id");
    as(MAKER, "PUT", FIC "/ONE" V_ID, CREDENTIAL("https://i", "sc://a/b/C"));
    is_answer(200, NULL, "the same again, with another subject");
    is_str(at("name"), "one", "... keeps its name");
    as(MAKER, "GET", FIC "/one" V_ID, NULL);
    is_str(at("properties/subject"), "sc://a/b/C", "... has the new subject");
    is_str(at("properties/audiences/0"), "api://AzureADTokenExchange", "... and its audience");
    as(MAKER, "PUT", FIC "/two" V_ID, CREDENTIAL("https://i", "sc://a/b/C"));
    is_answer(400, "BadRequest", "issuer and subject of another one");
    ok(says("Issuer and subject combination already exists for this Managed Identity"),
       "... says so");
    as(MAKER, "PUT", FIC "/two" V_ID, CREDENTIAL("https://i", "sc://a/b/c"));
    is_answer(201, NULL, "in other case they differ");
    as(MAKER, "PUT", FIC "/x" V_ID, CREDENTIAL("https://i", "s"));
    is_answer(400, "BadRequest", "a short name");
    ok(says("Federated Identity Credential name 'x' is invalid"), "... says so");
    as(MAKER, "PUT", FIC "/_abc" V_ID, CREDENTIAL("https://i", "s"));
    is_answer(400, "BadRequest", "a name that begins with an underscore");
    as(MAKER, "PUT", FIC "/abc" V_ID,
       "{\"properties\":{\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[\"a\",\"b\"]}}");
    is_answer(400, "InvalidFederatedIdentityCredentialsAudienceLength", "two audiences");
    as(MAKER, "PUT", FIC "/abc" V_ID,
       "{\"properties\":{\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[]}}");
    is_answer(400, "InvalidFederatedIdentityCredentialsAudienceLength", "no audience");
    as(MAKER, "PUT", FIC "/abc" V_ID, "{\"properties\":{\"issuer\":\"i\",\"subject\":\"s\"}}");
    is_answer(400, "BadRequest", "without audiences");
    ok(says("has empty properties"), "... says so");
    as(MAKER, "PUT", FIC "/abc" V_ID,
       "{\"properties\":{\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[\"a\"],"
       "\"claimsMatchingExpression\":{}}}");
    is_answer(501, "NotModelled", "a claims matching expression");
    as(MAKER, "PUT", FIC "/abc" V_ID, "{\"properties\":7}");
    is_answer(400, "InvalidRequestContent", "properties that are none");
    snprintf(text, sizeof text,
             "{\"properties\":{\"issuer\":\"i\",\"subject\":\"%0601d\",\"audiences\":[\"a\"]}}", 0);
    as(MAKER, "PUT", FIC "/abc" V_ID, text);
    is_answer(400, "BadRequest", "a long subject");
    as(MAKER, "GET", FIC "/abc" V_ID, NULL);
    is_answer(404, "NotFound", "an absent credential");
    as(MAKER, "PUT", IDS "/id-none/federatedIdentityCredentials/abc" V_ID, CREDENTIAL("i", "s"));
    is_answer(404, "ParentResourceNotFound", "of an absent identity");
    as(READER, "PUT", FIC "/abc" V_ID, CREDENTIAL("i", "s"));
    is_answer(403, "AuthorizationFailed", "without rights");
    for (i = 3; i <= 20; i++) {
        snprintf(path, sizeof path, FIC "/number-%d" V_ID, i);
        snprintf(text, sizeof text,
                 "{\"properties\":{\"issuer\":\"i\",\"subject\":\"*%d\",\"audiences\":[\"a\"]}}",
                 i);
        as(MAKER, "PUT", path, text);
    }
    is_answer(201, NULL, "the 20th, with values that match nothing");
    as(MAKER, "PUT", FIC "/number-21" V_ID, CREDENTIAL("i", "21"));
    is_answer(400, "BadRequest", "the 21st");
    as(MAKER, "PUT", FIC "/number-20" V_ID, CREDENTIAL("i", "new"));
    is_answer(200, NULL, "the 20th can still be changed");
    as(READER, "GET", FIC V_ID, NULL);
    ok(how_many() == 20, "the list");
    as(MAKER, "DELETE", FIC "/number-20" V_ID, NULL);
    is_answer(200, NULL, "deleting one");
    as(MAKER, "DELETE", FIC "/number-20" V_ID, NULL);
    is_answer(204, NULL, "... again");
}

static void test_delete_identity(void)
{
    const char *principal,
        *scope = RT AUTH "/roleAssignments/aaaaaaaa-0000-4000-8000-000000000001" V_RO;

    as(MAKER, "GET", IDS "/id-one" V_ID, NULL);
    principal = arena_strdup(sim.arena, at("properties/principalId"));
    as(ADMIN, "PUT", scope,
       arena_printf(sim.arena,
                    "{\"properties\":{\"roleDefinitionId\":\"" AUTH "/roleDefinitions/" ROLE_READER
                    "\",\"principalId\":\"%s\",\"principalType\":\"ServicePrincipal\"}}",
                    principal));
    is_answer(201, NULL, "a role for the identity");
    as(READER, "DELETE", IDS "/id-one" V_ID, NULL);
    is_answer(403, "AuthorizationFailed", "deleting without rights");
    as(MAKER, "DELETE", IDS "/id-one" V_ID, NULL);
    is_answer(200, NULL, "deleting the identity");
    ok(!world_principal(world_tenant(sim.world, TENANT), principal),
       "... takes the service principal away");
    as(ADMIN, "GET", scope, NULL);
    is_answer(200, NULL, "... and leaves the role assignment");
    as(MAKER, "DELETE", IDS "/id-one" V_ID, NULL);
    is_answer(204, NULL, "... again");
}

static void test_regions(void)
{
    as(ADMIN, "PUT", IDS "/id-one" V_ID, "{\"location\":\"Malaysia South\"}");
    as(ADMIN, "PUT", FIC "/abc" V_ID, CREDENTIAL("i", "s"));
    is_answer(405, "MethodNotAllowed", "a region without federation");
    json_append_text(
        json_list(world_subscription(sim.world, SUBSCRIPTION), "regionsWithoutFederation"),
        "northeurope");
    as(ADMIN, "PUT", FIC "/abc" V_ID, CREDENTIAL("i", "s"));
    is_answer(201, NULL, "the world's own list counts instead");
}

static void test_replication(void)
{
    simulated_open(
        ARM_WORLD("\"replicationMilliseconds\":60000,\"credentialWriteMilliseconds\":0"));
    as(MAKER, "PUT", IDS "/id-one" V_ID, "{\"location\":\"westeurope\"}");
    as(MAKER, "PUT", FIC "/abc" V_ID, CREDENTIAL("i", "s"));
    is_answer(404, "ParentResourceNotFound", "a fresh identity takes no credential yet");
    ok(says("Failed to perform 'write' on resource(s) of type "
            "'userAssignedIdentities/federatedIdentityCredentials', because the parent resource"),
       "... in the service's words");
    as(MAKER, "GET", FIC V_ID, NULL);
    is_answer(200, NULL, "... but has a list");
}

static void test_limits(void)
{
    int i;

    simulated_open(ARM_WORLD("\"replicationMilliseconds\":0,\"credentialWriteMilliseconds\":0,"
                             "\"identityBurst\":3,\"subscriptionBurst\":5"));
    for (i = 0; i < 3; i++)
        as(MAKER, "PUT", IDS "/id-one" V_ID, "{\"location\":\"westeurope\"}");
    is_answer(200, NULL, "three writes of an identity");
    as(MAKER, "PUT", IDS "/id-one" V_ID, "{\"location\":\"westeurope\"}");
    is_answer(429, "TooManyRequests", "the fourth");
    is_str(header_of("Retry-After"), "4", "... says how long to wait");
    as(MAKER, "PUT", IDS "/id-two" V_ID, "{\"location\":\"westeurope\"}");
    is_answer(201, NULL, "another identity goes on");
    as(MAKER, "PUT", IDS "/id-three" V_ID, "{\"location\":\"westeurope\"}");
    as(MAKER, "PUT", IDS "/id-four" V_ID, "{\"location\":\"westeurope\"}");
    is_answer(429, "TooManyRequests", "until the subscription's limit");
    is_str(header_of("Retry-After"), "1", "... which is refilled sooner");
    for (i = 0; i < 4; i++)
        as(MAKER, "PUT", FIC "/abc" V_ID, CREDENTIAL("i", "s"));
    is_answer(429, "TooManyRequests", "the fourth write of a credential");
    as(MAKER, "DELETE", FIC "/abc" V_ID, NULL);
    is_answer(429, "TooManyRequests", "... to which deletion counts");
}

/* One call in a thread of its own. */
struct other_call {
    pthread_t thread;
    struct call_header headers[2];
    struct sim_call call;
};

static void *run_call(void *data)
{
    struct other_call *other = data;

    call_dispatch(&other->call);
    return NULL;
}

static void set_write_time(long long milliseconds)
{
    world_lock(sim.world);
    json_put_number(json_member(world_root(sim.world), "settings"), "credentialWriteMilliseconds",
                    milliseconds);
    world_unlock(sim.world);
}

static bool is_being_written(const char *id)
{
    bool claimed;

    world_lock(sim.world);
    claimed = world_claim(sim.world, id);
    if (claimed)
        world_release(sim.world, id);
    world_unlock(sim.world);
    return !claimed;
}

/* Starts a call that writes for a second, and waits until it does. Others take no time. */
static void start_call(struct other_call *other, const char *method, const char *path,
                       const char *body)
{
    static const char id[] = S "/resourcegroups/rg-identities/providers/"
                               "Microsoft.ManagedIdentity/userAssignedIdentities/id-one";
    struct timespec moment = {.tv_nsec = 5 * 1000000};
    int tries;

    memset(other, 0, sizeof *other);
    other->headers[0] = (struct call_header){
        "Authorization",
        arena_printf(sim.arena, "Bearer %s", simulated_token(MAKER, TENANT, AUDIENCE, 600))};
    other->headers[1] = (struct call_header){"Content-Type", "application/json"};
    other->call = (struct sim_call){.arena = arena_new(),
                                    .world = sim.world,
                                    .keys = sim.keys,
                                    .host = host_find("management.azure.com"),
                                    .method = method,
                                    .target = path,
                                    .headers = other->headers,
                                    .n_headers = 2,
                                    .body = body,
                                    .body_len = strlen(body)};
    set_write_time(1000);
    pthread_create(&other->thread, NULL, run_call, other);
    for (tries = 0; tries < 2000 && !is_being_written(id); tries++)
        nanosleep(&moment, NULL);
    set_write_time(0);
}

static void end_call(struct other_call *other, int status, const char *code, const char *text)
{
    pthread_join(other->thread, NULL);
    ok(other->call.status == status && (!code || !strcmp(other->call.code, code)), "%s: %d", text,
       status);
    arena_free(other->call.arena);
}

static void test_sequence(void)
{
    struct other_call first;

    simulated_open(ARM_WORLD("\"replicationMilliseconds\":0,\"credentialWriteMilliseconds\":0"));
    as(MAKER, "PUT", IDS "/id-one" V_ID, "{\"location\":\"westeurope\"}");
    as(MAKER, "PUT", IDS "/id-two" V_ID, "{\"location\":\"westeurope\"}");
    start_call(&first, "PUT", FIC "/one" V_ID, CREDENTIAL("i", "1"));
    as(MAKER, "PUT", FIC "/two" V_ID, CREDENTIAL("i", "2"));
    is_answer(409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
              "a second write meanwhile");
    as(MAKER, "PUT", IDS "/id-two/federatedIdentityCredentials/one" V_ID, CREDENTIAL("i", "1"));
    is_answer(201, NULL, "another identity is free");
    end_call(&first, 201, NULL, "the first write");
    start_call(&first, "DELETE", FIC "/one" V_ID, "");
    as(MAKER, "PUT", FIC "/two" V_ID, CREDENTIAL("i", "2"));
    is_answer(409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
              "deletion is a write");
    end_call(&first, 200, NULL, "the deletion");
    as(MAKER, "PUT", FIC "/bad name" V_ID, CREDENTIAL("i", "2"));
    as(MAKER, "PUT", FIC "/two" V_ID, CREDENTIAL("i", "2"));
    is_answer(201, NULL, "afterwards, also after a refused one");
    start_call(&first, "PUT", FIC "/three" V_ID, CREDENTIAL("i", "3"));
    as(MAKER, "DELETE", IDS "/id-one" V_ID, NULL);
    is_answer(200, NULL, "an identity deleted during a write");
    as(MAKER, "PUT", IDS "/id-one" V_ID, "{\"location\":\"westeurope\"}");
    end_call(&first, 404, "ParentResourceNotFound", "... which then finds another one");
    as(MAKER, "PUT", FIC "/two" V_ID, CREDENTIAL("i", "2"));
    is_answer(201, NULL, "... and lets go of it");
}

static void test_shared_rules(void)
{
    struct diags diags = DIAGS_INIT(sim.arena);
    static const char text[] = "{\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[7]}";
    json *value = json_parse("t", text, strlen(text), &diags);
    json *others = json_array();

    ok(credential_check(NULL, NULL, "abc", value) == CREDENTIAL_AUDIENCE,
       "an audience that is none");
    json_put(value, "audiences", json_array());
    json_append_text(json_list(value, "audiences"), "a");
    ok(credential_check(NULL, NULL, "abc", value) == CREDENTIAL_GOOD, "a good one without others");
    json_append(others, json_copy(value));
    ok(credential_check(others, NULL, "abc", value) == CREDENTIAL_DUPLICATE, "a duplicate");
    ok(credential_check(others, json_first(others), "abc", value) == CREDENTIAL_GOOD,
       "the one that is replaced does not count");
    json_put_number(value, "subject", 7);
    ok(credential_check(others, NULL, "abc", value) == CREDENTIAL_SUBJECT,
       "a subject that is no text");
    json_put_text(value, "issuer", "");
    ok(credential_check(others, NULL, "abc", value) == CREDENTIAL_ISSUER, "an empty issuer");
    ok(!credential_name_valid(arena_printf(sim.arena, "%0121d", 1)) &&
           credential_name_valid(arena_printf(sim.arena, "%0120d", 1)),
       "names have at most 120 characters");
    json_free(value);
    json_free(others);
}

int main(void)
{
    simulated_open(ARM_WORLD(AT_ONCE));
    test_identities();
    test_credentials();
    test_delete_identity();
    test_regions();
    test_replication();
    test_limits();
    test_sequence();
    test_shared_rules();
    simulated_close();
    return done_testing();
}
