/* SPDX-License-Identifier: MIT
 * What somebody who approves a description weighs, as data: what it gives to whom, and what is
 * unusual about it. */
#ifndef EMIT_REVIEW_H
#define EMIT_REVIEW_H

#include "format/json.h"
#include "model/spec.h"

/* A list of objects, one for each connection, or for ONLY unless it is NULL: "name", "project",
 * "identity" in words, "identity_exists", "roles" of "role" and "scope", "pipelines" in words,
 * "shares" and "attention". For json_free by the caller. */
json *review_json(const struct spec *spec, const struct connection *only);

#endif
