/* SPDX-License-Identifier: MIT
 * JSON: reading, building and printing; the only user of cJSON. */
#include "format/json.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"

/* Reading. cJSON takes more than JSON; what it would change without saying so is found first. */

enum { NUMBER_DIGITS = 15 }; /* that a double always holds */

struct reader {
    const char *file, *data;
    size_t len;
    struct diags *diags;
};

static bool refuse(const struct reader *r, enum diag_id id, size_t at, const char *text)
{
    struct loc loc = {r->file, 1, 1};
    size_t i;

    for (i = 0; i < at; i++) {
        loc.column = r->data[i] == '\n' ? 1 : loc.column + 1;
        loc.line += r->data[i] == '\n';
    }
    diag_add(r->diags, id, loc, "%s", text);
    return false;
}

/* Goes behind the text that begins at *AT, or to what is wrong with it. Returns NULL or why. */
static const char *skip_text(const struct reader *r, size_t *at)
{
    size_t i = *at + 1, n;

    for (; i < r->len && r->data[i] != '"'; i += n) {
        uint32_t code;

        *at = i;
        n = utf8_decode(r->data + i, r->len - i, &code);
        if (!n)
            return "this is not UTF-8";
        if (code < 0x20)
            return "a control character in a text must be written as \\u00..";
        if (code != '\\')
            continue;
        if (r->len - i >= 6 && !memcmp(r->data + i, "\\u0000", 6))
            return "a text may not hold the character U+0000";
        n++;
    }
    *at = i + 1;
    return i < r->len ? NULL : "a text does not end";
}

/* Goes behind the number that begins at *AT. Returns NULL, or why it is none that is kept. */
static const char *skip_number(const struct reader *r, size_t *at)
{
    size_t digits = 0;
    bool mantissa = true;

    for (; *at < r->len && r->data[*at] && strchr("+-.0123456789eE", r->data[*at]); ++*at) {
        char c = r->data[*at];

        mantissa = mantissa && c != 'e' && c != 'E';
        if (mantissa && c >= '0' && c <= '9' && (digits || c != '0'))
            digits++;
    }
    return digits > NUMBER_DIGITS
               ? "a number of more than 15 digits would be changed: write it as a text"
               : NULL;
}

static bool check(const struct reader *r)
{
    size_t at = 0, depth = 0;

    while (at < r->len) {
        size_t start = at;
        const char *why = NULL;
        char c = r->data[at];

        if (c == '"')
            why = skip_text(r, &at);
        else if (c == '-' || (c >= '0' && c <= '9'))
            why = skip_number(r, &at);
        else
            at++;
        if (why)
            return refuse(r, DIAG_JSON_SYNTAX, c == '"' && at < r->len ? at : start, why);
        depth += c == '[' || c == '{';
        depth -= depth && (c == ']' || c == '}');
        if (depth > LIMIT_JSON_DEPTH)
            return refuse(r, DIAG_JSON_LIMIT, start, "lists and objects are nested too deep");
    }
    return true;
}

static bool is_infinite(const json *item)
{
    const json *child;

    if (cJSON_IsNumber(item) && item->valuedouble - item->valuedouble != 0)
        return true;
    for (child = item->child; child; child = child->next)
        if (is_infinite(child))
            return true;
    return false;
}

json *json_parse(const char *file, const char *data, size_t len, struct diags *diags)
{
    static const char bom[] = "\xef\xbb\xbf";
    size_t skip = len >= 3 && !memcmp(data, bom, 3) ? 3 : 0;
    struct reader r = {file, data + skip, len - skip, diags};
    const char *end = r.data, *why = "this is not JSON";
    json *root;

    if (!check(&r))
        return NULL;
    root = cJSON_ParseWithLengthOpts(r.data, r.len, &end, 0);
    while (root && end < r.data + r.len && *end && strchr(" \t\r\n", *end))
        end++;
    if (root && end == r.data + r.len && !is_infinite(root))
        return root;
    if (root)
        why = end == r.data + r.len ? "a number in it is too large"
                                    : "something stands behind the JSON value";
    if (end > r.data + r.len || (root && end == r.data + r.len))
        end = r.data;
    refuse(&r, DIAG_JSON_SYNTAX, (size_t)(end - r.data), why);
    cJSON_Delete(root);
    return NULL;
}

enum json_kind json_kind(const json *item)
{
    switch (item->type & 0xff) {
    case cJSON_Object:
        return JSON_OBJECT;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_String:
        return JSON_TEXT;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_True:
    case cJSON_False:
        return JSON_BOOL;
    default:
        return JSON_NULL;
    }
}

const json *json_get(const json *object, const char *key, size_t key_len)
{
    const json *member;

    for (member = object->child; member; member = member->next)
        if (!strncmp(member->string, key, key_len) && !member->string[key_len])
            return member;
    return NULL;
}

const json *json_first(const json *parent)
{
    return parent ? parent->child : NULL;
}

const json *json_next(const json *item)
{
    return item->next;
}

const char *json_key(const json *member)
{
    return member->string;
}

