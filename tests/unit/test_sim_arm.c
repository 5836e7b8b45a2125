/* SPDX-License-Identifier: MIT
 * Resource Manager in the simulator: tokens, versions, subscriptions, groups. */
#include "sim_arm_world.h"

#define AUDIENCE "https://management.core.windows.net/"

static void with_token(const char *token)
{
    simulated_call(token, "GET", ARM S V_SUB, NULL, NULL);
}

static void test_tokens(void)
{
    const char *good = simulated_token(ADMIN, TENANT, AUDIENCE, 600);
    char *broken = arena_strdup(sim.arena, good);

    broken[strlen(broken) - 10] = broken[strlen(broken) - 10] == 'A' ? 'B' : 'A';
    with_token(NULL);
    is_answer(401, "AuthenticationFailed", "no token");
    is_str(header_of("WWW-Authenticate"),
           "Bearer authorization_uri=\"https://login.windows.net/" TENANT
           "\", error=\"invalid_token\", error_description=\"The authentication failed because of "
           "missing 'Authorization' header.\"",
           "... names the tenant of the subscription");
    with_token(broken);
    is_answer(401, "InvalidAuthenticationToken", "a bad signature");
    with_token("rubbish");
    is_answer(401, "InvalidAuthenticationToken", "no token at all");
    with_token(simulated_token(ADMIN, TENANT, AUDIENCE, -5));
    is_answer(401, "ExpiredAuthenticationToken", "an expired token");
    ok(says("The access token expiry UTC time '") && says("M' is earlier than current UTC time '"),
       "... says when");
    with_token(simulated_token(ADMIN, TENANT, "https://graph.microsoft.com", 600));
    is_answer(401, "InvalidAuthenticationTokenAudience", "the audience of Graph");
    ok(says("wrong audience or resource 'https://graph.microsoft.com'"), "... is named");
    with_token(simulated_token(ADMIN, TENANT, "https://management.usgovcloudapi.net", 600));
    is_answer(401, "InvalidAuthenticationTokenAudience", "the audience of another cloud");
    with_token(simulated_token(ADMIN, TENANT, "x\r\nSet-Cookie: a", 600));
    is_answer(401, "InvalidAuthenticationTokenAudience", "a hostile audience");
    ok(!strchr(header_of("WWW-Authenticate"), '\n'), "... stays out of the header");
    with_token(simulated_token("44444444-4444-4444-8444-0000000000ff", TENANT, AUDIENCE, 600));
    is_answer(401, "InvalidAuthenticationToken", "a principal that is gone");
    with_token(simulated_token(ADMIN, OTHER_TENANT, AUDIENCE, 600));
    is_answer(401, "InvalidAuthenticationToken", "a principal of another tenant");
    with_token(simulated_token(OFFICER, GOV_TENANT, AUDIENCE, 600));
    is_answer(401, "InvalidAuthenticationToken", "a tenant of another cloud");
    with_token(simulated_token(ADMIN, TENANT, "https://management.azure.com", 600));
    is_answer(200, NULL, "the other audience, without a slash");
    as(STRANGER, "GET", S V_SUB, NULL);
    is_answer(401, "InvalidAuthenticationTokenTenant", "a token of another tenant");
    ok(says("must match the tenant 'https://sts.windows.net/" TENANT "/'"),
       "... names the right one");
    ok(strstr(header_of("WWW-Authenticate"), "login.windows.net/" TENANT "\"") != NULL,
       "... in the header too");
}

static void test_versions(void)
{
    static const char *const good[] = {
        "/subscriptions?api-version=2016-06-01",
        "/subscriptions?api-version=2019-11-01",
        "/tenants?api-version=2016-06-01",
        "/tenants?api-version=2022-12-01",
        IDS "?api-version=2022-01-31-preview",
        IDS "?api-version=2024-11-30",
        S AUTH "/roleAssignments?api-version=2018-09-01-preview",
        S AUTH "/roleAssignments?api-version=2020-04-01-preview",
        S AUTH "/roleDefinitions?api-version=2018-01-01-preview",
        S "/providers/Microsoft.ManagedIdentity?api-version=2021-04-01"};
    size_t i;

    for (i = 0; i < sizeof good / sizeof *good; i++) {
        as(ADMIN, "GET", good[i], NULL);
        is_answer(200, NULL, good[i]);
    }
    as(ADMIN, "GET", S, NULL);
    is_answer(400, "MissingApiVersionParameter", "no api-version");
    as(ADMIN, "GET", S "?api-version=2000-01-01", NULL);
    is_answer(400, "InvalidApiVersionParameter", "an unknown one of a subscription");
    ok(says("'2000-01-01'") && says("2016-06-01, 2018-06-01"), "... lists those that there are");
    as(ADMIN, "GET", IDS "/id-one?api-version=2000-01-01", NULL);
    is_answer(400, "InvalidResourceType", "an unknown one of an identity");
    ok(says("The resource type 'userAssignedIdentities' could not be found in the namespace "
            "'Microsoft.ManagedIdentity' for api version '2000-01-01'"),
       "... in the service's words");
    as(ADMIN, "PUT", FIC "/abc?api-version=2018-11-30", "{}");
    is_answer(400, "NoRegisteredProviderFound", "one older than credentials");
    ok(says("for type 'userAssignedIdentities/federatedIdentityCredentials'"),
       "... names the type");
    as(ADMIN, "GET", IDS V_ID "&$top=3", NULL);
    is_answer(501, "NotModelled", "a parameter that is not modelled");
    as(ADMIN, "GET", RG "/providers/Microsoft.Storage/storageAccounts/x?api-version=2022-09-01",
       NULL);
    is_answer(501, "NotModelled", "a resource that is not modelled");
    as(ADMIN, "GET", "/subscriptions/%ff%fe" V_SUB, NULL);
    is_answer(400, "BadRequest", "a path that is not text");
}

