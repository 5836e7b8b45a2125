/* SPDX-License-Identifier: MIT
 * A loaded template: what the loader hands to the renderer. */
#ifndef TEMPLATE_LOADED_H
#define TEMPLATE_LOADED_H

#include "template/node.h"
#include "template/template.h"

struct template
{
    const char *file;
    const struct shape *root;
    struct node *nodes;
    struct replacement *replacements;
    size_t n_replacements;
};

#endif
