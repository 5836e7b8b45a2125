/* SPDX-License-Identifier: MIT
 * Where scripts and az run: a folder of their own, an environment of their own, nothing of the
 * caller's.
 *
 * The folder lies below $TMPDIR (or /tmp), readable by its owner only, and goes with sandbox_close,
 * together with every process that was started in it and did not end. */
#ifndef REHEARSE_SANDBOX_H
#define REHEARSE_SANDBOX_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct sandbox;

/* Makes the folder. NULL, with *RET_WHY, when that is not possible. */
struct sandbox *sandbox_open(struct arena *arena, const char **ret_why);
const char *sandbox_folder(const struct sandbox *sandbox);

/* The path of NAME, which may hold '/', in the folder: made with the folders above it, as a folder
 * or as a file of LEN bytes. NULL with errno. */
const char *sandbox_make_folder(struct sandbox *sandbox, const char *name);
const char *sandbox_write(struct sandbox *sandbox, const char *name, const char *data, size_t len,
                          bool executable);

void sandbox_close(struct sandbox *sandbox); /* accepts NULL */

/* The variables of contract.md, section 6: an environment that holds nothing else but PATH, the
 * language and, when KEEP is given, what of the caller's is neither secret nor about Azure or
 * proxies. */
struct surroundings {
    unsigned port; /* of the proxy */
    const char *ca_file;
    const char *home;
    const char *profile;        /* AZURE_CONFIG_DIR */
    const char *devops_profile; /* AZDO_WIF_DEVOPS_CONFIG_DIR; NULL: the same */
    const char *temporary;      /* TMPDIR */
    const char *first_path;     /* looked at before the usual folders of programs; NULL: none */
    const char *const *more;    /* further "NAME=value"; closed by NULL; or NULL */
    char *const *keep;          /* the caller's environment, or NULL */
};
char *const *sandbox_environment(struct arena *arena, const struct surroundings *surroundings);

/* For a shell that goes on by itself: which variables it must unset, some always and some because
 * they are in ENVIRONMENT (closed by NULL); and whether "NAME=value" is of any environment, like
 * PATH, so that the shell keeps its own. */
const char *const *sandbox_foreign_names(struct arena *arena, char *const *environment);
bool sandbox_is_basic(const char *variable);

struct program {
    const char *const *argv; /* closed by NULL; found by the environment's PATH */
    char *const *environment;
    const char *folder; /* it runs there; NULL: where we are */
    unsigned seconds;   /* it is killed after so long; 0: never */
    /* Each line of its output and errors, without the line end; hostile. NULL: both are inherited,
     * as is standard input, and the program stays in our process group: it is a person's own. */
    void (*line)(void *to, const char *line);
    void *to;
    const volatile sig_atomic_t *stop; /* it is killed when this becomes true; NULL: never */
    /* When this becomes a signal, its whole group gets that once, as from a terminal; NULL: never. */
    const volatile sig_atomic_t *signal;
};

enum { PROGRAM_NOT_STARTED = -1, PROGRAM_TIMED_OUT = -2, PROGRAM_STOPPED = -3 };

/* Its exit status, 128 + its signal, or one of the above (not started: with errno). Whatever it
 * left running is killed. */
int sandbox_run(const struct sandbox *sandbox, const struct program *program);

#endif
