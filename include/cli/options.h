/* SPDX-License-Identifier: MIT
 * Options as tables: what getopt_long, the help texts and the manual are held to. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* The values of all options of all commands; a command reads those in its table. */
struct options {
    bool help, version, quiet;
    bool prune, json, lenient;
    bool env, split, faults; /* simulate; rehearse */
    const char *output, *connection, *identity, *data, *language, *partials,
        *templates, *export, *report, *state, *save, *fit, *idle, *fault; /* NULL: not given */
};

struct option_row {
    const char *name;
    char letter;                /* 0: it has only the long form */
    const char *argument;       /* how help calls it; NULL: a flag, a bool in struct options */
    const char *const *choices; /* all that the argument may be, NULL-terminated; NULL: any text */
    const char *help;
    size_t offset; /* in struct options */
};

/* Rows that several commands share. */
extern const struct option_row option_help, option_version, option_quiet;
extern const struct option_row option_output, option_connection, option_json, option_templates,
    option_state;

/* Parses ARGV[1] and up by ROWS, which NULL closes. Operands may stand between
 * options, unless OPTIONS_FIRST: then all from the first operand on is left alone. Returns the
 * index of the first operand (they are moved to the end), or 0 after a message, with HINT when
 * there is no better one. */
int options_parse(const struct option_row *const *rows, bool options_first, const char *hint,
                  int argc, char **argv, struct options *ret);

#endif
