/* SPDX-License-Identifier: MIT
 * The temporary folder beside the output folder, and the changes that are made through it. */
#include "emit/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emit/folder.h"

/* One change below DIR, and so how to take it back. */
struct stage_step {
    enum { STEP_MADE_FOLDER, STEP_MOVED_IN, STEP_MOVED_OUT, STEP_SWAPPED } kind;
    const char *path;
};

bool stage_fail(struct stage *s, const char *path, const char *what)
{
    const char *reason = strerror(errno);
    const char *file = path ? arena_printf(s->arena, "%s/%s", s->dir, path) : s->dir;

    diag_add(s->diags, DIAG_OUTPUT_WRITE, (struct loc){.file = file}, "%s: %s", what, reason);
    return false;
}

static void log_step(struct stage *s, struct stage_step step)
{
    ARENA_PUSH(s->arena, s->steps, s->n_steps, step);
}

/* Makes the folders above PATH in ROOT that are missing; those in DIR are logged. */
static bool make_folders(struct stage *s, int root, const char *path)
{
    const char *slash;

    for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder = arena_strndup(s->arena, path, (size_t)(slash - path));

        if (folder_make(root, folder)) {
            if (root == s->dir_fd)
                log_step(s, (struct stage_step){STEP_MADE_FOLDER, folder});
        } else if (errno != EEXIST) {
            return false;
        }
    }
    return true;
}

bool stage_open(struct stage *s)
{
    const char *prefix = arena_printf(s->arena, ".%.200s.azdo-wif-", s->name);
    struct stat dir, parent;
    int stage;

    s->home = s->parent;
    if (s->dir_fd >= 0 && fstat(s->dir_fd, &dir) == 0 && fstat(s->parent, &parent) == 0 &&
        dir.st_dev != parent.st_dev)
        s->home = s->dir_fd;
    if (!folder_make_temporary(s->home, prefix, s->path, sizeof s->path)) {
        s->path[0] = '\0';
        return stage_fail(s, NULL, "a temporary folder cannot be made beside it");
    }
    stage = folder_open(s->home, s->path);
    if (stage >= 0 && folder_make(stage, "new") && folder_make(stage, "old")) {
        s->fresh = folder_open(stage, "new");
        s->old = folder_open(stage, "old");
    }
    if (s->fresh < 0 || s->old < 0)
        stage_fail(s, NULL, "a temporary folder cannot be made beside it");
    if (stage >= 0)
        close(stage);
    return s->fresh >= 0 && s->old >= 0;
}

void stage_close(struct stage *s)
{
    if (s->fresh >= 0)
        close(s->fresh);
    if (s->old >= 0)
        close(s->old);
    s->fresh = s->old = -1;
    s->folder = NULL;
    if (s->path[0] && !folder_remove(s->home, s->path))
        diag_add(s->diags, DIAG_OUTPUT_REMAINS, (struct loc){.file = s->dir},
                 "the temporary folder %s beside it could not be removed: %s", s->path,
                 strerror(errno));
    s->path[0] = '\0';
}

/* Files come folder by folder, so it is enough to know the last. */
static bool folder_is_made(struct stage *s, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;

    if (s->folder && strlen(s->folder) == len && !memcmp(s->folder, path, len))
        return true;
    s->folder = arena_strndup(s->arena, path, len);
    return false;
}

bool stage_put(struct stage *s, const struct output_file *file)
{
    if ((!folder_is_made(s, file->path) && !make_folders(s, s->fresh, file->path)) ||
        !folder_write(s->fresh, file->path, file->data, file->len, file->executable))
        return stage_fail(s, file->path, "cannot be written");
    return true;
}

bool stage_sync(struct stage *s)
{
    /* one sync instead of one per file: there may be 100,000 */
    return syncfs(s->fresh) == 0 || stage_fail(s, NULL, "cannot be written");
}

/* Puts the staged PATH where an older one of ours stands. */
bool stage_replace(struct stage *s, const char *path)
{
    if (folder_swap(s->fresh, s->dir_fd, path)) {
        log_step(s, (struct stage_step){STEP_SWAPPED, path});
        return true;
    }
    if ((errno != EINVAL && errno != ENOSYS) || !make_folders(s, s->old, path) ||
        !folder_move(s->dir_fd, s->old, path))
        return stage_fail(s, path, "cannot be written");
    log_step(s, (struct stage_step){STEP_MOVED_OUT, path});
    if (!folder_move(s->fresh, s->dir_fd, path))
        return stage_fail(s, path, "cannot be written");
    log_step(s, (struct stage_step){STEP_MOVED_IN, path});
    return true;
}

bool stage_add(struct stage *s, const char *path)
{
    if (!make_folders(s, s->dir_fd, path) || !folder_move(s->fresh, s->dir_fd, path))
        return stage_fail(s, path, "cannot be written");
    log_step(s, (struct stage_step){STEP_MOVED_IN, path});
    return true;
}

bool stage_take_out(struct stage *s, const char *path)
{
    if (!make_folders(s, s->old, path) || !folder_move(s->dir_fd, s->old, path))
        return stage_fail(s, path, "cannot be removed");
    log_step(s, (struct stage_step){STEP_MOVED_OUT, path});
    return true;
}

bool stage_become(struct stage *s)
{
    int stage = folder_open(s->home, s->path), error;
    bool done = stage >= 0 && renameat(stage, "new", s->parent, s->name) == 0;

    error = errno;
    if (stage >= 0)
        close(stage);
    errno = error;
    return done;
}

static bool take_back(struct stage *s, const struct stage_step *step)
{
    const char *leaf;
    int folder;
    bool done;

    switch (step->kind) {
    case STEP_SWAPPED:
        return folder_swap(s->fresh, s->dir_fd, step->path);
    case STEP_MOVED_IN:
        return folder_move(s->dir_fd, s->fresh, step->path);
    case STEP_MOVED_OUT:
        return folder_move(s->old, s->dir_fd, step->path);
    case STEP_MADE_FOLDER:
        break;
    }
    folder = folder_of(s->dir_fd, step->path, &leaf);
    done = folder >= 0 && unlinkat(folder, leaf, AT_REMOVEDIR) == 0;
    if (folder >= 0)
        close(folder);
    return done;
}

void stage_roll_back(struct stage *s)
{
    while (s->n_steps > 0) {
        const struct stage_step *step = &s->steps[--s->n_steps];

        if (take_back(s, step))
            continue;
        stage_fail(s, step->path,
                   arena_printf(s->arena, "cannot be put back, see the temporary folder %s",
                                s->path));
        s->path[0] = '\0';
    }
}
