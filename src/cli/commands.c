/* SPDX-License-Identifier: MIT
 * The table of commands. */
#include "cli/command.h"

#include <string.h>

static const struct command *const commands[] = {&cmd_init, &cmd_generate, &cmd_check, &cmd_plan, &cmd_simulate, &cmd_rehearse, &cmd_templates,
                                                &cmd_render,   &cmd_completion};

static const char *const meanings[STATUS_COUNT] = {
    [STATUS_DONE] = "done",
    [STATUS_FINDING] = "a finding",
    [STATUS_USAGE] = "called in a wrong way",
    [STATUS_INPUT] = "the INI file, a template or data is missing or wrong",
    [STATUS_REMOTE] = "a remote side or a needed program failed",
    [STATUS_OUTPUT] = "output could not be written",
};

const struct command *command_at(size_t index)
{
    return index < sizeof commands / sizeof *commands ? commands[index] : NULL;
}

const struct command *command_find(const char *name)
{
    const struct command *command;
    size_t i;

    for (i = 0; (command = command_at(i)); i++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

const char *command_name(size_t index, const void *unused)
{
    const struct command *command = command_at(index);

    (void)unused;
    return command ? command->name : NULL;
}

const char *status_meaning(enum status status)
{
    return meanings[status];
}
