/* SPDX-License-Identifier: MIT
 * Whole files in and out. */
#include "base/fsio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool fsio_read(int fd, struct strbuf *out)
{
    char piece[64 * 1024];

    for (;;) {
        ssize_t got = read(fd, piece, sizeof piece);

        if (got == 0)
            return true;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        strbuf_add(out, piece, (size_t)got);
        if (out->overflow) {
            errno = EFBIG;
            return false;
        }
    }
}

bool fsio_write(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, data, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data += put;
        len -= (size_t)put;
    }
    return true;
}

const char *fsio_load(struct arena *arena, const char *file, size_t max, size_t *ret_len,
                      struct diags *diags)
{
    bool from_stdin = strcmp(file, "-") == 0;
    struct loc loc = {.file = from_stdin ? "standard input" : file};
    int fd = from_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    const char *data = NULL;
    struct strbuf content;

    strbuf_init(&content, max);
    if (fd < 0 || !fsio_read(fd, &content)) {
        if (errno == EFBIG && content.overflow)
            diag_add(diags, DIAG_FILE_SIZE, loc, "is larger than %zu bytes", max);
        else
            diag_add(diags, DIAG_FILE_READ, loc, "cannot be read: %s", strerror(errno));
        goto out;
    }
    *ret_len = content.len;
    data = arena_strndup(arena, content.data, content.len);
out:
    if (fd >= 0 && !from_stdin)
        close(fd);
    strbuf_clear(&content);
    return data;
}

bool fsio_replace(const char *file, const char *data, size_t len)
{
    struct arena *arena = arena_new();
    char *draft = arena_printf(arena, "%s.XXXXXX", file);
    int fd = mkostemp(draft, O_CLOEXEC), error = errno;
    bool done = fd >= 0;

    if (done && (!fsio_write(fd, data, len) || fsync(fd))) {
        error = errno;
        done = false;
    }
    if (fd >= 0 && close(fd) && done) {
        error = errno;
        done = false;
    }
    if (done && rename(draft, file)) {
        error = errno;
        done = false;
    }
    if (fd >= 0 && !done)
        unlink(draft);
    arena_free(arena);
    errno = error;
    return done;
}
