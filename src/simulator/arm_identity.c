/* SPDX-License-Identifier: MIT
 * User-assigned managed identities. */
#include <string.h>
#include <strings.h>

#include "simulator/arm_parts.h"

#define IDENTITIES "subscriptions/{}/resourceGroups/{}/providers/" ARM_IDENTITY

json *arm_identity(const json *subscription, const char *group, const char *name)
{
    const json *all = json_member(subscription, "identities"), *item;

    /* The name is looked for in this group only; those of other groups may be called the same. */
    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (!strcasecmp(json_text_of(item, "resourceGroup"), group) &&
            !strcasecmp(json_text_of(item, "name"), name))
            return json_find(all, "principalId", json_text_of(item, "principalId"));
    return NULL;
}

/* The service gives ids back with "resourcegroups" in lower case, whatever was sent. */
static const char *identity_id(struct sim_call *call, const char *subscription, const char *group,
                               const char *name)
{
    return call_text(call, "/subscriptions/%s/resourcegroups/%s/providers/" ARM_IDENTITY "/%s",
                     subscription, group, name);
}

const char *arm_identity_id(struct sim_call *call, const json *subscription, const json *identity)
{
    return identity_id(call, json_text_of(subscription, "id"),
                       json_text_of(identity, "resourceGroup"), json_text_of(identity, "name"));
}

static json *identity_view(struct sim_call *call, const json *subscription, const json *identity)
{
    const json *tags = json_member(identity, "tags");
    json *view = json_object(), *properties;

    json_text(view, "id", arm_identity_id(call, subscription, identity));
    json_text(view, "name", json_text_of(identity, "name"));
    json_text(view, "type", ARM_IDENTITY);
    json_text(view, "location", json_text_of(identity, "location"));
    json_add(view, "tags", tags ? json_copy(tags) : json_object());
    properties = json_add(view, "properties", json_object());
    json_text(properties, "tenantId", json_text_of(subscription, "tenantId"));
    json_text(properties, "principalId", json_text_of(identity, "principalId"));
    json_text(properties, "clientId", json_text_of(identity, "clientId"));
    return view;
}

/* The subscription of the call's path, when the caller may do ACTION at the identity there and
 * every parameter is read. NULL after answering. */
static json *open_identity(struct sim_call *call, const char *action)
{
    json *subscription = arm_subscription(call, call->part[0]);

    if (subscription &&
        arm_allows(call, action, identity_id(call, call->part[0], call->part[1], call->part[2])) &&
        arm_all_read(call) && arm_group(call, subscription, call->part[1]))
        return subscription;
    return NULL;
}

static void not_found(struct sim_call *call)
{
    arm_fail(call, 404, "ResourceNotFound",
             "The Resource '%s/%s' under resource group '%s' was not found. For more details "
             "please go to https://aka.ms/ARMResourceNotFoundFix",
             ARM_IDENTITY, call->part[2], call->part[1]);
}

static void identity_get(struct sim_call *call)
{
    const json *subscription = open_identity(call, ARM_IDENTITY "/read"), *identity;

    if (!subscription)
        return;
    identity = arm_identity(subscription, call->part[1], call->part[2]);
    if (identity)
        call_reply(call, 200, identity_view(call, subscription, identity));
    else
        not_found(call);
}

/* GROUP NULL: of all groups. */
static void list_identities(struct sim_call *call, const json *subscription, const char *group)
{
    const json *all = json_member(subscription, "identities"), *item;
    json *list = json_array();

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (!group || !strcasecmp(json_text_of(item, "resourceGroup"), group))
            json_append(list, identity_view(call, subscription, item));
    arm_reply_list(call, list);
}

static void identity_list_group(struct sim_call *call)
{
    const json *subscription = arm_subscription(call, call->part[0]);

    if (subscription &&
        arm_allows(
            call, ARM_IDENTITY "/read",
            call_text(call, "/subscriptions/%s/resourceGroups/%s", call->part[0], call->part[1])) &&
        arm_all_read(call) && arm_group(call, subscription, call->part[1]))
        list_identities(call, subscription, call->part[1]);
}

