/* SPDX-License-Identifier: MIT
 * Tenants, subscriptions, providers, management groups and resource groups of Resource Manager. */
#include <string.h>
#include <strings.h>

#include "encode/encode.h"
#include "simulator/arm_parts.h"

#define VERSIONS_SUBSCRIPTIONS                                                                     \
    "2016-06-01 2018-06-01 2019-06-01 2019-11-01 2020-01-01 2021-01-01 2021-10-01 2022-09-01 "     \
    "2022-12-01"
#define VERSIONS_GROUPS                                                                            \
    "2019-10-01 2020-06-01 2020-10-01 2021-01-01 2021-04-01 2022-09-01 2023-07-01 2024-03-01 "     \
    "2024-07-01 2024-11-01 2025-04-01"
#define VERSIONS_MANAGEMENT                                                                        \
    "2019-11-01 2020-02-01 2020-05-01 2020-10-01 2021-04-01 2023-04-01 2024-02-01-preview"

#define READ_GROUP "Microsoft.Resources/subscriptions/resourceGroups/read"

/* Tenants */

static json *tenant_view(const json *tenant, bool home)
{
    json *view = json_object();
    struct strbuf id;

    strbuf_init(&id, 256);
    strbuf_addf(&id, "/tenants/%s", json_text_of(tenant, "id"));
    json_text(view, "id", id.data);
    strbuf_clear(&id);
    json_text(view, "tenantId", json_text_of(tenant, "id"));
    json_text(view, "displayName", json_text_of(tenant, "name"));
    json_text(view, "tenantCategory", home ? "Home" : "ProjectedBy");
    return view;
}

/* That of the token first, then those that know a person by the same sign-in name. */
static void tenant_list(struct sim_call *call)
{
    const json *all = json_member(world_root(call->world), "tenants"), *tenant;
    const char *cloud = call->host->azure->name;
    json *list = json_array();

    if (!arm_all_read(call)) {
        json_free(list);
        return;
    }
    json_append(list, tenant_view(world_tenant(call->world, call->caller.tenant_id), true));
    for (tenant = json_first(all); tenant; tenant = json_next(tenant))
        if (strcasecmp(json_text_of(tenant, "id"), call->caller.tenant_id) != 0 &&
            world_is_of_cloud(tenant, cloud) &&
            json_find(json_member(tenant, "users"), "name", call->caller.name))
            json_append(list, tenant_view(tenant, false));
    arm_reply_list(call, list);
}

/* Subscriptions */

static json *subscription_view(struct sim_call *call, const json *subscription)
{
    const char *id = json_text_of(subscription, "id");
    json *view = json_object(), *policies;

    json_text(view, "id", call_text(call, "/subscriptions/%s", id));
    json_text(view, "authorizationSource", "RoleBased");
    json_add(view, "managedByTenants", json_array());
    json_text(view, "subscriptionId", id);
    json_text(view, "tenantId", json_text_of(subscription, "tenantId"));
    json_text(view, "displayName", json_text_of(subscription, "displayName"));
    json_text(view, "state", "Enabled");
    policies = json_add(view, "subscriptionPolicies", json_object());
    json_text(policies, "locationPlacementId", "Public_2014-09-01");
    json_text(policies, "quotaId", "EnterpriseAgreement_2014-09-01");
    json_text(policies, "spendingLimit", "Off");
    return view;
}

/* Has the caller any role above SCOPE, at it, or below it? */
static bool has_any_role(struct sim_call *call, const char *scope)
{
    const char *tenant_id = call->caller.tenant_id;
    const json *grant = NULL;

    while ((grant = arm_next_grant(call->world, tenant_id, call->caller.object_id, grant)))
        if (arm_covers(call->world, tenant_id, json_text_of(grant, "scope"), scope) ||
            arm_covers(call->world, tenant_id, scope, json_text_of(grant, "scope")))
            return true;
    return false;
}

static void subscription_list(struct sim_call *call)
{
    const json *all = json_member(world_root(call->world), "subscriptions"), *item;
    json *body, *list, *count;
    long n = 0;

    if (!arm_all_read(call))
        return;
    body = json_object();
    list = json_list(body, "value");
    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (!strcasecmp(json_text_of(item, "tenantId"), call->caller.tenant_id) &&
            has_any_role(call, call_text(call, "/subscriptions/%s", json_text_of(item, "id")))) {
            json_append(list, subscription_view(call, item));
            n++;
        }
    count = json_add(body, "count", json_object());
    json_text(count, "type", "Total");
    json_number(count, "value", n);
    call_reply(call, 200, body);
}

