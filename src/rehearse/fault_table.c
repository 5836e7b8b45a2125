/* SPDX-License-Identifier: MIT
 * The table of faults: which writes there are, and which cells somebody wants. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/typo.h"
#include "rehearse/fault_parts.h"

static void add_writes(struct arena *arena, const struct rehearsal *base, const struct phase *phase,
                       struct fault_table *table)
{
    size_t i;

    for (i = phase->first_call; i < phase->first_call + phase->n_calls; i++) {
        const struct seen_call *call = &base->calls[i];
        struct fault_write write = {phase->kind,  phase->connection, phase->script,
                                    call->method, call->host,        call->target};

        if (call->change)
            ARENA_PUSH(arena, table->writes, table->n_writes, write);
    }
}

/* Wishes: KIND@N */

struct wish {
    enum fault_kind kind;
    size_t write;
};

static bool parse_kind(struct arena *arena, const char *name, enum fault_kind *ret,
                       const char **ret_why)
{
    const char *names[FAULT_KINDS + 1] = {NULL}, *near;
    int kind;

    for (kind = 0; kind < FAULT_KINDS; kind++) {
        names[kind] = fault_name((enum fault_kind)kind);
        if (!strcmp(name, names[kind])) {
            *ret = (enum fault_kind)kind;
            return true;
        }
    }
    near = typo_nearest_of(name, names);
    *ret_why = near ? arena_printf(arena, "there is no fault '%s'; did you mean '%s'?", name, near)
                    : arena_printf(arena, "there is no fault '%s'", name);
    return false;
}

/* Takes the first wish of *AT. */
static bool parse_wish(struct arena *arena, const char **at, struct wish *ret, const char **ret_why)
{
    size_t len = strcspn(*at, ",");
    const char *text = arena_strndup(arena, *at, len), *sign = strchr(text, '@');
    char *end = NULL;

    *at += len + ((*at)[len] == ',');
    ret->write = sign && sign[1] >= '1' && sign[1] <= '9' ? strtoul(sign + 1, &end, 10) : 0;
    if (!ret->write || *end || ret->write > LIMIT_REHEARSAL_CALLS) {
        *ret_why = arena_printf(arena, "'%s' is no KIND@N, such as lost-reply@3", text);
        return false;
    }
    return parse_kind(arena, arena_strndup(arena, text, (size_t)(sign - text)), &ret->kind,
                      ret_why);
}

bool fault_wish_valid(struct arena *arena, const char *wish, const char **ret_why)
{
    struct wish unused;
    bool valid, more;

    do {
        more = wish[strcspn(wish, ",")] == ',';
        valid = parse_wish(arena, &wish, &unused, ret_why);
    } while (valid && more);
    return valid;
}

static bool want(struct arena *arena, struct fault_table *table, const char *wish,
                 const char **ret_why)
{
    struct wish one;

    while (*wish) {
        if (!parse_wish(arena, &wish, &one, ret_why))
            return false;
        if (one.write > table->n_writes) {
            *ret_why = arena_printf(arena, "there is no write %zu: the rehearsal has %zu of them",
                                    one.write, table->n_writes);
            return false;
        }
        table->cells[(one.write - 1) * FAULT_KINDS + one.kind].wanted = true;
    }
    return true;
}

bool fault_plan(struct arena *arena, const struct rehearsal *base, const char *wish,
                struct fault_table *ret, const char **ret_why)
{
    size_t i, count;

    *ret = (struct fault_table){.why = ""};
    for (i = 0; i < base->n_phases; i++)
        if (base->phases[i].kind == PHASE_PROVISION || base->phases[i].kind == PHASE_ROLLBACK)
            add_writes(arena, base, &base->phases[i], ret);
    count = ret->n_writes * FAULT_KINDS;
    ret->cells = ARENA_ARRAY(arena, count + 1, struct fault_cell);
    for (i = 0; i < count; i++) {
        ret->cells[i].write = i / FAULT_KINDS + 1;
        ret->cells[i].kind = (enum fault_kind)(i % FAULT_KINDS);
        ret->cells[i].wanted = !wish;
        ret->cells[i].outcome = ret->cells[i].why = "";
    }
    if (wish && !want(arena, ret, wish, ret_why))
        return false;
    for (i = 0; i < count; i++)
        ret->n_wanted += ret->cells[i].wanted;
    return true;
}
