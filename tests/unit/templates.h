/* SPDX-License-Identifier: MIT
 * What the tests of the template engine share: a shape, data, partials, and tables of expectations.
 */
#ifndef TESTS_UNIT_TEMPLATES_H
#define TESTS_UNIT_TEMPLATES_H

#include <stdlib.h>

#include "tap.h"

#include "base/capture.h"
#include "base/limits.h"
#include "template/template.h"

static const struct shape deep_fields[] = {{"x", SHAPE_TEXT, NULL, ""}, {.kind = SHAPE_END}};
static const struct shape object_fields[] = {
    {"name", SHAPE_TEXT, NULL, ""}, {"deep", SHAPE_OBJECT, deep_fields, ""}, {.kind = SHAPE_END}};
static const struct shape item_fields[] = {{"name", SHAPE_TEXT, NULL, ""},
                                           {"number", SHAPE_TOKEN, NULL, ""},
                                           {"last", SHAPE_BOOL, NULL, ""},
                                           {.kind = SHAPE_END}};
static const struct shape word_fields[] = {{".", SHAPE_TEXT, NULL, ""}, {.kind = SHAPE_END}};
static const struct shape root_shape[] = {{"text", SHAPE_TEXT, NULL, ""},
                                          {"quoted", SHAPE_TEXT, NULL, ""},
                                          {"capture", SHAPE_TEXT, NULL, ""},
                                          {"lines", SHAPE_TEXT, NULL, ""},
                                          {"terminator", SHAPE_TEXT, NULL, ""},
                                          {"empty", SHAPE_TEXT, NULL, ""},
                                          {"absent", SHAPE_TEXT, NULL, ""},
                                          {"id", SHAPE_TOKEN, NULL, ""},
                                          {"function", SHAPE_TOKEN, NULL, ""},
                                          {"yes", SHAPE_BOOL, NULL, ""},
                                          {"no", SHAPE_BOOL, NULL, ""},
                                          {"items", SHAPE_LIST, item_fields, ""},
                                          {"none", SHAPE_LIST, item_fields, ""},
                                          {"words", SHAPE_LIST, word_fields, ""},
                                          {"object", SHAPE_OBJECT, object_fields, ""},
                                          {"nothing", SHAPE_OBJECT, object_fields, ""},
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
    {"parent.txt", "<{{$a}}default {{text}}{{/a}}|{{$b}}b{{/b}}>"},
    {"grand.txt", "{{<parent.txt}}{{$a}}grand {{$c}}c{{/c}}{{/a}}{{/parent.txt}}"},
    {"partly.txt", "{{#items}}{{$a}}{{name}}{{/a}};{{/items}}"},
    {"through.txt", "[{{>parent.txt}}]"},
    {"lines-parent.txt", "begin\n  {{$a}}\n  1\n  2\n  {{/a}}\nend\n"},
    {"inline-parent.txt", "begin\n  {{$a}}1{{/a}}\nend\n"},
    {"parent.sh", "{{$head}}\necho a\n{{/head}}\necho \"{{$word}}x{{/word}}\"\n"},
    {"wrong.sh", "echo {{txet}}\n"},
};

static struct arena *arena;
static const char *given_name, *given_text;

static const char *source_get(void *data, const char *name, size_t *ret_len, const char **ret_file,
                              struct diags *diags)
{
    size_t i;

    (void)data;
    (void)diags;
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

static const struct template_source source = {source_get, NULL, NULL};

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
    template = template_load(arena, &source, name, NULL, root_shape, &diags);
    if (template && !template_render(template, data(), &out, &diags) && !diags.errors)
        result = "render failed without a finding";
    else if (diags.count)
        result = arena_printf(
            arena, "%u:%u %s: %s%s%s%s", diags.items[0].loc.line, diags.items[0].loc.column,
            diag_name(diags.items[0].id), diags.items[0].text, diags.items[0].hint ? "; " : "",
            diags.items[0].hint ? diags.items[0].hint : "", diags.count > 1 ? " (and more)" : "");
    else
        result = arena_strdup(arena, out.data);
    strbuf_clear(&out);
    return result;
}

struct expectation {
    const char *title, *name, *text, *want;
};

static void check(const struct expectation *table, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        is_str(run(table[i].name, table[i].text), table[i].want, table[i].title);
}

#define CHECK(table) check(table, sizeof(table) / sizeof *(table))

#endif
