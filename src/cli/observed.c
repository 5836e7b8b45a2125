/* SPDX-License-Identifier: MIT
 * Calls to the simulator as lines for a person. */
#include "cli/observed.h"

#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "cli/report.h"
#include "cli/term.h"

enum { LINE_MAX_BYTES = 4096, TARGET_SHOWN = 300 };

static const char *colour_of(int status)
{
    return status < 300   ? "\033[32m"
           : status < 400 ? "\033[36m"
           : status < 500 ? "\033[33m"
                          : "\033[31m";
}

void observed_print(FILE *stream, const struct observation *seen)
{
    bool colours = term_colours(fileno(stream));
    time_t seconds = (time_t)(seen->at / 1000);
    struct strbuf line;
    struct tm tm;
    char clock[16] = "";

    if (localtime_r(&seconds, &tm))
        strftime(clock, sizeof clock, "%H:%M:%S", &tm);
    strbuf_init(&line, LINE_MAX_BYTES);
    if (seen->refused) {
        strbuf_addf(&line, "attempt to reach %.255s: refused (%.15s)", seen->host, seen->method);
        fprintf(stream, "%s  %s%3d%s              ", clock, colours ? colour_of(seen->status) : "",
                seen->status, colours ? "\033[0m" : "");
    } else {
        strbuf_addf(&line, "%.15s https://%s%.*s%s", seen->method, seen->host, TARGET_SHOWN,
                    seen->target, strlen(seen->target) > TARGET_SHOWN ? "..." : "");
        if (*seen->who)
            strbuf_addf(&line, "  (%.100s)", seen->who);
        if (*seen->code)
            strbuf_addf(&line, "  %.100s", seen->code);
        fprintf(stream, "%s  %s%3d%s %8.1f ms  ", clock, colours ? colour_of(seen->status) : "",
                seen->status, colours ? "\033[0m" : "", seen->milliseconds);
    }
    report_text(stream, line.data);
    fputc('\n', stream);
    fflush(stream);
    strbuf_clear(&line);
}
