/* SPDX-License-Identifier: MIT
 * The output folder: written whole or not at all. */
#include "emit/outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emit/folder.h"
#include "emit/look.h"

/* One change below DIR, and so how to take it back. */
struct step {
    enum { STEP_MADE_FOLDER, STEP_MOVED_IN, STEP_MOVED_OUT, STEP_SWAPPED } kind;
    const char *path;
};

struct writer {
    struct arena *arena;
    const struct outdir_request *request;
    struct diags *diags;
    const char *name; /* of DIR in PARENT */
    int parent;
    int dir;         /* -1: there is none yet */
    int home;        /* where the temporary folder is: PARENT or DIR */
    char stage[256]; /* its name; "" when there is none */
    int fresh;       /* in it: what is to be moved into DIR, by its path */
    int old;         /* in it: what was moved out */
    struct step *steps;
    size_t n_steps;
    const char **made; /* folders above DIR that were made for it */
    size_t n_made;
};

static bool stopped(const struct writer *w)
{
    return w->request->stop && *w->request->stop;
}

/* A finding at PATH below DIR, or at DIR itself when it is NULL. */
static bool fail(struct writer *w, const char *path, const char *what)
{
    const char *reason = strerror(errno);
    const char *file =
        path ? arena_printf(w->arena, "%s/%s", w->request->dir, path) : w->request->dir;

    diag_add(w->diags, DIAG_OUTPUT_WRITE, (struct loc){.file = file}, "%s: %s", what, reason);
    return false;
}

static void log_step(struct writer *w, struct step step)
{
    ARENA_PUSH(w->arena, w->steps, w->n_steps, step);
}

/* Makes the folders above PATH in ROOT that are missing; those in DIR are logged. */
static bool make_folders(struct writer *w, int root, const char *path)
{
    const char *slash;

    for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder = arena_strndup(w->arena, path, (size_t)(slash - path));

        if (folder_make(root, folder)) {
            if (root == w->dir)
                log_step(w, (struct step){STEP_MADE_FOLDER, folder});
        } else if (errno != EEXIST) {
            return false;
        }
    }
    return true;
}

static bool open_stage(struct writer *w)
{
    const char *prefix = arena_printf(w->arena, ".%.200s.azdo-wif-", w->name);
    struct stat dir, parent;
    int stage;

    w->home = w->parent;
    if (w->dir >= 0 && fstat(w->dir, &dir) == 0 && fstat(w->parent, &parent) == 0 &&
        dir.st_dev != parent.st_dev)
        w->home = w->dir;
    if (!folder_make_temporary(w->home, prefix, w->stage, sizeof w->stage)) {
        w->stage[0] = '\0';
        return fail(w, NULL, "a temporary folder cannot be made beside it");
    }
    stage = folder_open(w->home, w->stage);
    if (stage >= 0 && folder_make(stage, "new") && folder_make(stage, "old")) {
        w->fresh = folder_open(stage, "new");
        w->old = folder_open(stage, "old");
    }
    if (w->fresh < 0 || w->old < 0)
        fail(w, NULL, "a temporary folder cannot be made beside it");
    if (stage >= 0)
        close(stage);
    return w->fresh >= 0 && w->old >= 0;
}

static void close_stage(struct writer *w)
{
    if (w->fresh >= 0)
        close(w->fresh);
    if (w->old >= 0)
        close(w->old);
    w->fresh = w->old = -1;
    if (w->stage[0] && !folder_remove(w->home, w->stage))
        diag_add(w->diags, DIAG_OUTPUT_REMAINS, (struct loc){.file = w->request->dir},
                 "the temporary folder %s beside it could not be removed: %s", w->stage,
                 strerror(errno));
    w->stage[0] = '\0';
}

static bool stage_files(struct writer *w, const struct look *looks)
{
    const struct output_files *files = w->request->files;
    size_t i;

    for (i = 0; i < files->count; i++) {
        const struct output_file *file = &files->items[i];

        if (looks && looks[i].found == FOUND_SAME)
            continue;
        if (stopped(w))
            return false;
        if (!make_folders(w, w->fresh, file->path) ||
            !folder_write(w->fresh, file->path, file->data, file->len, file->executable))
            return fail(w, file->path, "cannot be written");
    }
    if (syncfs(w->fresh) != 0) /* one sync instead of one per file: there may be 100,000 */
        return fail(w, NULL, "cannot be written");
    return true;
}

