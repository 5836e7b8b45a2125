/* SPDX-License-Identifier: MIT
 * INI syntax: bytes in, located records out; the only user of inih.
 *
 * What inih would cut, split, merge or swallow is read right or is a finding with its line; see
 * doc/azdo-wif.ini.5, SYNTAX. Knows no section and no key by name. */
#ifndef FORMAT_INI_SOURCE_H
#define FORMAT_INI_SOURCE_H

#include "base/diag.h"

struct ini_line {
    const char *text; /* trimmed */
    struct loc loc;   /* of its first byte; of where it would be when it is empty */
};

struct ini_key {
    const char *name;
    struct loc loc; /* of the name */
    struct ini_line
        *lines;     /* the first is what follows '=', often empty; the others were indented */
    size_t n_lines; /* at least 1 */
};

struct ini_section {
    const char *name; /* between the brackets, trimmed, inner blanks as written; NULL: unreadable */
    struct loc loc;
    struct ini_key *keys; /* as written, duplicates included */
    size_t n_keys;
    bool damaged; /* a line of it is a finding: what seems to be missing may stand there */
};

struct ini {
    struct ini_section *sections; /* as written: empty and repeated ones included */
    size_t n_sections;
    bool damaged; /* a header is a finding: a section that seems to be missing may be that one */
};

/* Reads what can be read and reports every line that cannot, so that the caller can go on and
 * report what else is wrong. FILE must outlive the result. NULL when DATA is too large to be read
 * at all. */
const struct ini *ini_parse_source(struct arena *arena, const char *file, const char *data,
                                   size_t len, struct diags *diags);

#endif
