/* SPDX-License-Identifier: MIT
 * "Did you mean": the nearest of some known names. */
#include "base/typo.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 48 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned m = a < b ? a : b;

    return m < c ? m : c;
}

/* Edits (insert, delete, replace, swap of neighbours) that turn A into B, ignoring case. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][LONGEST + 1];
    size_t len_a = strlen(a), len_b = strlen(b), i, j;

    for (j = 0; j <= len_b; j++)
        rows[0][j] = (unsigned)j;
    for (i = 1; i <= len_a; i++) {
        unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];

        now[0] = (unsigned)i;
        for (j = 1; j <= len_b; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);

            now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]) && earlier[j - 2] + 1 < now[j])
                now[j] = earlier[j - 2] + 1;
        }
    }
    return rows[len_a % 3][len_b];
}

const char *typo_nearest(const char *word, const char *(*next)(size_t index, const void *data),
                         const void *data)
{
    const char *nearest = NULL, *name;
    size_t len = strlen(word), i;
    unsigned best = (unsigned)(len / 3 + 1) > 3 ? 3 : (unsigned)(len / 3 + 1);

    if (!len || len > LONGEST)
        return NULL;
    for (i = 0; (name = next(i, data)); i++) {
        unsigned d;

        if (strlen(name) > LONGEST)
            continue;
        d = distance(word, name);
        if (d < best || (d == best && !nearest)) {
            best = d;
            nearest = name;
        }
    }
    return nearest;
}

static const char *next_of(size_t index, const void *data)
{
    return ((const char *const *)data)[index];
}

const char *typo_nearest_of(const char *word, const char *const *names)
{
    return typo_nearest(word, next_of, names);
}
