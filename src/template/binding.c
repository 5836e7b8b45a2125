/* SPDX-License-Identifier: MIT
 * What replaces a block. */
#include "template/binding.h"

#include <string.h>

struct node *binding_find(const struct binding *binding, const char *name,
                          const struct binding **ret)
{
    struct node *found = NULL, *node;

    for (; binding; binding = binding->outer) {
        for (node = binding->arguments; node; node = node->next) {
            if (node->kind != NODE_BLOCK || strcmp(node->text, name) != 0)
                continue;
            node->used = true;
            found = node;
            *ret = binding;
        }
    }
    return found;
}

struct parse_request binding_request(const struct node *block, const struct node *argument)
{
    return (struct parse_request){
        .passage = &argument->passage, .indent = block->indent, .inner = !block->standalone};
}
