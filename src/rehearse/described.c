/* SPDX-License-Identifier: MIT
 * Is the world what the description says? Read from the world itself, with nothing of the scripts:
 * what they and verify.sh might both get wrong is seen here. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rehearse/stage.h"
#include "simulator/arm.h"
#include "simulator/devops.h"

/* What is looked at; texts live as long as the world is locked. */
struct described {
    struct rehearsing *r;
    const struct connection *connection;
    const json *organization, *project, *endpoint;
    const char *client_id, *principal_id;
};

/* A flaw as a sentence. */
#define FLAW(d, ...) arena_printf((d)->r->arena, __VA_ARGS__)

static json *root_of(const struct described *d)
{
    return world_root(d->r->lab.world);
}

/* The identity's ids, as its service has them. */
static const char *find_identity(struct described *d)
{
    const struct identity *identity = d->connection->identity;
    const json *tenant = world_tenant(d->r->lab.world, d->r->request->spec->tenant_id.text);
    const json *principals = json_member(tenant, "servicePrincipals"), *found;

    if (identity->existing)
        found = json_find(principals, "appId", identity->client_id.text);
    else if (identity->type == IDENTITY_MANAGED)
        found = json_find(
            principals, "appId",
            json_text_of(json_find(json_member(world_subscription(d->r->lab.world,
                                                                  identity->subscription_id.text),
                                               "identities"),
                                   "name", identity->name.text),
                         "clientId"));
    else
        found = json_find(principals, "appId",
                          json_text_of(json_find(json_member(tenant, "applications"), "uniqueName",
                                                 identity->unique_name.text),
                                       "appId"));
    d->client_id = json_text_of(found, "appId");
    d->principal_id = json_text_of(found, "id");
    return found ? NULL : FLAW(d, "there is no service principal of identity %s", identity->key);
}

static const char *find_connection(struct described *d)
{
    const json *each;

    d->organization = world_organization(d->r->lab.world, d->r->request->spec->organization.text);
    d->project = devops_project(d->organization, d->connection->project.text);
    each = json_first(json_member(d->organization, "serviceEndpoints"));
    for (; each; each = json_next(each)) {
        const json *mine =
            json_find(json_member(each, "references"), "projectId", json_text_of(d->project, "id"));

        if (mine && !strcasecmp(json_text_of(mine, "name"), d->connection->name.text))
            d->endpoint = each;
    }
    return d->endpoint ? NULL : FLAW(d, "there is no connection %s", d->connection->name.text);
}

static const char *check_connection(struct described *d)
{
    static const char *const levels[] = {[SCOPE_SUBSCRIPTION] = "Subscription",
                                         [SCOPE_MANAGEMENT_GROUP] = "ManagementGroup",
                                         [SCOPE_ML_WORKSPACE] = "AzureMLWorkspace"};
    const struct spec *spec = d->r->request->spec;
    const json *authorization = json_member(d->endpoint, "authorization");
    const json *parameters = json_member(authorization, "parameters");
    const json *data = json_member(d->endpoint, "data");
    const struct {
        const char *what, *have, *want;
    } pairs[] = {
        {"scheme", json_text_of(authorization, "scheme"), "WorkloadIdentityFederation"},
        {"tenant", json_text_of(parameters, "tenantid"), spec->tenant_id.text},
        {"client id", json_text_of(parameters, "serviceprincipalid"), d->client_id},
        {"url", json_text_of(d->endpoint, "url"), spec->resource_manager},
        {"environment", json_text_of(data, "environment"), spec->cloud->name},
        {"scope level", json_text_of(data, "scopeLevel"), levels[d->connection->scope_level]},
        {"subscription", json_text_of(data, "subscriptionId"),
         d->connection->scope_level == SCOPE_MANAGEMENT_GROUP
             ? ""
             : d->connection->subscription_id.text},
        {"management group", json_text_of(data, "managementGroupId"),
         d->connection->scope_level == SCOPE_MANAGEMENT_GROUP
             ? d->connection->management_group_id.text
             : ""},
    };
    size_t i;

    for (i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcasecmp(pairs[i].have, pairs[i].want) != 0)
            return FLAW(d, "the connection's %s is '%s', not '%s'", pairs[i].what, pairs[i].have,
                        pairs[i].want);
    return NULL;
}