static void test_subscriptions(void)
{
    as(ADMIN, "GET", "/subscriptions" V_SUB, NULL);
    ok(sim.call.status == 200 && how_many() == 2,
       "the administrator sees the tenant's subscriptions");
    is_str(at("value/0/subscriptionId"), SUBSCRIPTION, "... their ids");
    is_str(at("value/0/tenantId"), TENANT, "... and tenants");
    as(MAKER, "GET", "/subscriptions" V_SUB, NULL);
    ok(how_many() == 1, "a role below a subscription shows it");
    as(READER, "GET", "/subscriptions" V_SUB, NULL);
    ok(how_many() == 1, "a role on a management group shows those below it");
    as(NOBODY, "GET", "/subscriptions" V_SUB, NULL);
    ok(sim.call.status == 200 && how_many() == 0, "no role (but in another tenant) shows none");
    as(STRANGER, "GET", "/subscriptions" V_SUB, NULL);
    ok(how_many() == 1 && !strcmp(at("value/0/subscriptionId"), SUB_OTHER), "tenants do not mix");
    as(ADMIN, "GET", S V_SUB, NULL);
    is_str(at("displayName"), "Prod", "one subscription");
    as(ADMIN, "GET", "/subscriptions/22222222-2222-2222-2222-2222222222ff" V_SUB, NULL);
    is_answer(404, "SubscriptionNotFound", "an absent subscription");
    as(ADMIN, "GET", "/subscriptions/" SUB_GOV V_SUB, NULL);
    is_answer(404, "SubscriptionNotFound", "a subscription of another cloud");
    as(NOBODY, "GET", S V_SUB, NULL);
    is_answer(403, "AuthorizationFailed", "a subscription without rights");
    ok(says("does not have authorization to perform action "
            "'Microsoft.Resources/subscriptions/read' over scope '" S "'"),
       "... in the service's words");
    simulated_call(
        simulated_token(OFFICER, GOV_TENANT, "https://management.core.usgovcloudapi.net/", 600),
        "GET", "https://management.usgovcloudapi.net/subscriptions" V_SUB, NULL, NULL);
    ok(sim.call.status == 200 && how_many() == 1, "another cloud has its own");
    as(ADMIN, "POST", S "/providers/Microsoft.ManagedIdentity/register" V_RG, "{}");
    is_str(at("registrationState"), "Registered", "the provider is registered");
    as(READER, "POST", S "/providers/Microsoft.ManagedIdentity/register" V_RG, "{}");
    is_answer(403, "AuthorizationFailed", "registering without rights");
}

static void test_management_groups(void)
{
    as(READER, "GET", "/providers/Microsoft.Management/managementGroups/mg-prod" V_MG, NULL);
    is_answer(200, NULL, "a management group below one with a role");
    is_str(at("properties/details/parent/name"), "mg-platform", "... and its parent");
    as(READER, "GET", "/providers/Microsoft.Management/managementGroups/" TENANT V_MG, NULL);
    is_answer(403, "AuthorizationFailed", "the root group is above");
    as(ADMIN, "GET", "/providers/Microsoft.Management/managementGroups/" TENANT V_MG, NULL);
    is_str(at("properties/displayName"), "Tenant Root Group", "the root group is implied");
    as(ADMIN, "GET", "/providers/Microsoft.Management/managementGroups/mg-none" V_MG, NULL);
    is_answer(404, "NotFound", "an absent management group");
    as(READER, "GET", "/providers/Microsoft.Management/managementGroups/mg-a" V_MG, NULL);
    is_answer(403, "AuthorizationFailed", "a circle of parents ends");
    as(READER, "GET", "/providers/Microsoft.Management/managementGroups" V_MG, NULL);
    ok(sim.call.status == 200 && how_many() == 2, "the list has those that may be read");
}

