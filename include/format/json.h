/* SPDX-License-Identifier: MIT
 * JSON: building and printing; the only user of cJSON.
 *
 * Texts may hold captures (base/capture.h), which stay marked in what is printed. */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct cJSON;
typedef struct cJSON json;

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