/* Puts the staged PATH where an older one of ours stands. */
static bool replace(struct writer *w, const char *path)
{
    if (folder_swap(w->fresh, w->dir, path)) {
        log_step(w, (struct step){STEP_SWAPPED, path});
        return true;
    }
    if ((errno != EINVAL && errno != ENOSYS) || !make_folders(w, w->old, path) ||
        !folder_move(w->dir, w->old, path))
        return false;
    log_step(w, (struct step){STEP_MOVED_OUT, path});
    if (!folder_move(w->fresh, w->dir, path))
        return false;
    log_step(w, (struct step){STEP_MOVED_IN, path});
    return true;
}

static bool add(struct writer *w, const char *path)
{
    if (!make_folders(w, w->dir, path) || !folder_move(w->fresh, w->dir, path))
        return false;
    log_step(w, (struct step){STEP_MOVED_IN, path});
    return true;
}

static bool take_out(struct writer *w, const char *path)
{
    if (!make_folders(w, w->old, path) || !folder_move(w->dir, w->old, path))
        return false;
    log_step(w, (struct step){STEP_MOVED_OUT, path});
    return true;
}

static bool take_back(struct writer *w, const struct step *step)
{
    const char *leaf;
    int folder;
    bool done;

    switch (step->kind) {
    case STEP_SWAPPED:
        return folder_swap(w->fresh, w->dir, step->path);
    case STEP_MOVED_IN:
        return folder_move(w->dir, w->fresh, step->path);
    case STEP_MOVED_OUT:
        return folder_move(w->old, w->dir, step->path);
    case STEP_MADE_FOLDER:
        break;
    }
    folder = folder_of(w->dir, step->path, &leaf);
    done = folder >= 0 && unlinkat(folder, leaf, AT_REMOVEDIR) == 0;
    if (folder >= 0)
        close(folder);
    return done;
}

/* Undoes all steps, the last first. What cannot be undone is named, and then the temporary folder,
 * which holds the old files, stays. */
static void roll_back(struct writer *w)
{
    while (w->n_steps > 0) {
        const struct step *step = &w->steps[--w->n_steps];

        if (take_back(w, step))
            continue;
        fail(w, step->path,
             arena_printf(w->arena, "cannot be put back, see the temporary folder %s", w->stage));
        w->stage[0] = '\0';
    }
}

static bool place_files(struct writer *w, const struct look *looks)
{
    const struct output_files *files = w->request->files;
    size_t i;

    for (i = 0; i < files->count; i++) {
        const char *path = files->items[i].path;

        if (looks[i].found == FOUND_SAME)
            continue;
        if (stopped(w))
            return false;
        if (!(looks[i].found == FOUND_NOTHING ? add(w, path) : replace(w, path)))
            return fail(w, path, "cannot be written");
    }
    return true;
}

static bool prune_files(struct writer *w, const struct outdir_result *result)
{
    size_t i;

    for (i = 0; w->request->prune && i < result->leftovers.count; i++) {
        if (result->leftovers.items[i].edited)
            continue;
        if (stopped(w))
            return false;
        if (!take_out(w, result->leftovers.items[i].path))
            return fail(w, result->leftovers.items[i].path, "cannot be removed");
    }
    return true;
}

/* After the last step that may fail: folders that pruning left empty. */
static void remove_empty_folders(struct writer *w, const struct outdir_result *result)
{
    size_t i;

    for (i = 0; w->request->prune && i < result->leftovers.count; i++) {
        const char *path = result->leftovers.items[i].path, *leaf;
        const char *slash = strrchr(path, '/');
        int folder;

        if (!slash)
            continue;
        path = arena_strndup(w->arena, path, (size_t)(slash - path));
        folder = folder_of(w->dir, path, &leaf);
        if (folder < 0)
            continue;
        unlinkat(folder, leaf, AT_REMOVEDIR); /* fails where something is left: that stays */
        close(folder);
    }
}

