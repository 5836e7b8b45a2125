/* SPDX-License-Identifier: MIT
 * A template's text and the tags in it: bytes, lines, delimiters, names. */
#include "template/scan.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

struct loc scan_loc(struct scanner *s, size_t offset)
{
    size_t column;

    for (; s->counted < offset; s->counted++) {
        if (s->text[s->counted] == '\n') {
            s->line++;
            s->line_start = s->counted + 1;
        }
    }
    column = offset - s->line_start;
    if (s->line == s->start.line && s->start.column > 1)
        column += s->start.column - 1;
    else
        column = column < s->added ? 0 : column - s->added + s->removed;
    return (struct loc){s->start.file, s->line, (unsigned)column + 1};
}

/* Only what a reviewer sees may be in a template: encoders rely on well-formed text, and captures
 * are marked with control characters. */
static bool check_bytes(struct scanner *s)
{
    size_t i, n;

    for (i = 0; i < s->len; i += n) {
        uint32_t code;
        char name[16];

        n = utf8_decode(s->text + i, s->len - i, &code);
        if (!n) {
            diag_add(s->diags, DIAG_TEMPLATE_SYNTAX, scan_loc(s, i), "this is not UTF-8");
            return false;
        }
        if ((utf8_is_control(code) && !strchr("\n\r\t", (int)(code ? code : 1))) ||
            utf8_is_deceptive(code)) {
            utf8_name(code, name);
            diag_add(s->diags, DIAG_TEMPLATE_SYNTAX, scan_loc(s, i),
                     "a template may not hold the character %s", name);
            return false;
        }
    }
    s->line = s->start.line;
    s->line_start = s->counted = 0;
    return true;
}

static bool is_empty_line(const char *line, size_t len)
{
    return line[0] == '\n' || (len > 1 && line[0] == '\r' && line[1] == '\n');
}

/* The passage's lines without the indentation that they had, and with the one that they get. */
static void indent_lines(struct scanner *s, const struct parse_request *request)
{
    const struct passage *passage = request->passage;
    const char *text = s->text, *old = passage->indent ? passage->indent : "";
    size_t i, end, len = s->len, n_old = strlen(old);
    struct strbuf buf;

    strbuf_init(&buf, LIMIT_TEMPLATE);
    for (i = 0; i < len; i = end) {
        const char *newline = memchr(text + i, '\n', len - i);

        end = newline ? (size_t)(newline - text) + 1 : len;
        if (!is_empty_line(text + i, len - i) && (i || !request->inner))
            strbuf_adds(&buf, request->indent ? request->indent : "");
        if ((i || passage->whole_lines) && end - i >= n_old && !memcmp(text + i, old, n_old))
            i += n_old;
        strbuf_add(&buf, text + i, end - i);
    }
    if (buf.overflow)
        diag_add(s->diags, DIAG_TEMPLATE_LIMIT, (struct loc){.file = s->start.file},
                 "indented, the template is larger than %d bytes", LIMIT_TEMPLATE);
    s->text = arena_strndup(s->arena, buf.data, buf.len);
    s->len = buf.len;
    s->added = request->indent ? strlen(request->indent) : 0;
    s->removed = n_old;
    strbuf_clear(&buf);
}

bool scan_begin(struct scanner *s, const struct parse_request *request)
{
    const struct passage *passage = request->passage;

    s->text = passage->text;
    s->len = passage->len;
    s->start = passage->loc;
    s->line = s->start.line;
    s->lenient = request->lenient;
    snprintf(s->open, sizeof s->open, "%s", *passage->open ? passage->open : "{{");
    snprintf(s->close, sizeof s->close, "%s", *passage->close ? passage->close : "}}");
    if (s->len > LIMIT_TEMPLATE) {
        diag_add(s->diags, DIAG_TEMPLATE_LIMIT, (struct loc){.file = s->start.file},
                 "the template is larger than %d bytes", LIMIT_TEMPLATE);
        return false;
    }
    if (!check_bytes(s))
        return false;
    if ((request->indent && *request->indent) || (passage->indent && *passage->indent))
        indent_lines(s, request);
    return true;
}

static void trim(const char **name, const char *end, size_t *ret_len)
{
    while (*name < end && is_space(**name))
        ++*name;
    while (end > *name && is_space(end[-1]))
        end--;
    *ret_len = (size_t)(end - *name);
}

