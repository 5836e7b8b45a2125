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
    int dir_fd;
    const char *dir;
    struct diags *diags;
    struct strbuf content; /* of the file looked at last */

    /* The folder looked into last: files come folder by folder. */
    const char *folder;
    int folder_fd;               /* -1: it is not there, or STATE says why not */
    enum look_state folder_state; /* LOOK_SAME: it is a folder */
};

struct looker *looker_new(struct arena *arena, int dir_fd, const char *dir, struct diags *diags)
{
    struct looker *l = ARENA_NEW(arena, struct looker);

    *l = (struct looker){
        .arena = arena, .dir_fd = dir_fd, .dir = dir, .diags = diags, .folder_fd = -1};
    strbuf_init(&l->content, LIMIT_OUTPUT_FILE);
    return l;
}

void looker_free(struct looker *l)
{
    if (!l)
        return;
    if (l->folder_fd >= 0)
        close(l->folder_fd);
    strbuf_clear(&l->content);
}

static struct loc at(struct looker *l, const char *path)
{
    return (struct loc){.file = *path ? arena_printf(l->arena, "%s/%s", l->dir, path) : l->dir};
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

/* What is at PATH instead of a folder. */
static enum look_state state_of_no_folder(struct looker *l, const char *path)
{
    enum look_state state = LOOK_FAILED;
    struct stat found;
    const char *leaf;
    int above = folder_of(l->dir_fd, path, &leaf);

    if (above >= 0 && fstatat(above, leaf, &found, AT_SYMLINK_NOFOLLOW) == 0)
        state = S_ISLNK(found.st_mode) ? LOOK_LINK : LOOK_OTHER;
    else
        fail(l, path);
    if (above >= 0)
        close(above);
    return state;
}

/* Opens the folder that PATH belongs in, unless it is open already. */
static void enter(struct looker *l, const char *path, const char **ret_leaf)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;

    *ret_leaf = slash ? slash + 1 : path;
    if (l->folder && strlen(l->folder) == len && !memcmp(l->folder, path, len))
        return;
    if (l->folder_fd >= 0)
        close(l->folder_fd);
    l->folder = arena_strndup(l->arena, path, len);
    l->folder_fd = l->dir_fd < 0 ? -1 : folder_of(l->dir_fd, path, ret_leaf);
    l->folder_state = l->folder_fd < 0 ? LOOK_NOTHING : LOOK_SAME;
    if (l->folder_fd >= 0 || l->dir_fd < 0 || errno == ENOENT)
        return;
    if (errno == ENOTDIR) {
        l->folder_state = state_of_no_folder(l, l->folder);
    } else {
        fail(l, l->folder);
        l->folder_state = LOOK_FAILED;
    }
}

static enum look_state compare(struct looker *l, const struct output_file *file, mode_t mode)
{
    mode_t wanted = file->executable ? 0755 : 0644;

    if (l->content.len == file->len && memcmp(l->content.data, file->data, file->len) == 0)
        return (mode & 07777) == wanted ? LOOK_SAME : LOOK_MODE;
    switch (stamp_check(l->content.data, l->content.len)) {
    case STAMP_FOREIGN:
        return LOOK_FOREIGN;
    case STAMP_EDITED:
        return LOOK_EDITED;
    case STAMP_OURS:
        break;
    }
    return LOOK_OURS;
}

struct looking look_at(struct looker *l, const struct output_file *file)
{
    struct looking ret = {.state = LOOK_FAILED, .path = file->path};
    struct stat found;
    const char *leaf;

    enter(l, file->path, &leaf);
    if (l->folder_state != LOOK_SAME) {
        ret.state = l->folder_state;
        if (ret.state != LOOK_NOTHING)
            ret.path = l->folder;
        return ret;
    }
    if (fstatat(l->folder_fd, leaf, &found, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            ret.state = LOOK_NOTHING;
        else
            fail(l, file->path);
    } else if (!S_ISREG(found.st_mode)) {
        ret.state = S_ISLNK(found.st_mode) ? LOOK_LINK : LOOK_OTHER;
    } else if (!read_file(l, l->folder_fd, leaf, &found.st_mode)) {
        fail(l, file->path);
    } else {
        ret.state = compare(l, file, found.st_mode);
        ret.content = l->content.data;
        ret.len = l->content.len;
    }
    return ret;
}

void look_refuse(struct looker *l, const struct looking *looking)
{
    bool is_folder = l->folder_state != LOOK_SAME;

    switch (looking->state) {
    case LOOK_LINK:
        diag_add(l->diags, DIAG_OUTPUT_LINK, at(l, looking->path), "is a symbolic link");
        break;
    case LOOK_FOREIGN:
    case LOOK_OTHER:
        diag_add(l->diags, DIAG_OUTPUT_FOREIGN, at(l, looking->path), "is in the way: not %s",
                 is_folder ? "a folder" : "a file that azdo-wif wrote");
        break;
    case LOOK_EDITED:
        diag_add(l->diags, DIAG_OUTPUT_EDITED, at(l, looking->path),
                 "was edited after azdo-wif wrote it");
        break;
    default:
        break;
    }
}

bool look_read(struct looker *l, const char *path, struct looking *ret)
{
    const char *leaf;
    mode_t mode;

    enter(l, path, &leaf);
    if (l->folder_fd < 0 || !read_file(l, l->folder_fd, leaf, &mode))
        return fail(l, path);
    *ret = (struct looking){LOOK_OURS, path, l->content.data, l->content.len};
    return true;
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
        return fail(l, *prefix ? arena_strndup(l->arena, prefix, strlen(prefix) - 1) : prefix);
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

bool look_for_leftovers(struct looker *l, const char **paths, size_t count,
                        const char *only_folder, struct leftovers *ret)
{
    int folder = folder_open(l->dir_fd, only_folder ? only_folder : ".");
    const char *prefix = only_folder ? arena_printf(l->arena, "%s/", only_folder) : "";

    if (folder < 0 && errno == ENOENT)
        return true; /* a connection that is new */
    qsort(paths, count, sizeof *paths, compare_paths);
    if (!scan(l, folder, prefix, paths, count, ret))
        return false;
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_leftovers);
    return true;
}
