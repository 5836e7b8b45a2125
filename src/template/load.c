/* SPDX-License-Identifier: MIT
 * Loads a template: finds its partials, resolves its names against the shape, and gives every tag
 * the encoder of the place it stands in. */
#include "template/template.h"

#include <string.h>

#include "base/limits.h"
#include "base/typo.h"
#include "encode/encode.h"
#include "template/loaded.h"
#include "template/place.h"

/* What names mean within a section: the fields of an object, or "." alone. */
struct scope {
    const struct scope *up;
    const struct shape *fields; /* NULL: a text's or token's section */
    enum shape_kind dot;        /* then: what {{.}} is */
};

struct loader {
    struct arena *arena;
    struct diags *diags;
    const struct template_source *source;
    const struct language *language;
    union place_state state;
    bool encoded; /* within an encoder section: data, not tracked */
    bool lost;    /* what follows a text that cannot be followed would only be noise */
    size_t depth; /* sections and partials */
    size_t bytes; /* read so far, every use of a partial counted */
};

static void load_nodes(struct loader *l, struct node *nodes, const struct scope *scope);

/* Names */

static const struct shape *field_named(const struct shape *fields, const char *name, size_t len)
{
    for (; fields && fields->kind != SHAPE_END; fields++)
        if (strlen(fields->name) == len && !memcmp(fields->name, name, len))
            return fields;
    return NULL;
}

struct known_names {
    const struct scope *scope; /* fields of this one and, unless ALONE, those above it */
    bool alone;
};

static const char *known_name(size_t index, const void *data)
{
    const struct known_names *known = data;
    const struct scope *scope;
    const struct shape *field;
    const struct encoder *encoder;
    size_t i = 0;

    for (scope = known->scope; scope; scope = known->alone ? NULL : scope->up)
        for (field = scope->fields; field && field->kind != SHAPE_END; field++)
            if (i++ == index)
                return field->name;
    encoder = known->alone ? NULL : encoder_at(index - i);
    return encoder ? encoder->name : NULL;
}

static void unknown_name(struct loader *l, const struct node *node, const char *name,
                         const struct scope *scope, bool alone)
{
    struct known_names known = {scope, alone};
    const char *nearest = typo_nearest(name, known_name, &known);

    diag_add(l->diags, DIAG_TEMPLATE_NAME, node->loc, "there is no \"%s\" here", name);
    if (nearest)
        diag_hint(l->diags, "did you mean \"%s\"?", nearest);
}

/* {{.}}: the text of the section it stands in, or the field of that name. */
static bool resolve_dot(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct shape *field = field_named(scope->fields, ".", 1);
    const char **path = ARENA_ARRAY(l->arena, 2, const char *);

    if (scope->fields && !field) {
        diag_add(l->diags, DIAG_TEMPLATE_NAME, node->loc, "there is no text for \".\" here");
        return false;
    }
    path[0] = field ? "." : NULL;
    node->path = path;
    node->shape = field ? field->kind : scope->dot;
    return true;
}

/* Finds the first part of the name in the innermost scope that has it, the others from there on. */
static const struct shape *resolve(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct scope *at = scope;
    const struct shape *field = NULL;
    const char *part = node->text;
    size_t len = strcspn(part, "."), count = 0;
    const char **path = NULL;

    for (; at && !(field = field_named(at->fields, part, len)); at = at->up)
        node->up++;
    if (!field) {
        unknown_name(l, node, arena_strndup(l->arena, part, len), scope, false);
        return NULL;
    }
    for (;;) {
        const struct scope inner = {NULL, field->kind == SHAPE_OBJECT ? field->fields : NULL,
                                    SHAPE_END};

        ARENA_PUSH(l->arena, path, count, field->name);
        part += len;
        if (!*part)
            break;
        len = strcspn(++part, ".");
        field = field_named(inner.fields, part, len);
        if (!field) {
            unknown_name(l, node, arena_strndup(l->arena, part, len), &inner, true);
            return NULL;
        }
    }
    ARENA_PUSH(l->arena, path, count, NULL);
    node->path = path;
    node->shape = field->kind;
    return field;
}

/* Places */

static bool is_tracked(const struct loader *l)
{
    return !l->encoded && !l->lost;
}

