/* SPDX-License-Identifier: MIT
 * The difference between two texts: Eugene W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", Algorithmica 1986, the greedy form. */
#include "emit/diff.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"

enum { CONTEXT = 3 };

struct line {
    const char *text;
    size_t len; /* with its end */
};

struct lines {
    struct line *items;
    size_t count;
};

struct differ {
    struct arena *arena;
    struct strbuf *out;
    struct lines a, b;
    bool *gone, *come; /* of each line of A and B: is it in one only? */
};

static struct lines split(struct arena *arena, const struct diff_side *side)
{
    struct lines lines = {0};
    const char *at = side->data, *end = side->data + side->len;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct line line = {at, (size_t)((newline ? newline + 1 : end) - at)};

        ARENA_PUSH(arena, lines.items, lines.count, line);
        at += line.len;
    }
    return lines;
}

static bool same(const struct differ *d, size_t i, size_t k)
{
    const struct line *a = &d->a.items[i], *b = &d->b.items[k];

    return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* Walks back from the end along the furthest points of each round, and marks what is in one only.
 * ROUNDS[r][k + r] is how far round R came on diagonal K, in A counted from FIRST. */
static void mark(struct differ *d, long *const *rounds, long round, size_t first, long n, long m)
{
    long x = n, y = m;

    for (; round > 0; round--) {
        const long *last = rounds[round - 1] + (round - 1);
        long k = x - y;
        bool down = k == -round || (k != round && last[k - 1] < last[k + 1]);
        long from = down ? last[k + 1] : last[k - 1], from_y = from - (down ? k + 1 : k - 1);

        if (down)
            d->come[first + (size_t)from_y] = true;
        else
            d->gone[first + (size_t)from] = true;
        x = from;
        y = from_y;
    }
}

/* Compares N lines of A and M of B that begin at FIRST in both. False when there are too many changes. */
static bool compare(struct differ *d, size_t first, long n, long m)
{
    long **rounds = ARENA_ARRAY(d->arena, DIFF_CHANGES + 1, long *);
    long r, k;

    for (r = 0; r <= DIFF_CHANGES && r <= n + m; r++) {
        const long *last = r ? rounds[r - 1] + (r - 1) : NULL;
        long *now;

        rounds[r] = ARENA_ARRAY(d->arena, (size_t)(2 * r + 1), long);
        now = rounds[r] + r;
        for (k = -r; k <= r; k += 2) {
            long x = !r                                                    ? 0
                     : k == -r || (k != r && last[k - 1] < last[k + 1]) ? last[k + 1]
                                                                           : last[k - 1] + 1;

            while (x < n && x - k < m && x - k >= 0 &&
                   same(d, first + (size_t)x, first + (size_t)(x - k)))
                x++;
            now[k] = x;
            if (x >= n && x - k >= m) {
                mark(d, rounds, r, first, n, m);
                return true;
            }
        }
        /* the diagonals that were skipped are read by the next round's neighbours only */
    }
    return false;
}

static void find_changes(struct differ *d)
{
    size_t first = 0, n = d->a.count, m = d->b.count, i;

    while (first < n && first < m && same(d, first, first))
        first++;
    while (n > first && m > first && same(d, n - 1, m - 1)) {
        n--;
        m--;
    }
    if (compare(d, first, (long)(n - first), (long)(m - first)))
        return;
    for (i = first; i < n; i++)
        d->gone[i] = true;
    for (i = first; i < m; i++)
        d->come[i] = true;
}

static void put_line(struct differ *d, char mark, const struct line *line)
{
    strbuf_addc(d->out, mark);
    strbuf_add(d->out, line->text, line->len);
    if (line->text[line->len - 1] != '\n')
        strbuf_adds(d->out, "\n\\ No newline at end of file\n");
}

/* The line numbers of a hunk: a file without lines is said to begin at 0. */
static void put_range(struct differ *d, size_t first, size_t count)
{
    strbuf_addf(d->out, "%zu,%zu", count ? first + 1 : first, count);
}

struct hunk {
    size_t a, b, a_end, b_end;
};

static void put_hunk(struct differ *d, const struct hunk *hunk)
{
    size_t i = hunk->a, k = hunk->b;

    strbuf_adds(d->out, "@@ -");
    put_range(d, hunk->a, hunk->a_end - hunk->a);
    strbuf_adds(d->out, " +");
    put_range(d, hunk->b, hunk->b_end - hunk->b);
    strbuf_adds(d->out, " @@\n");
    while (i < hunk->a_end || k < hunk->b_end) {
        if (i < hunk->a_end && d->gone[i])
            put_line(d, '-', &d->a.items[i++]);
        else if (k < hunk->b_end && d->come[k])
            put_line(d, '+', &d->b.items[k++]);
        else {
            put_line(d, ' ', &d->a.items[i++]);
            k++;
        }
    }
}

/* From the change at I and K on: all changes that are less than twice the context apart. */
static struct hunk next_hunk(const struct differ *d, size_t i, size_t k)
{
    size_t back = i < CONTEXT ? i : CONTEXT, quiet = 0;
    struct hunk hunk = {.a = i - back, .b = k - back};

    while (i < d->a.count || k < d->b.count) {
        bool gone = i < d->a.count && d->gone[i], come = k < d->b.count && d->come[k];

        if (!gone && !come && ++quiet > 2 * CONTEXT)
            break;
        quiet = gone || come ? 0 : quiet;
        i += gone || !come;
        k += !gone;
    }
    quiet = quiet > 2 * CONTEXT ? 2 * CONTEXT : quiet;
    back = quiet > CONTEXT ? quiet - CONTEXT : 0;
    hunk.a_end = i - back;
    hunk.b_end = k - back;
    return hunk;
}

static void put_hunks(struct differ *d)
{
    size_t i = 0, k = 0;

    while (i < d->a.count || k < d->b.count) {
        if ((i < d->a.count && d->gone[i]) || (k < d->b.count && d->come[k])) {
            struct hunk hunk = next_hunk(d, i, k);

            put_hunk(d, &hunk);
            i = hunk.a_end;
            k = hunk.b_end;
        } else {
            i++;
            k++;
        }
    }
}

void diff_unified(struct strbuf *out, const struct diff_side *before,
                  const struct diff_side *after)
{
    struct arena *arena = arena_new();
    struct differ d = {
        .arena = arena, .out = out, .a = split(arena, before), .b = split(arena, after)};

    d.gone = ARENA_ARRAY(arena, d.a.count + 1, bool);
    d.come = ARENA_ARRAY(arena, d.b.count + 1, bool);
    find_changes(&d);
    if (before->len != after->len || memcmp(before->data, after->data, after->len) != 0) {
        strbuf_addf(out, "--- %s\n+++ %s\n", before->name ? before->name : "/dev/null",
                    after->name ? after->name : "/dev/null");
        put_hunks(&d);
    }
    arena_free(arena);
}
