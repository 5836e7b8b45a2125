/* SPDX-License-Identifier: MIT
 * JSON of any bytes: it is refused, or what it says is printed as JSON that says the same. */
#include "fuzz.h"

#include "base/limits.h"
#include "encode/encode.h"
#include "template/data.h"

static bool same(const json *a, const json *b)
{
    char one[JSON_NUMBER_MAX], other[JSON_NUMBER_MAX];

    if (json_kind(a) != json_kind(b))
        return false;
    if (json_kind(a) == JSON_NULL)
        return true;
    if (json_kind(a) != JSON_ARRAY && json_kind(a) != JSON_OBJECT)
        return !strcmp(json_as_text(a, one), json_as_text(b, other));
    a = json_first(a);
    b = json_first(b);
    for (; a && b; a = json_next(a), b = json_next(b))
        if (!same(a, b) || (json_key(a) && strcmp(json_key(a), json_key(b)) != 0))
            return false;
    return !a && !b;
}

static bool has_marks(const uint8_t *data, size_t size)
{
    return memchr(data, 1, size) || memmem(data, size, "\\u000", 5);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    json *root = json_parse("x.json", (const char *)data, size, &diags), *again;
    const struct shape *shape;
    struct strbuf out;

    MUST(!root == (diags.errors > 0));
    if (root && !has_marks(data, size)) {
        strbuf_init(&out, LIMIT_PLAN);
        json_print(&out, root, encode_json_marked);
        again = json_parse("again", out.data, out.len, &diags);
        MUST(again && same(root, again));
        json_free(again);
        strbuf_clear(&out);
        data_of_json(arena, "x.json", root, &shape, &diags);
    }
    json_free(root);
    arena_free(arena);
    return 0;
}