static void read_text(struct loader *l, const struct node *node)
{
    struct loc loc = node->loc;
    const char *why;

    if (!is_tracked(l))
        return;
    why = l->language->read(&l->state, node->text, node->len, &loc);
    if (why) {
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, loc, "%s", why);
        l->lost = true;
    }
}

/* WHAT stands where it may not, and so the places after it are unknown. */
static void lose(struct loader *l, struct loc loc, const char *what, const char *where)
{
    diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, loc, "%s may stand %s", what, where);
    l->lost = true;
}

static void remember_terminator(struct loader *l, struct node *node)
{
    const char *terminator =
        l->language->terminator ? l->language->terminator(&l->state, &node->tabs) : NULL;

    if (terminator)
        node->terminator = arena_strdup(l->arena, terminator);
}

/* SAID: that the tag is wrong where it stands. */
static void fill(struct loader *l, struct node *node, const char *encoder, bool said)
{
    const char *why = l->language->filled(&l->state, encoder);

    if (why && !said)
        lose(l, node->loc, "no tag", why);
    l->lost = l->lost || why;
    remember_terminator(l, node);
}

static void load_value(struct loader *l, struct node *node, const struct scope *scope)
{
    static const char *const kinds[] = {
        [SHAPE_BOOL] = "yes or no", [SHAPE_LIST] = "a list", [SHAPE_OBJECT] = "an object"};
    const char *where = "";
    enum place place;
    bool said;

    if (!strcmp(node->text, ".") ? !resolve_dot(l, node, scope) : !resolve(l, node, scope))
        return;
    if (node->shape != SHAPE_TEXT && node->shape != SHAPE_TOKEN) {
        diag_add(l->diags, DIAG_TEMPLATE_NAME, node->loc,
                 "\"%s\" is %s and cannot be written; it can be a section", node->text,
                 kinds[node->shape]);
        return;
    }
    if (node->kind == NODE_RAW && node->shape != SHAPE_TOKEN) {
        diag_add(l->diags, DIAG_TEMPLATE_RAW, node->loc,
                 "\"%s\" is free text, which may not be written raw", node->text);
        return;
    }
    if (!is_tracked(l))
        return;
    place = l->language->here(&l->state, &where);
    if (node->kind == NODE_VALUE && !(place == PLACE_SH_WORD && node->shape == SHAPE_TOKEN))
        node->encode = place_own_encoder(place);
    said = !node->encode && node->shape != SHAPE_TOKEN;
    if (said)
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, node->loc,
                 "\"%s\" is free text, which has no encoder %s", node->text, where);
    fill(l, node, NULL, said);
}

/* Sections */

static bool enter(struct loader *l, const struct node *node)
{
    if (++l->depth < LIMIT_TEMPLATE_DEPTH)
        return true;
    diag_add(l->diags, DIAG_TEMPLATE_LIMIT, node->loc,
             "more than %d sections and partials stand within one another",
             LIMIT_TEMPLATE_DEPTH - 1);
    l->depth--;
    return false;
}

static void check_boundary(struct loader *l, struct loc loc, const char *what)
{
    const char *why = is_tracked(l) ? l->language->boundary(&l->state) : NULL;

    if (why)
        lose(l, loc, what, why);
}

/* What is between BEGIN and now may be left out or repeated: the two must be one place. */
static void join(struct loader *l, struct node *node, union place_state *begin, bool loop)
{
    if (is_tracked(l) && !l->language->join(begin, &l->state, loop))
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, node->loc,
                 "\"%s\" does not end in the place where it begins, such as the same quotes",
                 node->text);
    l->state = *begin;
}

static void load_section(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct shape *field = NULL;
    struct scope inner = {scope, NULL, SHAPE_END};
    union place_state begin;
    bool dot = !strcmp(node->text, "."), pushes;

    if (dot ? !resolve_dot(l, node, scope) : !(field = resolve(l, node, scope)))
        return;
    check_boundary(l, node->loc, "no section");
    begin = l->state;
    inner.fields = field ? field->fields : NULL;
    inner.dot = node->shape;
    pushes = node->kind == NODE_SECTION && node->shape != SHAPE_BOOL;
    load_nodes(l, node->body, pushes ? &inner : scope);
    check_boundary(l, node->close, "no end of a section");
    join(l, node, &begin, node->kind == NODE_SECTION && node->shape == SHAPE_LIST);
}

