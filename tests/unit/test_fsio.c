/* SPDX-License-Identifier: MIT
 * Reading whole files: bounds and errors. */
#include "base/fsio.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

int main(void)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    char path[] = "/tmp/azdo-wif-fsio-XXXXXX";
    int fd = mkstemp(path), pipes[2];
    const char *data;
    size_t len = 0;

    ok(fd >= 0 && fsio_write(fd, "a\0b\n", 4), "four bytes are written");
    data = fsio_load(arena, path, 4, &len, &diags);
    ok(data && len == 4 && memcmp(data, "a\0b\n", 5) == 0, "and read back, with a NUL behind");
    ok(!fsio_load(arena, path, 3, &len, &diags), "not when only three are allowed");
    is_str(diag_name(diags.items[0].id), "file-size", "which is a finding");
    is_str(diags.items[0].text, "is larger than 3 bytes", "that says so");
    is_str(diags.items[0].loc.file, path, "at the file");
    ok(len == 4, "and leaves the length alone");
    unlink(path);
    ok(!fsio_load(arena, path, 4, &len, &diags), "a missing file is not read");
    is_str(diags.items[1].text, "cannot be read: No such file or directory", "and says why");
    ok(!fsio_load(arena, "/tmp", 4, &len, &diags), "nor is a folder");
    is_str(diags.items[2].text, "cannot be read: Is a directory", "which says why, too");
    ok(pipe(pipes) == 0 && fsio_write(pipes[1], "piped", 5) && close(pipes[1]) == 0 &&
           dup2(pipes[0], STDIN_FILENO) == STDIN_FILENO,
       "a pipe as standard input");
    is_str(fsio_load(arena, "-", 5, &len, &diags), "piped", "is read by the name -");
    ok(close(STDIN_FILENO) == 0 && !fsio_load(arena, "-", 5, &len, &diags),
       "not when it is closed");
    is_str(diags.items[3].loc.file, "standard input", "and is called standard input");
    ok(!fsio_write(open("/dev/full", O_WRONLY), "x", 1), "a full device does not take a byte");
    arena_free(arena);
    return done_testing();
}
