/* SPDX-License-Identifier: MIT
 * Mustache to the letter of its specification, for `render --lenient` alone: names are looked up when
 * the template is rendered, what is missing is empty, {{{raw}}} is allowed, and {{name}} is encoded in
 * one way everywhere. Nothing that azdo-wif emits is rendered like this. */
#ifndef TEMPLATE_LENIENT_H
#define TEMPLATE_LENIENT_H

#include "format/json.h"
#include "template/template.h"

struct lenient_request {
    const struct template_source *source;
    const char *name;
    void (*encode)(struct strbuf *out, const char *text); /* NULL: values as they are */
    const json *data;
};

/* Appends the template NAME filled with DATA to OUT. False with findings. */
bool template_render_lenient(struct arena *arena, const struct lenient_request *request,
                             struct strbuf *out, struct diags *diags);

#endif