static void load_encoder(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct place_encoder *encoder;
    const char *where = "", *names;
    enum place place;

    node->kind = NODE_ENCODER;
    if (!is_tracked(l)) {
        node->encode = encoder_find(node->text)->put;
        load_nodes(l, node->body, scope);
        return;
    }
    place = l->language->here(&l->state, &where);
    encoder = place_encoder_find(place, node->text);
    names = place_encoder_names(l->arena, place);
    if (encoder) {
        node->encode = encoder->encode;
        node->then = encoder->then;
    } else {
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, node->loc,
                 "\"%s\" cannot be the outermost encoder %s", node->text, where);
        diag_hint(l->diags, *names ? "what can: %s" : "nothing can%s", names);
    }
    l->encoded = true;
    load_nodes(l, node->body, scope);
    l->encoded = false;
    fill(l, node, node->text, !encoder);
}

static void load_partial(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct language *language = language_of(node->text);
    const char *file = NULL, *text;
    union place_state begin;
    size_t len = 0;

    text = l->source->get(l->source->data, node->text, &len, &file);
    if (!text) {
        diag_add(l->diags, DIAG_TEMPLATE_NAME, node->loc, "there is no template \"%s\"",
                 node->text);
        return;
    }
    if (language && language != l->language && !l->encoded) {
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, node->loc,
                 "\"%s\" is of another language than the template it is put in", node->text);
        return;
    }
    l->bytes += len;
    if (l->bytes > LIMIT_OUTPUT_FILE) {
        diag_add(l->diags, DIAG_TEMPLATE_LIMIT, node->loc,
                 "with its partials the template is larger than %d bytes", LIMIT_OUTPUT_FILE);
        return;
    }
    check_boundary(l, node->loc, "no partial");
    begin = l->state;
    if (*node->indent && l->language->indent)
        l->language->indent(&l->state);
    node->body = template_parse(l->arena, file, text, len, node->indent, l->diags);
    load_nodes(l, node->body, scope);
    check_boundary(l, node->loc, "no end of a partial");
    join(l, node, &begin, false);
}

static void load_node(struct loader *l, struct node *node, const struct scope *scope)
{
    switch (node->kind) {
    case NODE_TEXT:
        read_text(l, node);
        return;
    case NODE_VALUE:
    case NODE_RAW:
        load_value(l, node, scope);
        return;
    default:
        break;
    }
    if (!enter(l, node))
        return;
    if (node->kind == NODE_PARTIAL)
        load_partial(l, node, scope);
    else if (node->kind == NODE_SECTION && encoder_find(node->text))
        load_encoder(l, node, scope);
    else
        load_section(l, node, scope);
    l->depth--;
}

static void load_nodes(struct loader *l, struct node *nodes, const struct scope *scope)
{
    struct node *node;

    for (node = nodes; node; node = node->next)
        load_node(l, node, scope);
}

static void check_end(struct loader *l, const char *file)
{
    struct loc loc = {.file = file};
    const char *open = l->language->end(&l->state, &loc.line);

    if (open)
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, loc, "the template ends %s", open);
}

struct template *template_load(struct arena *arena, const struct template_source *source,
                               const char *name, const struct shape *root, struct diags *diags)
{
    struct loader l = {.arena = arena, .diags = diags, .source = source};
    const struct scope scope = {NULL, root, SHAPE_END};
    struct template *template = ARENA_NEW(arena, struct template);
    const char *file = NULL, *text;
    size_t errors = diags->errors;

    l.language = language_of(name);
    if (!l.language) {
        diag_add(diags, DIAG_TEMPLATE_NAME, (struct loc){.file = name},
                 "the name of a template must end in .sh, .json, .md or .txt");
        return NULL;
    }
    text = source->get(source->data, name, &l.bytes, &file);
    if (!text) {
        diag_add(diags, DIAG_TEMPLATE_NAME, (struct loc){.file = name},
                 "there is no such template");
        return NULL;
    }
    l.language->begin(&l.state);
    template->root = root;
    template->file = file;
    template->nodes = template_parse(arena, file, text, l.bytes, NULL, diags);
    load_nodes(&l, template->nodes, &scope);
    if (diags->errors == errors)
        check_end(&l, file);
    return diags->errors == errors ? template : NULL;
}
