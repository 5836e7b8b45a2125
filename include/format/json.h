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

/* Reads LEN bytes, which findings call FILE. NULL with a finding [json-syntax, json-limit] when
 * they are not one JSON value in UTF-8. What would not come through unchanged is refused: a NUL in
 * a text, a number of more than 15 digits. For json_free by the caller. */
json *json_parse(const char *file, const char *data, size_t len, struct diags *diags);

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };
enum json_kind json_kind(const json *item);

/* The member KEY, of KEY_LEN bytes, of an object, the first if there are several; NULL: none. */
const json *json_get(const json *object, const char *key, size_t key_len);

/* Members or items in order; NULL past the last, and for NULL. */
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

/* Trees that change. KEY and texts are compared to the letter, except where it says otherwise. */

/* The member KEY; NULL when OBJECT is NULL, no object, or has none. */
json *json_member(const json *object, const char *key);

/* The text of the member KEY; "" when there is none or it is no text. Lives as long as the member.
 */
const char *json_text_of(const json *object, const char *key);

/* The member KEY as a whole number; OTHERWISE when there is none or it is no number. */
long long json_number_of(const json *object, const char *key, long long otherwise);
bool json_flag_of(const json *object, const char *key); /* false when there is none */

/* The member KEY of OBJECT as a list; an empty one when none stood there. */
json *json_list(json *object, const char *key);

/* The first object of ARRAY (may be NULL) whose text KEY is TEXT, without regard to case in ASCII,
 * as Azure compares ids and names; NULL: none. json_holds: the same over a list of texts. */
json *json_find(const json *array, const char *key, const char *text);
bool json_holds(const json *array, const char *text);

/* Replaces or adds the member KEY. ITEM is taken over; a NULL text becomes null. */
void json_put(json *object, const char *key, json *item);
void json_put_text(json *object, const char *key, const char *text);
void json_put_number(json *object, const char *key, long long number);
void json_put_bool(json *object, const char *key, bool flag);

/* Members or items in order, to be changed; NULL past the last. */
json *json_first_of(json *parent);
json *json_next_of(json *item);

json *json_null(void);
json *json_decimal(double number); /* with three decimals */
json *json_copy(const json *item);                   /* of it and all below it */
void json_remove(json *parent, json *item);          /* takes ITEM out of PARENT and frees it */
void json_remove_key(json *object, const char *key); /* likewise, when it is there */
size_t json_count(const json *parent);               /* 0 for NULL */
bool json_equal(const json *a, const json *b); /* members in any order; NULL equals NULL only */

/* Prints ROOT indented by two spaces, without a line end at the end. How a string is written is
 * ENCODE's to say: encode_json or encode_json_marked. */
void json_print(struct strbuf *out, const json *root,
                void (*encode)(struct strbuf *out, const char *text));

/* The same on one line, without blanks. */
void json_print_line(struct strbuf *out, const json *root,
                     void (*encode)(struct strbuf *out, const char *text));

void json_free(json *root); /* accepts NULL */

#endif
