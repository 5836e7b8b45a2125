/* SPDX-License-Identifier: MIT
 * Encoders for Markdown and for what stands in its fences.
 *
 * They escape more than CommonMark asks for: the reader may be GitHub's, Azure DevOps' or a plain
 * one, and a value may stand right behind literal text that would complete a piece of markup. */
#include "encode/encode.h"

#include <stdbool.h>
#include <string.h>

#include "encode/piece.h"

/* What stands for a character that Markdown, or one of its extensions, could take as markup. A
 * backslash is no escaped one, because some readers of tables would take the second for an escape
 * of the bar that may follow. "@" gets a comment, because some look for addresses after entities
 * have become characters. */
static const char *md_replacement(char c)
{
    static const char *const table[128] = {
        ['<'] = "&lt;",  ['>'] = "&gt;", ['&'] = "&amp;", ['\\'] = "&#92;", ['`'] = "\\`",
        ['*'] = "\\*",   ['_'] = "\\_",  ['['] = "\\[",   [']'] = "\\]",    ['~'] = "\\~",
        ['|'] = "\\|",   ['$'] = "\\$",  ['#'] = "\\#",   ['!'] = "\\!",    ['@'] = "@<!-- -->",
        [':'] = "&#58;", ['^'] = "\\^",  ['{'] = "\\{",   ['}'] = "\\}",
    };

    return (unsigned char)c < 128 ? table[(unsigned char)c] : NULL;
}

static bool is_www(const char *text, size_t len)
{
    return len >= 4 && (text[0] | 32) == 'w' && (text[1] | 32) == 'w' && (text[2] | 32) == 'w' &&
           text[3] == '.';
}

/* A space at the end is written out: two would be a line break. */
static void md_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        const char *replacement = md_replacement(text[i]);

        if (text[i] == ' ' && i == len - 1)
            replacement = "&#32;";
        if (replacement) {
            strbuf_adds(out, replacement);
            i++;
        } else if (is_www(text + i, len - i)) {
            strbuf_add(out, text + i, 3);
            strbuf_adds(out, "&#46;");
            i += 4;
        } else {
            i += encode_visible(out, text + i, len - i);
        }
    }
}

static void md_capture(struct strbuf *out, const char *name, size_t len)
{
    strbuf_adds(out, "\\${");
    md_literal(out, name, len);
    strbuf_addc(out, '}');
}

/* How many bytes at the beginning of TEXT, the last of them to be escaped, could open a block or
 * complete a link: a punctuation mark, or digits and the mark that makes them a list. */
static size_t md_opening(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (digits)
        return text[digits] == '.' || text[digits] == ')' ? digits + 1 : 0;
    return *text && strchr("+-=.,;()\"'%/?", *text) ? 1 : 0;
}

void encode_md(struct strbuf *out, const char *text)
{
    size_t opening = md_opening(text);

    if (*text == ' ') { /* four in front would be code */
        strbuf_adds(out, "&#32;");
        text++;
    }
    if (opening) {
        strbuf_add(out, text, opening - 1);
        strbuf_addf(out, "\\%c", text[opening - 1]);
    }
    encode_pieces(out, text + opening, md_literal, md_capture);
}

static size_t longest_run(const char *text, char c)
{
    size_t longest = 0, run = 0;

    for (; *text; text++) {
        run = *text == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* CommonMark takes one space off either end when both have one; so one is added where it would be.
 */
static bool needs_padding(const char *text)
{
    size_t len = strlen(text);
    char first = text[0], last = text[len - 1];

    return first == '`' || last == '`' || (first == ' ' && last == ' ' && strspn(text, " ") != len);
}

static void code_span(struct strbuf *out, const char *text, piece_fn *literal)
{
    size_t ticks = longest_run(text, '`') + 1, i;
    bool pad = *text && needs_padding(text);

    if (!*text)
        return;
    for (i = 0; i < ticks; i++)
        strbuf_addc(out, '`');
    if (pad)
        strbuf_addc(out, ' ');
    encode_pieces(out, text, literal, capture_as_variable);
    if (pad)
        strbuf_addc(out, ' ');
    for (i = 0; i < ticks; i++)
        strbuf_addc(out, '`');
}

void encode_md_code(struct strbuf *out, const char *text)
{
    code_span(out, text, visible_literal);
}

static void cell_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if (text[i] == '|')
            strbuf_addc(out, '\\');
        i += encode_visible(out, text + i, len - i);
    }
}

/* In a table, \| within a code span is a bar. A backslash before a bar cannot be said that way: some
 * readers take the two backslashes for an escaped one, and the bar for the end of the cell. */
void encode_md_cell(struct strbuf *out, const char *text)
{
    if (!strstr(text, "\\|")) {
        code_span(out, text, cell_literal);
        return;
    }
    strbuf_adds(out, "<code>");
    encode_md(out, text);
    strbuf_adds(out, "</code>");
}

/* A line of nothing but fence characters could close the fence, unless it is indented by four. */
static bool closes_fence(const char *line, size_t len)
{
    bool any = false;
    size_t i;

    for (i = 0; i < len && line[i] != '\n'; i++) {
        if (!strchr("`~ \t", line[i]))
            return false;
        any = any || line[i] == '`' || line[i] == '~';
    }
    return any;
}

static void fence_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if ((i == 0 || text[i - 1] == '\n') && closes_fence(text + i, len - i))
            strbuf_adds(out, "    ");
        if (text[i] == '\n' || text[i] == '\t')
            strbuf_addc(out, text[i++]);
        else
            i += encode_visible(out, text + i, len - i);
    }
}

/* What could end a comment, or be said to: "--" and ">", and "-" beside what is there already. */
static void html_comment_literal(struct strbuf *out, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if (text[i] == '-' && (!i || i == len - 1 || text[i - 1] == '-')) {
            strbuf_adds(out, "&#45;");
            i++;
        } else if (text[i] == '>') {
            strbuf_adds(out, "&gt;");
            i++;
        } else {
            i += encode_visible(out, text + i, len - i);
        }
    }
}

void encode_html_comment(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, html_comment_literal, capture_as_variable);
}

void encode_md_fence(struct strbuf *out, const char *text)
{
    encode_pieces(out, text, fence_literal, capture_as_variable);
}