static void subscription_get(struct sim_call *call)
{
    const json *subscription = arm_subscription(call, call->part[0]);

    if (subscription &&
        arm_allows(call, "Microsoft.Resources/subscriptions/read",
                   call_text(call, "/subscriptions/%s", call->part[0])) &&
        arm_all_read(call))
        call_reply(call, 200, subscription_view(call, subscription));
}

/* Resource providers: those whose types are simulated are registered. */

static json *provider_view(struct sim_call *call, const char *name)
{
    static const char *const types[][2] = {
        {"userAssignedIdentities", ARM_VERSIONS_IDENTITY},
        {"userAssignedIdentities/federatedIdentityCredentials", ARM_VERSIONS_CREDENTIAL}};
    json *view = json_object(), *list;
    size_t i;

    json_text(view, "id", call_text(call, "/subscriptions/%s/providers/%s", call->part[0], name));
    json_text(view, "namespace", name);
    json_text(view, "registrationPolicy", "RegistrationRequired");
    list = json_list(view, "resourceTypes");
    for (i = 0; i < sizeof types / sizeof *types; i++) {
        json *type = json_append(list, json_object()), *versions;
        const char *at = types[i][1];

        json_text(type, "resourceType", types[i][0]);
        json_add(type, "locations", json_array());
        versions = json_list(type, "apiVersions");
        for (; *at; at += strspn(at, " ")) {
            json_append_text(versions, call_text(call, "%.*s", (int)strcspn(at, " "), at));
            at += strcspn(at, " ");
        }
    }
    json_text(view, "registrationState", "Registered");
    return view;
}

static void provider_answer(struct sim_call *call, const char *action)
{
    static const char name[] = "Microsoft.ManagedIdentity";

    if (strcasecmp(call->part[1], name) != 0)
        call_not_modelled(call, call_text(call, "the provider '%s'", call->part[1]));
    else if (arm_subscription(call, call->part[0]) &&
             arm_allows(call, action, call_text(call, "/subscriptions/%s", call->part[0])) &&
             arm_all_read(call))
        call_reply(call, 200, provider_view(call, name));
}

static void provider_get(struct sim_call *call)
{
    provider_answer(call, "Microsoft.Resources/subscriptions/providers/read");
}

static void provider_register(struct sim_call *call)
{
    provider_answer(call, "Microsoft.ManagedIdentity/register/action");
}

const struct route arm_subscription_routes[] = {
    {"GET", "tenants", VERSIONS_SUBSCRIPTIONS, tenant_list},
    {"GET", "subscriptions", VERSIONS_SUBSCRIPTIONS, subscription_list},
    {"GET", "subscriptions/{}", VERSIONS_SUBSCRIPTIONS, subscription_get},
    {"GET", "subscriptions/{}/providers/{}", VERSIONS_GROUPS, provider_get},
    {"POST", "subscriptions/{}/providers/{}/register", VERSIONS_GROUPS, provider_register},
    {NULL, NULL, NULL, NULL},
};

/* Management groups. The root group of a tenant needs no entry. */

static json *management_view(struct sim_call *call, const char *id)
{
    const char *tenant_id = call->caller.tenant_id;
    const json *found = arm_management_group(call->world, tenant_id, id);
    const char *parent = json_text_of(found, "parent"), *name = json_text_of(found, "displayName");
    json *view = json_object(), *properties, *details;

    json_text(view, "id",
              call_text(call, ARM_MANAGEMENT "%s", found ? json_text_of(found, "id") : id));
    json_text(view, "type", "Microsoft.Management/managementGroups");
    json_text(view, "name", found ? json_text_of(found, "id") : id);
    properties = json_add(view, "properties", json_object());
    json_text(properties, "tenantId", tenant_id);
    json_text(properties, "displayName", *name ? name : found ? id : "Tenant Root Group");
    if (!strcasecmp(id, tenant_id))
        return view;
    parent = *parent ? parent : tenant_id;
    details = json_add(properties, "details", json_object());
    details = json_add(details, "parent", json_object());
    json_text(details, "id", call_text(call, ARM_MANAGEMENT "%s", parent));
    json_text(details, "name", parent);
    return view;
}

static void management_get(struct sim_call *call)
{
    const char *scope = call_text(call, ARM_MANAGEMENT "%s", call->part[0]);

    if (arm_allows(call, "Microsoft.Management/managementGroups/read", scope) &&
        arm_scope_exists(call, scope) && arm_all_read(call))
        call_reply(call, 200, management_view(call, call->part[0]));
}

