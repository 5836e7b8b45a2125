/* SPDX-License-Identifier: MIT
 * Graph: keys in paths, and the objects they stand for. */
#include "simulator/graph.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *graph_literal(struct arena *arena, const char **at)
{
    const char *from = *at;
    char *out = arena_strdup(arena, from);
    size_t n = 0;

    if (*from++ != '\'')
        return NULL;
    for (; *from; out[n++] = *from++) {
        if (*from != '\'')
            continue;
        if (*++from != '\'') { /* not doubled: the end */
            out[n] = '\0';
            *at = from;
            return out;
        }
    }
    return NULL;
}

/* The length of "applications" in "applications(appId='x')"; 0: no such segment. */
static size_t folded(const char *segment)
{
    size_t name = 0, len = strlen(segment);

    while (isalpha((unsigned char)segment[name]))
        name++;
    return name && segment[name] == '(' && segment[len - 1] == ')' ? name : 0;
}

static bool refuse_path(struct sim_call *call)
{
    graph_fail(call, 400, "BadRequest", "The path of the request is not a valid OData path.");
    return false;
}

bool graph_unfold(struct sim_call *call)
{
    const char *plain[CALL_SEGMENTS];
    size_t n = 0, i, name;

    for (i = 0; i < call->n_segments; i++) {
        name = folded(call->segments[i]);
        if (*call->segments[i] == '(' || n + 2 > CALL_SEGMENTS)
            return refuse_path(call);
        plain[n++] = name ? arena_strndup(call->arena, call->segments[i], name) : call->segments[i];
        if (name)
            plain[n++] = call->segments[i] + name;
    }
    memcpy(call->segments, plain, n * sizeof *plain);
    call->n_segments = n;
    return true;
}

static const char *known_key(const struct graph_kind *kind, const char *name)
{
    const char *const *key = kind->keys;

    if (!strcmp(name, "id"))
        return "id";
    for (; key && *key; key++)
        if (!strcmp(*key, name))
            return *key;
    return NULL;
}

/* "(appId='x')" or "('x')". */
static bool read_folded(struct sim_call *call, const struct graph_kind *kind, const char *segment,
                        struct graph_key *ret)
{
    const char *at = segment + 1, *equals = strchr(at, '=');

    ret->name = "id";
    if (*at != '\'') {
        if (!equals)
            return refuse_path(call);
        ret->name = known_key(kind, arena_strndup(call->arena, at, (size_t)(equals - at)));
        at = equals + 1;
    }
    ret->value = graph_literal(call->arena, &at);
    if (!ret->value || strcmp(at, ")") != 0)
        return refuse_path(call);
    if (ret->name)
        return true;
    graph_fail(
        call, 400, "BadRequest",
        call_text(call, "The key of the path is not one of the resource '%s'.", kind->resource));
    return false;
}

bool graph_key_read(struct sim_call *call, const struct graph_kind *kind, const char *segment,
                    struct graph_key *ret)
{
    *ret = (struct graph_key){"id", segment, *segment != '('};
    if (!ret->plain && !read_folded(call, kind, segment, ret))
        return false;
    if (*ret->value && (strcmp(ret->name, "id") != 0 || !kind->guid_only || guid_valid(ret->value)))
        return true;
    graph_fail(call, 400, "Request_BadRequest",
               call_text(call, "Invalid object identifier '%s'.", graph_quoted(call, ret->value)));
    return false;
}

json *graph_object(struct sim_call *call, const struct graph_kind *kind, const char *segment,
                   struct graph_key *ret_key)
{
    struct graph_key key;
    json *found;

    if (!graph_may_read(call) || !graph_key_read(call, kind, segment, &key))
        return NULL;
    found = json_find(json_member(graph_tenant(call), kind->collection), key.name, key.value);
    if (ret_key)
        *ret_key = key;
    else if (!found)
        graph_missing(call, key.value);
    return found;
}

/* RFC 7240: preferences are separated by commas. */
bool graph_create_if_missing(const struct sim_call *call)
{
    static const char wanted[] = "create-if-missing";
    const char *at = call_header(call, "Prefer");
    size_t len;

    for (; at && *at; at += len + (at[len] == ',')) {
        at += strspn(at, " \t");
        len = strcspn(at, ",");
        if (strcspn(at, ", \t") == strlen(wanted) && !strncasecmp(at, wanted, strlen(wanted)))
            return true;
    }
    return false;
}

void graph_patch(struct sim_call *call, const struct graph_kind *kind, const char *chosen,
                 void (*update)(struct sim_call *, json *),
                 void (*create)(struct sim_call *, const char *))
{
    struct graph_key key;
    json *found = graph_object(call, kind, call->part[0], &key);

    if (!found && call->status)
        return;
    if (found)
        update(call, found);
    else if (!strcmp(key.name, chosen) && graph_create_if_missing(call))
        create(call, key.value);
    else
        graph_missing(call, key.value);
}
