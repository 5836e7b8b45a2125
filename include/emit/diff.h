/* SPDX-License-Identifier: MIT
 * The difference between two texts, as patch(1) and reviewers read it. */
#ifndef EMIT_DIFF_H
#define EMIT_DIFF_H

#include "base/strbuf.h"

struct diff_side {
    const char *name; /* NULL: there is no such file */
    const char *data;
    size_t len;
};

/* Appends a unified diff from BEFORE to AFTER with three lines of context; nothing when they are equal.
 * Texts with more than DIFF_CHANGES changed lines are shown as one change of all that lies between the
 * first and the last difference. */
enum { DIFF_CHANGES = 2000 };
void diff_unified(struct strbuf *out, const struct diff_side *before,
                  const struct diff_side *after);

#endif
