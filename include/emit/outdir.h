/* SPDX-License-Identifier: MIT
 * The output folder: written whole or not at all.
 *
 * What is guaranteed:
 * - Only files that azdo-wif wrote and nobody edited are replaced or removed (emit/stamp.h). Anything
 *   else that stands where an output belongs is a finding, and then nothing is changed. What is not in
 *   the way is not touched.
 * - DIR and what is below it is never reached through a symbolic link.
 * - All is first written into a temporary folder `.NAME.azdo-wif-XXXXXX` beside DIR (inside it when DIR
 *   is a file system of its own) and synced. A new DIR then appears in one rename. In a DIR that
 *   exists, files that differ are exchanged one by one, each without a moment in which it is missing;
 *   folders stay the same folders, so that a shell that stands in one is not left behind. A failure or
 *   a signal on the way takes every exchange back. Only a kill -9 or a power failure within these last
 *   milliseconds can leave old beside new files; the next run replaces the rest.
 * - Two runs into one DIR do not mix: the second waits. */
#ifndef EMIT_OUTDIR_H
#define EMIT_OUTDIR_H

#include <signal.h>

#include "base/diag.h"
#include "emit/emit.h"
#include "emit/look.h"

struct outdir_request {
    const char *dir;         /* made if need be, with the folders above it */
    const char *only_folder; /* the files are those of this folder and the index; NULL: all */
    bool prune;              /* remove our files that are no longer described, unless edited */
    const volatile sig_atomic_t *stop; /* set by a signal: take everything back; NULL: never */
};

struct outdir_result {
    const char *const *paths; /* of all files that were put */
    size_t count;
    size_t written, unchanged;
    struct leftovers leftovers; /* removed when PRUNE was asked for, except edited ones */
};

struct outdir; /* belongs to an arena */

/* Opens the folder and waits for another run to finish. NULL with findings, or without when *STOP was
 * set; then all is as before. */
struct outdir *outdir_open(struct arena *arena, const struct outdir_request *request,
                           struct diags *diags);

/* An output_sink: looks at FILE's place, and stages it if it differs. False when nothing further need
 * come. What may not be replaced is a finding, and then more files may be put, for their findings. */
bool outdir_put(void *outdir, const struct output_file *file);

/* Makes the folder hold what was put, if COMPLETE and there was no finding, and closes it. False when
 * nothing was changed: with findings, or without one when *STOP was set or it was not complete. */
bool outdir_close(struct outdir *outdir, bool complete, struct outdir_result *ret);

#endif
