/* SPDX-License-Identifier: MIT
 * From an argument vector to a command, and from its status to the exit of the process. */
#include "cli/dispatch.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdio.h>

#include "base/strbuf.h"
#include "base/typo.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/report.h"
#include "cli/term.h"

static const struct option_row *const main_options[] = {&option_help, &option_version, NULL};

static enum status print_version(void)
{
    puts("azdo-wif " PACKAGE_VERSION);
    return STATUS_DONE;
}

static enum status refuse_command(const char *name)
{
    const char *nearest = typo_nearest(name, command_name, NULL);
    struct strbuf hint;

    strbuf_init(&hint, 256);
    if (nearest)
        strbuf_addf(&hint, "did you mean '%s'?", nearest);
    else
        strbuf_adds(&hint, "see 'azdo-wif --help'");
    report_usage(hint.data, "unknown command '%s'", name);
    strbuf_clear(&hint);
    return STATUS_USAGE;
}

/* ARGV[0] is the command's name. */
static enum status run_command(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    enum status status = STATUS_USAGE;
    struct strbuf hint;
    int first;

    strbuf_init(&hint, 256);
    strbuf_addf(&hint, "see 'azdo-wif %s --help'", command->name);
    first = options_parse(command->options, command->takes_command, hint.data, argc, argv, &options);
    if (!first) {
        ; /* said already */
    } else if (options.help) {
        help_command(command);
        status = STATUS_DONE;
    } else if (options.version) {
        status = print_version();
    } else if (argc - first < command->n_operands) {
        report_usage(hint.data, "%s needs an operand: %s", command->name, command->operands);
    } else if (argc - first > command->n_operands && !command->takes_command) {
        report_usage(hint.data, "%s takes no operand '%s'", command->name,
                     argv[first + command->n_operands]);
    } else {
        status = command->run(&options, argv + first);
    }
    strbuf_clear(&hint);
    return status;
}

static enum status run(int argc, char **argv)
{
    static const char hint[] = "see 'azdo-wif --help'";
    const struct command *command;
    struct options options = {0};
    int first = options_parse(main_options, true, hint, argc, argv, &options);

    if (!first)
        return STATUS_USAGE;
    if (options.help) {
        help_general(main_options);
        return STATUS_DONE;
    }
    if (options.version)
        return print_version();
    if (first == argc) {
        report_usage(hint, "no command was given");
        return STATUS_USAGE;
    }
    command = command_find(argv[first]);
    if (!command)
        return refuse_command(argv[first]);
    return run_command(command, argc - first, argv + first);
}

int dispatch(int argc, char **argv)
{
    enum status status;
    const char *lost;

    term_keep_streams();
    status = run(argc, argv);
    lost = term_close_stdout();
    if (lost) {
        report_note("standard output could not be written: %s", lost);
        status = STATUS_OUTPUT;
    }
    return (int)status;
}
