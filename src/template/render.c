/* SPDX-License-Identifier: MIT
 * Fills a loaded template. All questions of place were answered by the loader. */
#include "template/template.h"

#include <string.h>

#include "base/capture.h"
#include "base/limits.h"
#include "encode/encode.h"
#include "template/loaded.h"
#include "template/value_access.h"

/* The values that names are looked up in, innermost first: parallel to the loader's scopes. */
struct context {
    const struct context *up;
    const struct value *value;
};

/* A value that was written into a here-document: does a line of it, now that all of the line is
 * there, equal the terminator? */
struct guard {
    const struct node *node;
    size_t start, end; /* in the output */
};

struct renderer {
    struct arena *arena;
    struct diags *diags;
    struct guard *guards;
    size_t n_guards;
};

static void render_nodes(struct renderer *r, const struct node *nodes,
                         const struct context *context, struct strbuf *out);

static const struct value *find(const struct node *node, const struct context *context)
{
    const struct value *value;
    const unsigned short *place;
    unsigned up = node->up;

    while (up--)
        context = context->up;
    value = context->value;
    for (place = node->path; value && *place != PATH_END; place++)
        value = value_get(value, *place);
    return value;
}

static void encode(struct renderer *r, const struct node *node, encode_fn *put, struct strbuf *out,
                   const char *text)
{
    if (put == encode_shell_single && strchr(text, CAPTURE_OPEN)) {
        diag_add(r->diags, DIAG_TEMPLATE_VALUE, node->loc,
                 "\"%s\" holds a captured value, which cannot stand between single quotes",
                 node->text);
        return;
    }
    put(out, text);
}

static void guard(struct renderer *r, const struct node *node, size_t start, size_t end)
{
    const struct guard item = {node, start, end};

    if (node->terminator)
        ARENA_PUSH(r->arena, r->guards, r->n_guards, item);
}

static void render_value(struct renderer *r, const struct node *node, const struct context *context,
                         struct strbuf *out)
{
    const struct value *value = find(node, context);
    size_t start = out->len;

    if (!value) {
        diag_add(r->diags, DIAG_TEMPLATE_VALUE, node->loc, "\"%s\" has no value", node->text);
        return;
    }
    if (node->encode)
        encode(r, node, node->encode, out, value_text(value));
    else
        strbuf_adds(out, value_text(value));
    guard(r, node, start, out->len);
}

static void render_encoder(struct renderer *r, const struct node *node,
                           const struct context *context, struct strbuf *out)
{
    struct strbuf content, data;
    size_t start = out->len;

    strbuf_init(&content, LIMIT_OUTPUT_FILE);
    strbuf_init(&data, LIMIT_OUTPUT_FILE);
    render_nodes(r, node->body, context, &content);
    if (node->then) {
        encode(r, node, node->encode, &data, content.data);
        encode(r, node, node->then, out, data.data);
    } else {
        encode(r, node, node->encode, out, content.data);
    }
    out->overflow = out->overflow || content.overflow || data.overflow;
    strbuf_clear(&content);
    strbuf_clear(&data);
    guard(r, node, start, out->len);
}

static void render_section(struct renderer *r, const struct node *node,
                           const struct context *context, struct strbuf *out)
{
    const struct value *value = find(node, context), *item;
    struct context inner = {context, value};

    if (!value_is_true(value))
        return;
    if (value_kind(value) == SHAPE_BOOL) {
        render_nodes(r, node->body, context, out);
    } else if (value_kind(value) == SHAPE_LIST) {
        for (item = value_first(value); item; item = value_next(item)) {
            inner.value = item;
            render_nodes(r, node->body, &inner, out);
        }
    } else {
        render_nodes(r, node->body, &inner, out);
    }
}

static void render_node(struct renderer *r, const struct node *node, const struct context *context,
                        struct strbuf *out)
{
    switch (node->kind) {
    case NODE_TEXT:
        strbuf_add(out, node->text, node->len);
        break;
    case NODE_VALUE:
    case NODE_RAW:
        render_value(r, node, context, out);
        break;
    case NODE_SECTION:
        render_section(r, node, context, out);
        break;
    case NODE_INVERTED:
        if (!value_is_true(find(node, context)))
            render_nodes(r, node->body, context, out);
        break;
    case NODE_ENCODER:
        render_encoder(r, node, context, out);
        break;
    case NODE_PARTIAL:
    case NODE_PARENT:
    case NODE_BLOCK:
        render_nodes(r, node->body, context, out);
        break;
    }
}

static void render_nodes(struct renderer *r, const struct node *nodes,
                         const struct context *context, struct strbuf *out)
{
    for (; nodes && !out->overflow; nodes = nodes->next)
        render_node(r, nodes, context, out);
}

/* Checks every line that the value is part of. */
static void check_guard(struct renderer *r, const struct guard *g, const struct strbuf *out)
{
    const char *line = out->data + g->start, *newline;
    size_t len = strlen(g->node->terminator);

    while (line > out->data && line[-1] != '\n')
        line--;
    for (; line && line <= out->data + g->end; line = newline ? newline + 1 : NULL) {
        const char *text = line;

        newline = strchr(line, '\n');
        while (g->node->tabs && *text == '\t')
            text++;
        if (!strncmp(text, g->node->terminator, len) && (text[len] == '\n' || !text[len])) {
            diag_add(r->diags, DIAG_TEMPLATE_VALUE, g->node->loc,
                     "the value of \"%s\" would end the here-document", g->node->text);
            return;
        }
    }
}

const struct replacement *template_replacement(const struct template *template, size_t index)
{
    return index < template->n_replacements ? &template->replacements[index] : NULL;
}

bool template_render(const struct template *template, struct value *root, struct strbuf *out,
                     struct diags *diags)
{
    struct renderer r = {.arena = arena_new(), .diags = diags};
    const struct context context = {NULL, root};
    size_t errors = diags->errors, i;

    value_bind(root, template->root);
    render_nodes(&r, template->nodes, &context, out);
    if (out->overflow)
        diag_add(diags, DIAG_TEMPLATE_LIMIT, (struct loc){.file = template->file},
                 "the output is larger than %zu bytes", out->max);
    else
        for (i = 0; i < r.n_guards; i++)
            check_guard(&r, &r.guards[i], out);
    arena_free(r.arena);
    return diags->errors == errors;
}
