/* SPDX-License-Identifier: MIT
 * The places of HTML, YAML, PowerShell and HCL: how a value is written where it may stand, and that free
 * text loads nowhere else. Those of shell, Markdown and JSON are in test_places.c. */
#include "templates.h"

#define QUOTED_HTML "it&#39;s $(x) &quot;`\\"
#define QUOTED_YAML "\"it's $(x) \\\"`\\\\\""
#define QUOTED_PS   "('it'+[char]0x0027+'s $(x) \"`\\')"
#define QUOTED_HCL  "\"it's $(x) \\\"`\\\\\""

static const struct expectation allowed[] = {
    {"html: text", "a.html", "<p>{{quoted}}</p>", "<p>" QUOTED_HTML "</p>"},
    {"html: a value in double quotes", "a.html", "<p title=\"{{quoted}}\" id='{{text}}'>",
     "<p title=\"" QUOTED_HTML "\" id='a b'>"},
    {"html: a part of an address", "a.html",
     "<a href=\"https://x/{{#url_path}}{{quoted}}{{/url_path}}\">",
     "<a href=\"https://x/it%27s%20%24%28x%29%20%22%60%5C\">"},
    {"html: behind a script", "a.html", "<script>if (a < b) {}</script>{{text}}",
     "<script>if (a < b) {}</script>a b"},
    {"html: behind a comment", "a.html", "<!-- > --><p>{{text}}", "<!-- > --><p>a b"},
    {"html: a token in a tag", "a.html", "<h{{id}}>", "<h12-ab>"},
    {"html: sections", "a.html", "<ul>\n{{#items}}\n<li>{{name}}</li>\n{{/items}}\n</ul>\n",
     "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"},
    {"html: sections behind other tags than they end with", "a.html",
     "<p class=\"x\">{{#yes}}<b>{{text}}</b>{{/yes}}</p>{{#items}}<i id='{{name}}'>{{/items}}",
     "<p class=\"x\"><b>a b</b></p><i id='one'><i id='two'>"},
    {"html: lines", "a.html", "{{lines}}", "1\n2"},

    {"yaml: behind a key", "a.yaml", "key: {{quoted}}\nb: 1\n", "key: " QUOTED_YAML "\nb: 1\n"},
    {"yaml: the other ending", "a.yml", "key: {{text}}", "key: \"a b\""},
    {"yaml: an item", "a.yaml", "list:\n  - {{text}}\n  -  {{text}} # why\n",
     "list:\n  - \"a b\"\n  -  \"a b\" # why\n"},
    {"yaml: in an item's mapping", "a.yaml", "- name: a\n  value: {{text}}\n",
     "- name: a\n  value: \"a b\"\n"},
    {"yaml: in brackets", "a.yaml", "a: [x, {{text}}, {{text}}]\n", "a: [x, \"a b\", \"a b\"]\n"},
    {"yaml: in braces, behind a key", "a.yaml", "a: {b: {{text}}, c: 1}\n", "a: {b: \"a b\", c: 1}\n"},
    {"yaml: lines", "a.yaml", "a: {{lines}}\n", "a: \"1\\n2\"\n"},
    {"yaml: a comment", "a.yaml", "# {{lines}}\na: 1\n", "# 1U+000A2\na: 1\n"},
    {"yaml: behind a block scalar", "a.yaml", "a: |\n  it's\n\n  x: \"\nb: {{text}}\n",
     "a: |\n  it's\n\n  x: \"\nb: \"a b\"\n"},
    {"yaml: behind an item's block scalar", "a.yaml", "- run: >-\n    x\n  env: {{text}}\n",
     "- run: >-\n    x\n  env: \"a b\"\n"},
    {"yaml: behind quotes", "a.yaml", "a: 'it''s'\nb: \"\\\"\"\nc: it's\nd: {{text}}\n",
     "a: 'it''s'\nb: \"\\\"\"\nc: it's\nd: \"a b\"\n"},
    {"yaml: in a loop", "a.yaml", "{{#items}}\n- {{name}}\n{{/items}}\nb: {{text}}\n",
     "- \"one\"\n- \"two\"\nb: \"a b\"\n"},
    {"yaml: CR LF", "a.yaml", "a:\r\n  - {{text}}\r\n", "a:\r\n  - \"a b\"\r\n"},
    {"yaml: a token in a plain scalar", "a.yaml", "a: x{{id}}\n", "a: x12-ab\n"},

    {"ps1: an argument", "a.ps1", "az group create --name {{quoted}} --yes\n",
     "az group create --name " QUOTED_PS " --yes\n"},
    {"ps1: a right side", "a.ps1", "$a = {{text}}\n", "$a = 'a b'\n"},
    {"ps1: a list", "a.ps1", "$a = @({{text}}, {{lines}})\n",
     "$a = @('a b', ('1'+[char]0x000a+'2'))\n"},
    {"ps1: on a line that goes on", "a.ps1", "az x `\n  --name {{text}} `\n  --y\n",
     "az x `\n  --name 'a b' `\n  --y\n"},
    {"ps1: a comment", "a.ps1", "# {{quoted}}\n", "# it's $(x) \"`\\\n"},
    {"ps1: behind strings", "a.ps1", "$a = \"x`\"$b\" + 'y' + {{text}}\n",
     "$a = \"x`\"$b\" + 'y' + 'a b'\n"},
    {"ps1: behind a here-string", "a.ps1", "$a = @\"\n\" $(\n\"@\n$b = {{text}}\n",
     "$a = @\"\n\" $(\n\"@\n$b = 'a b'\n"},
    {"ps1: a captured value", "a.ps1", "$a = {{capture}}\n", "$a = ('id '+${client_id})\n"},

    {"tf: a right side", "a.tf", "name = {{quoted}}\n", "name = " QUOTED_HCL "\n"},
    {"tf: the other ending", "a.hcl", "name = {{text}}", "name = \"a b\""},
    {"tf: a list", "a.tf", "names = [\n  {{text}},\n  {{text}},\n]\n",
     "names = [\n  \"a b\",\n  \"a b\",\n]\n"},
    {"tf: an argument", "a.tf", "name = lower({{text}})\n", "name = lower(\"a b\")\n"},
    {"tf: comments", "a.tf", "# {{text}}\n// {{lines}}\n", "# a b\n// 1U+000A2\n"},
    {"tf: behind a here-document", "a.tf", "a = <<-EOF\n  \" ${\n  EOF\nb = {{text}}\n",
     "a = <<-EOF\n  \" ${\n  EOF\nb = \"a b\"\n"},
    {"tf: behind a comment of several lines", "a.tf", "/* \" */\nb = {{text}}\n",
     "/* \" */\nb = \"a b\"\n"},
    {"tf: a captured value", "a.tf", "b = {{capture}}\n", "b = \"id ${client_id}\"\n"},
};

