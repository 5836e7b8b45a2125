/* SPDX-License-Identifier: MIT
 * The places of PowerShell and HCL: a value stands where a whole expression may, or in a comment to the
 * end of the line. Within strings, here-documents and everything else it does not. */
#include "template/place.h"

#include <string.h>

/* What tells one of these languages from the other. */
struct lexis {
    enum place place;
    const char *line_comments[2]; /* NULL: no second one */
    bool comment_after_blank;     /* "#" in a word begins none */
    const char *block_open, *block_close;
    const char *quotes;
    char escape;             /* in strings, and in code if ESCAPES_CODE */
    bool escapes_code;
    const char *before;      /* what an expression may stand right behind, blanks left out */
    bool words_before;       /* it may stand behind a word, too: an argument */
    const char *behind;      /* what may stand right behind one */
    const char *refused[4];  /* what cannot be followed, and why: in pairs */
};

static const struct lexis powershell = {
    .place = PLACE_PS_EXPRESSION,
    .line_comments = {"#"},
    .comment_after_blank = true,
    .block_open = "<#",
    .block_close = "#>",
    .quotes = "\"'",
    .escape = '`',
    .escapes_code = true,
    .before = "=(,+",
    .words_before = true,
    .behind = " \t\r\n,;)]}|",
    .refused = {"--%", "after --% PowerShell reads nothing as usual", NULL, NULL},
};

