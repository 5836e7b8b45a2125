/* SPDX-License-Identifier: MIT
 * Service connections: create, read, update, share, delete. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

#define ENDPOINT                                                                                   \
    "name?:text type:text url:text description?:text authorization:object isShared?:bool "         \
    "isReady?:bool owner?:text data:map serviceEndpointProjectReferences"
#define ADDED_BY_REPLY " id:text createdBy?:object operationStatus?:object"
/* What clients of the old version send or may bring along. */
#define ADDED_BY_OLD                                                                               \
    " id?:text createdBy?:object operationStatus?:object administratorsGroup?:any "                \
    "readersGroup?:any groupScopeId?:any"

/* Up to resource version 2 a connection belonged to the project of the path. Clients of that age
 * still call: `az devops service-endpoint` does. */
static bool is_old(const struct devops *ask)
{
    return ask->resource_version <= 2 || (ask->version && ask->version < 600);
}

static json *view(struct devops *ask, const json *endpoint, const json *project)
{
    json *shown = devops_view(ask, endpoint, project);

    if (is_old(ask))
        json_remove_key(shown, "serviceEndpointProjectReferences");
    return shown;
}

/* Reading */

static bool is_true(const char *text)
{
    return text && !strcasecmp(text, "true");
}

/* Does the query ask for this one? Filters that are absent let everything through. */
static bool is_wanted(struct devops *ask, const json *endpoint)
{
    struct sim_call *call = ask->call;
    const json *mine = devops_reference(endpoint, ask->project);
    const json *authorization = json_member(endpoint, "authorization");
    const struct {
        const char *list, *value;
    } filters[] = {
        {call_argument(call, "endpointNames"), json_text_of(mine, "name")},
        {call_argument(call, "endpointIds"), json_text_of(endpoint, "id")},
        {call_argument(call, "type"), json_text_of(endpoint, "type")},
        {call_argument(call, "authSchemes"), json_text_of(authorization, "scheme")},
        {call_argument(call, "owner"), "Library"},
    };
    size_t i;

    for (i = 0; i < sizeof filters / sizeof *filters; i++)
        if (filters[i].list && !devops_listed(filters[i].list, filters[i].value))
            return false;
    return is_true(call_argument(call, "includeFailed")) ||
           strcasecmp(json_text_of(endpoint, "state"), "Failed") != 0;
}

static bool is_visible(struct devops *ask, const json *endpoint)
{
    return devops_reference(endpoint, ask->project) &&
           (devops_rights(ask, ask->project, endpoint) & MAY_LIST);
}

static void endpoints_list(struct devops *ask)
{
    json *items = json_array();
    const json *endpoint;

    for (endpoint = json_first(devops_endpoints(ask)); endpoint; endpoint = json_next(endpoint))
        if (is_visible(ask, endpoint) && is_wanted(ask, endpoint))
            json_append(items, view(ask, endpoint, ask->project));
    devops_reply_list(ask, items);
}

/* What is not there is answered 200 with `null`, not 404. */
static void endpoint_get(struct devops *ask)
{
    const json *found = json_find(devops_endpoints(ask), "id", ask->call->part[1]);

    call_reply(ask->call, 200,
               found && is_visible(ask, found) ? view(ask, found, ask->project) : json_null());
}

/* Creating */

