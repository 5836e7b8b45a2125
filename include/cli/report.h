/* SPDX-License-Identifier: MIT
 * What is said on standard error. Every text that comes from outside is neutralised for a terminal.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>

#include "base/diag.h"

/* Prints the findings sorted by place, at most LIMIT_DIAGNOSTICS of them, and, when there is an
 * error among them, how many and that CONSEQUENCE ("nothing was written"). */
void report_findings(struct diags *diags, const char *consequence);

/* One line: "azdo-wif: TEXT". */
void report_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How the program was called is wrong. The hint may be NULL. */
void report_usage(const char *hint, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text to STREAM, neutralised. */
void report_text(FILE *stream, const char *text);

/* Lines of text to STREAM, likewise; the last is ended when it is not. */
void report_lines(FILE *stream, const char *text);

#endif
