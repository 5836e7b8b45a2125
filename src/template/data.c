/* SPDX-License-Identifier: MIT
 * JSON as the data of a template. */
#include "template/data.h"

#include <string.h>

#include "base/capture.h"
#include "base/strbuf.h"

struct reader {
    struct arena *arena;
    const char *file;
    struct diags *diags;
};

/* A shape in the making: its fields are a chain until all of them are known. */
struct field {
    struct field *next;
    const char *name;
    enum shape_kind kind; /* SHAPE_END: only null so far */
    struct field *first;
    size_t count;
};

static const char *const words[] = {[SHAPE_TEXT] = "a text",      [SHAPE_TOKEN] = "a number",
                                    [SHAPE_BOOL] = "true or false", [SHAPE_LIST] = "a list",
                                    [SHAPE_OBJECT] = "an object"};

/* A number like 9.7e+93 is no token. */
static enum shape_kind kind_of(const json *item)
{
    char number[JSON_NUMBER_MAX];
    static const enum shape_kind kinds[] = {
        [JSON_NULL] = SHAPE_END,   [JSON_BOOL] = SHAPE_BOOL,  [JSON_NUMBER] = SHAPE_TOKEN,
        [JSON_TEXT] = SHAPE_TEXT,  [JSON_ARRAY] = SHAPE_LIST, [JSON_OBJECT] = SHAPE_OBJECT};

    if (json_kind(item) == JSON_NUMBER && strchr(json_as_text(item, number), '+'))
        return SHAPE_TEXT;
    return kinds[json_kind(item)];
}

static struct field *field_named(struct reader *r, struct field *parent, const char *name)
{
    struct field **at = &parent->first;

    while (*at && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    if (!*at) {
        *at = ARENA_NEW(r->arena, struct field);
        (*at)->name = name;
        parent->count++;
    }
    return *at;
}

static void learn(struct reader *r, struct field *field, const json *item);

static void learn_members(struct reader *r, struct field *field, const json *object)
{
    const json *member, *first;

    for (member = json_first(object); member; member = json_next(member)) {
        first = json_get(object, json_key(member), strlen(json_key(member)));
        if (first != member)
            diag_add(r->diags, DIAG_JSON_KIND, (struct loc){.file = r->file},
                     "the name \"%s\" stands twice in one object", json_key(member));
        else
            learn(r, field_named(r, field, json_key(member)), member);
    }
}

/* Items that are no objects are the field "." of one. */
static void learn_items(struct reader *r, struct field *field, const json *list)
{
    const json *item;

    for (item = json_first(list); item; item = json_next(item)) {
        if (json_kind(item) == JSON_OBJECT)
            learn_members(r, field, item);
        else if (json_kind(item) == JSON_ARRAY)
            diag_add(r->diags, DIAG_JSON_KIND, (struct loc){.file = r->file},
                     "the list \"%s\" holds lists", field->name);
        else
            learn(r, field_named(r, field, "."), item);
    }
}

static void learn(struct reader *r, struct field *field, const json *item)
{
    enum shape_kind kind = kind_of(item);

    if (kind == SHAPE_END)
        return;
    if (field->kind == SHAPE_END || (field->kind == SHAPE_TOKEN && kind == SHAPE_TEXT))
        field->kind = kind;
    if (field->kind != kind && !(field->kind == SHAPE_TEXT && kind == SHAPE_TOKEN)) {
        diag_add(r->diags, DIAG_JSON_KIND, (struct loc){.file = r->file},
                 "\"%s\" is %s in one place and %s in another", field->name, words[field->kind],
                 words[kind]);
        return;
    }
    if (kind == SHAPE_OBJECT)
        learn_members(r, field, item);
    else if (kind == SHAPE_LIST)
        learn_items(r, field, item);
}

static const struct shape *shape_of(struct reader *r, const struct field *parent)
{
    struct shape *shape = ARENA_ARRAY(r->arena, parent->count + 1, struct shape);
    const struct field *field;
    size_t i = 0;

    for (field = parent->first; field; field = field->next, i++) {
        shape[i] = (struct shape){field->name, field->kind ? field->kind : SHAPE_TEXT, NULL, ""};
        if (shape[i].kind == SHAPE_OBJECT || shape[i].kind == SHAPE_LIST)
            shape[i].fields = shape_of(r, field);
    }
    return shape;
}

static struct value *object_of(struct arena *arena, const json *object);

/* A field is left out when it is null. */
static void set(struct arena *arena, struct value *object, const char *name, const json *item)
{
    char number[JSON_NUMBER_MAX];
    struct value *list;
    const json *each;

    switch (kind_of(item)) {
    case SHAPE_TEXT:
        value_set_text(object, name, json_as_text(item, number));
        break;
    case SHAPE_TOKEN:
        value_set_token(object, name, json_as_text(item, number));
        break;
    case SHAPE_BOOL:
        value_set_bool(object, name, json_is_true(item));
        break;
    case SHAPE_OBJECT:
        value_set(object, name, object_of(arena, item));
        break;
    case SHAPE_LIST:
        list = value_list(arena);
        for (each = json_first(item); each; each = json_next(each))
            value_append(list, object_of(arena, each));
        value_set(object, name, list);
        break;
    case SHAPE_END:
        break;
    }
}

static struct value *object_of(struct arena *arena, const json *object)
{
    struct value *value = value_object(arena);
    const json *member;