static void test_groups(void)
{
    as(ADMIN, "PUT", S "/resourceGroups/rg-new" V_RG, "{\"location\":\"West Europe\"}");
    is_answer(201, NULL, "a new resource group");
    is_str(at("location"), "westeurope", "... its region");
    is_str(at("properties/provisioningState"), "Succeeded", "... its state");
    as(ADMIN, "PUT", S "/resourcegroups/RG-NEW" V_RG,
       "{\"location\":\"westeurope\",\"tags\":{\"a\":\"b\"}}");
    is_answer(200, NULL, "the same again, in other case");
    is_str(at("tags/a"), "b", "... with tags");
    is_str(at("name"), "rg-new", "... keeps its name");
    as(ADMIN, "PUT", S "/resourceGroups/rg-new" V_RG, "{\"location\":\"northeurope\"}");
    is_answer(409, "InvalidResourceGroupLocation", "the same elsewhere");
    as(ADMIN, "PUT", S "/resourceGroups/rg-new." V_RG, "{\"location\":\"westeurope\"}");
    is_answer(400, "InvalidResourceGroup", "a full stop at the end");
    as(ADMIN, "PUT", S "/resourceGroups/a%20b" V_RG, "{\"location\":\"westeurope\"}");
    is_answer(400, "InvalidResourceGroup", "a blank");
    as(ADMIN, "PUT", S "/resourceGroups/rg-x" V_RG, "{\"location\":\"w/e\"}");
    is_answer(400, "LocationNotAvailableForResourceGroup", "no region");
    as(ADMIN, "PUT", S "/resourceGroups/rg-x" V_RG, "{\"location\":\"westeurope\",\"x\":1}");
    is_answer(400, "InvalidRequestContent", "an unknown member");
    as(ADMIN, "PUT", S "/resourceGroups/rg-x" V_RG, "{\"location\":");
    is_answer(400, "InvalidRequestContent", "broken JSON");
    as(MAKER, "PUT", S "/resourceGroups/rg-x" V_RG, "{\"location\":\"westeurope\"}");
    is_answer(403, "AuthorizationFailed", "without rights");
    as(ADMIN, "HEAD", S "/resourceGroups/rg-new" V_RG, NULL);
    is_answer(204, NULL, "it exists");
    as(ADMIN, "HEAD", S "/resourceGroups/rg-x" V_RG, NULL);
    is_answer(404, "ResourceGroupNotFound", "another does not");
    as(MAKER, "GET", RG V_RG, NULL);
    is_answer(200, NULL, "a role at a group reads it");
    as(MAKER, "GET", RT V_RG, NULL);
    is_answer(403, "AuthorizationFailed", "... and no other");
    as(ADMIN, "GET", S "/resourceGroups" V_RG, NULL);
    ok(how_many() == 3, "the list of groups");
}

static void test_delete_group(void)
{
    const char *ids = S "/resourceGroups/rg-new/providers/Microsoft.ManagedIdentity/"
                        "userAssignedIdentities";
    const char *principal, *where;

    as(ADMIN, "PUT", arena_printf(sim.arena, "%s/id-x" V_ID, ids), "{\"location\":\"westeurope\"}");
    principal = arena_strdup(sim.arena, at("properties/principalId"));
    as(CONTRIBUTOR, "DELETE", S "/resourceGroups/rg-new" V_RG, NULL);
    is_answer(202, NULL, "deleting a resource group goes on by itself");
    where = header_of("Location");
    ok(!strncmp(where, ARM "/subscriptions/", 35), "... the reply says where to ask");
    as(CONTRIBUTOR, "GET", where + strlen(ARM), NULL);
    is_answer(200, NULL, "... there");
    as(ADMIN, "GET", S "/resourceGroups/rg-new" V_RG, NULL);
    is_answer(404, "ResourceGroupNotFound", "it is gone");
    ok(!world_principal(world_tenant(sim.world, TENANT), principal),
       "with the service principal of the identity in it");
    as(ADMIN, "DELETE", S "/resourceGroups/rg-new" V_RG, NULL);
    is_answer(404, "ResourceGroupNotFound", "deleting it again");
    as(ADMIN, "GET", S "/operationresults/rg-target" V_RG, NULL);
    is_answer(501, "NotModelled", "an operation that never was");
}

int main(void)
{
    simulated_open(ARM_WORLD(AT_ONCE));
    test_tokens();
    test_versions();
    test_subscriptions();
    test_management_groups();
    test_groups();
    test_delete_group();
    simulated_close();
    return done_testing();
}
