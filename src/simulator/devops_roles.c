/* SPDX-License-Identifier: MIT
 * Security roles on a service connection: who administers, uses or reads it. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

#define SCOPE "distributedtask.serviceendpointrole"

static const char *const names[] = {"Administrator", "User", "Reader", "Creator", NULL};

/* The role's name as the service writes it; NULL: there is no such role. */
static const char *find_role(const char *name)
{
    const char *const *known;

    for (known = names; *known; known++)
        if (!strcasecmp(*known, name))
            return *known;
    return NULL;
}

/* The connection of the path's last part, "{projectId}_{endpointId}"; NULL after a refusal. */
static json *find_resource(struct devops *ask, unsigned right)
{
    const char *text = ask->call->part[0], *endpoint_id = strchr(text, '_');
    json *endpoint;

    if (!endpoint_id || endpoint_id - text != GUID_TEXT || !guid_valid(endpoint_id + 1)) {
        devops_refuse(ask->call, 400, "the resource is not {projectId}_{endpointId}");
        return NULL;
    }
    ask->project = devops_find_project(ask, arena_strndup(ask->call->arena, text, GUID_TEXT));
    if (!ask->project)
        return NULL;
    endpoint = devops_find_endpoint(ask, endpoint_id + 1, ask->project);
    return endpoint && devops_allowed(ask, right, ask->project, endpoint) ? endpoint : NULL;
}

static void reply_roles(struct devops *ask, const json *endpoint)
{
    const json *given = json_member(endpoint, "roles"), *item;
    json *items = json_array();

    for (item = given ? json_first(given) : NULL; item; item = json_next(item)) {
        const char *role = json_text_of(item, "role");
        json *entry = json_append(items, json_object()), *part;

        json_add(entry, "identity", devops_identity(ask, json_text_of(item, "identity")));
        part = json_add(entry, "role", json_object());
        json_text(part, "displayName", role);
        json_text(part, "name", role);
        json_text(part, "identifier", call_text(ask->call, SCOPE ".%s", role));
        json_text(part, "scope", SCOPE);
        json_text(entry, "access", "assigned");
        json_text(entry, "accessDisplayName", "Assigned");
    }
    devops_reply_list(ask, items);
}

static void roles_get(struct devops *ask)
{
    const json *endpoint = find_resource(ask, MAY_LIST);

    if (endpoint)
        reply_roles(ask, endpoint);
}

static bool check_assignment(struct devops *ask, const json *item)
{
    const json *members = json_member(ask->organization, "members");

    if (!call_shape(ask->call, item, "roleName:text userId:text uniqueName?:text",
                    "a role assignment", devops_refuse))
        return false;
    if (!find_role(json_text_of(item, "roleName")))
        devops_fail(ask->call, 400, "SecurityRoleNotFoundException",
                    "The role %s does not exist in the scope " SCOPE ".",
                    json_text_of(item, "roleName"));
    else if (!json_find(members, "id", json_text_of(item, "userId")))
        devops_fail(ask->call, 404, "IdentityNotFoundException",
                    "The identity with the id %s could not be found.",
                    json_text_of(item, "userId"));
    return !ask->call->status;
}

/* Adds or replaces the roles of those who are named; others keep theirs. */
static void roles_put(struct devops *ask)
{
    json *endpoint = find_resource(ask, MAY_ADMINISTER), *roles;
    const json *item;

    if (!endpoint)
        return;
    for (item = json_first(ask->body); item; item = json_next(item))
        if (!check_assignment(ask, item))
            return;
    roles = json_list(endpoint, "roles");
    for (item = json_first(ask->body); item; item = json_next(item)) {
        json *mine = json_find(roles, "identity", json_text_of(item, "userId"));

        if (!mine) {
            mine = json_append(roles, json_object());
            json_text(mine, "identity", json_text_of(item, "userId"));
        }
        json_put_text(mine, "role", find_role(json_text_of(item, "roleName")));
    }
    reply_roles(ask, endpoint);
}

#define ROLES "_apis/securityroles/scopes/" SCOPE "/roleassignments/resources/{}"

const struct devops_route devops_role_routes[] = {
    {"GET", ROLES, RESOURCE_ROLES, BODY_NONE, NULL, roles_get},
    {"PUT", ROLES, RESOURCE_ROLES, BODY_LIST, NULL, roles_put},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
