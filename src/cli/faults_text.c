/* SPDX-License-Identifier: MIT
 * A table of faults for a person, while it is filled and afterwards. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cli/rehearse.h"
#include "cli/report.h"

enum { TARGET_SHOWN = 70, TARGET_END = 67 };

static const char *mark(const struct fault_cell *cell, bool colours)
{
    if (cell->good)
        return colours ? "\033[32mok\033[0m    " : "ok    ";
    return colours ? "\033[1;31mfailed\033[0m" : "failed";
}

static void print_cell(const struct faults_text *text, const struct fault_cell *cell)
{
    printf("    %s  %s@%zu: %s, %.1f s\n", mark(cell, text->colours), fault_name(cell->kind),
           cell->write, cell->outcome, cell->seconds);
    if (!cell->good)
        report_lines(stdout, cell->why);
    fflush(stdout);
}

/* One line that is written over again and again. */
static void print_progress(const struct fault_table *table, double seconds_left)
{
    fprintf(stderr, "\r\033[K%zu of %zu faults tried, %zu of them failed", table->n_done,
            table->n_wanted, table->n_bad);
    if (seconds_left >= 0)
        fprintf(stderr, ", about %.0f min %02.0f s left", (double)((long)seconds_left / 60),
                (double)((long)seconds_left % 60));
    fflush(stderr);
}

static void on_told(void *to, const struct fault_table *table, const struct fault_cell *cell,
                    double seconds_left)
{
    const struct faults_text *text = to;
    bool terminal = isatty(STDERR_FILENO);

    if (cell && terminal)
        fputs("\r\033[K", stderr);
    if (cell && text->lines && !(text->quiet && cell->good))
        print_cell(text, cell);
    if (terminal && !text->quiet)
        print_progress(table, seconds_left);
}

struct fault_watcher faults_watcher(struct faults_text *text)
{
    return (struct fault_watcher){text, on_told};
}

/* The number of each fault that is a column: its own name would be too wide. */
static void print_legend(void)
{
    enum fault_kind kind;

    for (kind = 0; kind < FAULT_KINDS; kind++)
        printf("  %c  %-14s %s\n", 'A' + (int)kind, fault_name(kind), fault_text(kind));
}

static void print_row(const struct fault_table *table, size_t row)
{
    const struct fault_write *write = &table->writes[row];
    const struct fault_cell *cell = &table->cells[row * FAULT_KINDS];
    size_t len = strcspn(write->target, "?");
    struct strbuf target;
    int kind;

    printf("%4zu ", row + 1);
    for (kind = 0; kind < FAULT_KINDS; kind++, cell++)
        printf(" %s", !cell->done ? "-" : !cell->good ? "X" : cell->status ? "o" : ".");
    strbuf_init(&target, 1024 * 1024);
    strbuf_addf(&target, "%s %s: %s %s", write->script, write->connection->name.text, write->method,
                len > TARGET_SHOWN ? "..." : "");
    strbuf_add(&target, write->target + (len > TARGET_SHOWN ? len - TARGET_END : 0),
               len > TARGET_SHOWN ? TARGET_END : len);
    fputs("  ", stdout);
    report_text(stdout, target.data);
    putchar('\n');
    strbuf_clear(&target);
}

void faults_print(const struct faults_text *text, const struct fault_table *table)
{
    size_t i;
    int kind;

    if (isatty(STDERR_FILENO) && !text->quiet)
        fputs("\r\033[K", stderr);
    printf(
        "\nFaults, by write (\".\" the script came through, \"o\" it ended, and the next run did "
        "the rest,\n\"X\" failed, \"-\" not tried):\n");
    print_legend();
    fputs("     ", stdout);
    for (kind = 0; kind < FAULT_KINDS; kind++)
        printf(" %c", 'A' + kind);
    putchar('\n');
    for (i = 0; i < table->n_writes; i++)
        print_row(table, i);
    printf("%zu of %zu faults tried, %zu failed%s%s\n", table->n_done, table->n_wanted,
           table->n_bad, *table->why ? ": " : "", table->why);
}
