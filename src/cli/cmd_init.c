/* SPDX-License-Identifier: MIT
 * azdo-wif init: a commented INI file to start from. */
#include "cli/command.h"

#include <stdio.h>

#include "cli/description.h"
#include "cli/report.h"

static const char *const identities[] = {"managed-identity", "service-principal", NULL};

static enum status run(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    const char *type = options->identity ? options->identity : identities[0];
    const char *name = arena_printf(arena, "ini/%s.ini", type), *file, *text = NULL;
    struct diags diags = DIAGS_INIT(arena);
    const struct template_source *source = description_templates(arena, options, &diags);
    size_t len, errors;

    (void)operands;
    for (; source && !text && !diags.errors; source = source->below)
        text = source->get(source->data, name, &len, &file, &diags);
    errors = diags.errors;
    report_findings(&diags, "there is nothing to print");
    if (!errors)
        fwrite(text, 1, len, stdout); /* whether that worked is asked once, at the end of the run */
    arena_free(arena);
    return errors ? STATUS_INPUT : STATUS_DONE;
}

static const struct option_row identity = {"identity",
                                           0,
                                           "TYPE",
                                           identities,
                                           "managed-identity (default) or service-principal",
                                           offsetof(struct options, identity)};

static const struct option_row *const rows[] = {&identity, &option_templates, &option_help,
                                                &option_version, NULL};

const struct command cmd_init = {
    .name = "init",
    .summary = "print a commented INI file to start from",
    .operands = "",
    .details = "Prints an INI file with every key explained. Fill in the ids, then run\n"
               "'azdo-wif generate' on it.",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_USAGE) | STATUS_BIT(STATUS_INPUT) |
                STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif init --identity service-principal > contoso.ini",
    .run = run,
};
