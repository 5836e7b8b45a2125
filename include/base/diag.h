/* SPDX-License-Identifier: MIT
 * Findings about somebody's input, collected as data.
 *
 * Layers below cli never print and never exit: they append here, and cli prints all of them at once,
 * sorted by place. Texts are copied. A finding's text is complete English without a full stop, names
 * the value where its schema allows it, and needs no other line to be understood. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A place in an input. Lines and columns (in bytes) count from 1; 0 is "the whole file". FILE must
 * outlive the findings. */
struct loc {
    const char *file;
    unsigned line;
    unsigned column;
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* The catalogue: base/diag_ids.def is its master copy. */
enum diag_id {
#define DIAG(ID, SEVERITY, NAME, HINT) DIAG_##ID,
#include "base/diag_ids.def"
#undef DIAG
    DIAG_COUNT
};

struct diag {
    enum diag_id id;
    struct loc loc;
    const char *text;
    const char *hint; /* what to do; NULL when the text says it */
    size_t order;     /* in which order it was found: the last key of the sort */
};

struct diags {
    struct arena *arena; /* owned by the caller */
    struct diag *items;
    size_t count;
    size_t errors; /* how many of them are SEVERITY_ERROR */
};

#define DIAGS_INIT(an_arena) ((struct diags){.arena = (an_arena)})

/* Appends a finding; its hint is the catalogue's. */
void diag_add(struct diags *diags, enum diag_id id, struct loc loc, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Replaces the hint of the finding added last. */
void diag_hint(struct diags *diags, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sorts by file, line, column, then order of discovery. */
void diags_sort(struct diags *diags);

const char *diag_name(enum diag_id id); /* as printed between brackets, for example "ini-unknown-key" */
enum severity diag_severity(enum diag_id id);

#endif
