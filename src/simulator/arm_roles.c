/* SPDX-License-Identifier: MIT
 * Role definitions and the caller's permissions, at any scope. */
#include <string.h>
#include <strings.h>

#include "simulator/arm_parts.h"

#define VERSIONS_DEFINITIONS                                                                       \
    "2015-07-01 2018-01-01-preview 2018-07-01 2022-04-01 2022-05-01-preview"
#define VERSIONS_PERMISSIONS "2015-07-01 2018-07-01 2022-04-01 2022-05-01-preview"
#define DEFINITIONS          "{*}/providers/Microsoft.Authorization/roleDefinitions"

bool arm_role_find(struct world *world, const char *id, struct arm_role_found *ret)
{
    const struct arm_role *role;

    *ret = (struct arm_role_found){NULL, NULL};
    for (role = arm_built_in_roles; role->id; role++)
        if (!strcasecmp(role->id, id)) {
            ret->built_in = role;
            return true;
        }
    ret->custom = json_find(json_member(world_root(world), "roleDefinitions"), "id", id);
    return ret->custom != NULL;
}

/* Filters */

/* The literal 'x''y' at *AT, which moves behind it. NULL: there is none. */
static const char *read_literal(struct sim_call *call, const char **at)
{
    char *text = arena_strdup(call->arena, *at);
    const char *from = *at;
    size_t len = 0;

    if (*from++ != '\'')
        return NULL;
    for (; *from && (*from != '\'' || from[1] == '\''); from++) {
        from += *from == '\'';
        text[len++] = *from;
    }
    if (!*from)
        return NULL;
    text[len] = '\0';
    *at = from + 1;
    return text;
}

static bool read_term(struct sim_call *call, const char **at, struct arm_term *ret)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strspn(*at, letters);

    if (!len)
        return false;
    ret->name = call_text(call, "%.*s", (int)len, *at);
    ret->value = NULL;
    *at += len;
    if (!strncmp(*at, "()", 2)) {
        *at += 2;
        return true;
    }
    if (**at == '(') {
        ++*at;
        ret->value = read_literal(call, at);
        return ret->value && *(*at)++ == ')';
    }
    if (strncasecmp(*at, " eq ", 4) != 0)
        return false;
    *at += 4;
    ret->value = read_literal(call, at);
    return ret->value != NULL;
}

bool arm_filter(struct sim_call *call, const char *text, struct arm_term *ret_terms, size_t max,
                size_t *ret_count)
{
    for (*ret_count = 0; *ret_count < max; text += 5) {
        if (!read_term(call, &text, &ret_terms[*ret_count]))
            return false;
        ++*ret_count;
        if (!*text)
            return true;
        if (strncasecmp(text, " and ", 5) != 0)
            return false;
    }
    return false;
}

/* Views */

static json *word_list(struct sim_call *call, const char *words)
{
    json *list = json_array();

    for (; words && *words; words += strspn(words, " ")) {
        int len = (int)strcspn(words, " ");

        json_append_text(list, call_text(call, "%.*s", len, words));
        words += len;
    }
    return list;
}

static json *copied_list(const json *object, const char *key)
{
    const json *list = json_member(object, key);

    return list && json_kind(list) == JSON_ARRAY ? json_copy(list) : json_array();
}

json *arm_role_permission(struct sim_call *call, const struct arm_role_found *role)
{
    const struct arm_role *known = role->built_in;
    json *permission = json_object();

    json_add(permission, "actions",
             known ? word_list(call, known->actions) : copied_list(role->custom, "actions"));
    json_add(permission, "notActions",
             known ? word_list(call, known->not_actions) : copied_list(role->custom, "notActions"));
    json_add(permission, "dataActions", word_list(call, known ? known->data_actions : NULL));
    json_add(permission, "notDataActions", word_list(call, known ? known->not_data_actions : NULL));
    return permission;
}

const char *arm_definition_id(struct sim_call *call, const char *scope, const char *id)
{
    return call_text(call, "%s/providers/Microsoft.Authorization/roleDefinitions/%s",
                     arm_subscription_of(call, scope), id);
}

static const char *role_id(const struct arm_role_found *role)
{
    return role->built_in ? role->built_in->id : json_text_of(role->custom, "id");
}

static const char *role_name(const struct arm_role_found *role)
{
    return role->built_in ? role->built_in->name : json_text_of(role->custom, "roleName");
}

static const char *role_type(const struct arm_role_found *role)
{
    return role->built_in ? "BuiltInRole" : "CustomRole";
}

