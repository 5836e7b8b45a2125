/* SPDX-License-Identifier: MIT
 * The places of a YAML document: a value is a whole scalar, behind "key: ", behind "- ", or in a list
 * within brackets. Quotes, plain and block scalars, keys, tags and anchors take no free text. */
#include "template/place.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void begin_line(struct yaml_state *y)
{
    y->open = y->plain && !y->depth && y->before != ':';
    if (y->open || y->header)
        y->outer = y->indent;
    y->line_begin = true;
    y->indent = 0;
    y->plain = y->filled = y->tagged = false;
    y->fresh = y->depth > 0 && y->flow[y->depth - 1] == '[' && y->fresh;
    y->key = true;
    y->before = '\n';
}

static void yaml_begin(union place_state *state)
{
    memset(state, 0, sizeof *state);
    begin_line(&state->yaml);
}

/* The blanks and "- " that a line begins with. True when C is one of them. */
static bool read_indent(struct yaml_state *y, char c)
{
    if (c == ' ') {
        if (y->before == '-')
            y->fresh = true;
        y->indent++;
        return true;
    }
    if (c == '-' && y->before != '-') {
        y->indent++;
        y->fresh = false;
        return true;
    }
    return false;
}

static const char *open_flow(struct yaml_state *y, char c)
{
    if (y->depth == YAML_FLOW)
        return "brackets stand too deep within one another";
    y->flow[y->depth++] = c;
    y->fresh = c == '[';
    y->key = true;
    y->plain = false;
    return NULL;
}

/* A character that begins a scalar, or something else that may stand where one may. */
static const char *begin_scalar(struct yaml_state *y, char c)
{
    y->fresh = false;
    switch (c) {
    case '"':
        y->kind = YAML_DOUBLE;
        break;
    case '\'':
        y->kind = YAML_SINGLE;
        break;
    case '[':
    case '{':
        return open_flow(y, c);
    case '|':
    case '>':
        y->header = !y->depth;
        break;
    case '&':
    case '*':
    case '!':
        y->tagged = true;
        y->plain = true;
        break;
    case '%':
    case '@':
    case '`':
    case '?':
        return "a character that begins no scalar";
    default:
        y->plain = true;
    }
    return NULL;
}

static const char *read_flow(struct yaml_state *y, char c)
{
    if (c == ',') {
        y->fresh = y->flow[y->depth - 1] == '[';
        y->key = true;
        y->plain = false;
        return NULL;
    }
    if (y->flow[y->depth - 1] != (c == ']' ? '[' : '{'))
        return "a bracket that closes another one";
    y->depth--;
    y->fresh = y->key = y->plain = false;
    return NULL;
}

static const char *read_code(struct yaml_state *y, char c)
{
    bool starts = y->line_begin || y->fresh || (y->key && !y->plain);

    if (y->filled && y->before == 'a' && !strchr(y->depth ? " \r\n,]}" : " \r\n", c))
        return "a value, with more of the same scalar behind it";
    if (c == '\n') {
        begin_line(y);
        return NULL;
    }
    if (c == '\t')
        return "a tab, which readers take in different ways";
    if (c == '#' && (is_blank(y->before) || y->before == '\n')) {
        y->kind = YAML_COMMENT;
        return NULL;
    }
    if (y->filled && y->before != 'a' && !strchr(" \r", c) && !(y->depth && strchr(",]}", c)))
        return "a value, with more behind it in its line";
    if (y->line_begin && read_indent(y, c))
        return NULL;
    if (y->open && y->line_begin && y->indent > y->outer)
        return "a scalar that goes on in the next line";
    y->open = false;
    if (y->line_begin && !y->indent && (c == '%' || c == '.'))
        return "a directive, or the end of a document";
    y->line_begin = false;
    if (y->depth && strchr(",]}", c) && c) {
        y->filled = false;
        return read_flow(y, c);
    }
    if (c == ' ') {
        if (y->before == ':') {
            y->fresh = true;
            y->key = y->plain = false;
        }
        return NULL;
    }
    return starts && (y->fresh || !y->plain) && !y->header ? begin_scalar(y, c) : NULL;
}

/* Lines of a block scalar are those that are indented more, and empty ones. */
static const char *read_block(struct yaml_state *y, char c)
{
    if (c == '\n') {
        y->line_begin = true;
        y->indent = 0;
        y->before = '\n';
        return NULL;
    }
    if (y->line_begin && c == ' ') {
        y->indent++;
        return NULL;
    }
    if (y->line_begin && y->indent <= y->outer && c != '\r') {
        unsigned indent = y->indent;

        y->kind = YAML_CODE;
        begin_line(y);
        y->indent = indent;
        y->open = false;
        return read_code(y, c);
    }
    y->line_begin = false;
    return NULL;
}

