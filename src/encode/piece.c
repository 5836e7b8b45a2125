/* SPDX-License-Identifier: MIT
 * What the encoders share. */
#include "encode/piece.h"

#include "base/capture.h"
#include "base/utf8.h"

void encode_pieces(struct strbuf *out, const char *text, piece_fn *literal, piece_fn *capture)
{
    const char *piece;
    size_t len;
    bool is_capture;

    while ((piece = capture_next(&text, &len, &is_capture)))
        (is_capture ? capture : literal)(out, piece, len);
}

void capture_as_variable(struct strbuf *out, const char *name, size_t len)
{
    strbuf_adds(out, "${");
    strbuf_add(out, name, len);
    strbuf_addc(out, '}');
}

void capture_marked(struct strbuf *out, const char *name, size_t len)
{
    strbuf_addc(out, CAPTURE_OPEN);
    strbuf_add(out, name, len);
    strbuf_addc(out, CAPTURE_CLOSE);
}

size_t encode_visible(struct strbuf *out, const char *text, size_t len)
{
    char name[16];
    uint32_t code;
    size_t n;

    if (*text >= ' ' && *text <= '~') { /* nearly always */
        strbuf_addc(out, *text);
        return 1;
    }
    n = utf8_decode(text, len, &code);
    if (!n) {
        strbuf_addf(out, "\\x%02x", (unsigned)(unsigned char)*text);
        return 1;
    }
    if (utf8_is_control(code) || utf8_is_deceptive(code)) {
        utf8_name(code, name);
        strbuf_adds(out, name);
    } else {
        strbuf_add(out, text, n);
    }
    return n;
}

size_t encode_quoted(struct strbuf *out, const char *text, size_t len)
{
    uint32_t code;
    size_t n = utf8_decode(text, len, &code);

    if (!n) {
        strbuf_adds(out, "\\ufffd");
        return 1;
    }
    if (code == '"' || code == '\\')
        strbuf_addf(out, "\\%c", (char)code);
    else if (code == '\n')
        strbuf_adds(out, "\\n");
    else if (utf8_is_control(code) || utf8_is_deceptive(code) || code == 0xfffe || code == 0xffff)
        strbuf_addf(out, code > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)code);
    else
        strbuf_add(out, text, n);
    return n;
}

void visible_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0, run;

    while (i < len) {
        for (run = 0; i + run < len && text[i + run] >= ' ' && text[i + run] <= '~';)
            run++;
        strbuf_add(out, text + i, run);
        i += run;
        if (i < len)
            i += encode_visible(out, text + i, len - i);
    }
}
