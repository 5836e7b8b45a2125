/* SPDX-License-Identifier: MIT
 * What stands in the output folder already? Reads only. */
#ifndef EMIT_LOOK_H
#define EMIT_LOOK_H

#include <sys/types.h>

#include "base/diag.h"
#include "emit/emit.h"

enum look_state {
    LOOK_NOTHING,
    LOOK_SAME,
    LOOK_MODE,    /* the same, but for the permissions */
    LOOK_OURS,    /* written by azdo-wif, of another INI, version or template */
    LOOK_EDITED,  /* written by azdo-wif and changed since */
    LOOK_FOREIGN, /* a file that azdo-wif did not write */
    LOOK_LINK,
    LOOK_OTHER,  /* neither file nor link */
    LOOK_FAILED, /* it cannot be read; a finding */
};

struct looker; /* belongs to an arena, and to an open folder */

struct looking {
    enum look_state state;
    const char *path;    /* what it is about: the file's own, or that of a folder above it */
    const char *content; /* LOOK_MODE to LOOK_FOREIGN: what is in it, until the next look */
    size_t len;
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

/* To look into the folder DIR_FD, -1 for one that is not there, which findings call DIR. */
struct looker *looker_new(struct arena *arena, int dir_fd, const char *dir, struct diags *diags);
void looker_free(struct looker *l); /* accepts NULL */

/* Has FILE its place? A path that is about a folder above it is the same for all files in that. */
struct looking look_at(struct looker *l, const struct output_file *file);

/* The finding for what may not be replaced; none for the other states. LOOKING is of this looker. */
void look_refuse(struct looker *l, const struct looking *looking);

/* Adds to RET, sorted, the files of ours in that folder which PATHS, of COUNT, does not name; PATHS gets
 * sorted. ONLY_FOLDER narrows to one folder in it. False with a finding. */
bool look_for_leftovers(struct looker *l, const char **paths, size_t count,
                        const char *only_folder, struct leftovers *ret);

/* Reads PATH, a file of ours, as a looking at it does. False with a finding. */
bool look_read(struct looker *l, const char *path, struct looking *ret);

#endif
