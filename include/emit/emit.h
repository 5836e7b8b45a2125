/* SPDX-License-Identifier: MIT
 * From a checked description to the text of every output: the only bridge from plan to templates.
 *
 * Writes nothing: cli prints what comes back, or hands it to outdir. The same description, templates
 * and version give the same bytes. */
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

struct output_files {
    struct output_file *items;
    size_t count;
};

/* Every file of the output folder, sealed (emit/stamp.h), those of one folder in a row.
 * ONLY_CONNECTION, a connection's key, narrows to its folder and the index, which still lists all;
 * NULL is all of them. False with a finding when a template does not load or render. */
bool emit_files(struct arena *arena, const struct spec *spec, const struct template_source *source,
                const char *only_connection, struct output_files *ret, struct diags *diags);

/* The calls in order, for a terminal. False as above. */
bool emit_plan_text(struct arena *arena, const struct spec *spec,
                    const struct template_source *source, const char *only_connection,
                    struct strbuf *out, struct diags *diags);

/* The same as data: what plan.json of the output holds, for one connection or, as an array, all. */
bool emit_plan_json(struct arena *arena, const struct spec *spec, const char *only_connection,
                    struct strbuf *out, struct diags *diags);

#endif
