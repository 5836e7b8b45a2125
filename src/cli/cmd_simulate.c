/* SPDX-License-Identifier: MIT
 * azdo-wif simulate: a simulated Azure, Entra and Azure DevOps for any client. */
#include "cli/command.h"

#include "cli/simulation.h"

static const struct option_row env = {"env",
                                      0,
                                      NULL,
                                      NULL,
                                      "go on in the background and print what a shell evaluates",
                                      offsetof(struct options, env)};
static const struct option_row fit = {"fit",
                                      0,
                                      "FILE",
                                      NULL,
                                      "begin with a world that fits this INI file",
                                      offsetof(struct options, fit)};
static const struct option_row save = {"save",
                                       0,
                                       "FILE",
                                       NULL,
                                       "write the world to this file at the end",
                                       offsetof(struct options, save)};
static const struct option_row idle = {"idle",
                                       0,
                                       "MINUTES",
                                       NULL,
                                       "with --env: end after so long without a call (default: 60)",
                                       offsetof(struct options, idle)};

static const struct option_row *const rows[] = {
    &env, &option_state, &fit, &save, &idle, &option_quiet, &option_help, &option_version, NULL};

const struct command cmd_simulate = {
    .name = "simulate",
    .summary = "a simulated Azure, Entra and Azure DevOps, to try scripts in",
    .operands = "[-- COMMAND...]",
    .takes_command = true,
    .details =
        "Runs a simulated Azure, Entra and Azure DevOps on this machine, to which az, curl and "
        "any\n"
        "other client speak as they would to the real ones, through a proxy on 127.0.0.1 that\n"
        "reaches nothing else. az is signed in as a person who has all rights. COMMAND runs "
        "inside\n"
        "it, and its status is the exit status; without it, calls are shown until Ctrl-C.\n"
        "With --env:\n"
        "    eval \"$(azdo-wif simulate --env)\"",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_USAGE) | STATUS_BIT(STATUS_INPUT) |
                STATUS_BIT(STATUS_REMOTE) | STATUS_BIT(STATUS_OUTPUT),
    .example =
        "azdo-wif simulate --fit contoso.ini -- bash contoso/payments-prod/provision.sh --yes",
    .run = simulation_simulate,
};
