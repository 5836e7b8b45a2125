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

/* All of it as JSON, to standard output. */
void rehearse_print_json(const struct spec *spec, bool split, const struct isolation *isolation,
                         const struct rehearsal *rehearsal);

#endif
