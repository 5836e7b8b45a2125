/* SPDX-License-Identifier: MIT
 * What a description takes for granted, as a world: tenants, subscriptions, groups, role
 * definitions, identities that exist, the organization with its projects and pipelines. */
#include "rehearse/fit_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/guid.h"
#include "simulator/arm.h"
#include "simulator/world_shape.h"

/* A description says where identities go, not where resource groups are that exist. */
static const struct {
    const char *cloud, *location;
} locations[] = {{"AzureCloud", "westeurope"},
                 {"AzureUSGovernment", "usgovvirginia"},
                 {"AzureChinaCloud", "chinaeast2"}};

/* What is in the world */

static const char *key_of(struct fit *fit, const char *kind, const char *name)
{
    return names_fold(fit->arena, arena_printf(fit->arena, "%s %s", kind, name));
}

json *fit_new(struct fit *fit, const char *kind, const char *name, json *list)
{
    const struct loc nowhere = {NULL, 0, 0};
    const char *key = key_of(fit, kind, name);
    json *object;

    if (names_find(fit->known, key))
        return NULL;
    object = json_append(list, json_object());
    names_add(fit->known, key, nowhere, object);
    return object;
}

json *fit_known(struct fit *fit, const char *kind, const char *name)
{
    const struct name *found = names_find(fit->known, key_of(fit, kind, name));
    /* The tree is ours: only the set of names takes it for constant. */
    union {
        const void *kept;
        json *object;
    } data = {.kept = found ? found->data : NULL};

    return data.object;
}

const char *fit_id(struct fit *fit, const char *format, ...)
{
    char *guid = arena_alloc(fit->arena, GUID_TEXT + 1, 1);
    const char *text;
    va_list args;

    va_start(args, format);
    text = arena_vprintf(fit->arena, format, args);
    va_end(args);
    guid_from_name(arena_printf(fit->arena, "rehearsal/%s", names_fold(fit->arena, text)), guid);
    return guid;
}

/* Tenants */

static json *add_tenant(struct fit *fit, const char *id, const char *name, const char *cloud)
{
    json *tenant = fit_new(fit, "tenant", id, json_member(fit->root, "tenants"));

    if (!tenant)
        return fit_known(fit, "tenant", id);
    json_text(tenant, "id", id);
    json_text(tenant, "name", name);
    json_text(tenant, "cloud", cloud);
    json_bool(tenant, "usersMayRegisterApplications", false);
    json_bool(tenant, "workloadIdentityFederation", true);
    json_list(tenant, "users");
    json_list(tenant, "applications");
    json_list(tenant, "servicePrincipals");
    return tenant;
}

/* Resources */

static const char *usual_location(const struct fit *fit)
{
    const struct spec *spec = fit->spec;
    size_t i;

    for (i = 0; i < spec->n_identities; i++)
        if (spec->identities[i].location.text)
            return spec->identities[i].location.text;
    for (i = 0; i < sizeof locations / sizeof *locations; i++)
        if (!strcmp(locations[i].cloud, spec->cloud->name))
            return locations[i].location;
    return "local";
}

/* NAME may be NULL. */
static json *add_subscription(struct fit *fit, const char *id, const char *name)
{
    const char *folded = names_fold(fit->arena, id);
    json *subscription = fit_new(fit, "subscription", id, json_member(fit->root, "subscriptions"));

    if (!subscription)
        return fit_known(fit, "subscription", id);
    json_text(subscription, "id", folded);
    json_text(subscription, "displayName",
              name ? name : arena_printf(fit->arena, "Subscription %.8s", folded));
    json_text(subscription, "tenantId", fit->spec->tenant_id.text);
    json_list(subscription, "resourceGroups");
    json_list(subscription, "identities");
    return subscription;
}

static const char *group_name(struct fit *fit, const char *subscription_id, const char *group)
{
    return arena_printf(fit->arena, "%s/%s", subscription_id, group);
}