static void identity_list_all(struct sim_call *call)
{
    const json *subscription = arm_subscription(call, call->part[0]);

    if (subscription &&
        arm_allows(call, ARM_IDENTITY "/read",
                   call_text(call, "/subscriptions/%s", call->part[0])) &&
        arm_all_read(call))
        list_identities(call, subscription, NULL);
}

bool arm_within_limits(struct sim_call *call, const char *kind, const char *resource,
                       const char *subscription)
{
    struct world *world = call->world;
    const char *of_all = call_text(call, "%s write in %s", kind, subscription);
    unsigned wait = world_throttle(world, call_text(call, "%s write %s", kind, resource), 0.25,
                                   world_setting(world, SETTING_IDENTITY_BURST));

    wait = wait
               ? wait
               : world_throttle(world, of_all, 2, world_setting(world, SETTING_SUBSCRIPTION_BURST));
    if (!wait)
        return true;
    call_reply_header(call, "Retry-After", call_text(call, "%u", wait));
    arm_fail(call, 429, "TooManyRequests",
             "The request was throttled: too many write requests for '%s'. Please retry after %u "
             "seconds.",
             resource, wait);
    return false;
}

/* 3 to 128 letters, digits, hyphens and underscores, a letter or digit first. */
static bool is_identity_name(const char *name)
{
    static const char allowed[] = "-_0123456789"
                                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strspn(name, allowed);

    return !name[len] && len >= 3 && len <= 128 && *name != '-' && *name != '_';
}

/* The service principal appears in the tenant together with the identity. */
static json *add_identity(struct sim_call *call, json *subscription, const char *location)
{
    json *identity = json_object(), *principal = json_object(), *names;
    json *tenant = world_tenant(call->world, json_text_of(subscription, "tenantId"));
    const json *group =
        json_find(json_member(subscription, "resourceGroups"), "name", call->part[1]);
    char principal_id[GUID_TEXT + 1], client_id[GUID_TEXT + 1];

    world_new_id(call->world, principal_id);
    world_new_id(call->world, client_id);
    json_text(identity, "name", call->part[2]);
    json_text(identity, "resourceGroup", json_text_of(group, "name"));
    json_text(identity, "location", location);
    json_text(identity, "principalId", principal_id);
    json_text(identity, "clientId", client_id);
    json_add(identity, "federatedCredentials", json_array());
    world_stamp(identity);
    json_append(json_list(subscription, "identities"), identity);

    json_text(principal, "id", principal_id);
    json_text(principal, "appId", client_id);
    json_text(principal, "displayName", call->part[2]);
    json_text(principal, "servicePrincipalType", "ManagedIdentity");
    names = json_list(principal, "alternativeNames");
    json_append_text(names, "isExplicit=True");
    json_append_text(names, arm_identity_id(call, subscription, identity));
    json_add(principal, "tags", json_array());
    json_bool(principal, "accountEnabled", true);
    world_stamp(principal);
    json_append(json_list(tenant, "servicePrincipals"), principal);
    return identity;
}

static void store_identity(struct sim_call *call, json *subscription, const json *body)
{
    json *identity = arm_identity(subscription, call->part[1], call->part[2]);
    const char *location = arm_region(call, json_text_of(body, "location"));
    const char *known = json_text_of(identity, "location");
    bool is_new = !identity;

    if (!*location) {
        arm_fail(call, 400, "LocationNotAvailableForResourceType",
                 "The provided location '%s' is not available for resource type '%s'.",
                 json_text_of(body, "location"), ARM_IDENTITY);
        return;
    }
    if (identity && strcmp(arm_region(call, known), location) != 0) {
        arm_fail(call, 409, "InvalidResourceLocation",
                 "The resource '%s' already exists in location '%s' in resource group '%s'. A "
                 "resource with the same name cannot be created in location '%s'. Please select a "
                 "new resource name.",
                 call->part[2], known, call->part[1], location);
        return;
    }
    if (is_new)
        identity = add_identity(call, subscription, location);
    arm_store_tags(identity, body);
    call_reply(call, is_new ? 201 : 200, identity_view(call, subscription, identity));
}

