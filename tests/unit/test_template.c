/* SPDX-License-Identifier: MIT
 * The Mustache engine: the specification's behaviour, what it refuses in any language, its bounds.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "templates.h"

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
    {"a text pushes nothing else", "a.txt", "{{#object}}{{#name}}{{deep.x}}{{/name}}{{/object}}",
     "X"},
    {"a list", "a.txt", "{{#items}}{{name}},{{/items}}", "one,two,"},
    {"an empty list", "a.txt", "{{#none}}a{{/none}}{{^none}}b{{/none}}", "b"},
    {"a list of texts", "a.txt", "{{#words}}{{.}},{{/words}}", "w 1,w2,"},
    {"a field absent in an item", "a.txt", "{{#items}}{{name}}{{^last}}+{{/last}}{{/items}}",
     "one+two"},
    {"outer names in a list", "a.txt", "{{#items}}{{text}}{{number}} {{/items}}", "a b1 a b2 "},
    {"nearest name first", "a.txt", "{{#object}}{{#items}}{{name}}{{/items}}{{name}}{{/object}}",
     "onetwoinner"},
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
    {"other delimiters", "a.txt", "{{=<% %>=}}<%text%> {{text}}<%={{ }}=%> {{text}}",
     "a b {{text}} a b"},
    {"delimiters with their own line", "a.txt", "a\n {{= | | =}}\n|text|", "a\na b"},
    {"raw with other delimiters", "a.txt", "{{=| |=}}|{id}||&id|", "12-ab12-ab"},
    {"a partial", "a.txt", "-{{>value.txt}}-", "-[a b]-"},
    {"a partial without ending", "a.txt", "{{#items}}{{>item}}{{/items}}", "one;two;"},
    {"a partial keeps its delimiters for itself", "a.txt", "{{=| |=}}|>value.txt|", "[a b]"},
    {"a standalone partial, indented", "a.txt", "x\n  {{>value.txt}}\ny", "x\n  [a b]y"},
    {"not the lines of values, nor empty ones", "a.txt", "  {{>lines.txt}}\n>",
     "  a\n  1\n2\n\n  b\n>"},
    {"a partial within a line is not indented", "a.txt", "  {{>lines.txt}}.", "  a\n1\n2\n\nb\n."},
};

static const struct expectation refusals[] = {
    {"a tag without end", "a.txt", "a\n {{text",
     "2:2 template-syntax: the tag does not end: there is no }} after it"},
    {"raw without end", "a.txt", "{{{id}}",
     "1:1 template-syntax: the tag does not end: there is no }}} after it"},
    {"a section without end", "a.txt", "{{#yes}}",
     "1:1 template-syntax: the section \"yes\" does not end"},
    {"an end without section", "a.txt", "x{{/yes}}",
     "1:2 template-syntax: no section \"yes\" is open here"},
    {"crossed sections", "a.txt", "{{#yes}}\n{{#no}}{{/yes}}{{/no}}",
     "2:8 template-syntax: this ends \"yes\", but the open section is \"no\" of line 2 (and more)"},
    {"no name", "a.txt", "{{ }}",
     "1:1 template-syntax: \"\" is no name; names consist of letters, digits, \"_\" and \"-\", "
     "joined by \".\""},
    {"a bad name", "a.txt", "{{a..b}}",
     "1:1 template-syntax: \"a..b\" is no name; names consist of letters, digits, \"_\" and \"-\", "
     "joined by \".\""},
    {"bad delimiters", "a.txt", "{{=a=}}",
     "1:1 template-syntax: delimiters are set as in {{=<% %>=}}: two of them, without \"=\", up to "
     "16 bytes"},
    {"a control character", "a.txt", "a\n\x01",
     "2:1 template-syntax: a template may not hold the character U+0001"},
    {"a deceptive character", "a.txt", "\xe2\x80\xae",
     "1:1 template-syntax: a template may not hold the character U+202E"},
    {"not UTF-8", "a.txt", "a\xff", "1:2 template-syntax: this is not UTF-8"},
    {"an unknown name", "a.txt", "a {{txet}}",
     "1:3 template-name: there is no \"txet\" here; did you mean \"text\"?"},
    {"an unknown section", "a.txt", "{{#itemz}}{{/itemz}}",
     "1:1 template-name: there is no \"itemz\" here; did you mean \"items\"?"},
    {"an unknown encoder", "a.sh", "{{#shel}}{{/shel}}",
     "1:1 template-name: there is no \"shel\" here; did you mean \"shell\"?"},
    {"an unknown part", "a.txt", "{{object.nam}}",
     "1:1 template-name: there is no \"nam\" here; did you mean \"name\"?"},
    {"a part of a text", "a.txt", "{{text.x}}", "1:1 template-name: there is no \"x\" here"},
    {"an unknown template", "a.txt", "{{>nope.txt}}",
     "1:1 template-name: there is no template \"nope.txt\""},
    {"in a partial", "a.sh", "\n{{>wrong.sh}}",
     "1:6 template-name: there is no \"txet\" here; did you mean \"text\"?"},
    {"in an indented partial", "a.sh", "   {{>wrong.sh}}",
     "1:6 template-name: there is no \"txet\" here; did you mean \"text\"?"},
    {"a part of a list", "a.txt", "{{items.name}}", "1:1 template-name: there is no \"name\" here"},
    {"a partial without name", "a.txt", "{{>.}}",
     "1:1 template-syntax: \".\" is no name; names consist of letters, digits, \"_\" and \"-\", "
     "joined by \".\""},
    {"delimiters with =", "a.txt", "{{=a= b=}}",
     "1:1 template-syntax: delimiters are set as in {{=<% %>=}}: two of them, without \"=\", up to "
     "16 bytes"},
    {"a template of no language", "a.ini", "a",
     "0:0 template-name: the name of a template must end in .sh, .json, .md, .txt, .html, .yaml, "
     ".yml, .ps1, .tf or .hcl"},
    {"a list as a value", "a.txt", "{{items}}",
     "1:1 template-name: \"items\" is a list and cannot be written; it can be a section"},
    {"no text for the dot", "a.txt", "{{.}}", "1:1 template-name: there is no text for \".\" here"},
    {"raw text", "a.txt", "{{{text}}}",
     "1:1 template-raw: \"text\" is free text, which may not be written raw"},
    {"raw text within an encoder", "a.sh", "{{#shell}}{{&text}}{{/shell}}",
     "1:11 template-raw: \"text\" is free text, which may not be written raw"},
    {"a partial within itself", "a.sh", "{{>loop.sh}}",
     "1:1 template-limit: more than 63 sections and partials stand within one another"},
    {"an absent value", "a.txt", "\n{{absent}}", "2:1 template-value: \"absent\" has no value"},
    {"an absent part", "a.txt", "{{nothing.name}}",
     "1:1 template-value: \"nothing.name\" has no value"},
};

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
    for (i = 0; i < 16; i++)
        strbuf_adds(&text, "{{>large.txt}}");
    is_str(run("a.txt", text.data),
           "1:211 template-limit: with its partials the template is larger than 16777216 bytes",
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

    strbuf_init(&out, 11);
    given_name = "a.sh";
    given_text = "f{{#items}}{{#shell}}123{{/shell}}{{/items}}";
    template = template_load(arena, &source, given_name, NULL, root_shape, &diags);
    ok(template && template_render(template, data(), &out, &diags), "output of just the size");
    ok(!template_render(template, data(), &out, &diags) && diags.count == 1, "output too large");
    is_str(diags.items[0].text, "the output is larger than 11 bytes", "... is said");
    strbuf_clear(&out);
}

/* Mistakes of the program: each must end it. */

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
    template_render(template_load(arena, &source, given_name, NULL, root_shape, &diags), object, &out,
                    &diags);
}

static void set_twice(struct value *object)
{
    value_set_text(object, "text", "a");
    value_set_text(object, "text", "b");
    render(object);
}

static void token_for_text(struct value *object)
{
    value_set_token(object, "text", "a");
    render(object);
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
    ok(!aborts(token_for_text), "nor is a token where the shape has text");
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
    CHECK(refusals);
    check_limits();
    check_output_limit();
    check_mistakes();
    arena_free(arena);
    return done_testing();
}
