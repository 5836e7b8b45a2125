/* SPDX-License-Identifier: MIT
 * Is a JSON object of the shape that a text describes? */
#include "format/json_shape.h"

#include <string.h>

#include "base/guid.h"

/* One word of a shape: "name?:kind". */
struct field {
    const char *name, *kind;
    size_t name_len, kind_len;
    bool optional;
};

static bool is_guid(const json *value)
{
    char unused[JSON_NUMBER_MAX];

    return guid_valid(json_as_text(value, unused));
}

/* Are all items of a list, or all values of an object, texts? */
static bool is_texts(const json *value)
{
    const json *item;

    for (item = json_first(value); item; item = json_next(item))
        if (json_kind(item) != JSON_TEXT)
            return false;
    return true;
}

static const struct {
    const char *name;
    enum json_kind kind;
    bool (*also)(const json *value); /* must hold, too; NULL: nothing more */
} kinds[] = {
    {"text", JSON_TEXT, NULL},       {"object", JSON_OBJECT, NULL},  {"list", JSON_ARRAY, NULL},
    {"number", JSON_NUMBER, NULL},   {"bool", JSON_BOOL, NULL},      {"guid", JSON_TEXT, is_guid},
    {"texts", JSON_ARRAY, is_texts}, {"map", JSON_OBJECT, is_texts},
};

/* The field at *FIELDS, which moves behind it. False at the end. */
static bool next_field(const char **fields, struct field *ret)
{
    const char *at = *fields + strspn(*fields, " ");
    size_t len = strcspn(at, " ");
    const char *colon = memchr(at, ':', len);

    *fields = at + len;
    if (!len)
        return false;
    if (!colon || colon == at)
        BUG("a shape without a kind: %s", at);
    ret->name = at;
    ret->name_len = (size_t)(colon - at);
    ret->kind = colon + 1;
    ret->kind_len = len - ret->name_len - 1;
    ret->optional = at[ret->name_len - 1] == '?';
    ret->name_len -= ret->optional;
    return true;
}

static bool fits(const struct field *field, const json *value)
{
    size_t i;

    if (field->kind_len == 3 && !strncmp(field->kind, "any", 3))
        return true;
    if (field->optional && json_kind(value) == JSON_NULL)
        return true;
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].name) == field->kind_len &&
            !strncmp(kinds[i].name, field->kind, field->kind_len))
            return json_kind(value) == kinds[i].kind && (!kinds[i].also || kinds[i].also(value));
    BUG("a shape of an unknown kind: %s", field->kind);
}

static const json *member_of(const json *object, const struct field *field)
{
    const json *member;

    for (member = json_first(object); member; member = json_next(member))
        if (!strncmp(json_key(member), field->name, field->name_len) &&
            !json_key(member)[field->name_len])
            return member;
    return NULL;
}

static bool is_field(const char *fields, const char *name)
{
    struct field field;

    while (next_field(&fields, &field))
        if (strlen(name) == field.name_len && !strncmp(name, field.name, field.name_len))
            return true;
    return false;
}

/* What is wrong with the members of an object, or NULL. */
static const char *find_flaw(struct arena *arena, const json *object, const char *fields,
                             const char *where)
{
    const char *rest = fields;
    const json *member;
    struct field field;

    for (member = json_first(object); member; member = json_next(member))
        if (!is_field(fields, json_key(member)))
            return arena_printf(arena, "Could not find member '%s' on %s.", json_key(member),
                                where);
    while (next_field(&rest, &field)) {
        member = member_of(object, &field);
        if (!member && !field.optional)
            return arena_printf(arena, "Required member '%.*s' of %s is missing.",
                                (int)field.name_len, field.name, where);
        if (member && !fits(&field, member))
            return arena_printf(arena, "Member '%.*s' of %s is not of type %.*s.",
                                (int)field.name_len, field.name, where, (int)field.kind_len,
                                field.kind);
    }
    return NULL;
}

const char *json_shape_flaw(struct arena *arena, const json *value, const char *fields,
                            const char *where)
{
    return json_kind(value) == JSON_OBJECT ? find_flaw(arena, value, fields, where)
                                           : arena_printf(arena, "%s is not an object.", where);
}
