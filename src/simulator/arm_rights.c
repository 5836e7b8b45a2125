/* SPDX-License-Identifier: MIT
 * Who may do what in Resource Manager: scopes, and what role assignments give at them. */
#include <string.h>
#include <strings.h>

#include "simulator/arm_parts.h"

enum { GROUP_DEPTH = 16 }; /* real ones are at most six deep; a world may hold a circle */

/* A run of bytes within a scope. */
struct piece {
    const char *text;
    size_t len;
};

/* The segment of SCOPE behind PREFIX; its length is 0 when SCOPE does not begin so. */
static struct piece piece_behind(const char *scope, const char *prefix)
{
    struct piece piece = {"", 0};

    if (!strncasecmp(scope, prefix, strlen(prefix))) {
        piece.text = scope + strlen(prefix);
        piece.len = strcspn(piece.text, "/");
    }
    return piece;
}

static bool is_piece(struct piece piece, const char *text)
{
    return strlen(text) == piece.len && !strncasecmp(piece.text, text, piece.len);
}

static json *subscription_of(struct world *world, const char *scope)
{
    struct piece id = piece_behind(scope, "/subscriptions/");
    char text[GUID_TEXT + 1] = "";

    if (id.len != GUID_TEXT)
        return NULL;
    memcpy(text, id.text, GUID_TEXT);
    return world_subscription(world, text);
}

const char *arm_subscription_of(struct sim_call *call, const char *scope)
{
    struct piece id = piece_behind(scope, "/subscriptions/");

    return id.len ? call_text(call, "/subscriptions/%.*s", (int)id.len, id.text) : "";
}

static const json *find_group(struct world *world, const char *tenant_id, struct piece id)
{
    const json *all = json_member(world_root(world), "managementGroups"), *item;

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (is_piece(id, json_text_of(item, "id")) &&
            !strcasecmp(json_text_of(item, "tenantId"), tenant_id))
            return item;
    return NULL;
}

const json *arm_management_group(struct world *world, const char *tenant_id, const char *id)
{
    return find_group(world, tenant_id, (struct piece){id, strlen(id)});
}

/* The management group that SCOPE is or lies directly below; without a name: none. */
static struct piece first_group(struct world *world, const char *tenant_id, const char *scope)
{
    struct piece group = piece_behind(scope, ARM_MANAGEMENT);
    const char *named;

    if (group.len || strncasecmp(scope, "/subscriptions/", 15) != 0)
        return group;
    named = json_text_of(subscription_of(world, scope), "managementGroup");
    group.text = *named ? named : tenant_id;
    group.len = strlen(group.text);
    return group;
}

static bool is_below_group(struct world *world, const char *tenant_id, const char *scope,
                           struct piece wanted)
{
    struct piece group = first_group(world, tenant_id, scope);
    unsigned depth;

    for (depth = 0; group.len && depth < GROUP_DEPTH; depth++) {
        if (group.len == wanted.len && !strncasecmp(group.text, wanted.text, wanted.len))
            return true;
        group.text = json_text_of(find_group(world, tenant_id, group), "parent");
        group.len = strlen(group.text);
    }
    return depth > 0 && is_piece(wanted, tenant_id);
}

static size_t trimmed(const char *scope)
{
    size_t len = strlen(scope);

    while (len > 0 && scope[len - 1] == '/')
        len--;
    return len;
}

bool arm_covers(struct world *world, const char *tenant_id, const char *outer, const char *scope)
{
    const json *subscription = subscription_of(world, scope);
    size_t len = trimmed(outer);
    struct piece group = piece_behind(outer, ARM_MANAGEMENT);

    if (subscription && strcasecmp(json_text_of(subscription, "tenantId"), tenant_id) != 0)
        return false;
    if (!strncasecmp(outer, scope, len) && (!len || !scope[len] || scope[len] == '/'))
        return true;
    return group.len && !group.text[group.len] && is_below_group(world, tenant_id, scope, group);
}