static void management_list(struct sim_call *call)
{
    const json *all = json_member(world_root(call->world), "managementGroups"), *item;
    const char *tenant_id = call->caller.tenant_id;
    json *list;

    if (!arm_all_read(call))
        return;
    list = json_array();
    if (!arm_management_group(call->world, tenant_id, tenant_id) &&
        arm_may(call, "Microsoft.Management/managementGroups/read",
                call_text(call, ARM_MANAGEMENT "%s", tenant_id)))
        json_append(list, management_view(call, tenant_id));
    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (!strcasecmp(json_text_of(item, "tenantId"), tenant_id) &&
            arm_may(call, "Microsoft.Management/managementGroups/read",
                    call_text(call, ARM_MANAGEMENT "%s", json_text_of(item, "id"))))
            json_append(list, management_view(call, json_text_of(item, "id")));
    arm_reply_list(call, list);
}

const struct route arm_management_routes[] = {
    {"GET", "providers/Microsoft.Management/managementGroups", VERSIONS_MANAGEMENT,
     management_list},
    {"GET", "providers/Microsoft.Management/managementGroups/{}", VERSIONS_MANAGEMENT,
     management_get},
    {NULL, NULL, NULL, NULL},
};

/* Resource groups */

static const char *group_scope(struct sim_call *call)
{
    return call_text(call, "/subscriptions/%s/resourceGroups/%s", call->part[0], call->part[1]);
}

static json *group_view(struct sim_call *call, const json *subscription, const json *group)
{
    const json *tags = json_member(group, "tags");
    json *view = json_object(), *properties;

    json_text(view, "id",
              call_text(call, "/subscriptions/%s/resourceGroups/%s",
                        json_text_of(subscription, "id"), json_text_of(group, "name")));
    json_text(view, "name", json_text_of(group, "name"));
    json_text(view, "type", "Microsoft.Resources/resourceGroups");
    json_text(view, "location", json_text_of(group, "location"));
    json_add(view, "tags", tags ? json_copy(tags) : json_object());
    properties = json_add(view, "properties", json_object());
    json_text(properties, "provisioningState", "Succeeded");
    return view;
}

static void group_list(struct sim_call *call)
{
    const json *subscription = arm_subscription(call, call->part[0]), *all, *item;
    json *list;

    if (!subscription ||
        !arm_allows(call, READ_GROUP, call_text(call, "/subscriptions/%s", call->part[0])) ||
        !arm_all_read(call))
        return;
    list = json_array();
    all = json_member(subscription, "resourceGroups");
    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        json_append(list, group_view(call, subscription, item));
    arm_reply_list(call, list);
}

static void group_get(struct sim_call *call)
{
    const json *subscription = arm_subscription(call, call->part[0]), *group;

    if (!subscription || !arm_allows(call, READ_GROUP, group_scope(call)) || !arm_all_read(call))
        return;
    group = arm_group(call, subscription, call->part[1]);
    if (group)
        call_reply(call, 200, group_view(call, subscription, group));
}

/* `az group exists` tells 204 from 404. */
static void group_head(struct sim_call *call)
{
    const json *subscription = arm_subscription(call, call->part[0]);

    if (subscription && arm_allows(call, READ_GROUP, group_scope(call)) && arm_all_read(call) &&
        arm_group(call, subscription, call->part[1]))
        call_reply(call, 204, NULL);
}

