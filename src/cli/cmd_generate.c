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

static const char ini_ending[] = ".ini";

/* Where the output goes; NULL after a message. */
static const char *output_folder(struct arena *arena, const struct options *options,
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

static void print_path(const char *dir, const char *path)
{
    report_text(stdout, dir);
    if (*dir && dir[strlen(dir) - 1] != '/')
        putchar('/');
    puts(path);
}

static void print_result(const struct options *options, const char *dir,
                         const struct output_files *files, const struct outdir_result *result)
{
    size_t i;

    for (i = 0; i < files->count; i++)
        print_path(dir, files->items[i].path);
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
    printf("%zu files: %zu written, %zu unchanged. Next: read ", files->count, result->written,
           result->unchanged);
    print_path(dir, "README.md");
}

static enum status generate(struct arena *arena, const struct options *options, const char *file,
                            struct diags *diags)
{
    const char *dir = output_folder(arena, options, file);
    struct outdir_result result = {0};
    const struct connection *only;
    struct output_files files = {0};
    struct outdir_request request;
    const struct spec *spec;
    enum status status;
    bool written;

    if (!dir)
        return STATUS_USAGE;
    status = description_load(arena, file, options, &spec, &only, diags);
    if (status != STATUS_DONE)
        return status;
    if (!emit_files(arena, spec, &template_builtin, only ? only->key : NULL, &files, diags))
        return STATUS_INPUT;
    request = (struct outdir_request){.dir = dir,
                                      .files = &files,
                                      .only_folder = only ? only->folder : NULL,
                                      .prune = options->prune,
                                      .stop = term_catch_signals()};
    written = outdir_write(arena, &request, &result, diags);
    term_release_signals();
    if (!written)
        return STATUS_OUTPUT;
    term_progress_stop();
    print_result(options, dir, &files, &result);
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
    &option_output, &option_connection, &prune, &option_quiet, &option_help, &option_version, NULL};

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
