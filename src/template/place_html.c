/* SPDX-License-Identifier: MIT
 * The places of an HTML page: text and quoted values of harmless attributes. What a browser reads in
 * another way (scripts, styles, handlers, addresses) takes no free text, or only encoded for it. */
#include "template/place.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"

/* Elements whose content is not text: up to their end tag nothing is followed. */
static const char *const raw_elements[] = {"script",   "style",     "textarea", "title",
                                           "xmp",      "iframe",    "noembed",  "noframes",
                                           "noscript", "plaintext", "template", "svg",
                                           "math",     "object",    NULL};

/* Attributes that hold an address: only a part of it, percent-encoded, may come from a value. */
static const char *const url_attributes[] = {"href",   "src",  "action",     "cite",     "data",
                                             "poster", "ping", "formaction", "manifest", NULL};

/* Attributes that hold a program, or decide how others are read. "on..." is one, too. */
static const char *const closed_attributes[] = {"style", "srcdoc", "srcset", "http-equiv", "content",
                                                "sandbox", "target", "rel", "is", NULL};

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (!strcasecmp(name, *list))
            return true;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void html_begin(union place_state *state)
{
    memset(state, 0, sizeof *state);
}

static void append(char *name, char c)
{
    size_t len = strlen(name);

    if (len + 1 < HTML_NAME_MAX)
        name[len] = c;
}

static const char *end_tag(struct html_state *h)
{
    h->kind = HTML_TEXT;
    if (!is_one_of(h->tag, raw_elements))
        return NULL;
    if (h->before[0] == '/')
        return "such an element is not closed by \"/>\"";
    h->kind = HTML_RAW;
    memcpy(h->raw, h->tag, sizeof h->raw);
    h->tag[0] = '\0';
    return NULL;
}

/* Within < >, outside the values. */
static const char *read_tag(struct html_state *h, char c)
{
    bool blank = is_blank(c);

    if (c == '<')
        return "a < in a tag";
    if (c == '>')
        return end_tag(h);
    if (c == '"' || c == '\'') {
        if (h->before[0] != '=')
            return "a quote in a tag that begins no value";
        h->kind = HTML_VALUE;
        h->quote = c;
    } else if (!h->named) {
        h->named = blank;
        if (!blank)
            append(h->tag, c);
        memset(h->name, 0, sizeof h->name);
    } else if (blank || c == '/') {
        if (h->before[0] == '=')
            return "a value without quotes";
        memset(h->name, 0, sizeof h->name);
    } else if (h->before[0] == '=') {
        return "a value without quotes";
    } else if (c != '=') {
        append(h->name, c);
    }
    return NULL;
}

/* Looks for the end tag of the element. "<!--" in a script can hide it from a browser. */
static const char *read_raw(struct html_state *h, char c)
{
    size_t len = strlen(h->tag);

    if (len == 1 && c == '!')
        return "<! within an element whose content is no text";
    if (c == '<') {
        memset(h->tag, 0, sizeof h->tag);
        append(h->tag, c);
    } else if ((len == 1 && c == '/') || (len > 1 && c != '>' && !is_blank(c) && c != '/'))
        append(h->tag, c);
    else if (len > 2 && !strcasecmp(h->tag + 2, h->raw)) {
        h->kind = c == '>' ? HTML_TEXT : HTML_TAG;
        memmove(h->tag, h->tag + 1, sizeof h->tag - 1);
        h->named = true;
        memset(h->name, 0, sizeof h->name);
    } else
        memset(h->tag, 0, sizeof h->tag);
    return NULL;
}

static const char *read_text(struct html_state *h, char c)
{
    bool after = h->before[0] == '<';

    if (!after)
        return NULL;
    if (c == '!' || c == '?') {
        h->kind = HTML_COMMENT; /* or a declaration: either ends in > */
        h->named = false;
        memset(h->tag, 0, sizeof h->tag);
        h->tag[0] = c;
    } else if (c == '/' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        h->kind = HTML_TAG;
        memset(h->tag, 0, sizeof h->tag);
        append(h->tag, c);
        h->named = false;
    } else {
        return "a < that begins no tag; write &lt;";
    }
    return NULL;
}