/* DIR exists: waits for another run to finish, looks at all there is, then changes what differs. */
static bool update(struct writer *w, struct outdir_result *result)
{
    const struct output_files *files = w->request->files;
    struct look *looks;
    size_t i;

    while (flock(w->dir, LOCK_EX) != 0 && errno == EINTR) {
        /* Any other failure is a file system without locks; it is not worse than none. */
        if (stopped(w))
            return false;
    }
    looks = look_at_files(w->arena, w->dir, w->request->dir, files, w->diags);
    if (!looks || !look_for_leftovers(w->arena, w->dir, w->request->dir, files,
                                      w->request->only_folder, &result->leftovers, w->diags))
        return false;
    for (i = 0; i < files->count; i++)
        *(looks[i].found == FOUND_SAME ? &result->unchanged : &result->written) += 1;
    if (!result->written && !(w->request->prune && result->leftovers.count))
        return true;
    if (!open_stage(w) || !stage_files(w, looks))
        return false;
    if (!place_files(w, looks) || !prune_files(w, result)) {
        roll_back(w);
        return false;
    }
    remove_empty_folders(w, result);
    return true;
}

/* There is no DIR: all of it appears at once. *RET_AGAIN when another run was faster. */
static bool create(struct writer *w, struct outdir_result *result, bool *ret_again)
{
    int stage;
    bool done;

    if (!open_stage(w) || !stage_files(w, NULL) || stopped(w))
        return false;
    stage = folder_open(w->home, w->stage);
    done = stage >= 0 && renameat(stage, "new", w->parent, w->name) == 0;
    *ret_again = !done && (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR);
    if (!done && !*ret_again)
        fail(w, NULL, "cannot be written");
    if (stage >= 0)
        close(stage);
    result->written = w->request->files->count;
    return done;
}

/* Splits DIR into the path of the folder above it, "" for the current one, and its own name. */
static bool split_dir(struct writer *w, char **ret_above)
{
    char *path = arena_strdup(w->arena, w->request->dir), *slash;
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        path[--len] = '\0';
    slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, ".") == 0 || strcmp(slash ? slash + 1 : path, "..") == 0) {
        char *resolved = realpath(path, NULL);

        if (!resolved)
            return fail(w, NULL, "cannot be opened");
        path = arena_strdup(w->arena, resolved);
        free(resolved);
        slash = strrchr(path, '/');
    }
    w->name = slash ? slash + 1 : path;
    *ret_above = arena_strndup(w->arena, path, (size_t)(w->name - path));
    if (!*w->name) {
        errno = EBUSY; /* as rename(2) says of the root folder */
        return fail(w, NULL, "cannot be replaced");
    }
    return true;
}

/* Opens the folder above DIR, making what is missing on the way. */
static bool open_parent(struct writer *w)
{
    char *above, *slash;

    if (!split_dir(w, &above))
        return false;
    for (slash = *above ? strchr(above + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(above, 0777) == 0)
            ARENA_PUSH(w->arena, w->made, w->n_made, arena_strdup(w->arena, above));
        *slash = '/';
    }
    w->parent = open(*above ? above : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return w->parent >= 0 || fail(w, NULL, "the folder above it cannot be opened");
}

/* Opens DIR when there is one; false with a finding when something else has its name. */
static bool open_dir(struct writer *w)
{
    struct loc loc = {.file = w->request->dir};
    struct stat found;

    w->dir = folder_open(w->parent, w->name);
    if (w->dir >= 0 || errno == ENOENT)
        return true;
    if (errno != ENOTDIR || fstatat(w->parent, w->name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return fail(w, NULL, "cannot be opened");
    if (S_ISLNK(found.st_mode))
        diag_add(w->diags, DIAG_OUTPUT_LINK, loc, "is a symbolic link");
    else
        diag_add(w->diags, DIAG_OUTPUT_FOREIGN, loc, "is in the way: not a folder");
    return false;
}

bool outdir_write(struct arena *arena, const struct outdir_request *request,
                  struct outdir_result *ret, struct diags *diags)
{
    struct writer w = {.arena = arena,
                       .request = request,
                       .diags = diags,
                       .parent = -1,
                       .dir = -1,
                       .fresh = -1,
                       .old = -1};
    struct outdir_result result = {0};
    bool done = false, again = false;

    if (open_parent(&w)) {
        do {
            again = false;
            if (open_dir(&w))
                done = w.dir >= 0 ? update(&w, &result) : create(&w, &result, &again);
            close_stage(&w);
        } while (again);
    }
    if (w.dir >= 0)
        close(w.dir); /* and with it goes the lock */
    if (w.parent >= 0)
        close(w.parent);
    while (!done && w.n_made > 0)
        rmdir(w.made[--w.n_made]);
    if (done)
        *ret = result;
    return done;
}
