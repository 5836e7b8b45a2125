/* SPDX-License-Identifier: MIT
 * What src/embed.sh writes: the files of templates/, as they are. */
#ifndef TEMPLATE_BUILTIN_DATA_H
#define TEMPLATE_BUILTIN_DATA_H

#include <stddef.h>

struct builtin_file {
    const char *name; /* "bash/provision.sh" */
    const char *file; /* "templates/bash/provision.sh" */
    const unsigned char *data; /* LEN bytes and a NUL */
    size_t len;
};

extern const struct builtin_file builtin_files[];
extern const size_t builtin_count;

#endif
