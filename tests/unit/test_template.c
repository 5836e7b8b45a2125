/* SPDX-License-Identifier: MIT
 * The Mustache engine: the specification's behaviour, places and their encoders, every refusal. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#include "base/capture.h"
#include "base/limits.h"
#include "template/template.h"

static const struct shape deep_fields[] = {{"x", SHAPE_TEXT, NULL, ""}, {.kind = SHAPE_END}};
static const struct shape object_fields[] = {{"name", SHAPE_TEXT, NULL, ""},
                                             {"deep", SHAPE_OBJECT, deep_fields, ""},
                                             {.kind = SHAPE_END}};
static const struct shape item_fields[] = {{"name", SHAPE_TEXT, NULL, ""},
                                           {"number", SHAPE_TOKEN, NULL, ""},
                                           {"last", SHAPE_BOOL, NULL, ""},
                                           {.kind = SHAPE_END}};
static const struct shape word_fields[] = {{".", SHAPE_TEXT, NULL, ""}, {.kind = SHAPE_END}};
static const struct shape root_shape[] = {
    {"text", SHAPE_TEXT, NULL, ""},        {"quoted", SHAPE_TEXT, NULL, ""},
    {"capture", SHAPE_TEXT, NULL, ""},     {"lines", SHAPE_TEXT, NULL, ""},
    {"terminator", SHAPE_TEXT, NULL, ""},  {"empty", SHAPE_TEXT, NULL, ""},
    {"absent", SHAPE_TEXT, NULL, ""},      {"id", SHAPE_TOKEN, NULL, ""},
    {"function", SHAPE_TOKEN, NULL, ""},   {"yes", SHAPE_BOOL, NULL, ""},
    {"no", SHAPE_BOOL, NULL, ""},          {"items", SHAPE_LIST, item_fields, ""},
    {"none", SHAPE_LIST, item_fields, ""}, {"words", SHAPE_LIST, word_fields, ""},
    {"object", SHAPE_OBJECT, object_fields, ""}, {"nothing", SHAPE_OBJECT, object_fields, ""},
    {.kind = SHAPE_END}};

#define LONG "0123456789012345678901234567890123456789"

static const char *const partials[][2] = {
    {"value.txt", "[{{text}}]"},
    {"lines.txt", "a\n{{lines}}\n\nb\n"},
    {"item", "{{name}};"},
    {"loop.sh", "{{>loop.sh}}"},
    {"heredoc.sh", "cat <<EOF\n{{text}}\nEOF\n"},
    {"plain.sh", "echo {{text}}\n"},
    {"open.sh", "echo \"\n"},
    {"quote.sh", "x=\"a\nb\"\n"},
    {"body", "  {{text}}\n"},
    {"escape.sh", "echo \\"},
    {"wrong.sh", "echo {{txet}}\n"},
};

static struct arena *arena;
static const char *given_name, *given_text;

static const char *source_get(void *data, const char *name, size_t *ret_len, const char **ret_file)
{
    size_t i;

    (void)data;
    *ret_file = name;
    if (!strcmp(name, given_name)) {
        *ret_len = strlen(given_text);
        return given_text;
    }
    if (!strcmp(name, "large.txt")) {
        char *text = arena_alloc(arena, LIMIT_TEMPLATE, 1);

        *ret_len = LIMIT_TEMPLATE - 1;
        return memset(text, 'x', *ret_len);
    }
    for (i = 0; i < sizeof partials / sizeof *partials; i++) {
        if (!strcmp(name, partials[i][0])) {
            *ret_len = strlen(partials[i][1]);
            return partials[i][1];
        }
    }
    return NULL;
}

static const struct template_source source = {source_get, NULL};

static struct value *named(const char *name)
{
    struct value *object = value_object(arena);

    value_set_text(object, "name", name);
    return object;
}

static struct value *data(void)
{
    struct value *root = value_object(arena), *list = value_list(arena), *words = value_list(arena);
    struct value *object = named("inner"), *deep = value_object(arena), *item;

    value_set_text(root, "text", "a b");
    value_set_text(root, "quoted", "it's $(x) \"`\\");
    value_set_text(root, "capture", "id " CAPTURE("client_id"));
    value_set_text(root, "lines", "1\n2");
    value_set_text(root, "terminator", "EOF");
    value_set_text(root, "empty", "");
    value_set_text(root, "absent", NULL);
    value_set_token(root, "id", "12-ab");
    value_set_token(root, "function", "EOF");
    value_set_bool(root, "yes", true);
    value_set_bool(root, "no", false);
    item = named("one");
    value_set_number(item, "number", 1);
    value_append(list, item);
    item = named("two");
    value_set_number(item, "number", 2);
    value_set_bool(item, "last", true);
    value_append(list, item);
    value_set(root, "items", list);
    value_set(root, "none", value_list(arena));
    item = value_object(arena);
    value_set_text(item, ".", "w 1");
    value_append(words, item);
    item = value_object(arena);
    value_set_text(item, ".", "w2");
    value_append(words, item);
    value_set(root, "words", words);
    value_set_text(deep, "x", "X");
    value_set(object, "deep", deep);
    value_set(root, "object", object);
    return root;
}

/* What rendering gives, or the first finding as "LINE:COLUMN name: text; hint". */
static const char *run(const char *name, const char *text)
{
    struct diags diags = DIAGS_INIT(arena);
    struct template *template;
    struct strbuf out;
    const char *result;

    given_name = name;
    given_text = text;
    strbuf_init(&out, LIMIT_OUTPUT_FILE);
    template = template_load(arena, &source, name, root_shape, &diags);
    if (template && !template_render(template, data(), &out, &diags) && !diags.errors)
        result = "render failed without a finding";
    else if (diags.count)
        result = arena_printf(arena, "%u:%u %s: %s%s%s%s", diags.items[0].loc.line,
                              diags.items[0].loc.column, diag_name(diags.items[0].id),
                              diags.items[0].text, diags.items[0].hint ? "; " : "",
                              diags.items[0].hint ? diags.items[0].hint : "",
                              diags.count > 1 ? " (and more)" : "");
    else
        result = arena_strdup(arena, out.data);
    strbuf_clear(&out);
    return result;
}

