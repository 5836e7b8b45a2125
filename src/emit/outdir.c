/* SPDX-License-Identifier: MIT
 * The output folder: written whole or not at all. */
#include "emit/outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsio.h"
#include "base/limits.h"
#include "emit/folder.h"
#include "emit/look.h"
#include "emit/stage.h"

/* A file that was put, and what to do about it. */
struct entry {
    const char *path;
    bool executable;
    enum { ENTRY_SAME, ENTRY_NEW, ENTRY_CHANGED } kind;
};

struct outdir {
    struct arena *arena;
    struct outdir_request request;
    struct diags *diags;
    size_t errors; /* before this */
    struct stage stage;
    struct looker *looker;
    const char *refused; /* the path a finding was made for last: one is enough for a folder */
    struct entry *entries;
    size_t count;
    const char **made; /* folders above DIR that were made for it */
    size_t n_made;
};

static bool stopped(const struct outdir *w)
{
    return w->request.stop && *w->request.stop;
}

static bool failed(const struct outdir *w)
{
    return w->diags->errors != w->errors;
}

/* Splits DIR into the path of the folder above it, "" for the current one, and its own name. */
static bool split_dir(struct outdir *w, char **ret_above)
{
    char *path = arena_strdup(w->arena, w->request.dir), *slash;
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        path[--len] = '\0';
    slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, ".") == 0 || strcmp(slash ? slash + 1 : path, "..") == 0) {
        char *resolved = realpath(path, NULL);

        if (!resolved)
            return stage_fail(&w->stage, NULL, "cannot be opened");
        path = arena_strdup(w->arena, resolved);
        free(resolved);
        slash = strrchr(path, '/');
    }
    w->stage.name = slash ? slash + 1 : path;
    *ret_above = arena_strndup(w->arena, path, (size_t)(w->stage.name - path));
    if (!*w->stage.name) {
        errno = EBUSY; /* as rename(2) says of the root folder */
        return stage_fail(&w->stage, NULL, "cannot be replaced");
    }
    return true;
}

