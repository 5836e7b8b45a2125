/* SPDX-License-Identifier: MIT
 * Within the loader: what the names of a template stand for, by the shape of the data. */
#ifndef TEMPLATE_RESOLVE_H
#define TEMPLATE_RESOLVE_H

#include "template/node.h"

/* What names mean within a section: the fields of an object, or "." alone. */
struct scope {
    const struct scope *up;
    const struct shape *fields; /* NULL: a text's or token's section */
    enum shape_kind dot;        /* then: what {{.}} is */
};

/* Completes NODE: finds the first part of its name in the innermost scope that has it, the others
 * from there on. *RET_FIELDS is what it holds, NULL when it is no list or object. False with a
 * finding. */
bool resolve(struct arena *arena, struct node *node, const struct scope *scope,
             const struct shape **ret_fields, struct diags *diags);

#endif
