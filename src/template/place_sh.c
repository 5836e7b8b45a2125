/* SPDX-License-Identifier: MIT
 * Follows the literal text of a shell script: words, quotes, expansions, comments, here-documents.
 *
 * Not a parser of the shell: it only has to know, at every tag, what surrounds it. What it cannot
 * follow with certainty it refuses. One character is read at a time, because a tag may stand between
 * any two of them. */
#include "template/place.h"

#include <stdint.h>
#include <string.h>

static const struct {
    enum place place;
    bool command; /* commands stand in it: words, comments, here-documents */
    const char *where;
} kinds[] = {
    [SH_SCRIPT] = {PLACE_SH_WORD, true, "the script"},
    [SH_COMMAND] = {PLACE_SH_WORD, true, "$( )"},
    [SH_PARAMETER] = {PLACE_NOWHERE, false, "${ }"},
    [SH_ARITHMETIC] = {PLACE_NOWHERE, false, "arithmetic"},
    [SH_BACKQUOTE] = {PLACE_NOWHERE, false, "backquotes"},
    [SH_DOUBLE] = {PLACE_SH_DOUBLE, false, "double quotes"},
    [SH_SINGLE] = {PLACE_SH_SINGLE, false, "single quotes"},
    [SH_ANSI] = {PLACE_NOWHERE, false, "$' '"},
    [SH_COMMENT] = {PLACE_SH_COMMENT, false, "a comment"},
    [SH_HEREDOC] = {PLACE_SH_HEREDOC, false, "a here-document"},
    [SH_HEREDOC_QUOTED] = {PLACE_NOWHERE, false, "a quoted here-document"},
};

