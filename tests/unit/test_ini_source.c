/* SPDX-License-Identifier: MIT
 * INI syntax: everything that inih would cut, split, merge or swallow.
 *
 * Also included by test_ini_narrow.c, which compiles the reader for a library without switches. */
#include "format/ini_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "tap.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifdef INI_SOURCE_SWITCHES
static const bool narrow = true;
#elif defined HAVE_DECL_INI_MAX_LINE
static const bool narrow = !HAVE_DECL_INI_MAX_LINE;
#else
static const bool narrow = false;
#endif

/* What was read, as [section LINE], key=value LINE:COLUMN and !finding LINE:COLUMN. */
static void dump(struct strbuf *out, const char *data, size_t len)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    const struct ini *ini = ini_parse_source(arena, "t.ini", data, len, &diags);
    size_t i, j, k;

    for (i = 0; ini && i < ini->n_sections; i++) {
        const struct ini_section *section = &ini->sections[i];

        strbuf_addf(out, "[%s %u]%s ", section->name ? section->name : "?", section->loc.line,
                    section->damaged ? "!" : "");
        for (j = 0; j < section->n_keys; j++) {
            strbuf_addf(out, "%s=", section->keys[j].name);
            for (k = 0; k < section->keys[j].n_lines; k++) {
                const struct ini_line *line = &section->keys[j].lines[k];

                strbuf_addf(out, "%s%s %u:%u", k ? "|" : "", line->text, line->loc.line,
                            line->loc.column);
            }
            strbuf_adds(out, "; ");
        }
    }
    diags_sort(&diags);
    for (i = 0; i < diags.count; i++)
        strbuf_addf(out, "!%s %u:%u ", diag_name(diags.items[i].id), diags.items[i].loc.line,
                    diags.items[i].loc.column);
    if (out->len && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    arena_free(arena);
}

/* NARROW is what a library without switches makes of it; NULL: the same. */
struct trap {
    const char *what, *data, *wide, *narrow;
};

