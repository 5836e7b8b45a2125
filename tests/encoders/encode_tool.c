/* SPDX-License-Identifier: MIT
 * encode_tool NAME < TEXTS > ENCODED: one encoder as a filter, for the round-trip tests. Texts end in
 * NUL, and so does what becomes of each. "json_final" is the form that stands in plan.json. */
#include <stdio.h>
#include <string.h>

#include "encode/encode.h"

enum { MOST = 1024 * 1024 };

int main(int argc, char **argv)
{
    static const struct encoder json_final = {"json_final", NULL, encode_json};
    static char texts[MOST + 1];
    const struct encoder *encoder = argc == 2 ? encoder_find(argv[1]) : NULL;
    size_t len = fread(texts, 1, MOST, stdin), i;
    struct strbuf out;

    if (argc == 2 && !strcmp(argv[1], json_final.name))
        encoder = &json_final;
    if (!encoder || !feof(stdin) || (len && texts[len - 1])) {
        fputs("usage: encode_tool ENCODER < TEXTS\n", stderr);
        return 2;
    }
    strbuf_init(&out, 16 * (size_t)MOST);
    for (i = 0; i < len; i += strlen(texts + i) + 1) {
        strbuf_reset(&out);
        encoder->put(&out, texts + i);
        fwrite(out.data, 1, out.len + 1, stdout);
    }
    strbuf_clear(&out);
    return fflush(stdout) ? 1 : 0;
}
