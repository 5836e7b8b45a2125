/* SPDX-License-Identifier: MIT
 * What the names of a template stand for. */
#include "template/resolve.h"

#include <string.h>

#include "base/typo.h"
#include "encode/encode.h"

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

static void unknown_name(const struct node *node, const char *name, const struct scope *scope,
                         bool alone, struct diags *diags)
{
    struct known_names known = {scope, alone};
    const char *nearest = typo_nearest(name, known_name, &known);

    diag_add(diags, DIAG_TEMPLATE_NAME, node->loc, "there is no \"%s\" here", name);
    if (nearest)
        diag_hint(diags, "did you mean \"%s\"?", nearest);
}

/* {{.}}: the text of the section it stands in, or the field of that name. */
static bool resolve_dot(struct arena *arena, struct node *node, const struct scope *scope,
                        struct diags *diags)
{
    const struct shape *field = field_named(scope->fields, ".", 1);
    unsigned short *path = ARENA_ARRAY(arena, 2, unsigned short);

    if (scope->fields && !field) {
        diag_add(diags, DIAG_TEMPLATE_NAME, node->loc, "there is no text for \".\" here");
        return false;
    }
    path[0] = field ? (unsigned short)(field - scope->fields) : PATH_END;
    path[1] = PATH_END;
    node->path = path;
    node->shape = field ? field->kind : scope->dot;
    return true;
}

bool resolve(struct arena *arena, struct node *node, const struct scope *scope,
             const struct shape **ret_fields, struct diags *diags)
{
    const struct scope *at = scope;
    const struct shape *field = NULL, *fields;
    const char *part = node->text;
    size_t len = strcspn(part, "."), count = 0;
    unsigned short *path = NULL;

    *ret_fields = NULL;
    if (!strcmp(node->text, "."))
        return resolve_dot(arena, node, scope, diags);
    for (; at && !(field = field_named(at->fields, part, len)); at = at->up)
        node->up++;
    if (!field) {
        unknown_name(node, arena_strndup(arena, part, len), scope, false, diags);
        return false;
    }
    for (fields = at->fields;;) {
        const struct scope inner = {NULL, field->kind == SHAPE_OBJECT ? field->fields : NULL,
                                    SHAPE_END};

        ARENA_PUSH(arena, path, count, (unsigned short)(field - fields));
        part += len;
        if (!*part)
            break;
        len = strcspn(++part, ".");
        fields = inner.fields;
        field = field_named(fields, part, len);
        if (!field) {
            unknown_name(node, arena_strndup(arena, part, len), &inner, true, diags);
            return false;
        }
    }
    ARENA_PUSH(arena, path, count, PATH_END);
    node->path = path;
    node->shape = field->kind;
    *ret_fields = field->fields;
    return true;
}