static const char *check_shares(struct described *d)
{
    const struct setting_list *shares = &d->connection->share_with;
    const json *references = json_member(d->endpoint, "references");
    size_t i;

    for (i = 0; i < shares->count; i++)
        if (!json_find(references, "projectId",
                       json_text_of(devops_project(d->organization, shares->items[i].text), "id")))
            return FLAW(d, "the connection is not shared with %s", shares->items[i].text);
    return json_count(references) == shares->count + 1
               ? NULL
               : FLAW(d, "the connection is in %zu projects, not %zu", json_count(references),
                      shares->count + 1);
}

static const char *check_pipelines(struct described *d)
{
    const struct connection *c = d->connection;
    const json *mine = json_find(json_member(d->endpoint, "permissions"), "projectId",
                                 json_text_of(d->project, "id"));
    bool all = json_flag_of(mine, "allPipelines");
    size_t count = json_count(json_member(mine, "pipelines")), i;

    if (all != (c->pipelines == PIPELINES_ALL))
        return FLAW(d, "all pipelines are %sauthorized", all ? "" : "not ");
    for (i = 0; i < c->pipeline_ids.count; i++)
        if (!devops_authorized(d->endpoint, json_text_of(d->project, "id"),
                               strtoll(c->pipeline_ids.items[i].text, NULL, 10)))
            return FLAW(d, "pipeline %s is not authorized", c->pipeline_ids.items[i].text);
    return count == c->pipeline_ids.count
               ? NULL
               : FLAW(d, "%zu pipelines are authorized, not %zu", count, c->pipeline_ids.count);
}

static const char *check_checks(struct described *d)
{
    const struct connection *c = d->connection;
    size_t wanted =
        (size_t)(c->approvers.count > 0) + (c->allowed_branches.count > 0) + c->exclusive_lock;
    size_t count = json_count(json_member(d->endpoint, "checks"));

    return count == wanted ? NULL : FLAW(d, "there are %zu checks, not %zu", count, wanted);
}

/* Its id, whether it was named by that, is built-in, or one of the world's. */
static const char *role_id(const struct described *d, const struct role *role)
{
    const char *built_in = arm_built_in_role(role->role);

    if (role->is_guid || built_in)
        return role->is_guid ? role->role : built_in;
    return json_text_of(
        json_find(json_member(root_of(d), "roleDefinitions"), "roleName", role->role), "id");
}

static bool is_assignment(const struct described *d, const json *assignment,
                          const struct role *role)
{
    return !strcasecmp(json_text_of(assignment, "principalId"), d->principal_id) &&
           !strcasecmp(json_text_of(assignment, "scope"), role->scope) &&
           !strcasecmp(json_text_of(assignment, "roleDefinitionId"), role_id(d, role));
}

static bool is_described(const struct described *d, const json *assignment)
{
    const struct identity *identity = d->connection->identity;
    size_t i, k;

    for (i = 0; i < identity->n_connections; i++)
        for (k = 0; k < identity->connections[i]->n_roles; k++)
            if (is_assignment(d, assignment, &identity->connections[i]->roles[k]))
                return true;
    return false;
}

static const char *check_roles(struct described *d)
{
    const json *all = json_member(root_of(d), "roleAssignments"), *each;
    size_t i;

    for (i = 0; i < d->connection->n_roles; i++) {
        for (each = json_first(all); each; each = json_next(each))
            if (is_assignment(d, each, &d->connection->roles[i]))
                break;
        if (!each)
            return FLAW(d, "role %s is not assigned at %s", d->connection->roles[i].role,
                        d->connection->roles[i].scope);
    }
    if (d->connection->identity->existing)
        return NULL; /* it may have had others */
    for (each = json_first(all); each; each = json_next(each))
        if (!strcasecmp(json_text_of(each, "principalId"), d->principal_id) &&
            !is_described(d, each))
            return FLAW(d, "a role is assigned at %s that is not described",
                        json_text_of(each, "scope"));
    return NULL;
}

bool check_described(struct rehearsing *r, const struct connection *connection)
{
    static const char *(*const checks[])(struct described *) = {
        find_identity,   find_connection, check_connection, check_shares,
        check_pipelines, check_checks,    check_roles};
    struct phase *phase = phase_begin(
        r, PHASE_STATE, connection, PERSON_EVERYTHING,
        arena_printf(r->arena, "the world has what is described of %s", connection->name.text));
    struct described d = {.r = r, .connection = connection};
    const char *flaw = NULL;
    size_t i;

    world_lock(r->lab.world);
    for (i = 0; i < sizeof checks / sizeof *checks && !flaw; i++)
        flaw = checks[i](&d);
    world_unlock(r->lab.world);
    return phase_end(r, phase, flaw);
}
