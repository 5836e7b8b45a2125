/* SPDX-License-Identifier: MIT
 * What simulate and rehearse do. Where the program was built without libmicrohttpd and GnuTLS, both say so
 * and return STATUS_REMOTE. */
#ifndef CLI_SIMULATION_H
#define CLI_SIMULATION_H

#include "cli/command.h"

enum status simulation_simulate(const struct options *options, char *const *operands);
enum status simulation_rehearse(const struct options *options, char *const *operands);

#endif
