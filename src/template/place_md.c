/* SPDX-License-Identifier: MIT
 * Follows the literal text of a Markdown file: fences, code spans, links, HTML. */
#include "template/place.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

static const struct {
    enum place place;
    const char *where;
} kinds[] = {
    [MD_TEXT] = {PLACE_MD_TEXT, "in text"},
    [MD_INFO] = {PLACE_NOWHERE, "in the first line of a fence"},
    [MD_FENCE] = {PLACE_MD_FENCE, "in a fence"},
    [MD_MERMAID] = {PLACE_MD_MERMAID, "in a mermaid fence"},
    [MD_SPAN] = {PLACE_NOWHERE, "in a code span"},
    [MD_LINK] = {PLACE_MD_LINK, "in the destination of a link"},
    [MD_HTML] = {PLACE_NOWHERE, "in an HTML tag"},
    [MD_HTML_COMMENT] = {PLACE_MD_COMMENT, "in an HTML comment"},
};

static const char mermaid[] = "mermaid";

static void enter(struct md_state *md, enum md_kind kind, unsigned line)
{
    md->kind = kind;
    md->line = line;
    md->parens = 0;
    md->run = 0;
}

static void begin_line(struct md_state *md)
{
    md->line_begin = md->line_only = md->blank_line = true;
    md->quoted = false;
    md->run = md->blanks = 0;
}

static bool is_fence(enum md_kind kind)
{
    return kind == MD_FENCE || kind == MD_MERMAID;
}

/* A run of backticks or tildes has ended: it opens or closes something, or is nothing. */
static const char *end_run(struct md_state *md, unsigned line)
{
    size_t run = md->run;

    md->run = 0;
    if (!run)
        return NULL;
    if (md->kind == MD_TEXT && run >= 3 && md->line_begin) {
        if (md->quoted || md->html_block)
            return "a fence cannot be followed in a block quote or an HTML block";
        enter(md, MD_INFO, line);
        md->mark = md->run_mark;
        md->length = run;
        md->indent = md->blanks;
        md->info_len = 0;
    } else if (md->kind == MD_TEXT && md->run_mark == '`') {
        if (md->after_span)
            return "a code span right behind another cannot be told from one";
        enter(md, MD_SPAN, line);
        md->length = run;
    } else if (md->kind == MD_SPAN && run == md->length) {
        enter(md, MD_TEXT, line);
        md->after_span = true;
    }
    md->line_begin = false;
    return NULL;
}

/* The end of a line of a fence: RUN holds the marks, when it has nothing else. */
static const char *end_fence_line(struct md_state *md, unsigned line)
{
    size_t blanks = md->blanks;
    bool marks = md->line_only && md->run >= md->length;

    begin_line(md);
    if (!marks || (!md->indent && blanks > 3))
        return NULL;
    if (md->indent && blanks != md->indent)
        return "the end of a fence must be indented as its beginning is";
    enter(md, MD_TEXT, line);
    return NULL;
}

static const char *read_fence(struct md_state *md, char c, unsigned line)
{
    bool mark = c == md->mark, blank = c == ' ' || c == '\t';

    if (c == '\n')
        return end_fence_line(md, line);
    if (mark && md->line_begin) {
        md->run++;
        return NULL;
    }
    md->blanks += blank && md->line_begin && !md->run;
    md->line_only = md->line_only && blank;
    md->line_begin = md->line_begin && blank && !md->run;
    return NULL;
}

static const char *read_info(struct md_state *md, char c)
{
    if (c == '\n') {
        bool is_mermaid =
            md->info_len == strlen(mermaid) && !memcmp(md->info, mermaid, md->info_len);

        md->kind = is_mermaid ? MD_MERMAID : MD_FENCE;
        begin_line(md);
    } else if (c == '`' && md->mark == '`') {
        return "a line that begins with three backticks must be a fence";
    } else if (md->info_len < sizeof md->info && !(c == ' ' && !md->info_len)) {
        md->info[md->info_len++] = c;
    }
    return NULL;
}

