/* SPDX-License-Identifier: MIT
 * Parents and blocks: what an argument replaces, where its lines stand, which template a name means. */
#include "templates.h"

static const struct expectation inheritance[] = {
    {"a block without a parent", "a.txt", "{{$a}}x {{text}}{{/a}}", "x a b"},
    {"a parent without arguments", "a.txt", "{{<parent.txt}}{{/parent.txt}}", "<default a b|b>"},
    {"an argument", "a.txt", "{{<parent.txt}}{{$b}}{{id}}{{/b}}{{/parent.txt}}",
     "<default a b|12-ab>"},
    {"two arguments, with blanks and a comment between", "a.txt",
     "{{<parent.txt}} {{$b}}1{{/b}}\n{{! why }} {{$a}}2{{/a}} {{/parent.txt}}", "<2|1>"},
    {"a block within an argument is the author's own", "a.txt",
     "{{<grand.txt}}{{$c}}C{{/c}}{{/grand.txt}}", "<grand C|b>"},
    {"the outermost argument wins", "a.txt", "{{<grand.txt}}{{$a}}A{{/a}}{{/grand.txt}}", "<A|b>"},
    {"the context is that of the parent", "a.txt",
     "{{<partly.txt}}{{$a}}{{number}}{{/a}}{{/partly.txt}}", "1;2;"},
    {"through a partial", "a.txt", "{{<through.txt}}{{$b}}B{{/b}}{{/through.txt}}",
     "[<default a b|B>]"},
    {"a block of the same name within it does not go round", "a.txt",
     "{{<parent.txt}}{{$b}}x{{$b}}y{{/b}}{{/b}}{{/parent.txt}}", "<default a b|xy>"},
    {"a parent with its own line", "a.txt", "x\n  {{<lines.txt}}{{/lines.txt}}\ny",
     "x\n  a\n  1\n2\n\n  b\ny"},
    {"its end elsewhere", "a.txt", "x\n  {{<lines.txt}}\n{{/lines.txt}}\ny",
     "x\n  a\n  1\n2\n\n  b\ny"},
    {"a parent within a line", "a.txt", "-{{<value.txt}}{{/value.txt}}\n", "-[a b]\n"},
    {"lines stand where the block's do", "a.txt",
     "{{<lines-parent.txt}}\n{{$a}}\n    one\n      two\n\n{{/a}}\n{{/lines-parent.txt}}\n.",
     "begin\n  one\n    two\n\nend\n."},
    {"lines in a block within a line", "a.txt",
     "{{<inline-parent.txt}}\n{{$a}}\none\ntwo{{/a}}\n{{/inline-parent.txt}}\n.",
     "begin\n  one\n  two\nend\n."},
    {"a value at the beginning of a line", "a.txt",
     "{{<lines-parent.txt}}{{$a}}\n{{text}}\n{{/a}}{{/lines-parent.txt}}", "begin\n  a b\nend\n"},
    {"an empty argument takes the lines away", "a.txt",
     "{{<lines-parent.txt}}{{$a}}{{/a}}{{/lines-parent.txt}}", "begin\nend\n"},
    {"an argument keeps its delimiters", "a.txt",
     "{{=| |=}}|<parent.txt||$b||text||/b||/parent.txt|", "<default a b|a b>"},
    {"encoded for the place it is put in", "a.sh",
     "{{<parent.sh}}\n{{$word}}{{quoted}}{{/word}}\n{{/parent.sh}}\n",
     "echo a\necho \"it's \\$(x) \\\"\\`\\\\\"\n"},
};