/* May the write that PATH names go on, as far as its name and limits go? */
static bool is_writable(struct sim_call *call, const json *subscription)
{
    const char *id =
        identity_id(call, json_text_of(subscription, "id"), call->part[1], call->part[2]);

    if (is_identity_name(call->part[2]))
        return arm_within_limits(call, "identity", id, json_text_of(subscription, "id"));
    arm_fail(call, 400, "BadRequest",
             "The resource name '%s' is not valid. It has 3 to 128 letters, digits, hyphens and "
             "underscores, and begins with a letter or a digit.",
             call->part[2]);
    return false;
}

static void identity_put(struct sim_call *call)
{
    json *subscription = open_identity(call, ARM_IDENTITY "/write"), *body;

    if (!subscription || !is_writable(call, subscription))
        return;
    body = call_json(call, false, arm_refuse);
    if (!body || !call_shape(call, body,
                             "location:text tags?:map properties?:object id?:text name?:text "
                             "type?:text",
                             "the body", arm_refuse)) {
        json_free(body);
        return;
    }
    if (json_count(json_member(body, "properties")) > 0)
        call_not_modelled(call, "the properties of an identity");
    else
        store_identity(call, subscription, body);
    json_free(body);
}

static void identity_patch(struct sim_call *call)
{
    json *subscription = open_identity(call, ARM_IDENTITY "/write"), *identity, *body;

    if (!subscription)
        return;
    identity = arm_identity(subscription, call->part[1], call->part[2]);
    if (!identity) {
        not_found(call);
        return;
    }
    if (!is_writable(call, subscription))
        return;
    body = call_json(call, false, arm_refuse);
    if (body && call_shape(call, body, "tags?:map location?:text", "the body", arm_refuse)) {
        if (json_member(body, "tags"))
            arm_store_tags(identity, body);
        call_reply(call, 200, identity_view(call, subscription, identity));
    }
    json_free(body);
}

void arm_identity_remove(struct sim_call *call, json *subscription, json *identity)
{
    const char *tenant_id = json_text_of(subscription, "tenantId");
    json *principals = json_list(world_tenant(call->world, tenant_id), "servicePrincipals");
    json *principal = json_find(principals, "id", json_text_of(identity, "principalId"));
    const char *id = arm_identity_id(call, subscription, identity);

    if (principal)
        json_remove(principals, principal);
    json_remove(json_list(subscription, "identities"), identity);
    arm_forget_assignments(call->world, tenant_id, id);
}

static void identity_delete(struct sim_call *call)
{
    json *subscription = open_identity(call, ARM_IDENTITY "/delete"), *identity;

    if (!subscription)
        return;
    identity = arm_identity(subscription, call->part[1], call->part[2]);
    if (!identity) {
        call_reply(call, 204, NULL);
        return;
    }
    if (!arm_within_limits(call, "identity", arm_identity_id(call, subscription, identity),
                           json_text_of(subscription, "id")))
        return;
    arm_identity_remove(call, subscription, identity);
    call_reply(call, 200, NULL);
}

const struct route arm_identity_routes[] = {
    {"GET", "subscriptions/{}/providers/" ARM_IDENTITY, ARM_VERSIONS_IDENTITY, identity_list_all},
    {"GET", IDENTITIES, ARM_VERSIONS_IDENTITY, identity_list_group},
    {"GET", IDENTITIES "/{}", ARM_VERSIONS_IDENTITY, identity_get},
    {"PUT", IDENTITIES "/{}", ARM_VERSIONS_IDENTITY, identity_put},
    {"PATCH", IDENTITIES "/{}", ARM_VERSIONS_IDENTITY, identity_patch},
    {"DELETE", IDENTITIES "/{}", ARM_VERSIONS_IDENTITY, identity_delete},
    {NULL, NULL, NULL, NULL},
};