static const struct trap traps[] = {
    {"an ordinary file", "; c\n# c\n[a]\nk = v\nl=w\n\n[b c]\n", "[a 3] k=v 4:5; l=w 5:3; [b c 7]",
     NULL},
    {"nothing", "", "", NULL},
    {"a last line without its end", "[a]\nk = v", "[a 1] k=v 2:5;", NULL},
    {"a last section without its end", "[a]\nk = v\n[b]", "[a 1] k=v 2:5; [b 3]", NULL},
    {"CR LF", "[a]\r\nk = v\r\nl =\r\n x\r\n", "[a 1] k=v 2:5; l= 3:4|x 4:2;", NULL},
    {"a byte order mark", "\xEF\xBB\xBF[a]\nk = v\n", "[a 1] k=v 2:5;", NULL},
    {"a byte order mark twice", "\xEF\xBB\xBF\xEF\xBB\xBF[a]\nk = v\n",
     "[? 1]! k=v 2:5; !ini-deceptive-character 1:1", NULL},
    {"blanks around everything", "[ a  b ]  \nk\t =\t v w \t\n", "[a  b 1] k=v w 2:7;", NULL},
    {"' ;' in a value", "[a]\nk = v ;w\n", "[a 1] k=v ;w 2:5;", "[a 1]! !ini-library 2:7"},
    {"' ;' first in a value", "[a]\nk = ;w\n", "[a 1] k=;w 2:5;", "[a 1]! !ini-library 2:5"},
    {"';' in a value", "[a]\nk = v;w\n", "[a 1] k=v;w 2:5;", NULL},
    {"' #' in a value", "[a]\nk = v #w\n", "[a 1] k=v #w 2:5;", NULL},
    {"' ;' in a section name", "[a ;b]\nk = v\n", "[a ;b 1] k=v 2:5;",
     "[? 1]! k=v 2:5; !ini-library 1:4"},
    {"' ;' in a key", "[a]\nk ;l = v\n", "[a 1] k ;l=v 2:8;", "[a 1]! !ini-library 2:3"},
    {"' ;' in a list", "[a]\nk =\n x ;y\n z\n", "[a 1] k= 2:4|x ;y 3:2|z 4:2;", NULL},
    {"quotes mean nothing", "[a]\nk = \"v\" 'w'\n", "[a 1] k=\"v\" 'w' 2:5;", NULL},
    {"'=' and ':' in a value", "[a]\nk = v=w:x\n", "[a 1] k=v=w:x 2:5;", NULL},
    {"':' as separator", "[a]\nk: v\nl = w\n", "[a 1]! l=w 3:5; !ini-colon 2:2", NULL},
    {"':' before '='", "[a]\nurl https://x = 1\n x\nl = w\n", "[a 1]! l=w 4:5; !ini-colon 2:10",
     NULL},
    {"no '='", "[a]\nk\n x\nl = w\n", "[a 1]! l=w 4:5; !ini-no-equals 2:1", NULL},
    {"no key", "[a]\n= v\n", "[a 1]! !ini-no-equals 2:1", NULL},
    {"an empty value", "[a]\nk =\nl = \t\n", "[a 1] k= 2:4; l= 3:6;", NULL},
    {"a list", "[a]\nk =\n  x = 1\n\n# c\n  ; c\n\ty : 2\nl = v\n",
     "[a 1] k= 2:4|x = 1 3:3|y : 2 7:2; l=v 8:5;", NULL},
    {"a list that begins on the key's line", "[a]\nk = x\n  y\n", "[a 1] k=x 2:5|y 3:3;", NULL},
    {"a list after a key that is no more", "[a]\nk = x\n[b]\n  y\n",
     "[a 1] k=x 2:5; [b 3]! !ini-indented 4:3", NULL},
    {"an item that repeats key and value", "[a]\nk = x\n  k = x\n", "[a 1] k=x 2:5|k = x 3:3;",
     NULL},
    {"an indented first key", "[a]\n  k = x\nl = y\n", "[a 1]! l=y 3:5; !ini-indented 2:3", NULL},
    {"an indented section", "[a]\nk = x\n  [b]\nl = y\n",
     "[a 1] k=x 2:5; [? 3]! l=y 4:5; !ini-indented 3:3", NULL},
    {"repeated and empty sections", "[a]\n[b]\n[a]\nk = v\n", "[a 1] [b 2] [a 3] k=v 4:5;", NULL},
    {"repeated keys", "[a]\nk = v\nk = w\n", "[a 1] k=v 2:5; k=w 3:5;", NULL},
    {"a key before any section", "k = v\n x\nl = w\n[a]\n",
     "[? 1]! l=w 3:5; [a 4] !ini-outside 1:1", NULL},
    {"a header without an end", "[a\nk = v\n", "[? 1]! k=v 2:5; !ini-header 1:1", NULL},
    {"text after a header", "[a] k = v\n", "[? 1]! !ini-header 1:5", NULL},
    {"a comment after a header", "[a] ; c\n", "[? 1]! !ini-header 1:5", NULL},
    {"a header that is closed twice", "[a]b]\n", "[? 1]! !ini-header 1:4", NULL},
    {"a header without a name", "[ ]\n", "[? 1]! !ini-header 1:1", NULL},
    {"a tab in a header", "[a\tb]\n", "[? 1]! !ini-tab 1:3", NULL},
    {"a tab in a key", "[a]\nk\tl = v\n", "[a 1]! !ini-tab 2:2", NULL},
    {"a tab in a value", "[a]\nk = v\tw\n", "[a 1]! !ini-tab 2:6", NULL},
    {"a tab in an item", "[a]\nk =\n\tv\tw\n x\n", "[a 1]! k= 2:4|x 4:2; !ini-tab 3:3", NULL},
    {"a tab in a comment", "[a]\n#\tc\n", "[a 1]", NULL},
    {"a lone CR", "[a]\nk = v\rl = w\n", "[a 1]! !ini-line-end 2:6", NULL},
    {"CR CR LF", "[a]\nk = v\r\r\n", "[a 1]! !ini-line-end 2:6", NULL},
    {"a vertical tab", "[a]\nk = \vv\n", "[a 1]! !ini-control-character 2:5", NULL},
    {"DEL", "[a]\nk = v\x7f\n", "[a 1]! !ini-control-character 2:6", NULL},
    {"a C1 control", "[a]\nk = v\xC2\x9B\n", "[a 1]! !ini-control-character 2:6", NULL},
    {"a mark that captures are made with", "[a]\nk = \x01id\x02\n",
     "[a 1]! !ini-control-character 2:5", NULL},
    {"invalid UTF-8", "[a]\nk = v\xFF\n", "[a 1]! !ini-utf8 2:6", NULL},
    {"UTF-8 that ends too early", "[a]\nk = v\xE2\x82", "[a 1]! !ini-utf8 2:6", NULL},
    {"UTF-8", "[a\xC3\xA9]\nk = \xF0\x9F\x9A\x80\n", "[a\xC3\xA9 1] k=\xF0\x9F\x9A\x80 2:5;", NULL},
    {"a bidirectional override", "[a]\nk = \xE2\x80\xAEv\n", "[a 1]! !ini-deceptive-character 2:5",
     NULL},
    {"invalid UTF-8 in a comment", "# \xFF\n[a]\n", "[a 2] !ini-utf8 1:3", NULL},
    {"the items of a refused key", "[a]\nk = v\nl\x01 =\n x\n y\nm = w\n",
     "[a 1]! k=v 2:5; m=w 6:5; !ini-control-character 3:2", NULL},
    {"a header that cannot be read", "[a]\nk = v\n[b\x01]\nl = w\n x\n",
     "[a 1] k=v 2:5; [? 3]! l=w 4:5|x 5:2; !ini-control-character 3:3", NULL},
    {"one finding per line", "[a]\nk = \x01\x02\xFF\nl: \x01\n",
     "[a 1]! !ini-control-character 2:5 !ini-control-character 3:4", NULL},
};