static json *definition_view(struct sim_call *call, const struct arm_role_found *role)
{
    json *view = json_object(), *properties;

    properties = json_add(view, "properties", json_object());
    json_text(properties, "roleName", role_name(role));
    json_text(properties, "type", role_type(role));
    json_text(properties, "description", role->built_in ? role->built_in->description : "");
    json_append_text(json_list(properties, "assignableScopes"),
                     role->built_in ? "/"
                                    : call_text(call, ARM_MANAGEMENT "%s", call->caller.tenant_id));
    json_append(json_list(properties, "permissions"), arm_role_permission(call, role));
    json_text(view, "id", arm_definition_id(call, call->part[0], role_id(role)));
    json_text(view, "type", "Microsoft.Authorization/roleDefinitions");
    json_text(view, "name", role_id(role));
    return view;
}

/* Does ROLE pass the terms? */
static bool passes(const struct arm_role_found *role, const struct arm_term *terms, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const char *own = !strcasecmp(terms[i].name, "roleName") ? role_name(role)
                          : !strcasecmp(terms[i].name, "type")   ? role_type(role)
                                                                 : NULL;

        if (own && strcasecmp(own, terms[i].value) != 0)
            return false;
    }
    return true;
}

/* Only terms that are understood: roleName eq, type eq, atScopeAndBelow(). */
static bool read_filter(struct sim_call *call, struct arm_term *ret_terms, size_t max,
                        size_t *ret_count)
{
    const char *text = call_argument(call, "$filter");
    bool good = true;
    size_t i;

    *ret_count = 0;
    if (!text || !*text)
        return true;
    good = arm_filter(call, text, ret_terms, max, ret_count);
    for (i = 0; good && i < *ret_count; i++)
        good = ret_terms[i].value ? !strcasecmp(ret_terms[i].name, "roleName") ||
                                        !strcasecmp(ret_terms[i].name, "type")
                                  : !strcasecmp(ret_terms[i].name, "atScopeAndBelow");
    if (!good)
        call_not_modelled(call, "this filter");
    return good;
}

/* Whoever is signed in may read the definitions of the tenant. */
static bool may_read(struct sim_call *call)
{
    const char *scope = call->part[0];

    return arm_scope_exists(call, scope) &&
           (!*scope || arm_allows(call, "Microsoft.Authorization/roleDefinitions/read", scope));
}

static void definition_list(struct sim_call *call)
{
    const json *custom = json_member(world_root(call->world), "roleDefinitions");
    struct arm_role_found role = {NULL, NULL};
    struct arm_term terms[3];
    const struct arm_role *row;
    size_t count;
    json *list;

    if (!may_read(call) || !read_filter(call, terms, 3, &count) || !arm_all_read(call))
        return;
    list = json_array();
    for (row = arm_built_in_roles; row->id; row++) {
        role.built_in = row;
        if (passes(&role, terms, count))
            json_append(list, definition_view(call, &role));
    }
    role.built_in = NULL;
    for (role.custom = custom ? json_first(custom) : NULL; role.custom;
         role.custom = json_next(role.custom))
        if (passes(&role, terms, count))
            json_append(list, definition_view(call, &role));
    arm_reply_list(call, list);
}

static void definition_get(struct sim_call *call)
{
    struct arm_role_found role;

    if (!may_read(call) || !arm_all_read(call))
        return;
    if (arm_role_find(call->world, call->part[1], &role))
        call_reply(call, 200, definition_view(call, &role));
    else
        arm_fail(call, 404, "RoleDefinitionDoesNotExist",
                 "The specified role definition with ID '%s' does not exist.", call->part[1]);
}

/* What the caller may do: one entry for each assignment that counts here. */
static void permission_list(struct sim_call *call)
{
    const char *tenant_id = call->caller.tenant_id;
    struct arm_role_found role;
    const json *grant = NULL;
    json *list;

    if (!arm_scope_exists(call, call->part[0]) || !arm_all_read(call))
        return;
    list = json_array();
    while ((grant = arm_next_grant(call->world, tenant_id, call->caller.object_id, grant)))
        if (arm_covers(call->world, tenant_id, json_text_of(grant, "scope"), call->part[0]) &&
            arm_role_find(call->world, json_text_of(grant, "roleDefinitionId"), &role))
            json_append(list, arm_role_permission(call, &role));
    arm_reply_list(call, list);
}

const struct route arm_role_routes[] = {
    {"GET", DEFINITIONS, VERSIONS_DEFINITIONS, definition_list},
    {"GET", DEFINITIONS "/{}", VERSIONS_DEFINITIONS, definition_get},
    {"GET", "{*}/providers/Microsoft.Authorization/permissions", VERSIONS_PERMISSIONS,
     permission_list},
    {NULL, NULL, NULL, NULL},
};
