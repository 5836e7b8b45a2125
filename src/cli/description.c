/* SPDX-License-Identifier: MIT
 * The INI file of a command line, and the one connection that --connection narrows to. */
#include "cli/description.h"

#include <string.h>

#include "base/typo.h"
#include "cli/report.h"
#include "template/directory.h"

static const char ini_ending[] = ".ini";

/* Where the output goes; NULL after a message. */
const char *description_output(struct arena *arena, const struct options *options,
                               const char *file)
{
    size_t len = strlen(file), ending = sizeof ini_ending - 1;

    if (options->output)
        return options->output;
    if (len > ending && file[len - ending - 1] != '/' &&
        strcmp(file + len - ending, ini_ending) == 0)
        return arena_strndup(arena, file, len - ending);
    report_usage("say with --output DIR where the output shall go",
                 "no folder can be derived from '%s', which does not end in .ini", file);
    return NULL;
}

static const char *next_key(size_t index, const void *data)
{
    const struct spec *spec = data;

    return index < spec->n_connections ? spec->connections[index].key : NULL;
}

enum status description_load(struct arena *arena, const char *file, const struct options *options,
                             const struct spec **ret_spec, const struct connection **ret_connection,
                             struct diags *diags)
{
    const struct spec *spec = spec_load(arena, file, diags);
    const char *nearest;
    size_t i;

    if (!spec)
        return STATUS_INPUT;
    *ret_spec = spec;
    *ret_connection = NULL;
    if (!options->connection)
        return STATUS_DONE;
    for (i = 0; i < spec->n_connections; i++) {
        *ret_connection = &spec->connections[i];
        if (strcmp((*ret_connection)->key, options->connection) == 0)
            return STATUS_DONE;
    }
    nearest = typo_nearest(options->connection, next_key, spec);
    report_usage(nearest ? arena_printf(arena, "did you mean '%s'?", nearest) : NULL,
                 "%s has no [connection %s]", spec->file, options->connection);
    return STATUS_USAGE;
}

const struct template_source *description_templates(struct arena *arena,
                                                    const struct options *options,
                                                    struct diags *diags)
{
    return options->templates
               ? template_directory(arena, options->templates, &template_builtin, diags)
               : &template_builtin;
}
