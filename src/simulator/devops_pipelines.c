/* SPDX-License-Identifier: MIT
 * Which pipelines may use a service connection: by pipeline, and as a resource of all of them. */
#include "simulator/devops.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* A pipeline's number; -1: ITEM (may be NULL) is none. */
static long long number_of(const json *item)
{
    char text[JSON_NUMBER_MAX];
    long number = -1;

    if (item && json_kind(item) == JSON_NUMBER)
        devops_number(json_as_text(item, text), INT32_MAX, &number);
    return number;
}

static json *find_permission(const json *endpoint, const char *project_id)
{
    return json_find(json_member(endpoint, "permissions"), "projectId", project_id);
}

/* Of the connection in the path's project; added when there is none. */
static json *own_permission(struct devops *ask, json *endpoint)
{
    const char *project_id = json_text_of(ask->project, "id");
    json *found = find_permission(endpoint, project_id);

    if (found)
        return found;
    found = json_append(json_list(endpoint, "permissions"), json_object());
    json_text(found, "projectId", project_id);
    return found;
}

bool devops_authorized(const json *endpoint, const char *project_id, long long pipeline)
{
    const json *permission = find_permission(endpoint, project_id);
    const json *ids = json_member(permission, "pipelines"), *item;

    if (json_flag_of(permission, "allPipelines"))
        return true;
    for (item = ids ? json_first(ids) : NULL; item; item = json_next(item))
        if (pipeline >= 0 && number_of(item) == pipeline)
            return true;
    return false;
}

/* The connection, when the caller has RIGHT on it; NULL after a refusal. */
static json *find_for(struct devops *ask, const char *id, unsigned right)
{
    json *endpoint = devops_find_endpoint(ask, id, ask->project);

    return endpoint && devops_allowed(ask, right, ask->project, endpoint) ? endpoint : NULL;
}

/* Pipeline permissions */

static void reply_permission(struct devops *ask, const json *endpoint)
{
    const json *permission = find_permission(endpoint, json_text_of(ask->project, "id"));
    const json *ids = json_member(permission, "pipelines"), *item;
    json *body = json_object(), *part = json_add(body, "resource", json_object());

    json_text(part, "type", "endpoint");
    json_text(part, "id", json_text_of(endpoint, "id"));
    if (json_flag_of(permission, "allPipelines"))
        json_bool(json_add(body, "allPipelines", json_object()), "authorized", true);
    part = json_add(body, "pipelines", json_array());
    for (item = ids ? json_first(ids) : NULL; item; item = json_next(item)) {
        json *pipeline = json_append(part, json_object());

        json_add(pipeline, "id", json_copy(item));
        json_bool(pipeline, "authorized", true);
    }
    call_reply(ask->call, 200, body);
}

static void permission_get(struct devops *ask)
{
    const json *endpoint = find_for(ask, ask->call->part[1], MAY_LIST);

    if (endpoint)
        reply_permission(ask, endpoint);
}

static bool is_pipeline(const json *project, long long number)
{
    const json *all = json_member(project, "pipelines"), *item;

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (number >= 0 && number_of(json_member(item, "id")) == number)
            return true;
    return false;
}

/* Items of "pipelines": {"id", "authorized"}, each a pipeline that there is. */
static bool check_pipelines(struct devops *ask, const json *given)
{
    const json *item;

    for (item = given ? json_first(given) : NULL; item; item = json_next(item)) {
        if (!call_shape(ask->call, item,
                        "id:number authorized:bool authorizedBy?:object authorizedOn?:text",
                        "a pipeline", devops_refuse))
            return false;
        if (is_pipeline(ask->project, number_of(json_member(item, "id"))))
            continue;
        call_not_modelled(ask->call, "authorizing a pipeline that does not exist");
        return false;
    }
    return true;
}

/* Authorizes the pipeline of ITEM, or takes that back; others stay as they are. */
static void put_pipeline(json *permission, const json *item)
{
    const json *id = json_member(item, "id"), *old;
    json *ids = json_array();

    for (old = json_first(json_list(permission, "pipelines")); old; old = json_next(old))
        if (number_of(old) != number_of(id))
            json_append(ids, json_copy(old));
    if (json_flag_of(item, "authorized"))
        json_append(ids, json_copy(id));
    json_put(permission, "pipelines", ids);
}

