/* SPDX-License-Identifier: MIT
 * How the tables of the data model are written. */
#ifndef EMIT_SHAPE_ROWS_H
#define EMIT_SHAPE_ROWS_H

#include "template/value.h"

#define TEXT(name, meaning)           {name, SHAPE_TEXT, NULL, meaning}
#define TOKEN(name, meaning)          {name, SHAPE_TOKEN, NULL, meaning}
#define BOOL(name, meaning)           {name, SHAPE_BOOL, NULL, meaning}
#define LIST(name, fields, meaning)   {name, SHAPE_LIST, fields, meaning}
#define OBJECT(name, fields, meaning) {name, SHAPE_OBJECT, fields, meaning}
#define END                           {NULL, SHAPE_END, NULL, NULL}

#endif
