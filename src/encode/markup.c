/* SPDX-License-Identifier: MIT
 * Encoders for documents that programs read: HTML and YAML. */
#include "encode/encode.h"

#include <string.h>

#include "encode/piece.h"

/* HTML: text, or the value of an attribute between either quotes. Line ends and tabs are harmless in
 * both and stay. */
static const char *html_entity(char c)
{
    static const char *const table[128] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

    return (unsigned char)c < 128 ? table[(unsigned char)c] : NULL;
}

static void html_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0, run;

    while (i < len) {
        for (run = 0; i + run < len && text[i + run] >= ' ' && text[i + run] <= '~' &&
                      !html_entity(text[i + run]);)
            run++;
        strbuf_add(out, text + i, run);
        i += run;
        if (i == len)
            break;
        if (html_entity(text[i]))
            strbuf_adds(out, html_entity(text[i++]));
        else if (strchr("\n\r\t", text[i]))
            strbuf_addc(out, text[i++]);
        else
            i += encode_visible(out, text + i, len - i);
    }
}

void encode_html(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, html_literal, capture_as_variable);
}

/* YAML: a double-quoted scalar means the same to readers of 1.1 and 1.2, whatever it looks like. What
 * one of them could take for a line end or refuse is escaped: YAML 1.2.2, 5.1 and 5.7. */
static void yaml_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len)
        i += encode_quoted(out, text + i, len - i);
}

void encode_yaml(struct strbuf *out, const char *text)
{
    strbuf_addc(out, '"');
    encode_pieces(out, text, yaml_literal, capture_as_variable);
    strbuf_addc(out, '"');
}
