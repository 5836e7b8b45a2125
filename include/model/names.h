/* SPDX-License-Identifier: MIT
 * Names that were seen, with where and what they name. */
#ifndef MODEL_NAMES_H
#define MODEL_NAMES_H

#include "base/diag.h"

struct names; /* belongs to an arena */

struct name {
    const char *text;
    struct loc loc;
    const void *data;
};

struct names *names_new(struct arena *arena);

/* Remembers TEXT, which must outlive the set. Returns the one that is already there, or NULL. */
const struct name *names_add(struct names *names, const char *text, struct loc loc,
                             const void *data);

const struct name *names_find(const struct names *names, const char *text); /* NULL: not there */

/* TEXT with ASCII capitals as small letters: to compare without regard to case in any locale. */
char *names_fold(struct arena *arena, const char *text);

/* The same for two texts at once. */
bool names_equal(const char *a, const char *b);

#endif
