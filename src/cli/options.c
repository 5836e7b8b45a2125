/* SPDX-License-Identifier: MIT
 * Options as tables. */
#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/typo.h"
#include "cli/report.h"

enum {
    MAX_ROWS = 32,
    FIRST_VALUE = 256 /* getopt's value of row 0: above every letter */
};

#define FIELD(name) offsetof(struct options, name)

const struct option_row option_help = {"help", 'h', NULL, NULL, "show this help", FIELD(help)};
const struct option_row option_version = {"version",     0, NULL, NULL, "show the version",
                                          FIELD(version)};
const struct option_row option_quiet = {"quiet", 'q', NULL, NULL, "leave out notes", FIELD(quiet)};
const struct option_row option_output = {
    "output", 'o', "DIR", NULL, "the output folder (default: FILE without .ini)", FIELD(output)};
const struct option_row option_connection = {
    "connection", 0, "NAME", NULL, "only this connection", FIELD(connection)};
const struct option_row option_templates = {
    "templates", 0, "DIR", NULL, "templates that replace built-in ones of the same name",
    FIELD(templates)};
const struct option_row option_json = {"json", 0, NULL, NULL, "print JSON", FIELD(json)};

const struct option_row option_state = {
    "state", 0, "FILE", NULL, "the world to begin with: JSON, see azdo-wif-world(5)", FIELD(state)};

struct parser {
    const struct option_row *const *rows;
    const char *hint;
    char letters[3 * MAX_ROWS + 3];
    struct option longs[MAX_ROWS + 1];
};

static void build(struct parser *p, bool options_first)
{
    char *letter = p->letters;
    int i;

    if (options_first)
        *letter++ = '+';
    *letter++ = ':'; /* tell a missing argument from an unknown option, and print neither */
    for (i = 0; p->rows[i]; i++) {
        const struct option_row *row = p->rows[i];

        if (i == MAX_ROWS)
            BUG("too many options");
        p->longs[i] = (struct option){.name = row->name,
                                      .has_arg = row->argument ? required_argument : no_argument,
                                      .val = FIRST_VALUE + i};
        if (row->letter) {
            *letter++ = row->letter;
            if (row->argument)
                *letter++ = ':';
        }
    }
    p->longs[i] = (struct option){0};
    *letter = '\0';
}

/* The row of what getopt_long returned, or set optopt to; NULL when it is none. */
static const struct option_row *row_of(const struct parser *p, int value)
{
    int i;

    for (i = 0; p->rows[i]; i++)
        if (value == FIRST_VALUE + i || (p->rows[i]->letter && value == p->rows[i]->letter))
            return p->rows[i];
    return NULL;
}

static const char *next_name(size_t index, const void *data)
{
    const struct option_row *row = ((const struct parser *)data)->rows[index];

    return row ? row->name : NULL;
}

/* ARGUMENT begins with "--" and is no option, or is the beginning of several. */
static void refuse_long(const struct parser *p, const char *argument)
{
    struct strbuf hint, name;
    const char *nearest;
    int matches = 0, i;

    strbuf_init(&hint, 1024);
    strbuf_init(&name, 1024);
    strbuf_add(&name, argument + 2, strcspn(argument + 2, "="));
    for (i = 0; p->rows[i]; i++)
        if (strncmp(p->rows[i]->name, name.data, name.len) == 0)
            strbuf_addf(&hint, "%s--%s", matches++ ? " or " : "", p->rows[i]->name);
    nearest = typo_nearest(name.data, next_name, p);
    if (matches > 1) {
        report_usage(hint.data, "ambiguous option '--%s'", name.data);
    } else {
        strbuf_reset(&hint);
        if (nearest)
            strbuf_addf(&hint, "did you mean '--%s'?", nearest);
        else
            strbuf_adds(&hint, p->hint);
        report_usage(hint.data, "unknown option '--%s'", name.data);
    }
    strbuf_clear(&hint);
    strbuf_clear(&name);
}

/* Says why getopt_long returned RESULT, ':' or '?', at ARGUMENT. */
static void refuse(const struct parser *p, int result, const char *argument)
{
    const struct option_row *row = row_of(p, optopt);

    if (row && result == ':')
        report_usage(p->hint, "option '--%s' needs an argument: %s", row->name, row->argument);
    else if (row)
        report_usage(p->hint, "option '--%s' takes no argument", row->name);
    else if (optopt == 0)
        refuse_long(p, argument);
    else if (optopt > ' ' && optopt < 0x7f)
        report_usage(p->hint, "unknown option '-%c'", optopt);
    else
        report_usage(p->hint, "unknown option in '%s'", argument);
}

/* Is VALUE one that ROW allows? */
static bool check_value(const struct option_row *row, const char *value)
{
    struct strbuf hint;
    const char *nearest;
    int i;

    if (!*value) {
        report_usage(NULL, "option '--%s' needs an argument that is not empty", row->name);
        return false;
    }
    if (!row->choices)
        return true;
    for (i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], value) == 0)
            return true;
    nearest = typo_nearest_of(value, row->choices);
    strbuf_init(&hint, 1024);
    if (nearest)
        strbuf_addf(&hint, "did you mean '%s'?", nearest);
    for (i = 0; !nearest && row->choices[i]; i++)
        strbuf_addf(&hint, "%s%s", i ? ", " : "one of ", row->choices[i]);
    report_usage(hint.data, "unknown value '%s' of option '--%s'", value, row->name);
    strbuf_clear(&hint);
    return false;
}

static bool take(const struct option_row *row, struct options *ret)
{
    char *field = (char *)ret + row->offset;
    const char *value = optarg;

    if (!row->argument)
        memcpy(field, &(bool){true}, sizeof(bool));
    else if (check_value(row, value))
        memcpy(field, &value, sizeof value);
    else
        return false;
    return true;
}

int options_parse(const struct option_row *const *rows, bool options_first, const char *hint,
                  int argc, char **argv, struct options *ret)
{
    struct parser p = {.rows = rows, .hint = hint};
    int result;

    build(&p, options_first);
    optind = 0; /* glibc: forget the last argument vector */
    opterr = 0;
    while ((result = getopt_long(argc, argv, p.letters, p.longs, NULL)) != -1) {
        const struct option_row *row = result == ':' || result == '?' ? NULL : row_of(&p, result);

        if (!row)
            refuse(&p, result, argv[optind - 1]);
        if (!row || !take(row, ret))
            return 0;
    }
    return optind;
}
