/* SPDX-License-Identifier: MIT
 * Reading values: for the renderer. */
#ifndef TEMPLATE_VALUE_ACCESS_H
#define TEMPLATE_VALUE_ACCESS_H

#include "template/value.h"

enum shape_kind value_kind(const struct value *value);

/* To be called first: OBJECT has no field but those of FIELDS, each once and of its kind; anything else
 * is a BUG. A token may stand where text is expected. */
void value_bind(struct value *object, const struct shape *fields);

/* The field of OBJECT, bound, at PLACE in its shape; NULL when it is absent. */
const struct value *value_get(const struct value *object, unsigned place);

const char *value_text(const struct value *value); /* a text or a token */

/* The items of a list, in order; NULL past the last. */
const struct value *value_first(const struct value *list);
const struct value *value_next(const struct value *item);

/* Does a section of it render? Absent values (NULL), no, empty texts and empty lists do not. */
bool value_is_true(const struct value *value);

#endif
