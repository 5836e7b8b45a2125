/* SPDX-License-Identifier: MIT
 * One fault at one write: the scripts with it, the scripts without it, and what came of it. */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rehearse/fault_parts.h"

enum { TAIL_MAX = 4 * 1024, CHANGES_MAX = 12 * 1024 };

struct trial {
    struct rehearsing *r;
    struct fault *fault;
    const struct rehearsal *base;
    bool back; /* it is about rolling back */
    enum fault_kind kind;
    struct fault_result *result;
};

/* Verdicts */

static bool bad(struct trial *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool bad(struct trial *t, const char *format, ...)
{
    size_t len = strlen(t->result->why);
    va_list args;

    t->result->good = false;
    va_start(args, format);
    vsnprintf(t->result->why + len, FAULT_WHY_MAX - len, format, args);
    va_end(args);
    return false;
}

static const struct phase *last_phase(const struct trial *t)
{
    const struct rehearsal *result = t->r->result;

    return result->n_phases ? &result->phases[result->n_phases - 1] : NULL;
}

/* Why the last phase is not good, and the last of what it printed. */
static bool bad_phase(struct trial *t, const char *when)
{
    const struct phase *phase = last_phase(t);
    const char *output = phase ? phase->output : "";
    size_t len = strlen(output);

    if (len > TAIL_MAX) {
        output += len - TAIL_MAX;
        output += strcspn(output, "\n");
    }
    return bad(t, "%s, %s: %s\n%s", when, phase ? phase->title : "the beginning",
               phase ? phase->why : t->r->result->why, output);
}

/* What is not as it is without a fault; "": nothing. */
static const char *changes(struct trial *t)
{
    json *found;
    const char *text;

    if (t->back)
        return world_remains(t->r);
    found = world_snapshot(t->r);
    text = world_changes(t->r->arena, t->r->before, t->base->end_state, found);
    json_free(found);
    return text;
}

/* Is the world as it is without a fault? What is there twice, because two did the same at once, is
 * no matter when the script tells of it. */
static bool good_world(struct trial *t, const char *when)
{
    const char *what = changes(t), *output = last_phase(t)->output;

    if (!*what || (t->kind == FAULT_SECOND_PERSON &&
                   (strstr(output, "extra: ") || strstr(output, "conflict: "))))
        return true;
    return bad(t, "%s it ended with 0, but the world is not as it is without the fault:\n%.*s",
               when, CHANGES_MAX, what);
}

/* Runs */

static void forget_result(struct rehearsing *r)
{
    pthread_mutex_lock(&r->lock);
    rehearsal_release(r->result);
    rehearsal_init(r->result);
    pthread_mutex_unlock(&r->lock);
}

/* All scripts, until one is not good; what they did is in r->result. */
static bool run_scripts(struct trial *t)
{
    forget_result(t->r);
    return t->back ? scene_roll_back(t->r) : scene_provision(t->r, PHASE_PROVISION);
}

static size_t count_writes(const struct rehearsal *result)
{
    size_t i, count = 0;

    for (i = 0; i < result->n_phases; i++)
        count += result->phases[i].n_writes;
    return count;
}

static size_t count_left(const struct trial *t)
{
    size_t count = 0;
    enum person person;

    for (person = 0; person < PERSON_COUNT; person++) {
        const char *path = t->r->desks[person].temporary;
        DIR *folder = path ? opendir(path) : NULL;

        while (folder && readdir(folder))
            count++;
        if (folder)
            closedir(folder);
    }
    return count;
}

static bool is_expected(enum fault_end end, int status)
{
    switch (end) {
    case END_DONE:
        return status == 0;
    case END_KILLED:
        return status == 128 + SIGKILL;
    case END_STOPPED:
        return status == 128 + SIGINT;
    case END_REFUSED:
        return status == 4;
    case END_SAID:
        return status == 0 || status == 1 || status == 4;
    }
    return false;
}

/* The world, the hand-overs and the limits as they are before the first script. */
static bool set_out(struct trial *t)
{
    const struct spec *spec = t->r->request->spec;
    size_t i;

    world_replace(t->r->lab.world, json_copy(t->back ? t->base->end_state : t->r->before));
    for (i = 0; i < spec->n_connections; i++)
        forget_handover(t->r, &spec->connections[i]);
    return !t->back || restore_handovers(t->r, t->base) ||
           bad(t, "the hand-over files cannot be written");
}

/* With the fault. */
static bool run_disturbed(struct trial *t, size_t at)
{
    const struct fault_row *row = &fault_rows[t->kind];
    size_t left = count_left(t);
    bool good, struck;

    fault_arm(t->fault, t->kind, t->back, at);
    good = run_scripts(t);
    struck = fault_disarm(t->fault);
    t->result->status = last_phase(t) ? last_phase(t)->status : 0;
    if (!struck)
        return bad(t, "the write did not come");
    if (!is_expected(row->end, t->result->status))
        return bad_phase(t, "with the fault");
    if (row->end != END_KILLED && count_left(t) != left)
        return bad(t, "it left temporary files behind");
    return !good || t->kind == FAULT_EDITED || good_world(t, "with the fault");
}

/* What somebody edited is left alone, and said. */
static bool run_beside_edit(struct trial *t)
{
    const char *output;

    run_scripts(t);
    output = last_phase(t)->output;
    if (!is_expected(END_SAID, last_phase(t)->status))
        return bad_phase(t, "once more, with the edit still there");
    if (!strstr(output, "conflict: ") && !strstr(output, "differs (harmless): "))
        return bad(t, "what somebody edited is not told:\n%s", output);
    world_lock(t->r->lab.world);
    fault_unedit(world_root(t->r->lab.world), t->fault->original);
    world_unlock(t->r->lab.world);
    return true;
}

/* Without the fault: whatever was there, it is done now. */
static bool run_undisturbed(struct trial *t)
{
    bool was_done = fault_rows[t->kind].end == END_DONE;

    if (!run_scripts(t))
        return bad_phase(t, "once more, without the fault");
    if (was_done && count_writes(t->r->result))
        return bad(t, "all was done, and the next run wrote again: %zu writes",
                   count_writes(t->r->result));
    if (!good_world(t, "once more, without the fault,"))
        return false;
    return t->back || scene_prove(t->r) || bad_phase(t, "in the end");
}

void fault_do_cell(struct fault *fault, const struct rehearsal *base, enum fault_kind kind,
                   bool back, size_t at, struct fault_result *ret)
{
    struct rehearsing *r = fault->r;
    struct arena *before = r->arena;
    struct trial t = {r, fault, base, back, kind, ret};
    const char *why = kind == FAULT_SECOND_PERSON ? fault_invite(fault) : NULL;
    bool going;

    *ret = (struct fault_result){.good = true};
    r->arena = arena_new();
    going = why ? bad(&t, "%s", why) : set_out(&t) && run_disturbed(&t, at);
    ret->nothing_edited = kind == FAULT_EDITED && !fault->original;
    if (going && fault->original)
        going = run_beside_edit(&t);
    if (going)
        run_undisturbed(&t);
    forget_result(r);
    arena_free(r->arena);
    r->arena = before;
}
