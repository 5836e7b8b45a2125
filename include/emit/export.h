/* SPDX-License-Identifier: MIT
 * The built-in templates as files, to be changed and given to --templates. */
#ifndef EMIT_EXPORT_H
#define EMIT_EXPORT_H

#include <stdbool.h>

#include "base/diag.h"

/* Writes all of them below DIR, which must be missing or empty; the folder above it must be there. All
 * or nothing: false with a finding. */
bool export_templates(struct arena *arena, const char *dir, struct diags *diags);

#endif
