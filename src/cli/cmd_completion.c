/* SPDX-License-Identifier: MIT
 * azdo-wif completion: a shell's completion script, made from the tables of commands and options. Nothing
 * in it evaluates what the user typed. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "base/typo.h"
#include "cli/report.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static bool is_folder(const char *argument)
{
    return !strcmp(argument, "DIR");
}

static bool is_file(const char *argument)
{
    return !strcmp(argument, "FILE") || !strcmp(argument, "TEMPLATE");
}

/* TEXT, which is a table's, between the single quotes of a shell; what MARKS holds gets a backslash. */
static void put_quoted(const char *text, const char *marks)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\'", stdout);
        else if (strchr(marks, *text))
            putchar('\\');
        putchar(*text);
    }
}

static void put_words(const char *const *words)
{
    for (; *words; words++)
        printf(" %s", *words);
}

/* bash */

static void bash_option_words(const struct option_row *const *rows)
{
    for (; *rows; rows++) {
        if ((*rows)->letter)
            printf(" -%c", (*rows)->letter);
        printf(" --%s", (*rows)->name);
    }
}

static void bash_arguments(const struct command *command)
{
    const struct option_row *const *rows;

    for (rows = command->options; *rows; rows++) {
        const struct option_row *row = *rows;

        if (!row->argument)
            continue;
        printf("  %s:--%s", command->name, row->name);
        if (row->letter)
            printf(" | %s:-%c", command->name, row->letter);
        fputs(") ", stdout);
        if (row->choices) {
            fputs("_azdo_wif_take -W '", stdout);
            put_words(row->choices);
            puts("' ;;");
        } else {
            puts(is_folder(row->argument) ? "_azdo_wif_take -d ;;"
                 : is_file(row->argument) ? "_azdo_wif_take -f ;;"
                                          : ": ;;");
        }
    }
}

static void bash_operands(const struct command *command)
{
    printf("  %s:-*) _azdo_wif_take -W '", command->name);
    bash_option_words(command->options);
    puts("' ;;");
    if (command->operand_choices) {
        printf("  %s:*) _azdo_wif_take -W '", command->name);
        put_words(command->operand_choices);
        puts("' ;;");
    } else {
        printf("  %s:*) %s ;;\n", command->name, command->n_operands ? "_azdo_wif_take -f" : ":");
    }
}

static void print_bash(void)
{
    const struct command *command;
    size_t i;

    puts("# Completion of azdo-wif for bash: azdo-wif completion bash\n"
         "_azdo_wif_take() {\n"
         "  local word\n"
         "  while IFS= read -r word; do COMPREPLY+=(\"$word\"); done < <(compgen \"$@\" -- \"$cur\")\n"
         "}\n"
         "\n"
         "_azdo_wif() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' i\n"
         "  COMPREPLY=()\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case ${COMP_WORDS[i]} in\n"
         "    -*) ;;\n"
         "    *)\n"
         "      command=${COMP_WORDS[i]}\n"
         "      break\n"
         "      ;;\n"
         "    esac\n"
         "  done\n"
         "  compopt -o filenames 2>/dev/null\n"
         "  case $command:$prev in");
    for (i = 0; (command = command_at(i)); i++)
        bash_arguments(command);
    puts("  *) _azdo_wif_word ;;\n"
         "  esac\n"
         "}\n"
         "\n"
         "_azdo_wif_word() {\n"
         "  case $command:$cur in");
    fputs("  :*) _azdo_wif_take -W '", stdout);
    for (i = 0; (command = command_at(i)); i++)
        printf(" %s", command->name);
    puts(" -h --help --version' ;;");
    for (i = 0; (command = command_at(i)); i++)
        bash_operands(command);
    puts("  esac\n"
         "}\n"
         "\n"
         "complete -F _azdo_wif azdo-wif");
}

/* zsh */

static void zsh_argument(const char *argument, const char *const *choices)
{
    printf(":%s:", argument);
    if (choices) {
        fputs("(", stdout);
        put_words(choices);
        fputs(")", stdout);
    } else {
        fputs(is_folder(argument) ? "_files -/" : is_file(argument) ? "_files" : " ", stdout);
    }
}

static void zsh_option(const struct option_row *row)
{
    if (row->letter)
        printf("      '(-%c --%s)'{-%c,--%s}'[", row->letter, row->name, row->letter, row->name);
    else
        printf("      '--%s[", row->name);
    put_quoted(row->help, "[]:\\");
    putchar(']');
    if (row->argument)
        zsh_argument(row->argument, row->choices);
    puts("' \\");
}

