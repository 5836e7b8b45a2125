/* SPDX-License-Identifier: MIT
 * simulate and rehearse of a program that was built without the simulator. */
#include "cli/simulation.h"

#include "cli/report.h"

static enum status refuse(void)
{
    report_usage(
        "on Debian: apt-get install libmicrohttpd-dev libgnutls28-dev; then run configure and "
        "make again",
        "this azdo-wif was built without its simulator, which needs libmicrohttpd and GnuTLS");
    return STATUS_REMOTE;
}

enum status simulation_simulate(const struct options *options, char *const *operands)
{
    (void)options, (void)operands;
    return refuse();
}

enum status simulation_rehearse(const struct options *options, char *const *operands)
{
    (void)options, (void)operands;
    return refuse();
}
