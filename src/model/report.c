/* SPDX-License-Identifier: MIT
 * Findings of the model, each said once. */
#include <string.h>

#include "base/strbuf.h"
#include "base/typo.h"
#include "model/load.h"

enum { LONGEST_QUOTE = 160, LONGEST_TEXT = 16 * 1024, MOST_NAMES = 30 };

void complain_text(struct loader *ld, enum diag_id id, struct loc loc, const char *text)
{
    const char *key = arena_printf(ld->arena, "%u:%u:%s", loc.line, loc.column, text);

    ld->fresh = !names_add(ld->said, key, loc, NULL);
    if (ld->fresh)
        diag_add(ld->diags, id, loc, "%s", text);
}

void remedy_text(struct loader *ld, const char *text)
{
    if (ld->fresh)
        diag_hint(ld->diags, "%s", text);
}

void suggest(struct loader *ld, const char *word, const char *intro,
             const char *(*next)(size_t index, const void *data), const void *data)
{
    const char *near = typo_nearest(word, next, data), *name;
    struct strbuf all;
    size_t i;

    if (near) {
        remedy(ld, "did you mean %s?", quoted(ld, near));
        return;
    }
    strbuf_init(&all, LONGEST_TEXT);
    for (i = 0; i < MOST_NAMES && (name = next(i, data)); i++)
        strbuf_addf(&all, "%s%s", i ? ", " : "", name);
    if (i == MOST_NAMES && next(i, data))
        strbuf_adds(&all, ", ...");
    if (!all.overflow && i)
        remedy(ld, "%s %s", intro, all.data);
    strbuf_clear(&all);
}

const char *quoted(struct loader *ld, const char *text)
{
    size_t len = strlen(text), cut = LONGEST_QUOTE;

    if (len <= LONGEST_QUOTE)
        return arena_printf(ld->arena, "'%s'", text);
    while (((unsigned char)text[cut] & 0xc0) == 0x80)
        cut--;
    return arena_printf(ld->arena, "'%.*s...'", (int)cut, text);
}

const char *but_is(struct loader *ld, const struct schema_key *key, const char *text)
{
    return key->shown ? arena_printf(ld->arena, ", not %s", quoted(ld, text)) : "";
}
