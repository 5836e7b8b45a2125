/* SPDX-License-Identifier: MIT
 * Loads a template: finds its partials, resolves its names against the shape, and gives every tag
 * the encoder of the place it stands in. */
#include "template/template.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/typo.h"
#include "encode/encode.h"
#include "template/binding.h"
#include "template/loaded.h"
#include "template/place.h"
#include "template/resolve.h"

/* The file that a text is from: what it calls by its own name is the template beneath it. */
struct origin {
    const char *name;
    const struct template_source *source;
};

struct loader {
    struct arena *arena;
    struct diags *diags;
    const struct template_source *source;
    const struct language *language;
    struct template *template;
    const struct origin *origin;
    const struct binding *binding;
    union place_state state;
    bool encoded; /* within an encoder section: data, not tracked */
    bool lost;    /* what follows a text that cannot be followed would only be noise */
    size_t depth; /* sections and partials */
    size_t bytes; /* read so far, every use of a partial counted */
    size_t inclusions;
};

static void load_nodes(struct loader *l, struct node *nodes, const struct scope *scope);

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
    const struct shape *fields;
    const char *where = "";
    enum place place;
    bool said;

    if (!resolve(l->arena, node, scope, &fields, l->diags))
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
    bool includes = node->kind == NODE_PARTIAL || node->kind == NODE_PARENT || node->kind == NODE_BLOCK;

    if (includes && ++l->inclusions > LIMIT_INCLUSIONS) {
        if (l->inclusions == LIMIT_INCLUSIONS + 1)
            diag_add(l->diags, DIAG_TEMPLATE_LIMIT, node->loc,
                     "more than %d partials, parents and blocks are used", LIMIT_INCLUSIONS);
        return false;
    }
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
    struct scope inner = {scope, NULL, SHAPE_END};
    union place_state begin;
    bool pushes;

    if (!resolve(l->arena, node, scope, &inner.fields, l->diags))
        return;
    check_boundary(l, node->loc, "no section");
    begin = l->state;
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

/* Partials, parents and blocks */

/* Remembers that NAME was taken from elsewhere than the last source. */
static void note_replacement(struct loader *l, const char *name, const char *text, size_t len)
{
    struct replacement item = {.name = name};
    size_t i;

    digest_sha256(text, len, item.digest);
    for (i = 0; i < l->template->n_replacements; i++)
        if (!strcmp(l->template->replacements[i].name, name))
            return;
    ARENA_PUSH(l->arena, l->template->replacements, l->template->n_replacements, item);
}

/* The text of NAME, and in ORIGIN where it is from; NULL when there is none. */
static const char *fetch(struct loader *l, const char *name, struct origin *origin, size_t *ret_len,
                         const char **ret_file)
{
    const struct template_source *source = l->source;
    const char *text = NULL;

    if (l->origin && !strcmp(l->origin->name, name) && l->origin->source->below)
        source = l->origin->source->below;
    for (; source && !text; source = source->below) {
        text = source->get(source->data, name, ret_len, ret_file, l->diags);
        *origin = (struct origin){name, source};
    }
    if (text && origin->source->below)
        note_replacement(l, name, text, *ret_len);
    return text;
}

/* The passage that a partial or parent tag names; false with a finding. */
static bool find_file(struct loader *l, const struct node *node, struct passage *ret,
                      struct origin *origin)
{
    const struct language *language = language_of(node->text);
    const char *file = NULL, *text;
    size_t len = 0, errors = l->diags->errors;

    if (node->dynamic) {
        diag_add(
            l->diags, DIAG_TEMPLATE_NAME, node->loc,
            "what \"*%s\" will name is not known before it is rendered, and so cannot be checked",
            node->text);
        return false;
    }
    text = fetch(l, node->text, origin, &len, &file);
    if (!text) {
        if (l->diags->errors == errors)
            diag_add(l->diags, DIAG_TEMPLATE_NAME, node->loc, "there is no template \"%s\"",
                     node->text);
        return false;
    }
    if (language && language != l->language && !l->encoded) {
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, node->loc,
                 "\"%s\" is of another language than the template it is put in", node->text);
        return false;
    }
    l->bytes += len;
    if (l->bytes > LIMIT_OUTPUT_FILE) {
        diag_add(l->diags, DIAG_TEMPLATE_LIMIT, node->loc,
                 "with its partials the template is larger than %d bytes", LIMIT_OUTPUT_FILE);
        return false;
    }
    *ret = passage_of_file(file, text, len);
    return true;
}

/* Loads NODE's body, which stands where NODE does. INDENTED: its lines get blanks in front. */
static void load_inserted(struct loader *l, struct node *node, const struct scope *scope,
                          const char *what, bool indented)
{
    union place_state begin;

    check_boundary(l, node->loc, arena_printf(l->arena, "no %s", what));
    begin = l->state;
    if (indented && l->language->indent)
        l->language->indent(&l->state);
    load_nodes(l, node->body, scope);
    check_boundary(l, node->loc, arena_printf(l->arena, "no end of a %s", what));
    join(l, node, &begin, false);
}

static void load_file(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct origin *before = l->origin;
    struct origin *origin = ARENA_NEW(l->arena, struct origin);
    struct passage passage;
    struct parse_request request = {.passage = &passage, .indent = node->indent};

    if (!find_file(l, node, &passage, origin))
        return;
    node->body = template_parse(l->arena, &request, l->diags);
    l->origin = origin;
    load_inserted(l, node, scope, node->kind == NODE_PARENT ? "parent" : "partial", *node->indent);
    l->origin = before;
}

