/* SPDX-License-Identifier: MIT
 * Resource Manager in the simulator: role definitions, role assignments, and what they give. */
#include "sim_arm_world.h"

#include "simulator/arm.h"

#define ONE   "aaaaaaaa-0000-4000-8000-000000000001"
#define TWO   "aaaaaaaa-0000-4000-8000-000000000002"
#define THREE "aaaaaaaa-0000-4000-8000-000000000003"
#define AT_RT RT AUTH "/roleAssignments/"
#define LIST  AUTH "/roleAssignments" V_RO
#define READS "Microsoft.Resources/subscriptions/resourceGroups/read"

#define BODY(role, who, more)                                                                      \
    "{\"properties\":{\"roleDefinitionId\":\"" S AUTH "/roleDefinitions/" role                     \
    "\",\"principalId\":\"" who "\"" more "}}"
#define AS_PRINCIPAL ",\"principalType\":\"ServicePrincipal\""

static bool may(const char *who, const char *action, const char *scope)
{
    return arm_principal_may(sim.world, TENANT, who, action, scope);
}

static void test_rights(void)
{
    static const char root[] = "/providers/Microsoft.Management/managementGroups/" TENANT;

    ok(may(ADMIN, "anything/write", "/") && may(ADMIN, "anything/write", RG), "an owner of all");
    ok(!may(ADMIN, "anything/write", "/subscriptions/" SUB_OTHER), "... of one tenant");
    ok(!arm_principal_may(sim.world, OTHER_TENANT, ADMIN, READS, "/"), "... not of another");
    ok(may(READER, READS, RG) && may(READER, READS, S "/x"), "a management group hands down");
    ok(!may(READER, "Microsoft.Resources/subscriptions/resourceGroups/write", RG),
       "... reading only");
    ok(!may(READER, READS, "/subscriptions/" SUB_PLAIN), "... not to other subscriptions");
    ok(!may(READER, READS, "/") && !may(READER, READS, root), "... not upwards");
    ok(may(MAKER, "microsoft.managedidentity/USERASSIGNEDIDENTITIES/write", IDS "/x"),
       "scopes and actions are compared without regard to case");
    ok(!may(MAKER, "Microsoft.ManagedIdentity/userAssignedIdentities/write",
            S "/resourceGroups/rg-identities-2"),
       "a group whose name begins the same is another one");
    ok(!may(MAKER, "Microsoft.ManagedIdentity/userAssignedIdentities/writer", RG),
       "an action is matched to its end");
    ok(may(CONTRIBUTOR, "Microsoft.Storage/x/write", RT), "a contributor writes");
    ok(!may(CONTRIBUTOR, "Microsoft.Authorization/roleAssignments/write", RT) &&
           !may(CONTRIBUTOR, "microsoft.authorization/roleassignments/DELETE", RT),
       "... no role assignments");
    ok(may(ACCESS, "Microsoft.Authorization/roleAssignments/write", RT),
       "an access administrator does");
    ok(!may(ACCESS, "Microsoft.Storage/x/write", RT), "... nothing else");
    ok(!may(NOBODY, READS, RG), "an assignment of another tenant gives nothing");
    ok(!arm_principal_may(sim.world, OTHER_TENANT, NOBODY, READS, S),
       "... nor there in a subscription of this one");
}

static void test_custom_role(void)
{
    as(ADMIN, "PUT", RT AUTH "/roleAssignments/" THREE V_RO, BODY(CUSTOM_ROLE, NOBODY, ""));
    is_answer(201, NULL, "a custom role");
    ok(may(NOBODY, "Microsoft.Resources/deployments/read", RT), "... gives its actions");
    ok(!may(NOBODY, READS, RT), "... without its notActions");
    as(ADMIN, "DELETE", RT AUTH "/roleAssignments/" THREE V_RO, NULL);
}