/* Does the description create the group? Not when an identity that exists is in it. */
static bool is_made(const struct fit *fit, const char *subscription_id, const char *group)
{
    const struct spec *spec = fit->spec;
    bool made = false;
    size_t i;

    for (i = 0; i < spec->n_identities; i++) {
        const struct identity *identity = &spec->identities[i];

        if (identity->type != IDENTITY_MANAGED ||
            !names_equal(identity->subscription_id.text, subscription_id) ||
            !names_equal(identity->resource_group.text, group))
            continue;
        if (identity->existing)
            return false;
        made = made || identity->create_resource_group;
    }
    return made;
}

/* LOCATION may be NULL. */
static void add_group(struct fit *fit, const char *subscription_id, const char *name,
                      const char *location)
{
    json *subscription = add_subscription(fit, subscription_id, NULL), *group;

    if (is_made(fit, subscription_id, name))
        return;
    group = fit_new(fit, "group", group_name(fit, subscription_id, name),
                    json_member(subscription, "resourceGroups"));
    if (!group)
        return;
    json_text(group, "name", name);
    json_text(group, "location", location ? location : usual_location(fit));
    json_add(group, "tags", json_object());
}

/* NAME may be NULL. */
static void add_management_group(struct fit *fit, const char *id, const char *name)
{
    json *group = fit_new(fit, "management group", id, json_member(fit->root, "managementGroups"));

    if (!group)
        return;
    json_text(group, "id", id);
    json_text(group, "displayName", name ? name : id);
    json_text(group, "tenantId", fit->spec->tenant_id.text);
}

/* Segment INDEX of a path that begins with '/'; NULL past the last. */
static const char *segment_of(struct fit *fit, const char *path, size_t index)
{
    while (*path) {
        size_t len = strcspn(path + 1, "/");

        if (!index--)
            return arena_strndup(fit->arena, path + 1, len);
        path += len + 1;
    }
    return NULL;
}

/* What a scope is, or lies in; the description's own rules say that it has one of these forms. */
static void add_scope(struct fit *fit, const char *scope)
{
    const char *group = segment_of(fit, scope, 3);

    if (names_equal(segment_of(fit, scope, 0), "providers"))
        add_management_group(fit, group, NULL);
    else if (group)
        add_group(fit, segment_of(fit, scope, 1), group, NULL);
    else
        add_subscription(fit, segment_of(fit, scope, 1), NULL);
}

static void add_role(struct fit *fit, const struct role *role)
{
    json *definition, *list = json_member(fit->root, "roleDefinitions");

    if (arm_built_in_role(role->role))
        return;
    definition = fit_new(fit, "role", role->role, list);
    if (!definition)
        return;
    json_text(definition, "id", role->is_guid ? role->role : fit_id(fit, "role/%s", role->role));
    json_text(definition, "roleName",
              role->is_guid ? arena_printf(fit->arena, "Role %s", role->role) : role->role);
    json_append_text(json_list(definition, "actions"), "*/read");
    json_list(definition, "notActions");
}

/* What has a name comes first: elsewhere only its id may stand. */
static void add_resources(struct fit *fit)
{
    const struct spec *spec = fit->spec;
    size_t i, k;

    for (i = 0; i < spec->n_connections; i++) {
        const struct connection *c = &spec->connections[i];

        if (c->scope_level == SCOPE_MANAGEMENT_GROUP)
            add_management_group(fit, c->management_group_id.text, c->management_group_name.text);
        else
            add_subscription(fit, c->subscription_id.text, c->subscription_name.text);
    }
    for (i = 0; i < spec->n_identities; i++) {
        const struct identity *identity = &spec->identities[i];

        if (identity->type == IDENTITY_MANAGED)
            add_group(fit, identity->subscription_id.text, identity->resource_group.text,
                      identity->location.text);
    }
    for (i = 0; i < spec->n_connections; i++) {
        const struct connection *c = &spec->connections[i];

        if (c->scope_level == SCOPE_ML_WORKSPACE)
            add_group(fit, c->subscription_id.text, c->resource_group_name.text,
                      c->ml_workspace_location.text);
        for (k = 0; k < c->n_roles; k++) {
            add_scope(fit, c->roles[k].scope);
            add_role(fit, &c->roles[k]);
        }
    }
}

