/* SPDX-License-Identifier: MIT
 * From a template's text to its tree: tags, delimiters, standalone lines. Knows no names and no
 * places. */
#include "template/node.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

enum { DELIMITER_MAX = 16 };

/* The chain that is being written to, and the section that encloses it. */
struct level {
    struct node *section; /* NULL: the template itself */
    struct node **tail;
};

struct parser {
    struct arena *arena;
    struct diags *diags;
    const char *file;
    const char *text;
    size_t len;
    size_t at;
    size_t indent; /* bytes put before each line: not in the author's columns */
    size_t line_start, counted;
    unsigned line; /* of COUNTED */
    char open[DELIMITER_MAX + 1], close[DELIMITER_MAX + 1];
    struct level levels[LIMIT_TEMPLATE_DEPTH];
    size_t depth;
};

/* One tag as it stands: [START, END) with its delimiters, [NAME, NAME + LEN) trimmed. */
struct tag {
    size_t start, end;
    char sigil; /* '\0': interpolation */
    const char *name;
    size_t len;
    struct loc loc;
};

/* Places must be asked for in ascending order: lines are counted on the way. */
static struct loc loc_of(struct parser *p, size_t offset)
{
    size_t column;

    for (; p->counted < offset; p->counted++) {
        if (p->text[p->counted] == '\n') {
            p->line++;
            p->line_start = p->counted + 1;
        }
    }
    column = offset - p->line_start;
    column -= column < p->indent ? column : p->indent;
    return (struct loc){p->file, p->line, (unsigned)column + 1};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

static void append(struct parser *p, struct node *node)
{
    struct level *level = &p->levels[p->depth];

    *level->tail = node;
    level->tail = &node->next;
}

static struct node *node_new(struct parser *p, enum node_kind kind, struct loc loc,
                             const char *text, size_t len)
{
    struct node *node = ARENA_NEW(p->arena, struct node);

    node->kind = kind;
    node->loc = loc;
    node->text = arena_strndup(p->arena, text, len);
    node->len = len;
    return node;
}

static void add_text(struct parser *p, size_t start, size_t end)
{
    if (start < end)
        append(p, node_new(p, NODE_TEXT, loc_of(p, start), p->text + start, end - start));
}

/* The next tag at or after p->at. Returns false when there is none, or with a finding when one does
 * not end. */
static bool next_tag(struct parser *p, struct tag *ret)
{
    const char *start = memmem(p->text + p->at, p->len - p->at, p->open, strlen(p->open));
    const char *name, *end, *text_end = p->text + p->len;
    char closing[DELIMITER_MAX + 2];

    if (!start)
        return false;
    ret->start = (size_t)(start - p->text);
    name = start + strlen(p->open);
    ret->sigil = name < text_end && strchr("#^/>!={&", *name) && *name ? *name++ : '\0';
    snprintf(closing, sizeof closing, "%s%s",
             ret->sigil == '{'   ? "}"
             : ret->sigil == '=' ? "="
                                 : "",
             p->close);
    end = memmem(name, (size_t)(text_end - name), closing, strlen(closing));
    if (!end) {
        diag_add(p->diags, DIAG_TEMPLATE_SYNTAX, loc_of(p, ret->start),
                 "the tag does not end: there is no %s after it", closing);
        p->at = p->len;
        return false;
    }
    ret->end = (size_t)(end - p->text) + strlen(closing);
    while (name < end && is_space(*name))
        name++;
    while (end > name && is_space(end[-1]))
        end--;
    ret->name = name;
    ret->len = (size_t)(end - name);
    return true;
}

/* Has the tag its line to itself? Then the whole line goes. */
static bool is_standalone(const struct parser *p, const struct tag *tag, size_t *ret_start,
                          size_t *ret_end)
{
    size_t start = tag->start, end = tag->end;

    if (!tag->sigil || strchr("{&", tag->sigil))
        return false;
    while (start && is_blank(p->text[start - 1]))
        start--;
    if (start && p->text[start - 1] != '\n')
        return false;
    while (end < p->len && is_blank(p->text[end]))
        end++;
    if (end < p->len && p->text[end] == '\r')
        end++;
    if (end < p->len && p->text[end] != '\n')
        return false;
    *ret_start = start;
    *ret_end = end < p->len ? end + 1 : end;
    return true;
}

/* NAME is dot-separated words; a partial's has slashes too. */
static bool name_is_valid(const struct tag *tag)
{
    size_t i;
    char before = '.';

    if (tag->len == 1 && *tag->name == '.')
        return tag->sigil != '>';
    for (i = 0; i < tag->len; i++) {
        char c = tag->name[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '-';

        if (!word && (before == '.' || (c != '.' && !(c == '/' && tag->sigil == '>' && i))))
            return false;
        before = c;
    }
    return before != '.' && before != '/';
}

static void set_delimiters(struct parser *p, const struct tag *tag)
{
    size_t open = 0, close = 0;

    while (open < tag->len && !is_space(tag->name[open]))
        open++;
    while (close < tag->len - open && !is_space(tag->name[tag->len - close - 1]))
        close++;
    if (!open || !close || open > DELIMITER_MAX || close > DELIMITER_MAX ||
        memchr(tag->name, '=', tag->len) || open + close == tag->len) {
        diag_add(
            p->diags, DIAG_TEMPLATE_SYNTAX, tag->loc,
            "delimiters are set as in {{=<%% %%>=}}: two of them, without \"=\", up to %d bytes",
            DELIMITER_MAX);
        return;
    }
    memcpy(p->open, tag->name, open);
    p->open[open] = '\0';
    memcpy(p->close, tag->name + tag->len - close, close);
    p->close[close] = '\0';
}

static void open_section(struct parser *p, const struct tag *tag)
{
    struct node *node = node_new(p, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->loc,
                                 tag->name, tag->len);

    if (p->depth + 1 == LIMIT_TEMPLATE_DEPTH) {
        diag_add(p->diags, DIAG_TEMPLATE_LIMIT, tag->loc,
                 "more than %d sections stand within one another", LIMIT_TEMPLATE_DEPTH - 1);
        p->at = p->len;
        p->depth = 0; /* that none of them ends need not be said */
        return;
    }
    append(p, node);
    p->levels[++p->depth] = (struct level){node, &node->body};
}

static void close_section(struct parser *p, const struct tag *tag)
{
    struct node *section = p->levels[p->depth].section;

    if (!section) {
        diag_add(p->diags, DIAG_TEMPLATE_SYNTAX, tag->loc, "no section \"%.*s\" is open here",
                 (int)tag->len, tag->name);
        return;
    }
    if (section->len != tag->len || memcmp(section->text, tag->name, tag->len))
        diag_add(p->diags, DIAG_TEMPLATE_SYNTAX, tag->loc,
                 "this ends \"%.*s\", but the open section is \"%s\" of line %u", (int)tag->len,
                 tag->name, section->text, section->loc.line);
    section->close = tag->loc;
    p->depth--;
}

static void add_partial(struct parser *p, const struct tag *tag, size_t line_start)
{
    struct node *node = node_new(p, NODE_PARTIAL, tag->loc, tag->name, tag->len);

    node->indent = arena_strndup(p->arena, p->text + line_start, tag->start - line_start);
    append(p, node);
}

static void add_tag(struct parser *p, const struct tag *tag, size_t line_start)
{
    if (tag->sigil == '!')
        return;
    if (tag->sigil == '=') {
        set_delimiters(p, tag);
        return;
    }
    if (!name_is_valid(tag)) {
        diag_add(p->diags, DIAG_TEMPLATE_SYNTAX, tag->loc, "\"%.*s\" is no name",
                 (int)(tag->len < 80 ? tag->len : 80), tag->name);
        diag_hint(p->diags, "names consist of letters, digits, \"_\" and \"-\", joined by \".\"");
        return;
    }
    switch (tag->sigil) {
    case '#':
    case '^':
        open_section(p, tag);
        break;
    case '/':
        close_section(p, tag);
        break;
    case '>':
        add_partial(p, tag, line_start);
        break;
    default:
        append(p, node_new(p, tag->sigil ? NODE_RAW : NODE_VALUE, tag->loc, tag->name, tag->len));
    }
}

/* Only what a reviewer sees may be in a template: encoders rely on well-formed text, and captures
 * are marked with control characters. */
static bool check_bytes(struct parser *p)
{
    size_t i, n;

    for (i = 0; i < p->len; i += n) {
        uint32_t code;
        char name[16];

        n = utf8_decode(p->text + i, p->len - i, &code);
        if (!n) {
            diag_add(p->diags, DIAG_TEMPLATE_SYNTAX, loc_of(p, i), "this is not UTF-8");
            return false;
        }
        if ((utf8_is_control(code) && !strchr("\n\r\t", (int)(code ? code : 1))) ||
            utf8_is_deceptive(code)) {
            utf8_name(code, name);
            diag_add(p->diags, DIAG_TEMPLATE_SYNTAX, loc_of(p, i),
                     "a template may not hold the character %s", name);
            return false;
        }
    }
    p->line = 1;
    p->line_start = p->counted = 0;
    return true;
}

/* TEXT with INDENT before every line that is not empty. */
static void indent_lines(struct parser *p, const char *text, size_t len, const char *indent)
{
    struct strbuf buf;
    size_t i, end;

    p->indent = strlen(indent);
    strbuf_init(&buf, LIMIT_TEMPLATE);
    for (i = 0; i < len; i = end) {
        const char *newline = memchr(text + i, '\n', len - i);

        end = newline ? (size_t)(newline - text) + 1 : len;
        if (text[i] != '\n')
            strbuf_adds(&buf, indent);
        strbuf_add(&buf, text + i, end - i);
    }
    if (buf.overflow)
        diag_add(p->diags, DIAG_TEMPLATE_LIMIT, (struct loc){.file = p->file},
                 "indented, the template is larger than %d bytes", LIMIT_TEMPLATE);
    p->text = arena_strndup(p->arena, buf.data, buf.len);
    p->len = buf.len;
    strbuf_clear(&buf);
}

static void parse_tags(struct parser *p)
{
    struct tag tag;

    while (next_tag(p, &tag)) {
        size_t start = tag.start, end = tag.end;
        bool standalone = is_standalone(p, &tag, &start, &end);

        add_text(p, p->at, start);
        tag.loc = loc_of(p, tag.start);
        p->at = end;
        add_tag(p, &tag, standalone ? start : tag.start);
    }
    add_text(p, p->at, p->len);
}

struct node *template_parse(struct arena *arena, const char *file, const char *text, size_t len,
                            const char *indent, struct diags *diags)
{
    struct parser p = {.arena = arena,
                       .diags = diags,
                       .file = file,
                       .text = text,
                       .len = len,
                       .line = 1,
                       .open = "{{",
                       .close = "}}"};
    struct node *first = NULL;

    p.levels[0].tail = &first;
    if (len > LIMIT_TEMPLATE) {
        diag_add(diags, DIAG_TEMPLATE_LIMIT, (struct loc){.file = file},
                 "the template is larger than %d bytes", LIMIT_TEMPLATE);
        return NULL;
    }
    if (!check_bytes(&p))
        return NULL;
    if (indent && *indent)
        indent_lines(&p, text, len, indent);
    parse_tags(&p);
    for (; p.depth; p.depth--)
        diag_add(diags, DIAG_TEMPLATE_SYNTAX, p.levels[p.depth].section->loc,
                 "the section \"%s\" does not end", p.levels[p.depth].section->text);
    return first;
}