static void test_definitions(void)
{
    as(READER, "GET", S AUTH "/roleDefinitions" V_RO "&$filter=roleName%20eq%20'Contributor'",
       NULL);
    is_answer(200, NULL, "a role by name");
    ok(how_many() == 1, "... one");
    is_str(at("value/0/id"), S AUTH "/roleDefinitions/" ROLE_CONTRIBUTOR, "... its id");
    is_str(at("value/0/properties/permissions/0/notActions/0"), "Microsoft.Authorization/*/Delete",
           "... its notActions");
    is_str(at("value/0/properties/type"), "BuiltInRole", "... its type");
    as(READER, "GET", S AUTH "/roleDefinitions" V_RO "&$filter=roleName+eq+'None'", NULL);
    ok(sim.call.status == 200 && how_many() == 0, "an unknown name");
    as(READER, "GET", RG AUTH "/roleDefinitions" V_RO "&$filter=roleName+eq+'Pay''s+Role'", NULL);
    is_str(at("value/0/name"), CUSTOM_ROLE, "a custom role with an apostrophe");
    as(READER, "GET", S AUTH "/roleDefinitions" V_RO "&$filter=type+eq+'CustomRole'", NULL);
    ok(how_many() == 1, "custom roles only");
    as(READER, "GET",
       S AUTH "/roleDefinitions" V_RO "&$filter=type+eq+'BuiltInRole'+and+roleName+eq+'reader'",
       NULL);
    is_str(at("value/0/name"), ROLE_READER, "two terms");
    as(NOBODY, "GET", AUTH "/roleDefinitions" V_RO, NULL);
    ok(sim.call.status == 200 && how_many() > 15, "everybody may read those of the tenant");
    as(NOBODY, "GET", S AUTH "/roleDefinitions" V_RO, NULL);
    is_answer(403, "AuthorizationFailed", "... those of a subscription not");
    as(READER, "GET", S AUTH "/roleDefinitions" V_RO "&$filter=roleName+ne+'x'", NULL);
    is_answer(501, "NotModelled", "another filter");
    as(READER, "GET", S AUTH "/roleDefinitions" V_RO "&$filter=roleName+eq+'x", NULL);
    is_answer(501, "NotModelled", "a broken filter");
    as(READER, "GET", S AUTH "/roleDefinitions" V_RO "&$filter=roleName()", NULL);
    is_answer(501, "NotModelled", "a term without a value");
    as(READER, "GET", RT AUTH "/roleDefinitions/" ROLE_OWNER V_RO, NULL);
    is_str(at("properties/roleName"), "Owner", "one by id");
    as(READER, "GET", RT AUTH "/roleDefinitions/" ONE V_RO, NULL);
    is_answer(404, "RoleDefinitionDoesNotExist", "an absent one");
    as(READER, "GET", S "/resourceGroups/rg-none" AUTH "/roleDefinitions" V_RO, NULL);
    is_answer(404, "ResourceGroupNotFound", "at an absent group");
}

static void test_permissions(void)
{
    as(MAKER, "GET", RG AUTH "/permissions" V_RO, NULL);
    ok(sim.call.status == 200 && how_many() == 1, "the caller's own rights");
    is_str(at("value/0/actions/0"), "Microsoft.ManagedIdentity/userAssignedIdentities/read",
           "... with actions");
    as(CONTRIBUTOR, "GET", RG AUTH "/permissions" V_RO, NULL);
    is_str(at("value/0/notActions/1"), "Microsoft.Authorization/*/Write", "... and notActions");
    as(MAKER, "GET", RT AUTH "/permissions" V_RO, NULL);
    ok(sim.call.status == 200 && how_many() == 0, "none at another group");
    as(MAKER, "GET", IDS "/id-one" AUTH "/permissions" V_RO, NULL);
    is_answer(404, "ResourceNotFound", "at an absent identity");
    as(READER, "GET",
       "/providers/Microsoft.Management/managementGroups/mg-platform" AUTH "/permissions" V_RO,
       NULL);
    ok(sim.call.status == 200 && how_many() == 1, "at a management group");
}

