/* SPDX-License-Identifier: MIT
 * From a template's text to its tree: sections, parents and blocks, standalone lines. Resolves no
 * name and knows no place. */
#include "template/node.h"

#include <string.h>

#include "base/limits.h"
#include "template/scan.h"

/* The chain that is being written to, and the section that encloses it. */
struct level {
    struct node *section; /* NULL: the template itself */
    struct node **tail;
    size_t content;      /* of a block: where what stands in it begins */
    struct node *before; /* of a parent: the text that ends in the blanks before its tag ... */
    size_t blanks;       /* ... and how many they are */
    bool line_begin;     /* of a parent: nothing else stands before its tag */
};

struct parser {
    struct scanner scan;
    struct level levels[LIMIT_TEMPLATE_DEPTH];
    size_t depth;
    struct node *last; /* the node that was made last, when it is a text */
};

static struct level *top(struct parser *p)
{
    return &p->levels[p->depth];
}

static bool stands_in(const struct level *level, enum node_kind kind)
{
    return level->section && level->section->kind == kind;
}

static void append(struct parser *p, struct node *node)
{
    struct level *level = top(p);

    *level->tail = node;
    level->tail = &node->next;
    p->last = node;
}

static struct node *node_new(struct parser *p, enum node_kind kind, struct loc loc,
                             const char *text, size_t len)
{
    struct node *node = ARENA_NEW(p->scan.arena, struct node);

    node->kind = kind;
    node->loc = loc;
    node->text = arena_strndup(p->scan.arena, text, len);
    node->len = len;
    return node;
}

static struct node *node_of(struct parser *p, enum node_kind kind, const struct tag *tag)
{
    return node_new(p, kind, tag->loc, tag->name, tag->len);
}

static void add_text(struct parser *p, size_t start, size_t end)
{
    p->last = NULL;
    if (start < end)
        append(p, node_new(p, NODE_TEXT, scan_loc(&p->scan, start), p->scan.text + start,
                           end - start));
}

/* Appends NODE and goes one level down into it. */
static bool descend(struct parser *p, struct node *node, struct node **tail)
{
    if (p->depth + 1 == LIMIT_TEMPLATE_DEPTH) {
        diag_add(p->scan.diags, DIAG_TEMPLATE_LIMIT, node->loc,
                 "more than %d sections stand within one another", LIMIT_TEMPLATE_DEPTH - 1);
        p->scan.at = p->scan.len;
        p->depth = 0; /* that none of them ends need not be said */
        return false;
    }
    append(p, node);
    p->levels[++p->depth] = (struct level){.section = node, .tail = tail};
    return true;
}

static void open_section(struct parser *p, const struct tag *tag)
{
    struct node *node = node_of(p, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag);

    descend(p, node, &node->body);
}

/* Whether its line is its own shows only where it ends. */
static void open_parent(struct parser *p, const struct tag *tag)
{
    struct node *before = p->last, *node = node_of(p, NODE_PARENT, tag);
    size_t line;
    bool line_begin = scan_blank_before(&p->scan, tag->start, &line);

    node->dynamic = tag->dynamic;
    node->indent = "";
    if (!descend(p, node, &node->arguments))
        return;
    top(p)->before = before;
    top(p)->blanks = tag->start - line;
    top(p)->line_begin = line_begin;
}

/* LINE: where the blanks before the tag begin. */
static void open_block(struct parser *p, const struct tag *tag, bool standalone, size_t line)
{
    struct node *node = node_of(p, NODE_BLOCK, tag);

    node->indent = arena_strndup(p->scan.arena, p->scan.text + line, tag->start - line);
    node->standalone = standalone;
    node->passage.loc = scan_loc(&p->scan, p->scan.at);
    node->passage.text = ""; /* until it ends, which it may not */
    memcpy(node->passage.open, p->scan.open, sizeof p->scan.open);
    memcpy(node->passage.close, p->scan.close, sizeof p->scan.close);
    if (descend(p, node, &node->body))
        top(p)->content = p->scan.at;
}

/* What stands in a block has the indentation of its first line; without one, its tag's. */
static void close_block(struct parser *p, struct node *block, size_t end)
{
    size_t content = top(p)->content;
    const char *indent;

    block->passage.text = p->scan.text + content;
    block->passage.len = end > content ? end - content : 0;
    block->passage.whole_lines = block->standalone;
    if (!block->standalone)
        return;
    indent = scan_indentation(p->scan.arena, block->passage.text, block->passage.len);
    block->passage.indent = indent ? indent : block->indent;
    block->indent = block->passage.indent;
}

/* The parent's tag turned out to have its line to itself. */
static void own_line(struct parser *p, struct level *level)
{
    struct node *before = level->before;

    if (!level->blanks)
        return;
    level->section->indent =
        arena_strndup(p->scan.arena, before->text + before->len - level->blanks, level->blanks);
    before->len -= level->blanks;
    before->text = arena_strndup(p->scan.arena, before->text, before->len);
}

