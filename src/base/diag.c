/* SPDX-License-Identifier: MIT
 * Findings about somebody's input, collected as data. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum severity severity;
    const char *name;
    const char *hint;
} catalogue[] = {
#define DIAG(ID, SEVERITY, NAME, HINT) {SEVERITY_##SEVERITY, NAME, HINT},
#include "base/diag_ids.def"
#undef DIAG
};

void diag_add(struct diags *diags, enum diag_id id, struct loc loc, const char *format, ...)
{
    struct diag diag = {.id = id, .loc = loc, .hint = catalogue[id].hint, .order = diags->count};
    va_list args;

    va_start(args, format);
    diag.text = arena_vprintf(diags->arena, format, args);
    va_end(args);
    ARENA_PUSH(diags->arena, diags->items, diags->count, diag);
    if (catalogue[id].severity == SEVERITY_ERROR)
        diags->errors++;
}

void diag_hint(struct diags *diags, const char *format, ...)
{
    va_list args;

    if (!diags->count)
        BUG("a hint without a finding");
    va_start(args, format);
    diags->items[diags->count - 1].hint = arena_vprintf(diags->arena, format, args);
    va_end(args);
}

static int compare(const void *left, const void *right)
{
    const struct diag *a = left, *b = right;
    int by_file = strcmp(a->loc.file ? a->loc.file : "", b->loc.file ? b->loc.file : "");

    if (by_file)
        return by_file;
    if (a->loc.line != b->loc.line)
        return a->loc.line < b->loc.line ? -1 : 1;
    if (a->loc.column != b->loc.column)
        return a->loc.column < b->loc.column ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void diags_sort(struct diags *diags)
{
    if (diags->count)
        qsort(diags->items, diags->count, sizeof *diags->items, compare);
}

const char *diag_name(enum diag_id id)
{
    return catalogue[id].name;
}

enum severity diag_severity(enum diag_id id)
{
    return catalogue[id].severity;
}
