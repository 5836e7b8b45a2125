/* SPDX-License-Identifier: MIT
 * What a shell evaluates to be inside a simulation. */
#ifndef CLI_SIMULATE_ENV_H
#define CLI_SIMULATE_ENV_H

#include <sys/types.h>

#include "base/fsio.h"
#include "rehearse/lab.h"

enum { LIMIT_ENV_TEXT = 64 * 1024 };

/* The environment of a command inside: of KEEP what a terminal needs, and the simulation's own. */
char *const *simulate_environment(const struct lab *lab, const struct desk *desk,
                                  char *const *keep);

/* The same as lines for a POSIX shell, with "unset" for what must not stay. PID 0 is left out. */
void simulate_env_text(const struct lab *lab, const struct desk *desk, pid_t pid,
                       struct strbuf *out);

#endif