static bool is_blank_text(const struct node *node)
{
    return node->kind == NODE_TEXT && node->text[strspn(node->text, " \t\r\n")] == '\0';
}

/* What stands in a parent tag besides blocks would not be seen anywhere. */
static void check_arguments(struct loader *l, const struct node *parent)
{
    const struct node *node, *other;

    for (node = parent->arguments; node; node = node->next) {
        if (node->kind != NODE_BLOCK) {
            if (!is_blank_text(node))
                diag_add(l->diags, DIAG_TEMPLATE_SYNTAX, node->loc,
                         "only blocks may stand within {{<%s}}: this would be left out",
                         parent->text);
            continue;
        }
        for (other = parent->arguments; other != node; other = other->next)
            if (other->kind == NODE_BLOCK && !strcmp(other->text, node->text))
                diag_add(l->diags, DIAG_TEMPLATE_SYNTAX, node->loc,
                         "the block \"%s\" was given in line %u", node->text, other->loc.line);
    }
}

/* Of a loaded parent, with what it includes. */
static const char *next_block(size_t index, const void *data)
{
    return binding_block(((const struct node *)data)->body, index);
}

static void unknown_block(struct loader *l, const struct node *parent, const struct node *argument)
{
    const char *nearest = typo_nearest(argument->text, next_block, parent);

    diag_add(l->diags, DIAG_TEMPLATE_NAME, argument->loc, "\"%s\" has no block \"%s\"",
             parent->text, argument->text);
    if (nearest)
        diag_hint(l->diags, "did you mean \"%s\"?", nearest);
}

static void load_parent(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct binding *before = l->binding;
    const struct binding binding = {before, node->arguments, l->origin};
    size_t errors = l->diags->errors;
    const struct node *argument;

    check_arguments(l, node);
    l->binding = &binding;
    load_file(l, node, scope);
    l->binding = before;
    if (l->diags->errors != errors)
        return;
    for (argument = node->arguments; argument; argument = argument->next)
        if (argument->kind == NODE_BLOCK && !argument->used)
            unknown_block(l, node, argument);
}

/* An argument's text is as its author wrote it: of his or her file, and its own blocks are for the
 * parent tags around that. */
static void load_argument(struct loader *l, struct node *node, struct node *argument,
                          const struct binding *from, const struct scope *scope)
{
    const struct origin *origin = l->origin;
    const struct binding *binding = l->binding;
    const struct parse_request request = binding_request(node, argument);

    l->bytes += argument->passage.len;
    node->body = template_parse(l->arena, &request, l->diags);
    l->origin = from->origin;
    l->binding = from->outer;
    load_inserted(l, node, scope, "block", *node->indent);
    l->origin = origin;
    l->binding = binding;
}

static void load_block(struct loader *l, struct node *node, const struct scope *scope)
{
    const struct binding *from = NULL;
    struct node *argument = binding_find(l->binding, node->text, &from);

    if (argument)
        load_argument(l, node, argument, from, scope);
    else
        load_inserted(l, node, scope, "block", false);
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
        load_file(l, node, scope);
    else if (node->kind == NODE_PARENT)
        load_parent(l, node, scope);
    else if (node->kind == NODE_BLOCK)
        load_block(l, node, scope);
    else if (node->kind == NODE_SECTION && encoder_find(node->text))
        load_encoder(l, node, scope);
    else
        load_section(l, node, scope);
    l->depth--;
}

static void load_nodes(struct loader *l, struct node *nodes, const struct scope *scope)
{
    struct node *node;

    /* No more are printed, and a template that goes wrong in each of its parts may have millions. */
    for (node = nodes; node && l->diags->errors <= LIMIT_DIAGNOSTICS; node = node->next)
        load_node(l, node, scope);
}

static void check_end(struct loader *l, const char *file)
{
    struct loc loc = {.file = file};
    const char *open = l->language->end(&l->state, &loc.line);

    if (open)
        diag_add(l->diags, DIAG_TEMPLATE_CONTEXT, loc, "the template ends %s", open);
}

static const struct language *choose_language(const char *name, struct diags *diags)
{
    const struct language *language = language_of(name);

    if (!language)
        diag_add(diags, DIAG_TEMPLATE_NAME, (struct loc){.file = name},
                 "the name of a template must end in %s", language_endings(diags->arena));
    return language;
}

struct template *template_load(struct arena *arena, const struct template_source *source,
                               const char *name, const struct language *language,
                               const struct shape *root, struct diags *diags)
{
    struct loader l = {.arena = arena, .diags = diags, .source = source};
    const struct scope scope = {NULL, root, SHAPE_END};
    const char *file = NULL, *text;
    struct origin origin;
    struct passage passage;
    const struct parse_request request = {.passage = &passage};
    size_t errors = diags->errors;

    l.template = ARENA_NEW(arena, struct template);
    l.language = language ? language : choose_language(name, diags);
    if (!l.language)
        return NULL;
    text = fetch(&l, name, &origin, &l.bytes, &file);
    if (!text) {
        if (diags->errors == errors)
            diag_add(diags, DIAG_TEMPLATE_NAME, (struct loc){.file = name},
                     "there is no such template");
        return NULL;
    }
    l.origin = &origin;
    passage = passage_of_file(file, text, l.bytes);
    l.language->begin(&l.state);
    l.template->root = root;
    l.template->file = file;
    l.template->nodes = template_parse(arena, &request, diags);
    load_nodes(&l, l.template->nodes, &scope);
    if (diags->errors == errors)
        check_end(&l, file);
    return diags->errors == errors ? l.template : NULL;
}