/* Identities that exist */

static json *add_principal(struct fit *fit, const char *app_id, const char *name, const char *type)
{
    json *principal =
        fit_new(fit, "principal", app_id, json_member(fit->tenant, "servicePrincipals"));

    if (!principal)
        return NULL;
    json_text(principal, "id", fit_id(fit, "principal/%s", app_id));
    json_text(principal, "appId", app_id);
    json_text(principal, "displayName", name);
    json_text(principal, "servicePrincipalType", type);
    json_list(principal, "alternativeNames");
    json_list(principal, "tags");
    json_bool(principal, "accountEnabled", true);
    return principal;
}

static void add_managed(struct fit *fit, const struct identity *identity)
{
    const char *subscription_id = identity->subscription_id.text,
               *client = identity->client_id.text;
    json *subscription = fit_known(fit, "subscription", subscription_id), *group, *entry, *names;

    if (!(entry = add_principal(fit, client, identity->name.text, "ManagedIdentity")))
        return;
    names = json_member(entry, "alternativeNames");
    json_append_text(names, "isExplicit=True");
    json_append_text(names, arena_printf(fit->arena,
                                         "/subscriptions/%s/resourcegroups/%s/providers/"
                                         "Microsoft.ManagedIdentity/userAssignedIdentities/%s",
                                         subscription_id, identity->resource_group.text,
                                         identity->name.text));
    group =
        fit_known(fit, "group", group_name(fit, subscription_id, identity->resource_group.text));
    entry = json_append(json_member(subscription, "identities"), json_object());
    json_text(entry, "name", identity->name.text);
    json_text(entry, "resourceGroup", identity->resource_group.text);
    json_text(entry, "location", json_text_of(group, "location"));
    json_add(entry, "tags", json_object());
    json_text(entry, "principalId", fit_id(fit, "principal/%s", client));
    json_text(entry, "clientId", client);
    json_list(entry, "federatedCredentials");
}

static void add_application(struct fit *fit, const struct identity *identity)
{
    const char *client = identity->client_id.text;
    const char *name = identity->name.text ? identity->name.text
                                           : arena_printf(fit->arena, "Application %.8s", client);
    json *entry;

    if (!add_principal(fit, client, name, "Application"))
        return;
    entry = json_append(json_member(fit->tenant, "applications"), json_object());
    json_text(entry, "id", fit_id(fit, "application/%s", client));
    json_text(entry, "appId", client);
    json_text(entry, "displayName", name);
    json_text(entry, "signInAudience", "AzureADMyOrg");
    json_list(entry, "tags");
    json_text(entry, "createdDateTime", "2026-01-01T00:00:00Z");
    json_append_text(json_list(entry, "owners"), fit_person_id(fit, PERSON_IDENTITY, fit->tenant));
    json_list(entry, "federatedCredentials");
}

static void add_identities(struct fit *fit)
{
    size_t i;

    for (i = 0; i < fit->spec->n_identities; i++) {
        const struct identity *identity = &fit->spec->identities[i];

        if (identity->existing)
            (identity->type == IDENTITY_MANAGED ? add_managed : add_application)(fit, identity);
    }
}

/* The organization */

/* Id and name of a project, which the description calls by either. */
static void name_project(struct fit *fit, const char *project, const char **ret_id,
                         const char **ret_name)
{
    const char *usual = fit->spec->default_project.text, *usual_id = fit->spec->project_id.text;

    if (!guid_valid(project)) {
        *ret_name = project;
        *ret_id = usual && usual_id && names_equal(project, usual)
                      ? usual_id
                      : fit_id(fit, "project/%s", project);
        return;
    }
    *ret_id = names_fold(fit->arena, project);
    *ret_name = usual && usual_id && names_equal(project, usual_id) && !guid_valid(usual)
                    ? usual
                    : arena_printf(fit->arena, "Project %.8s", *ret_id);
}

