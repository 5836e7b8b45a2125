/* SPDX-License-Identifier: MIT
 * Deleting a service connection from some or all of its projects. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

/* Has OWNER a federated credential that trusts what the connection says in one of GOING's projects?
 */
static bool is_trusted(struct devops *ask, const json *endpoint, const json *going,
                       const json *owner)
{
    const json *credentials = json_member(owner, "federatedCredentials"), *item, *reference;

    for (item = credentials ? json_first(credentials) : NULL; item; item = json_next(item))
        for (reference = json_first(going); reference; reference = json_next(reference)) {
            const json *project = json_find(json_member(ask->organization, "projects"), "id",
                                            json_text_of(reference, "projectId"));
            struct devops_trust trust =
                devops_trust(ask->call->arena, ask->organization, endpoint, project);

            if (!strcmp(json_text_of(item, "issuer"), trust.issuer) &&
                !strcmp(json_text_of(item, "subject"), trust.subject))
                return true;
        }
    return false;
}

/* The application or managed identity with CLIENT_ID, in the tenant with TENANT_ID. */
static bool is_federated(struct devops *ask, const json *endpoint, const json *going,
                         const char *tenant_id, const char *client_id)
{
    struct world *world = ask->call->world;
    const json *tenant = world_tenant(world, tenant_id);
    const json *app = json_find(json_member(tenant, "applications"), "appId", client_id);
    const json *all = json_member(world_root(world), "subscriptions"), *item;

    if (app && is_trusted(ask, endpoint, going, app))
        return true;
    for (item = all ? json_first(all) : NULL; item; item = json_next(item)) {
        const json *identity = json_find(json_member(item, "identities"), "clientId", client_id);

        if (identity && !strcasecmp(json_text_of(item, "tenantId"), tenant_id) &&
            is_trusted(ask, endpoint, going, identity))
            return true;
    }
    return false;
}

/* The service looks for credentials that name the connection before it lets it go. */
static bool check_federation(struct devops *ask, const json *endpoint, const json *going)
{
    const json *authorization = json_member(endpoint, "authorization");
    const json *parameters = json_member(authorization, "parameters");
    const char *tenant = json_text_of(parameters, "tenantid");
    const char *app = json_text_of(parameters, "serviceprincipalid");

    if (strcasecmp(json_text_of(authorization, "scheme"), DEVOPS_WIF) != 0 ||
        !is_federated(ask, endpoint, going, tenant, app))
        return true;
    devops_fail(ask->call, 400, "InvalidOperationException",
                "Cannot delete this service connection while federated credentials for app %s "
                "exist in Entra tenant %s. Please make sure federated credentials have been "
                "removed prior to deleting the service connection.",
                app, tenant);
    return false;
}

/* Adds the reference in the project NAME of LEN bytes to GOING. */
static bool add_going(struct devops *ask, const json *endpoint, json *going, const char *name,
                      size_t len)
{
    const json *project = devops_find_project(ask, arena_strndup(ask->call->arena, name, len));
    const json *reference;

    if (!project || !devops_allowed(ask, MAY_ADMINISTER, project, endpoint))
        return false;
    reference = devops_reference(endpoint, project);
    if (!reference) {
        devops_refuse(ask->call, 400,
                      call_text(ask->call, "the service connection is not in the project %s",
                                json_text_of(project, "id")));
        return false;
    }
    if (!json_find(going, "projectId", json_text_of(reference, "projectId")))
        json_append(going, json_copy(reference));
    return true;
}

/* The references in the projects of a comma-separated list; NULL after a refusal. */
static json *find_going(struct devops *ask, const json *endpoint, const char *projects)
{
    json *going = json_array();
    size_t len;

    for (; *projects; projects += len + (projects[len] == ',')) {
        len = strcspn(projects, ",");
        if (!add_going(ask, endpoint, going, projects, len)) {
            json_free(going);
            return NULL;
        }
    }
    return going;
}

/* It goes on being listed, as in progress, until it is gone: with its permissions and checks. */
static void take_out(struct devops *ask, json *endpoint, const json *going)
{
    json *references = json_list(endpoint, "references");
    const json *item;

    if (json_count(going) == json_count(references)) {
        json_put_number(endpoint, "deletedAt", world_now());
        devops_endpoints(ask); /* it may be due already */
    } else {
        for (item = json_first(going); item; item = json_next(item))
            json_remove(references,
                        json_find(references, "projectId", json_text_of(item, "projectId")));
    }
    call_reply(ask->call, 204, NULL);
}

static void delete_from(struct devops *ask, const char *id, const char *projects)
{
    json *endpoint = devops_find_endpoint(ask, id, NULL), *going;

    if (!endpoint)
        return;
    going = find_going(ask, endpoint, projects);
    if (going && check_federation(ask, endpoint, going))
        take_out(ask, endpoint, going);
    json_free(going);
}

static void endpoint_delete(struct devops *ask)
{
    const char *projects = call_argument(ask->call, "projectIds");

    if (projects && *projects)
        delete_from(ask, ask->call->part[0], projects);
    else
        devops_fail(ask->call, 400, "ArgumentNullException",
                    "Value cannot be null. Parameter name: projectIds");
}

/* As before there was sharing: from the path's project. */
static void endpoint_delete_old(struct devops *ask)
{
    delete_from(ask, ask->call->part[1], json_text_of(ask->project, "id"));
}

const struct devops_route devops_delete_routes[] = {
    {"DELETE", "_apis/serviceendpoint/endpoints/{}", RESOURCE_SHARED_ENDPOINTS, BODY_NONE,
     "projectIds deep", endpoint_delete},
    {"DELETE", "{}/_apis/serviceendpoint/endpoints/{}", RESOURCE_ENDPOINTS, BODY_NONE, "deep",
     endpoint_delete_old},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
