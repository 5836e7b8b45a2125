/* SPDX-License-Identifier: MIT
 * Encoder for the text of a Mermaid sequence diagram. */
#include "encode/encode.h"

#include <string.h>

#include "encode/piece.h"

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (unsigned char)c >= 0x80;
}

/* "end" closes a block of the diagram, wherever the grammar finds it as a word. */
static bool is_end(const char *start, const char *at, size_t left)
{
    return left >= 3 && (at[0] | 32) == 'e' && (at[1] | 32) == 'n' && (at[2] | 32) == 'd' &&
           (at == start || !is_word(at[-1])) && (left == 3 || !is_word(at[3]));
}

/* Mermaid reads #NNN; as the character of that number. Marks that no grammar of it uses stay. */
static void mermaid_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if (is_end(text, text + i, len - i) ||
            ((unsigned char)text[i] > 0x20 && (unsigned char)text[i] < 0x7f && !is_word(text[i]) &&
             !strchr("./_", text[i])))
            strbuf_addf(out, "#%u;", (unsigned)text[i++]);
        else
            i += encode_visible(out, text + i, len - i);
    }
}

static void mermaid_capture(struct strbuf *out, const char *name, size_t len)
{
    mermaid_literal(out, "${", 2);
    mermaid_literal(out, name, len);
    mermaid_literal(out, "}", 1);
}

void encode_mermaid(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, mermaid_literal, mermaid_capture);
}
