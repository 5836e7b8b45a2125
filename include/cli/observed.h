/* SPDX-License-Identifier: MIT
 * Calls to the simulator as lines for a person. */
#ifndef CLI_OBSERVED_H
#define CLI_OBSERVED_H

#include <stdio.h>

#include "simulator/server.h"

/* "12:34:56  201    3.1 ms  PUT https://management.azure.com/...  (admin@contoso.example)", neutralised. */
void observed_print(FILE *stream, const struct observation *seen);

#endif