static struct sh_frame *top(struct sh_state *sh)
{
    return &sh->frames[sh->depth];
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *push(struct sh_state *sh, enum sh_frame_kind kind, unsigned line)
{
    if (sh->depth + 1 == SH_FRAMES)
        return "quotes and expansions stand too deep within one another";
    sh->frames[++sh->depth] = (struct sh_frame){kind, line, kind == SH_ARITHMETIC ? 2 : 0};
    sh->start = kind == SH_COMMAND ? SH_START : SH_MIDDLE;
    sh->keyword = 0;
    return NULL;
}

static void pop(struct sh_state *sh)
{
    sh->depth--;
    sh->start = SH_MIDDLE;
    sh->keyword = SIZE_MAX;
}

static bool stands_in(const struct sh_state *sh, enum sh_frame_kind kind)
{
    size_t i;

    for (i = 0; i <= sh->depth; i++)
        if (sh->frames[i].kind == kind)
            return true;
    return false;
}

/* Here-documents */

static const char *announce_heredoc(struct sh_state *sh)
{
    sh->pending = SH_NONE;
    if (sh->quote || (!sh->terminator_len && !sh->quoted))
        return "this here-document has no terminator";
    sh->announced = true;
    sh->announced_depth = sh->depth;
    return NULL;
}

/* Reads a character of the word after "<<"; *RET_READ says whether it belonged to it. */
static const char *read_terminator(struct sh_state *sh, char c, bool *ret_read)
{
    *ret_read = true;
    if (sh->quote == '\\') {
        sh->quote = '\0';
    } else if (sh->quote) {
        if (c == sh->quote) {
            sh->quote = '\0';
            return NULL;
        }
    } else if (strchr("'\"\\", c)) {
        sh->quote = c;
        sh->quoted = true;
        return NULL;
    } else if ((c == ' ' || c == '\t') && !sh->terminator_len && !sh->quoted) {
        return NULL;
    } else if (strchr(" \t\n;&|<>()", c)) {
        *ret_read = false;
        return announce_heredoc(sh);
    }
    if (c == '\n' || c == '$' || c == '`' || sh->terminator_len + 1 == SH_WORD_MAX)
        return "the terminator of this here-document cannot be followed";
    sh->terminator[sh->terminator_len++] = c;
    sh->terminator[sh->terminator_len] = '\0';
    return NULL;
}

static bool is_terminator(const struct sh_state *sh)
{
    return !sh->line_other && sh->line_len == sh->terminator_len &&
           !memcmp(sh->line, sh->terminator, sh->line_len);
}

static void begin_line(struct sh_state *sh)
{
    sh->line_len = 0;
    sh->line_other = false;
}

static void end_heredoc(struct sh_state *sh)
{
    pop(sh);
    sh->start = SH_START;
    sh->keyword = 0;
    sh->terminator_len = 0;
}

static const char *read_heredoc(struct sh_state *sh, char c)
{
    if (c == '\n') {
        bool end = is_terminator(sh);

        begin_line(sh);
        if (end)
            end_heredoc(sh);
    } else if (c == '\t' && sh->tabs && !sh->line_len && !sh->line_other) {
        return NULL;
    } else if (sh->line_len == SH_WORD_MAX) {
        sh->line_other = true;
    } else {
        sh->line[sh->line_len++] = c;
    }
    return NULL;
}

/* Words of commands */

static const char *end_word(struct sh_state *sh, enum sh_start start)
{
    bool is_case = sh->keyword == strlen("case");

    sh->keyword = 0;
    sh->start = start;
    if (is_case && top(sh)->kind == SH_COMMAND)
        return "case within $( ) cannot be followed: its ) look like the end; use a function";
    return NULL;
}

static const char *end_line(struct sh_state *sh, unsigned line)
{
    const char *why = end_word(sh, SH_START);

    if (why || !sh->announced)
        return why;
    if (sh->depth != sh->announced_depth)
        return "the line of a here-document ends within $( )";
    sh->announced = false;
    begin_line(sh);
    return push(sh, sh->quoted ? SH_HEREDOC_QUOTED : SH_HEREDOC, line);
}

static const char *read_paren(struct sh_state *sh, char c)
{
    enum sh_start before = sh->start;
    const char *why = end_word(sh, SH_START);

    if (c == '(') {
        top(sh)->parens++;
        sh->pending = before == SH_MIDDLE ? SH_NONE : SH_PAREN;
    } else if (top(sh)->parens) {
        top(sh)->parens--;
    } else if (top(sh)->kind == SH_COMMAND) {
        pop(sh);
    }
    return why;
}

static const char *read_less(struct sh_state *sh)
{
    sh->pending = SH_LESS;
    return end_word(sh, SH_START);
}

static void read_letter(struct sh_state *sh, char c)
{
    static const char keyword[] = "case";

    if (sh->start != SH_MIDDLE)
        sh->keyword = 0;
    sh->keyword = sh->keyword < strlen(keyword) && keyword[sh->keyword] == c ? sh->keyword + 1
                                                                             : SIZE_MAX;
    sh->start = SH_MIDDLE;
}

static const char *read_command(struct sh_state *sh, char c, unsigned line)
{
    switch (c) {
    case '\n':
        return end_line(sh, line);
    case ' ':
    case '\t':
    case ';':
    case '&':
    case '|':
    case '>':
        return end_word(sh, SH_START);
    case '<':
        return read_less(sh);
    case '(':
    case ')':
        return read_paren(sh, c);
    case '#':
        if (sh->start == SH_UNSURE)
            return "whether this # begins a comment depends on the section before it";
        if (sh->start == SH_START)
            return push(sh, SH_COMMENT, line);
        break;
    default:
        break;
    }
    read_letter(sh, c);
    return NULL;
}

/* Expansions and quotes, wherever they are special */

static bool is_special(enum sh_frame_kind kind, char c)
{
    static const char *const special[] = {
        [SH_SCRIPT] = "\\$`\"'",   [SH_COMMAND] = "\\$`\"'", [SH_PARAMETER] = "\\$`\"'",
        [SH_ARITHMETIC] = "\\$`",  [SH_BACKQUOTE] = "\\",    [SH_DOUBLE] = "\\$`",
        [SH_SINGLE] = "",          [SH_ANSI] = "\\",         [SH_COMMENT] = "",
        [SH_HEREDOC] = "\\$`",     [SH_HEREDOC_QUOTED] = "",
    };

    return strchr(special[kind], c) != NULL;
}

/* Does the parameter expansion at the top stand in a text that is quoted as a whole? */
static bool is_quoted(const struct sh_state *sh)
{
    size_t i = sh->depth;

    while (sh->frames[i].kind == SH_PARAMETER)
        i--;
    return !kinds[sh->frames[i].kind].command;
}

static const char *read_special(struct sh_state *sh, char c, unsigned line)
{
    enum sh_frame_kind kind = top(sh)->kind;

    sh->line_other = true;
    switch (c) {
    case '\\':
        sh->pending = SH_BACKSLASH;
        return NULL;
    case '$':
        sh->pending = SH_DOLLAR;
        return NULL;
    case '`':
        return push(sh, SH_BACKQUOTE, line);
    case '"':
        return push(sh, SH_DOUBLE, line);
    default:
        if (kind == SH_PARAMETER && is_quoted(sh))
            return "a ' within ${ } within quotes is read differently by different shells; use \\'";
        return push(sh, SH_SINGLE, line);
    }
}

static const char *read_dollar(struct sh_state *sh, char c, unsigned line, bool *ret_read)
{
    enum sh_frame_kind kind = top(sh)->kind;
    bool quotes = kinds[kind].command || kind == SH_PARAMETER;

    *ret_read = true;
    sh->pending = SH_NONE;
    if (sh->start != SH_MIDDLE)
        sh->keyword = SIZE_MAX;
    sh->start = SH_MIDDLE;
    if (c == '(') {
        sh->pending = SH_DOLLAR_PAREN;
    } else if (c == '{') {
        return push(sh, SH_PARAMETER, line);
    } else if (c == '[') {
        return "$[ ] is arithmetic of the past; use $(( ))";
    } else if (c == '\'' && quotes) {
        return push(sh, SH_ANSI, line);
    } else if (is_name(c) && !(c >= '0' && c <= '9')) {
        sh->pending = SH_NAME;
    } else if (!(c >= '0' && c <= '9') && !strchr("@*#?-$!", c)) {
        *ret_read = false;
    }
    return NULL;
}

/* Reads C as what continues the characters that are pending; *RET_READ says whether it did. */
static const char *read_pending(struct sh_state *sh, char c, unsigned line, bool *ret_read)
{
    enum sh_pending pending = sh->pending;

    *ret_read = true;
    switch (pending) {
    case SH_TERMINATOR:
        return read_terminator(sh, c, ret_read);
    case SH_DOLLAR:
        return read_dollar(sh, c, line, ret_read);
    case SH_BACKSLASH:
        sh->pending = SH_NONE;
        if (c != '\n') {
            sh->start = SH_MIDDLE;
            sh->keyword = SIZE_MAX;
        }
        return NULL;
    case SH_NAME:
        if (!is_name(c))
            sh->pending = SH_NONE;
        *ret_read = is_name(c);
        return NULL;
    case SH_DOLLAR_PAREN:
        sh->pending = SH_NONE;
        *ret_read = c == '(';
        return push(sh, c == '(' ? SH_ARITHMETIC : SH_COMMAND, line);
    case SH_PAREN:
        sh->pending = SH_NONE;
        *ret_read = c == '(';
        if (c != '(')
            return NULL;
        top(sh)->parens--;
        return push(sh, SH_ARITHMETIC, line);
    case SH_LESS:
        sh->pending = c == '<' ? SH_LESS_LESS : SH_NONE;
        *ret_read = c == '<';
        return NULL;
    default: /* SH_LESS_LESS */
        if (c == '<') {
            sh->pending = SH_NONE;
            return NULL;
        }
        if (sh->announced)
            return "two here-documents begin in one line";
        if (stands_in(sh, SH_HEREDOC))
            return "a here-document within another cannot be followed";
        sh->pending = SH_TERMINATOR;
        sh->terminator_len = 0;
        sh->quoted = false;
        sh->quote = '\0';
        sh->tabs = c == '-';
        *ret_read = sh->tabs;
        return NULL;
    }
}

static void count_paren(struct sh_state *sh, char c)
{
    if (c == '(')
        top(sh)->parens++;
    else if (c == ')' && --top(sh)->parens == 0)
        pop(sh);
}

static const char *read_char(struct sh_state *sh, char c, unsigned line)
{
    enum sh_frame_kind kind = top(sh)->kind;

    if (is_special(kind, c))
        return read_special(sh, c, line);
    switch (kind) {
    case SH_SCRIPT:
    case SH_COMMAND:
        return read_command(sh, c, line);
    case SH_HEREDOC:
    case SH_HEREDOC_QUOTED:
        return read_heredoc(sh, c);
    case SH_ARITHMETIC:
        count_paren(sh, c);
        return NULL;
    case SH_COMMENT:
        if (c != '\n')
            return NULL;
        pop(sh);
        sh->keyword = 0;
        return end_line(sh, line);
    default:
        if (c == (kind == SH_PARAMETER ? '}' : kind == SH_BACKQUOTE ? '`' : kind == SH_DOUBLE ? '"' : '\''))
            pop(sh);
        return NULL;
    }
}

static const char *check_indent(const struct sh_state *sh)
{
    enum sh_frame_kind kind = sh->frames[sh->depth].kind;

    if (sh->indented && sh->depth > sh->indented_depth && !kinds[kind].command)
        return "the tag of this partial is indented, which would change a text that has several lines";
    return NULL;
}

static void sh_begin(union place_state *state)
{
    memset(&state->sh, 0, sizeof state->sh);
    state->sh.start = SH_START;
}

static const char *sh_read(union place_state *state, const char *text, size_t len, unsigned *line)
{
    struct sh_state *sh = &state->sh;
    size_t i;

    for (i = 0; i < len; i++) {
        bool read = false;
        const char *why = NULL;

        if (sh->pending)
            why = read_pending(sh, text[i], *line, &read);
        if (!why && !read)
            why = read_char(sh, text[i], *line);
        if (!why && text[i] == '\n')
            why = check_indent(sh);
        if (why)
            return why;
        *line += text[i] == '\n';
    }
    return NULL;
}

/* What no tag but a token may follow. */
static const char *dangling(const struct sh_state *sh)
{
    static const char *const behind[] = {
        [SH_BACKSLASH] = "right behind a backslash", [SH_DOLLAR] = "right behind a $",
        [SH_DOLLAR_PAREN] = "right behind $(",       [SH_LESS_LESS] = "right behind <<",
        [SH_TERMINATOR] = "in the terminator of a here-document",
    };

    return (size_t)sh->pending < sizeof behind / sizeof *behind ? behind[sh->pending] : NULL;
}

static enum place sh_here(union place_state *state, const char **ret_why)
{
    static const enum sh_frame_kind opaque[] = {SH_PARAMETER, SH_ARITHMETIC, SH_BACKQUOTE, SH_HEREDOC};
    struct sh_state *sh = &state->sh;
    enum sh_frame_kind kind = top(sh)->kind;
    size_t i;