/* "<!--" ends in "-->", other declarations in ">". */
static void read_comment(struct html_state *h, char c)
{
    size_t len = strlen(h->tag);

    if (len < 3)
        append(h->tag, c);
    if (c != '>')
        return;
    if (strncmp(h->tag, "!--", 3) != 0 || (h->before[0] == '-' && h->before[1] == '-'))
        h->kind = HTML_TEXT;
}

static const char *read_char(struct html_state *h, char c)
{
    switch (h->kind) {
    case HTML_TEXT:
        return read_text(h, c);
    case HTML_TAG:
        return read_tag(h, c);
    case HTML_VALUE:
        if (c == h->quote)
            h->kind = HTML_TAG;
        return NULL;
    case HTML_COMMENT:
        read_comment(h, c);
        return NULL;
    case HTML_RAW:
        return read_raw(h, c);
    }
    return NULL;
}

static const char *html_read(union place_state *state, const char *text, size_t len,
                             struct loc *loc)
{
    struct html_state *h = &state->html;
    size_t i;

    for (i = 0; i < len; i++) {
        enum html_kind before = h->kind;
        const char *why = read_char(h, text[i]);

        if (why)
            return why;
        if (h->kind != before)
            h->line = loc->line;
        h->before[2] = h->before[1];
        h->before[1] = h->before[0];
        h->before[0] = text[i];
        place_advance(loc, text[i]);
    }
    return NULL;
}

static enum place html_here(union place_state *state, const char **ret_where)
{
    static const char *const where[] = {[HTML_TAG] = "in a tag",
                                        [HTML_COMMENT] = "in a comment or declaration",
                                        [HTML_RAW] = "in an element whose content is no text"};
    struct html_state *h = &state->html;

    if (h->kind == HTML_TEXT) {
        *ret_where = "right behind a < or &";
        return h->before[0] == '<' || h->before[0] == '&' ? PLACE_NOWHERE : PLACE_HTML_TEXT;
    }
    if (h->kind != HTML_VALUE) {
        *ret_where = where[h->kind];
        return PLACE_NOWHERE;
    }
    if (is_one_of(h->name, url_attributes)) {
        *ret_where = "in an address, but as a part of it";
        return h->before[0] == h->quote ? PLACE_NOWHERE : PLACE_HTML_URL;
    }
    *ret_where = "in this attribute";
    if (!strncasecmp(h->name, "on", 2) || strchr(h->name, ':') ||
        strlen(h->name) == HTML_NAME_MAX - 1 || is_one_of(h->name, closed_attributes))
        return PLACE_NOWHERE;
    return PLACE_HTML_TEXT;
}

static const char *html_filled(union place_state *state, const char *encoder)
{
    (void)encoder;
    state->html.before[0] = 'a';
    return NULL;
}

static const char *html_boundary(union place_state *state)
{
    return state->html.kind == HTML_TEXT && state->html.before[0] == '<' ? "right behind a <" : NULL;
}

static bool html_join(union place_state *begin, const union place_state *end, bool loop)
{
    struct html_state *a = &begin->html;
    const struct html_state *b = &end->html;

    (void)loop;
    if (a->kind != b->kind)
        return false;
    /* in text the rest is of a tag that is over */
    if (a->kind != HTML_TEXT &&
        (a->quote != b->quote || a->named != b->named || strcmp(a->raw, b->raw) != 0 ||
         strcmp(a->tag, b->tag) != 0 || strcmp(a->name, b->name) != 0))
        return false;
    if (b->before[0] == '&' || b->before[0] == '=' || b->before[0] == '-')
        memcpy(a->before, b->before, sizeof a->before);
    return true;
}

static const char *html_end(union place_state *state, unsigned *line)
{
    *line = state->html.line;
    if (state->html.kind == HTML_TEXT)
        return state->html.before[0] == '<' ? "right behind a <" : NULL;
    return state->html.kind == HTML_RAW ? "in an element" : "in a tag or comment";
}

const struct language language_html = {
    .name = "html",
    .endings = {".html"},
    .usual = PLACE_HTML_TEXT,
    .begin = html_begin,
    .read = html_read,
    .here = html_here,
    .filled = html_filled,
    .boundary = html_boundary,
    .join = html_join,
    .end = html_end,
};
