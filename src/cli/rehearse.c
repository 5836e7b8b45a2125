/* SPDX-License-Identifier: MIT
 * rehearse: what is read of the caller's, the walls, the rehearsal. */
#include "cli/rehearse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/description.h"
#include "cli/rehearse_report.h"
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

/* The world to begin with. */
static enum status find_world(struct arena *arena, const struct options *options,
                              struct rehearsal_request *request, struct diags *diags)
{
    if (!request->spec->cloud->resource_manager) {
        report_note("%s is not simulated: its services differ from place to place",
                    request->spec->cloud->name);
        return STATUS_REMOTE;
    }
    request->state =
        options->state ? worlds_load(arena, options->state, diags) : fit_world(request->spec);
    return request->state ? STATUS_DONE : STATUS_INPUT;
}

static enum status prepare(struct arena *arena, const struct options *options, const char *file,
                           struct rehearsal_request *request, struct report_page *page,
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
    request->files = files.items;
    request->n_files = files.count;
    if (options->report && !strcmp(options->report, "-")) {
        report_usage("name a file",
                     "--report does not write to standard output, which tells how it goes");
        return STATUS_USAGE;
    }
    if (options->report)
        status = report_page_open(arena, emit.templates, options->report, page, diags);
    return status == STATUS_DONE ? find_world(arena, options, request, diags) : status;
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
    struct faults_text text = {
        .quiet = options->quiet, .lines = !options->json, .colours = term_colours(STDOUT_FILENO)};
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

/* As JSON and as the page, whichever is asked for: a failed rehearsal has them, too. */
static enum status tell(struct arena *arena, const struct options *options,
                        const struct report_page *page, const json *document)
{
    struct diags diags = DIAGS_INIT(arena);

    if (options->json)
        rehearse_print_json(document);
    fflush(stdout);
    if (options->report && !report_page_write(arena, page, document, &diags)) {
        report_findings(&diags, "there is no report");
        return STATUS_OUTPUT;
    }
    return STATUS_DONE;
}

static enum status rehearse(struct arena *arena, const struct options *options,
                            struct rehearsal_request *request, const struct report_page *page)
{
    struct rehearse_text text = {.quiet = options->quiet,
                                 .colours =
                                     term_colours(options->json ? STDERR_FILENO : STDOUT_FILENO)};
    struct isolation isolation = isolation_enter(az_file(arena));
    struct rehearsal rehearsal;
    struct fault_table table = {.why = ""}, *faults = NULL;
    enum status status, told = STATUS_DONE;
    json *document;
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
    if (begun) {
        document = rehearse_document(request, &isolation, &rehearsal, faults);
        told = tell(arena, options, page, document);
        json_free(document);
    }
    rehearsal_release(&rehearsal);
    term_release_signals();
    return told != STATUS_DONE ? told : status;
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
    struct report_page page = {.folder = -1};
    enum status status = STATUS_USAGE;

    if (is_wish(arena, options->fault)) {
        status = prepare(arena, options, operands[0], &request, &page, &diags);
        report_findings(&diags, "nothing was rehearsed");
    }
    if (status == STATUS_DONE)
        status = rehearse(arena, options, &request, &page);
    if (page.folder >= 0)
        close(page.folder);
    json_free(request.state);
    arena_free(arena);
    return status;
}
