/* SPDX-License-Identifier: MIT
 * rehearse: what is read of the caller's, the walls, the rehearsal. */
#include "cli/rehearse.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/description.h"
#include "cli/report.h"
#include "cli/simulation.h"
#include "cli/term.h"
#include "cli/worlds.h"

struct files {
    struct arena *arena;
    struct output_file *items;
    size_t count;
};

/* Templates may lie where they cannot be read any more later, so all is emitted first. */
static bool keep_file(void *to, const struct output_file *file)
{
    struct files *files = to;
    struct output_file copy = *file;

    copy.path = arena_strdup(files->arena, file->path);
    copy.data = arena_strndup(files->arena, file->data, file->len);
    ARENA_PUSH(files->arena, files->items, files->count, copy);
    return true;
}

static enum status prepare(struct arena *arena, const struct options *options, const char *file,
                           struct rehearsal_request *request, json **ret_state,
                           struct diags *diags)
{
    struct files files = {.arena = arena};
    struct emit_request emit = {
        .templates = description_templates(arena, options, diags), .sink = keep_file, .to = &files};
    enum status status =
        description_load(arena, file, options, &request->spec, &request->only, diags);

    if (status != STATUS_DONE || !emit.templates)
        return status != STATUS_DONE ? status : STATUS_INPUT;
    emit.spec = request->spec;
    emit.only_connection = request->only ? request->only->key : NULL;
    if (!emit_files(arena, &emit, diags))
        return STATUS_INPUT;
    if (!request->spec->cloud->resource_manager) {
        report_note("%s is not simulated: its services differ from place to place",
                    request->spec->cloud->name);
        return STATUS_REMOTE;
    }
    request->files = files.items;
    request->n_files = files.count;
    *ret_state =
        options->state ? worlds_load(arena, options->state, diags) : fit_world(request->spec);
    request->state = *ret_state;
    return *ret_state ? STATUS_DONE : STATUS_INPUT;
}

/* The file of az itself, which must stay in sight. */
static const char *az_file(struct arena *arena)
{
    const char *folder = lab_find_program(arena, "az");

    return folder ? arena_printf(arena, "%s/az", folder) : NULL;
}

/* Without a sign-in nothing of the description was tried. */
static enum status verdict(bool begun, const struct rehearsal *rehearsal)
{
    const struct phase *last =
        rehearsal->n_phases ? &rehearsal->phases[rehearsal->n_phases - 1] : NULL;

    if (!begun || !last || (!last->good && last->kind == PHASE_SIGN_IN))
        return STATUS_REMOTE;
    return rehearsal->good ? STATUS_DONE : STATUS_FINDING;
}

static enum status rehearse(struct arena *arena, const struct options *options,
                            struct rehearsal_request *request)
{
    struct rehearse_text text = {.quiet = options->quiet,
                                 .colours =
                                     term_colours(options->json ? STDERR_FILENO : STDOUT_FILENO)};
    struct isolation isolation = isolation_enter(az_file(arena));
    struct rehearsal rehearsal;
    enum status status;
    bool begun;

    if (!options->json)
        request->watcher = rehearse_watcher(&text);
    term_ignore_broken_pipes();
    unsetenv("SSLKEYLOGFILE"); /* TLS libraries would write a file of the caller's */
    request->stop = term_catch_signals();
    if (options->json && !options->quiet)
        term_progress_start(); /* without it the phases tell */
    begun = rehearsal_run(arena, request, &rehearsal);
    term_progress_stop();
    if (!begun)
        report_note("the rehearsal does not begin: %s", rehearsal.why);
    else if (options->json)
        rehearse_print_json(request->spec, request->split, &isolation, &rehearsal);
    else
        rehearse_print(&text, request->spec, &isolation, &rehearsal);
    fflush(stdout);
    status = verdict(begun, &rehearsal);
    rehearsal_release(&rehearsal);
    term_release_signals();
    return status;
}

enum status simulation_rehearse(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct rehearsal_request request = {.split = options->split};
    json *state = NULL;
    enum status status = prepare(arena, options, operands[0], &request, &state, &diags);

    report_findings(&diags, "nothing was rehearsed");
    if (status == STATUS_DONE)
        status = rehearse(arena, options, &request);
    json_free(state);
    arena_free(arena);
    return status;
}
