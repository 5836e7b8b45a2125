/* SPDX-License-Identifier: MIT
 * What of a world matters to somebody who approves: who may sign in, with what trust and which
 * rights, and the service connections. The people of a rehearsal are left out. */
#include <strings.h>

#include "cli/rehearse.h"
#include "simulator/arm.h"

struct telling {
    struct arena *arena;
    const json *world;
    long long began; /* what was made before was there already */
    json *identities, *assignments, *connections;
};

static const json *first_of(const json *parent, const char *key)
{
    const json *list = json_member(parent, key);

    return list ? json_first(list) : NULL;
}

static void tell_age(const struct telling *t, json *item, const json *object)
{
    json_bool(item, "existed", json_number_of(object, "createdAt", 0) < t->began);
}

/* Texts of a list, or its numbers, in words. */
static const char *in_words(struct arena *arena, const json *list)
{
    const char *text = "";
    const json *item;

    for (item = list ? json_first(list) : NULL; item; item = json_next(item)) {
        char number[JSON_NUMBER_MAX];
        const char *one = json_as_text(item, number);

        text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "", one ? one : "");
    }
    return text;
}

/* Identities */

static void tell_credentials(const struct telling *t, json *item, const json *holder)
{
    json *list = json_add(item, "credentials", json_array()), *row;
    const json *credential = first_of(holder, "federatedCredentials");

    for (; credential; credential = json_next(credential)) {
        row = json_append(list, json_object());
        json_text(row, "name", json_text_of(credential, "name"));
        json_text(row, "issuer", json_text_of(credential, "issuer"));
        json_text(row, "subject", json_text_of(credential, "subject"));
        json_text(row, "audience", in_words(t->arena, json_member(credential, "audiences")));
    }
}

static json *tell_identity(const struct telling *t, const json *holder, const char *kind,
                           const char *name, const char *client_id, const char *principal_id)
{
    json *item = json_append(t->identities, json_object());

    json_text(item, "kind", kind);
    json_text(item, "name", name);
    json_text(item, "client_id", client_id);
    json_text(item, "principal_id", principal_id);
    tell_age(t, item, holder);
    tell_credentials(t, item, holder);
    return item;
}

static void tell_managed(const struct telling *t)
{
    const json *subscription = first_of(t->world, "subscriptions"), *each;

    for (; subscription; subscription = json_next(subscription))
        for (each = first_of(subscription, "identities"); each; each = json_next(each)) {
            json *item =
                tell_identity(t, each, "managed identity", json_text_of(each, "name"),
                              json_text_of(each, "clientId"), json_text_of(each, "principalId"));

            json_text(item, "place",
                      arena_printf(t->arena, "resource group %s of subscription %s, %s",
                                   json_text_of(each, "resourceGroup"),
                                   json_text_of(subscription, "id"),
                                   json_text_of(each, "location")));
        }
}

static void tell_applications(const struct telling *t)
{
    const json *tenant = first_of(t->world, "tenants"), *each;

    for (; tenant; tenant = json_next(tenant))
        for (each = first_of(tenant, "applications"); each; each = json_next(each)) {
            const char *client_id = json_text_of(each, "appId");
            json *item = tell_identity(
                t, each, "app registration", json_text_of(each, "displayName"), client_id,
                json_text_of(
                    json_find(json_member(tenant, "servicePrincipals"), "appId", client_id), "id"));

            json_text(item, "place",
                      arena_printf(t->arena, "tenant %s", json_text_of(tenant, "id")));
        }
}

/* Role assignments */

static const char *role_name(const struct telling *t, const char *id)
{
    const char *built_in = arm_built_in_role_name(id);

    return built_in ? built_in
                    : json_text_of(json_find(json_member(t->world, "roleDefinitions"), "id", id),
                                   "roleName");
}

