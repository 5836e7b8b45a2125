/* SPDX-License-Identifier: MIT
 * A pipeline job over real HTTPS to the simulated services, and the transfers that it is made of.
 */
#include "rehearse/job.h"

#include <stdlib.h>
#include <string.h>

#include "encode/encode.h"
#include "rehearse/fit.h"
#include "remote/transfer.h"
#include "simulator/devops.h"
#include "simulator/server.h"
#include "tap.h"

#define TENANT     "11111111-1111-1111-1111-111111111111"
#define SUB        "22222222-2222-2222-2222-222222222222"
#define CLIENT     "55555555-5555-5555-5555-555555555555"
#define CONNECTION "77777777-7777-4777-8777-777777777777"
#define GROUP      "/subscriptions/" SUB "/resourceGroups/rg-payments"
#define READER     "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define SECRETS    "4633458b-17de-408a-b874-0445c86b69e6" /* allows reading data only */

/* An identity and a connection that exist; roles as each test wants them. */
static const char description[] =
    "[tenant]\nid = " TENANT "\n[organization]\nname = contoso\nproject = My Payments\n"
    "[identity]\ntype = managed-identity\nclient_id = " CLIENT "\nname = id-payments\n"
    "resource_group = rg-identities\nsubscription_id = " SUB "\n"
    "[connection payments]\nsubscription_id = " SUB "\nsubscription_name = Payments\n"
    "pipelines = 12\nroles = Reader @ " GROUP "\n";

static struct arena *arena;
static struct world *world;
static struct server *server;
static json *credential, *identity;
static struct job job;
static const char *const role_scopes[] = {GROUP, NULL}, *const no_scopes[] = {NULL};

/* The world */

static json *add_endpoint(json *organization, const json *project)
{
    json *endpoint = json_append(json_member(organization, "serviceEndpoints"), json_object());
    json *part, *item;

    json_text(endpoint, "id", CONNECTION);
    json_text(endpoint, "type", "azurerm");
    json_text(endpoint, "url", "https://management.azure.com/");
    part = json_add(endpoint, "authorization", json_object());
    json_text(part, "scheme", "WorkloadIdentityFederation");
    part = json_add(part, "parameters", json_object());
    json_text(part, "tenantid", TENANT);
    json_text(part, "serviceprincipalid", CLIENT);
    part = json_add(endpoint, "data", json_object());
    json_text(part, "environment", "AzureCloud");
    json_text(part, "scopeLevel", "Subscription");
    json_text(part, "creationMode", "Manual");
    json_text(part, "subscriptionId", SUB);
    json_text(endpoint, "issuer", "entra");
    item = json_append(json_list(endpoint, "references"), json_object());
    json_text(item, "projectId", json_text_of(project, "id"));
    json_text(item, "name", "payments");
    item = json_append(json_list(endpoint, "permissions"), json_object());
    json_text(item, "projectId", json_text_of(project, "id"));
    json_append(json_list(item, "pipelines"),
                json_copy(json_member(json_first(json_member(project, "pipelines")), "id")));
    return endpoint;
}

static json *make_world(void)
{
    struct diags diags = DIAGS_INIT(arena);
    const struct spec *spec = spec_parse(arena, "t.ini", description, strlen(description), &diags);
    json *root = spec ? fit_world(spec) : json_object(), *organization;
    const json *project;
    struct devops_trust trust;

    organization = json_find(json_member(root, "organizations"), "name", "contoso");
    project = json_first(json_member(organization, "projects"));
    trust = devops_trust(arena, organization, add_endpoint(organization, project), project);
    identity = json_find(
        json_member(json_find(json_member(root, "subscriptions"), "id", SUB), "identities"),
        "clientId", CLIENT);
    credential = json_append(json_member(identity, "federatedCredentials"), json_object());
    json_text(credential, "name", "payments");
    json_text(credential, "issuer", trust.issuer);
    json_text(credential, "subject", trust.subject);
    json_append_text(json_list(credential, "audiences"), trust.audience);
    if (!world_check("t.json", root, &diags)) {
        printf("Bail out! %s\n", diags.count ? diags.items[0].text : "no world");
        exit(1);
    }
    return root;
}