/* Does PATTERN of LEN bytes, in which * stands for anything, match TEXT? */
static bool matches(const char *pattern, size_t len, const char *text)
{
    const char *end = pattern + len, *star = NULL, *retry = text;

    while (*text) {
        if (pattern < end && *pattern == '*') {
            star = ++pattern;
            retry = text;
        } else if (pattern < end && !strncasecmp(pattern, text, 1)) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (pattern < end && *pattern == '*')
        pattern++;
    return pattern == end;
}

static bool any_word(const char *words, const char *action)
{
    for (; words && *words; words += strspn(words, " ")) {
        size_t len = strcspn(words, " ");

        if (matches(words, len, action))
            return true;
        words += len;
    }
    return false;
}

static bool any_item(const json *list, const char *action)
{
    const json *item;

    for (item = list ? json_first(list) : NULL; item; item = json_next(item))
        if (json_kind(item) == JSON_TEXT &&
            matches(json_as_text(item, NULL), strlen(json_as_text(item, NULL)), action))
            return true;
    return false;
}

static bool role_gives(struct world *world, const char *role_id, const char *action)
{
    struct arm_role_found role;

    if (!arm_role_find(world, role_id, &role))
        return false;
    if (role.built_in)
        return any_word(role.built_in->actions, action) &&
               !any_word(role.built_in->not_actions, action);
    return any_item(json_member(role.custom, "actions"), action) &&
           !any_item(json_member(role.custom, "notActions"), action);
}

const json *arm_next_grant(struct world *world, const char *tenant_id, const char *object_id,
                           const json *after)
{
    const json *all = json_member(world_root(world), "roleAssignments");
    const json *item = after ? json_next(after) : all ? json_first(all) : NULL;

    for (; item; item = json_next(item))
        if (!strcasecmp(json_text_of(item, "principalId"), object_id) &&
            !strcasecmp(json_text_of(item, "tenantId"), tenant_id) && world_replicated(world, item))
            return item;
    return NULL;
}

bool arm_principal_may(struct world *world, const char *tenant_id, const char *object_id,
                       const char *action, const char *scope)
{
    const json *grant = NULL;

    while ((grant = arm_next_grant(world, tenant_id, object_id, grant)))
        if (arm_covers(world, tenant_id, json_text_of(grant, "scope"), scope) &&
            role_gives(world, json_text_of(grant, "roleDefinitionId"), action))
            return true;
    return false;
}

bool arm_may(struct sim_call *call, const char *action, const char *scope)
{
    return arm_principal_may(call->world, call->caller.tenant_id, call->caller.object_id, action,
                             scope);
}

bool arm_allows(struct sim_call *call, const char *action, const char *scope)
{
    if (arm_may(call, action, scope))
        return true;
    arm_fail(call, 403, "AuthorizationFailed",
             "The client '%s' with object id '%s' does not have authorization to perform action "
             "'%s' over scope '%s' or the scope is invalid. If access was recently granted, please "
             "refresh your credentials.",
             call->caller.name, call->caller.object_id, action, *scope ? scope : "/");
    return false;
}

void arm_replace_assignment(struct world *world, const json *old, json *with)
{
    const json *all = json_member(world_root(world), "roleAssignments"), *item;
    json *kept = json_array();

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (item != old)
            json_append(kept, json_copy(item));
        else if (with)
            json_append(kept, with);
    json_put(world_root(world), "roleAssignments", kept);
}

void arm_forget_assignments(struct world *world, const char *tenant_id, const char *scope)
{
    const json *all = json_member(world_root(world), "roleAssignments"), *item;
    json *kept = json_array();

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (strcasecmp(json_text_of(item, "tenantId"), tenant_id) != 0 ||
            !arm_covers(world, tenant_id, scope, json_text_of(item, "scope")))
            json_append(kept, json_copy(item));
    json_put(world_root(world), "roleAssignments", kept);
}

/* Scopes that exist */

/* What follows a resource group or a subscription: providers/NAMESPACE/TYPE/NAME(/TYPE/NAME)... */
static bool is_resource_path(struct sim_call *call, char **parts, size_t count, const json *group,
                             const json *subscription)
{
    if (!count)
        return true;
    if (strcasecmp(parts[0], "providers") != 0 || count < 4 || count % 2) {
        call_not_modelled(call, "a scope of this form");
        return false;
    }
    if (!group || count != 4 || strcasecmp(parts[1], "Microsoft.ManagedIdentity") != 0 ||
        strcasecmp(parts[2], "userAssignedIdentities") != 0 ||
        arm_identity(subscription, json_text_of(group, "name"), parts[3]))
        return true;
    arm_fail(call, 404, "ResourceNotFound",
             "The Resource '%s/%s' under resource group '%s' was not found. For more details "
             "please go to https://aka.ms/ARMResourceNotFoundFix",
             ARM_IDENTITY, parts[3], json_text_of(group, "name"));
    return false;
}

static bool subscription_scope_exists(struct sim_call *call, char **parts, size_t count)
{
    const json *subscription = arm_subscription(call, parts[1]), *group;

    if (!subscription)
        return false;
    if (count < 4 || strcasecmp(parts[2], "resourceGroups") != 0)
        return is_resource_path(call, parts + 2, count - 2, NULL, subscription);
    group = arm_group(call, subscription, parts[3]);
    return group && is_resource_path(call, parts + 4, count - 4, group, subscription);
}

static bool management_scope_exists(struct sim_call *call, const char *id)
{
    if (!strcasecmp(id, call->caller.tenant_id) ||
        arm_management_group(call->world, call->caller.tenant_id, id))
        return true;
    arm_fail(call, 404, "NotFound", "The management group '%s' cannot be found.", id);
    return false;
}

bool arm_scope_exists(struct sim_call *call, const char *scope)
{
    char *parts[CALL_SEGMENTS], *at = arena_strdup(call->arena, scope);
    size_t count = 0;

    while (*at && count < CALL_SEGMENTS) {
        at += strspn(at, "/");
        if (*at)
            parts[count++] = at;
        at += strcspn(at, "/");
        if (*at)
            *at++ = '\0';
    }
    if (!count)
        return true;
    if (count >= 2 && !strcasecmp(parts[0], "subscriptions"))
        return subscription_scope_exists(call, parts, count);
    if (count == 4 && !strncasecmp(scope, ARM_MANAGEMENT, strlen(ARM_MANAGEMENT)))
        return management_scope_exists(call, parts[3]);
    call_not_modelled(call, "a scope of this form");
    return false;
}
