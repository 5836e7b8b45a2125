/* SPDX-License-Identifier: MIT
 * Work below a folder that is held open, never through a symbolic link.
 *
 * PATH is relative to ROOT, '/'-separated, without empty, "." and ".." parts. What fails leaves the
 * reason in errno; a symbolic link where a folder should be is ENOTDIR. */
#ifndef EMIT_FOLDER_H
#define EMIT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* NAME in the folder PARENT, for the caller to close; -1 on failure. */
int folder_open(int parent, const char *name);

/* The folder that holds PATH, for the caller to close, and its last part; -1 on failure. */
int folder_of(int root, const char *path, const char **ret_leaf);

/* Makes one folder with mode 0755, whatever the umask. */
bool folder_make(int root, const char *path);

/* Makes a folder of a name that was free, PREFIX and six characters, in PARENT, only for this user.
 * NAME has room for SIZE bytes. */
bool folder_make_temporary(int parent, const char *prefix, char *ret_name, size_t size);

/* Makes PATH with mode 0644, or 0755 when EXECUTABLE, whatever the umask; it must not exist. */
bool folder_write(int root, const char *path, const char *data, size_t len, bool executable);

/* Renames PATH below FROM to PATH below TO, where nothing may be. */
bool folder_move(int from, int to, const char *path);

/* Exchanges the two files PATH in one step: there is no moment without either. EINVAL or ENOSYS where
 * the file system cannot. */
bool folder_swap(int from, int to, const char *path);

/* Removes NAME in PARENT with all that is in it. */
bool folder_remove(int parent, const char *name);

#endif
