/* SPDX-License-Identifier: MIT
 * An INI file of any bytes: it is refused with findings that have their place in it, or it can be
 * planned and printed. */
#include "fuzz.h"

#include "emit/emit.h"
#include "base/limits.h"

static unsigned count_lines(const uint8_t *data, size_t size)
{
    unsigned lines = 1;
    size_t i;

    for (i = 0; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    const struct spec *spec = spec_parse(arena, "x.ini", (const char *)data, size, &diags);
    unsigned lines = count_lines(data, size);
    struct strbuf out;
    size_t i;

    MUST(!spec == (diags.errors > 0));
    for (i = 0; i < diags.count; i++) {
        MUST(diags.items[i].loc.line <= lines);
        MUST(*diags.items[i].text);
    }
    if (spec && spec->n_connections < 50) {
        strbuf_init(&out, LIMIT_PLAN);
        emit_plan_json(arena, spec, NULL, &out);
        MUST(emit_plan_text(arena, spec, &template_builtin, NULL, &out, &diags));
        MUST(!out.overflow);
        strbuf_clear(&out);
    }
    arena_free(arena);
    return 0;
}
