/* SPDX-License-Identifier: MIT
 * Mustache to the letter of its specification. */
#include "template/lenient.h"

#include <string.h>

#include "base/limits.h"
#include "template/binding.h"

/* The values that names are looked up in, innermost first. */
struct frame {
    const struct frame *up;
    const json *value;
};

/* A partial, and the argument for a block, is parsed once for each indentation. */
struct parsed {
    struct parsed *next;
    const void *argument; /* NULL: the partial NAME */
    const char *name, *indent;
    bool inner;
    struct node *nodes;
};

struct renderer {
    struct arena *arena;
    struct diags *diags;
    const struct lenient_request *request;
    struct strbuf *out;
    struct parsed *partials;
    const struct binding *binding;
    size_t depth;
    size_t inclusions;
    size_t errors; /* before this rendering */
};

static void render_nodes(struct renderer *r, const struct node *nodes, const struct frame *frame);

/* Values */

/* The first part of NAME is looked for outwards, the others from there on. */
static const json *find(const struct frame *frame, const char *name)
{
    const json *value = NULL;
    size_t len;

    if (!strcmp(name, "."))
        return frame->value;
    len = strcspn(name, ".");
    if (!len) /* ".name": in the innermost one alone */
        value = frame->value;
    for (; frame && !value; frame = frame->up)
        if (json_kind(frame->value) == JSON_OBJECT)
            value = json_get(frame->value, name, len);
    while (value && name[len]) {
        name += len + 1;
        len = strcspn(name, ".");
        value = json_kind(value) == JSON_OBJECT ? json_get(value, name, len) : NULL;
    }
    return value;
}

static bool is_true(const json *value)
{
    if (!value)
        return false;
    switch (json_kind(value)) {
    case JSON_NULL:
        return false;
    case JSON_BOOL:
        return json_is_true(value);
    case JSON_ARRAY:
        return json_first(value) != NULL;
    case JSON_TEXT:
        return *json_as_text(value, NULL) != '\0';
    default:
        return true;
    }
}

static void render_value(struct renderer *r, const struct node *node, const struct frame *frame)
{
    const json *value = find(frame, node->text);
    char number[JSON_NUMBER_MAX];
    const char *text = value ? json_as_text(value, number) : NULL;

    if (!text)
        return;
    if (node->kind == NODE_VALUE && r->request->encode)
        r->request->encode(r->out, text);
    else
        strbuf_adds(r->out, text);
}

static void render_section(struct renderer *r, const struct node *node, const struct frame *frame)
{
    const json *value = find(frame, node->text), *item;
    struct frame inner = {frame, value};

    if (!is_true(value))
        return;
    if (json_kind(value) != JSON_ARRAY) {
        render_nodes(r, node->body, &inner);
        return;
    }
    for (item = json_first(value); item && !r->out->overflow; item = json_next(item)) {
        inner.value = item;
        render_nodes(r, node->body, &inner);
    }
}

/* Partials, parents and blocks */

static struct node *parse(struct renderer *r, struct parse_request request, struct parsed key)
{
    struct parsed *parsed = ARENA_NEW(r->arena, struct parsed);

    request.lenient = true;
    *parsed = key;
    parsed->next = r->partials;
    parsed->nodes = template_parse(r->arena, &request, r->diags);
    r->partials = parsed;
    return parsed->nodes;
}

static struct parsed *find_parsed(struct renderer *r, struct parsed key)
{
    struct parsed *parsed = r->partials;

    while (parsed && !(parsed->argument == key.argument && parsed->inner == key.inner &&
                       !strcmp(parsed->name, key.name) && !strcmp(parsed->indent, key.indent)))
        parsed = parsed->next;
    return parsed;
}

/* The passage NAME; false when it is nowhere. */
static bool find_passage(struct renderer *r, const char *name, struct passage *ret)
{
    const struct template_source *source = r->request->source;
    const char *file = NULL, *text = NULL;
    size_t len = 0;

    for (; source && !text; source = source->below)
        text = source->get(source->data, name, &len, &file, r->diags);
    *ret = passage_of_file(file, text ? text : "", len);
    return text;
}

/* One that is not there is empty. */
static struct node *partial(struct renderer *r, const char *name, const char *indent)
{
    struct parsed key = {.name = name, .indent = indent}, *parsed = find_parsed(r, key);
    struct passage passage;

