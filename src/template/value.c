/* SPDX-License-Identifier: MIT
 * The data a template is filled with. */
#include "template/value.h"

#include <string.h>

#include "template/value_access.h"

/* Fields of an object and items of a list are chains in order of arrival. A value is in one chain
 * at most, so the link and the name are its own. */
struct value {
    enum shape_kind kind;
    const char *name; /* as a field */
    struct value *next;
    struct arena *arena; /* of an object: where its fields are made */
    struct value *first, *last;
    const char *text;
    bool flag;
    bool linked;
    const struct shape *shape;     /* of an object: what it is bound to */
    const struct value **by_place; /* its fields at their places in SHAPE */
};

static struct value *value_new(struct arena *arena, enum shape_kind kind)
{
    struct value *value = ARENA_NEW(arena, struct value);

    value->kind = kind;
    value->arena = arena;
    return value;
}

struct value *value_object(struct arena *arena)
{
    return value_new(arena, SHAPE_OBJECT);
}

struct value *value_list(struct arena *arena)
{
    return value_new(arena, SHAPE_LIST);
}

static void link_last(struct value *parent, struct value *child)
{
    if (child->linked)
        BUG("a value in two places");
    child->linked = true;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

void value_set(struct value *object, const char *name, struct value *value)
{
    if (object->kind != SHAPE_OBJECT)
        BUG("field \"%s\" of what is no object", name);
    value->name = name;
    link_last(object, value);
}

void value_append(struct value *list, struct value *item)
{
    if (list->kind != SHAPE_LIST || item->kind != SHAPE_OBJECT)
        BUG("only objects can be appended, and to lists");
    link_last(list, item);
}

static void set_string(struct value *object, const char *name, enum shape_kind kind,
                       const char *text)
{
    struct value *value;

    if (!text)
        return;
    value = value_new(object->arena, kind);
    value->text = arena_strdup(object->arena, text);
    value_set(object, name, value);
}

void value_set_text(struct value *object, const char *name, const char *text)
{
    set_string(object, name, SHAPE_TEXT, text);
}

static bool is_token(const char *text)
{
    static const bool allowed[256] = {
        ['-'] = true, ['.'] = true, ['_'] = true, ['0' ... '9'] = true,
        ['A' ... 'Z'] = true, ['a' ... 'z'] = true};

    if (!*text)
        return false;
    while (allowed[(unsigned char)*text])
        text++;
    return !*text;
}

void value_set_token(struct value *object, const char *name, const char *text)
{
    if (text && !is_token(text))
        BUG("\"%s\" of field \"%s\" is no token", text, name);
    set_string(object, name, SHAPE_TOKEN, text);
}

void value_set_number(struct value *object, const char *name, unsigned long number)
{
    value_set_token(object, name, arena_printf(object->arena, "%lu", number));
}

void value_set_bool(struct value *object, const char *name, bool flag)
{
    struct value *value = value_new(object->arena, SHAPE_BOOL);

    value->flag = flag;
    value_set(object, name, value);
}

enum shape_kind value_kind(const struct value *value)
{
    return value->kind;
}

const struct value *value_get(const struct value *object, unsigned place)
{
    if (!object->shape)
        BUG("a value that is not bound");
    return object->by_place[place];
}

const char *value_text(const struct value *value)
{
    if (!value->text)
        BUG("the text of what is no text");
    return value->text;
}

const struct value *value_first(const struct value *list)
{
    return list->first;
}

const struct value *value_next(const struct value *item)
{
    return item->next;
}

bool value_is_true(const struct value *value)
{
    if (!value)
        return false;
    switch (value->kind) {
    case SHAPE_BOOL:
        return value->flag;
    case SHAPE_LIST:
        return value->first != NULL;
    case SHAPE_TEXT:
    case SHAPE_TOKEN:
        return *value->text != '\0';
    default:
        return true;
    }
}

static size_t count_fields(const struct shape *fields)
{
    size_t count = 0;

    while (fields[count].kind != SHAPE_END)
        count++;
    return count;
}

/* The place of NAME, looked for from FIRST on: fields mostly come in the order of the shape. */
static size_t place_of(const struct shape *fields, size_t count, size_t first, const char *name)
{
    size_t i;

    for (i = first; i < count; i++)
        if (fields[i].name == name || !strcmp(fields[i].name, name))
            return i;
    for (i = 0; i < first; i++)
        if (!strcmp(fields[i].name, name))
            return i;
    BUG("the shape has no field \"%s\"", name);
}

static void bind_field(struct value *field, const struct shape *shape)
{
    struct value *item;

    if (field->kind != shape->kind && !(field->kind == SHAPE_TOKEN && shape->kind == SHAPE_TEXT))
        BUG("field \"%s\" is of another kind than its shape", field->name);
    if (field->kind == SHAPE_OBJECT)
        value_bind(field, shape->fields);
    if (field->kind == SHAPE_LIST)
        for (item = field->first; item; item = item->next)
            value_bind(item, shape->fields);
}

void value_bind(struct value *object, const struct shape *fields)
{
    size_t count = count_fields(fields), place = 0;
    struct value *field;

    if (object->shape == fields)
        return;
    object->shape = fields;
    object->by_place = ARENA_ARRAY(object->arena, count, const struct value *);
    for (field = object->first; field; field = field->next) {
        place = place_of(fields, count, place, field->name);
        if (object->by_place[place])
            BUG("field \"%s\" set twice", field->name);
        object->by_place[place++] = field;
        bind_field(field, &fields[place - 1]);
    }
}
