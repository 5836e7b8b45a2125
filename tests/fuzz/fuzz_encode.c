/* SPDX-License-Identifier: MIT
 * Any text through any encoder; where reading it back is simple it is done here, the real readers do it in
 * tests/encoders. The first byte chooses the encoder. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "encode/encode.h"

static bool is_text(const char *text, size_t len)
{
    size_t i, n;

    for (i = 0; i < len; i += n) {
        uint32_t code;

        n = utf8_decode(text + i, len - i, &code);
        if (!n || !code || code == 1 || code == 2)
            return false;
    }
    return true;
}

/* A shell word: single quotes hold anything but themselves; double quotes take backslashes. */
static void check_shell(const char *text, const char *got)
{
    size_t len = strlen(got);

    MUST(len >= 2 && got[0] == got[len - 1]);
    if (got[0] == '\'') {
        MUST(strlen(text) == len - 2 && !memcmp(got + 1, text, len - 2) && !strchr(text, '\''));
        return;
    }
    for (got++; *text; text++, got++) {
        MUST((*got == '\\') == (strchr("$`\"\\", *text) != NULL));
        got += *got == '\\';
        MUST(*got == *text);
    }
    MUST(!strcmp(got, "\""));
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

static void check_url(const char *text, const char *got)
{
    for (; *text; text++) {
        unsigned code;

        if (*got == '%') {
            MUST(sscanf(got, "%%%2X", &code) == 1 && (unsigned char)*text == code);
            got += 3;
        } else {
            MUST(*got == *text && is_unreserved(*got));
            got++;
        }
    }
    MUST(!*got);
}

static void check_html(const char *text, const char *got)
{
    (void)text;
    MUST(!strpbrk(got, "<>\"'"));
}

static void check_line(const char *text, const char *got)
{
    (void)text;
    MUST(!strpbrk(got, "\n\r"));
}

static void check_ascii(const char *text, const char *got)
{
    (void)text;
    for (; *got; got++)
        MUST(*got >= ' ' && *got <= '~');
}

static const struct {
    const char *name;
    void (*check)(const char *text, const char *got);
} checks[] = {{"shell", check_shell},      {"url_path", check_url}, {"url_query", check_url},
              {"html", check_html},        {"comment", check_line}, {"plain", check_line},
              {"powershell", check_ascii}, {"jmespath", check_ascii}, {"yaml", check_line},
              {"hcl", check_line},         {"json", check_line}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct encoder *encoder;
    struct arena *arena;
    struct strbuf out;
    const char *text;
    size_t i, count = 0;

    while (encoder_at(count))
        count++;
    if (!size || size > 4096 || !is_text((const char *)data + 1, size - 1))
        return 0;
    encoder = encoder_at(data[0] % count);
    arena = arena_new();
    text = arena_strndup(arena, (const char *)data + 1, size - 1);
    strbuf_init(&out, LIMIT_OUTPUT_FILE);
    encoder->put(&out, text);
    MUST(!out.overflow && strlen(out.data) == out.len);
    MUST(is_text(out.data, out.len));
    for (i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!strcmp(checks[i].name, encoder->name))
            checks[i].check(text, out.data);
    strbuf_clear(&out);
    arena_free(arena);
    return 0;
}
