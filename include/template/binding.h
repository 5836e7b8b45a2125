/* SPDX-License-Identifier: MIT
 * What replaces a block: the arguments of the parent tags that a text is put in by. */
#ifndef TEMPLATE_BINDING_H
#define TEMPLATE_BINDING_H

#include "template/node.h"

struct origin;

struct binding {
    const struct binding *outer;
    struct node *arguments;
    const struct origin *origin; /* of the arguments' text: the loader's */
};

/* The argument for block NAME, and in *RET the binding that it is from; NULL when there is none. An
 * outer tag's arguments come before an inner one's; all that have the name are marked as used. What an
 * argument itself holds is bound by (*RET)->outer: its own tag's arguments are not for it. */
struct node *binding_find(const struct binding *binding, const char *name,
                          const struct binding **ret);

/* How ARGUMENT is parsed where BLOCK stands. */
struct parse_request binding_request(const struct node *block, const struct node *argument);

/* The name of block INDEX below NODES, in the order of the text; NULL past the last. */
const char *binding_block(const struct node *nodes, size_t index);

#endif