bool json_is_true(const json *item)
{
    return cJSON_IsTrue(item);
}

const char *json_as_text(const json *item, char number[JSON_NUMBER_MAX])
{
    switch (json_kind(item)) {
    case JSON_TEXT:
        return item->valuestring;
    case JSON_BOOL:
        return cJSON_IsTrue(item) ? "true" : "false";
    case JSON_NUMBER:
        if (item->valuedouble == (double)item->valueint) { /* nearly always, and much faster */
            snprintf(number, JSON_NUMBER_MAX, "%d", item->valueint);
            return number;
        }
        snprintf(number, JSON_NUMBER_MAX, "%.*g", NUMBER_DIGITS, item->valuedouble);
        return number;
    default:
        return NULL;
    }
}

/* Building */

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

/* Trees that change. */

json *json_member(const json *object, const char *key)
{
    return object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

const char *json_text_of(const json *object, const char *key)
{
    const json *member = json_member(object, key);

    return cJSON_IsString(member) ? member->valuestring : "";
}

long long json_number_of(const json *object, const char *key, long long otherwise)
{
    const json *member = json_member(object, key);

    return cJSON_IsNumber(member) && member->valuedouble > -1e15 && member->valuedouble < 1e15
               ? (long long)member->valuedouble
               : otherwise;
}

bool json_flag_of(const json *object, const char *key)
{
    return cJSON_IsTrue(json_member(object, key));
}

json *json_list(json *object, const char *key)
{
    json *list = json_member(object, key);

    if (!list || json_kind(list) != JSON_ARRAY)
        json_put(object, key, list = json_array());
    return list;
}

json *json_find(const json *array, const char *key, const char *text)
{
    json *item;

    for (item = array ? array->child : NULL; item; item = item->next) {
        const json *member = json_member(item, key);

        if (cJSON_IsString(member) && !strcasecmp(member->valuestring, text))
            return item;
    }
    return NULL;
}

bool json_holds(const json *array, const char *text)
{
    const json *item;

    for (item = array ? array->child : NULL; item; item = item->next)
        if (cJSON_IsString(item) && !strcasecmp(item->valuestring, text))
            return true;
    return false;
}

void json_put(json *object, const char *key, json *item)
{
    if (!json_member(object, key))
        json_add(object, key, item);
    else if (!cJSON_ReplaceItemInObjectCaseSensitive(object, key, item))
        out_of_memory();
}

void json_put_text(json *object, const char *key, const char *text)
{
    json_put(object, key, checked(text ? cJSON_CreateString(text) : cJSON_CreateNull()));
}

void json_put_number(json *object, const char *key, long long number)
{
    json_put(object, key, checked(cJSON_CreateNumber((double)number)));
}

void json_put_bool(json *object, const char *key, bool flag)
{
    json_put(object, key, checked(cJSON_CreateBool(flag)));
}

json *json_first_of(json *parent)
{
    return parent->child;
}

json *json_next_of(json *item)
{
    return item->next;
}

json *json_null(void)
{
    return checked(cJSON_CreateNull());
}

json *json_decimal(double number)
{
    return checked(cJSON_CreateNumber((double)(long long)(number * 1000 + 0.5) / 1000));
}

json *json_copy(const json *item)
{
    return checked(cJSON_Duplicate(item, 1));
}

void json_remove(json *parent, json *item)
{
    cJSON_Delete(cJSON_DetachItemViaPointer(parent, item));
}

void json_remove_key(json *object, const char *key)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
}

size_t json_count(const json *parent)
{
    const json *child = parent ? parent->child : NULL;
    size_t count = 0;

    for (; child; child = child->next)
        count++;
    return count;
}

bool json_equal(const json *a, const json *b)
{
    return a && b ? cJSON_Compare(a, b, 1) : a == b;
}

/* Printing. */

enum { ONE_LINE = -1 }; /* for a depth */

static void new_line(struct strbuf *out, int depth)
{
    if (depth < 0)
        return;
    strbuf_addc(out, '\n');
    while (depth--)
        strbuf_adds(out, "  ");
}

static int deeper(int depth)
{
    return depth < 0 ? depth : depth + 1;
}

static void print(struct strbuf *out, const json *item, int depth,
                  void (*encode)(struct strbuf *, const char *));

static void print_members(struct strbuf *out, const json *parent, int depth,
                          void (*encode)(struct strbuf *, const char *))
{
    const json *child;

    for (child = parent->child; child; child = child->next) {
        new_line(out, deeper(depth));
        if (cJSON_IsObject(parent)) {
            encode(out, child->string);
            strbuf_adds(out, depth < 0 ? ":" : ": ");
        }
        print(out, child, deeper(depth), encode);
        if (child->next)
            strbuf_addc(out, ',');
    }
    if (parent->child)
        new_line(out, depth);
}

static void print(struct strbuf *out, const json *item, int depth,
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

void json_print_line(struct strbuf *out, const json *root,
                     void (*encode)(struct strbuf *out, const char *text))
{
    print(out, root, ONE_LINE, encode);
}

void json_free(json *root)
{
    cJSON_Delete(root);
}