static void tell_assignments(const struct telling *t)
{
    const json *each = first_of(t->world, "roleAssignments");

    for (; each; each = json_next(each)) {
        const char *principal = json_text_of(each, "principalId");
        json *item;

        if (strcasecmp(json_text_of(each, "principalType"), "ServicePrincipal") != 0)
            continue;
        item = json_append(t->assignments, json_object());
        json_text(item, "role", role_name(t, json_text_of(each, "roleDefinitionId")));
        json_text(item, "role_id", json_text_of(each, "roleDefinitionId"));
        json_text(item, "scope", json_text_of(each, "scope"));
        json_text(item, "identity",
                  json_text_of(json_find(t->identities, "principal_id", principal), "name"));
        json_text(item, "principal_id", principal);
        tell_age(t, item, each);
    }
}

/* Service connections */

static const char *project_name(const json *organization, const json *holder)
{
    return json_text_of(
        json_find(json_member(organization, "projects"), "id", json_text_of(holder, "projectId")),
        "name");
}

static void tell_projects(const json *organization, json *item, const json *endpoint)
{
    const json *reference = first_of(endpoint, "references");
    json *list;

    json_text(item, "name", json_text_of(reference, "name"));
    json_text(item, "project", project_name(organization, reference));
    list = json_add(item, "shares", json_array());
    while (reference && (reference = json_next(reference)))
        json_append_text(list, project_name(organization, reference));
}

static const char *pipelines_of(const struct telling *t, const json *organization,
                                const json *endpoint)
{
    const json *each = first_of(endpoint, "permissions");
    const char *text = "";

    for (; each; each = json_next(each)) {
        const char *ids = json_flag_of(each, "allPipelines")
                              ? "all"
                              : in_words(t->arena, json_member(each, "pipelines"));

        if (*ids)
            text = arena_printf(t->arena, "%s%s%s of %s", text, *text ? "; " : "", ids,
                                project_name(organization, each));
    }
    return *text ? text : "none";
}

static const char *checks_of(const struct telling *t, const json *endpoint)
{
    const json *each = first_of(endpoint, "checks");
    const char *text = "";

    for (; each; each = json_next(each)) {
        const char *name =
            json_text_of(json_member(json_member(each, "settings"), "definitionRef"), "name");

        if (!*name)
            name = json_text_of(json_member(each, "type"), "name");
        text = arena_printf(t->arena, "%s%s%s", text, *text ? ", " : "", name);
    }
    return *text ? text : "none";
}

static void tell_connections(const struct telling *t)
{
    const json *organization = first_of(t->world, "organizations"), *each;

    for (; organization; organization = json_next(organization))
        for (each = first_of(organization, "serviceEndpoints"); each; each = json_next(each)) {
            const json *authorization = json_member(each, "authorization");
            json *item = json_append(t->connections, json_object());

            tell_projects(organization, item, each);
            json_text(item, "id", json_text_of(each, "id"));
            json_text(item, "scheme", json_text_of(authorization, "scheme"));
            json_text(item, "client_id",
                      json_text_of(json_member(authorization, "parameters"), "serviceprincipalid"));
            json_text(item, "pipelines", pipelines_of(t, organization, each));
            json_text(item, "checks", checks_of(t, each));
            tell_age(t, item, each);
        }
}

/* The world of a description has a role definition for each role that is none of the known ones. */
static json *assumed_roles(const json *world)
{
    const json *each = first_of(world, "roleDefinitions");
    json *list = json_array();

    for (; each; each = json_next(each))
        json_append_text(list, json_text_of(each, "roleName"));
    return list;
}

json *rehearse_world(const json *world, long long began)
{
    json *root = json_object();
    struct telling t = {.arena = arena_new(),
                        .world = world,
                        .began = began,
                        .identities = json_add(root, "identities", json_array()),
                        .assignments = json_add(root, "assignments", json_array()),
                        .connections = json_add(root, "connections", json_array())};

    tell_managed(&t);
    tell_applications(&t);
    tell_assignments(&t);
    tell_connections(&t);
    json_add(root, "assumed_roles", assumed_roles(world));
    arena_free(t.arena);
    return root;
}
