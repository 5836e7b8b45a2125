/* SPDX-License-Identifier: MIT
 * azdo-wif templates: what there is to replace. */
#include "cli/command.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/report.h"
#include "emit/export.h"
#include "encode/encode.h"
#include "format/json.h"
#include "template/template.h"

static void list(struct arena *arena)
{
    const char *name, *block;
    size_t i, k;

    for (i = 0; (name = template_builtin_name(i)); i++) {
        fputs(name, stdout);
        for (k = 0; (block = template_builtin_block(arena, name, k)); k++)
            printf("%s%s", k ? ", " : ": blocks ", block);
        putchar('\n');
    }
}

static void list_json(struct arena *arena)
{
    json *all = json_array(), *item, *blocks;
    const char *name, *block;
    struct strbuf out;
    size_t i, k;

    for (i = 0; (name = template_builtin_name(i)); i++) {
        item = json_append(all, json_object());
        json_text(item, "name", name);
        blocks = json_add(item, "blocks", json_array());
        for (k = 0; (block = template_builtin_block(arena, name, k)); k++)
            json_append_text(blocks, block);
    }
    strbuf_init(&out, LIMIT_LIST_OUTPUT);
    json_print(&out, all, encode_json);
    puts(out.data);
    strbuf_clear(&out);
    json_free(all);
}

static enum status run(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    enum status status = STATUS_DONE;

    (void)operands;
    if (options->export) {
        if (!export_templates(arena, options->export, &diags))
            status = STATUS_OUTPUT;
        report_findings(&diags, "nothing was written");
    } else if (options->json) {
        list_json(arena);
    } else {
        list(arena);
    }
    arena_free(arena);
    return status;
}

static const struct option_row export = {
    "export", 0, "DIR", NULL, "write them as files into DIR, which must be new or empty",
    offsetof(struct options, export)};

static const struct option_row *const rows[] = {&export, &option_json, &option_help,
                                                &option_version, NULL};

const struct command cmd_templates = {
    .name = "templates",
    .summary = "list or export the built-in templates",
    .operands = "",
    .details = "Lists the built-in templates and the blocks that each offers. A file of the same\n"
               "name in a folder that is given as --templates replaces one, or one block of it:\n"
               "azdo-wif-templates(7).",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_USAGE) | STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif templates --export templates",
    .run = run,
};
