/* SPDX-License-Identifier: MIT
 * Reading values: for the renderer. */
#ifndef TEMPLATE_VALUE_ACCESS_H
#define TEMPLATE_VALUE_ACCESS_H

#include "template/value.h"

enum shape_kind value_kind(const struct value *value);

/* The field of OBJECT, NULL when it is absent. */
const struct value *value_get(const struct value *object, const char *name);

const char *value_text(const struct value *value); /* a text or a token */

/* The items of a list, in order; NULL past the last. */
const struct value *value_first(const struct value *list);
const struct value *value_next(const struct value *item);

/* Does a section of it render? Absent values (NULL), no, empty texts and empty lists do not. */
bool value_is_true(const struct value *value);

/* BUG unless OBJECT has no field but those of FIELDS, all of their kinds. A token may stand where text
 * is expected. */
void value_check_shape(const struct value *object, const struct shape *fields);

#endif
