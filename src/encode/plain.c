/* SPDX-License-Identifier: MIT
 * Encoder for terminals and logs. */
#include "encode/encode.h"

#include <string.h>

#include "encode/piece.h"

/* Does "#vso[" or "#[" end right before AT's "["? A pipeline agent takes "##vso[" and "##[" for
 * commands; one "#" is enough here, since another may stand in front of the text. */
static bool is_command(const char *start, const char *at)
{
    if (at - start >= 1 && at[-1] == '#')
        return true;
    return at - start >= 4 && at[-4] == '#' && (at[-3] | 32) == 'v' && (at[-2] | 32) == 's' &&
           (at[-1] | 32) == 'o';
}

static void plain_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if (text[i] == '[' && is_command(text, text + i))
            strbuf_addc(out, ' ');
        i += encode_visible(out, text + i, len - i);
    }
}

static void plain_lines_literal(struct strbuf *out, const char *text, size_t len)
{
    const char *end = text + len, *newline;

    while ((newline = memchr(text, '\n', (size_t)(end - text)))) {
        plain_literal(out, text, (size_t)(newline - text));
        strbuf_addc(out, '\n');
        text = newline + 1;
    }
    plain_literal(out, text, (size_t)(end - text));
}

void encode_plain(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, plain_literal, capture_as_variable);
}

void encode_plain_lines(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, plain_lines_literal, capture_as_variable);
}
