/* SPDX-License-Identifier: MIT
 * Graph: bodies that are sent, and what objects look like in replies. */
#include "simulator/graph.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

/* Bodies */

bool graph_lists(const char *names, const char *name)
{
    size_t len = strlen(name);
    const char *at = names;

    if (!len || strchr(name, ' '))
        return false;
    for (; (at = strstr(at, name)); at += len)
        if ((at == names || at[-1] == ' ') && (!at[len] || at[len] == ' '))
            return true;
    return false;
}

void graph_value_required(struct sim_call *call, const struct graph_kind *kind, const char *name)
{
    graph_refuse(call, 400,
                 call_text(call, "A value is required for property '%s' of resource '%s'.", name,
                           kind->resource));
}

void graph_read_only(struct sim_call *call, const char *name)
{
    graph_refuse(call, 400, call_text(call, "Property '%s' is read-only and cannot be set.", name));
}

/* Tab, line feed and carriage return are text; other control characters are not. */
static bool clean(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' && !strchr("\t\n\r", *text))
            return false;
    return true;
}

static bool clean_below(const json *value)
{
    const json *item;
    char unused[JSON_NUMBER_MAX];

    if (json_kind(value) == JSON_TEXT)
        return clean(json_as_text(value, unused));
    for (item = json_first(value); item; item = json_next(item))
        if (!clean_below(item))
            return false;
    return true;
}

static bool is_text(const struct graph_property *property, const json *value)
{
    char unused[JSON_NUMBER_MAX];
    const char *text = json_as_text(value, unused);
    const char *const *allowed = property->allowed;

    if (json_kind(value) != JSON_TEXT || (!*text && !property->nullable))
        return false;
    for (; allowed && *allowed; allowed++)
        if (!strcmp(*allowed, text))
            break;
    return (!allowed || *allowed) && (!property->max || utf8_length(text) <= property->max);
}

static bool is_texts(const json *value)
{
    const json *item;

    if (json_kind(value) != JSON_ARRAY)
        return false;
    for (item = json_first(value); item; item = json_next(item))
        if (json_kind(item) != JSON_TEXT)
            return false;
    return true;
}

static bool fits(const struct graph_property *property, const json *value)
{
    if (!clean_below(value))
        return false;
    if (json_kind(value) == JSON_NULL && property->nullable)
        return true;
    switch (property->value) {
    case VALUE_TEXT:
        return is_text(property, value);
    case VALUE_TEXTS:
        return is_texts(value);
    case VALUE_FLAG:
        return json_kind(value) == JSON_BOOL;
    case VALUE_ANY:
    case VALUE_READ_ONLY:
        break;
    }
    return true;
}

static const struct graph_property *find_property(const struct graph_kind *kind, const char *name)
{
    const struct graph_property *property = kind->properties;

    for (; property->name; property++)
        if (!strcmp(property->name, name))
            return property;
    return NULL;
}

/* null, or a list or object with nothing in it. */
static bool is_nothing(const json *value)
{
    const json *item;

    if (json_kind(value) == JSON_NULL)
        return true;
    if (json_kind(value) != JSON_ARRAY && json_kind(value) != JSON_OBJECT)
        return false;
    for (item = json_first(value); item; item = json_next(item))
        if (!is_nothing(item))
            return false;
    return true;
}

static bool member_fits(struct sim_call *call, const struct graph_kind *kind, const json *member)
{
    const char *name = json_key(member);
    const struct graph_property *property = find_property(kind, name);

    if (property && property->value == VALUE_READ_ONLY)
        graph_read_only(call, name);
    else if (property && !fits(property, member))
        graph_refuse(call, 400,
                     call_text(call, "Invalid value specified for property '%s' of resource '%s'.",
                               name, kind->resource));
    else if (!property && graph_lists(kind->others, name) && is_nothing(member))
        return true; /* clients send what they have no value for; it changes nothing */
    else if (!property && (graph_lists(kind->others, name) || strchr(name, '@')))
        call_not_modelled(call, call_text(call, "the property %s", graph_quoted(call, name)));
    else if (!property)
        graph_refuse(call, 400,
                     call_text(call, "Invalid property '%s'.", graph_quoted(call, name)));
    else
        return true;
    return false;
}

json *graph_body(struct sim_call *call, const struct graph_kind *kind)
{
    json *body = call_json(call, false, graph_refuse);
    const json *member;

    for (member = body ? json_first(body) : NULL; member; member = json_next(member)) {
        if (member_fits(call, kind, member))
            continue;
        json_free(body);
        return NULL;
    }
    return body;
}

void graph_apply(json *object, const json *body, const struct graph_kind *kind)
{
    const struct graph_property *property = kind->properties;

    for (; property->name; property++)
        if (json_member(body, property->name))
            json_put(object, property->name, json_copy(json_member(body, property->name)));
}

/* Views */

const json *graph_items(const json *object, const char *name)
{
    const json *list = json_member(object, name);

    return list ? json_first(list) : NULL;
}

/* The word at *NAMES, which moves behind it; NULL at the end. */
static const char *next_name(const char **names, char *ret, size_t size)
{
    size_t len;

    *names += strspn(*names, " ");
    len = strcspn(*names, " ");
    if (!len || len >= size)
        return NULL;
    memcpy(ret, *names, len);
    ret[len] = '\0';
    *names += len;
    return ret;
}

void graph_view_members(json *view, const json *object, const char *names)
{
    char name[64];

    while (next_name(&names, name, sizeof name)) {
        const json *member = json_member(object, name);

        json_put(view, name, member ? json_copy(member) : json_null());
    }
}

void graph_view_nulls(json *view, const char *names)
{
    char name[64];

    while (next_name(&names, name, sizeof name))
        json_put(view, name, json_null());
}

void graph_view_lists(json *view, const char *names)
{
    char name[64];

    while (next_name(&names, name, sizeof name))
        json_put(view, name, json_array());
}

void graph_view_texts(json *view, const json *object, const char *name)
{
    const json *member = json_member(object, name);

    json_put(view, name,
             member && json_kind(member) == JSON_ARRAY ? json_copy(member) : json_array());
}
