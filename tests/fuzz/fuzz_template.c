/* SPDX-License-Identifier: MIT
 * Templates of any bytes: the first one and its partials are parts of the input, between bytes 0x1e; the
 * first byte chooses the language. What loads can be filled with hostile values. */
#include "fuzz.h"

#include "base/limits.h"
#include "template/lenient.h"
#include "template/place.h"

#define MARK "'$(`\"<\\"

static const struct shape item_fields[] = {{"text", SHAPE_TEXT, NULL, ""},
                                           {"id", SHAPE_TOKEN, NULL, ""},
                                           {.kind = SHAPE_END}};
static const struct shape word_fields[] = {{".", SHAPE_TEXT, NULL, ""}, {.kind = SHAPE_END}};
static const struct shape root_shape[] = {{"text", SHAPE_TEXT, NULL, ""},
                                          {"lines", SHAPE_TEXT, NULL, ""},
                                          {"absent", SHAPE_TEXT, NULL, ""},
                                          {"id", SHAPE_TOKEN, NULL, ""},
                                          {"yes", SHAPE_BOOL, NULL, ""},
                                          {"no", SHAPE_BOOL, NULL, ""},
                                          {"items", SHAPE_LIST, item_fields, ""},
                                          {"words", SHAPE_LIST, word_fields, ""},
                                          {"object", SHAPE_OBJECT, item_fields, ""},
                                          {.kind = SHAPE_END}};

struct input {
    const char *parts[5];
    size_t lens[5];
    struct arena *arena;
};

/* Part 0 is "main", the others are "a", "b", ...: with any ending. */
static const char *get(void *data, const char *name, size_t *ret_len, const char **ret_file,
                       struct diags *diags)
{
    const struct input *input = data;
    size_t index = !strncmp(name, "main", 4) ? 0 : (size_t)(name[0] - 'a') + 1;

    (void)diags;
    if (index >= 5 || !input->parts[index])
        return NULL;
    *ret_len = input->lens[index];
    *ret_file = name;
    return input->parts[index];
}

static struct value *item_of(struct arena *arena)
{
    struct value *item = value_object(arena);

    value_set_text(item, "text", MARK " EOF\nEOF\n");
    value_set_token(item, "id", "12-ab");
    return item;
}

static struct value *values(struct arena *arena)
{
    struct value *root = value_object(arena), *list = value_list(arena), *words = value_list(arena);
    struct value *word = value_object(arena);

    value_set_text(root, "text", MARK);
    value_set_text(root, "lines", "1\n" MARK "\n2");
    value_set_token(root, "id", "12-ab");
    value_set_bool(root, "yes", true);
    value_set_bool(root, "no", false);
    value_append(list, item_of(arena));
    value_append(list, item_of(arena));
    value_set(root, "items", list);
    value_set_text(word, ".", MARK);
    value_append(words, word);
    value_set(root, "words", words);
    value_set(root, "object", item_of(arena));
    return root;
}

static void render_strict(struct arena *arena, const struct template_source *source,
                          const struct language *language)
{
    struct diags diags = DIAGS_INIT(arena);
    struct template *template =
        template_load(arena, source, "main", language, root_shape, &diags);
    struct strbuf out;
    bool done;

    MUST(!template == (diags.errors > 0));
    if (!template)
        return;
    strbuf_init(&out, LIMIT_TEMPLATE);
    done = template_render(template, values(arena), &out, &diags);
    MUST(done == (diags.errors == 0));
    if (done && (language == language_named("html") || language == language_named("json")))
        MUST(!strstr(out.data, MARK)); /* the others have comments, where it is harmless */
    strbuf_clear(&out);
}

static void render_lenient(struct arena *arena, const struct template_source *source)
{
    static const char text[] =
        "{\"text\":\"<&\",\"id\":\"a\",\"yes\":true,\"no\":false,\"items\":[{\"text\":\"b\"},{}],"
        "\"words\":[\"a\",[1,null]],\"object\":{\"id\":1.5,\"text\":\"c\"}}";
    struct diags diags = DIAGS_INIT(arena);
    json *data = json_parse("data", text, sizeof text - 1, &diags);
    const struct lenient_request request = {
        .source = source, .name = "main", .encode = NULL, .data = data};
    struct strbuf out;

    strbuf_init(&out, LIMIT_TEMPLATE);
    template_render_lenient(arena, &request, &out, &diags);
    strbuf_clear(&out);
    json_free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct input input = {.arena = arena};
    const struct template_source source = {get, &input, NULL};
    const char *text, *end;
    size_t i;

    if (size < 1 || size > 4096 || memmem(data, size, MARK, sizeof MARK - 1)) {
        arena_free(arena);
        return 0;
    }
    text = arena_strndup(arena, (const char *)data + 1, size - 1);
    end = text + size - 1;
    for (i = 0; i < 5 && text <= end; i++) {
        const char *stop = memchr(text, 0x1e, (size_t)(end - text));

        stop = stop ? stop : end;
        input.lens[i] = (size_t)(stop - text);
        input.parts[i] = arena_strndup(arena, text, input.lens[i]);
        text = stop + 1;
    }
    for (i = 0; language_names[i]; i++)
        if (i == data[0] % 8)
            render_strict(arena, &source, language_named(language_names[i]));
    if (data[0] & 0x80)
        render_lenient(arena, &source);
    arena_free(arena);
    return 0;
}
