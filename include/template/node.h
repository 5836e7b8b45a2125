/* SPDX-License-Identifier: MIT
 * A template as a tree: what the parser makes, the loader completes and the renderer walks. */
#ifndef TEMPLATE_NODE_H
#define TEMPLATE_NODE_H

#include "base/diag.h"
#include "base/strbuf.h"
#include "template/value.h"

typedef void encode_fn(struct strbuf *out, const char *text);

enum node_kind {
    NODE_TEXT,
    NODE_VALUE,    /* {{name}} */
    NODE_RAW,      /* {{{name}}} {{&name}} */
    NODE_SECTION,  /* {{#name}} */
    NODE_INVERTED, /* {{^name}} */
    NODE_ENCODER,  /* {{#name}} where NAME is an encoder */
    NODE_PARTIAL,  /* {{>name}}; its body is the partial's */
};

struct node {
    struct node *next;
    enum node_kind kind;
    struct loc loc;
    struct node *body;
    struct loc close; /* where the section's end tag is */

    /* NODE_TEXT: the text; all others: the name in the tag */
    const char *text;
    size_t len;
    const char *indent; /* NODE_PARTIAL: what stood before the tag when it has the line to itself */

    /* From here on the loader's. A name is found UP contexts above the current one, then along PATH. */
    unsigned up;
    const char *const *path; /* NULL-terminated; empty for {{.}} of a text */
    enum shape_kind shape;   /* of what the name stands for */
    encode_fn *encode;       /* NULL: as it is */
    encode_fn *then;         /* after ENCODE; NULL: nothing */
    const char *terminator;  /* of the here-document it stands in; NULL: none */
    bool tabs;               /* ... whose lines lose leading tabs */
};

/* Reads LEN bytes of template TEXT into a chain of nodes, standalone lines and delimiters resolved.
 * INDENT is put before every line that is not empty. Findings go to DIAGS; what is returned can be
 * walked even then. */
struct node *template_parse(struct arena *arena, const char *file, const char *text, size_t len,
                            const char *indent, struct diags *diags);

#endif