static void test_put(void)
{
    as(ACCESS, "PUT", AT_RT ONE V_RO, BODY(ROLE_READER, ROBOT, AS_PRINCIPAL));
    is_answer(201, NULL, "a new assignment");
    is_str(at("id"), AT_RT ONE, "... its id");
    is_str(at("properties/roleDefinitionId"), S AUTH "/roleDefinitions/" ROLE_READER,
           "... its role");
    is_str(at("properties/scope"), RT, "... its scope");
    is_str(at("properties/principalType"), "ServicePrincipal", "... its principal's type");
    ok(may(ROBOT, READS, RT), "... it counts");
    as(ACCESS, "PUT", AT_RT ONE V_RO,
       BODY(ROLE_READER, ROBOT, AS_PRINCIPAL ",\"description\":\"d\""));
    is_answer(200, NULL, "the same again");
    is_str(at("properties/description"), "d", "... with a description");
    as(ACCESS, "PUT", AT_RT ONE "?api-version=2020-04-01-preview",
       BODY(ROLE_READER, ROBOT, AS_PRINCIPAL));
    is_answer(201, NULL, "clients of older versions know 201 only");
    as(ACCESS, "PUT", AT_RT TWO V_RO, BODY(ROLE_READER, ROBOT, AS_PRINCIPAL));
    is_answer(409, "RoleAssignmentExists", "the same by another name");
    ok(says("The role assignment already exists") && says("aaaaaaaa000040008000000000000001"),
       "... names the one that exists");
    as(ACCESS, "PUT", AT_RT ONE V_RO, BODY(ROLE_READER, NOBODY, ""));
    is_answer(400, "RoleAssignmentUpdateNotPermitted", "the name with another principal");
    as(ADMIN, "PUT", RG AUTH "/roleAssignments/" ONE V_RO, BODY(ROLE_READER, ROBOT, AS_PRINCIPAL));
    is_answer(400, "RoleAssignmentUpdateNotPermitted", "... at another scope");
    as(ACCESS, "PUT", AT_RT "one" V_RO, BODY(ROLE_READER, ROBOT, AS_PRINCIPAL));
    is_answer(400, "InvalidRoleAssignmentId", "a name that is no GUID");
    as(ACCESS, "PUT", AT_RT TWO V_RO, BODY(TWO, ROBOT, AS_PRINCIPAL));
    is_answer(404, "RoleDefinitionDoesNotExist", "an unknown role");
    as(ACCESS, "PUT", AT_RT TWO V_RO,
       "{\"properties\":{\"roleDefinitionId\":\"" ROLE_READER "\",\"principalId\":\"" ROBOT "\"}}");
    is_answer(404, "RoleDefinitionDoesNotExist", "a bare id of a role");
    as(ACCESS, "PUT", AT_RT TWO V_RO, BODY(ROLE_CONTRIBUTOR, TWO, AS_PRINCIPAL));
    is_answer(400, "PrincipalNotFound", "an absent principal");
    ok(says("Principal aaaaaaaa000040008000000000000002 does not exist in the directory " TENANT),
       "... in the service's words");
    as(ACCESS, "PUT", AT_RT TWO V_RO, BODY(ROLE_CONTRIBUTOR, STRANGER, ""));
    is_answer(400, "PrincipalNotFound", "a principal of another tenant");
    as(ACCESS, "PUT", AT_RT TWO V_RO, BODY(ROLE_CONTRIBUTOR, ROBOT, ""));
    is_answer(400, "UnmatchedPrincipalType", "a service principal is not the default");
    as(ACCESS, "PUT", AT_RT TWO V_RO, BODY(ROLE_CONTRIBUTOR, NOBODY, AS_PRINCIPAL));
    is_answer(400, "UnmatchedPrincipalType", "a person as a service principal");
    as(CONTRIBUTOR, "PUT", AT_RT TWO V_RO, BODY(ROLE_CONTRIBUTOR, ROBOT, AS_PRINCIPAL));
    is_answer(403, "AuthorizationFailed", "a contributor assigns no roles");
    as(ACCESS, "PUT", RG AUTH "/roleAssignments/" TWO V_RO, BODY(ROLE_READER, ROBOT, AS_PRINCIPAL));
    is_answer(403, "AuthorizationFailed", "at another group");
    as(ACCESS, "PUT", AT_RT TWO V_RO, BODY(ROLE_READER, ROBOT, ",\"condition\":\"x\""));
    is_answer(501, "NotModelled", "a condition");
    as(ACCESS, "PUT", AT_RT TWO V_RO, "{\"properties\":[]}");
    is_answer(400, "InvalidRequestContent", "another shape");
    as(ADMIN, "PUT", S "/rubbish/x" AUTH "/roleAssignments/" TWO V_RO,
       BODY(ROLE_READER, ROBOT, AS_PRINCIPAL));
    is_answer(501, "NotModelled", "a scope that is none");
    as(ADMIN, "PUT", RT "/providers/Microsoft.KeyVault/vaults/kv" AUTH "/roleAssignments/" TWO V_RO,
       BODY("4633458b-17de-408a-b874-0445c86b69e6", ROBOT, AS_PRINCIPAL));
    is_answer(201, NULL, "a resource as scope");
    as(ADMIN, "DELETE",
       RT "/providers/Microsoft.KeyVault/vaults/kv" AUTH "/roleAssignments/" TWO V_RO, NULL);
    is_answer(200, NULL, "... deleted again");
}

