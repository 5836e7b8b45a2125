/* SPDX-License-Identifier: MIT
 * Within the parser: a template's text and the tags in it. Knows no tree. */
#ifndef TEMPLATE_SCAN_H
#define TEMPLATE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "template/node.h"

struct scanner {
    struct arena *arena;
    struct diags *diags;
    const char *text;
    size_t len;
    size_t at; /* the end of the tag read last */
    struct loc start;
    size_t line_start, counted; /* where the line of COUNTED begins */
    unsigned line;              /* of COUNTED */
    size_t added, removed; /* bytes at the beginning of a line that its author did not write there,
                              and that he or she did */
    bool lenient;
    char open[DELIMITER_MAX + 1], close[DELIMITER_MAX + 1];
};

/* One tag as it stands: [START, END) with its delimiters, [NAME, NAME + LEN) trimmed. */
struct tag {
    size_t start, end;
    char sigil; /* '\0': interpolation */
    bool dynamic;
    const char *name;
    size_t len;
    struct loc loc;
};

/* Begins with REQUEST's passage, its lines indented as asked. False with a finding when its bytes
 * are not fit for a template. */
bool scan_begin(struct scanner *s, const struct parse_request *request);

/* The next tag at or after s->at, without its LOC. False when there is none, or with a finding when
 * one does not end. */
bool scan_tag(struct scanner *s, struct tag *ret);

/* Places must be asked for in ascending order: lines are counted on the way. */
struct loc scan_loc(struct scanner *s, size_t offset);

/* Takes over the delimiters of a {{=<% %>=}} tag, or says why not. */
void scan_delimiters(struct scanner *s, const struct tag *tag);

/* A finding unless the tag's name is one. */
bool scan_name(struct scanner *s, const struct tag *tag);

/* Where the line begins whose part before AT is blank; false when something else stands there. */
bool scan_blank_before(const struct scanner *s, size_t at, size_t *ret_line);

/* Where the next line begins when the rest of this one, from AT on, is blank; false if it is not.
 */
bool scan_blank_behind(const struct scanner *s, size_t at, size_t *ret_next);

/* The blanks that the first line with anything else begins with; NULL when there is no such line.
 */
const char *scan_indentation(struct arena *arena, const char *text, size_t len);

#endif