/* The identity has ROLE at SCOPE, and no other; NULL: none. */
static void give_role(const char *role, const char *scope)
{
    json *all = json_array(), *item;

    if (role) {
        item = json_append(all, json_object());
        json_text(item, "name", "99999999-9999-4999-8999-999999999999");
        json_text(item, "scope", scope);
        json_text(item, "roleDefinitionId", role);
        json_text(item, "principalId", json_text_of(identity, "principalId"));
        json_text(item, "principalType", "ServicePrincipal");
        json_text(item, "tenantId", TENANT);
    }
    world_lock(world);
    json_put(world_root(world), "roleAssignments", all);
    world_unlock(world);
}

static void prepare(long pipeline)
{
    job = (struct job){
        .proxy = arena_printf(arena, "http://127.0.0.1:%u", server_port(server)),
        .ca_pem = keys_ca_pem(server_keys(server)),
        .connection_id = CONNECTION,
        .login = "https://login.microsoftonline.com",
        .tenant_id = TENANT,
        .client_id = CLIENT,
        .resource_manager = "https://management.azure.com/",
        .scopes = role_scopes,
        .target = "/subscriptions/" SUB,
    };
    job.system_token = devops_job_token(arena, world, server_keys(server), "contoso", "My Payments",
                                        pipeline, false, &job.request_uri);
}

/* Runs it: are there COUNT steps, all good but maybe the last, with STATUS and a text that begins
 * with TEXT? */
static struct job_result run(const char *name, bool good, size_t count, int status,
                             const char *text)
{
    struct job_result result = job_run(arena, &job);
    const struct job_step *last = result.n_steps ? &result.steps[result.n_steps - 1] : NULL;
    size_t i;

    ok(result.good == good && result.n_steps == count && last && last->status == status &&
           last->good == good && !strncmp(last->text, text, strlen(text)),
       "%s", name);
    for (i = 0; i < result.n_steps; i++)
        printf("# %s: %d %s %s\n", result.steps[i].what, result.steps[i].status,
               result.steps[i].good ? "good" : "bad", result.steps[i].text);
    return result;
}

/* Jobs */

static void test_good(void)
{
    struct job_result result;

    prepare(12);
    give_role(READER, GROUP);
    result = run("a role at a resource group", true, 4, 403,
                 "the described roles do not include reading the target itself");
    is_str(result.issuer, json_text_of(credential, "issuer"), "the token's issuer");
    is_str(result.subject, json_text_of(credential, "subject"), "its subject");
    is_str(result.audience, "api://AzureADTokenExchange", "its audience");
    give_role(SECRETS, GROUP);
    run("a role for data only", true, 4, 403,
        "the described roles do not include reading the target itself");
    give_role(READER, "/subscriptions/" SUB);
    run("a role at the subscription", true, 4, 200, "the identity can read it");
    job.scopes = no_scopes;
    run("the same, not described", true, 3, 200, "the identity can read it");
    give_role(NULL, NULL);
    run("no role is described", true, 3, 403,
        "no role is described: nothing can be read, and nothing was promised");
}

static void test_rights(void)
{
    struct job_result result;

    prepare(12);
    give_role(NULL, NULL);
    result = run("a role that is described and missing", false, 4, 403,
                 "HTTP 403 AuthorizationFailed: The client");
    ok(result.n_steps == 4 && !result.steps[2].good, "is missed at its scope, too");
    job.target = "/subscriptions/99999999-2222-2222-2222-222222222222";
    give_role(READER, GROUP);
    run("a subscription that is not there", false, 4, 404, "HTTP 404 SubscriptionNotFound");
    job.target = "/providers/Microsoft.Management/managementGroups/mg (x)";
    /* The service does not tell what is not there from what is not for the caller. */
    run("a management group that is not there", true, 4, 403, "the described roles do not include");
}

static void test_sign_in(void)
{
    const char *subject = arena_strdup(arena, json_text_of(credential, "subject"));

    prepare(12);
    give_role(READER, GROUP);
    json_put_text(credential, "subject", "/eid1/c/pub/t/other");
    run("another subject", false, 2, 401, "HTTP 401 invalid_client: AADSTS700213");
    json_put_text(credential, "subject", subject);
    job.client_id = "55555555-5555-5555-5555-555555555550";
    run("an unknown identity", false, 2, 400, "HTTP 400 unauthorized_client: AADSTS700016");
    job.client_id = CLIENT;
    job.tenant_id = "a b/../c";
    ok(!job_run(arena, &job).good, "a tenant that is none");
}

