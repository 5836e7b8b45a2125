/* SPDX-License-Identifier: MIT
 * Building and printing JSON. */
#include "format/json.h"

#include <cjson/cJSON.h>

#include "base/arena.h"

static json *checked(json *item)
{
    if (!item)
        out_of_memory();
    return item;
}

json *json_object(void)
{
    return checked(cJSON_CreateObject());
}

json *json_array(void)
{
    return checked(cJSON_CreateArray());
}

json *json_add(json *object, const char *key, json *item)
{
    if (!cJSON_AddItemToObject(object, key, item))
        out_of_memory();
    return item;
}

json *json_append(json *array, json *item)
{
    if (!cJSON_AddItemToArray(array, item))
        out_of_memory();
    return item;
}

void json_text(json *object, const char *key, const char *text)
{
    if (text)
        json_add(object, key, checked(cJSON_CreateString(text)));
}

void json_number(json *object, const char *key, long number)
{
    json_add(object, key, checked(cJSON_CreateNumber((double)number)));
}

void json_bool(json *object, const char *key, bool flag)
{
    json_add(object, key, checked(cJSON_CreateBool(flag)));
}

void json_append_text(json *array, const char *text)
{
    json_append(array, checked(cJSON_CreateString(text)));
}

static void new_line(struct strbuf *out, unsigned depth)
{
    strbuf_addc(out, '\n');
    while (depth--)
        strbuf_adds(out, "  ");
}

static void print(struct strbuf *out, const json *item, unsigned depth,
                  void (*encode)(struct strbuf *, const char *));

static void print_members(struct strbuf *out, const json *parent, unsigned depth,
                          void (*encode)(struct strbuf *, const char *))
{
    const json *child;

    for (child = parent->child; child; child = child->next) {
        new_line(out, depth + 1);
        if (cJSON_IsObject(parent)) {
            encode(out, child->string);
            strbuf_adds(out, ": ");
        }
        print(out, child, depth + 1, encode);
        if (child->next)
            strbuf_addc(out, ',');
    }
    if (parent->child)
        new_line(out, depth);
}

static void print(struct strbuf *out, const json *item, unsigned depth,
                  void (*encode)(struct strbuf *, const char *))
{
    char number[JSON_NUMBER_MAX];

    if (cJSON_IsString(item))
        encode(out, item->valuestring);
    else if (cJSON_IsNumber(item))
        strbuf_adds(out, json_as_text(item, number));
    else if (cJSON_IsBool(item))
        strbuf_adds(out, cJSON_IsTrue(item) ? "true" : "false");
    else if (cJSON_IsNull(item))
        strbuf_adds(out, "null");
    else {
        bool object = cJSON_IsObject(item);

        strbuf_addc(out, object ? '{' : '[');
        print_members(out, item, depth, encode);
        strbuf_addc(out, object ? '}' : ']');
    }
}

void json_print(struct strbuf *out, const json *root,
                void (*encode)(struct strbuf *out, const char *text))
{
    print(out, root, 0, encode);
}

void json_free(json *root)
{
    cJSON_Delete(root);
}