static void test_lists(void)
{
    as(ADMIN, "GET", RT LIST, NULL);
    ok(sim.call.status == 200 && how_many() == 5, "all at and above a group: %zu", how_many());
    as(ADMIN, "GET", S LIST, NULL);
    ok(how_many() == 6, "... and below a subscription: %zu", how_many());
    as(ADMIN, "GET", S LIST "&$filter=atScope()", NULL);
    ok(how_many() == 3, "without those below: %zu", how_many());
    is_str(at("value/1/properties/roleDefinitionId"), S AUTH "/roleDefinitions/" ROLE_READER,
           "ids of roles are relative to the subscription that was asked");
    as(ADMIN, "GET", S LIST "&$filter=principalId%20eq%20%27" ROBOT "%27", NULL);
    ok(how_many() == 1, "those of a principal");
    is_str(at("value/0/name"), ONE, "... by name");
    as(ADMIN, "GET", RT LIST "&$filter=atScope()+and+assignedTo('" ROBOT "')", NULL);
    ok(how_many() == 1, "those assigned to one at a scope");
    as(ADMIN, "GET", RG LIST "&$filter=assignedTo('" ROBOT "')", NULL);
    ok(sim.call.status == 200 && how_many() == 0, "none at another group");
    as(ADMIN, "GET", RT LIST "&$filter=principalId+eq+'" ROBOT "'+and+atScope()", NULL);
    is_answer(501, "NotModelled", "what the service does not take together");
    as(MAKER, "GET", RT LIST, NULL);
    is_answer(403, "AuthorizationFailed", "without rights");
    as(STRANGER, "GET", S LIST, NULL);
    is_answer(401, "InvalidAuthenticationTokenTenant", "from another tenant");
    as(ADMIN, "GET", "/providers/Microsoft.Management/managementGroups/mg-platform" LIST, NULL);
    ok(how_many() == 6, "a management group: %zu", how_many());
}

