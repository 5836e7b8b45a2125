/* SPDX-License-Identifier: MIT
 * What the model is made of: derived names and ids, which are never to change, sets of names, and
 * the table of keys. */
#include "model/derive.h"
#include "model/names.h"
#include "model/schema.h"

#include <string.h>

#include "tap.h"

static struct arena *arena;

/* LEN times TEXT. */
static const char *times(size_t len, const char *text)
{
    char *all = arena_alloc(arena, len * strlen(text) + 1, 1);
    size_t i;

    for (i = 0; i < len; i++)
        memcpy(all + i * strlen(text), text, strlen(text));
    return all;
}

static void test_folders(void)
{
    static const char *const folders[][2] = {
        {"payments-prod", "payments-prod"},
        {"A.b_c-1", "A.b_c-1"},
        {"a b", "a-b-c8687a08"},
        {".hidden", "hidden-16924190"},
        {"-o", "o-29272c47"},
        {"a/../b", "a-..-b-900ea8b7"},
        {"CON", "CON-a3dbc4b6"},
        {"con.txt", "con-txt-d3bde286"},
        {"readme.MD", "readme-MD-6763c959"},
        {"\xC3\xA9", "connection-4a99557e"},
        {"end.", "end-2e18562d"},
    };
    size_t i;

    for (i = 0; i < sizeof folders / sizeof *folders; i++) {
        bool plain;
        const char *folder = derive_folder(arena, folders[i][0], &plain);

        is_str(folder, folders[i][1], folders[i][0]);
        ok(plain == !strcmp(folders[i][0], folders[i][1]), "... is known to be itself or not");
    }
    ok(strlen(derive_marked_folder(arena, times(200, "x"))) == 64, "a folder is 64 bytes at most");
}

static void test_derived(void)
{
    const char *name = derive_credential_name(arena, "contoso", "Payments \xC3\xA9", "a/b");
    const char *longest =
        derive_credential_name(arena, times(50, "o"), times(64, "p"), times(128, "n"));

    is_str(name, "contoso-Payments-a-b-7bc273ae", "a credential's name reads like its parts");
    ok(strcmp(name, derive_credential_name(arena, "contoso", "Payments \xC3\xA9", "a b")) != 0,
       "and differs when they do");
    ok(strlen(longest) == 120, "a credential's name is 120 bytes at most");
    name = derive_shared_credential_name(arena, longest, "Ordering");
    ok(strlen(name) == 120 && strcmp(name, longest) != 0, "also that of a shared project");
    is_str(derive_shared_credential_name(arena, "own", "Ordering"), "own-87b9d93e",
           "which is short otherwise");
    is_str(derive_subject(arena, "o", "p", "n"), "sc://o/p/n", "a subject");
}

static void test_names_set(void)
{
    struct names *names = names_new(arena);
    size_t i;

    ok(!names_find(names, "x"), "nothing in an empty set");
    for (i = 0; i < 1000; i++)
        names_add(names, arena_printf(arena, "%zu", i), (struct loc){"f", (unsigned)i, 1}, NULL);
    for (i = 0; i < 1000; i++)
        if (!names_find(names, arena_printf(arena, "%zu", i)) ||
            names_find(names, arena_printf(arena, "%zu", i))->loc.line != i)
            break;
    ok(i == 1000, "all of a thousand names are found");
    ok(names_add(names, "7", (struct loc){"f", 5000, 1}, NULL)->loc.line == 7, "the first stays");
    ok(!names_find(names, "1000"), "another is not");
    ok(names_equal("aBc-1", "AbC-1") && !names_equal("abc", "abcd") && !names_equal("a[", "a{"),
       "names are equal but for ASCII case");
}

/* What documentation, init and completion are made from. */
static void test_schema(void)
{
    const struct schema_key *key;
    struct strbuf text;
    size_t i, j, bad = 0;

    strbuf_init(&text, 4096);
    for (i = 0; (key = schema_at(i)); i++) {
        strbuf_reset(&text);
        schema_requirement(key, &text);
        if ((size_t)key->id != i || schema_find(key->section, key->name) != key || !*key->help ||
            !text.len || !*schema_type(key->type))
            bad++;
        for (j = 0; j < i; j++)
            bad += schema_at(j)->section == key->section && !strcmp(schema_at(j)->name, key->name);
    }
    ok(i == KEY_COUNT && !bad, "each key is found by its name, once, and says what it is for");
    strbuf_reset(&text);
    schema_requirement(schema_find(SECTION_DEFAULTS, "management_group_id"), &text);
    is_str(text.data, "required with scope_level = management-group, and only there", "required");
    strbuf_reset(&text);
    schema_requirement(schema_find(SECTION_IDENTITY, "name"), &text);
    is_str(text.data, "required with a managed identity or a service principal that is created",
           "required in part");
    strbuf_reset(&text);
    schema_requirement(schema_find(SECTION_IDENTITY, "tags"), &text);
    is_str(text.data, "only with a managed identity that is created", "allowed in part");
    strbuf_clear(&text);
}

int main(void)
{
    arena = arena_new();
    test_folders();
    test_derived();
    test_names_set();
    test_schema();
    arena_free(arena);
    return done_testing();
}
