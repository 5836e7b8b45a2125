/* SPDX-License-Identifier: MIT
 * Templates in a folder of the user's. */
#ifndef TEMPLATE_DIRECTORY_H
#define TEMPLATE_DIRECTORY_H

#include "template/template.h"

/* The files below DIR, by their paths there, and then BELOW's templates. A name that would leave DIR is
 * not there. */
struct template_source *template_directory(struct arena *arena, const char *dir,
                                           const struct template_source *below);

/* False with a finding [file-read] when the folder of a source of template_directory cannot be read.
 * Else a warning [template-unused] for each file in it that replaces no built-in template and was not
 * asked for either, as a misspelt one. */
bool template_directory_check(const struct template_source *source, struct diags *diags);

#endif
