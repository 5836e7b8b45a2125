/* SPDX-License-Identifier: MIT
 * The INI file of a command line, and the one connection that --connection narrows to. */
#ifndef CLI_DESCRIPTION_H
#define CLI_DESCRIPTION_H

#include "cli/command.h"
#include "model/spec.h"
#include "template/template.h"

/* STATUS_DONE, or what to exit with: STATUS_INPUT with findings in DIAGS, STATUS_USAGE after a
 * message. *RET_CONNECTION is NULL when OPTIONS does not narrow. */
enum status description_load(struct arena *arena, const char *file, const struct options *options,
                             const struct spec **ret_spec, const struct connection **ret_connection,
                             struct diags *diags);

/* The output folder of FILE: that of --output, or FILE without .ini. NULL after a message. */
const char *description_output(struct arena *arena, const struct options *options,
                               const char *file);

/* Where templates come from: those of --templates, then the built-in ones. NULL with a finding when
 * there is no such folder. */
const struct template_source *description_templates(struct arena *arena,
                                                    const struct options *options,
                                                    struct diags *diags);

#endif
