/* SPDX-License-Identifier: MIT
 * A command: one per cmd_NAME.c, and the table of them all. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

/* Exit statuses, the same for all commands. */
enum status {
    STATUS_DONE,
    STATUS_FINDING,
    STATUS_USAGE,
    STATUS_INPUT,
    STATUS_REMOTE,
    STATUS_OUTPUT,
    STATUS_COUNT
};

#define STATUS_BIT(status) (1u << (status))

struct command {
    const char *name;
    const char *summary;  /* for the list of commands */
    const char *operands; /* as in a synopsis; "" when it takes none */
    int n_operands;
    bool takes_command; /* then its operands are another command line, of any length, also none */
    const char *const *operand_choices;      /* all that the operand may be; NULL: a file */
    const char *details;                     /* lines: what it does and what an operand is */
    const struct option_row *const *options; /* closed by NULL */
    unsigned statuses;                       /* STATUS_BIT of each that it can exit with */
    const char *example;                     /* a whole command line */
    enum status (*run)(const struct options *options, char *const *operands);
};

/* All commands in the order of their use; NULL past the last. */
const struct command *command_at(size_t index);
const struct command *command_find(const char *name);
const char *command_name(size_t index, const void *unused); /* for typo_nearest */

/* What a status means, for help. */
const char *status_meaning(enum status status);

extern const struct command cmd_check;
extern const struct command cmd_completion;
extern const struct command cmd_init;
extern const struct command cmd_generate;
extern const struct command cmd_plan;
extern const struct command cmd_rehearse;
extern const struct command cmd_render;
extern const struct command cmd_simulate;
extern const struct command cmd_templates;

#endif
