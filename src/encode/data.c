/* SPDX-License-Identifier: MIT
 * Encoders for data: JSON, URLs, OData and JMESPath literals. */
#include "encode/encode.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "encode/piece.h"

/* The escapes with a letter of their own. */
static char short_escape(char c)
{
    static const char from[] = "\"\\\n\r\t\b\f", to[] = "\"\\nrtbf";
    const char *at = c ? strchr(from, c) : NULL;

    return at ? to[at - from] : '\0';
}

static void json_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i, run;

    for (i = 0; i < len; i++) {
        char letter;

        for (run = 0; i + run < len && (unsigned char)text[i + run] >= ' ' &&
                      text[i + run] != '"' && text[i + run] != '\\';)
            run++;
        strbuf_add(out, text + i, run);
        i += run;
        if (i == len)
            return;
        letter = short_escape(text[i]);
        if (letter)
            strbuf_addf(out, "\\%c", letter);
        else
            strbuf_addf(out, "\\u%04x", (unsigned)text[i]);
    }
}

/* As json_literal, and a "${" that is text gets a second "$": nobody takes it for a capture. */
static void json_literal_doubled(struct strbuf *out, const char *text, size_t len)
{
    const char *end = text + len, *next;

    while ((next = memmem(text, (size_t)(end - text), "${", 2))) {
        json_literal(out, text, (size_t)(next - text));
        strbuf_adds(out, "$${");
        text = next + 2;
    }
    json_literal(out, text, (size_t)(end - text));
}

void encode_json(struct strbuf *out, const char *text)
{
    strbuf_addc(out, '"');
    encode_pieces(out, text, json_literal_doubled, capture_as_variable);
    strbuf_addc(out, '"');
}

void encode_json_marked(struct strbuf *out, const char *text)
{
    strbuf_addc(out, '"');
    encode_pieces(out, text, json_literal, capture_marked);
    strbuf_addc(out, '"');
}

void encode_json_data(struct strbuf *out, const char *text)
{
    size_t len = strlen(text), whole, n;
    uint32_t code;

    strbuf_addc(out, '"');
    while (len) {
        for (whole = 0; whole < len && (n = utf8_decode(text + whole, len - whole, &code));
             whole += n)
            continue;
        json_literal(out, text, whole);
        if (whole < len)
            strbuf_adds(out, "\xef\xbf\xbd");
        whole += whole < len;
        text += whole;
        len -= whole;
    }
    strbuf_addc(out, '"');
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void url_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (is_alnum(text[i]) || (text[i] && strchr("-._~", text[i])))
            strbuf_addc(out, text[i]);
        else
            strbuf_addf(out, "%%%02X", (unsigned)(unsigned char)text[i]);
    }
}

void encode_url_path(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, url_literal, capture_marked);
}

void encode_url_query(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, url_literal, capture_marked);
}

static void odata_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        strbuf_add(out, text[i] == '\'' ? "''" : text + i, text[i] == '\'' ? 2 : 1);
}

void encode_odata(struct strbuf *out, const char *text)
{
    strbuf_addc(out, '\'');
    encode_pieces(out, text, odata_literal, capture_marked);
    strbuf_addc(out, '\'');
}

static void unicode_escape(struct strbuf *out, uint32_t code)
{
    if (code >= 0x10000) {
        strbuf_addf(out, "\\u%04x", (unsigned)(0xd800 + ((code - 0x10000) >> 10)));
        code = 0xdc00 + ((code - 0x10000) & 0x3ff);
    }
    strbuf_addf(out, "\\u%04x", (unsigned)code);
}

/* Only what no reader on the way treats specially stays as it is: az looks for a leading @, the
 * shell and JMESPath for backticks, quotes and backslashes, and az's own formatting for braces. */
static void jmespath_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i, n;

    for (i = 0; i < len; i += n) {
        uint32_t code;

        n = utf8_decode(text + i, len - i, &code);
        if (!n)
            BUG("text that is not UTF-8");
        if (code < 0x20 || code >= 0x7f || strchr("@`{}\\\"", (int)code))
            unicode_escape(out, code);
        else
            strbuf_addc(out, (char)code);
    }
}

void encode_jmespath(struct strbuf *out, const char *text)
{
    strbuf_adds(out, "`\"");
    encode_pieces(out, text, jmespath_literal, capture_marked);
    strbuf_adds(out, "\"`");
}
