/* SPDX-License-Identifier: MIT
 * The encoders, case by case. That real readers agree is shown by tests/encoders. */
#include <stdlib.h>

#include "tap.h"

#include "base/capture.h"
#include "encode/encode.h"

static const struct {
    void (*put)(struct strbuf *out, const char *text);
    const char *text, *want, *title;
} cases[] = {
    {encode_shell, "", "''", "shell: empty"},
    {encode_shell, "a b", "'a b'", "shell: single quotes where they do"},
    {encode_shell, "say \"x\"", "'say \"x\"'", "shell: double quotes within single ones"},
    {encode_shell, "it's", "\"it's\"", "shell: double quotes around a single one"},
    {encode_shell, "$(x) `y` \\ \"'", "\"\\$(x) \\`y\\` \\\\ \\\"'\"",
     "shell: all that is special"},
    {encode_shell, "$x", "\"\\$x\"", "shell: no $ between single quotes"},
    {encode_shell, CAPTURE("id"), "\"${id}\"", "shell: a capture"},
    {encode_shell, "$" CAPTURE("id") "s", "\"\\$${id}s\"", "shell: text around a capture"},
    {encode_shell_double, "a\"$`\\!'b", "a\\\"\\$\\`\\\\!'b", "shell_double"},
    {encode_shell_double, "/" CAPTURE("id"), "/${id}", "shell_double: a capture"},
    {encode_shell_single, "it's \\ \"$x\"", "it'\\''s \\ \"$x\"", "shell_single"},
    {encode_heredoc, "\"$x\" `y` \\", "\"\\$x\" \\`y\\` \\\\", "heredoc"},
    {encode_heredoc, CAPTURE("id"), "${id}", "heredoc: a capture"},
    {encode_comment, "a\nb\r\x1b\xe2\x80\xae" CAPTURE("id"), "aU+000AbU+000DU+001BU+202E${id}",
     "comment: what would leave the line or deceive"},

    {encode_json, "\"\\/\b\f\n\r\t\x03\x7f\xc3\xa9",
     "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0003\x7f\xc3\xa9\"", "json: the escapes of RFC 8259, no more"},
    {encode_json, "${a} $$${b} $ {", "\"$${a} $$$${b} $ {\"", "json: ${ in text is doubled"},
    {encode_json, CAPTURE("id") "${", "\"${id}$${\"", "json: a capture"},
    {encode_json_marked, "${a}" CAPTURE("id"), "\"${a}" CAPTURE("id") "\"",
     "json_marked: captures stay, nothing is doubled"},
    {encode_url_path, "aZ0-._~/@{}% \xc3\xa9", "aZ0-._~%2F%40%7B%7D%25%20%C3%A9", "url_path"},
    {encode_url_query, "a+b=c&d" CAPTURE("id"), "a%2Bb%3Dc%26d" CAPTURE("id"),
     "url_query: captures stay marked"},
    {encode_odata, "it's" CAPTURE("id"), "'it''s" CAPTURE("id") "'", "odata"},
    {encode_jmespath, "a@`{}\\\"\n", "`\"a\\u0040\\u0060\\u007b\\u007d\\u005c\\u0022\\u000a\"`",
     "jmespath: what is special is escaped"},
    {encode_jmespath, "\xc3\xa9\xf0\x9f\x98\x80" CAPTURE("id"),
     "`\"\\u00e9\\ud83d\\ude00" CAPTURE("id") "\"`", "jmespath: ASCII, with surrogates"},

    {encode_md, "a*b_c`d[e]|<&>", "a\\*b\\_c\\`d\\[e\\]\\|&lt;&amp;&gt;", "md: markup"},
    {encode_md, "id-payments.prod (1)", "id-payments.prod (1)", "md: names stay readable"},
    {encode_md, "- a", "\\- a", "md: no list"},
    {encode_md, "12. a", "12\\. a", "md: no numbered list"},
    {encode_md, "12.5", "12\\.5", "md: a number in front"},
    {encode_md, "1 a", "1 a", "md: digits alone"},
    {encode_md, "# a", "\\# a", "md: no heading"},
    {encode_md, " a ", "&#32;a&#32;", "md: spaces at the ends"},
    {encode_md, "https://x www.y a@z", "https&#58;//x www&#46;y a@<!-- -->z", "md: no links"},
    {encode_md, "a\\", "a&#92;", "md: a backslash that escapes nothing"},
    {encode_md, CAPTURE("client_id"), "\\${client\\_id}", "md: a capture"},
    {encode_md_code, "", "", "md_code: empty"},
    {encode_md_code, "a b", "`a b`", "md_code"},
    {encode_md_code, "a`b``c", "```a`b``c```", "md_code: backticks"},
    {encode_md_code, "`a", "`` `a ``", "md_code: backticks at an end"},
    {encode_md_code, " a ", "`  a  `", "md_code: spaces at both ends"},
    {encode_md_code, " a", "` a`", "md_code: a space at one end"},
    {encode_md_code, "  ", "`  `", "md_code: spaces alone"},
    {encode_md_code, "a|b\n" CAPTURE("id"), "`a|bU+000A${id}`",
     "md_code: a bar, a line, a capture"},
    {encode_md_cell, "a|b", "`a\\|b`", "md_cell: a bar"},
    {encode_md_cell, "a\\|b`", "<code>a&#92;\\|b\\`</code>", "md_cell: a backslash before a bar"},
    {encode_md_fence, "a `b`\n\tc\x1b", "a `b`\n\tcU+001B", "md_fence"},
    {encode_md_fence, "```\nx ```\n~~~ \n``", "    ```\nx ```\n    ~~~ \n    ``",
     "md_fence: what could close it"},
    {encode_mermaid, "a;b #c: <x> %% {}", "a#59;b #35;c#58; #60;x#62; #37;#37; #123;#125;",
     "mermaid"},
    {encode_mermaid, "end bend Ending END the-end", "#101;nd bend Ending #69;ND the#45;#101;nd",
     "mermaid: end as a word"},
    {encode_mermaid, CAPTURE("client_id"), "#36;#123;client_id#125;", "mermaid: a capture"},
    {encode_plain, "a\n\x1b[1m\xe2\x80\xae\xff", "aU+000AU+001B[1mU+202E\\xff",
     "plain: control, deceptive and broken characters"},
    {encode_plain, "##vso[x] ##VSO[x] ##[x] #vso[x] [x]", "##vso [x] ##VSO [x] ## [x] #vso [x] [x]",
     "plain: no command for a pipeline agent"},
    {encode_plain_lines, "a\nb\t\n##[c]\n", "a\nbU+0009\n## [c]\n", "plain_lines: lines stay"},
};

static void check_table(void)
{
    const struct encoder *encoder;
    size_t i;
    bool found = true, meant = true;

    for (i = 0; (encoder = encoder_at(i)); i++) {
        found = found && encoder_find(encoder->name) == encoder;
        meant = meant && *encoder->meaning && encoder->put;
    }
    ok(i >= 17 && found, "every encoder is found by its name");
    ok(meant, "every encoder says what it is for");
    ok(!encoder_find("shel") && !encoder_find(""), "no others are");
}

static void check_bound(void)
{
    struct strbuf out;

    strbuf_init(&out, 4);
    encode_shell(&out, "longer than that");
    ok(out.overflow && out.len <= 4, "what does not fit is marked");
    strbuf_clear(&out);
}

int main(void)
{
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct strbuf out;

        strbuf_init(&out, 1000);
        cases[i].put(&out, cases[i].text);
        is_str(out.data, cases[i].want, cases[i].title);
        strbuf_clear(&out);
    }
    check_table();
    check_bound();
    return done_testing();
}
