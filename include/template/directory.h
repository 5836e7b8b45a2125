/* SPDX-License-Identifier: MIT
 * Templates in a folder of the user's. */
#ifndef TEMPLATE_DIRECTORY_H
#define TEMPLATE_DIRECTORY_H

#include "template/template.h"

/* The files below DIR, by their paths there, and then BELOW's templates. A name that would leave DIR is
 * not there. NULL with a finding [file-read] when DIR is no folder that can be read. */
const struct template_source *template_directory(struct arena *arena, const char *dir,
                                                 const struct template_source *below,
                                                 struct diags *diags);

/* For a source of template_directory, after its use: a warning [template-unused] for each file in it
 * that replaces no built-in template and was not asked for either, as a misspelt one. Does nothing for
 * other sources. */
void template_directory_unused(const struct template_source *source, struct diags *diags);

#endif
