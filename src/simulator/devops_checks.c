/* SPDX-License-Identifier: MIT
 * Checks on a service connection: approval, branch control, exclusive lock. Others are not
 * modelled. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

enum { TIMEOUT_MOST = 43200, CHECK_ID_MOST = 1000000000 }; /* minutes: 30 days */

static bool invalid(struct devops *ask, const char *text)
{
    devops_refuse(ask->call, 400, text);
    return false;
}

/* Settings */

static bool check_approvers(struct devops *ask, const json *approvers)
{
    const json *members = json_member(ask->organization, "members"), *item;

    for (item = json_first(approvers); item; item = json_next(item)) {
        if (!call_shape(ask->call, item, "id:text displayName?:text uniqueName?:text",
                        "an approver", devops_refuse))
            return false;
        if (!json_find(members, "id", json_text_of(item, "id")))
            return invalid(ask, call_text(ask->call, "the identity %s does not exist",
                                          json_text_of(item, "id")));
    }
    return json_count(approvers) > 0 || invalid(ask, "an approval has approvers");
}

static bool check_approval(struct devops *ask, const json *settings)
{
    const json *approvers = json_member(settings, "approvers");
    long long required = json_number_of(settings, "minRequiredApprovers", 0);

    if (!call_shape(ask->call, settings,
                    "approvers:list minRequiredApprovers?:number instructions?:text "
                    "requesterCannotBeApprover?:bool executionOrder?:any blockedApprovers?:list",
                    "settings", devops_refuse) ||
        !check_approvers(ask, approvers))
        return false;
    return (required >= 0 && required <= (long long)json_count(approvers)) ||
           invalid(ask, "minRequiredApprovers is more than there are approvers");
}

static bool check_branches(struct devops *ask, const json *settings)
{
    static const struct {
        const char *key, *value;
    } definition[] = {{"id", "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"},
                      {"name", "evaluatebranchProtection"},
                      {"version", "0.0.1"}};
    const json *reference = json_member(settings, "definitionRef");
    size_t i;

    if (!call_shape(ask->call, settings,
                    "definitionRef:object displayName:text inputs:map retryInterval?:number "
                    "linkedVariableGroup?:any",
                    "settings", devops_refuse) ||
        !call_shape(ask->call, reference, "id:text name:text version:text", "definitionRef",
                    devops_refuse))
        return false;
    for (i = 0; i < sizeof definition / sizeof *definition; i++)
        if (strcmp(json_text_of(reference, definition[i].key), definition[i].value) != 0) {
            call_not_modelled(ask->call, call_text(ask->call, "the check %s %s of",
                                                   json_text_of(reference, "name"),
                                                   json_text_of(reference, "version")));
            return false;
        }
    return call_shape(ask->call, json_member(settings, "inputs"),
                      "allowedBranches:text ensureProtectionOfBranch?:text "
                      "allowUnknownStatusBranch?:text",
                      "inputs", devops_refuse);
}

static bool check_lock(struct devops *ask, const json *settings)
{
    return call_shape(ask->call, settings, "", "settings", devops_refuse);
}