static void is_read(const char *what, const char *data, size_t len, const char *want)
{
    struct strbuf got;

    strbuf_init(&got, 1024 * 1024);
    dump(&got, data, len);
    is_str(got.data, want, what);
    strbuf_clear(&got);
}

static void test_traps(void)
{
    size_t i;

    for (i = 0; i < sizeof traps / sizeof *traps; i++)
        is_read(traps[i].what, traps[i].data, strlen(traps[i].data),
                narrow && traps[i].narrow ? traps[i].narrow : traps[i].wide);
}

static void test_nul(void)
{
    static const char data[] = "[a]\nk = v\0w\nl = x\n";

    is_read("NUL", data, sizeof data - 1, "[a 1]! l=x 3:5; !ini-control-character 2:6");
    is_read("NUL at the end", "[a]\0", 4, "[? 1]! !ini-control-character 1:4");
}

/* BEFORE, LEN times 'x', AFTER: the x's are what WANT and WANT_NARROW hold as %s. */
static void long_line(const char *what, const char *before, size_t len, const char *after,
                      const char *want, const char *want_narrow)
{
    char *many = calloc(len + 1, 1);
    struct strbuf data, expected;

    if (!many)
        abort();
    memset(many, 'x', len);
    strbuf_init(&data, 1024 * 1024);
    strbuf_init(&expected, 1024 * 1024);
    strbuf_addf(&data, "%s%s%s", before, many, after);
    for (want = narrow ? want_narrow : want; *want; want++)
        if (*want == '@')
            strbuf_adds(&expected, many);
        else
            strbuf_addc(&expected, *want);
    is_read(what, data.data, data.len, expected.data);
    strbuf_clear(&data);
    strbuf_clear(&expected);
    free(many);
}