static json *add_project(struct fit *fit, const char *text)
{
    const char *id, *name;
    json *project;

    name_project(fit, text, &id, &name);
    project = fit_new(fit, "project", id, json_member(fit->organization, "projects"));
    if (!project)
        return fit_known(fit, "project", id);
    json_text(project, "id", id);
    json_text(project, "name", name);
    json_text(project, "state", "wellFormed");
    json_list(project, "pipelines");
    return project;
}

static void add_pipeline(struct fit *fit, const json *project, long number)
{
    const char *key = arena_printf(fit->arena, "%s/%ld", json_text_of(project, "id"), number);
    json *pipeline = fit_new(fit, "pipeline", key, json_member(project, "pipelines"));

    if (!pipeline)
        return;
    json_number(pipeline, "id", number);
    json_text(pipeline, "name", arena_printf(fit->arena, "pipeline-%ld", number));
}

static void add_projects(struct fit *fit)
{
    const struct spec *spec = fit->spec;
    const json *project;
    size_t i, k;

    for (i = 0; i < spec->n_connections; i++) {
        const struct connection *c = &spec->connections[i];

        project = add_project(fit, c->project.text);
        for (k = 0; k < c->pipeline_ids.count; k++)
            add_pipeline(fit, project, strtol(c->pipeline_ids.items[k].text, NULL, 10));
        for (k = 0; k < c->share_with.count; k++)
            add_project(fit, c->share_with.items[k].text);
    }
    project = json_first(json_member(fit->organization, "projects"));
    for (; project; project = json_next(project))
        add_pipeline(fit, project, FIT_OTHER_PIPELINE);
}

/* A world has one issuer for what an organization makes: the old one when anybody expects it. */
static const char *issuer_of(const struct spec *spec)
{
    size_t i;

    for (i = 0; i < spec->n_connections; i++)
        if (spec->connections[i].issuer == ISSUER_AZURE_DEVOPS)
            return "azure-devops";
    return "entra";
}

static void add_organization(struct fit *fit)
{
    const struct spec *spec = fit->spec;
    json *organization = json_append(json_member(fit->root, "organizations"), json_object());

    fit->organization = organization;
    json_text(organization, "name", spec->organization.text);
    json_text(organization, "id",
              spec->organization_id.text ? spec->organization_id.text
                                         : fit_id(fit, "organization/%s", spec->organization.text));
    json_text(organization, "tenantId", spec->devops_tenant_id);
    json_text(organization, "issuer", issuer_of(spec));
    json_list(organization, "projects");
    json_list(organization, "members");
    json_list(organization, "serviceEndpoints");
    add_projects(fit);
}

json *fit_world(const struct spec *spec)
{
    static const char *const lists[] = {"tenants",         "subscriptions",   "managementGroups",
                                        "roleDefinitions", "roleAssignments", "organizations"};
    struct fit fit = {.arena = arena_new(), .spec = spec, .root = json_object()};
    size_t i;

    fit.known = names_new(fit.arena);
    json_number(fit.root, "schema", WORLD_SCHEMA);
    for (i = 0; i < sizeof lists / sizeof *lists; i++)
        json_list(fit.root, lists[i]);
    fit.tenant = add_tenant(&fit, spec->tenant_id.text, "Rehearsal", spec->cloud->name);
    fit.devops_tenant =
        add_tenant(&fit, spec->devops_tenant_id, "Rehearsal of Azure DevOps", "AzureCloud");
    add_resources(&fit);
    add_identities(&fit);
    add_organization(&fit);
    fit_people(&fit);
    arena_free(fit.arena);
    return fit.root;
}
