/* SPDX-License-Identifier: MIT
 * A rehearsal as text while it runs, and as JSON. */
#ifndef CLI_REHEARSE_H
#define CLI_REHEARSE_H

#include "cli/options.h"
#include "rehearse/fault.h"
#include "rehearse/isolation.h"
#include "rehearse/rehearsal.h"

/* What is shown while it runs: phases, and every call unless QUIET. */
struct rehearse_text {
    bool quiet, colours;
};
struct rehearsal_watcher rehearse_watcher(struct rehearse_text *text);

/* Verdict, proof and end state. */
void rehearse_print(const struct rehearse_text *text, const struct spec *spec,
                    const struct isolation *isolation, const struct rehearsal *rehearsal);

/* What is shown while faults are tried: a line for each (with LINES), and how far it is; then the
 * table. */
struct faults_text {
    bool quiet, colours, lines;
};
struct fault_watcher faults_watcher(struct faults_text *text);
void faults_print(const struct faults_text *text, const struct fault_table *table);

/* The table as data, for json_free. */
json *faults_document(const struct fault_table *table);

/* All of it as data, as azdo-wif(1) describes it; for json_free by the caller. FAULTS is NULL when
 * none were tried. */
json *rehearse_document(const struct rehearsal_request *request, const struct isolation *isolation,
                        const struct rehearsal *rehearsal, const struct fault_table *faults);

/* Of that, what of WORLD matters to somebody who approves; what was made before BEGAN, in
 * milliseconds since 1970, existed. */
json *rehearse_world(const json *world, long long began);

void rehearse_print_json(const json *document); /* to standard output */

#endif
