/* SPDX-License-Identifier: MIT
 * The places of a shell script. */
#include "template/place.h"

#include <stdint.h>
#include <string.h>

static const struct {
    enum place place;
    const char *where;
} kinds[] = {
    [SH_SCRIPT] = {PLACE_SH_WORD, "in a command"},
    [SH_COMMAND] = {PLACE_SH_WORD, "in $( )"},
    [SH_PARAMETER] = {PLACE_NOWHERE, "in ${ }"},
    [SH_ARITHMETIC] = {PLACE_NOWHERE, "in arithmetic"},
    [SH_BACKQUOTE] = {PLACE_NOWHERE, "in backquotes"},
    [SH_DOUBLE] = {PLACE_SH_DOUBLE, "in double quotes"},
    [SH_SINGLE] = {PLACE_SH_SINGLE, "in single quotes"},
    [SH_ANSI] = {PLACE_NOWHERE, "in $' '"},
    [SH_COMMENT] = {PLACE_SH_COMMENT, "in a comment"},
    [SH_HEREDOC] = {PLACE_SH_HEREDOC, "in a here-document"},
    [SH_HEREDOC_QUOTED] = {PLACE_NOWHERE, "in a quoted here-document"},
};

static const char *check_indent(const struct sh_state *sh)
{
    enum sh_frame_kind kind = sh->frames[sh->depth].kind;

    if (sh->indented && sh->depth > sh->indented_depth && !sh_holds_commands(kind))
        return "the tag of this partial is indented, which would change a text that has several "
               "lines";
    return NULL;
}

static void sh_begin(union place_state *state)
{
    memset(&state->sh, 0, sizeof state->sh);
    state->sh.start = SH_START;
}

static const char *sh_read(union place_state *state, const char *text, size_t len, struct loc *loc)
{
    struct sh_state *sh = &state->sh;
    size_t i;

    for (i = 0; i < len; i++) {
        const char *why = sh_read_char(sh, text[i], loc->line);

        if (!why && text[i] == '\n')
            why = check_indent(sh);
        if (why)
            return why;
        place_advance(loc, text[i]);
    }
    return NULL;
}

/* What no tag but a token may follow. */
static const char *dangling(const struct sh_state *sh)
{
    static const char *const behind[] = {
        [SH_BACKSLASH] = "right behind a backslash",
        [SH_DOLLAR] = "right behind a $",
        [SH_DOLLAR_PAREN] = "right behind $(",
        [SH_LESS_LESS] = "right behind <<",
        [SH_TERMINATOR] = "in the terminator of a here-document",
    };

    return (size_t)sh->pending < sizeof behind / sizeof *behind ? behind[sh->pending] : NULL;
}

static enum place sh_here(union place_state *state, const char **ret_why)
{
    static const enum sh_frame_kind opaque[] = {SH_PARAMETER, SH_ARITHMETIC, SH_BACKQUOTE,
                                                SH_HEREDOC};
    struct sh_state *sh = &state->sh;
    enum sh_frame_kind kind = sh_top(sh)->kind;
    size_t i;

    *ret_why = dangling(sh);
    if (*ret_why)
        return PLACE_NOWHERE;
    if (sh->pending == SH_NAME && !sh_holds_commands(kind)) {
        *ret_why = "right behind a variable's name; write ${name}";
        return PLACE_NOWHERE;
    }
    *ret_why = kinds[kind].where;
    for (i = 0; i < sizeof opaque / sizeof *opaque; i++) {
        if (kind != SH_HEREDOC && kind != opaque[i] && sh_stands_in(sh, opaque[i])) {
            *ret_why = kinds[opaque[i]].where;
            return PLACE_NOWHERE;
        }
    }
    if ((kind == SH_COMMENT || kind == SH_HEREDOC) && sh_stands_in(sh, SH_COMMAND)) {
        /* bash before 4 looks for the ) there, too, and for quotes that would hide it */
        *ret_why = "in a comment or here-document within $( )";
        return PLACE_NOWHERE;
    }
    return kinds[kind].place;
}

static const char *sh_filled(union place_state *state, const char *encoder)
{
    struct sh_state *sh = &state->sh;
    enum sh_pending pending = sh->pending;

    (void)encoder;
    if (pending == SH_LESS_LESS || pending == SH_TERMINATOR)
        return dangling(sh);
    sh->pending = pending == SH_NAME || pending == SH_DOLLAR ? SH_NAME : SH_NONE;
    sh->start = SH_MIDDLE;
    sh->keyword = SIZE_MAX;
    sh->line_other = true;
    if (pending == SH_DOLLAR_PAREN)
        return sh_push(sh, SH_COMMAND, 0);
    return NULL;
}

static void sh_indent(union place_state *state)
{
    state->sh.indented = true;
    state->sh.indented_depth = state->sh.depth;
}

static const char *sh_boundary(union place_state *state)
{
    struct sh_state *sh = &state->sh;
    const char *why = dangling(sh);

    if (!why && sh->pending != SH_NAME)
        sh->pending = SH_NONE;
    return why;
}

static bool same_frames(const struct sh_state *a, const struct sh_state *b)
{
    size_t i;

    if (a->depth != b->depth || a->announced != b->announced)
        return false;
    for (i = 0; i <= a->depth; i++)
        if (a->frames[i].kind != b->frames[i].kind ||
            (i && a->frames[i].parens != b->frames[i].parens))
            return false;
    return a->terminator_len == b->terminator_len && a->quoted == b->quoted && a->tabs == b->tabs &&
           !memcmp(a->terminator, b->terminator, a->terminator_len);
}

static bool sh_join(union place_state *begin, const union place_state *end, bool loop)
{
    struct sh_state *a = &begin->sh;
    const struct sh_state *b = &end->sh;

    if (!same_frames(a, b) || (loop && (a->start != b->start || a->pending != b->pending)))
        return false;
    if (a->start != b->start)
        a->start = SH_UNSURE;
    if (b->pending)
        a->pending = b->pending;
    if (a->keyword != b->keyword)
        a->keyword = SIZE_MAX;
    a->line_other = a->line_other || b->line_other || a->line_len != b->line_len ||
                    memcmp(a->line, b->line, a->line_len) != 0;
    return true;
}

static const char *sh_end(union place_state *state, unsigned *line)
{
    struct sh_state *sh = &state->sh;
    enum sh_frame_kind kind = sh_top(sh)->kind;

    if (kind == SH_COMMENT ||
        ((kind == SH_HEREDOC || kind == SH_HEREDOC_QUOTED) && sh_at_terminator(sh)))
        sh_pop(sh);
    if (!sh->depth && !sh->announced && !dangling(sh))
        return NULL;
    *line = sh_top(sh)->line;
    return sh->depth ? kinds[sh_top(sh)->kind].where
                     : "in the beginning of a here-document, an expansion or an escape";
}

static const char *sh_terminator(const union place_state *state, bool *ret_tabs)
{
    const struct sh_state *sh = &state->sh;

    *ret_tabs = sh->tabs;
    return sh_stands_in(sh, SH_HEREDOC) || sh_stands_in(sh, SH_HEREDOC_QUOTED) ? sh->terminator
                                                                               : NULL;
}

const struct language language_sh = {
    .name = "sh",
    .endings = {".sh"},
    .usual = PLACE_SH_WORD,
    .begin = sh_begin,
    .read = sh_read,
    .here = sh_here,
    .filled = sh_filled,
    .indent = sh_indent,
    .boundary = sh_boundary,
    .join = sh_join,
    .end = sh_end,
    .terminator = sh_terminator,
};
