/* SPDX-License-Identifier: MIT
 * The temporary folder beside the output folder, and the changes that are made through it: each can be
 * taken back until the stage is closed. */
#ifndef EMIT_STAGE_H
#define EMIT_STAGE_H

#include "base/diag.h"
#include "emit/emit.h"

struct stage_step;

struct stage {
    struct arena *arena;
    struct diags *diags;
    const char *dir;  /* the output folder, as findings call it */
    const char *name; /* its name in PARENT */
    int parent;
    int dir_fd; /* -1: there is none yet */

    /* The stage's own. */
    int home;       /* where the temporary folder is: PARENT, or DIR when that is a file system of
                       its own */
    char path[256]; /* its name; "" when there is none */
    int fresh;      /* in it: what is to be moved into DIR, by its path */
    int old;        /* in it: what was moved out */
    const char *folder; /* the one that was made in FRESH last */
    struct stage_step *steps;
    size_t n_steps;
};

#define STAGE_INIT .parent = -1, .dir_fd = -1, .fresh = -1, .old = -1

/* Each false with a finding, unless noted. */
bool stage_open(struct stage *s);
bool stage_put(struct stage *s, const struct output_file *file);
bool stage_sync(struct stage *s);

/* From the stage into DIR, where nothing is, or an older file of ours. */
bool stage_add(struct stage *s, const char *path);
bool stage_replace(struct stage *s, const char *path);

/* Out of DIR. */
bool stage_take_out(struct stage *s, const char *path);

/* All that is staged becomes DIR, which is not there. False with errno. */
bool stage_become(struct stage *s);

/* Undoes all changes in DIR, the last first. What cannot be undone is a finding, and then the temporary
 * folder, which holds the old files, stays. */
void stage_roll_back(struct stage *s);

/* Removes the temporary folder; a finding when that fails. */
void stage_close(struct stage *s);

/* A finding at PATH below DIR, or at DIR itself when it is NULL, with errno's reason. Returns false. */
bool stage_fail(struct stage *s, const char *path, const char *what);

#endif
