/* SPDX-License-Identifier: MIT
 * Work below a folder that is held open, never through a symbolic link. */
#include "emit/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsio.h"

enum { ATTEMPTS = 100 };

int folder_open(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Closes FD and keeps errno: for the way out of a failure. */
static void close_quietly(int fd)
{
    int error = errno;

    close(fd);
    errno = error;
}

int folder_of(int root, const char *path, const char **ret_leaf)
{
    int fd = folder_open(root, ".");

    while (fd >= 0) {
        const char *slash = strchr(path, '/');
        char part[NAME_MAX + 1];
        int next;

        if (!slash)
            break;
        if ((size_t)(slash - path) > NAME_MAX) {
            close(fd);
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(part, path, (size_t)(slash - path));
        part[slash - path] = '\0';
        next = folder_open(fd, part);
        close_quietly(fd);
        fd = next;
        path = slash + 1;
    }
    *ret_leaf = path;
    return fd;
}

bool folder_make(int root, const char *path)
{
    const char *leaf;
    int fd = folder_of(root, path, &leaf);
    bool made;

    if (fd < 0)
        return false;
    made = mkdirat(fd, leaf, 0755) == 0 && fchmodat(fd, leaf, 0755, 0) == 0;
    close_quietly(fd);
    return made;
}

bool folder_make_temporary(int parent, const char *prefix, char *ret_name, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
    int attempt;

    for (attempt = 0; attempt < ATTEMPTS; attempt++) {
        uint8_t noise[6];
        char suffix[sizeof noise + 1] = "";
        size_t i;

        if (getrandom(noise, sizeof noise, 0) != (ssize_t)sizeof noise)
            return false;
        for (i = 0; i < sizeof noise; i++)
            suffix[i] = letters[noise[i] % 32];
        snprintf(ret_name, size, "%s%s", prefix, suffix);
        if (mkdirat(parent, ret_name, 0700) == 0)
            return true;
        if (errno != EEXIST)
            return false;
    }
    return false;
}

bool folder_write(int root, const char *path, const char *data, size_t len, bool executable)
{
    const char *leaf;
    int folder = folder_of(root, path, &leaf);
    bool written;
    int fd;

    if (folder < 0)
        return false;
    fd = openat(folder, leaf, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    close_quietly(folder);
    if (fd < 0)
        return false;
    written = fsio_write(fd, data, len) && fchmod(fd, executable ? 0755 : 0644) == 0;
    if (!written)
        close_quietly(fd);
    else if (close(fd) != 0)
        written = false; /* some file systems report a full disk only here */
    return written;
}

/* renameat2 with FLAGS on the folders that hold PATH. */
static bool rename_between(int from, int to, const char *path, unsigned flags)
{
    const char *leaf;
    int source = folder_of(from, path, &leaf), target;
    bool done = false;

    if (source < 0)
        return false;
    target = folder_of(to, path, &leaf);
    if (target >= 0) {
        done = renameat2(source, leaf, target, leaf, flags) == 0;
        close_quietly(target);
    }
    close_quietly(source);
    return done;
}

bool folder_move(int from, int to, const char *path)
{
    if (rename_between(from, to, path, RENAME_NOREPLACE))
        return true;
    /* A file system without that flag: the caller has looked, under its lock, that nothing is
     * there. */
    return (errno == EINVAL || errno == ENOSYS) && rename_between(from, to, path, 0);
}

bool folder_swap(int from, int to, const char *path)
{
    return rename_between(from, to, path, RENAME_EXCHANGE);
}

/* Our own folder may have been closed against us: its mode is no hindrance. */
static int open_to_empty(int parent, const char *name)
{
    int fd = folder_open(parent, name);

    if (fd < 0 && errno == EACCES && !fchmodat(parent, name, 0700, 0))
        fd = folder_open(parent, name);
    if (fd >= 0)
        fchmod(fd, 0700);
    return fd;
}

bool folder_remove(int parent, const char *name)
{
    int fd = open_to_empty(parent, name);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    bool done = true;

    if (!entries) {
        if (fd >= 0)
            close_quietly(fd);
        return errno == ENOTDIR && unlinkat(parent, name, 0) == 0;
    }
    while ((entry = readdir(entries))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        done = folder_remove(fd, entry->d_name) && done;
    }
    closedir(entries);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 && done;
}