static void test_id_token(void)
{
    struct job_result result;

    prepare(FIT_OTHER_PIPELINE);
    result = run("a pipeline that is not authorized", false, 1, 403,
                 "HTTP 403 AccessCheckException: This pipeline needs permission");
    is_str(result.subject, "", "gets no token");
    prepare(12);
    job.connection_id = "00000000-7777-4777-8777-777777777777";
    run("an unknown connection", false, 1, 404, "HTTP 404 ServiceEndpointNotFoundException");
    prepare(12);
    job.system_token = "x.y.z";
    ok(!job_run(arena, &job).good, "a job without a good token");
    job.system_token = "x\r\nX-Other: y";
    run("a token that would be two headers", false, 1, 0, "a header would hold characters");
    prepare(12);
    job.proxy = "http://127.0.0.1:1";
    run("nobody there", false, 1, 0, "Failed to connect");
}

/* Transfers */

static struct transfer_reply get(const char *url, const char *ca, const char *proxy, size_t max)
{
    const struct transfer transfer = {
        .method = "GET", .url = url, .ca_pem = ca, .proxy = proxy, .timeout = 5};

    return transfer_run(arena, &transfer, max);
}

static bool failed(struct transfer_reply reply, const char *part)
{
    bool good = !reply.status && reply.why && strstr(reply.why, part);

    printf("# %d %s\n", reply.status, reply.why ? reply.why : "");
    return good;
}

static void test_transfers(void)
{
    static const char url[] =
        "https://login.microsoftonline.com/" TENANT "/v2.0/.well-known/openid-configuration";
    static const char *const names[] = {"login.microsoftonline.com", NULL};
    const char *ca = keys_ca_pem(server_keys(server));
    const char *proxy = arena_printf(arena, "http://127.0.0.1:%u", server_port(server));
    const char *here = arena_printf(arena, "https://127.0.0.1:%u/", server_port(server));
    struct keys *others = keys_new(names);
    struct transfer_reply reply = get(url, ca, proxy, 1 << 20);

    ok(reply.status == 200 && reply.len == strlen(reply.body) && *reply.body == '{' &&
           reply.milliseconds > 0,
       "a document");
    ok(get(url, ca, proxy, reply.len).status == 200, "of exactly the size that is allowed");
    ok(failed(get(url, ca, proxy, reply.len - 1), "larger than"), "a larger one is none");
    ok(failed(get(url, keys_ca_pem(others), proxy, 1 << 20), "certificate"), "another authority");
    ok(failed(get(url, NULL, proxy, 1 << 20), "certificate"), "the system's authorities");
    ok(failed(get(url, "no certificate", proxy, 1 << 20), ""), "an authority that is none");
    ok(failed(get("http://login.microsoftonline.com/", ca, proxy, 99), "rotocol"), "not https");
    ok(failed(get("file:///etc/passwd", ca, proxy, 99), "rotocol"), "a file");
    ok(failed(get("https://a:b@dev.azure.com/", ca, proxy, 99), "denied"), "a name in the address");
    setenv("no_proxy", "*", 1);
    setenv("NO_PROXY", "*", 1);
    ok(failed(get("https://nowhere.invalid/", ca, proxy, 99), "403"), "the proxy always counts");
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    reply = get(here, ca, NULL, 99);
    ok(failed(reply, "") && !strstr(reply.why, "port 1 "), "the environment's never does");
    keys_free(others);
    is_str(transfer_escape(arena, "a Z_9~-.&=+%/\xc3\xb1\n"), "a%20Z_9~-.%26%3D%2B%25%2F%C3%B1%0A",
           "a text in a form");
    is_str(transfer_escape(arena, ""), "", "an empty one");
}

int main(void)
{
    const char *why = "";

    arena = arena_new();
    world = world_new(make_world());
    server = server_start(world, NULL, NULL, &why);
    if (!server) {
        printf("Bail out! %s\n", why);
        return 1;
    }
    test_good();
    test_rights();
    test_sign_in();
    test_id_token();
    test_transfers();
    server_stop(server);
    world_free(world);
    arena_free(arena);
    return done_testing();
}
