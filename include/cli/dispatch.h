/* SPDX-License-Identifier: MIT
 * From an argument vector to a command, and from its status to the exit of the process. */
#ifndef CLI_DISPATCH_H
#define CLI_DISPATCH_H

/* What main returns. */
int dispatch(int argc, char **argv);

#endif