/* Each with free text: none of them may load. */
static const char *const refused[][2] = {
    {"a.html", "<p title={{text}}>"},
    {"a.html", "<p {{text}}>"},
    {"a.html", "<{{text}}>"},
    {"a.html", "</{{text}}>"},
    {"a.html", "<script>{{text}}</script>"},
    {"a.html", "<script>var a = \"{{text}}\"</script>"},
    {"a.html", "<SCRIPT>{{text}}</SCRIPT>"},
    {"a.html", "<script>\"</scrip\" {{text}}"},
    {"a.html", "<script><!--<script></script>{{text}}"},
    {"a.html", "<style>a{b:{{text}}}</style>"},
    {"a.html", "<p style=\"{{text}}\">"},
    {"a.html", "<p onclick=\"{{text}}\">"},
    {"a.html", "<p OnClick='x({{#html}}{{text}}{{/html}})'>"},
    {"a.html", "<a href=\"{{text}}\">"},
    {"a.html", "<a href=\"{{#url_path}}{{text}}{{/url_path}}\">"},
    {"a.html", "<img src='x{{text}}'>"},
    {"a.html", "<iframe srcdoc=\"{{text}}\">"},
    {"a.html", "<meta content=\"{{text}}\">"},
    {"a.html", "<!-- {{text}} -->"},
    {"a.html", "<!doctype {{text}}>"},
    {"a.html", "<svg>{{text}}</svg>"},
    {"a.html", "<title>{{text}}</title>"},
    {"a.html", "<p a{{text}}=\"\">"},
    {"a.html", "<p title=\"a\"{{text}}>"},
    {"a.html", "&{{text}}"},
    {"a.html", "<a xlink:href=\"{{text}}\">"},
    {"a.html", "{{#yes}}<p title=\"{{/yes}}{{text}}\">"},

    {"a.yaml", "{{text}}: 1\n"},
    {"a.yaml", "a{{text}}: 1\n"},
    {"a.yaml", "key: a {{text}}\n"},
    {"a.yaml", "key: {{text}}b\n"},
    {"a.yaml", "key: {{text}}: b\n"},
    {"a.yaml", "key: {{text}} b\n"},
    {"a.yaml", "key:{{text}}\n"},
    {"a.yaml", "key: \"{{text}}\"\n"},
    {"a.yaml", "key: 'it''s {{text}}'\n"},
    {"a.yaml", "key: |\n  {{text}}\n"},
    {"a.yaml", "key: >-\n  a\n\n  {{text}}\n"},
    {"a.yaml", "- run: |\n    a\n    b: {{text}}\n"},
    {"a.yaml", "key: a\n  - {{text}}\n"},
    {"a.yaml", "key: a\n  b: {{text}}\n"},
    {"a.yaml", "key: !!python/object {{text}}\n"},
    {"a.yaml", "key: &{{text}} a\n"},
    {"a.yaml", "key: *{{text}}\n"},
    {"a.yaml", "-{{text}}\n"},
    {"a.yaml", "a: {{{text}}}\n"},
    {"a.yaml", "a: { {{text}}: 1}\n"},
    {"a.yaml", "a: [x{{text}}]\n"},
    {"a.yaml", "a: [{{text}}x]\n"},
    {"a.yaml", "a: \"\n  b: {{text}}\n  \"\n"},
    {"a.yaml", "? {{text}}\n"},
    {"a.yaml", "a:\t{{text}}\n"},
    {"a.yaml", "a: {{text}}#x\n"},
    {"a.yaml", "{{#yes}}a: '{{/yes}}b: {{text}}\n"},

    {"a.ps1", "{{text}}\n"},
    {"a.ps1", "& {{text}}\n"},
    {"a.ps1", ". {{text}}\n"},
    {"a.ps1", "a; {{text}}\n"},
    {"a.ps1", "a | {{text}}\n"},
    {"a.ps1", "if (1) { {{text}} }\n"},
    {"a.ps1", "$a = \"{{text}}\"\n"},
    {"a.ps1", "$a = '{{text}}'\n"},
    {"a.ps1", "$a = \"$({{text}})\"\n"},
    {"a.ps1", "$a = @\"\n{{text}}\n\"@\n"},
    {"a.ps1", "$a = @'\n{{text}}\n'@\n"},
    {"a.ps1", "<# {{text}} #>\n"},
    {"a.ps1", "a --name={{text}}x\n"},
    {"a.ps1", "a x{{text}}\n"},
    {"a.ps1", "a --% {{text}}\n"},
    {"a.ps1", "$a = {{text}}.Length\n"},
    {"a.ps1", "$a = {{text}}(1)\n"},
    {"a.ps1", "$a = `{{text}}\n"},
    {"a.ps1", "$a = \xe2\x80\x98{{text}}\xe2\x80\x99\n"},
    {"a.ps1", "${{{text}}} = 1\n"},
    {"a.ps1", "$a = {{{text}}}\n"},
    {"a.ps1", "$a = 'x{{#yes}}'{{/yes}} + {{text}}\n"},
    {"a.ps1", "a x\n {{text}}\n"},

    {"a.tf", "{{text}} = 1\n"},
    {"a.tf", "resource {{text}} \"x\" {\n}\n"},
    {"a.tf", "a = \"{{text}}\"\n"},
    {"a.tf", "a = \"${ {{text}} }\"\n"},
    {"a.tf", "a = \"x\\\" {{text}}\"\n"},
    {"a.tf", "a = <<EOF\n{{text}}\nEOF\n"},
    {"a.tf", "a = <<-EOF\n  {{text}}\n  EOF\n"},
    {"a.tf", "a = <<{{text}}\nx\n"},
    {"a.tf", "/* {{text}} */\n"},
    {"a.tf", "a = {{text}}x\n"},
    {"a.tf", "a = {{text}}.b\n"},
    {"a.tf", "a = {{text}}[0]\n"},
    {"a.tf", "a = x {{text}}\n"},
    {"a.tf", "a = {{text}} {{text}}\n"},
    {"a.tf", "a = 1\n{{text}}\n"},
    {"a.tf", "a = {{{text}}}\n"},
    {"a.tf", "a = {{text}}\"\"\n"},
    {"a.tf", "a = {\n  {{text}} = 1\n}\n"},
    {"a.tf", "{{#yes}}a = \"{{/yes}}{{text}}\"\n"},

    {"a.sh", "echo ${x:-{{text}}}\n"},
    {"a.sh", "cat <<'EOF'\n{{text}}\nEOF\n"},
    {"a.sh", "echo {{{text}}}\n"},
    {"a.sh", "x=`echo {{text}}`\n"},
    {"a.json", "{\"a\": \"{{text}}\"}"},
    {"a.json", "{\"a\": {{{text}}}}"},
    {"a.md", "`{{text}}`"},
    {"a.md", "[a]({{text}})"},
    {"a.md", "{{{text}}}"},
    {"a.md", "<script>{{text}}</script>"},
    {"a.md", "x <STYLE>{{text}}</STYLE>"},
    {"a.md", "<svg>\n{{text}}\n"},
    {"a.md", "<p {{text}}>"},
    {"a.md", "[{{#md_code}}{{text}}{{/md_code}}](u)"},
    {"a.md", "- [x {{#md_code}}{{text}}{{/md_code}}](u)"},
    {"a.md", "``{{text}}``"},
    {"a.md", "```{{text}}\n```\n"},
    {"a.md", "~~~\n```\n~~~{{text}}\n"},
    {"a.md", "<!-- --{{{text}}}>"},
    {"a.txt", "{{{text}}}"},
    {"a.txt", "{{&text}}"},
};

static void check_refused(void)
{
    size_t i;

    for (i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct diags diags = DIAGS_INIT(arena);

        given_name = refused[i][0];
        given_text = refused[i][1];
        ok(!template_load(arena, &source, given_name, NULL, root_shape, &diags) && diags.errors,
           "does not load: %s in %s", given_text, given_name);
    }
}

int main(void)
{
    arena = arena_new();
    CHECK(allowed);
    check_refused();
    arena_free(arena);
    return done_testing();
}
