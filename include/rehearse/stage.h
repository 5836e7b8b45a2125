/* SPDX-License-Identifier: MIT
 * What the parts of a rehearsal share. */
#ifndef REHEARSE_STAGE_H
#define REHEARSE_STAGE_H

#include <pthread.h>

#include "rehearse/rehearsal.h"

enum { ARGUMENTS_MAX = 12, OUTPUT_KEPT = 64 * 1024 };

struct rehearsing {
    struct arena *arena;
    const struct rehearsal_request *request;
    struct rehearsal *result;
    struct lab lab;
    struct desk desks[PERSON_COUNT];
    const char *work[PERSON_COUNT];      /* the folder in which a person runs scripts */
    const char *scripts;                 /* the output folder */
    json *before;                        /* the world at the beginning */
    pthread_mutex_t lock;                /* of result->calls and its arena */
    const volatile sig_atomic_t *signal; /* for scripts, see struct program; NULL: none */
};

/* Seconds since some moment. */
double stage_now(void);

/* Begins a phase and tells the watcher; the pointer is good until the next begins. */
struct phase *phase_begin(struct rehearsing *r, enum phase_kind kind,
                          const struct connection *connection, enum person person,
                          const char *title);

/* Counts its calls and tells the watcher. WHY is NULL when it is good so far; it is not when it
 * reached out to another host. */
bool phase_end(struct rehearsing *r, struct phase *phase, const char *why);

/* A call has come. */
void phase_observe(void *rehearsing, const struct observation *seen);

/* Runs SCRIPT of the connection with arguments (closed by NULL) at the desk of PERSON, as a phase.
 */
bool run_script(struct rehearsing *r, enum phase_kind kind, const struct connection *connection,
                enum person person, const char *script, const char *const *arguments);

/* Gives the hand-over file of the connection from one person's folder to the others'. */
bool pass_handover(struct rehearsing *r, const struct connection *connection, enum person from);

/* Takes it away from everybody: who needs it must get it anew. */
void forget_handover(struct rehearsing *r, const struct connection *connection);

/* Keeps those of a split rehearsal in its result, and gives them to everybody, as FROM has them. */
void keep_handovers(struct rehearsing *r);
bool restore_handovers(struct rehearsing *r, const struct rehearsal *from);

/* A pipeline's sign-in with the connection, as a phase; one for each project that it is shared
 * with. */
bool run_jobs(struct rehearsing *r, const struct connection *connection);

/* Has the world what the description says of the connection, and no more? As a phase. */
bool check_described(struct rehearsing *r, const struct connection *connection);

/* The parts of a rehearsal: everything open and everybody signed in; the scripts of all chosen
 * connections, once or once more (PHASE_AGAIN), forwards and back. False: the last phase is not
 * good, or, of scene_open alone, result->why says why nothing begins. */
bool scene_open(struct rehearsing *r);
bool scene_sign_in(struct rehearsing *r);
bool scene_provision(struct rehearsing *r, enum phase_kind kind);
bool scene_roll_back(struct rehearsing *r);
bool scene_prove(struct rehearsing *r); /* pipelines sign in, and all is as described */
void scene_close(struct rehearsing *r);

bool scene_is_chosen(const struct rehearsing *r, const struct connection *connection);

/* A desk and a folder to work in for PERSON, named NAME; NULL, or why there is none. */
const char *scene_desk(struct rehearsing *r, enum person person, const char *name);

/* A copy of the world as it is, for json_free. */
json *world_snapshot(struct rehearsing *r);

/* What of FOUND is not as in EXPECTED, as a unified diff in ARENA; "": nothing. Both came from
 * ORIGIN: what was made since then may have other ids. */
const char *world_changes(struct arena *arena, const json *origin, const json *expected,
                          const json *found);

/* What a rollback left, likewise; resource groups stay. */
const char *world_remains(struct rehearsing *r);

/* Is the world as it was before? As a phase. */
bool compare_worlds(struct rehearsing *r);

#endif
