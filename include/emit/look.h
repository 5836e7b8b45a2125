/* SPDX-License-Identifier: MIT
 * What stands in the output folder already? Reads only. */
#ifndef EMIT_LOOK_H
#define EMIT_LOOK_H

#include "base/diag.h"
#include "emit/emit.h"

struct look {
    enum { FOUND_NOTHING, FOUND_SAME, FOUND_OURS } found;
};

/* A file of an earlier run that is no longer described. */
struct leftover {
    const char *path; /* relative to the output folder */
    bool edited;
};

struct leftovers {
    struct leftover *items;
    size_t count;
};

/* For each of FILES what has its place in the folder DIR_FD, which findings call DIR. NULL with
 * findings, for all of them at once, when something may not be replaced. */
struct look *look_at_files(struct arena *arena, int dir_fd, const char *dir,
                           const struct output_files *files, struct diags *diags);

/* Adds to RET, sorted, the files of ours in that folder which FILES has no more; ONLY_FOLDER narrows to
 * one folder in it. */
bool look_for_leftovers(struct arena *arena, int dir_fd, const char *dir,
                        const struct output_files *files, const char *only_folder,
                        struct leftovers *ret, struct diags *diags);

#endif
