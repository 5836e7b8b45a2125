/* SPDX-License-Identifier: MIT
 * Is a JSON object of the shape that a text describes? */
#ifndef FORMAT_JSON_SHAPE_H
#define FORMAT_JSON_SHAPE_H

#include "base/arena.h"
#include "format/json.h"

/* Has VALUE the members that FIELDS names, and no other? FIELDS is "name:kind name?:kind ...",
 * separated by blanks; with ? the member may be absent or null. Kinds: text, guid, number, bool,
 * object, list, texts (a list of texts), map (an object whose values are texts), any. NULL: it has.
 * Else a sentence in ARENA that names the member and WHERE ("the body"). */
const char *json_shape_flaw(struct arena *arena, const json *value, const char *fields,
                            const char *where);

#endif
