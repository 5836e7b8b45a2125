/* SPDX-License-Identifier: MIT
 * The data a template is filled with, and the shape it was promised.
 *
 * A shape is the master copy of the data model: the loader checks every name of a template against
 * it, and documentation is made from it. Values must have the shape that the template was loaded
 * with; anything else is a BUG. Values belong to an arena. */
#ifndef TEMPLATE_VALUE_H
#define TEMPLATE_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum shape_kind {
    SHAPE_END = 0, /* closes a table of fields */
    SHAPE_TEXT,    /* free text, may hold captures; always encoded */
    SHAPE_TOKEN,   /* [A-Za-z0-9._-]+ : GUIDs, numbers, names of functions; may stand raw anywhere */
    SHAPE_BOOL,
    SHAPE_LIST,   /* of objects with FIELDS; {{.}} in a list whose only field is "." is that text */
    SHAPE_OBJECT, /* with FIELDS */
};

struct shape {
    const char *name;
    enum shape_kind kind;
    const struct shape *fields; /* SHAPE_LIST, SHAPE_OBJECT: closed by a SHAPE_END row */
    const char *meaning;        /* one line, for the data-model page */
};

struct value; /* opaque */

struct value *value_object(struct arena *arena);
struct value *value_list(struct arena *arena);

/* Fields of OBJECT; names are not copied. Fastest in the order of the shape. A NULL text leaves the field absent (false in a section, an
 * error when interpolated). Setting a name twice is a BUG when the value is used. */
void value_set_text(struct value *object, const char *name, const char *text);
void value_set_token(struct value *object, const char *name, const char *text);
void value_set_number(struct value *object, const char *name, unsigned long number); /* a token */
void value_set_bool(struct value *object, const char *name, bool flag);
void value_set(struct value *object, const char *name, struct value *value);

void value_append(struct value *list, struct value *item);

#endif