static const struct expectation refusals[] = {
    {"a block that the parent does not have", "a.txt",
     "{{<parent.txt}}\n{{$c}}{{/c}}{{/parent.txt}}",
     "2:1 template-name: \"parent.txt\" has no block \"c\"; did you mean \"a\"?"},
    {"text that would be left out", "a.txt", "{{<parent.txt}}x{{/parent.txt}}",
     "1:16 template-syntax: only blocks may stand within {{<parent.txt}}: this would be left out"},
    {"a value that would be left out", "a.txt", "{{<parent.txt}}{{text}}{{/parent.txt}}",
     "1:16 template-syntax: only blocks may stand within {{<parent.txt}}: this would be left out"},
    {"one argument twice", "a.txt", "{{<parent.txt}}{{$a}}{{/a}}\n{{$a}}{{/a}}{{/parent.txt}}",
     "2:1 template-syntax: the block \"a\" was given in line 1"},
    {"an unknown parent", "a.txt", "{{<nope.txt}}{{/nope.txt}}",
     "1:1 template-name: there is no template \"nope.txt\""},
    {"a parent of another language", "a.sh", "{{<parent.txt}}{{/parent.txt}}",
     "1:1 template-context: \"parent.txt\" is of another language than the template it is put in"},
    {"a parent without end", "a.txt", "{{<parent.txt}}",
     "1:1 template-syntax: the section \"parent.txt\" does not end"},
    {"a block without end", "a.txt", "{{$a}}", "1:1 template-syntax: the section \"a\" does not end"},
    {"a dynamic name", "a.txt", "{{>*text}}",
     "1:1 template-name: what \"*text\" will name is not known before it is rendered, and so cannot "
     "be checked"},
    {"a dynamic parent", "a.txt", "{{<*text}}{{/*text}}",
     "1:1 template-name: what \"*text\" will name is not known before it is rendered, and so cannot "
     "be checked"},
    {"an argument that leaves its quotes", "a.sh",
     "{{<parent.sh}}{{$word}}\"{{/word}}{{/parent.sh}}",
     "4:7 template-context: \"word\" does not end in the place where it begins, such as the same "
     "quotes"},
    {"an argument that would swallow the line after it", "a.sh",
     "{{<parent.sh}}{{$head}}# x{{/head}}{{/parent.sh}}",
     "1:1 template-context: \"head\" does not end in the place where it begins, such as the same "
     "quotes"},
    {"free text where the block stands in a comment of ours", "a.sh",
     "{{<parent.sh}}\n{{$head}}\necho `{{text}}`\n{{/head}}\n{{/parent.sh}}",
     "3:7 template-context: \"text\" is free text, which has no encoder in backquotes"},
    {"places in an argument are those of its file", "a.txt",
     "{{<lines-parent.txt}}\n{{$a}}\n      x\n      y {{txet}}\n{{/a}}\n{{/lines-parent.txt}}",
     "4:9 template-name: there is no \"txet\" here; did you mean \"text\"?"},
    {"and in the line of its tag", "a.txt",
     "{{<parent.txt}}{{$a}}x {{txet}}{{/a}}{{/parent.txt}}",
     "1:24 template-name: there is no \"txet\" here; did you mean \"text\"?"},
};

/* What a company puts above the templates of templates.h. */
static const char *const above[][2] = {
    {"value.txt", "({{>value.txt}})"},
    {"parent.txt", "{{<parent.txt}}{{$b}}mine{{/b}}{{/parent.txt}}"},
    {"item", "{{>item}}{{>unknown}}"},
};

static const char *above_get(void *unused, const char *name, size_t *ret_len,
                             const char **ret_file, struct diags *diags)
{
    size_t i;

    (void)unused;
    (void)diags;
    for (i = 0; i < sizeof above / sizeof *above; i++) {
        if (strcmp(name, above[i][0]) != 0)
            continue;
        *ret_file = arena_printf(arena, "above/%s", name);
        *ret_len = strlen(above[i][1]);
        return above[i][1];
    }
    return NULL;
}

static void check_layers(void)
{
    const struct template_source layered = {above_get, NULL, &source};
    struct diags diags = DIAGS_INIT(arena);
    struct template *template;
    struct strbuf out;

    given_name = "a.txt";
    given_text = "{{>value.txt}} {{<parent.txt}}{{$a}}A{{/a}}{{/parent.txt}}{{>value.txt}}";
    strbuf_init(&out, LIMIT_OUTPUT_FILE);
    template = template_load(arena, &layered, given_name, NULL, root_shape, &diags);
    ok(template && template_render(template, data(), &out, &diags), "a source above another");
    is_str(out.data, "([a b]) <A|mine>([a b])", "a template that names itself means the one below");
    is_str(template_replacement(template, 0)->name, "value.txt", "what came from above is known");
    is_str(template_replacement(template, 1)->name, "parent.txt", "and all of it");
    ok(!template_replacement(template, 2), "each once");
    ok(strlen(template_replacement(template, 0)->digest) == SHA256_HEX, "with its digest");
    given_text = "{{#items}}{{>item}}{{/items}}";
    ok(!template_load(arena, &layered, given_name, NULL, root_shape, &diags), "what neither has");
    is_str(diags.items[0].text, "there is no template \"unknown\"", "is a finding");
    is_str(diags.items[0].loc.file, "above/item", "at the file that names it");
    strbuf_clear(&out);
}

int main(void)
{
    arena = arena_new();
    CHECK(inheritance);
    CHECK(refusals);
    check_layers();
    arena_free(arena);
    return done_testing();
}