    if (parsed)
        return parsed->nodes;
    key.name = arena_strdup(r->arena, name);
    find_passage(r, key.name, &passage);
    return parse(r, (struct parse_request){.passage = &passage, .indent = indent}, key);
}

static struct node *argument_nodes(struct renderer *r, const struct node *block,
                                   const struct node *argument)
{
    struct parse_request request = binding_request(block, argument);
    struct parsed key = {.argument = argument,
                         .name = "",
                         .indent = request.indent,
                         .inner = request.inner};
    struct parsed *parsed = find_parsed(r, key);

    return parsed ? parsed->nodes : parse(r, request, key);
}

static void render_partial(struct renderer *r, const struct node *node, const struct frame *frame)
{
    const struct binding *before = r->binding;
    const struct binding binding = {before, node->arguments, NULL};
    char number[JSON_NUMBER_MAX];
    const json *value = node->dynamic ? find(frame, node->text) : NULL;
    const char *name = !node->dynamic ? node->text : value ? json_as_text(value, number) : NULL;

    if (!name)
        return;
    if (node->kind == NODE_PARENT)
        r->binding = &binding;
    render_nodes(r, partial(r, name, node->indent), frame);
    r->binding = before;
}

static void render_block(struct renderer *r, const struct node *node, const struct frame *frame)
{
    const struct binding *before = r->binding, *from = NULL;
    const struct node *argument = binding_find(before, node->text, &from);

    if (!argument) {
        render_nodes(r, node->body, frame);
        return;
    }
    r->binding = from->outer;
    render_nodes(r, argument_nodes(r, node, argument), frame);
    r->binding = before;
}

static bool may_include(struct renderer *r, const struct node *node)
{
    if (++r->inclusions <= LIMIT_RENDER_INCLUSIONS)
        return true;
    diag_add(r->diags, DIAG_TEMPLATE_LIMIT, node->loc,
             "more than %d partials, parents and blocks are used", LIMIT_RENDER_INCLUSIONS);
    return false;
}

static void render_node(struct renderer *r, const struct node *node, const struct frame *frame)
{
    switch (node->kind) {
    case NODE_TEXT:
        strbuf_add(r->out, node->text, node->len);
        break;
    case NODE_VALUE:
    case NODE_RAW:
        render_value(r, node, frame);
        break;
    case NODE_SECTION:
    case NODE_ENCODER:
        render_section(r, node, frame);
        break;
    case NODE_INVERTED:
        if (!is_true(find(frame, node->text)))
            render_nodes(r, node->body, frame);
        break;
    case NODE_PARTIAL:
    case NODE_PARENT:
        if (may_include(r, node))
            render_partial(r, node, frame);
        break;
    case NODE_BLOCK:
        if (may_include(r, node))
            render_block(r, node, frame);
        break;
    }
}

static void render_nodes(struct renderer *r, const struct node *nodes, const struct frame *frame)
{
    if (!nodes)
        return;
    if (r->depth == LIMIT_LENIENT_DEPTH) {
        diag_add(r->diags, DIAG_TEMPLATE_LIMIT, nodes->loc,
                 "more than %d sections and partials are within one another", LIMIT_LENIENT_DEPTH);
        return;
    }
    r->depth++;
    for (; nodes && !r->out->overflow && r->diags->errors == r->errors; nodes = nodes->next)
        render_node(r, nodes, frame);
    r->depth--;
}

bool template_render_lenient(struct arena *arena, const struct lenient_request *request,
                             struct strbuf *out, struct diags *diags)
{
    struct renderer r = {.arena = arena,
                         .diags = diags,
                         .request = request,
                         .out = out,
                         .errors = diags->errors};
    const struct frame frame = {NULL, request->data};
    struct passage passage;
    const struct parse_request whole = {.passage = &passage, .lenient = true};

    if (find_passage(&r, request->name, &passage))
        render_nodes(&r, template_parse(arena, &whole, diags), &frame);
    else if (diags->errors == r.errors)
        diag_add(diags, DIAG_TEMPLATE_NAME, (struct loc){.file = request->name},
                 "there is no such template");
    if (out->overflow)
        diag_add(diags, DIAG_TEMPLATE_LIMIT, (struct loc){.file = request->name},
                 "the output is larger than %zu bytes", out->max);
    return diags->errors == r.errors;
}
