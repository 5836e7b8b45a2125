/* SPDX-License-Identifier: MIT
 * Reads a shell script one character at a time, because a tag may stand between any two of them.
 *
 * Not a parser of the shell: it only has to know what surrounds the place that it has come to. What
 * it cannot follow with certainty it refuses. */
#include "template/place_sh.h"

#include <stdint.h>
#include <string.h>

static struct sh_frame *top(struct sh_state *sh)
{
    return &sh->frames[sh->depth];
}

const struct sh_frame *sh_top(const struct sh_state *sh)
{
    return &sh->frames[sh->depth];
}

bool sh_holds_commands(enum sh_frame_kind kind)
{
    return kind == SH_SCRIPT || kind == SH_COMMAND;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

const char *sh_push(struct sh_state *sh, enum sh_frame_kind kind, unsigned line)
{
    if (sh->depth + 1 == SH_FRAMES)
        return "quotes and expansions stand too deep within one another";
    sh->frames[++sh->depth] = (struct sh_frame){kind, line, kind == SH_ARITHMETIC ? 2 : 0};
    sh->start = kind == SH_COMMAND ? SH_START : SH_MIDDLE;
    sh->keyword = 0;
    return NULL;
}

void sh_pop(struct sh_state *sh)
{
    sh->depth--;
    sh->start = SH_MIDDLE;
    sh->keyword = SIZE_MAX;
}

bool sh_stands_in(const struct sh_state *sh, enum sh_frame_kind kind)
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

bool sh_at_terminator(const struct sh_state *sh)
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
    sh_pop(sh);
    sh->start = SH_START;
    sh->keyword = 0;
    sh->terminator_len = 0;
}

static const char *read_heredoc(struct sh_state *sh, char c)
{
    if (c == '\n') {
        bool end = sh_at_terminator(sh);

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
    return sh_push(sh, sh->quoted ? SH_HEREDOC_QUOTED : SH_HEREDOC, line);
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
        sh_pop(sh);
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
    sh->keyword =
        sh->keyword < strlen(keyword) && keyword[sh->keyword] == c ? sh->keyword + 1 : SIZE_MAX;
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
            return sh_push(sh, SH_COMMENT, line);
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
        [SH_SCRIPT] = "\\$`\"'",  [SH_COMMAND] = "\\$`\"'", [SH_PARAMETER] = "\\$`\"'",
        [SH_ARITHMETIC] = "\\$`", [SH_BACKQUOTE] = "\\",    [SH_DOUBLE] = "\\$`",
        [SH_SINGLE] = "",         [SH_ANSI] = "\\",         [SH_COMMENT] = "",
        [SH_HEREDOC] = "\\$`",    [SH_HEREDOC_QUOTED] = "",
    };

    return strchr(special[kind], c) != NULL;
}

/* Does the parameter expansion at the top stand in a text that is quoted as a whole? */
static bool is_quoted(const struct sh_state *sh)
{
    size_t i = sh->depth;

    while (sh->frames[i].kind == SH_PARAMETER)
        i--;
    return !sh_holds_commands(sh->frames[i].kind);
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
        return sh_push(sh, SH_BACKQUOTE, line);
    case '"':
        return sh_push(sh, SH_DOUBLE, line);
    default:
        if (kind == SH_PARAMETER && is_quoted(sh))
            return "a ' within ${ } within quotes is read differently by different shells; use \\'";
        return sh_push(sh, SH_SINGLE, line);
    }
}

static const char *read_dollar(struct sh_state *sh, char c, unsigned line, bool *ret_read)
{
    enum sh_frame_kind kind = top(sh)->kind;
    bool quotes = sh_holds_commands(kind) || kind == SH_PARAMETER;

    *ret_read = true;
    sh->pending = SH_NONE;
    if (sh->start != SH_MIDDLE)
        sh->keyword = SIZE_MAX;
    sh->start = SH_MIDDLE;
    if (c == '(') {
        sh->pending = SH_DOLLAR_PAREN;
    } else if (c == '{') {
        return sh_push(sh, SH_PARAMETER, line);
    } else if (c == '[') {
        return "$[ ] is arithmetic of the past; use $(( ))";
    } else if (c == '\'' && quotes) {
        return sh_push(sh, SH_ANSI, line);
    } else if (is_name(c) && !(c >= '0' && c <= '9')) {
        sh->pending = SH_NAME;
    } else {
        *ret_read = c == '$';
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
        return sh_push(sh, c == '(' ? SH_ARITHMETIC : SH_COMMAND, line);
    case SH_PAREN:
        sh->pending = SH_NONE;
        *ret_read = c == '(';
        if (c != '(')
            return NULL;
        top(sh)->parens--;
        return sh_push(sh, SH_ARITHMETIC, line);
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
        if (sh_stands_in(sh, SH_HEREDOC))
            return "a here-document within another cannot be followed";
        sh->pending = SH_TERMINATOR;
        sh->terminator_len = 0;
        sh->quoted = false;
        sh->quote = '\0';
        sh->tabs = c == '-';
        *ret_read = true;
        return sh->tabs ? NULL : read_terminator(sh, c, ret_read);
    }
}

static void count_paren(struct sh_state *sh, char c)
{
    if (c == '(')
        top(sh)->parens++;
    else if (c == ')' && --top(sh)->parens == 0)
        sh_pop(sh);
}

static const char *read_char(struct sh_state *sh, char c, unsigned line)
{
    static const char closing[] = {[SH_PARAMETER] = '}',
                                   [SH_BACKQUOTE] = '`',
                                   [SH_DOUBLE] = '"',
                                   [SH_SINGLE] = '\'',
                                   [SH_ANSI] = '\''};
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
        sh_pop(sh);
        sh->keyword = 0;
        return end_line(sh, line);
    default:
        if (c == closing[kind])
            sh_pop(sh);
        return NULL;
    }
}

const char *sh_read_char(struct sh_state *sh, char c, unsigned line)
{
    const char *why = NULL;
    bool read = false;

    while (!why && !read && sh->pending)
        why = read_pending(sh, c, line, &read);
    if (!why && !read)
        why = read_char(sh, c, line);
    return why;
}
