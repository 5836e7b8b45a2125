/* SPDX-License-Identifier: MIT
 * What stands in the output folder already? */
#include "emit/look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsio.h"
#include "base/limits.h"
#include "emit/folder.h"
#include "emit/stamp.h"

struct looker {
    struct arena *arena;
    const char *dir;
    struct diags *diags;
    struct strbuf content;  /* of the file looked at last */
    const char *bad_folder; /* the folder a finding was made for last: one is enough */
};

static struct loc at(struct looker *l, const char *path)
{
    return (struct loc){.file = arena_printf(l->arena, "%s/%s", l->dir, path)};
}

static bool fail(struct looker *l, const char *path)
{
    const char *reason = strerror(errno);

    diag_add(l->diags, DIAG_OUTPUT_WRITE, at(l, path), "cannot be read: %s", reason);
    return false;
}

/* Reads the regular file NAME in FOLDER into CONTENT and its mode into *RET_MODE. What is larger
 * than any output is cut, which no stamp survives. */
static bool read_file(struct looker *l, int folder, const char *name, mode_t *ret_mode)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    struct stat found;
    bool done;

    strbuf_reset(&l->content);
    if (fd < 0)
        return false;
    done = fstat(fd, &found) == 0 && (fsio_read(fd, &l->content) || l->content.overflow);
    *ret_mode = done ? found.st_mode : 0;
    close(fd);
    return done;
}

/* The finding for what is at PATH in the way of an output; KIND is its st_mode. */
static void refuse(struct looker *l, const char *path, mode_t kind, const char *wanted)
{
    if (S_ISLNK(kind))
        diag_add(l->diags, DIAG_OUTPUT_LINK, at(l, path), "is a symbolic link");
    else
        diag_add(l->diags, DIAG_OUTPUT_FOREIGN, at(l, path), "is in the way: not %s", wanted);
}

/* Opens the folder that FILE belongs in. False when there is nothing to look at: it is missing, or
 * not a folder, which is a finding. */
static bool enter(struct looker *l, int dir_fd, const char *path, int *ret_folder,
                  const char **ret_leaf)
{
    const char *slash = strrchr(path, '/'), *folder, *leaf;
    struct stat found;
    int above;

    *ret_folder = folder_of(dir_fd, path, ret_leaf);
    if (*ret_folder >= 0 || errno == ENOENT)
        return *ret_folder >= 0;
    folder = slash ? arena_strndup(l->arena, path, (size_t)(slash - path)) : path;
    if (l->bad_folder && strcmp(l->bad_folder, folder) == 0)
        return false;
    l->bad_folder = folder;
    above = errno == ENOTDIR ? folder_of(dir_fd, folder, &leaf) : -1;
    if (above >= 0 && fstatat(above, leaf, &found, AT_SYMLINK_NOFOLLOW) == 0)
        refuse(l, folder, found.st_mode, "a folder");
    else
        fail(l, folder);
    if (above >= 0)
        close(above);
    return false;
}

static void look_at_file(struct looker *l, int folder, const char *leaf,
                         const struct output_file *file, struct look *ret)
{
    mode_t mode = file->executable ? 0755 : 0644;
    struct stat found;

    if (fstatat(folder, leaf, &found, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT)
            fail(l, file->path);
        return;
    }
    if (!S_ISREG(found.st_mode)) {
        refuse(l, file->path, found.st_mode, "a file that azdo-wif wrote");
        return;
    }
    if (!read_file(l, folder, leaf, &found.st_mode)) {
        fail(l, file->path);
        return;
    }
    ret->found = FOUND_OURS;
    if (l->content.len == file->len && memcmp(l->content.data, file->data, file->len) == 0) {
        if ((found.st_mode & 07777) == mode)
            ret->found = FOUND_SAME;
        return;
    }
    switch (stamp_check(l->content.data, l->content.len)) {
    case STAMP_FOREIGN:
        refuse(l, file->path, found.st_mode, "a file that azdo-wif wrote");
        break;
    case STAMP_EDITED:
        diag_add(l->diags, DIAG_OUTPUT_EDITED, at(l, file->path),
                 "was edited after azdo-wif wrote it");
        break;
    case STAMP_OURS:
        break;
    }
}