struct expectation {
    const char *title, *name, *text, *want;
};

static const struct expectation mustache[] = {
    {"text alone", "a.txt", "x\ny", "x\ny"},
    {"a value", "a.txt", "<{{text}}>", "<a b>"},
    {"blanks in a tag", "a.txt", "{{ text\n }}", "a b"},
    {"a token, raw, both ways", "a.txt", "{{{id}}} {{& id }}", "12-ab 12-ab"},
    {"an empty text", "a.txt", "<{{empty}}>", "<>"},
    {"a comment", "a.txt", "a{{! {{ b\n}}c", "ac"},
    {"a comment with its own line", "a.txt", "a\n  {{! b }}  \nc\n", "a\nc\n"},
    {"yes", "a.txt", "{{#yes}}a{{/yes}}{{^yes}}b{{/yes}}", "a"},
    {"no", "a.txt", "{{#no}}a{{/no}}{{^no}}b{{/no}}", "b"},
    {"an absent text is no", "a.txt", "{{#absent}}a{{/absent}}{{^absent}}b{{/absent}}", "b"},
    {"an empty text is no", "a.txt", "{{#empty}}a{{/empty}}{{^empty}}b{{/empty}}", "b"},
    {"a text is yes, and the dot", "a.txt", "{{#text}}<{{.}}>{{/text}}", "<a b>"},
    {"a token is yes, and may be raw", "a.txt", "{{#id}}<{{{.}}}>{{/id}}", "<12-ab>"},
    {"a text pushes nothing else", "a.txt", "{{#object}}{{#name}}{{deep.x}}{{/name}}{{/object}}", "X"},
    {"a list", "a.txt", "{{#items}}{{name}},{{/items}}", "one,two,"},
    {"an empty list", "a.txt", "{{#none}}a{{/none}}{{^none}}b{{/none}}", "b"},
    {"a list of texts", "a.txt", "{{#words}}{{.}},{{/words}}", "w 1,w2,"},
    {"a field absent in an item", "a.txt", "{{#items}}{{name}}{{^last}}+{{/last}}{{/items}}", "one+two"},
    {"outer names in a list", "a.txt", "{{#items}}{{text}}{{number}} {{/items}}", "a b1 a b2 "},
    {"nearest name first", "a.txt", "{{#object}}{{#items}}{{name}}{{/items}}{{name}}{{/object}}", "onetwoinner"},
    {"an object", "a.txt", "{{#object}}{{name}}{{/object}}", "inner"},
    {"an absent object", "a.txt", "{{#nothing}}{{name}}{{/nothing}}{{^nothing}}-{{/nothing}}", "-"},
    {"dotted names", "a.txt", "{{object.name}} {{object.deep.x}}", "inner X"},
    {"dotted section", "a.txt", "{{#object.deep}}{{x}}{{/object.deep}}", "X"},
    {"dotted through what is absent", "a.txt", "{{#nothing.deep.x}}a{{/nothing.deep.x}}-", "-"},
    {"nested sections of one name", "a.txt", "{{#yes}}a{{#yes}}b{{/yes}}c{{/yes}}", "abc"},
    {"standalone section", "a.txt", "a\n{{#yes}}\nb\n{{/yes}}\nc\n", "a\nb\nc\n"},
    {"standalone, indented", "a.txt", "a\n  {{#yes}}\nb\n\t{{/yes}} \nc\n", "a\nb\nc\n"},
    {"standalone with CR LF", "a.txt", "a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", "a\r\nb\r\nc"},
    {"standalone at the end", "a.txt", "a\n  {{#yes}}\nb\n  {{/yes}}", "a\nb\n"},
    {"standalone at the beginning", "a.txt", "  {{#yes}}\na{{/yes}}", "a"},
    {"standalone inverted", "a.txt", "a\n{{^no}}\nb\n{{/no}}\n", "a\nb\n"},
    {"not standalone", "a.txt", " {{#yes}}a\n {{/yes}}b\n", " a\n b\n"},
    {"a value is never standalone", "a.txt", " {{empty}}\nb", " \nb"},
    {"two tags in a line are not standalone", "a.txt", "{{#yes}}{{/yes}}\nb", "\nb"},
    {"other delimiters", "a.txt", "{{=<% %>=}}<%text%> {{text}}<%={{ }}=%> {{text}}", "a b {{text}} a b"},
    {"delimiters with their own line", "a.txt", "a\n {{= | | =}}\n|text|", "a\na b"},
    {"raw with other delimiters", "a.txt", "{{=| |=}}|{id}||&id|", "12-ab12-ab"},
    {"a partial", "a.txt", "-{{>value.txt}}-", "-[a b]-"},
    {"a partial without ending", "a.txt", "{{#items}}{{>item}}{{/items}}", "one;two;"},
    {"a partial keeps its delimiters for itself", "a.txt", "{{=| |=}}|>value.txt|", "[a b]"},
    {"a standalone partial, indented", "a.txt", "x\n  {{>value.txt}}\ny", "x\n  [a b]y"},
    {"not the lines of values, nor empty ones", "a.txt", "  {{>lines.txt}}\n>", "  a\n  1\n2\n\n  b\n>"},
    {"a partial within a line is not indented", "a.txt", "  {{>lines.txt}}.", "  a\n1\n2\n\nb\n."},
};

