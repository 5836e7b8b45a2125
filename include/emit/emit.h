/* SPDX-License-Identifier: MIT
 * From a checked description to the text of every output: the only bridge from plan to templates.
 *
 * Writes nothing: what it makes goes to cli's sink, file by file. The same description, templates and
 * version give the same bytes. */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H

#include "base/strbuf.h"
#include "model/spec.h"
#include "template/template.h"

struct output_file {
    const char *path; /* relative to the output folder, '/'-separated */
    const char *data;
    size_t len;
    bool executable;
};

/* Takes one file, which lives only during the call. False ends the emission. */
typedef bool output_sink(void *to, const struct output_file *file);

struct emit_request {
    const struct spec *spec;
    const struct template_source *templates;
    const char *only_connection; /* a connection's key: only its folder, and the index, which still
                                    lists all; NULL: all */
    output_sink *sink;
    void *to;
};

/* Every file of the output folder, sealed (emit/stamp.h), those of one folder in a row, the index last.
 * False when the sink said so, or with a finding when a template does not load or render. */
bool emit_files(struct arena *arena, const struct emit_request *request, struct diags *diags);

/* The calls in order, for a terminal. False with a finding as above. */
bool emit_plan_text(struct arena *arena, const struct spec *spec,
                    const struct template_source *source, const char *only_connection,
                    struct strbuf *out, struct diags *diags);

/* The same as data: an array of what plan.json of the output holds. */
void emit_plan_json(struct arena *arena, const struct spec *spec, const char *only_connection,
                    struct strbuf *out);

#endif
