/* SPDX-License-Identifier: MIT
 * How each kind of fault strikes. */
#include <stdlib.h>
#include <time.h>

#include "rehearse/fault_parts.h"

/* A reply that is slow must come within az's own patience; who is killed is dead at once. */
enum { SLOW_SECONDS = 12, HELD_SECONDS = 10 };

/* Waits, but not longer than the script lives. */
static void hold(struct fault *fault, int seconds)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&fault->lock);
    while (fault->armed && pthread_cond_timedwait(&fault->change, &fault->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&fault->lock);
}

static bool break_off(struct fault *fault)
{
    (void)fault;
    return false;
}

static bool be_slow(struct fault *fault)
{
    hold(fault, SLOW_SECONDS);
    return true;
}

static bool send_kill(struct fault *fault)
{
    fault->signal = SIGKILL;
    hold(fault, HELD_SECONDS);
    return false;
}

static bool send_interrupt(struct fault *fault)
{
    fault->signal = SIGINT;
    hold(fault, HELD_SECONDS);
    return false;
}

static bool let_other_run(struct fault *fault)
{
    fault_second_person(fault);
    return true;
}

static bool look_before(struct fault *fault)
{
    fault->world_before = world_snapshot(fault->r);
    return true;
}

static bool edit(struct fault *fault)
{
    struct world *world = fault->r->lab.world;

    world_lock(world);
    fault->original = fault_edit(world_root(world), fault->world_before);
    world_unlock(world);
    return true;
}

const struct fault_row fault_rows[FAULT_KINDS] = {
    [FAULT_LOST_REPLY] = {.after = break_off, .end = END_DONE},
    [FAULT_THROTTLED] = {.trouble = 429, .end = END_DONE},
    [FAULT_SERVER_ERROR] = {.trouble = 500, .end = END_DONE},
    [FAULT_RESET] = {.before = break_off, .end = END_DONE},
    [FAULT_SLOW] = {.after = be_slow, .end = END_DONE},
    [FAULT_KILLED] = {.after = send_kill, .end = END_KILLED},
    [FAULT_INTERRUPTED] = {.after = send_interrupt, .end = END_STOPPED},
    [FAULT_ROLE_ENDED] = {.trouble = 403, .from_then_on = true, .end = END_REFUSED},
    [FAULT_SECOND_PERSON] = {.before = let_other_run, .end = END_SAID},
    [FAULT_EDITED] = {.before = look_before, .after = edit, .end = END_SAID},
};

/* Calls */

/* The number of this write, from 1 on; 0: it is none, or no fault is armed. */
static size_t count_write(struct fault *fault, const struct sim_call *call)
{
    size_t number = 0;

    if (!call_is_change(call->host, call->method, call->target))
        return 0;
    pthread_mutex_lock(&fault->lock);
    if (fault->armed)
        number = ++fault->writes;
    if (number && number == fault->at) {
        fault->has_struck = true;
        fault->struck = call;
    }
    pthread_mutex_unlock(&fault->lock);
    return number;
}

static void let_go(struct fault *fault)
{
    pthread_mutex_lock(&fault->lock);
    fault->struck = NULL;
    pthread_cond_broadcast(&fault->change);
    pthread_mutex_unlock(&fault->lock);
}

static bool before(void *to, struct sim_call *call)
{
    struct fault *fault = to;
    const struct fault_row *row = &fault_rows[fault->kind];
    size_t number = count_write(fault, call);
    bool whole = true;

    if (!number || number < fault->at || (number > fault->at && !row->from_then_on))
        return true;
    call->trouble = row->trouble;
    if (number == fault->at) {
        whole = !row->before || row->before(fault);
        if (!whole || !row->after)
            let_go(fault);
    }
    return whole;
}

static bool after(void *to, struct sim_call *call)
{
    struct fault *fault = to;
    bool mine, whole;

    pthread_mutex_lock(&fault->lock);
    mine = fault->struck == call;
    pthread_mutex_unlock(&fault->lock);
    if (!mine)
        return true;
    whole = fault_rows[fault->kind].after(fault);
    let_go(fault);
    return whole;
}

void fault_init(struct fault *fault, struct rehearsing *r)
{
    const struct trouble trouble = {fault, before, after};

    *fault = (struct fault){.r = r};
    pthread_mutex_init(&fault->lock, NULL);
    pthread_cond_init(&fault->change, NULL);
    server_make_trouble(r->lab.server, &trouble);
    r->signal = &fault->signal;
}

void fault_arm(struct fault *fault, enum fault_kind kind, bool back, size_t at)
{
    pthread_mutex_lock(&fault->lock);
    fault->armed = true;
    fault->kind = kind;
    fault->back = back;
    fault->at = at;
    fault->writes = 0;
    fault->has_struck = false;
    fault->signal = 0;
    free(fault->original);
    fault->original = NULL;
    pthread_mutex_unlock(&fault->lock);
}

bool fault_disarm(struct fault *fault)
{
    pthread_mutex_lock(&fault->lock);
    fault->armed = false;
    fault->signal = 0;
    pthread_cond_broadcast(&fault->change);
    while (fault->struck)
        pthread_cond_wait(&fault->change, &fault->lock);
    json_free(fault->world_before);
    fault->world_before = NULL;
    pthread_mutex_unlock(&fault->lock);
    return fault->has_struck;
}