static const struct lexis hcl = {
    .place = PLACE_HCL_EXPRESSION,
    .line_comments = {"#", "//"},
    .block_open = "/*",
    .block_close = "*/",
    .quotes = "\"",
    .escape = '\\',
    .before = "=[,(:?",
    .behind = " \t\r\n,])}",
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool is_powershell(const struct lexis *x)
{
    return x == &powershell;
}

static void code_begin(union place_state *state)
{
    memset(state, 0, sizeof *state);
    state->code.before = state->code.last = '\n';
}

/* Does the pair of characters read last and now equal TWO? */
static bool is_pair(const struct code_state *s, char c, const char *two)
{
    return s->before == two[0] && c == two[1];
}

/* A here-document of HCL: "<<EOF" or "<<-EOF"; a here-string of PowerShell ends in a fixed mark. */
static void read_heredoc(const struct lexis *x, struct code_state *s, char c)
{
    if (c != '\n') {
        if (s->text_len < sizeof s->text - 1 && !(is_blank(c) && !s->text_len && !is_powershell(x)))
            s->text[s->text_len++] = c;
        if (!is_powershell(x) || s->text_len != s->word_len ||
            memcmp(s->text, s->word, s->word_len) != 0)
            return;
        s->kind = CODE_PLAIN; /* '@ may be followed by more */
        s->before = s->last = 'a';
        return;
    }
    if (!is_powershell(x) && s->text_len == s->word_len && !memcmp(s->text, s->word, s->word_len)) {
        s->kind = CODE_PLAIN;
        s->last = '\n';
    }
    s->text_len = 0;
}

static const char *read_string(const struct lexis *x, struct code_state *s, char c)
{
    if (s->escaped) {
        s->escaped = false;
        return NULL;
    }
    if (c == x->escape && s->quote == '"')
        s->escaped = true;
    else if (s->quote == '"' && c == (is_powershell(x) ? '(' : '{') &&
             (s->before == '$' || (s->before == '%' && !is_powershell(x))))
        return "an expression within a string";
    else if (c == '\n' && !is_powershell(x))
        return "a string that goes on behind its line";
    else if (c == s->quote)
        s->kind = CODE_PLAIN;
    return NULL;
}

static void announce(struct code_state *s, const char *word, size_t len)
{
    memcpy(s->word, word, len);
    s->word_len = len;
    s->announced = true;
    s->text_len = 0;
}

/* Is a here-document announced by what was read up to C? */
static const char *announcement(const struct lexis *x, struct code_state *s, char c)
{
    if (is_powershell(x)) {
        if (s->before == '@' && (c == '"' || c == '\'')) {
            const char end[] = {c, '@'};

            announce(s, end, sizeof end);
        }
        return NULL;
    }
    if (s->announced) {
        if (is_word(c) && (c != '-' || s->word_len) && s->word_len < sizeof s->word - 1)
            s->word[s->word_len++] = c;
        else if (c != '-' && c != '\n' && c != '\r')
            return "a here-document whose terminator is no plain word";
    } else if (is_pair(s, c, "<<")) {
        announce(s, "", 0);
    }
    return NULL;
}

/* Begins a comment that ends with the line, or NULL. */
static bool begins_comment(const struct lexis *x, const struct code_state *s, char c)
{
    size_t i;

    for (i = 0; i < 2 && x->line_comments[i]; i++) {
        const char *mark = x->line_comments[i];

        if (mark[1] ? is_pair(s, c, mark)
                    : c == *mark && (!x->comment_after_blank || is_blank(s->before) ||
                                     strchr("\n;(){}|,", s->before)))
            return true;
    }
    return false;
}

static const char *read_plain(const struct lexis *x, struct code_state *s, char c)
{
    const char *why;

    if (s->escaped) {
        s->escaped = false;
        return NULL;
    }
    if (s->filled && !strchr(x->behind, c))
        return "a value, with more of the same word behind it";
    if ((unsigned char)c >= 0x80)
        return "a character outside ASCII that is in no string and no comment";
    why = announcement(x, s, c);
    if (why)
        return why;
    if (c == '\n' && s->announced) {
        if (!s->word_len)
            return "a here-document without a terminator";
        s->announced = false;
        s->kind = CODE_HEREDOC;
        return NULL;
    }
    if (s->announced)
        return is_powershell(x) && !strchr("\"' \t\r", c) ? "text behind the beginning of a here-string"
                                                          : NULL;
    if (x->escapes_code && c == x->escape)
        s->escaped = true;
    else if (is_pair(s, c, x->block_open))
        s->kind = CODE_BLOCK_COMMENT;
    else if (begins_comment(x, s, c))
        s->kind = CODE_COMMENT;
    else if (strchr(x->quotes, c)) {
        s->kind = CODE_STRING;
        s->quote = c;
    } else if (x->refused[0] && s->before == '-' && c == '%')
        return x->refused[1];
    return NULL;
}

static const char *read_char(const struct lexis *x, struct code_state *s, char c)
{
    switch (s->kind) {
    case CODE_PLAIN:
        return read_plain(x, s, c);
    case CODE_STRING:
        return read_string(x, s, c);
    case CODE_COMMENT:
        if (c == '\n')
            s->kind = CODE_PLAIN;
        return NULL;
    case CODE_BLOCK_COMMENT:
        if (is_pair(s, c, x->block_close))
            s->kind = CODE_PLAIN;
        return NULL;
    case CODE_HEREDOC:
        read_heredoc(x, s, c);
        return NULL;
    }
    return NULL;
}

/* What the next character will see as the one before it. A line end ends a command, unless it was
 * escaped, or a list goes on. */
static void remember(struct code_state *s, char c, enum code_kind before, bool escaped)
{
    s->before = c;
    s->filled = false;
    if (s->kind != CODE_PLAIN && before != CODE_PLAIN)
        return;
    if (before == CODE_COMMENT || before == CODE_HEREDOC)
        s->last = c == '\n' && strchr("[,(", s->last) ? s->last : '\n';
    else if (s->kind == CODE_COMMENT || before == CODE_BLOCK_COMMENT ||
             s->kind == CODE_BLOCK_COMMENT)
        return;
    else if (c == '\n')
        s->last = escaped || strchr("[,(", s->last) ? s->last : '\n';
    else if (!is_blank(c) && !s->escaped)
        s->last = c;
}

static const char *code_read(const struct lexis *x, union place_state *state, const char *text,
                             size_t len, struct loc *loc)
{
    struct code_state *s = &state->code;
    size_t i;

    for (i = 0; i < len; i++) {
        enum code_kind before = s->kind;
        bool escaped = s->escaped;
        const char *why = read_char(x, s, text[i]);

        if (why)
            return why;
        if (s->kind != before)
            s->line = loc->line;
        remember(s, text[i], before, escaped);
        place_advance(loc, text[i]);
    }
    return NULL;
}

static enum place code_here(const struct lexis *x, union place_state *state, const char **ret_where)
{
    static const char *const where[] = {[CODE_STRING] = "in a string",
                                        [CODE_BLOCK_COMMENT] = "in a comment of several lines",
                                        [CODE_HEREDOC] = "in a here-document"};
    const struct code_state *s = &state->code;
    bool behind_word;

    if (s->kind == CODE_COMMENT)
        return PLACE_LINE_COMMENT;
    *ret_where = "where no expression is expected";
    if (s->kind != CODE_PLAIN) {
        *ret_where = where[s->kind];
        return PLACE_NOWHERE;
    }
    if (s->escaped || s->announced || s->filled)
        return PLACE_NOWHERE;
    behind_word = x->words_before && is_blank(s->before) && (is_word(s->last) || s->last == '"' || s->last == '\'');
    return strchr(x->before, s->last) || behind_word ? x->place : PLACE_NOWHERE;
}

static const char *code_filled(union place_state *state, const char *encoder)
{
    struct code_state *s = &state->code;

    (void)encoder;
    if (s->announced)
        return "in the beginning of a here-document";
    if (s->escaped)
        return "right behind an escape";
    s->filled = s->kind == CODE_PLAIN;
    s->before = 'a';
    if (s->kind == CODE_PLAIN)
        s->last = 'a';
    s->text_len = sizeof s->text - 1; /* this line ends no here-document */
    return NULL;
}

static const char *code_boundary(union place_state *state)
{
    const struct code_state *s = &state->code;

    return s->escaped || s->announced ? "in an escape or the beginning of a here-document" : NULL;
}

static bool code_join(union place_state *begin, const union place_state *end, bool loop)
{
    struct code_state *a = &begin->code;
    const struct code_state *b = &end->code;

    (void)loop;
    if (a->kind != b->kind || (a->kind == CODE_STRING && a->quote != b->quote))
        return false;
    if (a->kind == CODE_HEREDOC && (a->word_len != b->word_len || a->text_len || b->text_len))
        return false;
    a->filled = a->filled || b->filled;
    if (a->last != b->last)
        a->last = ';'; /* either: so no expression is expected */
    if (a->before != b->before)
        a->before = 'a';
    return true;
}

static const char *code_end(union place_state *state, unsigned *line)
{
    const struct code_state *s = &state->code;

    *line = s->line;
    if (s->announced || s->kind == CODE_HEREDOC)
        return "in a here-document";
    return s->kind == CODE_PLAIN || s->kind == CODE_COMMENT ? NULL
                                                            : "in a string or a comment";
}

static const char *powershell_read(union place_state *state, const char *text, size_t len,
                                   struct loc *loc)
{
    return code_read(&powershell, state, text, len, loc);
}

static enum place powershell_here(union place_state *state, const char **ret_where)
{
    return code_here(&powershell, state, ret_where);
}

static const char *hcl_read(union place_state *state, const char *text, size_t len,
                            struct loc *loc)
{
    return code_read(&hcl, state, text, len, loc);
}

static enum place hcl_here(union place_state *state, const char **ret_where)
{
    return code_here(&hcl, state, ret_where);
}

const struct language language_powershell = {
    .name = "powershell",
    .endings = {".ps1"},
    .usual = PLACE_PS_EXPRESSION,
    .begin = code_begin,
    .read = powershell_read,
    .here = powershell_here,
    .filled = code_filled,
    .boundary = code_boundary,
    .join = code_join,
    .end = code_end,
};

const struct language language_hcl = {
    .name = "hcl",
    .endings = {".tf", ".hcl"},
    .usual = PLACE_HCL_EXPRESSION,
    .begin = code_begin,
    .read = hcl_read,
    .here = hcl_here,
    .filled = code_filled,
    .boundary = code_boundary,
    .join = code_join,
    .end = code_end,
};