static const char *read_char(struct yaml_state *y, char c)
{
    switch (y->kind) {
    case YAML_CODE:
        if (c == '\n' && y->header) {
            begin_line(y);
            y->header = false;
            y->kind = YAML_BLOCK;
            return NULL;
        }
        return read_code(y, c);
    case YAML_DOUBLE:
        if (y->escaped)
            y->escaped = false;
        else if (c == '\\')
            y->escaped = true;
        else if (c == '"')
            y->kind = YAML_CODE;
        return NULL;
    case YAML_SINGLE: /* '' closes and opens again */
        if (c == '\'')
            y->kind = YAML_CODE;
        return NULL;
    case YAML_COMMENT:
        if (c != '\n')
            return NULL;
        y->kind = YAML_CODE;
        return read_char(y, c);
    case YAML_BLOCK:
        return read_block(y, c);
    }
    return NULL;
}

static const char *yaml_read(union place_state *state, const char *text, size_t len,
                             struct loc *loc)
{
    struct yaml_state *y = &state->yaml;
    size_t i;

    for (i = 0; i < len; i++) {
        enum yaml_kind before = y->kind;
        const char *why;

        if (y->kind == YAML_CODE && y->before == '\'' && text[i] == '\'')
            y->fresh = true; /* '' within single quotes */
        why = read_char(y, text[i]);
        if (why)
            return why;
        if (y->kind != before)
            y->line = loc->line;
        if (text[i] != '\n' && text[i] != '\r')
            y->before = text[i];
        place_advance(loc, text[i]);
    }
    return NULL;
}

static enum place yaml_here(union place_state *state, const char **ret_where)
{
    static const char *const where[] = {[YAML_DOUBLE] = "in double quotes",
                                        [YAML_SINGLE] = "in single quotes",
                                        [YAML_BLOCK] = "in a block scalar"};
    const struct yaml_state *y = &state->yaml;

    if (y->kind == YAML_COMMENT)
        return PLACE_LINE_COMMENT;
    if (y->kind != YAML_CODE) {
        *ret_where = where[y->kind];
        return PLACE_NOWHERE;
    }
    *ret_where = "where no scalar begins";
    if (y->tagged || y->header || y->filled || (y->open && y->indent > y->outer) || !y->fresh)
        return PLACE_NOWHERE;
    return is_blank(y->before) || strchr("[,", y->before) ? PLACE_YAML_SCALAR : PLACE_NOWHERE;
}

static const char *yaml_filled(union place_state *state, const char *encoder)
{
    struct yaml_state *y = &state->yaml;

    (void)encoder;
    if (y->escaped)
        return "right behind a backslash";
    if (y->header)
        return "in the head of a block scalar";
    y->filled = y->kind == YAML_CODE;
    y->line_begin = y->fresh = y->key = false;
    y->before = 'a';
    return NULL;
}

static const char *yaml_boundary(union place_state *state)
{
    return state->yaml.escaped || state->yaml.header ? "in an escape or the head of a block scalar"
                                                     : NULL;
}

static bool yaml_join(union place_state *begin, const union place_state *end, bool loop)
{
    struct yaml_state *a = &begin->yaml;
    const struct yaml_state *b = &end->yaml;

    (void)loop;
    if (a->kind != b->kind || a->depth != b->depth || memcmp(a->flow, b->flow, a->depth) != 0 ||
        a->line_begin != b->line_begin)
        return false;
    if (a->kind == YAML_BLOCK && a->outer != b->outer)
        return false;
    a->fresh = a->fresh && b->fresh;
    a->filled = a->filled || b->filled;
    a->tagged = a->tagged || b->tagged;
    a->plain = a->plain || b->plain;
    if (b->open) {
        a->outer = a->open && a->outer < b->outer ? a->outer : b->outer;
        a->open = true;
    }
    if (a->before != b->before)
        a->before = is_blank(a->before) && is_blank(b->before) ? ' ' : 'a';
    return true;
}

static const char *yaml_end(union place_state *state, unsigned *line)
{
    const struct yaml_state *y = &state->yaml;

    *line = y->line;
    if (y->depth)
        return "in brackets";
    return y->kind == YAML_DOUBLE || y->kind == YAML_SINGLE ? "in quotes" : NULL;
}

const struct language language_yaml = {
    .name = "yaml",
    .endings = {".yaml", ".yml"},
    .usual = PLACE_YAML_SCALAR,
    .begin = yaml_begin,
    .read = yaml_read,
    .here = yaml_here,
    .filled = yaml_filled,
    .boundary = yaml_boundary,
    .join = yaml_join,
    .end = yaml_end,
};
