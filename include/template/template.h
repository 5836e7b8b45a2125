/* SPDX-License-Identifier: MIT
 * Mustache, for scripts: a template is loaded once, checked whole, then filled.
 *
 * Tags: {{name}} {{a.b}} {{.}} {{#name}}..{{/name}} {{^name}}..{{/name}} {{>partial}} {{!comment}}
 * {{=<% %>=}} {{{name}}} {{&name}} {{<parent}}{{$block}}..{{/block}}{{/parent}}, as in the Mustache
 * specification 1.4, standalone lines included.
 *
 * What makes it safe for scripts:
 * - The encoder follows from the place: the loader tracks the literal text of the template's
 * language (in a shell: word, double quotes, single quotes, comment, here-document, nested $( )),
 * and {{name}} is encoded for the place it stands in. Where no encoder is right (a quoted
 * here-document, a JSON string, a Markdown code span) free text does not load [template-context]; a
 * SHAPE_TOKEN stands there as it is, and in a shell word it gets no quotes. A section's content
 * must end in the place where it began, and so must a partial. Text that cannot be followed with
 * certainty does not load.
 * - A section named after an encoder, {{#jmespath}}..{{/jmespath}}, collects its content, with
 * values as they are, and encodes the whole for what is around it; they nest. Outside another one,
 * the outermost must be one for the place (shell in a shell word, md_code in Markdown text ...):
 * the table is in template/place.c. A field of the data model never has an encoder's name.
 * - {{{name}}} and {{&name}} load only for a SHAPE_TOKEN.
 * - A partial may not include itself: its names are resolved where it is included. A template that
 *   names itself means the one of that name in the source below its own, which it replaces.
 * - An argument for a block that the parent does not have is an error, and so is anything but
 * blocks within a parent tag. What replaces a block must end in the place where it begins.
 * {{>*name}} does not load.
 * - A value that would end the here-document it stands in is a finding when it is rendered.
 * - A name the shape does not hold is an error with file, line, column and "did you mean".
 * - Sizes and depths are bounded (base/limits.h). */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "base/diag.h"
#include "base/digest.h"
#include "base/strbuf.h"
#include "template/value.h"

struct template; /* belongs to the arena it was loaded into */

/* Where templates and partials come from. GET returns the text of NAME and its length, or NULL,
 * with a finding when it is there and cannot be read; the text and *RET_FILE (what findings call
 * it) live as long as the arena. What it does not have is looked for BELOW. */
struct template_source {
    const char *(*get)(void *data, const char *name, size_t *ret_len, const char **ret_file,
                       struct diags *diags);
    void *data;
    const struct template_source *below; /* NULL: this is the last */
};

struct language;

/* Loads NAME and all partials it names. LANGUAGE (template/place.h) may be NULL: then it follows
 * from the ending. A partial whose name has no ending has its includer's. Findings go to DIAGS;
 * NULL when one is an error. */
struct template *template_load(struct arena *arena, const struct template_source *source,
                               const char *name, const struct language *language,
                               const struct shape *root, struct diags *diags);

/* Files of the template that did not come from the last source: the built-in ones. */
struct replacement {
    const char *name;
    char digest[SHA256_HEX + 1]; /* of its text */
};
const struct replacement *template_replacement(const struct template *template, size_t index);

/* Appends TEMPLATE filled with ROOT to OUT. Returns false with a finding when a value is absent
 * that is interpolated, or a bound is passed. */
bool template_render(const struct template *template, struct value *root, struct strbuf *out,
                     struct diags *diags);

/* The templates compiled into the program. */
extern const struct template_source template_builtin;
const char *template_builtin_name(size_t index); /* NULL past the last */

/* Blocks that stand in the built-in template NAME itself; NULL past the last. */
const char *template_builtin_block(struct arena *arena, const char *name, size_t index);

#endif
