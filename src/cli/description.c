/* SPDX-License-Identifier: MIT
 * The INI file of a command line, and the one connection that --connection narrows to. */
#include "cli/description.h"

#include <string.h>

#include "base/typo.h"
#include "cli/report.h"

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
