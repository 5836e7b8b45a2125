/* SPDX-License-Identifier: MIT
 * Worlds that fit a description: of the right shape, the same each time, without what the
 * description creates, and with people who have the rights that it names. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "encode/encode.h"
#include "rehearse/fit.h"
#include "simulator/arm.h"
#include "simulator/world.h"
#include "tap.h"

#define SUB "22222222-2222-2222-2222-222222222222"

static struct arena *arena;

static const struct spec *load(const char *name)
{
    const char *folder = getenv("SRCDIR");
    struct diags diags = DIAGS_INIT(arena);
    const struct spec *spec = spec_load(
        arena, arena_printf(arena, "%s/examples/%s", folder ? folder : ".", name), &diags);

    if (!spec) {
        printf("Bail out! %s: %s\n", name, diags.count ? diags.items[0].text : "does not load");
        exit(1);
    }
    return spec;
}

static const struct spec *parse(const char *text)
{
    struct diags diags = DIAGS_INIT(arena);
    const struct spec *spec = spec_parse(arena, "t.ini", text, strlen(text), &diags);

    if (!spec) {
        printf("Bail out! %s\n", diags.count ? diags.items[0].text : "does not load");
        exit(1);
    }
    return spec;
}

static const char *printed(const json *root)
{
    struct strbuf out;
    const char *text;

    strbuf_init(&out, 1 << 24);
    json_print(&out, root, encode_json);
    text = arena_strdup(arena, out.data);
    strbuf_clear(&out);
    return text;
}

/* The first of a list. */
static const json *first(const json *root, const char *list)
{
    const json *all = json_member(root, list);

    return all ? json_first(all) : NULL;
}

static bool is_duplicate(const json *list, const char *key)
{
    const json *item;

    for (item = list ? json_first(list) : NULL; item; item = json_next(item))
        if (json_find(list, key, json_text_of(item, key)) != item)
            return true;
    return false;
}

/* For every description */

static void has_shape(const char *name, const struct spec *spec)
{
    struct diags diags = DIAGS_INIT(arena);
    json *one = fit_world(spec), *two = fit_world(spec);
    size_t i;

    if (!ok(world_check(name, one, &diags), "%s: a world", name))
        for (i = 0; i < diags.count; i++)
            printf("# %s\n", diags.items[i].text);
    ok(!strcmp(printed(one), printed(two)), "%s: the same twice", name);
    json_free(one);
    json_free(two);
}

static bool holds_identity(const json *root, const struct identity *identity)
{
    const json *tenant = first(root, "tenants");
    const json *subscription =
        json_find(json_member(root, "subscriptions"), "id",
                  identity->subscription_id.text ? identity->subscription_id.text : "");

    if (identity->type == IDENTITY_MANAGED)
        return json_find(json_member(subscription, "identities"), "name", identity->name.text);
    if (identity->existing)
        return json_find(json_member(tenant, "applications"), "appId", identity->client_id.text);
    return json_find(json_member(tenant, "applications"), "displayName", identity->name.text);
}

static void has_identities(const char *name, const struct spec *spec, const json *root)
{
    const json *principals = json_member(first(root, "tenants"), "servicePrincipals");
    size_t existing = 0, i;

    for (i = 0; i < spec->n_identities; i++) {
        const struct identity *identity = &spec->identities[i];
        const json *subscription =
            json_find(json_member(root, "subscriptions"), "id",
                      identity->subscription_id.text ? identity->subscription_id.text : "");
        const char *group = identity->resource_group.text ? identity->resource_group.text : "";

        existing += identity->existing;
        ok(holds_identity(root, identity) == identity->existing, "%s: identity %s %s", name,
           identity->key, identity->existing ? "exists" : "does not exist");
        if (identity->existing)
            ok(json_find(principals, "appId", identity->client_id.text), "%s: its principal", name);
        if (identity->type == IDENTITY_MANAGED)
            ok(!json_find(json_member(subscription, "resourceGroups"), "name", group) ==
                   identity->create_resource_group,
               "%s: its resource group, unless it is created", name);
    }
    ok(json_count(principals) == existing, "%s: no other principal", name);
}

