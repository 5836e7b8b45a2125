/* SPDX-License-Identifier: MIT
 * "Did you mean": the nearest of some known names. */
#ifndef BASE_TYPO_H
#define BASE_TYPO_H

#include <stddef.h>

/* The name nearest to WORD of those that NEXT gives for 0, 1, 2, ... until NULL, ignoring case; NULL
 * when none is near enough to be worth suggesting. */
const char *typo_nearest(const char *word, const char *(*next)(size_t index, const void *data),
                         const void *data);

/* The same over a NULL-terminated array. */
const char *typo_nearest_of(const char *word, const char *const *names);

#endif
