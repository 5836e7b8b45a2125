/* SPDX-License-Identifier: MIT
 * JSON: reading, building and printing; the only user of cJSON.
 *
 * Texts may hold captures (base/capture.h), which stay marked in what is printed. */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/strbuf.h"

struct cJSON;
typedef struct cJSON json;

/* Reads LEN bytes, which findings call FILE. NULL with a finding [json-syntax, json-limit] when they are
 * not one JSON value in UTF-8. What would not come through unchanged is refused: a NUL in a text, a
 * number of more than 15 digits. For json_free by the caller. */
json *json_parse(const char *file, const char *data, size_t len, struct diags *diags);

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };
enum json_kind json_kind(const json *item);

/* The member KEY, of KEY_LEN bytes, of an object, the first if there are several; NULL: none. */
const json *json_get(const json *object, const char *key, size_t key_len);

/* Members or items in order; NULL past the last. */
const json *json_first(const json *parent);
const json *json_next(const json *item);

const char *json_key(const json *member);
bool json_is_true(const json *item); /* of JSON_BOOL */

/* Of a text, a number or a bool, in NUMBER when it needs room; NULL of the others. */
enum { JSON_NUMBER_MAX = 40 };
const char *json_as_text(const json *item, char number[JSON_NUMBER_MAX]);

json *json_object(void);
json *json_array(void);

/* Each adds to OBJECT and returns what it added, or takes ITEM over. A NULL text adds nothing. */
void json_text(json *object, const char *key, const char *text);
void json_number(json *object, const char *key, long number);
void json_bool(json *object, const char *key, bool flag);
json *json_add(json *object, const char *key, json *item);
json *json_append(json *array, json *item);
void json_append_text(json *array, const char *text);

/* Prints ROOT indented by two spaces, without a line end at the end. How a string is written is
 * ENCODE's to say: encode_json or encode_json_marked. */
void json_print(struct strbuf *out, const json *root,
                void (*encode)(struct strbuf *out, const char *text));

void json_free(json *root); /* accepts NULL */

#endif