static void test_get_delete(void)
{
    as(READER, "GET", AT_RT ONE V_RO, NULL);
    is_str(at("name"), ONE, "one assignment");
    as(READER, "GET", RG AUTH "/roleAssignments/" ONE V_RO, NULL);
    is_answer(404, "RoleAssignmentNotFound", "... not at another scope");
    as(READER, "DELETE", AT_RT ONE V_RO, NULL);
    is_answer(403, "AuthorizationFailed", "deleting without rights");
    as(ADMIN, "DELETE", RG AUTH "/roleAssignments/" ONE V_RO, NULL);
    is_answer(204, NULL, "deleting at another scope");
    as(ACCESS, "DELETE", AT_RT ONE V_RO, NULL);
    is_answer(200, NULL, "deleting");
    is_str(at("name"), ONE, "... answers what it was");
    ok(!may(ROBOT, READS, RT), "... it counts no longer");
    as(ACCESS, "DELETE", AT_RT ONE V_RO, NULL);
    is_answer(204, NULL, "... again");
}

static void test_replication(void)
{
    const char *principal;

    simulated_open(ARM_WORLD("\"replicationMilliseconds\":60000"));
    as(ADMIN, "PUT", IDS "/id-one" V_ID, "{\"location\":\"westeurope\"}");
    principal = arena_strdup(sim.arena, at("properties/principalId"));
    as(ADMIN, "PUT", AT_RT ONE V_RO,
       arena_printf(sim.arena,
                    "{\"properties\":{\"roleDefinitionId\":\"" AUTH "/roleDefinitions/" ROLE_READER
                    "\",\"principalId\":\"%s\"}}",
                    principal));
    is_answer(400, "PrincipalNotFound", "a fresh principal is not seen yet");
    as(ADMIN, "PUT", AT_RT ONE V_RO,
       arena_printf(sim.arena,
                    "{\"properties\":{\"roleDefinitionId\":\"" AUTH "/roleDefinitions/" ROLE_READER
                    "\",\"principalId\":\"%s\"" AS_PRINCIPAL "}}",
                    principal));
    is_answer(201, NULL, "... but accepted with its type");
    ok(!may(principal, READS, RT), "a fresh assignment gives nothing yet");
    json_put_number(json_member(world_root(sim.world), "settings"), "replicationMilliseconds", 0);
    ok(may(principal, READS, RT), "... later it does");
}

/* Bytes of any kind in path and query: an answer, and no crash. */
static void test_hostile(void)
{
    static const char *const paths[] = {
        "/",
        "//",
        "/subscriptions//",
        "/%2f%2f/providers/Microsoft.Authorization/permissions" V_RO,
        S "%2fx" AUTH "/permissions" V_RO,
        "/subscriptions" AUTH "/permissions" V_RO,
        S AUTH "/roleAssignments" V_RO "&$filter=%27",
        S AUTH "/roleAssignments" V_RO "&$filter=a(",
        S AUTH "/roleAssignments" V_RO "&$filter=assignedTo('",
        S AUTH "/roleAssignments" V_RO "&$filter=atScope()+and+",
        S "/providers" AUTH "/permissions" V_RO,
        S "/providers/a/b" AUTH "/permissions" V_RO,
        S "/resourceGroups" AUTH "/permissions" V_RO,
        S "/resourceGroups/%01" V_RG,
        "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a" AUTH
        "/permissions" V_RO,
        "/providers/Microsoft.Management/managementGroups" AUTH "/permissions" V_RO,
        "/providers/Microsoft.Management/managementGroups/x/y" AUTH "/permissions" V_RO,
    };
    size_t i, good = 0;

    for (i = 0; i < sizeof paths / sizeof *paths; i++) {
        as(ADMIN, "GET", paths[i], NULL);
        good += sim.call.status >= 400;
    }
    ok(good == i, "hostile paths are refused: %zu of %zu", good, i);
}

int main(void)
{
    simulated_open(ARM_WORLD(AT_ONCE));
    test_rights();
    test_custom_role();
    test_definitions();
    test_permissions();
    test_put();
    test_lists();
    test_get_delete();
    test_hostile();
    test_replication();
    simulated_close();
    return done_testing();
}