static void permission_patch(struct devops *ask)
{
    json *endpoint = find_for(ask, ask->call->part[1], MAY_ADMINISTER), *permission;
    const json *given = json_member(ask->body, "pipelines"), *item;
    const json *all = json_member(ask->body, "allPipelines");

    all = all && json_kind(all) == JSON_OBJECT ? all : NULL;
    if (!endpoint ||
        !call_shape(ask->call, ask->body, "resource?:object pipelines?:list allPipelines?:object",
                    "the body", devops_refuse) ||
        (all &&
         !call_shape(ask->call, all, "authorized:bool authorizedBy?:object authorizedOn?:text",
                     "allPipelines", devops_refuse)) ||
        !check_pipelines(ask, given))
        return;
    permission = own_permission(ask, endpoint);
    if (all)
        json_put_bool(permission, "allPipelines", json_flag_of(all, "authorized"));
    for (item = given ? json_first(given) : NULL; item; item = json_next(item))
        put_pipeline(permission, item);
    reply_permission(ask, endpoint);
}

/* Resources of all pipelines: what `az devops service-endpoint update --enable-for-all` asks for */

static void add_resource(json *items, const json *endpoint, const json *project, bool authorized)
{
    json *item = json_append(items, json_object());

    json_text(item, "type", "endpoint");
    json_text(item, "id", json_text_of(endpoint, "id"));
    json_text(item, "name", json_text_of(devops_reference(endpoint, project), "name"));
    json_bool(item, "authorized", authorized);
}

/* Those of the project that all pipelines may use, or the one of them with the id that is asked
 * for. */
static void resources_get(struct devops *ask)
{
    const char *type = call_argument(ask->call, "type"), *id = call_argument(ask->call, "id");
    const json *endpoint;
    json *items;

    if (!type || strcasecmp(type, "endpoint") != 0) {
        call_not_modelled(ask->call, "resources other than endpoints");
        return;
    }
    items = json_array();
    for (endpoint = json_first(devops_endpoints(ask)); endpoint; endpoint = json_next(endpoint)) {
        const json *permission = find_permission(endpoint, json_text_of(ask->project, "id"));

        if (!devops_deleting(endpoint) && json_flag_of(permission, "allPipelines") &&
            devops_reference(endpoint, ask->project) &&
            (devops_rights(ask, ask->project, endpoint) & MAY_LIST) &&
            (!id || !strcasecmp(id, json_text_of(endpoint, "id"))))
            add_resource(items, endpoint, ask->project, true);
    }
    devops_reply_list(ask, items);
}

static bool check_resource(struct devops *ask, const json *item)
{
    if (!call_shape(ask->call, item, "type:text id:text name?:text authorized:bool", "a resource",
                    devops_refuse))
        return false;
    if (!strcasecmp(json_text_of(item, "type"), "endpoint"))
        return find_for(ask, json_text_of(item, "id"), MAY_ADMINISTER) != NULL;
    call_not_modelled(ask->call, "resources other than endpoints");
    return false;
}

static void resources_patch(struct devops *ask)
{
    const json *item;
    json *items;

    for (item = json_first(ask->body); item; item = json_next(item))
        if (!check_resource(ask, item))
            return;
    items = json_array();
    for (item = json_first(ask->body); item; item = json_next(item)) {
        json *endpoint = json_find(devops_endpoints(ask), "id", json_text_of(item, "id"));
        bool authorized = json_flag_of(item, "authorized");

        json_put_bool(own_permission(ask, endpoint), "allPipelines", authorized);
        add_resource(items, endpoint, ask->project, authorized);
    }
    devops_reply_list(ask, items);
}

#define PERMISSION "{}/_apis/pipelines/pipelinepermissions/endpoint/{}"
#define RESOURCES  "{}/_apis/build/authorizedresources"

const struct devops_route devops_pipeline_routes[] = {
    {"GET", PERMISSION, RESOURCE_PERMISSIONS, BODY_NONE, NULL, permission_get},
    {"PATCH", PERMISSION, RESOURCE_PERMISSIONS, BODY_OBJECT, NULL, permission_patch},
    {"GET", RESOURCES, RESOURCE_AUTHORIZED, BODY_NONE, "type id", resources_get},
    {"PATCH", RESOURCES, RESOURCE_AUTHORIZED, BODY_LIST, NULL, resources_patch},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