struct look *look_at_files(struct arena *arena, int dir_fd, const char *dir,
                           const struct output_files *files, struct diags *diags)
{
    struct looker l = {.arena = arena, .dir = dir, .diags = diags};
    struct look *looks = ARENA_ARRAY(arena, files->count, struct look);
    size_t errors = diags->errors, i;

    strbuf_init(&l.content, LIMIT_OUTPUT_FILE);
    for (i = 0; i < files->count; i++) {
        const char *leaf;
        int folder;

        if (!enter(&l, dir_fd, files->items[i].path, &folder, &leaf))
            continue;
        look_at_file(&l, folder, leaf, &files->items[i], &looks[i]);
        close(folder);
    }
    strbuf_clear(&l.content);
    return diags->errors == errors ? looks : NULL;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static int compare_leftovers(const void *left, const void *right)
{
    const struct leftover *a = left, *b = right;

    return strcmp(a->path, b->path);
}

/* Adds NAME in FOLDER, a folder that is called PREFIX below DIR, when it is a file of ours. */
static bool consider(struct looker *l, int folder, const char *prefix, const char *name,
                     struct leftovers *ret)
{
    struct leftover leftover = {.path = arena_printf(l->arena, "%s%s", prefix, name)};
    char head[STAMP_HEAD];
    enum stamp_state state;
    ssize_t len;
    mode_t mode;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) /* somebody's private file is not one of ours: those are readable to their owner */
        return errno == EACCES || errno == ELOOP || errno == ENOENT || errno == ENXIO ||
               fail(l, leftover.path);
    len = pread(fd, head, sizeof head, 0);
    close(fd);
    if (len <= 0 || stamp_check(head, (size_t)len) == STAMP_FOREIGN)
        return true;
    if (!read_file(l, folder, name, &mode))
        return fail(l, leftover.path);
    state = stamp_check(l->content.data, l->content.len);
    leftover.edited = state != STAMP_OURS;
    ARENA_PUSH(l->arena, ret->items, ret->count, leftover);
    return true;
}

/* Considers the files in FOLDER, which is closed, that PATHS, sorted, does not name. */
static bool scan(struct looker *l, int folder, const char *prefix, const char *const *paths,
                 size_t n_paths, struct leftovers *ret)
{
    DIR *entries = folder >= 0 ? fdopendir(folder) : NULL;
    struct dirent *entry;
    bool done = true;

    if (!entries)
        return fail(l, prefix);
    while (done && (entry = readdir(entries))) {
        const char *path = arena_printf(l->arena, "%s%s", prefix, entry->d_name);
        struct stat found;

        if (entry->d_name[0] == '.' ||
            bsearch(&path, paths, n_paths, sizeof *paths, compare_paths) ||
            fstatat(folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISREG(found.st_mode))
            done = consider(l, folder, prefix, entry->d_name, ret);
        else if (S_ISDIR(found.st_mode) && !*prefix)
            done = scan(l, folder_open(folder, entry->d_name), arena_printf(l->arena, "%s/", path),
                        paths, n_paths, ret);
    }
    closedir(entries);
    return done;
}

bool look_for_leftovers(struct arena *arena, int dir_fd, const char *dir,
                        const struct output_files *files, const char *only_folder,
                        struct leftovers *ret, struct diags *diags)
{
    struct looker l = {.arena = arena, .dir = dir, .diags = diags};
    const char **paths = ARENA_ARRAY(arena, files->count, const char *);
    int folder = folder_open(dir_fd, only_folder ? only_folder : ".");
    const char *prefix = only_folder ? arena_printf(arena, "%s/", only_folder) : "";
    bool done;
    size_t i;

    if (folder < 0 && errno == ENOENT)
        return true; /* a connection that is new */
    for (i = 0; i < files->count; i++)
        paths[i] = files->items[i].path;
    qsort(paths, files->count, sizeof *paths, compare_paths);
    strbuf_init(&l.content, LIMIT_OUTPUT_FILE);
    done = scan(&l, folder, prefix, paths, files->count, ret);
    strbuf_clear(&l.content);
    if (done && ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_leftovers);
    return done;
}