static void print_zsh(void)
{
    const struct command *command;
    const struct option_row *const *rows;
    size_t i;

    puts("#compdef azdo-wif\n"
         "# Completion of azdo-wif for zsh: azdo-wif completion zsh\n"
         "_azdo_wif() {\n"
         "  local -a commands\n"
         "  commands=(");
    for (i = 0; (command = command_at(i)); i++) {
        printf("    '%s:", command->name);
        put_quoted(command->summary, "\\:");
        puts("'");
    }
    puts("  )\n"
         "  if ((CURRENT == 2)); then\n"
         "    _describe command commands\n"
         "    _arguments '(-h --help)'{-h,--help}'[show this help]' '--version[show the version]'\n"
         "    return\n"
         "  fi\n"
         "  shift words\n"
         "  ((CURRENT--))\n"
         "  case $words[1] in");
    for (i = 0; (command = command_at(i)); i++) {
        printf("  %s)\n    _arguments \\\n", command->name);
        for (rows = command->options; *rows; rows++)
            zsh_option(*rows);
        if (command->n_operands) {
            fputs("      '1", stdout);
            zsh_argument(command->operands, command->operand_choices);
            puts("'");
        } else {
            puts("      ");
        }
        puts("    ;;");
    }
    puts("  esac\n"
         "}\n"
         "\n"
         "if [ \"$funcstack[1]\" = _azdo-wif ]; then\n"
         "  _azdo_wif \"$@\"\n"
         "else\n"
         "  compdef _azdo_wif azdo-wif\n"
         "fi");
}

/* fish */

static void fish_option(const char *condition, const struct option_row *row)
{
    printf("complete -c azdo-wif -n '%s' -l %s", condition, row->name);
    if (row->letter)
        printf(" -s %c", row->letter);
    if (row->choices) {
        fputs(" -x -a '", stdout);
        put_words(row->choices);
        putchar('\'');
    } else if (row->argument) {
        fputs(is_folder(row->argument) ? " -x -a '(__fish_complete_directories)'"
              : is_file(row->argument) ? " -r -F"
                                       : " -x",
              stdout);
    }
    fputs(" -d '", stdout);
    put_quoted(row->help, "\\");
    puts("'");
}

static void print_fish(void)
{
    const struct command *command;
    const struct option_row *const *rows;
    char condition[128];
    size_t i;

    puts("# Completion of azdo-wif for fish: azdo-wif completion fish\n"
         "complete -c azdo-wif -f\n"
         "complete -c azdo-wif -n __fish_use_subcommand -s h -l help -d 'show this help'\n"
         "complete -c azdo-wif -n __fish_use_subcommand -l version -d 'show the version'");
    for (i = 0; (command = command_at(i)); i++) {
        printf("complete -c azdo-wif -n __fish_use_subcommand -a %s -d '", command->name);
        put_quoted(command->summary, "\\");
        puts("'");
        snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s", command->name);
        for (rows = command->options; *rows; rows++)
            fish_option(condition, *rows);
        if (command->operand_choices) {
            printf("complete -c azdo-wif -n '%s' -a '", condition);
            put_words(command->operand_choices);
            puts("'");
        } else if (command->n_operands) {
            printf("complete -c azdo-wif -n '%s' -F\n", condition);
        }
    }
}

static enum status run(const struct options *options, char *const *operands)
{
    static void (*const print[])(void) = {print_bash, print_zsh, print_fish};
    const char *nearest;
    size_t i;

    (void)options;
    for (i = 0; shells[i]; i++) {
        if (strcmp(shells[i], operands[0]) != 0)
            continue;
        print[i]();
        return STATUS_DONE;
    }
    nearest = typo_nearest_of(operands[0], shells);
    report_usage(nearest ? nearest : "one of bash, zsh, fish", "unknown shell '%s'", operands[0]);
    return STATUS_USAGE;
}

static const struct option_row *const rows[] = {&option_help, &option_version, NULL};

const struct command cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for bash, zsh or fish",
    .operands = "SHELL",
    .n_operands = 1,
    .operand_choices = shells,
    .details = "Prints the completion script of SHELL: bash, zsh or fish. 'make install' puts them\n"
               "where these shells look; else, for bash: source <(azdo-wif completion bash).",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_USAGE) | STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif completion bash",
    .run = run,
};
