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
    NODE_PARENT,   /* {{<name}}; its arguments are the blocks within, its body is the parent's */
    NODE_BLOCK,    /* {{$name}}; its body is what stands in it unless an argument replaces it */
};

enum { DELIMITER_MAX = 16 };

/* Text of a template that is still to be parsed: a whole file, or what a block holds. A block's
 * text is parsed where it is put, because only there its indentation is known. */
struct passage {
    struct loc loc; /* of its first byte */
    const char *text;
    size_t len;
    char open[DELIMITER_MAX + 1],
        close[DELIMITER_MAX + 1]; /* in force at its beginning; "": {{ }} */
    const char *indent;           /* that its lines have at least, and lose */
    bool whole_lines;             /* it begins at the beginning of a line */
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
    bool dynamic;       /* {{>*name}}: NAME is that of the value that holds the name */
    const char *indent; /* NODE_PARTIAL, NODE_PARENT: what stood before the tag when it has the line
                           to itself; NODE_BLOCK: what an argument's lines get */
    bool standalone;    /* NODE_BLOCK: its tag has the line to itself */
    struct passage passage; /* NODE_BLOCK: what stands in it */
    struct node *arguments; /* NODE_PARENT: all that stands in it; only its blocks count */

    /* From here on the loader's. A name is found UP contexts above the current one, then along
     * PATH: the places of fields in their shapes, PATH_END at the end. */
    unsigned up;
    const unsigned short *path;
    enum shape_kind shape;  /* of what the name stands for */
    encode_fn *encode;      /* NULL: as it is */
    encode_fn *then;        /* after ENCODE; NULL: nothing */
    const char *terminator; /* of the here-document it stands in; NULL: none */
    bool tabs;              /* ... whose lines lose leading tabs */
    bool used;              /* NODE_BLOCK as an argument: the parent has such a block */
};

enum { PATH_END = 0xffff };

struct parse_request {
    const struct passage *passage;
    const char *indent; /* put before every line that is not empty; NULL: nothing */
    bool inner;         /* the first line has its indentation already */
    bool lenient;       /* any name will do */
};

/* Reads a passage into a chain of nodes, standalone lines and delimiters resolved. Findings go to
 * DIAGS; what is returned can be walked even then. */
struct node *template_parse(struct arena *arena, const struct parse_request *request,
                            struct diags *diags);

/* A whole file as a passage. */
struct passage passage_of_file(const char *file, const char *text, size_t len);

#endif
