/* SPDX-License-Identifier: MIT
 * Faults: what may go wrong at a write, and what must come of it.
 *
 * The writes of a rehearsal are numbered from 1, as they come while everything is provisioned and
 * rolled back. A cell is one fault at one write, in a world of its own: the scripts run with the
 * fault, and then once more without. Whatever happens, that second run must end in the same world
 * as a rehearsal that nothing disturbed: nothing missing, nothing twice. And a script that ends
 * with 0 must have done its work: then the world is compared at once, too. */
#ifndef REHEARSE_FAULT_H
#define REHEARSE_FAULT_H

#include "rehearse/fault_names.h"
#include "rehearse/rehearsal.h"

/* A write of the undisturbed rehearsal. Texts are hostile. */
struct fault_write {
    enum phase_kind phase; /* PHASE_PROVISION or PHASE_ROLLBACK */
    const struct connection *connection;
    const char *script, *method, *host, *target;
};

struct fault_cell {
    size_t write; /* from 1 on */
    enum fault_kind kind;
    bool wanted, done, good;
    int status; /* of the script that was disturbed */
    double seconds;
    const char *outcome; /* "came through", "ended with 130, then done" */
    const char *why;     /* when it is not good, several lines; hostile; else "" */
};

struct fault_table {
    struct fault_write *writes;
    size_t n_writes;
    struct fault_cell *cells; /* FAULT_KINDS of each write, in order */
    size_t n_wanted, n_done, n_bad;
    bool good;       /* every wanted cell is done and good */
    const char *why; /* it could not begin, or ended early; "" */
};

/* Told after each cell, and about twice a second in between (CELL is NULL). */
struct fault_watcher {
    void *to;
    void (*told)(void *to, const struct fault_table *table, const struct fault_cell *cell,
                 double seconds_left); /* an estimate; below 0: none yet */
};

/* The table of a rehearsal that was good, with nothing done. WISH is "KIND@N,...", each of which
 * becomes wanted; NULL: all are. False with *RET_WHY, one sentence, when WISH is no such list. */
bool fault_plan(struct arena *arena, const struct rehearsal *base, const char *wish,
                struct fault_table *ret, const char **ret_why);

/* Is WISH a list of KIND@N at all? Likewise; known before anything runs. */
bool fault_wish_valid(struct arena *arena, const char *wish, const char **ret_why);

/* Does the wanted cells in processes of their own, as many at a time as there are processors. */
void fault_run(struct arena *arena, const struct rehearsal_request *request,
               const struct rehearsal *base, const struct fault_watcher *watcher,
               struct fault_table *table);

#endif
