/* SPDX-License-Identifier: MIT
 * INI syntax: bytes in, located records out; the only user of inih.
 *
 * What inih would cut, split, merge or swallow is read right or is a finding with its line; see
 * doc/azdo-wif.ini.5, SYNTAX. Knows no section and no key by name. */
#ifndef FORMAT_INI_SOURCE_H
#define FORMAT_INI_SOURCE_H

#include "base/diag.h"

struct ini_key {
    const char *name;
    struct loc loc; /* of the name */
    const char *value;    /* lines of a list joined with '\n', each trimmed */
    struct loc value_loc; /* of the value's first byte; lines[0] when the first line is empty */
    struct loc *line_locs; /* of the first byte of each line of the value */
    size_t n_lines;
};

struct ini_section {
    const char *name; /* between the brackets, trimmed, inner blanks as written */
    struct loc loc;
    struct ini_key *keys; /* as written, duplicates included */
    size_t n_keys;
};

struct ini {
    struct ini_section *sections; /* as written: empty and repeated ones included */
    size_t n_sections;
};

/* FILE must outlive the result. NULL when a finding is an error; then keys are not to be trusted. */
const struct ini *ini_parse_source(struct arena *arena, const char *file, const char *data,
                                   size_t len, struct diags *diags);

#endif
