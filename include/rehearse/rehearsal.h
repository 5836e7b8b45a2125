/* SPDX-License-Identifier: MIT
 * A rehearsal: the scripts of a description, run for real in a simulated world.
 *
 * For all connections in turn: provision (with SPLIT the numbered scripts, each at the desk of the
 * administrator that it is for, sharing nothing but the hand-over file), verify, a pipeline's
 * sign-in, provision again, which must write nothing, and, in reverse order, rollback; at last the
 * world must be what it was. The first phase that is not good ends it. */
#ifndef REHEARSE_REHEARSAL_H
#define REHEARSE_REHEARSAL_H

#include "emit/emit.h"
#include "rehearse/fit.h"
#include "rehearse/job.h"
#include "rehearse/lab.h"

enum phase_kind {
    PHASE_SIGN_IN, /* az signs a person in */
    PHASE_PROVISION,
    PHASE_VERIFY,
    PHASE_JOB,   /* a pipeline signs in */
    PHASE_STATE, /* is everything there that is described, and no more? */
    PHASE_AGAIN,
    PHASE_ROLLBACK,
    PHASE_WORLD, /* is it as it was? */
    PHASE_KINDS
};

/* A call, kept. Texts are hostile. No header is kept and no reply, and of requests only the body of
 * a change: what asks for a token holds passwords and assertions. */
struct seen_call {
    const char *method, *host, *target, *who, *code;
    const char *body;   /* "" */
    bool body_not_kept; /* there was one, too long for base/limits.h */
    int status;
    double milliseconds;
    long long at;
    bool write, refused;
    bool change; /* a write to another service than Entra's sign-in, and not for a token */
};

struct phase {
    enum phase_kind kind;
    const struct connection *connection; /* NULL: of all */
    enum person person;
    const char *title;            /* "provision.sh for payments-prod, as identity administrator" */
    const char *script;           /* NULL: none is run */
    const char *const *arguments; /* of the script; closed by NULL */
    bool good;
    const char *why; /* when it is not good: one sentence, may hold hostile text; else "" */
    int status;      /* exit status of the script */
    double seconds;
    size_t first_call, n_calls; /* among those of the rehearsal */
    size_t n_writes;            /* to other services than Entra's sign-in */
    size_t n_refused;           /* attempts to reach a host that is not simulated */
    const char *output;         /* the last of what the script printed; hostile */
    struct job_result job;      /* PHASE_JOB */
    const char *job_note;       /* PHASE_JOB: what is special about it; "" */
};

/* What a watcher is told, on one thread at a time. Any may be NULL. */
struct rehearsal_watcher {
    void *to;
    void (*began)(void *to, const struct phase *phase);
    void (*called)(void *to, const struct observation *seen); /* from other threads */
    void (*ended)(void *to, const struct phase *phase);
};

struct rehearsal_request {
    const struct spec *spec;
    const struct output_file *files; /* what emit_files gave */
    size_t n_files;
    const struct connection *only; /* NULL: all */
    bool split;
    bool brief;  /* provision and rollback alone */
    json *state; /* the world to begin with, which world_check has accepted; the caller's */
    const volatile sig_atomic_t *stop;
    struct rehearsal_watcher watcher;
};

/* What the numbered scripts of a connection hand on. */
struct handover {
    const struct connection *connection;
    const char *data;
    size_t len;
};

struct rehearsal {
    bool good;
    long long began; /* milliseconds since 1970 */
    struct phase *phases;
    size_t n_phases;
    struct seen_call *calls;
    size_t n_calls;
    size_t body_bytes;        /* of all bodies */
    struct arena *call_arena; /* of the calls, which came from other threads */
    json *end_state; /* the world when everything was provisioned; NULL when it came not so far */
    struct handover *handovers; /* of a split one, when everything was provisioned */
    size_t n_handovers;
    const char *difference; /* what rollback did not take back, as a unified diff; "" */
    const char *why;        /* it did not even begin; "" */
};

/* False when it could not begin: no az, no folder, no port; then ret->why says so. */
bool rehearsal_run(struct arena *arena, const struct rehearsal_request *request,
                   struct rehearsal *ret);
void rehearsal_init(struct rehearsal *ret);
void rehearsal_release(struct rehearsal *rehearsal); /* what the arena does not hold */

const char *phase_name(enum phase_kind kind); /* "provision": in JSON */

#endif
