/* SPDX-License-Identifier: MIT
 * Not installed: prints the parts of the manual pages that follow from tables, for doc/update.sh.
 *
 *     docgen synopsis | commands | faults | encoders | script | index | report */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "emit/shape.h"
#include "encode/encode.h"
#include "rehearse/fault_names.h"

enum { WIDTH = 76 };

/* Text as roff wants it: short lines, a sentence on a line of its own, nothing that looks like a request,
 * and no escape but ours. */
static void put_text(const char *text)
{
    size_t column = 0;

    while (*text) {
        size_t len = strcspn(text, " \n"), i;

        if (column && column + 1 + len > WIDTH) {
            putchar('\n');
            column = 0;
        }
        if (column)
            putchar(' ');
        else if (*text == '.' || *text == '\'')
            fputs("\\&", stdout);
        for (i = 0; i < len; i++)
            fputs(text[i] == '\\' ? "\\e" : (char[]){text[i], '\0'}, stdout);
        column += len + 1;
        if (len && (text[len - 1] == '.' || text[len - 1] == '?') && text[len]) {
            putchar('\n');
            column = 0;
        }
        text += len;
        text += strspn(text, " \n");
    }
    putchar('\n');
}

static void print_synopsis(void)
{
    const struct command *command;
    const struct option_row *const *rows;
    size_t i;

    for (i = 0; (command = command_at(i)); i++) {
        printf(".Nm\n.Cm %s\n", command->name);
        for (rows = command->options; *rows; rows++) {
            if (*rows == &option_help || *rows == &option_version)
                continue;
            if ((*rows)->letter)
                printf(".Op Fl %c", (*rows)->letter);
            else
                printf(".Op Fl -%s", (*rows)->name);
            if ((*rows)->argument)
                printf(" Ar %s", (*rows)->argument);
            putchar('\n');
        }
        if (command->n_operands)
            printf(".Ar %s\n", command->operands);
        if (command->takes_command)
            puts(".Op Cm -- Ar COMMAND ...");
    }
}

static void print_option(const struct option_row *row)
{
    const char *const *choice;

    fputs(".It Fl ", stdout);
    if (row->letter)
        printf("%c , ", row->letter);
    printf("-%s", row->name);
    if (row->argument)
        printf(" Ar %s", row->argument);
    putchar('\n');
    put_text(row->help);
    if (!row->choices)
        return;
    puts(".br\nOne of");
    for (choice = row->choices; *choice; choice++)
        printf(".Cm %s%s\n", *choice, choice[1] ? " ," : " .");
}

/* A "--" alone would be taken for a dash. */
static void print_example(const char *line)
{
    const char *dashes = strstr(line, " -- ");

    if (dashes)
        printf(".Dl %.*s \\-\\-%s\n", (int)(dashes - line), line, dashes + 3);
    else
        printf(".Dl %s\n", line);
}

static void print_commands(void)
{
    const struct command *command;
    const struct option_row *const *rows;
    size_t i;

    for (i = 0; (command = command_at(i)); i++) {
        printf(".Ss azdo-wif %s\n", command->name);
        put_text(command->details);
        puts(".Bl -tag -width Ds");
        for (rows = command->options; *rows; rows++)
            print_option(*rows);
        puts(".El\n.Pp\nExample:");
        print_example(command->example);
    }
}

static void print_faults(void)
{
    enum fault_kind kind;

    puts(".Bl -tag -width second-person");
    for (kind = 0; kind < FAULT_KINDS; kind++) {
        printf(".It Cm %s\n", fault_name(kind));
        put_text(fault_text(kind));
        puts(".br");
        put_text(fault_promise(kind));
    }
    puts(".El");
}

static void print_encoders(void)
{
    const struct encoder *encoder;
    size_t i;

    puts(".Bl -tag -width shell_double -compact");
    for (i = 0; (encoder = encoder_at(i)); i++) {
        printf(".It Ic %s\n", encoder->name);
        put_text(encoder->meaning);
    }
    puts(".El");
}

static void print_shape(const struct shape *fields)
{
    static const char *const kinds[] = {[SHAPE_TEXT] = "text",
                                        [SHAPE_TOKEN] = "token",
                                        [SHAPE_BOOL] = "yes or no",
                                        [SHAPE_LIST] = "list",
                                        [SHAPE_OBJECT] = "object"};

    puts(".Bl -tag -width Ds -compact");
    for (; fields->kind != SHAPE_END; fields++) {
        printf(".It Va %s%s Pq %s\n", *fields->name == '.' ? "\\&" : "", fields->name,
               kinds[fields->kind]);
        put_text(fields->meaning);
        if (fields->fields)
            print_shape(fields->fields);
    }
    puts(".El");
}

int main(int argc, char **argv)
{
    const char *part = argc == 2 ? argv[1] : "";

    if (!strcmp(part, "synopsis"))
        print_synopsis();
    else if (!strcmp(part, "commands"))
        print_commands();
    else if (!strcmp(part, "faults"))
        print_faults();
    else if (!strcmp(part, "encoders"))
        print_encoders();
    else if (!strcmp(part, "script"))
        print_shape(shape_script);
    else if (!strcmp(part, "index"))
        print_shape(shape_index);
    else if (!strcmp(part, "report"))
        print_shape(shape_report);
    else
        return 2;
    return 0;
}