static const struct check_type {
    const char *id, *name;
    bool (*check)(struct devops *ask, const json *settings);
} types[] = {
    {"8c6f20a7-a545-4486-9777-f762fafe0d4d", "Approval", check_approval},
    {"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "Task Check", check_branches},
    {"2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", "ExclusiveLock", check_lock},
};

static const struct check_type *find_type(const char *id)
{
    size_t i;

    for (i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcasecmp(types[i].id, id))
            return &types[i];
    return NULL;
}

/* The body of a check */

/* The settings of the body, an empty object when there are none; for json_free. */
static json *settings_of(const json *body)
{
    const json *settings = json_member(body, "settings");

    return settings && json_kind(settings) == JSON_OBJECT ? json_copy(settings) : json_object();
}

static const struct check_type *check_body(struct devops *ask, const json *settings)
{
    const json *kind = json_member(ask->body, "type");
    const json *resource = json_member(ask->body, "resource");
    const struct check_type *type;
    long long timeout = json_number_of(ask->body, "timeout", TIMEOUT_MOST);

    if (!call_shape(ask->call, kind, "id:text name?:text", "type", devops_refuse) ||
        !call_shape(ask->call, resource, "type:text id:text name?:text", "resource", devops_refuse))
        return NULL;
    type = find_type(json_text_of(kind, "id"));
    if (!type || strcmp(json_text_of(resource, "type"), "endpoint") != 0)
        call_not_modelled(ask->call,
                          call_text(ask->call, "a check of type %s on %s", json_text_of(kind, "id"),
                                    json_text_of(resource, "type")));
    else if (*json_text_of(kind, "name") && strcmp(json_text_of(kind, "name"), type->name) != 0)
        invalid(ask, call_text(ask->call, "the check type %s is named %s", type->id, type->name));
    else if (timeout < 1 || timeout > TIMEOUT_MOST)
        invalid(ask, "timeout is 1 to 43200 minutes");
    else if (type->check(ask, settings))
        return type;
    return NULL;
}

static json *check_view(struct devops *ask, const json *endpoint, const json *check, bool expand)
{
    const json *reference = devops_reference(endpoint, ask->project);
    long long id = json_number_of(check, "id", 0);
    json *view = json_object(), *part;

    json_put_number(view, "id", id);
    json_number(view, "version", 1);
    json_add(view, "type", json_copy(json_member(check, "type")));
    part = json_add(view, "resource", json_object());
    json_text(part, "type", "endpoint");
    json_text(part, "id", json_text_of(endpoint, "id"));
    json_text(part, "name", json_text_of(reference, "name"));
    json_put_number(view, "timeout", json_number_of(check, "timeout", TIMEOUT_MOST));
    json_add(view, "createdBy", devops_identity(ask, json_text_of(check, "createdBy")));
    json_text(view, "url",
              call_text(ask->call,
                        "https://dev.azure.com/%s/%s/_apis/pipelines/checks/configurations/%lld",
                        json_text_of(ask->organization, "name"), json_text_of(ask->project, "id"),
                        id));
    if (expand)
        json_add(view, "settings", settings_of(check));
    return view;
}

/* Finding */

static bool is_of_project(const struct devops *ask, const json *check)
{
    return !strcasecmp(json_text_of(check, "projectId"), json_text_of(ask->project, "id"));
}

/* The check ID among CHECKS, in the path's project; NULL: none. */
static const json *find_in(struct devops *ask, const json *checks, long long id)
{
    const json *item;

    for (item = checks ? json_first(checks) : NULL; item; item = json_next(item))
        if (json_number_of(item, "id", -1) == id && is_of_project(ask, item))
            return item;
    return NULL;
}

/* The connection that has the check of the path, when the caller has RIGHT on it, and the check in
 * *RET_CHECK; NULL after a refusal. */
static json *find_check(struct devops *ask, unsigned right, const json **ret_check)
{
    json *endpoint = json_first_of(devops_endpoints(ask));
    long id = -1;

    devops_number(ask->call->part[1], CHECK_ID_MOST, &id);
    for (; endpoint; endpoint = json_next_of(endpoint)) {
        *ret_check = find_in(ask, json_member(endpoint, "checks"), id);
        if (*ret_check && devops_reference(endpoint, ask->project) && !devops_deleting(endpoint))
            return devops_allowed(ask, right, ask->project, endpoint) ? endpoint : NULL;
    }
    devops_fail(ask->call, 404, "CheckConfigurationNotFoundException",
                "The check configuration %s could not be found.", ask->call->part[1]);
    return NULL;
}

static bool wants_settings(struct devops *ask)
{
    const char *expand = call_argument(ask->call, "$expand");

    return expand && (!strcasecmp(expand, "settings") || !strcmp(expand, "1"));
}

static void checks_list(struct devops *ask)
{
    const char *type = call_argument(ask->call, "resourceType");
    const char *id = call_argument(ask->call, "resourceId");
    const json *endpoint, *checks, *item;
    json *items;

    if (!type || strcmp(type, "endpoint") != 0 || !id) {
        call_not_modelled(ask->call, "checks on anything but one endpoint");
        return;
    }
    items = json_array();
    endpoint = json_find(devops_endpoints(ask), "id", id);
    if (!endpoint || !devops_reference(endpoint, ask->project) ||
        !(devops_rights(ask, ask->project, endpoint) & MAY_LIST))
        endpoint = NULL;
    checks = json_member(endpoint, "checks");
    for (item = checks ? json_first(checks) : NULL; item; item = json_next(item))
        if (is_of_project(ask, item))
            json_append(items, check_view(ask, endpoint, item, wants_settings(ask)));
    devops_reply_list(ask, items);
}

static void check_get(struct devops *ask)
{
    const json *check, *endpoint = find_check(ask, MAY_LIST, &check);

    if (endpoint)
        call_reply(ask->call, 200, check_view(ask, endpoint, check, wants_settings(ask)));
}

/* Writing */

static bool is_used(struct devops *ask, long long id)
{
    const json *endpoint, *item;

    for (endpoint = json_first(devops_endpoints(ask)); endpoint; endpoint = json_next(endpoint)) {
        const json *checks = json_member(endpoint, "checks");

        for (item = checks ? json_first(checks) : NULL; item; item = json_next(item))
            if (json_number_of(item, "id", -1) == id)
                return true;
    }
    return false;
}

static long long new_id(struct devops *ask)
{
    long long id;

    do
        id = world_next_number(ask->call->world);
    while (is_used(ask, id));
    return id;
}

static json *make_check(struct devops *ask, long long id, const char *creator,
                        const struct check_type *type, const json *settings)
{
    json *check = json_object(), *kind;

    json_put_number(check, "id", id);
    json_text(check, "projectId", json_text_of(ask->project, "id"));
    json_text(check, "createdBy", creator);
    kind = json_add(check, "type", json_object());
    json_text(kind, "id", type->id);
    json_text(kind, "name", type->name);
    json_add(check, "settings", json_copy(settings));
    json_put_number(check, "timeout", json_number_of(ask->body, "timeout", TIMEOUT_MOST));
    return check;
}

/* Takes CHECK (NULL: nothing) into the place of OLD. */
static void replace_check(json *endpoint, const json *old, json *check)
{
    json *kept = json_array();
    const json *item;

    for (item = json_first(json_member(endpoint, "checks")); item; item = json_next(item))
        if (item != old)
            json_append(kept, json_copy(item));
        else if (check)
            json_append(kept, check);
    json_put(endpoint, "checks", kept);
}

#define CHECK "type:object settings?:object resource:object timeout?:number"
#define ADDED_BY_REPLY                                                                             \
    " id?:number version?:number url?:text createdBy?:object createdOn?:text "                     \
    "modifiedBy?:object modifiedOn?:text _links?:object"

static void check_post(struct devops *ask)
{
    json *settings = settings_of(ask->body), *endpoint = NULL, *check;
    const struct check_type *type = NULL;

    if (call_shape(ask->call, ask->body, CHECK, "the body", devops_refuse))
        type = check_body(ask, settings);
    if (type)
        endpoint = devops_find_endpoint(ask, json_text_of(json_member(ask->body, "resource"), "id"),
                                        ask->project);
    if (endpoint && devops_allowed(ask, MAY_ADMINISTER, ask->project, endpoint)) {
        check = make_check(ask, new_id(ask), json_text_of(ask->member, "id"), type, settings);
        json_append(json_list(endpoint, "checks"), check);
        call_reply(ask->call, 200, check_view(ask, endpoint, check, true));
    }
    json_free(settings);
}

/* The type and the resource of a check stay what they are. */
static bool is_same_check(struct devops *ask, const json *endpoint, const json *old,
                          const struct check_type *type)
{
    const char *id = json_text_of(json_member(ask->body, "resource"), "id");

    return (!strcasecmp(json_text_of(json_member(old, "type"), "id"), type->id) &&
            !strcasecmp(id, json_text_of(endpoint, "id"))) ||
           invalid(ask, "type and resource of a check cannot be changed");
}

static void check_patch(struct devops *ask)
{
    const json *old = NULL;
    json *endpoint = find_check(ask, MAY_ADMINISTER, &old), *check;
    json *settings = settings_of(ask->body);
    const struct check_type *type = NULL;

    if (endpoint &&
        call_shape(ask->call, ask->body, CHECK ADDED_BY_REPLY, "the body", devops_refuse))
        type = check_body(ask, settings);
    if (type && is_same_check(ask, endpoint, old, type)) {
        check = make_check(ask, json_number_of(old, "id", 0), json_text_of(old, "createdBy"), type,
                           settings);
        replace_check(endpoint, old, check);
        call_reply(ask->call, 200, check_view(ask, endpoint, check, true));
    }
    json_free(settings);
}

static void check_delete(struct devops *ask)
{
    const json *old = NULL;
    json *endpoint = find_check(ask, MAY_ADMINISTER, &old);

    if (!endpoint)
        return;
    replace_check(endpoint, old, NULL);
    call_reply(ask->call, 204, NULL);
}

#define CHECKS "{}/_apis/pipelines/checks/configurations"

const struct devops_route devops_check_routes[] = {
    {"GET", CHECKS, RESOURCE_CHECKS, BODY_NONE, "resourceType resourceId $expand", checks_list},
    {"POST", CHECKS, RESOURCE_CHECKS, BODY_OBJECT, NULL, check_post},
    {"GET", CHECKS "/{}", RESOURCE_CHECKS, BODY_NONE, "$expand", check_get},
    {"PATCH", CHECKS "/{}", RESOURCE_CHECKS, BODY_OBJECT, NULL, check_patch},
    {"DELETE", CHECKS "/{}", RESOURCE_CHECKS, BODY_NONE, NULL, check_delete},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
