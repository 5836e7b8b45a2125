/* SPDX-License-Identifier: MIT
 * azdo-wif generate: writes the scripts. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "cli/description.h"
#include "cli/report.h"
#include "cli/term.h"
#include "emit/emit.h"
#include "emit/outdir.h"
#include "template/directory.h"

static void print_path(const char *dir, const char *path)
{
    report_text(stdout, dir);
    if (*dir && dir[strlen(dir) - 1] != '/')
        putchar('/');
    puts(path);
}

static void print_result(const struct options *options, const char *dir,
                         const struct outdir_result *result)
{
    size_t i;

    for (i = 0; i < result->count; i++)
        print_path(dir, result->paths[i]);
    if (options->quiet)
        return;
    for (i = 0; i < result->leftovers.count; i++) {
        const struct leftover *leftover = &result->leftovers.items[i];

        if (options->prune && !leftover->edited)
            report_note("removed: %s/%s", dir, leftover->path);
        else
            report_note("kept: %s/%s (no longer described; %s)", dir, leftover->path,
                        leftover->edited ? "edited, so remove it by hand" : "--prune removes it");
    }
    printf("%zu files: %zu written, %zu unchanged. Next: read ", result->count, result->written,
           result->unchanged);
    print_path(dir, "README.md");
}

struct receiver {
    struct outdir *outdir;
    bool failed;
};

static bool receive(void *to, const struct output_file *file)
{
    struct receiver *receiver = to;

    receiver->failed = !outdir_put(receiver->outdir, file);
    return !receiver->failed;
}

/* When the emission fails and the folder did not, a template is wrong. */
static enum status write_files(struct arena *arena, struct emit_request *emit,
                               const struct outdir_request *request, struct outdir_result *result,
                               struct diags *diags)
{
    struct receiver receiver = {.outdir = outdir_open(arena, request, diags)};
    bool emitted;

    if (!receiver.outdir)
        return STATUS_OUTPUT;
    emit->sink = receive;
    emit->to = &receiver;
    emitted = emit_files(arena, emit, diags);
    if (outdir_close(receiver.outdir, emitted, result))
        return STATUS_DONE;
    return emitted || receiver.failed ? STATUS_OUTPUT : STATUS_INPUT;
}

static enum status generate(struct arena *arena, const struct options *options, const char *file,
                            struct diags *diags)
{
    const char *dir = description_output(arena, options, file);
    struct emit_request emit = {.templates = description_templates(arena, options, diags)};
    struct outdir_result result = {0};
    const struct connection *only;
    struct outdir_request request;
    enum status status;

    if (!dir)
        return STATUS_USAGE;
    status = description_load(arena, file, options, &emit.spec, &only, diags);
    if (status != STATUS_DONE || !emit.templates)
        return status != STATUS_DONE ? status : STATUS_INPUT;
    emit.only_connection = only ? only->key : NULL;
    request = (struct outdir_request){.dir = dir,
                                      .only_folder = only ? only->folder : NULL,
                                      .prune = options->prune,
                                      .stop = term_catch_signals()};
    status = write_files(arena, &emit, &request, &result, diags);
    term_release_signals();
    if (status != STATUS_DONE)
        return status;
    template_directory_unused(emit.templates, diags);
    term_progress_stop();
    print_result(options, dir, &result);
    return STATUS_DONE;
}

static enum status run(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    enum status status;

    if (!options->quiet)
        term_progress_start();
    status = generate(arena, options, operands[0], &diags);
    term_progress_stop();
    report_findings(&diags, "nothing was written");
    arena_free(arena);
    return status;
}

static const struct option_row prune = {
    "prune",
    0,
    NULL,
    NULL,
    "remove files of an earlier run that are no longer described",
    offsetof(struct options, prune)};

static const struct option_row *const rows[] = {
    &option_output, &option_connection, &option_templates, &prune,
    &option_quiet,  &option_help,       &option_version,   NULL};

const struct command cmd_generate = {
    .name = "generate",
    .summary = "write the scripts",
    .operands = "FILE",
    .n_operands = 1,
    .details = "Writes the scripts that FILE, an INI file, describes, all of them or none, and\n"
               "prints their paths. FILE may be - for standard input; then say --output. Replaces\n"
               "only files that azdo-wif wrote and nobody edited.",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_USAGE) | STATUS_BIT(STATUS_INPUT) |
                STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif generate contoso.ini",
    .run = run,
};
