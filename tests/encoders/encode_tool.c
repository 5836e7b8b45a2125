/* SPDX-License-Identifier: MIT
 * encode_tool NAME < text > encoded: one encoder as a filter, for the round-trip tests. "json_final"
 * is the form that stands in plan.json. */
#include <stdio.h>
#include <string.h>

#include "encode/encode.h"

enum { MOST = 1024 * 1024 };

int main(int argc, char **argv)
{
    static const struct encoder final = {"json_final", NULL, encode_json};
    static char text[MOST + 1];
    const struct encoder *encoder = argc == 2 ? encoder_find(argv[1]) : NULL;
    struct strbuf out;
    size_t len = fread(text, 1, MOST, stdin);

    if (argc == 2 && !strcmp(argv[1], final.name))
        encoder = &final;
    if (!encoder || !feof(stdin) || strlen(text) != len) {
        fputs("usage: encode_tool ENCODER < TEXT\n", stderr);
        return 2;
    }
    strbuf_init(&out, 8 * (size_t)MOST);
    encoder->put(&out, text);
    fwrite(out.data, 1, out.len, stdout);
    strbuf_clear(&out);
    return fflush(stdout) ? 1 : 0;
}