static void test_long_lines(void)
{
    long_line("a value of 190 bytes", "[a]\nk = ", 190, "\nl = v\n", "[a 1] k=@ 2:5; l=v 3:5;",
              "[a 1] k=@ 2:5; l=v 3:5;");
    long_line("a line that the narrow library just takes", "[a]\nk = ", 194, "\n", "[a 1] k=@ 2:5;",
              "[a 1] k=@ 2:5;");
    long_line("a line one byte longer", "[a]\nk = ", 195, "\n", "[a 1] k=@ 2:5;",
              "[a 1]! !ini-library 2:1");
    long_line("a value of 500 bytes with a key in its tail", "[a]\nk = ", 500, " l = w\nm = v\n",
              "[a 1] k=@ l = w 2:5; m=v 3:5;", "[a 1]! m=v 3:5; !ini-library 2:1");
    long_line("a value of 3,000 bytes", "[a]\nk = ", 3000, "\nl = v\n", "[a 1] k=@ 2:5; l=v 3:5;",
              "[a 1]! l=v 3:5; !ini-library 2:1");
    long_line("an item of 4,000 bytes", "[a]\nk =\n  ", 4000, "\n  y\n",
              "[a 1] k= 2:4|@ 3:3|y 4:3;", "[a 1]! k= 2:4|y 4:3; !ini-library 3:1");
    long_line("the longest line", "[a]\nk = ", LIMIT_INI_LINE - 4, "\n", "[a 1] k=@ 2:5;",
              "[a 1]! !ini-library 2:1");
    long_line("a line too long", "[a]\nk = ", LIMIT_INI_LINE - 3, "\n",
              "[a 1]! !ini-line-length 2:1", "[a 1]! !ini-line-length 2:1");
    long_line("a long comment", "[a]\n#", 3000, "=v\nl = v\n", "[a 1] l=v 3:5;", "[a 1] l=v 3:5;");
    long_line("a long key", "[a]\n", 120, " = v\n w\n", "[a 1] @=v 2:124|w 3:2;",
              "[a 1] @=v 2:124|w 3:2;");
}

static void test_long_sections(void)
{
    long_line("a section name of 49 bytes", "[", 49, "]\nk = v\n", "[@ 1] k=v 2:5;",
              "[@ 1] k=v 2:5;");
    long_line("a section name of 120 bytes", "[", 120, "]\nk = v\n", "[@ 1] k=v 2:5;",
              "[@ 1] k=v 2:5;");
    long_line("a section name of 300 bytes", "[", 300, "]\nk = v\n", "[@ 1] k=v 2:5;",
              "[? 1]! k=v 2:5; !ini-library 1:1");
    long_line("section names that differ after byte 49",
              "[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa]\nk = v\n[", 50, "b]\nk = w\n",
              "[@a 1] k=v 2:5; [@b 3] k=w 4:5;", "[@a 1] k=v 2:5; [@b 3] k=w 4:5;");
}

static void test_sizes(void)
{
    struct strbuf data;
    size_t i;

    strbuf_init(&data, LIMIT_INI_FILE + 1);
    strbuf_adds(&data, "[a]\n");
    while (data.len < LIMIT_INI_FILE)
        strbuf_addc(&data, '\n');
    is_read("the largest file", data.data, data.len, "[a 1]");
    strbuf_addc(&data, '\n');
    is_read("a file too large", data.data, data.len, "!file-size 0:0");
    strbuf_reset(&data);
    strbuf_adds(&data, "[a]\nk =\n");
    for (i = 0; i < LIMIT_INI_VALUE / 64 + 2; i++)
        strbuf_addf(&data, " %064zu\n", i);
    strbuf_adds(&data, "l = v\n");
    is_read("a list too large", data.data, data.len,
            "[a 1]! k= 2:4; l=v 4101:5; !ini-too-many 4099:2");
    strbuf_clear(&data);
}

int main(void)
{
    test_traps();
    test_nul();
    test_long_lines();
    test_long_sections();
    test_sizes();
#ifdef MORE_TESTS
    MORE_TESTS();
#endif
    return done_testing();
}
