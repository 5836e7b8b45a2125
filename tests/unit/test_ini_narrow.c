/* SPDX-License-Identifier: MIT
 * INI syntax with a library whose switches were fixed when it was built: 200 bytes to a line,
 * inline comments. Debian's, left alone, behaves like that; so the reader is compiled here as for
 * such a one, and what that library cannot read whole must be refused with its line. */
#define INI_SOURCE_SWITCHES 0
#include "../../src/format/ini_source.c"

#include "tap.h"

/* Hands DATA to the reader line by line and says of its last line what some library might say. */
static void is_forged(const char *data, const char *section, const char *value, bool whole,
                      const char *text)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct parser p = {.arena = arena,
                       .diags = &diags,
                       .ini = ARENA_NEW(arena, struct ini),
                       .next = data,
                       .end = data + strlen(data),
                       .loc = {"t.ini", 0, 1}};
    char line[200];

    while (next_line(line, sizeof line, &p))
        if (p.kind == LINE_ENTRY)
            report(&p, p.next == p.end ? section : "a", "k", p.next == p.end ? value : "");
    ok(diags.count == (whole ? 0 : 1) && (whole || diags.items[0].id == DIAG_INI_LIBRARY), "%s",
       text);
    arena_free(arena);
}

/* Versions of inih differ in what they do to the lines of a list. */
static void test_other_libraries(void)
{
    is_forged("[a]\nk =\n x ;y\n", "a", "x ;y", true, "an item that is reported whole");
    is_forged("[a]\nk =\n x ;y\n", "a", "x", false, "an item that is cut");
    is_forged("[a]\nk =\n x ;y\n", "a", ";y", false, "an item that lost its beginning");
    is_forged("[a]\nk =\n", "a", "", true, "a key in its section");
    is_forged("[a]\nk =\n", "b", "", false, "a key that is put into another section");
    is_forged("[a]\nk =\n", "", "", false, "a key that is put into no section");
}

#define MORE_TESTS test_other_libraries
#include "test_ini_source.c"
