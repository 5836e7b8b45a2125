/* SPDX-License-Identifier: MIT
 * The walls around a rehearsal, as far as the kernel lets this user build them. */
#ifndef REHEARSE_ISOLATION_H
#define REHEARSE_ISOLATION_H

#include <stdbool.h>

struct isolation {
    bool network; /* a network of our own, in which there is only loopback */
    bool home;    /* the caller's home folder is out of sight */
    const char *why_not_network, *why_not_home; /* "" when they are */
};

/* Puts this process, and all that it starts from now on, behind them. To be called before there is
 * a second thread, and after everything of the caller's has been read. KEEP is a file that must
 * stay in sight, as a program that is needed; NULL: none. What cannot be had is said, not fatal: an
 * empty environment, a proxy and a scratch home keep scripts from elsewhere already. */
struct isolation isolation_enter(const char *keep);

#endif