static const struct expectation places[] = {
    {"sh: word", "a.sh", "x={{text}} {{quoted}}", "x='a b' \"it's \\$(x) \\\"\\`\\\\\""},
    {"sh: a capture in a word", "a.sh", "x={{capture}}", "x=\"id ${client_id}\""},
    {"sh: double quotes", "a.sh", "x=\"<{{quoted}}>\"", "x=\"<it's \\$(x) \\\"\\`\\\\>\""},
    {"sh: single quotes", "a.sh", "x='{{quoted}}'", "x='it'\\''s $(x) \"`\\'"},
    {"sh: comment", "a.sh", "x # {{quoted}} {{lines}}\n", "x # it's $(x) \"`\\ 1U+000A2\n"},
    {"sh: quotes mean nothing in a comment", "a.sh", "# it's\nx={{text}}", "# it's\nx='a b'"},
    {"sh: # within a word", "a.sh", "a#'\n'{{text}}", "a#'\n''a b'"},
    {"sh: # after a value", "a.sh", "{{text}}#'{{quoted}}'", "'a b'#'it'\\''s $(x) \"`\\'"},
    {"sh: # after ;", "a.sh", ";#'\n{{text}}", ";#'\n'a b'"},
    {"sh: # in ${ }", "a.sh", "${x#'#'}\"{{text}}\"", "${x#'#'}\"a b\""},
    {"sh: $# and ${#}", "a.sh", "$# ${#x} \"$#\" {{text}}", "$# ${#x} \"$#\" 'a b'"},
    {"sh: here-document", "a.sh", "cat <<EOF\n{{quoted}}\nEOF\n{{text}}", "cat <<EOF\nit's \\$(x) \"\\`\\\\\nEOF\n'a b'"},
    {"sh: a capture in a here-document", "a.sh", "cat <<EOF\n{{capture}}\nEOF\n", "cat <<EOF\nid ${client_id}\nEOF\n"},
    {"sh: here-document with tabs", "a.sh", "cat <<-EOF\n\t{{text}}\n\tEOF\n{{text}}", "cat <<-EOF\n\ta b\n\tEOF\n'a b'"},
    {"sh: tabs do not end another", "a.sh", "cat <<EOF\n\tEOF\n{{text}}\nEOF\n", "cat <<EOF\n\tEOF\na b\nEOF\n"},
    {"sh: rest of the line after <<", "a.sh", "cat <<EOF | x {{text}} # \"\nEOF\n{{text}}", "cat <<EOF | x 'a b' # \"\nEOF\n'a b'"},
    {"sh: here-string", "a.sh", "cat <<<{{text}}\n{{text}}", "cat <<<'a b'\n'a b'"},
    {"sh: quotes in a here-document", "a.sh", "cat <<EOF\n\"{{text}}'\nEOF\n", "cat <<EOF\n\"a b'\nEOF\n"},
    {"sh: a token in a quoted here-document", "a.sh", "cat <<'EOF'\n${{id}}\nEOF\n", "cat <<'EOF'\n$12-ab\nEOF\n"},
    {"sh: quoted here-documents end", "a.sh", "cat <<\\EOF\n\"\nEOF\ncat <<\"E F\"\n'\nE F\n{{text}}", "cat <<\\EOF\n\"\nEOF\ncat <<\"E F\"\n'\nE F\n'a b'"},
    {"sh: $( ) in double quotes", "a.sh", "\"$(f {{text}} \"{{text}}\")\"", "\"$(f 'a b' \"a b\")\""},
    {"sh: a token as a command", "a.sh", "\"$({{id}} {{text}})\"", "\"$(12-ab 'a b')\""},
    {"sh: $' in double quotes", "a.sh", "\"$'{{text}}\" {{text}}", "\"$'a b\" 'a b'"},
    {"sh: $$ in double quotes", "a.sh", "\"$${{text}}$1{{text}}\"", "\"$$a b$1a b\""},
    {"sh: $((..)) in $( )", "a.sh", "\"$(f $((1)) {{text}})\"", "\"$(f $((1)) 'a b')\""},
    {"sh: comment at the end", "a.sh", "# {{quoted}}", "# it's $(x) \"`\\"},
    {"sh: here-document at the end", "a.sh", "cat <<EOF\n{{text}}\nEOF", "cat <<EOF\na b\nEOF"},
    {"sh: a value before the terminator", "a.sh", "cat <<EOF\n{{text}}EOF\n\"\nEOF\n{{text}}", "cat <<EOF\na bEOF\n\"\nEOF\n'a b'"},
    {"sh: an escape before the terminator", "a.sh", "cat <<EOF\n\\xEOF\n\"\nEOF\n{{text}}", "cat <<EOF\n\\xEOF\n\"\nEOF\n'a b'"},
    {"sh: long lines in a here-document", "a.sh", "cat <<EOF\n" LONG LONG "\nEOF\n{{text}}", "cat <<EOF\n" LONG LONG "\nEOF\n'a b'"},
    {"sh: ( ) in $( )", "a.sh", "\"$( (f) {{text}})\"", "\"$( (f) 'a b')\""},
    {"sh: comment in $( )", "a.sh", "\"$(f # )\"\n{{text}})\"", "\"$(f # )\"\n'a b')\""},
    {"sh: here-document in $( )", "a.sh", "x=$(cat <<EOF\n{{text}})\nEOF\n) {{text}}", "x=$(cat <<EOF\na b)\nEOF\n) 'a b'"},
    {"sh: escaped quotes", "a.sh", "\\\"{{text}}\\'", "\\\"'a b'\\'"},
    {"sh: $'...'", "a.sh", "$'\\'' {{text}}", "$'\\'' 'a b'"},
    {"sh: $\"...\"", "a.sh", "$\"{{text}}\"", "$\"a b\""},
    {"sh: $((..))", "a.sh", "$((1 + (2))) {{text}}", "$((1 + (2))) 'a b'"},
    {"sh: a shift is no here-document", "a.sh", "(( x << 2 ))\n{{text}}", "(( x << 2 ))\n'a b'"},
    {"sh: a token in arithmetic", "a.sh", "$(( {{{id}}} ))", "$(( 12-ab ))"},
    {"sh: backquotes", "a.sh", "`f '` {{text}}", "`f '` 'a b'"},
    {"sh: case", "a.sh", "case x in\na) f {{text}} ;;\n'b') ;; esac", "case x in\na) f 'a b' ;;\n'b') ;; esac"},
    {"sh: a token in a word needs no quotes", "a.sh", "f_{{id}}() { echo \"${{function}}\"; }", "f_12-ab() { echo \"$EOF\"; }"},
    {"sh: continued lines in a loop", "a.sh", "f \\\n{{#items}}\n  {{name}} \\\n{{/items}}\n  x\n", "f \\\n  'one' \\\n  'two' \\\n  x\n"},
    {"sh: loop in a word", "a.sh", "f{{#items}} --x={{name}}{{/items}}\n", "f --x='one' --x='two'\n"},
    {"sh: comments in a loop", "a.sh", "{{#items}}\n# {{name}}\nf\n{{/items}}\n", "# one\nf\n# two\nf\n"},
    {"sh: partial", "a.sh", "{{#yes}}\n{{>plain.sh}}\n{{/yes}}\n", "echo 'a b'\n"},
    {"sh: indented partial", "a.sh", "f() {\n  {{>plain.sh}}\n}\n", "f() {\n  echo 'a b'\n}\n"},
    {"sh: partial with a here-document", "a.sh", "{{>heredoc.sh}}\n{{text}}", "cat <<EOF\na b\nEOF\n'a b'"},
    {"sh: a partial for a here-document may be indented", "a.sh", "cat <<EOF\n  {{>body}}\nEOF\n", "cat <<EOF\n    a b\nEOF\n"},
    {"sh: encoders nest", "a.sh", "x={{#shell}}/a/{{#url_path}}{{text}}{{/url_path}}?{{capture}}{{/shell}}", "x=\"/a/a%20b?id ${client_id}\""},
    {"sh: a capture in an encoder in an encoder", "a.sh", "{{#shell}}{{#url_query}}{{capture}}{{/url_query}}{{/shell}}", "\"id%20${client_id}\""},
    {"sh: content of encoders is data", "a.sh", "{{#shell}}it's <<X # \"{{text}}{{/shell}} {{text}}", "\"it's <<X # \\\"a b\" 'a b'"},
    {"sh: JMESPath", "a.sh", "{{#shell}}[?a=={{#jmespath}}{{quoted}}{{/jmespath}}]{{/shell}}", "\"[?a==\\`\\\"it's \\$(x) \\\\u0022\\\\u0060\\\\u005c\\\"\\`]\""},
    {"sh: URL in double quotes", "a.sh", "\"x/{{#url_path}}{{capture}}{{/url_path}}\"", "\"x/id%20${client_id}\""},
    {"sh: JSON in a here-document", "a.sh", "cat <<EOF\n{\"a\": {{#json}}{{quoted}}{{/json}}}\nEOF\n", "cat <<EOF\n{\"a\": \"it's \\$(x) \\\\\"\\`\\\\\\\\\"}\nEOF\n"},
    {"json: a value is a string", "a.json", "{\"a\": {{quoted}}, \"b\": {{{id}}}}", "{\"a\": \"it's $(x) \\\"`\\\\\", \"b\": 12-ab}"},
    {"json: a capture", "a.json", "[{{capture}}]", "[\"id ${client_id}\"]"},
    {"json: a token in a string", "a.json", "[\"a{{id}}\\\"{{id}}\"]", "[\"a12-ab\\\"12-ab\"]"},
    {"json: encoders nest", "a.json", "[{{#json}}f {{#shell}}{{capture}}{{/shell}}{{/json}}]", "[\"f \\\"id $${client_id}\\\"\"]"},
    {"json: list", "a.json", "[{{#items}}{{name}}{{^last}}, {{/last}}{{/items}}]", "[\"one\", \"two\"]"},
    {"md: text", "a.md", "- {{quoted}}\n", "- it's \\$(x) \"\\`&#92;\n"},
    {"md: fence", "a.md", "```sh\n{{quoted}} `\n```\n{{quoted}}", "```sh\nit's $(x) \"`\\ `\n```\nit's \\$(x) \"\\`&#92;"},
    {"md: fence of tildes", "a.md", "~~~~\n~~~\n{{quoted}}\n~~~~~\n{{quoted}}", "~~~~\n~~~\nit's $(x) \"`\\\n~~~~~\nit's \\$(x) \"\\`&#92;"},
    {"md: fence in a list", "a.md", "- a\n  ```\n  {{quoted}}\n  ```\n", "- a\n  ```\n  it's $(x) \"`\\\n  ```\n"},
    {"md: a shell word in a fence", "a.md", "```sh\nf {{#shell}}{{text}}{{/shell}}\n```\n", "```sh\nf 'a b'\n```\n"},
    {"md: mermaid", "a.md", "```mermaid\nA->>B: {{quoted}}\n```\n", "```mermaid\nA->>B: it#39;s #36;#40;x#41; #34;#96;#92;\n```\n"},
    {"md: code span", "a.md", "{{#md_code}}{{quoted}}{{/md_code}}", "``it's $(x) \"`\\``"},
    {"md: a token in a code span", "a.md", "`a {{id}}` {{text}}", "`a 12-ab` a b"},
    {"md: ` `` in a code span", "a.md", "`` ` `` {{quoted}}", "`` ` `` it's \\$(x) \"\\`&#92;"},
    {"md: escaped backtick", "a.md", "\\`{{text}}", "\\`a b"},
    {"md: link", "a.md", "[{{text}}](x/{{#url_path}}{{text}}{{/url_path}}) {{text}}", "[a b](x/a%20b) a b"},
    {"md: ( ) in a link", "a.md", "[a](b(c)/{{#url_path}}{{text}}{{/url_path}})", "[a](b(c)/a%20b)"},
    {"md: HTML comment", "a.md", "<!-- `x > {{id}} --> {{text}}", "<!-- `x > 12-ab --> a b"},
    {"md: HTML tag", "a.md", "<br> <a-->{{text}}", "<br> <a-->a b"},
    {"md: a < b", "a.md", "a < {{text}}", "a < a b"},
};