static void has_places(const char *name, const struct spec *spec, const json *root)
{
    const json *organization = first(root, "organizations");
    const json *projects = json_member(organization, "projects"), *project;
    size_t i;

    ok(!json_count(json_member(organization, "serviceEndpoints")), "%s: no connection", name);
    ok(!is_duplicate(json_member(root, "subscriptions"), "id") &&
           !is_duplicate(json_member(root, "roleDefinitions"), "id") &&
           !is_duplicate(json_member(root, "roleAssignments"), "name") &&
           !is_duplicate(projects, "id"),
       "%s: everything once", name);
    for (i = 0; i < spec->n_connections; i++) {
        const struct connection *c = &spec->connections[i];
        const json *pipelines;

        project = json_find(projects, "name", c->project.text);
        pipelines = json_member(project, "pipelines");
        ok(json_count(pipelines) >= c->pipeline_ids.count + 1, "%s: pipelines of %s, and one more",
           name, c->key);
        if (c->scope_level == SCOPE_MANAGEMENT_GROUP)
            ok(json_find(json_member(root, "managementGroups"), "id", c->management_group_id.text),
               "%s: management group of %s", name, c->key);
        else
            ok(json_find(json_member(root, "subscriptions"), "id", c->subscription_id.text),
               "%s: subscription of %s", name, c->key);
    }
}

static void fits(const char *name, const struct spec *spec)
{
    json *root = fit_world(spec);
    const json *assignment;
    bool known = true;

    has_identities(name, spec, root);
    has_places(name, spec, root);
    assignment = first(root, "roleAssignments");
    for (; assignment; assignment = json_next(assignment))
        known = known && json_find(json_member(first(root, "tenants"), "users"), "id",
                                   json_text_of(assignment, "principalId"));
    ok(known, "%s: nobody has a role but users", name);
    json_free(root);
}

