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

static const char *find_block(const struct node *node, size_t *index)
{
    const char *found = NULL;

    for (; node && !found; node = node->next) {
        if (node->kind == NODE_BLOCK && !(*index)--)
            return node->text;
        found = find_block(node->body, index);
    }
    return found;
}

const char *binding_block(const struct node *nodes, size_t index)
{
    return find_block(nodes, &index);
}