/* Takes over REFERENCES; null members of the body count as absent. */
static void add_endpoint(struct devops *ask, json *references)
{
    const json *body = ask->body, *data = json_member(body, "data"), *ready;
    const json *sent = json_member(json_member(body, "authorization"), "parameters");
    const struct azure *azure = azure_find(json_text_of(data, "environment"));
    const char *kind = json_text_of(ask->organization, "issuer");
    json *made = json_append(devops_endpoints(ask), json_object()), *part;
    char id[GUID_TEXT + 1];

    world_new_id(ask->call->world, id);
    ready = json_member(body, "isReady");
    json_text(made, "id", id);
    json_text(made, "type", "azurerm");
    json_text(made, "url", json_text_of(body, "url"));
    /* What a person made by hand is ready unless it says otherwise. */
    json_bool(made, "isReady", !ready || json_kind(ready) != JSON_BOOL || json_is_true(ready));
    part = json_add(made, "authorization", json_object());
    json_text(part, "scheme", DEVOPS_WIF);
    json_add(part, "parameters", json_copy(sent));
    json_add(made, "data", json_copy(data));
    json_text(made, "createdBy", json_text_of(ask->member, "id"));
    json_text(made, "issuer",
              azure && azure->entra_issuer && strcasecmp(kind, "azure-devops") != 0
                  ? "entra"
                  : "azure-devops");
    json_add(made, "references", references);
    part = json_append(json_add(made, "roles", json_array()), json_object());
    json_text(part, "identity", json_text_of(ask->member, "id"));
    json_text(part, "role", "Administrator");
    world_stamp(made);
    call_reply(ask->call, 200, view(ask, made, devops_owner(ask, made)));
}

/* May the caller make a connection in every project of REFERENCES? */
static bool may_create(struct devops *ask, const json *references)
{
    const json *item;

    for (item = json_first(references); item; item = json_next(item)) {
        const json *project = devops_project(ask->organization, json_text_of(item, "projectId"));

        if (!devops_allowed(ask, MAY_CREATE, project, NULL))
            return false;
    }
    return true;
}

/* The one reference that the old version means: body's name in the path's project. It took a name
 * that was taken: run twice, `az devops service-endpoint create` makes two connections. */
static json *old_references(struct devops *ask)
{
    json *reference = devops_check_reference(ask, ask->project, json_text_of(ask->body, "name"),
                                             json_text_of(ask->body, "description"), false, NULL);
    json *references = reference ? json_array() : NULL;

    if (reference)
        json_append(references, reference);
    return references;
}

static void endpoint_create(struct devops *ask)
{
    bool old = ask->project && is_old(ask);
    json *references;

    if (!call_shape(ask->call, ask->body, old ? ENDPOINT "?:any" ADDED_BY_OLD : ENDPOINT ":list",
                    "the body", devops_refuse) ||
        !devops_check_endpoint(ask, ask->body, false))
        return;
    if (json_flag_of(ask->body, "isShared")) {
        devops_refuse(ask->call, 400, "isShared is decided by the service");
        return;
    }
    references = old ? old_references(ask)
                     : devops_check_references(
                           ask, json_member(ask->body, "serviceEndpointProjectReferences"), NULL);
    if (references && may_create(ask, references))
        add_endpoint(ask, references);
    else
        json_free(references);
}

/* Updating */

/* Are ONE and OTHER of the same projects? No project is in either twice. */
static bool same_projects(const json *one, const json *other)
{
    const json *item;

    for (item = json_first(one); item; item = json_next(item))
        if (!json_find(other, "projectId", json_text_of(item, "projectId")))
            return false;
    return json_count(one) == json_count(other);
}

static bool check_frozen(struct devops *ask, const json *known)
{
    static const char *const frozen[] = {"environment",       "scopeLevel",
                                         "subscriptionId",    "subscriptionName",
                                         "managementGroupId", "managementGroupName"};
    const json *have = json_member(known, "data"), *want = json_member(ask->body, "data");
    size_t i;

    for (i = 0; i < sizeof frozen / sizeof *frozen; i++)
        if (strcmp(json_text_of(have, frozen[i]), json_text_of(want, frozen[i])) != 0) {
            devops_fail(ask->call, 400, "ArgumentException",
                        "Updating the field '%s' of a service connection is not allowed.",
                        frozen[i]);
            return false;
        }
    return true;
}

/* Takes over REFERENCES. */
static void write_update(struct devops *ask, json *known, json *references)
{
    const json *sent = json_member(json_member(ask->body, "authorization"), "parameters");
    const json *ready = json_member(ask->body, "isReady");
    json *parameters = json_member(json_member(known, "authorization"), "parameters");
    json *data = json_copy(json_member(ask->body, "data"));

    json_remove_key(data, "identityType");
    json_put(known, "data", data);
    json_put_text(parameters, "tenantid", json_text_of(sent, "tenantid"));
    json_put_text(parameters, "serviceprincipalid", json_text_of(sent, "serviceprincipalid"));
    if (ready && json_kind(ready) == JSON_BOOL)
        json_put_bool(known, "isReady", json_is_true(ready));
    json_put(known, "references", references);
    call_reply(ask->call, 200, view(ask, known, devops_owner(ask, known)));
}