/* An element whose content readers of HTML do not take for text. */
static bool is_closed_element(const struct md_state *md)
{
    static const char *const names[] = {"script",  "style",    "textarea", "title",     "xmp", "iframe",
                                        "noembed", "noframes", "noscript", "plaintext", "svg", "math"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == md->info_len && !strncasecmp(names[i], md->info, md->info_len))
            return true;
    return false;
}

/* The name of an HTML element, letter by letter: no more is added once it has ended. */
static const char *read_element(struct md_state *md, char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

    if (letter && md->info_len < sizeof md->info) {
        md->info[md->info_len++] = c;
        return NULL;
    }
    if (!letter && md->info_len <= sizeof md->info && is_closed_element(md))
        return "an HTML element whose content is no text";
    if (md->info_len || !letter)
        md->info_len = sizeof md->info + 1;
    return NULL;
}

/* Text, links and HTML: what C does when no run of marks is being read. */
static const char *read_markup(struct md_state *md, char c, unsigned line)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '?';

    if (md->kind == MD_LINK) {
        md->parens += c == '(';
        if (c == ')' && md->parens-- == 0)
            enter(md, MD_TEXT, line);
    } else if (md->kind == MD_HTML) {
        const char *why = read_element(md, c);

        if (why)
            return why;
        if (c == '>')
            enter(md, MD_TEXT, line);
        else if (md->before == '-' && c == '-' && md->length == 2)
            enter(md, MD_HTML_COMMENT, line);
        md->length = c == '!' && md->before == '<' ? 1 : md->length == 1 && c == '-' ? 2 : 0;
    } else if (c == '(' && md->before == ']') {
        enter(md, MD_LINK, line);
    } else if (md->before == '<' && (letter || c == '!')) {
        enter(md, MD_HTML, line);
        md->length = c == '!' ? 1 : 0;
        md->info_len = 0;
        return c == '/' ? NULL : read_element(md, c);
    }
    return NULL;
}

static const char *read_newline(struct md_state *md, unsigned line)
{
    const char *why = end_run(md, line);

    if (why)
        return why;
    if (md->kind == MD_INFO)
        return read_info(md, '\n');
    if (md->kind != MD_TEXT && !(md->kind == MD_HTML_COMMENT && md->html_block))
        return "a code span, link or HTML tag must end in the line in which it begins";
    if (md->blank_line && md->kind == MD_TEXT)
        md->html_block = md->bracket = false;
    begin_line(md);
    md->before = '\n';
    md->escaped = false;
    return NULL;
}

/* What the beginning of a line says about the lines after it. */
static void read_begin(struct md_state *md, char c)
{
    if (!md->line_begin)
        return;
    if (c == ' ' || c == '\t') {
        md->blanks++;
        return;
    }
    md->quoted = md->quoted || c == '>';
    md->html_block = md->html_block || (md->kind == MD_TEXT && c == '<');
    md->line_begin = c == '>';
}

static const char *read_char(struct md_state *md, char c, unsigned line)
{
    const char *why;
    bool blank = c == ' ' || c == '\t';

    if (is_fence(md->kind))
        return read_fence(md, c, line);
    if (c == '\n')
        return read_newline(md, line);
    if (!blank)
        md->blank_line = false;
    if (md->kind == MD_INFO)
        return read_info(md, c);
    if ((c == '`' || (c == '~' && md->line_begin)) && !md->escaped &&
        (md->kind == MD_TEXT || md->kind == MD_SPAN)) {
        if (md->run && md->run_mark != c && (why = end_run(md, line)))
            return why;
        md->run_mark = c;
        md->run++;
        return NULL;
    }
    if ((why = end_run(md, line)))
        return why;
    if (md->kind == MD_INFO)
        return read_info(md, c);
    md->after_span = false;
    read_begin(md, c);
    if (md->kind == MD_HTML_COMMENT) {
        md->length = c == '-' ? md->length + 1 : c == '>' && md->length >= 2 ? SIZE_MAX : 0;
        if (md->length == SIZE_MAX)
            enter(md, MD_TEXT, line);
    } else if (md->escaped) {
        md->escaped = false;
        md->before = 'a';
        return NULL;
    } else if (md->kind != MD_SPAN) {
        md->escaped = c == '\\';
        md->bracket = md->kind == MD_TEXT && (c == '[' || (md->bracket && c != ']'));
        why = read_markup(md, c, line);
        if (why)
            return why;
    }
    md->before = c;
    return NULL;
}

