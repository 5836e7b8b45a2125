/* SPDX-License-Identifier: MIT
 * Phases: begun, watched, ended; and those that run a script. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "rehearse/stage.h"
#include "simulator/call.h"

enum { SCRIPT_SECONDS = 30 * 60 };

/* Calls */

static const char *kept(struct rehearsing *r, const char *text, size_t max)
{
    return arena_strndup(r->result->call_arena, text, strnlen(text, max));
}

static void keep_body(struct rehearsing *r, struct seen_call *call, const char *body)
{
    size_t len = call->change ? strlen(body) : 0;

    call->body_not_kept = len > LIMIT_SEEN_BODY || len > LIMIT_SEEN_BODIES - r->result->body_bytes;
    if (call->body_not_kept)
        len = 0;
    call->body = kept(r, body, len);
    r->result->body_bytes += len;
}

void phase_observe(void *rehearsing, const struct observation *seen)
{
    struct rehearsing *r = rehearsing;
    const struct rehearsal_watcher *watcher = &r->request->watcher;
    struct seen_call call = {.status = seen->status,
                             .milliseconds = seen->milliseconds,
                             .at = seen->at,
                             .write = seen->write,
                             .refused = seen->refused};

    pthread_mutex_lock(&r->lock);
    call.method = kept(r, seen->method, 32);
    call.host = kept(r, seen->host, 255);
    call.target = kept(r, seen->target, LIMIT_CALL_TARGET);
    call.who = kept(r, seen->who, 255);
    call.code = kept(r, seen->code, 255);
    call.change = !call.refused && call_is_change(host_find(call.host), call.method, call.target);
    keep_body(r, &call, seen->body);
    if (r->result->n_calls < LIMIT_REHEARSAL_CALLS)
        ARENA_PUSH(r->result->call_arena, r->result->calls, r->result->n_calls, call);
    pthread_mutex_unlock(&r->lock);
    if (watcher->called)
        watcher->called(watcher->to, seen);
}

double stage_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct phase *phase_begin(struct rehearsing *r, enum phase_kind kind,
                          const struct connection *connection, enum person person,
                          const char *title)
{
    const struct rehearsal_watcher *watcher = &r->request->watcher;
    struct phase phase = {.kind = kind,
                          .connection = connection,
                          .person = person,
                          .title = title,
                          .why = "",
                          .seconds = stage_now(),
                          .output = "",
                          .job_note = ""};

    pthread_mutex_lock(&r->lock);
    phase.first_call = r->result->n_calls;
    pthread_mutex_unlock(&r->lock);
    ARENA_PUSH(r->arena, r->result->phases, r->result->n_phases, phase);
    if (watcher->began)
        watcher->began(watcher->to, &r->result->phases[r->result->n_phases - 1]);
    return &r->result->phases[r->result->n_phases - 1];
}

static void count_calls(struct rehearsing *r, struct phase *phase)
{
    const struct seen_call *calls = r->result->calls;
    size_t i;

    phase->n_calls = r->result->n_calls - phase->first_call;
    for (i = phase->first_call; i < r->result->n_calls; i++) {
        phase->n_writes += calls[i].change;
        phase->n_refused += calls[i].refused;
        /* az itself asks for news when it signs in for the first time */
        if (calls[i].refused && phase->n_refused == 1 && phase->kind != PHASE_SIGN_IN)
            phase->why = arena_printf(r->arena, "it tried to reach %s, which is not simulated%s%s",
                                      calls[i].host, *phase->why ? "; " : "", phase->why);
    }
}

bool phase_end(struct rehearsing *r, struct phase *phase, const char *why)
{
    const struct rehearsal_watcher *watcher = &r->request->watcher;

    phase->seconds = stage_now() - phase->seconds;
    phase->why = why ? why : "";
    pthread_mutex_lock(&r->lock);
    count_calls(r, phase);
    if (!*phase->why && phase->kind == PHASE_AGAIN && phase->n_writes)
        phase->why = arena_printf(r->arena, "the second run wrote again: %zu write%s",
                                  phase->n_writes, phase->n_writes == 1 ? "" : "s");
    phase->good = !*phase->why;
    pthread_mutex_unlock(&r->lock);
    if (watcher->ended)
        watcher->ended(watcher->to, phase);
    return phase->good;
}

/* Scripts */

/* Keeps the last OUTPUT_KEPT bytes. */
static void keep_line(void *to, const char *line)
{
    struct strbuf *output = to;
    size_t len = strnlen(line, OUTPUT_KEPT / 2) + 1, drop;

    if (output->len + len > OUTPUT_KEPT) {
        drop = output->len / 2;
        drop += strcspn(output->data + drop, "\n");
        drop += output->data[drop] == '\n';
        output->len -= drop;
        memmove(output->data, output->data + drop, output->len + 1);
    }
    strbuf_add(output, line, len - 1);
    strbuf_addc(output, '\n');
}

static const char *verdict(struct rehearsing *r, int status)
{
    switch (status) {
    case 0:
        return NULL;
    case PROGRAM_NOT_STARTED:
        return arena_printf(r->arena, "bash does not start: %s", strerror(errno));
    case PROGRAM_TIMED_OUT:
        return arena_printf(r->arena, "it did not end within %d minutes", SCRIPT_SECONDS / 60);
    case PROGRAM_STOPPED:
        return "interrupted";
    default:
        return arena_printf(r->arena, "it ended with status %d", status);
    }
}

/* bash SCRIPT ARGUMENTS... */
static const char *const *command_line(struct rehearsing *r, const char *path,
                                       const char *const *arguments)
{
    const char **argv = NULL;
    size_t count = 0;

    ARENA_PUSH(r->arena, argv, count, "bash");
    ARENA_PUSH(r->arena, argv, count, path);
    for (; *arguments; arguments++)
        ARENA_PUSH(r->arena, argv, count, *arguments);
    ARENA_PUSH(r->arena, argv, count, NULL);
    return argv;
}

/* The arguments outlive the caller's array. */
static const char *const *copied(struct rehearsing *r, const char *const *arguments)
{
    return command_line(r, "", arguments) + 2;
}

bool run_script(struct rehearsing *r, enum phase_kind kind, const struct connection *connection,
                enum person person, const char *script, const char *const *arguments)
{
    const char *path = arena_printf(r->arena, "%s/%s/%s", r->scripts, connection->folder, script);
    struct phase *phase =
        phase_begin(r, kind, connection, person,
                    arena_printf(r->arena, "%s of %s, by %s%s", script, connection->name.text,
                                 person_title(person), kind == PHASE_AGAIN ? ", once more" : ""));
    struct strbuf output;
    struct program program = {
        .argv = command_line(r, path, arguments),
        .environment = lab_environment(&r->lab, &r->desks[person], NULL, NULL),
        .folder = r->work[person],
        .seconds = SCRIPT_SECONDS,
        .line = keep_line,
        .to = &output,
        .stop = r->request->stop,
        .signal = r->signal,
    };

    phase->script = script;
    phase->arguments = copied(r, arguments);
    strbuf_init(&output, OUTPUT_KEPT);
    phase->status = sandbox_run(r->lab.sandbox, &program);
    phase->output = arena_strdup(r->arena, output.data);
    strbuf_clear(&output);
    return phase_end(r, phase, verdict(r, phase->status));
}
