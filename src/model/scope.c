/* SPDX-License-Identifier: MIT
 * Role assignments: 'ROLE @ SCOPE', and which are too broad to pass without a word. */
#include <string.h>

#include "base/guid.h"
#include "base/utf8.h"
#include "model/load.h"

enum { ROLE_NAME_MAX = 512 };

/* Built-in roles that one may write by name or GUID alike. */
static const struct {
    const char *name, *guid;
    bool broad; /* gives rights to others, or everything */
} built_in[] = {
    {"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", false},
    {"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", false},
    {"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", true},
    {"User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", true},
    {"Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168", true},
};

enum { BUILT_IN_COUNT = sizeof built_in / sizeof *built_in };

static size_t built_in_find(const struct role *role)
{
    size_t i;

    for (i = 0; i < BUILT_IN_COUNT; i++)
        if (names_equal(role->role, role->is_guid ? built_in[i].guid : built_in[i].name))
            break;
    return i;
}

bool role_read(struct arena *arena, const struct setting *item, struct role *ret_role)
{
    const char *text = item->text, *at = NULL, *next;
    size_t len;

    for (next = text; (next = strstr(next, " @ /")); next++)
        at = next;
    if (!at)
        return false;
    for (len = (size_t)(at - text); len && text[len - 1] == ' '; len--)
        ;
    *ret_role = (struct role){.loc = item->loc, .role = arena_strndup(arena, text, len)};
    ret_role->is_guid = guid_valid(ret_role->role);
    if (ret_role->is_guid)
        ret_role->role = names_fold(arena, ret_role->role);
    len = strlen(at + 3);
    if (len > 1 && at[3 + len - 1] == '/')
        len--;
    ret_role->scope = arena_strndup(arena, at + 3, len);
    return len > 0 && *ret_role->role;
}

/* The next segment of *PATH, which stands at a '/'; moves *PATH behind it. NULL at the end. */
static char *segment(struct arena *arena, const char **path)
{
    const char *start = *path + 1;
    size_t len;

    if (!**path)
        return NULL;
    len = strcspn(start, "/");
    *path = start + len;
    return arena_strndup(arena, start, len);
}

static bool segment_ok(const char *text)
{
    size_t len = strlen(text);

    return len && strcmp(text, ".") && strcmp(text, "..") && !strpbrk(text, "%?#{}\\\",") &&
           text[0] != ' ' && text[len - 1] != ' ';
}

static bool is(const char *text, const char *word)
{
    return text && names_equal(text, word);
}

static const char ascii_names[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_().";

static bool group_ok(const char *text, bool dot_at_end)
{
    size_t len = text ? strlen(text) : 0;

    return len && len <= 90 && strspn(text, ascii_names) == len &&
           (dot_at_end || text[len - 1] != '.');
}

/* What is wrong with SCOPE, in words; NULL when nothing is. */
static const char *scope_flaw(struct arena *arena, const char *scope)
{
    const char *path = scope, *part;
    size_t pairs = 0;

    while ((part = segment(arena, &path)))
        if (!segment_ok(part))
            return "a part of it is empty, begins or ends with a blank, is '.' or '..', or holds "
                   "one "
                   "of % ? # { } \\ \" ,";
    path = scope;
    part = segment(arena, &path);
    if (is(part, "providers")) {
        if (!is(segment(arena, &path), "Microsoft.Management") ||
            !is(segment(arena, &path), "managementGroups"))
            return "only a management group stands outside a subscription";
        return group_ok(segment(arena, &path), true) && !*path
                   ? NULL
                   : "the management group id is 1 to 90 letters, digits and - _ ( ) .";
    }
    if (!is(part, "subscriptions"))
        return "it begins neither with /subscriptions/ nor with /providers/Microsoft.Management/";
    part = segment(arena, &path);
    if (!part || !guid_valid(part) || strspn(part, "0-") == GUID_TEXT)
        return "/subscriptions/ is followed by the subscription's GUID";
    if (!*path)
        return NULL;
    if (!is(segment(arena, &path), "resourceGroups") || !group_ok(segment(arena, &path), false))
        return "the subscription is followed by /resourceGroups/ and a valid name";
    if (!*path)
        return NULL;
    if (!is(segment(arena, &path), "providers") || !segment(arena, &path))
        return "the resource group is followed by /providers/NAMESPACE/TYPE/NAME";
    for (; segment(arena, &path); pairs++)
        if (!segment(arena, &path))
            return "a resource's TYPE has no NAME";
    return pairs ? NULL : "the resource group is followed by /providers/NAMESPACE/TYPE/NAME";
}

bool role_check(struct loader *ld, const struct schema_key *key, struct setting *item)
{
    struct role role;
    const char *flaw;

    (void)key;
    if (!role_read(ld->arena, item, &role)) {
        complain(ld, DIAG_INI_ROLE, item->loc, "%s is not of the form 'ROLE @ /SCOPE'",
                 quoted(ld, item->text));
        return false;
    }
    if (utf8_length(role.role) > ROLE_NAME_MAX) {
        complain(ld, DIAG_INI_ROLE, item->loc,
                 "the role name is %zu characters long; %d are allowed", utf8_length(role.role),
                 (int)ROLE_NAME_MAX);
        return false;
    }
    if (role.is_guid && strspn(role.role, "0-") == GUID_TEXT) {
        complain(ld, DIAG_INI_ROLE, item->loc, "the role is a GUID of zeros, a placeholder");
        return false;
    }
    flaw = scope_flaw(ld->arena, role.scope);
    if (!flaw)
        return true;
    complain(ld, DIAG_INI_SCOPE, item->loc, "the scope %s is not valid: %s", quoted(ld, role.scope),
             flaw);
    return false;
}

const char *role_identity(struct arena *arena, const struct role *role)
{
    size_t known = built_in_find(role);

    return names_fold(arena,
                      arena_printf(arena, "%s @ %s",
                                   known < BUILT_IN_COUNT ? built_in[known].guid : role->role,
                                   role->scope));
}

static const char *breadth(const char *scope)
{
    if (scope[1] == 'p' || scope[1] == 'P')
        return "a management group";
    return strchr(scope + sizeof "/subscriptions/" - 1, '/') ? NULL : "a whole subscription";
}

void role_weigh(struct loader *ld, struct role *role)
{
    size_t known = built_in_find(role);

    role->is_broad = known < BUILT_IN_COUNT && built_in[known].broad;
    role->breadth = breadth(role->scope);
    if (role->is_broad)
        complain(ld, DIAG_INI_BROAD_ROLE, role->loc,
                 "the role %s lets pipelines give rights, to themselves and to others",
                 built_in[known].name);
    if (role->breadth)
        complain(ld, DIAG_INI_BROAD_SCOPE, role->loc, "the role %s is assigned on %s",
                 quoted(ld, role->role), role->breadth);
}