bool scan_tag(struct scanner *s, struct tag *ret)
{
    const char *start = memmem(s->text + s->at, s->len - s->at, s->open, strlen(s->open));
    const char *name, *end, *text_end = s->text + s->len;
    char closing[DELIMITER_MAX + 2];

    if (!start)
        return false;
    ret->start = (size_t)(start - s->text);
    name = start + strlen(s->open);
    ret->sigil = name < text_end && *name && strchr("#^/>!={&<$", *name) ? *name++ : '\0';
    snprintf(closing, sizeof closing, "%s%s",
             ret->sigil == '{'   ? "}"
             : ret->sigil == '=' ? "="
                                 : "",
             s->close);
    end = memmem(name, (size_t)(text_end - name), closing, strlen(closing));
    if (!end) {
        diag_add(s->diags, DIAG_TEMPLATE_SYNTAX, scan_loc(s, ret->start),
                 "the tag does not end: there is no %s after it", closing);
        s->at = s->len;
        return false;
    }
    ret->end = (size_t)(end - s->text) + strlen(closing);
    trim(&name, end, &ret->len);
    ret->dynamic = (ret->sigil == '>' || ret->sigil == '<') && ret->len && *name == '*';
    if (ret->dynamic) {
        end = name++ + ret->len;
        trim(&name, end, &ret->len);
    }
    ret->name = name;
    return true;
}

/* NAME is dot-separated words; a partial's and a parent's have slashes too. */
static bool is_name(const struct tag *tag)
{
    bool is_file = tag->sigil == '>' || tag->sigil == '<' || tag->sigil == '/';
    size_t i = tag->sigil == '/' && tag->len && *tag->name == '*'; /* ends {{<*name}} */
    char before = '.';

    if (tag->len == 1 && *tag->name == '.')
        return tag->sigil != '>' && tag->sigil != '<' && tag->sigil != '$';
    for (; i < tag->len; i++) {
        char c = tag->name[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '-';

        if (!word && (before == '.' || (c != '.' && !(c == '/' && is_file && i))))
            return false;
        before = c;
    }
    return before != '.' && before != '/';
}

bool scan_name(struct scanner *s, const struct tag *tag)
{
    if (s->lenient || is_name(tag))
        return true;
    diag_add(s->diags, DIAG_TEMPLATE_SYNTAX, tag->loc, "\"%.*s\" is no name",
             (int)(tag->len < 80 ? tag->len : 80), tag->name);
    diag_hint(s->diags, "names consist of letters, digits, \"_\" and \"-\", joined by \".\"");
    return false;
}

void scan_delimiters(struct scanner *s, const struct tag *tag)
{
    size_t open = 0, close = 0;

    while (open < tag->len && !is_space(tag->name[open]))
        open++;
    while (close < tag->len - open && !is_space(tag->name[tag->len - close - 1]))
        close++;
    if (!open || !close || open > DELIMITER_MAX || close > DELIMITER_MAX ||
        memchr(tag->name, '=', tag->len) || open + close == tag->len) {
        diag_add(
            s->diags, DIAG_TEMPLATE_SYNTAX, tag->loc,
            "delimiters are set as in {{=<%% %%>=}}: two of them, without \"=\", up to %d bytes",
            DELIMITER_MAX);
        return;
    }
    memcpy(s->open, tag->name, open);
    s->open[open] = '\0';
    memcpy(s->close, tag->name + tag->len - close, close);
    s->close[close] = '\0';
}

bool scan_blank_before(const struct scanner *s, size_t at, size_t *ret_line)
{
    while (at && is_blank(s->text[at - 1]))
        at--;
    *ret_line = at;
    return !at || s->text[at - 1] == '\n';
}

bool scan_blank_behind(const struct scanner *s, size_t at, size_t *ret_next)
{
    while (at < s->len && is_blank(s->text[at]))
        at++;
    if (at < s->len && s->text[at] == '\r')
        at++;
    *ret_next = at < s->len ? at + 1 : at;
    return at == s->len || s->text[at] == '\n';
}

const char *scan_indentation(struct arena *arena, const char *text, size_t len)
{
    size_t i = 0, blanks;

    while (i < len) {
        for (blanks = 0; i + blanks < len && is_blank(text[i + blanks]);)
            blanks++;
        if (i + blanks < len && !is_space(text[i + blanks]))
            return arena_strndup(arena, text + i, blanks);
        i += blanks;
        while (i < len && text[i] != '\n')
            i++;
        i++;
    }
    return NULL;
}
