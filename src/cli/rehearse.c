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

/* The rehearsal was good: what if it is disturbed? */
static enum status try_faults(struct arena *arena, const struct options *options,
                              const struct rehearsal_request *request,
                              const struct rehearsal *rehearsal, struct fault_table *ret)
{
    struct faults_text text = {.quiet = options->quiet,
                               .lines = !options->json,
                               .colours = term_colours(STDOUT_FILENO)};
    const struct fault_watcher watcher = faults_watcher(&text);

    if (!fault_plan(arena, rehearsal, options->fault, ret, &ret->why)) {
        report_note("--fault: %s", ret->why);
        return STATUS_USAGE;
    }
    fault_run(arena, request, rehearsal, &watcher, ret);
    if (!options->json)
        faults_print(&text, ret);
    return ret->good ? STATUS_DONE : STATUS_FINDING;
}

static bool run(struct arena *arena, const struct options *options,
                struct rehearsal_request *request, struct rehearsal *ret)
{
    bool begun;

    term_ignore_broken_pipes();
    unsetenv("SSLKEYLOGFILE"); /* TLS libraries would write a file of the caller's */
    request->stop = term_catch_signals();
    if (options->json && !options->quiet)
        term_progress_start(); /* without it the phases tell */
    begun = rehearsal_run(arena, request, ret);
    term_progress_stop();
    if (!begun)
        report_note("the rehearsal does not begin: %s", ret->why);
    return begun;
}

static enum status rehearse(struct arena *arena, const struct options *options,
                            struct rehearsal_request *request)
{
    struct rehearse_text text = {.quiet = options->quiet,
                                 .colours =
                                     term_colours(options->json ? STDERR_FILENO : STDOUT_FILENO)};
    struct isolation isolation = isolation_enter(az_file(arena));
    struct rehearsal rehearsal;
    struct fault_table table = {.why = ""}, *faults = NULL;
    enum status status;
    bool begun;

    if (!options->json)
        request->watcher = rehearse_watcher(&text);
    begun = run(arena, options, request, &rehearsal);
    status = verdict(begun, &rehearsal);
    if (begun && !options->json)
        rehearse_print(&text, request->spec, &isolation, &rehearsal);
    if (status == STATUS_DONE && (options->faults || options->fault)) {
        faults = &table;
        status = try_faults(arena, options, request, &rehearsal, faults);
    }
    if (begun && options->json)
        rehearse_print_json(request->spec, request->split, &isolation, &rehearsal, faults);
    fflush(stdout);
    rehearsal_release(&rehearsal);
    term_release_signals();
    return status;
}

/* A wish that is none is known before minutes are spent. */
static bool is_wish(struct arena *arena, const char *wish)
{
    const char *why;

    if (!wish || fault_wish_valid(arena, wish, &why))
        return true;
    report_usage("the kinds of faults are listed in azdo-wif(1)", "--fault: %s", why);
    return false;
}

enum status simulation_rehearse(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct rehearsal_request request = {.split = options->split,
                                        .brief = options->fault && !options->faults};
    json *state = NULL;
    enum status status = STATUS_USAGE;

    if (is_wish(arena, options->fault)) {
        status = prepare(arena, options, operands[0], &request, &state, &diags);
        report_findings(&diags, "nothing was rehearsed");
    }
    if (status == STATUS_DONE)
        status = rehearse(arena, options, &request);
    json_free(state);
    arena_free(arena);
    return status;
}
