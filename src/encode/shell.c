/* SPDX-License-Identifier: MIT
 * Encoders for the places of a shell script. */
#include "encode/encode.h"

#include <string.h>

#include "base/arena.h"
#include "base/capture.h"
#include "encode/piece.h"

/* Every byte that is one of SPECIAL gets a backslash. TEXT goes on behind LEN, and ends in a NUL. All of them are ASCII, so UTF-8 stays whole.
 */
static void escape(struct strbuf *out, const char *text, size_t len, const char *special)
{
    const char *end = text + len;

    while (text < end) {
        size_t run = strcspn(text, special), left = (size_t)(end - text);

        run = run < left ? run : left;
        strbuf_add(out, text, run);
        text += run;
        if (text < end) {
            const char pair[] = {'\\', *text++};

            strbuf_add(out, pair, sizeof pair);
        }
    }
}

static void double_literal(struct strbuf *out, const char *text, size_t len)
{
    escape(out, text, len, "$`\"\\");
}

static void heredoc_literal(struct strbuf *out, const char *text, size_t len)
{
    escape(out, text, len, "$`\\");
}

void encode_shell_double(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, double_literal, capture_as_variable);
}

void encode_heredoc(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, heredoc_literal, capture_as_variable);
}

void encode_shell_single(struct strbuf *out, const char *text)
{
    if (strchr(text, CAPTURE_OPEN))
        BUG("a capture between single quotes");
    for (; *text; text++) {
        if (*text == '\'')
            strbuf_adds(out, "'\\''");
        else
            strbuf_addc(out, *text);
    }
}

/* Single quotes where they say all; double quotes for the rest, so that a reader (and shellcheck)
 * need not wonder whether $ ` or \ between single quotes was meant to be special. */
void encode_shell(struct strbuf *out, const char *text)
{
    bool single = !strpbrk(text, "'$`\\\x01");

    strbuf_addc(out, single ? '\'' : '"');
    if (single)
        strbuf_adds(out, text);
    else
        encode_shell_double(out, text);
    strbuf_addc(out, single ? '\'' : '"');
}

void encode_comment(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, visible_literal, capture_as_variable);
}
