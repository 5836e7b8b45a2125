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

/* The value of DATA by SHAPE: what the shape does not name, or names as another kind, is left out;
 * a list or an object that is missing is absent. The texts may come from anybody: none is a capture. */
struct value *data_by_shape(struct arena *arena, const json *data, const struct shape *shape);

/* Is no text of DATA one that an encoder would take for a capture (base/capture.h)? False with a
 * finding [json-text] that calls it FILE. */
bool data_is_plain(const char *file, const json *data, struct diags *diags);

#endif
