/* SPDX-License-Identifier: MIT
 * Encoders for further languages of programs: PowerShell and HCL. */
#include "encode/encode.h"

#include <stdbool.h>

#include "base/utf8.h"
#include "encode/piece.h"

/* PowerShell takes U+2018 to U+201B for single quotes and reads a file without a byte order mark in
 * an encoding of its own choice (about_Quoting_Rules, about_Character_Encoding). So only what is
 * harmless ASCII stands between single quotes; all else is a [char] by its number, and a character
 * beyond U+FFFF two of them. */
static bool ps_is_plain(char c)
{
    return c >= ' ' && c <= '~' && c != '\'';
}

static void ps_join(struct strbuf *out)
{
    if (out->len && out->data[out->len - 1] != '(')
        strbuf_addc(out, '+');
}

static void ps_char(struct strbuf *out, uint32_t unit)
{
    ps_join(out);
    strbuf_addf(out, "[char]0x%04x", (unsigned)unit);
}

static void ps_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0, run, n;

    while (i < len) {
        uint32_t code;

        for (run = 0; i + run < len && ps_is_plain(text[i + run]);)
            run++;
        if (run) {
            ps_join(out);
            strbuf_addc(out, '\'');
            strbuf_add(out, text + i, run);
            strbuf_addc(out, '\'');
            i += run;
            continue;
        }
        n = utf8_decode(text + i, len - i, &code);
        if (n && code > 0xffff) {
            ps_char(out, 0xd800 + ((code - 0x10000) >> 10));
            ps_char(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
        } else {
            ps_char(out, n ? code : 0xfffd);
        }
        i += n ? n : 1;
    }
}

static void ps_capture(struct strbuf *out, const char *name, size_t len)
{
    ps_join(out);
    capture_as_variable(out, name, len);
}

/* In parentheses also where a simple string would need none: argument and expression mode read it
 * alike. The empty string in front makes a text of a first [char]. */
void encode_powershell(struct strbuf *out, const char *text)
{
    const char *p = text;

    while (ps_is_plain(*p))
        p++;
    if (!*p) {
        strbuf_addf(out, "'%s'", text);
        return;
    }
    strbuf_adds(out, ps_is_plain(*text) ? "(" : "(''");
    encode_pieces(out, text, ps_literal, ps_capture);
    strbuf_addc(out, ')');
}

/* HCL: a quoted template without templates (HCL native syntax specification, "Template Expressions"). */
static void hcl_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if ((text[i] == '$' || text[i] == '%') && i + 1 < len && text[i + 1] == '{') {
            strbuf_addf(out, "%c%c{", text[i], text[i]);
            i += 2;
        } else {
            i += encode_quoted(out, text + i, len - i);
        }
    }
}

void encode_hcl(struct strbuf *out, const char *text)
{
    strbuf_addc(out, '"');
    encode_pieces(out, text, hcl_literal, capture_as_variable);
    strbuf_addc(out, '"');
}
