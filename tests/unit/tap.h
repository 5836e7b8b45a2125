/* SPDX-License-Identifier: MIT
 * Test results in the Test Anything Protocol, for one-file test programs.
 *
 *     ok(x > 0, "x is positive (%d)", x);
 *     is_str(name(x), "ten", "its name");
 *     return done_testing(); */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned tap_run, tap_failed;

/* Returns PASS, so that a caller can say more about a failure. */
__attribute__((format(printf, 2, 3))) static inline bool ok(bool pass, const char *format, ...)
{
    va_list args;

    tap_run++;
    tap_failed += !pass;
    printf("%s %u - ", pass ? "ok" : "not ok", tap_run);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout); /* a crash in the next test must not take this one's line along */
    return pass;
}

/* Either may be NULL. */
static inline bool is_str(const char *got, const char *want, const char *text)
{
    bool same = got && want ? strcmp(got, want) == 0 : got == want;

    if (!ok(same, "%s", text)) {
        printf("# got:  %s\n", got ? got : "(null)");
        printf("# want: %s\n", want ? want : "(null)");
    }
    return same;
}

/* What main returns: prints the plan; a program without tests has failed. */
static inline int done_testing(void)
{
    printf("1..%u\n", tap_run);
    return tap_failed > 0 || tap_run == 0;
}

#endif