static void test_examples(void)
{
    const char *folder = getenv("SRCDIR");
    struct dirent **entries;
    int count = scandir(arena_printf(arena, "%s/examples", folder ? folder : "."), &entries, NULL,
                        alphasort);
    int i, seen = 0;

    for (i = 0; i < count; i++) {
        const char *name = entries[i]->d_name, *end = strrchr(name, '.');

        if (end && !strcmp(end, ".ini")) {
            const struct spec *spec = load(name);

            has_shape(name, spec);
            fits(name, spec);
            seen++;
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    ok(seen >= 11, "%d examples", seen);
}

/* Rights */

static const char *short_name(const char *role)
{
    static const struct {
        const char *id, *name;
    } roles[] = {{"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"},
                 {"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "UAA"},
                 {"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"},
                 {"acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"},
                 {"f58310d9-a9f6-439a-9e8d-f62e7b41a168", "RBAC"},
                 {"e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", "MI"},
                 {"7e559ce2-48d7-4b27-9128-fa1b247f1308", "FIC"}};
    size_t i;

    for (i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strcmp(roles[i].id, role))
            return roles[i].name;
    return role;
}

/* All rights of a world, a line each: "identity: MI /subscriptions/..." */
static const char *rights(const struct spec *spec)
{
    json *root = fit_world(spec);
    const json *item, *users = json_member(first(root, "tenants"), "users"), *part;
    char unused[JSON_NUMBER_MAX];
    const char *text = "";

    for (item = first(root, "roleAssignments"); item; item = json_next(item)) {
        const char *user =
            json_text_of(json_find(users, "id", json_text_of(item, "principalId")), "name");

        text = arena_printf(arena, "%s%.*s: %s %s\n", text, (int)strcspn(user, "@"), user,
                            short_name(json_text_of(item, "roleDefinitionId")),
                            json_text_of(item, "scope"));
    }
    for (item = json_first(users); item; item = json_next(item))
        for (part = first(item, "directoryRoles"); part; part = json_next(part))
            text = arena_printf(arena, "%s%.*s: %s\n", text,
                                (int)strcspn(json_text_of(item, "name"), "@"),
                                json_text_of(item, "name"), json_as_text(part, unused));
    json_free(root);
    return text;
}

#define ADMINISTRATOR "everything: Application Administrator\n"

static void test_rights(void)
{
    is_str(rights(load("contoso.ini")),
           "everything: Owner /subscriptions/" SUB "\n"
           "identity: Reader /subscriptions/" SUB "\n"
           "identity: MI /subscriptions/" SUB "/resourceGroups/rg-identities\n"
           "identity: FIC /subscriptions/" SUB "/resourceGroups/rg-identities\n"
           "roles: RBAC /subscriptions/" SUB "/resourceGroups/rg-payments\n"
           "roles: RBAC /subscriptions/" SUB "/resourceGroups/rg-secrets\n" ADMINISTRATOR,
           "rights for a managed identity");
    is_str(rights(load("cross-tenant.ini")),
           "everything: Owner /subscriptions/" SUB "\n"
           "identity: Contributor /subscriptions/" SUB "\n"
           "roles: RBAC /subscriptions/" SUB "/resourceGroups/rg-fabrikam\n"
           "identity: Reader /subscriptions/" SUB "\n" ADMINISTRATOR,
           "rights where the resource group is created");
    is_str(
        rights(load("management-group.ini")),
        "everything: UAA /providers/Microsoft.Management/managementGroups/mg-platform\n"
        "roles: RBAC /providers/Microsoft.Management/managementGroups/mg-platform\n"
        "identity: Reader /providers/Microsoft.Management/managementGroups/mg-platform\n" ADMINISTRATOR
        "identity: Application Developer\n",
        "rights for a new application, and at a management group");
    is_str(rights(load("existing-application.ini")),
           "everything: Owner /subscriptions/" SUB "\n"
           "roles: RBAC /subscriptions/" SUB "/resourceGroups/rg-payments\n" ADMINISTRATOR,
           "an application that exists needs no directory role");
}

static void test_effects(void)
{
    static const char group[] = "/subscriptions/" SUB "/resourceGroups/rg-identities";
    static const char writes[] = "Microsoft.ManagedIdentity/userAssignedIdentities/write";
    static const char assigns[] = "Microsoft.Authorization/roleAssignments/write";
    const struct spec *spec = load("contoso.ini");
    struct world *world = world_new(fit_world(spec));
    const json *tenant = first(world_root(world), "tenants"), *users = json_member(tenant, "users");
    const char *id = json_text_of(tenant, "id");
    const char *identity =
        json_text_of(json_find(users, "name", person_name(PERSON_IDENTITY)), "id");
    const char *roles = json_text_of(json_find(users, "name", person_name(PERSON_ROLES)), "id");
    const char *devops = json_text_of(json_find(users, "name", person_name(PERSON_DEVOPS)), "id");

    ok(arm_principal_may(world, id, identity, writes, group), "one writes identities");
    ok(!arm_principal_may(world, id, identity, assigns, group), "and no roles");
    ok(!arm_principal_may(world, id, roles, writes, group), "one writes no identities");
    ok(arm_principal_may(world, id, roles, assigns,
                         "/subscriptions/" SUB "/resourceGroups/rg-payments"),
       "but roles");
    ok(!arm_principal_may(world, id, roles, assigns, group), "not elsewhere");
    ok(!arm_principal_may(world, id, devops, writes, group), "one nothing at all");
    world_free(world);
}

static void test_people(void)
{
    json *root = fit_world(load("cross-tenant.ini"));
    const json *here = first(root, "tenants"), *there = json_next(here);
    const json *organization = first(root, "organizations");
    const json *members = json_member(organization, "members");
    const json *devops = json_find(json_member(there, "users"), "name", person_name(PERSON_DEVOPS));
    const json *member = json_find(members, "userId", json_text_of(devops, "id"));

    is_str(json_text_of(there, "cloud"), "AzureCloud", "the organization's tenant");
    is_str(json_text_of(organization, "tenantId"), json_text_of(there, "id"), "is another one");
    is_str(json_text_of(organization, "id"), "66666666-6666-6666-6666-666666666666", "its id");
    ok(!json_find(json_member(here, "users"), "name", person_name(PERSON_DEVOPS)) &&
           !json_find(json_member(there, "users"), "name", person_name(PERSON_IDENTITY)) &&
           !json_find(json_member(there, "users"), "name", person_name(PERSON_ROLES)),
       "everybody is only where he or she signs in");
    ok(json_find(json_member(here, "users"), "name", person_name(PERSON_EVERYTHING)) &&
           json_find(json_member(there, "users"), "name", person_name(PERSON_EVERYTHING)),
       "one in both");
    ok(json_count(members) == 2, "two members");
    ok(!json_flag_of(member, "collectionAdministrator") &&
           json_count(json_member(member, "groups")) == 4,
       "one is in two groups of each of two projects");
    ok(json_flag_of(json_first(members), "collectionAdministrator"), "one administers all");
    json_free(root);
    root = fit_world(load("service-principal.ini"));
    members = json_member(first(root, "organizations"), "members");
    ok(json_find(members, "id", "44444444-4444-4444-4444-444444444442"), "approvers are members");
    ok(json_find(json_member(first(root, "tenants"), "users"), "id",
                 "33333333-3333-3333-3333-333333333332"),
       "owners are users");
    json_free(root);
}

/* What no example has */

#define HEAD                                                                                       \
    "[tenant]\nid = 11111111-1111-1111-1111-111111111111\n[organization]\nname = contoso\n"        \
    "project = Payments\nproject_id = AAAAAAAA-5555-4555-8555-555555555555\n"
#define TARGET "subscription_id = " SUB "\nsubscription_name = One\n"

static void test_names(void)
{
    const struct spec *spec = parse(
        HEAD "[identity]\ntype = managed-identity\nname = id-a\nresource_group = rg\n"
             "location = northeurope\nsubscription_id = " SUB "\n"
             "[connection a]\n" TARGET "pipelines = 9001\nroles =\n"
             "    My Role @ /subscriptions/" SUB "/resourceGroups/RG\n"
             "    my role @ /subscriptions/" SUB "/resourceGroups/rg-b/providers/N.S/types/x\n"
             "    ACDD72A7-3385-48ef-bd42-f606fba81ae7 @ /subscriptions/" SUB "\n"
             "    bbbbbbbb-0000-4000-8000-00000000000B @ "
             "/providers/microsoft.management/managementGroups/mg\n"
             "[connection b]\n" TARGET "project = aaaaaaaa-5555-4555-8555-555555555555\n"
             "issuer = azure-devops\n"
             "[connection c]\n" TARGET "project = cccccccc-5555-4555-8555-555555555555\n");
    json *root = fit_world(spec);
    const json *organization = first(root, "organizations");
    const json *projects = json_member(organization, "projects"), *project;
    const json *definitions = json_member(root, "roleDefinitions");
    const json *groups = json_member(first(root, "subscriptions"), "resourceGroups");

    is_str(json_text_of(organization, "issuer"), "azure-devops", "one expects the old issuer");
    ok(json_count(projects) == 2, "a project by its name and by its id is one");
    project = json_find(projects, "id", "aaaaaaaa-5555-4555-8555-555555555555");
    is_str(json_text_of(project, "name"), "Payments", "and has its name");
    ok(json_count(json_member(project, "pipelines")) == 1, "a pipeline with the other's id is it");
    is_str(json_text_of(json_next(json_first(projects)), "name"), "Project cccccccc",
           "a project without a name gets one");
    ok(json_count(definitions) == 2, "roles of one's own, once each");
    ok(json_find(definitions, "roleName", "My Role") &&
           json_find(definitions, "id", "bbbbbbbb-0000-4000-8000-00000000000b"),
       "by name and by id");
    ok(json_count(groups) == 2, "resource groups, once each");
    is_str(json_text_of(json_first(groups), "location"), "northeurope", "where the identity is");
    ok(json_find(json_member(root, "managementGroups"), "id", "mg"), "a management group");
    has_shape("names", spec);
    json_free(root);
}

int main(void)
{
    arena = arena_new();
    test_examples();
    test_rights();
    test_effects();
    test_people();
    test_names();
    arena_free(arena);
    return done_testing();
}