static const struct expectation refusals[] = {
    {"a tag without end", "a.txt", "a\n {{text", "2:2 template-syntax: the tag does not end: there is no }} after it"},
    {"raw without end", "a.txt", "{{{id}}", "1:1 template-syntax: the tag does not end: there is no }}} after it"},
    {"a section without end", "a.txt", "{{#yes}}", "1:1 template-syntax: the section \"yes\" does not end"},
    {"an end without section", "a.txt", "x{{/yes}}", "1:2 template-syntax: no section \"yes\" is open here"},
    {"crossed sections", "a.txt", "{{#yes}}\n{{#no}}{{/yes}}{{/no}}", "2:8 template-syntax: this ends \"yes\", but the open section is \"no\" of line 2 (and more)"},
    {"no name", "a.txt", "{{ }}", "1:1 template-syntax: \"\" is no name; names consist of letters, digits, \"_\" and \"-\", joined by \".\""},
    {"a bad name", "a.txt", "{{a..b}}", "1:1 template-syntax: \"a..b\" is no name; names consist of letters, digits, \"_\" and \"-\", joined by \".\""},
    {"inheritance", "a.txt", "{{<a}}", "1:1 template-syntax: \"<a\" is no name; names consist of letters, digits, \"_\" and \"-\", joined by \".\""},
    {"bad delimiters", "a.txt", "{{=a=}}", "1:1 template-syntax: delimiters are set as in {{=<% %>=}}: two of them, without \"=\", up to 16 bytes"},
    {"a control character", "a.txt", "a\n\x01", "2:1 template-syntax: a template may not hold the character U+0001"},
    {"a deceptive character", "a.txt", "\xe2\x80\xae", "1:1 template-syntax: a template may not hold the character U+202E"},
    {"not UTF-8", "a.txt", "a\xff", "1:2 template-syntax: this is not UTF-8"},
    {"an unknown name", "a.txt", "a {{txet}}", "1:3 template-name: there is no \"txet\" here; did you mean \"text\"?"},
    {"an unknown section", "a.txt", "{{#itemz}}{{/itemz}}", "1:1 template-name: there is no \"itemz\" here; did you mean \"items\"?"},
    {"an unknown encoder", "a.sh", "{{#shel}}{{/shel}}", "1:1 template-name: there is no \"shel\" here; did you mean \"shell\"?"},
    {"an unknown part", "a.txt", "{{object.nam}}", "1:1 template-name: there is no \"nam\" here; did you mean \"name\"?"},
    {"a part of a text", "a.txt", "{{text.x}}", "1:1 template-name: there is no \"x\" here"},
    {"an unknown template", "a.txt", "{{>nope.txt}}", "1:1 template-name: there is no template \"nope.txt\""},
    {"in a partial", "a.sh", "\n{{>wrong.sh}}", "1:6 template-name: there is no \"txet\" here; did you mean \"text\"?"},
    {"in an indented partial", "a.sh", "   {{>wrong.sh}}", "1:6 template-name: there is no \"txet\" here; did you mean \"text\"?"},
    {"a part of a list", "a.txt", "{{items.name}}", "1:1 template-name: there is no \"name\" here"},
    {"a partial without name", "a.txt", "{{>.}}", "1:1 template-syntax: \".\" is no name; names consist of letters, digits, \"_\" and \"-\", joined by \".\""},
    {"delimiters with =", "a.txt", "{{=a= b=}}", "1:1 template-syntax: delimiters are set as in {{=<% %>=}}: two of them, without \"=\", up to 16 bytes"},
    {"a list as a value", "a.txt", "{{items}}", "1:1 template-name: \"items\" is a list and cannot be written; it can be a section"},
    {"no text for the dot", "a.txt", "{{.}}", "1:1 template-name: there is no text for \".\" here"},
    {"raw text", "a.txt", "{{{text}}}", "1:1 template-raw: \"text\" is free text, which may not be written raw"},
    {"raw text within an encoder", "a.sh", "{{#shell}}{{&text}}{{/shell}}", "1:11 template-raw: \"text\" is free text, which may not be written raw"},
    {"a partial within itself", "a.sh", "{{>loop.sh}}", "1:1 template-limit: more than 63 sections and partials stand within one another"},
    {"an absent value", "a.txt", "\n{{absent}}", "2:1 template-value: \"absent\" has no value"},
    {"an absent part", "a.txt", "{{nothing.name}}", "1:1 template-value: \"nothing.name\" has no value"},

    {"sh: quoted here-document", "a.sh", "cat <<'EOF'\n{{text}}\nEOF\n", "2:1 template-context: \"text\" is free text, which has no encoder in a quoted here-document"},
    {"sh: partly quoted terminator", "a.sh", "cat <<E\"O\"F\n{{text}}\nEOF\n", "2:1 template-context: \"text\" is free text, which has no encoder in a quoted here-document"},
    {"sh: $'...'", "a.sh", "$'{{text}}'", "1:3 template-context: \"text\" is free text, which has no encoder in $' '"},
    {"sh: ${...}", "a.sh", "${x:-{{text}}}", "1:6 template-context: \"text\" is free text, which has no encoder in ${ }"},
    {"sh: quotes in ${...}", "a.sh", "\"${x:-\"{{text}}\"}\"", "1:8 template-context: \"text\" is free text, which has no encoder in ${ }"},
    {"sh: $((..))", "a.sh", "$(({{text}}))", "1:4 template-context: \"text\" is free text, which has no encoder in arithmetic"},
    {"sh: ((..))", "a.sh", "if ((x == {{text}})); then", "1:11 template-context: \"text\" is free text, which has no encoder in arithmetic"},
    {"sh: backquotes", "a.sh", "`f {{text}}`", "1:4 template-context: \"text\" is free text, which has no encoder in backquotes"},
    {"sh: $( ) in a here-document", "a.sh", "cat <<EOF\n$(f {{text}})\nEOF\n", "2:5 template-context: \"text\" is free text, which has no encoder in a here-document"},
    {"sh: behind a backslash", "a.sh", "\"\\{{text}}\"", "1:3 template-context: \"text\" is free text, which has no encoder right behind a backslash"},
    {"sh: behind a $", "a.sh", "${{text}}", "1:2 template-context: \"text\" is free text, which has no encoder right behind a $"},
    {"sh: behind a $ in a here-document", "a.sh", "cat <<EOF\n${{text}}\nEOF\n", "2:2 template-context: \"text\" is free text, which has no encoder right behind a $"},
    {"sh: behind $name in quotes", "a.sh", "\"$x{{text}}\"", "1:4 template-context: \"text\" is free text, which has no encoder right behind a variable's name; write ${name}"},
    {"sh: as a command of $( )", "a.sh", "$({{text}})", "1:3 template-context: \"text\" is free text, which has no encoder right behind $("},
    {"sh: as a terminator", "a.sh", "cat <<{{text}}\n", "1:7 template-context: \"text\" is free text, which has no encoder right behind <<"},
    {"sh: a token as a terminator", "a.sh", "cat << {{id}}\n", "1:8 template-context: no tag may stand in the terminator of a here-document"},
    {"sh: case in $( )", "a.sh", "\"$(case x in a) {{text}};; esac)\"", "1:8 template-context: case within $( ) cannot be followed: its ) look like the end; use a function"},
    {"sh: ' in ${ } in quotes", "a.sh", "\"${x#'}'}\"", "1:6 template-context: a ' within ${ } within quotes is read differently by different shells; use \\'"},
    {"sh: $[ ]", "a.sh", "$[1+1]", "1:2 template-context: $[ ] is arithmetic of the past; use $(( ))"},
    {"sh: two here-documents", "a.sh", "f <<A <<B\n", "1:9 template-context: two here-documents begin in one line"},
    {"sh: $name, perhaps, before a value", "a.sh", "\"$x{{#yes}} {{/yes}}{{text}}\"", "1:21 template-context: \"text\" is free text, which has no encoder right behind a variable's name; write ${name}"},
    {"sh: $name at the end of a section", "a.sh", "\"{{#yes}}$x{{/yes}}{{text}}\"", "1:20 template-context: \"text\" is free text, which has no encoder right behind a variable's name; write ${name}"},
    {"sh: a section that opens ( in $( )", "a.sh", "$( {{#yes}}( {{/yes}}) )", "1:4 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"sh: here-document in another", "a.sh", "cat <<A\n$(cat <<B\nB\n)\nA\n", "2:9 template-context: a here-document within another cannot be followed"},
    {"sh: here-document across $( )", "a.sh", "f <<EOF $(g\n)\nEOF\n", "1:12 template-context: the line of a here-document ends within $( )"},
    {"sh: an unusual terminator", "a.sh", "cat <<$x\n$x\n", "1:7 template-context: the terminator of this here-document cannot be followed"},
    {"sh: a long terminator", "a.sh", "cat <<" LONG LONG "\n", "1:70 template-context: the terminator of this here-document cannot be followed"},
    {"sh: no terminator", "a.sh", "cat << ;", "1:8 template-context: this here-document has no terminator"},
    {"sh: too deep", "a.sh", "$($($($($($($($($($($($($($($($($(", "1:33 template-context: quotes and expansions stand too deep within one another"},
    {"sh: only the first thing that cannot be followed", "a.sh", "$[1]`{{text}}`{{#url_path}}{{/url_path}}", "1:2 template-context: $[ ] is arithmetic of the past; use $(( ))"},
    {"sh: a partial behind $", "a.sh", "${{>plain.sh}}", "1:2 template-context: no partial may stand right behind a $"},
    {"sh: a partial that ends with a backslash", "a.sh", "{{>escape.sh}}", "1:1 template-context: no end of a partial may stand right behind a backslash"},
    {"sh: # after a section", "a.sh", "f {{#yes}}x{{/yes}}# y", "1:20 template-context: whether this # begins a comment depends on the section before it"},
    {"sh: a section that opens quotes", "a.sh", "{{#yes}}\"{{/yes}}{{text}}\"", "1:1 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"sh: a section that closes quotes", "a.sh", "\"{{#yes}}\"{{/yes}}", "1:2 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"sh: a section that ends in a comment", "a.sh", "{{#yes}}# {{/yes}}x", "1:1 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"sh: a here-document that outlives its section", "a.sh", "{{#yes}}\ncat <<EOF\n{{/yes}}\nEOF\n", "1:1 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"sh: a here-document announced in a section", "a.sh", "{{#yes}}cat <<EOF{{/yes}} \nEOF\n", "1:18 template-context: no end of a section may stand in the terminator of a here-document"},
    {"sh: a loop that would lengthen words", "a.sh", "f {{#items}}x{{/items}}", "1:3 template-context: \"items\" does not end in the place where it begins, such as the same quotes"},
    {"sh: a section behind $", "a.sh", "${{#yes}}x{{/yes}}", "1:2 template-context: no section may stand right behind a $"},
    {"sh: a partial that leaves quotes open", "a.sh", "{{>open.sh}}\n{{text}}", "1:1 template-context: \"open.sh\" does not end in the place where it begins, such as the same quotes"},
    {"sh: an open quote at the end", "a.sh", "\n\"{{text}}\n", "2:0 template-context: the template ends in double quotes"},
    {"sh: an open here-document at the end", "a.sh", "cat <<EOF\n EOF\n", "1:0 template-context: the template ends in a here-document"},
    {"sh: a here-document in an indented partial", "a.sh", "  {{>heredoc.sh}}\n", "1:12 template-context: the tag of this partial is indented, which would change a text that has several lines"},
    {"sh: a long string in an indented partial", "a.sh", "  {{>quote.sh}}\n", "1:7 template-context: the tag of this partial is indented, which would change a text that has several lines"},
    {"sh: a partial of another language", "a.sh", "{{>value.txt}}", "1:1 template-context: \"value.txt\" is of another language than the template it is put in"},
    {"sh: the wrong outermost encoder", "a.sh", "f {{#url_path}}{{text}}{{/url_path}}", "1:3 template-context: \"url_path\" cannot be the outermost encoder in a command; what can: shell"},
    {"sh: an encoder where none is right", "a.sh", "`{{#shell}}{{text}}{{/shell}}`", "1:2 template-context: \"shell\" cannot be the outermost encoder in backquotes; nothing can"},
    {"sh: a capture in single quotes", "a.sh", "'{{capture}}'", "1:2 template-value: \"capture\" holds a captured value, which cannot stand between single quotes"},
    {"sh: a value that ends a here-document", "a.sh", "cat <<EOF\n{{terminator}}\nEOF\n", "2:1 template-value: the value of \"terminator\" would end the here-document"},
    {"sh: a token that ends a here-document", "a.sh", "cat <<-'EOF'\n\t{{function}}\nEOF\n", "2:2 template-value: the value of \"function\" would end the here-document"},
    {"sh: a first line that ends a here-document", "a.sh", "cat <<x1\nx{{lines}}\nx1\n", "2:2 template-value: the value of \"lines\" would end the here-document"},
    {"sh: a last line that ends a here-document", "a.sh", "cat <<2y\n{{lines}}y\n2y\n", "2:1 template-value: the value of \"lines\" would end the here-document"},
    {"json: in a string", "a.json", "{\"a\": \"{{text}}\"}", "1:8 template-context: \"text\" is free text, which has no encoder in a JSON string"},
    {"json: a section that opens a string", "a.json", "{{#yes}}\"{{/yes}}\"", "1:1 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"json: an open string", "a.json", "[\"]", "0:0 template-context: the template ends in a JSON string"},
    {"json: the wrong encoder", "a.json", "[{{#shell}}{{text}}{{/shell}}]", "1:2 template-context: \"shell\" cannot be the outermost encoder between JSON tokens; what can: json"},
    {"md: in a code span", "a.md", "`{{text}}`", "1:2 template-context: \"text\" is free text, which has no encoder in a code span"},
    {"md: in an HTML comment", "a.md", "<!-- > {{text}} -->", "1:8 template-context: \"text\" is free text, which has no encoder in an HTML comment"},
    {"md: in an HTML tag", "a.md", "<a x={{text}}>", "1:6 template-context: \"text\" is free text, which has no encoder in an HTML tag"},
    {"md: in a link", "a.md", "[a](b/{{text}})", "1:7 template-context: \"text\" is free text, which has no encoder in the destination of a link"},
    {"md: behind a backslash", "a.md", "\\{{text}}", "1:2 template-context: \"text\" is free text, which has no encoder right behind a backslash"},
    {"md: behind a <", "a.md", "<{{text}}>", "1:2 template-context: \"text\" is free text, which has no encoder right behind a <"},
    {"md: in the first line of a fence", "a.md", "```{{text}}\n```\n", "1:4 template-context: \"text\" is free text, which has no encoder in the first line of a fence"},
    {"md: an open fence", "a.md", "\n```\n``\n", "2:0 template-context: the template ends in a fence"},
    {"md: an open code span", "a.md", "`a\n\n`", "2:1 template-context: a code span does not end before the next paragraph"},
    {"md: a section that closes a fence", "a.md", "```\n{{#yes}}\n```\n{{/yes}}\n", "2:1 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"md: code spans that touch", "a.md", "{{#md_code}}{{text}}{{/md_code}}`a`", "1:34 template-context: a code span right behind another cannot be told from one"},
    {"md: a code span behind one in the text", "a.md", "`a`{{#md_code}}{{text}}{{/md_code}}", "1:4 template-context: no tag may stand right behind a code span, which would join it"},
    {"md: a code span behind a section's", "a.md", "{{#yes}}`a`{{/yes}}`b`", "1:21 template-context: a code span right behind another cannot be told from one"},
    {"md: an open link", "a.md", "[a](b\n\n{{text}}", "2:1 template-context: a link or HTML tag does not end before the next paragraph"},
    {"md: a code span like a fence", "a.md", "```a``` b", "1:5 template-context: a line that begins with three backticks must be a fence"},
    {"md: a section that changes the fence", "a.md", "```\n{{#yes}}\n```\n````\n{{/yes}}\n````\n", "2:1 template-context: \"yes\" does not end in the place where it begins, such as the same quotes"},
    {"md: a section that completes the end of a fence", "a.md", "```\n``{{#yes}}`{{/yes}}\n```\n", "2:3 template-context: no section may stand in a run of fence marks"},
    {"md: a section that completes a link", "a.md", "{{#yes}}[a]{{/yes}}(b{{text}})", "1:22 template-context: \"text\" is free text, which has no encoder in the destination of a link"},
    {"md: the wrong encoder", "a.md", "{{#shell}}{{text}}{{/shell}}", "1:1 template-context: \"shell\" cannot be the outermost encoder in text; what can: md, md_code, md_cell"},
};

static void check(const struct expectation *table, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        is_str(run(table[i].name, table[i].text), table[i].want, table[i].title);
}

#define CHECK(table) check(table, sizeof(table) / sizeof *(table))

static void check_limits(void)
{
    struct strbuf text;
    size_t i;

    strbuf_init(&text, 2 * LIMIT_TEMPLATE);
    for (i = 0; i < LIMIT_TEMPLATE_DEPTH - 1; i++)
        strbuf_adds(&text, "{{#yes}}");
    strbuf_adds(&text, "x");
    for (i = 0; i < LIMIT_TEMPLATE_DEPTH - 1; i++)
        strbuf_adds(&text, "{{/yes}}");
    is_str(run("a.txt", text.data), "x", "sections as deep as may be");
    strbuf_reset(&text);
    for (i = 0; i < LIMIT_TEMPLATE_DEPTH; i++)
        strbuf_adds(&text, "{{#yes}}");
    is_str(run("a.txt", text.data),
           "1:505 template-limit: more than 63 sections stand within one another",
           "sections too deep");
    strbuf_reset(&text);
    for (i = 0; i < 17; i++)
        strbuf_adds(&text, "{{>large.txt}}");
    is_str(run("a.txt", text.data),
           "1:225 template-limit: with its partials the template is larger than 16777216 bytes",
           "partials that multiply");
    is_str(run("a.txt", "  {{>large.txt}}\n"),
           "0:0 template-limit: indented, the template is larger than 1048576 bytes",
           "a partial that indentation makes too large");
    strbuf_reset(&text);
    for (i = 0; i <= LIMIT_TEMPLATE; i++)
        strbuf_addc(&text, 'x');
    is_str(run("a.txt", text.data), "0:0 template-limit: the template is larger than 1048576 bytes",
           "a template too large");
    strbuf_clear(&text);
}

static void check_output_limit(void)
{
    struct diags diags = DIAGS_INIT(arena);
    struct template *template;
    struct strbuf out;

    strbuf_init(&out, 10);
    given_name = "a.sh";
    given_text = "{{#items}}{{#shell}}123{{/shell}}{{/items}}";
    template = template_load(arena, &source, given_name, root_shape, &diags);
    ok(template && template_render(template, data(), &out, &diags), "output of just the size");
    ok(!template_render(template, data(), &out, &diags) && diags.count == 1, "output too large");
    is_str(diags.items[0].text, "the output is larger than 10 bytes", "... is said");
    strbuf_clear(&out);
}

/* Mistakes of the program: each must end it. */

static void set_twice(struct value *object)
{
    value_set_text(object, "text", "a");
    value_set_text(object, "text", "b");
}

static void bad_token(struct value *object)
{
    value_set_token(object, "id", "a b");
}

static void empty_token(struct value *object)
{
    value_set_token(object, "id", "");
}

static void field_of_list(struct value *object)
{
    (void)object;
    value_set_text(value_list(arena), "text", "a");
}

static void in_two_places(struct value *object)
{
    struct value *list = value_list(arena);

    value_append(list, object);
    value_append(list, object);
}

static void render(struct value *object)
{
    struct diags diags = DIAGS_INIT(arena);
    struct strbuf out;

    strbuf_init(&out, 10);
    given_name = given_text = "a.txt";
    template_render(template_load(arena, &source, given_name, root_shape, &diags), object, &out,
                    &diags);
}

static void unknown_field(struct value *object)
{
    value_set_text(object, "txet", "a");
    render(object);
}

static void text_for_token(struct value *object)
{
    value_set_text(object, "id", "$(x)");
    render(object);
}

static void text_for_token_in_list(struct value *object)
{
    struct value *list = value_list(arena), *item = value_object(arena);

    value_set_text(item, "number", "$(x)");
    value_append(list, item);
    value_set(object, "items", list);
    render(object);
}

static void text_for_token_in_object(struct value *object)
{
    struct value *inner = value_object(arena);

    value_set_bool(inner, "name", true);
    value_set(object, "object", inner);
    render(object);
}

static bool aborts(void (*mistake)(struct value *object))
{
    int status = 0;
    pid_t child = fork();

    if (!child) {
        if (freopen("/dev/null", "w", stderr))
            mistake(value_object(arena));
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

static void check_mistakes(void)
{
    ok(!aborts(render), "an empty object is no mistake");
    ok(aborts(set_twice), "a field set twice");
    ok(aborts(bad_token), "a token that is none");
    ok(aborts(empty_token), "an empty token");
    ok(aborts(field_of_list), "a field of a list");
    ok(aborts(in_two_places), "a value in two places");
    ok(aborts(unknown_field), "a field that the shape does not have");
    ok(aborts(text_for_token), "text where the shape has a token");
    ok(aborts(text_for_token_in_list), "the same in a list");
    ok(aborts(text_for_token_in_object), "the same in an object");
}

int main(void)
{
    arena = arena_new();
    CHECK(mustache);
    CHECK(places);
    CHECK(refusals);
    check_limits();
    check_output_limit();
    check_mistakes();
    arena_free(arena);
    return done_testing();
}
