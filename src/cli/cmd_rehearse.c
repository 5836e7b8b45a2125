/* SPDX-License-Identifier: MIT
 * azdo-wif rehearse: the scripts, run for real in a simulated world. */
#include "cli/command.h"

#include "cli/simulation.h"

static const struct option_row split = {
    "split",
    0,
    NULL,
    NULL,
    "run the numbered scripts, each as the administrator that it is for",
    offsetof(struct options, split)};

static const struct option_row faults = {
    "faults",
    0,
    NULL,
    NULL,
    "then again with every fault at every write, which takes an hour or so",
    offsetof(struct options, faults)};
static const struct option_row fault = {
    "fault",
    0,
    "LIST",
    NULL,
    "provision and roll back, then again with these faults only: KIND@N, with commas in between",
    offsetof(struct options, fault)};
static const struct option_row report = {"report",
                                         0,
                                         "FILE",
                                         NULL,
                                         "also write a page for the person who approves, as HTML",
                                         offsetof(struct options, report)};

static const struct option_row *const rows[] = {&split,
                                                &faults,
                                                &fault,
                                                &report,
                                                &option_connection,
                                                &option_state,
                                                &option_templates,
                                                &option_json,
                                                &option_quiet,
                                                &option_help,
                                                &option_version,
                                                NULL};

const struct command cmd_rehearse = {
    .name = "rehearse",
    .summary = "run the scripts in a simulated Azure, and prove that sign-in works",
    .operands = "FILE",
    .n_operands = 1,
    .details =
        "Generates the scripts of FILE, an INI file, and runs them byte for byte, with the real "
        "az,\n"
        "in a simulated Azure: provision, verify, the sign-in of a pipeline, provision again, "
        "which\n"
        "must write nothing, and rollback, which must leave the world as it was. Nothing is sent\n"
        "elsewhere, nothing of yours is visible to the scripts, and nothing is left behind.\n"
        "\n"
        "With --faults it is repeated with each kind of trouble at each write in turn: the reply "
        "is\n"
        "lost, the service is busy or out of order, the script is killed, and so on. The script "
        "must\n"
        "get over it or stop with a reason, and the next run, undisturbed, must end as if nothing "
        "had\n"
        "happened.",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_FINDING) | STATUS_BIT(STATUS_USAGE) |
                STATUS_BIT(STATUS_INPUT) | STATUS_BIT(STATUS_REMOTE) | STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif rehearse contoso.ini --split --report contoso.html",
    .run = simulation_rehearse,
};