    if (json_kind(object) != JSON_OBJECT) {
        set(arena, value, ".", object);
        return value;
    }
    for (member = json_first(object); member; member = json_next(member))
        set(arena, value, json_key(member), member);
    return value;
}

struct value *data_of_json(struct arena *arena, const char *file, const json *data,
                           const struct shape **ret_shape, struct diags *diags)
{
    struct reader r = {arena, file, diags};
    struct field root = {.name = "", .kind = SHAPE_OBJECT};
    size_t errors = diags->errors;

    if (json_kind(data) != JSON_OBJECT) {
        diag_add(diags, DIAG_JSON_KIND, (struct loc){.file = file},
                 "the data of a template is a JSON object");
        return NULL;
    }
    learn_members(&r, &root, data);
    if (diags->errors != errors)
        return NULL;
    *ret_shape = shape_of(&r, &root);
    return object_of(arena, data);
}

/* By a shape that is known */

static const char marks[] = {CAPTURE_OPEN, CAPTURE_CLOSE, '\0'};

static const char *marks_of(const char *text)
{
    return strpbrk(text, marks);
}

bool data_is_plain(const char *file, const json *data, struct diags *diags)
{
    const json *item;

    if (json_kind(data) == JSON_TEXT && marks_of(json_as_text(data, NULL))) {
        diag_add(diags, DIAG_JSON_TEXT, (struct loc){.file = file},
                 "a text holds the control character U+%04X", *marks_of(json_as_text(data, NULL)));
        return false;
    }
    for (item = json_first(data); item; item = json_next(item))
        if (!data_is_plain(file, item, diags))
            return false;
    return true;
}

/* What a capture is marked with becomes its name, as any control character would at last. */
static void set_plain(struct value *object, const char *name, const char *text)
{
    struct strbuf plain;
    size_t len;

    if (!text || !marks_of(text)) {
        value_set_text(object, name, text);
        return;
    }
    strbuf_init(&plain, 8 * strlen(text));
    for (; *text; text += len) {
        len = strcspn(text, marks);
        strbuf_add(&plain, text, len);
        if (text[len])
            strbuf_addf(&plain, "U+%04X", text[len++]);
    }
    value_set_text(object, name, plain.data);
    strbuf_clear(&plain);
}

static void set_by_shape(struct arena *arena, struct value *object, const struct shape *field,
                         const json *item)
{
    enum shape_kind kind = kind_of(item);
    char number[JSON_NUMBER_MAX];
    struct value *list;
    const json *each;

    if (field->kind == SHAPE_TEXT && (kind == SHAPE_TEXT || kind == SHAPE_TOKEN))
        set_plain(object, field->name, json_as_text(item, number));
    else if (kind != field->kind)
        return;
    else if (kind == SHAPE_TOKEN)
        value_set_token(object, field->name, json_as_text(item, number));
    else if (kind == SHAPE_BOOL)
        value_set_bool(object, field->name, json_is_true(item));
    else if (kind == SHAPE_OBJECT)
        value_set(object, field->name, data_by_shape(arena, item, field->fields));
    else if (kind == SHAPE_LIST) {
        list = value_list(arena);
        for (each = json_first(item); each; each = json_next(each))
            value_append(list, data_by_shape(arena, each, field->fields));
        value_set(object, field->name, list);
    }
}

/* An item of a list that is no object is its field ".". */
struct value *data_by_shape(struct arena *arena, const json *data, const struct shape *shape)
{
    struct value *object = value_object(arena);
    bool is_object = json_kind(data) == JSON_OBJECT;

    for (; shape->kind != SHAPE_END; shape++) {
        const json *item = is_object                ? json_get(data, shape->name, strlen(shape->name))
                           : strcmp(shape->name, ".") ? NULL
                                                      : data;

        if (item)
            set_by_shape(arena, object, shape, item);
    }
    return object;
}