static void md_begin(union place_state *state)
{
    memset(&state->md, 0, sizeof state->md);
    begin_line(&state->md);
}

static const char *md_read(union place_state *state, const char *text, size_t len, struct loc *loc)
{
    size_t i;

    for (i = 0; i < len; i++) {
        const char *why = read_char(&state->md, text[i], loc->line);

        if (why)
            return why;
        place_advance(loc, text[i]);
    }
    return NULL;
}

static const char *dangling(struct md_state *md)
{
    if (md->escaped)
        return "right behind a backslash";
    if (md->kind == MD_TEXT && md->before == '<')
        return "right behind a <";
    return NULL;
}

static enum place md_here(union place_state *state, const char **ret_why)
{
    struct md_state *md = &state->md;

    *ret_why = is_fence(md->kind) ? NULL : end_run(md, md->line);
    if (!*ret_why)
        *ret_why = dangling(md);
    if (*ret_why)
        return PLACE_NOWHERE;
    if (is_fence(md->kind) && md->indent) { /* a second line of the value would end the list */
        *ret_why = "in an indented fence";
        return PLACE_NOWHERE;
    }
    *ret_why = kinds[md->kind].where;
    return kinds[md->kind].place;
}

static const char *md_filled(union place_state *state, const char *encoder)
{
    struct md_state *md = &state->md;
    bool span = encoder && (!strcmp(encoder, "md_code") || !strcmp(encoder, "md_cell"));

    if (!is_fence(md->kind)) {
        const char *why = end_run(md, md->line);

        if (why)
            return why;
    }
    if (span && md->after_span)
        return "right behind a code span, which would join it";
    if (span && md->bracket) /* blocks come first: "[`x]: y`](z)" would define a link and show nothing */
        return "as a code span within [ ]";
    md->after_span = span;
    md->line_begin = md->line_only = md->blank_line = md->escaped = false;
    md->before = 'a';
    return NULL;
}

static const char *md_boundary(union place_state *state)
{
    struct md_state *md = &state->md;

    if (is_fence(md->kind))
        return md->run ? "in a run of fence marks" : NULL;
    if (end_run(md, md->line) || md->kind == MD_INFO)
        return kinds[MD_INFO].where;
    return dangling(md);
}

static bool md_join(union place_state *begin, const union place_state *end, bool loop)
{
    struct md_state *a = &begin->md;
    const struct md_state *b = &end->md;

    (void)loop;
    if (a->kind != b->kind || a->parens != b->parens)
        return false;
    if ((is_fence(a->kind) || a->kind == MD_SPAN) &&
        (a->length != b->length || a->mark != b->mark || a->indent != b->indent))
        return false;
    a->line_begin = a->line_begin && b->line_begin;
    a->line_only = a->line_only && b->line_only;
    a->blank_line = a->blank_line && b->blank_line;
    a->after_span = a->after_span || b->after_span;
    a->bracket = a->bracket || b->bracket;
    a->quoted = a->quoted || b->quoted;
    a->html_block = a->html_block || b->html_block;
    if (a->before != b->before)
        a->before = b->before == ']' ? ']' : a->before;
    return true;
}

static const char *md_end(union place_state *state, unsigned *line)
{
    struct md_state *md = &state->md;

    if (is_fence(md->kind))
        end_fence_line(md, md->line);
    else
        end_run(md, md->line);
    *line = md->line;
    return md->kind == MD_TEXT ? NULL : kinds[md->kind].where;
}

const struct language language_md = {
    .name = "md",
    .endings = {".md"},
    .usual = PLACE_MD_TEXT,
    .begin = md_begin,
    .read = md_read,
    .here = md_here,
    .filled = md_filled,
    .boundary = md_boundary,
    .join = md_join,
    .end = md_end,
};
