/* SPDX-License-Identifier: MIT
 * Whole files in and out, with a bound and with errors as findings. */
#ifndef BASE_FSIO_H
#define BASE_FSIO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/strbuf.h"

/* All bytes of FILE, or of standard input when it is "-", and a NUL that *RET_LEN does not count.
 * NULL with a finding at FILE when it cannot be read [file-read] or holds more than MAX bytes
 * [file-size]. */
const char *fsio_load(struct arena *arena, const char *file, size_t max, size_t *ret_len,
                      struct diags *diags);

/* Appends what is left in FD to OUT. False with errno; EFBIG when it is more than OUT may hold. */
bool fsio_read(int fd, struct strbuf *out);

/* Writes all LEN bytes to FD. False with errno. */
bool fsio_write(int fd, const char *data, size_t len);

/* Replaces FILE as a whole, or leaves it as it was: mode 0600. False with errno. */
bool fsio_replace(const char *file, const char *data, size_t len);

#endif