    *ret_why = dangling(sh);
    if (*ret_why)
        return PLACE_NOWHERE;
    if (sh->pending == SH_NAME && !kinds[kind].command) {
        *ret_why = "right behind a variable's name; write ${name}";
        return PLACE_NOWHERE;
    }
    *ret_why = kinds[kind].where;
    for (i = 0; i < sizeof opaque / sizeof *opaque; i++) {
        if (kind != SH_HEREDOC && kind != opaque[i] && stands_in(sh, opaque[i])) {
            *ret_why = kinds[opaque[i]].where;
            return PLACE_NOWHERE;
        }
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
        return push(sh, SH_COMMAND, 0);
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
    enum sh_frame_kind kind = top(sh)->kind;

    if (kind == SH_COMMENT || ((kind == SH_HEREDOC || kind == SH_HEREDOC_QUOTED) && is_terminator(sh)))
        pop(sh);
    if (!sh->depth && !sh->announced && !dangling(sh))
        return NULL;
    *line = top(sh)->line;
    return sh->depth ? kinds[top(sh)->kind].where : "a here-document or an escape";
}

static const char *sh_terminator(const union place_state *state, bool *ret_tabs)
{
    const struct sh_state *sh = &state->sh;

    *ret_tabs = sh->tabs;
    return stands_in(sh, SH_HEREDOC) || stands_in(sh, SH_HEREDOC_QUOTED) ? sh->terminator : NULL;
}

const struct language language_sh = {
    .ending = ".sh",
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
