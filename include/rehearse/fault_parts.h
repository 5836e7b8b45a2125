/* SPDX-License-Identifier: MIT
 * What the files fault*.c share; for nobody else. */
#ifndef REHEARSE_FAULT_PARTS_H
#define REHEARSE_FAULT_PARTS_H

#include <pthread.h>

#include "rehearse/fault.h"
#include "rehearse/stage.h"

/* What must come of a disturbed script. */
enum fault_end {
    END_DONE,    /* it gets over it: status 0 */
    END_KILLED,  /* it ends by the signal */
    END_STOPPED, /* it ends with 130, by itself */
    END_REFUSED, /* it says that a right is missing: 4 */
    END_SAID,    /* it gets over it, or says what is wrong: 0, 1 or 4 */
};

/* A fault at work; one for each server, which asks it on its own threads. */
struct fault {
    struct rehearsing *r;
    struct desk second_desk; /* of somebody else; second_work is NULL before there is one */
    const char *second_work;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t change;
    bool armed;
    enum fault_kind kind;
    bool back;                     /* the scripts roll back */
    size_t at;                     /* the write that it strikes */
    size_t writes;                 /* that have come */
    const struct sim_call *struck; /* which it holds; NULL: none */
    bool has_struck;
    json *world_before;           /* the struck write */
    char *original;               /* what somebody edited; for free */
    volatile sig_atomic_t signal; /* for the script; 0: none yet */
};

struct fault_row {
    int trouble;                         /* what the service answers; 0: what it should */
    bool from_then_on;                   /* every later write, too */
    bool (*before)(struct fault *fault); /* false: the connection breaks; NULL: nothing */
    bool (*after)(struct fault *fault);
    enum fault_end end;
};
extern const struct fault_row fault_rows[FAULT_KINDS];

/* Makes it ready, for the server of R. It must outlive that. */
void fault_init(struct fault *fault, struct rehearsing *r);

/* From now on it strikes, until the script has ended: then no call is held any more. True: it has
 * struck. */
void fault_arm(struct fault *fault, enum fault_kind kind, bool back, size_t at);
bool fault_disarm(struct fault *fault);

/* Gives somebody else a desk, unless there is one: NULL, or why not. fault_second_person runs the
 * same scripts there. */
const char *fault_invite(struct fault *fault);
void fault_second_person(struct fault *fault);

/* Edits something that WORLD has and BEFORE had not, such as a subject: what was there, for free;
 * NULL: there is nothing that people edit. fault_unedit puts it back. */
char *fault_edit(json *world, const json *before);
void fault_unedit(json *world, const char *original);

/* What comes of a cell. */
enum { FAULT_WHY_MAX = 24 * 1024 };
struct fault_result {
    bool good;
    bool nothing_edited;
    int status; /* of the script that was disturbed */
    double seconds;
    char why[FAULT_WHY_MAX]; /* when it is not good, several lines; else "" */
};

/* Does a cell at the desks of fault->r, which are signed in: write AT, from 1 on, of provisioning
 * or, with BACK, of rolling back. BASE is the undisturbed rehearsal. */
void fault_do_cell(struct fault *fault, const struct rehearsal *base, enum fault_kind kind,
                   bool back, size_t at, struct fault_result *ret);

#endif
