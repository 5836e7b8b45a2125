/* SPDX-License-Identifier: MIT
 * A rehearsal as text while it runs, and as JSON. */
#ifndef CLI_REHEARSE_H
#define CLI_REHEARSE_H

#include "cli/options.h"
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

/* All of it as data, as azdo-wif(1) describes it; for json_free by the caller. */
json *rehearse_document(const struct rehearsal_request *request, const struct isolation *isolation,
                        const struct rehearsal *rehearsal);

/* Of that, what of WORLD matters to somebody who approves; what was made before BEGAN, in
 * milliseconds since 1970, existed. */
json *rehearse_world(const json *world, long long began);

void rehearse_print_json(const json *document); /* to standard output */

#endif