/* Opens the folder above DIR, making what is missing on the way. */
static bool open_parent(struct outdir *w)
{
    char *above = NULL, *slash;

    if (!split_dir(w, &above))
        return false;
    for (slash = *above ? strchr(above + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(above, 0777) == 0)
            ARENA_PUSH(w->arena, w->made, w->n_made, arena_strdup(w->arena, above));
        *slash = '/';
    }
    w->stage.parent = open(*above ? above : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return w->stage.parent >= 0 || stage_fail(&w->stage, NULL, "the folder above it cannot be opened");
}

/* Opens DIR when there is one; false with a finding when something else has its name. */
static bool open_dir(struct outdir *w)
{
    struct loc loc = {.file = w->request.dir};
    struct stat found;

    w->stage.dir_fd = folder_open(w->stage.parent, w->stage.name);
    if (w->stage.dir_fd >= 0 || errno == ENOENT)
        return true;
    if (errno != ENOTDIR || fstatat(w->stage.parent, w->stage.name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return stage_fail(&w->stage, NULL, "cannot be opened");
    if (S_ISLNK(found.st_mode))
        diag_add(w->diags, DIAG_OUTPUT_LINK, loc, "is a symbolic link");
    else
        diag_add(w->diags, DIAG_OUTPUT_FOREIGN, loc, "is in the way: not a folder");
    return false;
}

/* DIR is open: waits for another run to finish. */
static bool lock(struct outdir *w)
{
    while (flock(w->stage.dir_fd, LOCK_EX) != 0 && errno == EINTR) {
        /* Any other failure is a file system without locks; it is not worse than none. */
        if (stopped(w))
            return false;
    }
    return true;
}

/* Closes all; what was changed stays if DONE. */
static void finish(struct outdir *w, bool done)
{
    stage_close(&w->stage);
    looker_free(w->looker);
    if (w->stage.dir_fd >= 0)
        close(w->stage.dir_fd); /* and with it goes the lock */
    if (w->stage.parent >= 0)
        close(w->stage.parent);
    while (!done && w->n_made > 0)
        rmdir(w->made[--w->n_made]);
}

struct outdir *outdir_open(struct arena *arena, const struct outdir_request *request,
                           struct diags *diags)
{
    struct outdir *w = ARENA_NEW(arena, struct outdir);

    *w = (struct outdir){
        .arena = arena,
        .request = *request,
        .diags = diags,
        .errors = diags->errors,
        .stage = {.arena = arena, .diags = diags, .dir = request->dir, STAGE_INIT}};
    if (open_parent(w) && open_dir(w) && (w->stage.dir_fd < 0 || lock(w))) {
        w->looker = looker_new(arena, w->stage.dir_fd, request->dir, diags);
        return w;
    }
    finish(w, false);
    return NULL;
}

/* What FILE finds in its place; a finding when that may not be replaced. */
static struct entry consider(struct outdir *w, const struct output_file *file)
{
    const struct looking looking = look_at(w->looker, file);
    struct entry entry = {.path = file->path, .executable = file->executable};

    if (looking.state >= LOOK_EDITED && (!w->refused || strcmp(w->refused, looking.path) != 0)) {
        look_refuse(w->looker, &looking);
        w->refused = arena_strdup(w->arena, looking.path);
    }
    entry.kind = looking.state == LOOK_NOTHING ? ENTRY_NEW
                 : looking.state == LOOK_SAME  ? ENTRY_SAME
                                               : ENTRY_CHANGED;
    return entry;
}

bool outdir_put(void *outdir, const struct output_file *file)
{
    struct outdir *w = outdir;
    struct entry entry;

    if (stopped(w))
        return false;
    entry = consider(w, file);
    entry.path = arena_strdup(w->arena, file->path);
    ARENA_PUSH(w->arena, w->entries, w->count, entry);
    if (entry.kind == ENTRY_SAME || failed(w))
        return true;
    return (w->stage.path[0] || stage_open(&w->stage)) && stage_put(&w->stage, file);
}

static bool prune_files(struct outdir *w, const struct outdir_result *result)
{
    size_t i;

    for (i = 0; w->request.prune && i < result->leftovers.count; i++) {
        if (result->leftovers.items[i].edited)
            continue;
        if (stopped(w))
            return false;
        if (!stage_take_out(&w->stage, result->leftovers.items[i].path))
            return false;
    }
    return true;
}

/* After the last step that may fail: folders that pruning left empty. */
static void remove_empty_folders(struct outdir *w, const struct outdir_result *result)
{
    size_t i;

    for (i = 0; w->request.prune && i < result->leftovers.count; i++) {
        const char *path = result->leftovers.items[i].path, *leaf;
        const char *slash = strrchr(path, '/');
        int folder;

        if (!slash)
            continue;
        path = arena_strndup(w->arena, path, (size_t)(slash - path));
        folder = folder_of(w->stage.dir_fd, path, &leaf);
        if (folder < 0)
            continue;
        unlinkat(folder, leaf, AT_REMOVEDIR); /* fails where something is left: that stays */
        close(folder);
    }
}

static bool place_files(struct outdir *w)
{
    size_t i;

    for (i = 0; i < w->count; i++) {
        const struct entry *entry = &w->entries[i];

        if (entry->kind == ENTRY_SAME)
            continue;
        if (stopped(w))
            return false;
        if (!(entry->kind == ENTRY_NEW ? stage_add(&w->stage, entry->path)
                                       : stage_replace(&w->stage, entry->path)))
            return false;
    }
    return true;
}

static const char **all_paths(struct outdir *w)
{
    const char **paths = ARENA_ARRAY(w->arena, w->count + 1, const char *);
    size_t i;

    for (i = 0; i < w->count; i++)
        paths[i] = w->entries[i].path;
    return paths;
}

/* DIR exists: changes what differs. */
static bool update(struct outdir *w, struct outdir_result *result)
{
    size_t i;

    if (!look_for_leftovers(w->looker, all_paths(w), w->count, w->request.only_folder,
                            &result->leftovers))
        return false;
    for (i = 0; i < w->count; i++)
        *(w->entries[i].kind == ENTRY_SAME ? &result->unchanged : &result->written) += 1;
    if (!result->written && !(w->request.prune && result->leftovers.count))
        return true;
    if ((!w->stage.path[0] && !stage_open(&w->stage)) || !stage_sync(&w->stage))
        return false;
    if (!place_files(w) || !prune_files(w, result)) {
        stage_roll_back(&w->stage);
        return false;
    }
    remove_empty_folders(w, result);
    return true;
}

/* Another run made DIR in the meantime: what is staged is looked at again, now against that. */
static bool look_again(struct outdir *w)
{
    struct looker *staged = looker_new(w->arena, w->stage.fresh, w->request.dir, w->diags);
    bool done = true;
    size_t i;

    looker_free(w->looker);
    w->looker = NULL;
    if (open_dir(w) && w->stage.dir_fd >= 0 && lock(w))
        w->looker = looker_new(w->arena, w->stage.dir_fd, w->request.dir, w->diags);
    for (i = 0; w->looker && done && i < w->count; i++) {
        struct output_file file = {.path = w->entries[i].path,
                                   .executable = w->entries[i].executable};
        struct looking looking;

        done = look_read(staged, file.path, &looking);
        if (!done)
            break;
        file.data = looking.content;
        file.len = looking.len;
        w->entries[i] = consider(w, &file);
    }
    looker_free(staged);
    return w->looker && done && !failed(w);
}

/* There was no DIR: all of it appears at once. */
static bool create(struct outdir *w, struct outdir_result *result)
{
    if (!stage_sync(&w->stage) || stopped(w))
        return false;
    if (stage_become(&w->stage)) {
        result->written = w->count;
        return true;
    }
    if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
        return stage_fail(&w->stage, NULL, "cannot be written");
    return look_again(w) && update(w, result);
}

bool outdir_close(struct outdir *w, bool complete, struct outdir_result *ret)
{
    struct outdir_result result = {0};
    bool done = complete && !failed(w) && !stopped(w);

    if (done)
        done = w->stage.dir_fd >= 0 ? update(w, &result) : create(w, &result);
    finish(w, done);
    if (!done)
        return false;
    result.paths = all_paths(w);
    result.count = w->count;
    *ret = result;
    return true;
}
