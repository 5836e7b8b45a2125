/* SPDX-License-Identifier: MIT
 * Help texts, printed from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

void help_general(const struct option_row *const *options);
void help_command(const struct command *command);

#endif
