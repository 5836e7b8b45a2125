/* SPDX-License-Identifier: MIT
 * What is said on standard error. */
#include "cli/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/term.h"
#include "encode/encode.h"

enum { LIMIT_MESSAGE = 64 * 1024 };

static const struct {
    const char *word;
    const char *colour;
} severities[] = {
    [SEVERITY_ERROR] = {"error:", "\033[1;31m"},
    [SEVERITY_WARNING] = {"warning:", "\033[1;35m"},
};

void report_text(FILE *stream, const char *text)
{
    struct strbuf plain;

    strbuf_init(&plain, LIMIT_MESSAGE);
    encode_plain(&plain, text);
    fputs(plain.data, stream);
    strbuf_clear(&plain);
}

static void print_finding(const struct diag *diag, bool colours)
{
    enum severity severity = diag_severity(diag->id);

    report_text(stderr, diag->loc.file ? diag->loc.file : "azdo-wif");
    if (diag->loc.line)
        fprintf(stderr, ":%u:%u", diag->loc.line, diag->loc.column);
    fprintf(stderr, ": %s%s%s ", colours ? severities[severity].colour : "",
            severities[severity].word, colours ? "\033[0m" : "");
    report_text(stderr, diag->text);
    fprintf(stderr, " [%s]\n", diag_name(diag->id));
    if (diag->hint) {
        fputs("    hint: ", stderr);
        report_text(stderr, diag->hint);
        fputc('\n', stderr);
    }
}

void report_findings(struct diags *diags, const char *consequence)
{
    bool colours = term_colours(STDERR_FILENO);
    size_t i;

    diags_sort(diags);
    for (i = 0; i < diags->count && i < LIMIT_DIAGNOSTICS; i++)
        print_finding(&diags->items[i], colours);
    if (i < diags->count)
        fprintf(stderr, "... and %zu more\n", diags->count - i);
    if (diags->errors)
        fprintf(stderr, "azdo-wif: %zu error%s; %s\n", diags->errors, diags->errors == 1 ? "" : "s",
                consequence);
}

void report_lines(FILE *stream, const char *text)
{
    struct strbuf plain;

    strbuf_init(&plain, 1024 * 1024);
    encode_plain_lines(&plain, text);
    fputs(plain.data, stream);
    if (plain.len && plain.data[plain.len - 1] != '\n')
        fputc('\n', stream);
    strbuf_clear(&plain);
}

static void print_line(const char *format, va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, format, args) < 0)
        abort();
    fputs("azdo-wif: ", stderr);
    report_text(stderr, text);
    fputc('\n', stderr);
    free(text);
}

void report_note(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_line(format, args);
    va_end(args);
}

void report_usage(const char *hint, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_line(format, args);
    va_end(args);
    if (hint) {
        fputs("    hint: ", stderr);
        report_text(stderr, hint);
        fputc('\n', stderr);
    }
}