/* END: where the text before the tag ends. */
static void close_section(struct parser *p, const struct tag *tag, size_t end)
{
    struct level *level = top(p);
    struct node *section = level->section;
    const char *name = tag->name;
    size_t len = tag->len, next;

    if (!section) {
        diag_add(p->scan.diags, DIAG_TEMPLATE_SYNTAX, tag->loc, "no section \"%.*s\" is open here",
                 (int)len, name);
        return;
    }
    if (section->dynamic && len && *name == '*')
        for (name++, len--; len && (*name == ' ' || *name == '\t');)
            name++, len--;
    if (section->len != len || memcmp(section->text, name, len))
        diag_add(p->scan.diags, DIAG_TEMPLATE_SYNTAX, tag->loc,
                 "this ends \"%.*s\", but the open section is \"%s\" of line %u", (int)len, name,
                 section->text, section->loc.line);
    section->close = tag->loc;
    if (section->kind == NODE_BLOCK)
        close_block(p, section, end);
    if (section->kind == NODE_PARENT && level->line_begin &&
        scan_blank_behind(&p->scan, tag->end, &next)) {
        own_line(p, level);
        p->scan.at = next;
    }
    p->depth--;
}

static void add_partial(struct parser *p, const struct tag *tag, size_t line, bool standalone)
{
    struct node *node = node_of(p, NODE_PARTIAL, tag);

    node->dynamic = tag->dynamic;
    node->indent =
        standalone ? arena_strndup(p->scan.arena, p->scan.text + line, tag->start - line) : "";
    append(p, node);
}

/* Has the tag its line to itself? Then the whole line goes: it is [*RET_LINE, *RET_NEXT). What
 * stands beside a block within a parent does not count, because it is left out anyway. */
static bool is_standalone(struct parser *p, const struct tag *tag, size_t *ret_line,
                          size_t *ret_next)
{
    const struct level *level = top(p), *outer = p->depth ? level - 1 : level;
    bool argument_ends =
        tag->sigil == '/' && stands_in(level, NODE_BLOCK) && stands_in(outer, NODE_PARENT);
    bool argument_begins = tag->sigil == '$' && stands_in(level, NODE_PARENT);
    bool before = scan_blank_before(&p->scan, tag->start, ret_line);
    bool behind = scan_blank_behind(&p->scan, tag->end, ret_next);

    if (!before && argument_begins)
        *ret_line = tag->start;
    if (!behind && argument_ends)
        *ret_next = tag->end;
    return (before || argument_begins) && (behind || argument_ends);
}

/* Sigils of tags that take their line with them when it is their own; a parent's own rule is in
 * close_section. */
static bool may_stand_alone(struct parser *p, const struct tag *tag)
{
    if (tag->sigil == '/' && stands_in(top(p), NODE_PARENT))
        return false;
    return tag->sigil && strchr("!=#^/>$", tag->sigil);
}

static void add_tag(struct parser *p, const struct tag *tag, size_t line, bool standalone,
                    size_t text_end)
{
    switch (tag->sigil) {
    case '!':
        break;
    case '=':
        scan_delimiters(&p->scan, tag);
        break;
    case '#':
    case '^':
        open_section(p, tag);
        break;
    case '<':
        open_parent(p, tag);
        break;
    case '$':
        open_block(p, tag, standalone, line);
        break;
    case '/':
        close_section(p, tag, text_end);
        break;
    case '>':
        add_partial(p, tag, line, standalone);
        break;
    default:
        append(p, node_of(p, tag->sigil ? NODE_RAW : NODE_VALUE, tag));
    }
}

static void parse_tags(struct parser *p)
{
    struct tag tag;

    while (scan_tag(&p->scan, &tag)) {
        size_t line = tag.start, next = tag.end;
        bool first = scan_blank_before(&p->scan, tag.start, &line);
        bool standalone = may_stand_alone(p, &tag) && is_standalone(p, &tag, &line, &next);
        size_t text_end = standalone ? line : tag.start;

        add_text(p, p->scan.at, text_end);
        tag.loc = scan_loc(&p->scan, tag.start);
        p->scan.at = standalone ? next : tag.end;
        if (strchr("!=", tag.sigil) == NULL || !tag.sigil) {
            if (!scan_name(&p->scan, &tag))
                continue;
        }
        add_tag(p, &tag, standalone || first ? line : tag.start, standalone, text_end);
    }
    add_text(p, p->scan.at, p->scan.len);
}

struct node *template_parse(struct arena *arena, const struct parse_request *request,
                            struct diags *diags)
{
    struct parser p = {.scan = {.arena = arena, .diags = diags}};
    struct node *first = NULL;

    p.levels[0].tail = &first;
    if (!scan_begin(&p.scan, request))
        return NULL;
    parse_tags(&p);
    for (; p.depth; p.depth--)
        diag_add(diags, DIAG_TEMPLATE_SYNTAX, p.levels[p.depth].section->loc,
                 "the section \"%s\" does not end", p.levels[p.depth].section->text);
    return first;
}

struct passage passage_of_file(const char *file, const char *text, size_t len)
{
    return (struct passage){.loc = {.file = file, .line = 1, .column = 1},
                            .text = text,
                            .len = len,
                            .whole_lines = true};
}