static void endpoint_update(struct devops *ask)
{
    struct sim_call *call = ask->call;
    json *known, *references;

    if (call_argument(call, "operation")) {
        call_not_modelled(call, "the operation of an update");
        return;
    }
    known = devops_find_endpoint(ask, call->part[0], NULL);
    if (!known || !devops_allowed(ask, MAY_ADMINISTER, devops_owner(ask, known), known) ||
        !call_shape(call, ask->body, ENDPOINT ":list" ADDED_BY_REPLY, "the body", devops_refuse) ||
        !devops_check_endpoint(ask, ask->body, true) || !check_frozen(ask, known))
        return;
    if (strcasecmp(json_text_of(ask->body, "id"), json_text_of(known, "id")) != 0) {
        devops_refuse(call, 400, "the id of the body is not that of the path");
        return;
    }
    references = devops_check_references(
        ask, json_member(ask->body, "serviceEndpointProjectReferences"), known);
    if (references && same_projects(references, json_member(known, "references"))) {
        write_update(ask, known, references);
        return;
    }
    if (references)
        devops_refuse(call, 400, "an update neither shares nor unshares a service connection");
    json_free(references);
}

/* Sharing */

/* The references of GIVEN that are new; a project that has the connection under another name is
 * answered as an internal error. */
static bool share(struct devops *ask, json *known, const json *given)
{
    json *old = json_list(known, "references");
    const json *item;

    for (item = json_first(given); item; item = json_next(item)) {
        const json *mine = json_find(old, "projectId", json_text_of(item, "projectId"));

        if (mine && strcmp(json_text_of(mine, "name"), json_text_of(item, "name")) != 0) {
            devops_fail(ask->call, 500, "VssServiceException",
                        "TF400898: An Internal Error Occurred. Activity Id: "
                        "00000000-0000-4000-8000-000000000000.");
            return false;
        }
    }
    for (item = json_first(given); item; item = json_next(item)) {
        json *mine = json_find(old, "projectId", json_text_of(item, "projectId"));

        if (mine)
            json_put_text(mine, "description", json_text_of(item, "description"));
        else
            json_append(old, json_copy(item));
    }
    return true;
}

static void endpoint_share(struct devops *ask)
{
    json *known = devops_find_endpoint(ask, ask->call->part[0], NULL), *given;

    if (!known || !devops_allowed(ask, MAY_ADMINISTER, devops_owner(ask, known), known))
        return;
    given = devops_check_references(ask, ask->body, known);
    if (given && may_create(ask, given) && share(ask, known, given))
        call_reply(ask->call, 204, NULL);
    json_free(given);
}

const struct devops_route devops_endpoint_routes[] = {
    {"GET", "{}/_apis/serviceendpoint/endpoints", RESOURCE_ENDPOINTS, BODY_NONE,
     "endpointNames endpointIds type authSchemes owner includeFailed includeDetails",
     endpoints_list},
    {"GET", "{}/_apis/serviceendpoint/endpoints/{}", RESOURCE_ENDPOINTS, BODY_NONE, NULL,
     endpoint_get},
    {"POST", "{}/_apis/serviceendpoint/endpoints", RESOURCE_ENDPOINTS, BODY_OBJECT, NULL,
     endpoint_create},
    {"POST", "_apis/serviceendpoint/endpoints", RESOURCE_SHARED_ENDPOINTS, BODY_OBJECT, NULL,
     endpoint_create},
    {"PUT", "_apis/serviceendpoint/endpoints/{}", RESOURCE_SHARED_ENDPOINTS, BODY_OBJECT,
     "operation", endpoint_update},
    {"PATCH", "_apis/serviceendpoint/endpoints/{}", RESOURCE_SHARED_ENDPOINTS, BODY_LIST, NULL,
     endpoint_share},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
