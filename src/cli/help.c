/* SPDX-License-Identifier: MIT
 * Help texts, printed from the tables of commands and options. */
#include "cli/help.h"

#include <stdio.h>

#include "base/strbuf.h"

static void print_options(const struct option_row *const *rows)
{
    struct strbuf name;

    strbuf_init(&name, 256);
    puts("\nOptions:");
    for (; *rows; rows++) {
        const struct option_row *row = *rows;

        strbuf_reset(&name);
        if (row->letter)
            strbuf_addf(&name, "-%c, ", row->letter);
        else
            strbuf_adds(&name, "    ");
        strbuf_addf(&name, "--%s", row->name);
        if (row->argument)
            strbuf_addf(&name, " %s", row->argument);
        printf("  %-23s %s\n", name.data, row->help);
    }
    strbuf_clear(&name);
}

static void print_statuses(unsigned statuses)
{
    enum status status;

    puts("\nExit status:");
    for (status = 0; status < STATUS_COUNT; status++)
        if (statuses & STATUS_BIT(status))
            printf("  %d  %s\n", status, status_meaning(status));
}

void help_general(const struct option_row *const *options)
{
    const struct command *command;
    unsigned statuses = 0;
    size_t i;

    puts("Usage: azdo-wif COMMAND [OPTION...] [OPERAND...]\n"
         "\n"
         "Turns the description of Azure DevOps service connections with workload identity\n"
         "federation, an INI file, into scripts that administrators review and run. It never\n"
         "changes a cloud itself.\n"
         "\n"
         "Commands:");
    for (i = 0; (command = command_at(i)); i++) {
        printf("  %-10s %s\n", command->name, command->summary);
        statuses |= command->statuses;
    }
    print_options(options);
    print_statuses(statuses);
    puts("\n'azdo-wif COMMAND --help' tells more; so do azdo-wif(1) and azdo-wif.ini(5).");
}

void help_command(const struct command *command)
{
    printf("Usage: azdo-wif %s [OPTION...]%s%s\n\n%s\n", command->name,
           *command->operands ? " " : "", command->operands, command->details);
    print_options(command->options);
    print_statuses(command->statuses);
    printf("\nExample:\n  %s\n", command->example);
}
