/* SPDX-License-Identifier: MIT
 * azdo-wif plan: every call in order, without writing a file. */
#include "cli/command.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/description.h"
#include "cli/report.h"
#include "cli/term.h"
#include "emit/emit.h"
#include "template/directory.h"

static enum status plan(struct arena *arena, const struct options *options, const char *file,
                        struct strbuf *out, struct diags *diags)
{
    const struct connection *only;
    const struct spec *spec;
    enum status status = description_load(arena, file, options, &spec, &only, diags);
    const struct template_source *templates;
    const char *key;
    bool done;

    if (status != STATUS_DONE)
        return status;
    key = only ? only->key : NULL;
    if (options->json) {
        emit_plan_json(arena, spec, key, out);
        return STATUS_DONE;
    }
    templates = description_templates(arena, options, diags);
    done = templates && emit_plan_text(arena, spec, templates, key, out, diags);
    if (done)
        template_directory_unused(templates, diags);
    return done ? STATUS_DONE : STATUS_INPUT;
}

static enum status run(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct strbuf out;
    enum status status;

    strbuf_init(&out, LIMIT_PLAN);
    if (!options->quiet)
        term_progress_start();
    status = plan(arena, options, operands[0], &out, &diags);
    term_progress_stop();
    report_findings(&diags, "there is no plan");
    if (status == STATUS_DONE)
        fwrite(out.data, 1, out.len, stdout);
    strbuf_clear(&out);
    arena_free(arena);
    return status;
}

static const struct option_row *const rows[] = {&option_connection, &option_json, &option_templates, &option_quiet,
                                                &option_help,       &option_version, NULL};

const struct command cmd_plan = {
    .name = "plan",
    .summary = "show every call that the scripts would make, in order",
    .operands = "FILE",
    .n_operands = 1,
    .details = "Shows each call in order: who makes it, which rights that needs, what it captures\n"
               "for later calls, and what undoes it. FILE is an INI file, - standard input.",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_USAGE) | STATUS_BIT(STATUS_INPUT) |
                STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif plan contoso.ini",
    .run = run,
};
