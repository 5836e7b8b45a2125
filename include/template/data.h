/* SPDX-License-Identifier: MIT
 * JSON as the data of a template, and the shape that it has. */
#ifndef TEMPLATE_DATA_H
#define TEMPLATE_DATA_H

#include "format/json.h"
#include "template/value.h"

/* The value of DATA, a JSON object that findings call FILE, and its shape: texts are free text, numbers
 * are tokens, a list's items are taken together, null is absent. NULL with findings [json-kind] when a
 * name has values of several kinds, or a list holds lists. DATA must outlive the value. */
struct value *data_of_json(struct arena *arena, const char *file, const json *data,
                           const struct shape **ret_shape, struct diags *diags);

#endif