/* 1 to 90 letters (of any language), digits and -_(). without a full stop at the end. */
static bool is_group_name(const char *name)
{
    size_t len = 0;
    const char *at;

    for (at = name; *at; at++) {
        unsigned char c = (unsigned char)*at;

        if (c < 0x80 && !strchr("-_().", c) && !(c >= '0' && c <= '9') &&
            !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
            return false;
        len += (c & 0xc0) != 0x80;
    }
    return len >= 1 && len <= 90 && at[-1] != '.';
}

const char *arm_region(struct sim_call *call, const char *text)
{
    char *name = arena_strdup(call->arena, text);
    size_t from, to = 0;

    for (from = 0; text[from]; from++) {
        char c = text[from];

        if (c == ' ')
            continue;
        c = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return "";
        name[to++] = c;
    }
    name[to] = '\0';
    return name;
}

static void store_group(struct sim_call *call, json *subscription, const json *body)
{
    json *all = json_list(subscription, "resourceGroups");
    json *group = json_find(all, "name", call->part[1]);
    const char *region = arm_region(call, json_text_of(body, "location"));
    const char *known = json_text_of(group, "location");
    bool is_new = !group;

    if (!*region) {
        arm_fail(call, 400, "LocationNotAvailableForResourceGroup",
                 "The provided location '%s' is not available for resource group.",
                 json_text_of(body, "location"));
        return;
    }
    if (group && strcmp(arm_region(call, known), region) != 0) {
        arm_fail(call, 409, "InvalidResourceGroupLocation",
                 "Invalid resource group location '%s'. The Resource group already exists in "
                 "location '%s'.",
                 region, known);
        return;
    }
    if (is_new) {
        group = json_append(all, json_object());
        json_text(group, "name", call->part[1]);
        json_text(group, "location", region);
    }
    arm_store_tags(group, body);
    call_reply(call, is_new ? 201 : 200, group_view(call, subscription, group));
}

void arm_store_tags(json *resource, const json *body)
{
    const json *tags = json_member(body, "tags");

    json_put(resource, "tags",
             tags && json_kind(tags) == JSON_OBJECT ? json_copy(tags) : json_object());
}

static void group_put(struct sim_call *call)
{
    json *subscription = arm_subscription(call, call->part[0]), *body;

    if (!subscription ||
        !arm_allows(call, "Microsoft.Resources/subscriptions/resourceGroups/write",
                    group_scope(call)) ||
        !arm_all_read(call))
        return;
    if (!is_group_name(call->part[1])) {
        arm_fail(call, 400, "InvalidResourceGroup",
                 "The provided resource group name '%s' has these invalid characters or a length "
                 "that is not allowed. The name can only be a letter, digit, '-', '.', '(', ')' or "
                 "'_', has 1 to 90 characters and does not end in '.'.",
                 call->part[1]);
        return;
    }
    body = call_json(call, false, arm_refuse);
    if (body && call_shape(call, body, "location:text tags?:map", "the body", arm_refuse))
        store_group(call, subscription, body);
    json_free(body);
}

/* Where a client asks whether the deletion is done. Deletion itself is done at once. */
static const char *result_address(struct sim_call *call, const char *version)
{
    struct strbuf out;
    const char *text;

    strbuf_init(&out, 4096);
    strbuf_addf(&out, "https://%s/subscriptions/%s/operationresults/", call->host->name,
                call->part[0]);
    encode_url_path(&out, call->part[1]);
    strbuf_addf(&out, "?api-version=%s", version);
    text = call_text(call, "%s", out.data);
    strbuf_clear(&out);
    return text;
}

static void group_delete(struct sim_call *call)
{
    json *subscription = arm_subscription(call, call->part[0]), *group, *all, *identity, *next;

    if (!subscription ||
        !arm_allows(call, "Microsoft.Resources/subscriptions/resourceGroups/delete",
                    group_scope(call)) ||
        !arm_all_read(call))
        return;
    group = arm_group(call, subscription, call->part[1]);
    if (!group)
        return;
    all = json_list(subscription, "identities");
    for (identity = json_find(all, "resourceGroup", call->part[1]); identity; identity = next) {
        arm_identity_remove(call, subscription, identity);
        next = json_find(all, "resourceGroup", call->part[1]);
    }
    json_remove(json_list(subscription, "resourceGroups"), group);
    arm_forget_assignments(call->world, call->caller.tenant_id, group_scope(call));
    call_reply_header(call, "Location", result_address(call, call_argument(call, "api-version")));
    call_reply_header(call, "Retry-After", "1");
    call_reply(call, 202, NULL);
}

static void group_delete_result(struct sim_call *call)
{
    const json *subscription = arm_subscription(call, call->part[0]);

    if (!subscription || !arm_all_read(call))
        return;
    if (json_find(json_member(subscription, "resourceGroups"), "name", call->part[1]))
        call_not_modelled(call, "an operation that is none");
    else
        call_reply(call, 200, NULL);
}

const struct route arm_group_routes[] = {
    {"GET", "subscriptions/{}/resourceGroups", VERSIONS_GROUPS, group_list},
    {"GET", "subscriptions/{}/resourceGroups/{}", VERSIONS_GROUPS, group_get},
    {"HEAD", "subscriptions/{}/resourceGroups/{}", VERSIONS_GROUPS, group_head},
    {"PUT", "subscriptions/{}/resourceGroups/{}", VERSIONS_GROUPS, group_put},
    {"DELETE", "subscriptions/{}/resourceGroups/{}", VERSIONS_GROUPS, group_delete},
    {"GET", "subscriptions/{}/operationresults/{}", VERSIONS_GROUPS, group_delete_result},
    {NULL, NULL, NULL, NULL},
};
