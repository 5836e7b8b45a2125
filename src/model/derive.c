/* SPDX-License-Identifier: MIT
 * Names and ids that follow from the description. */
#include "model/derive.h"

#include <string.h>

#include "base/digest.h"
#include "base/guid.h"
#include "model/names.h"

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

enum {
    MARK_LEN = 8,
    CREDENTIAL_SLUG = 120 - 1 - MARK_LEN,
    FOLDER_MAX = 64,
    FOLDER_SLUG = FOLDER_MAX - 1 - MARK_LEN,
};

const char *derive_mark(struct arena *arena, const char *tenant_id, const char *identity_key)
{
    char guid[GUID_TEXT + 1];

    guid_from_name(arena_printf(arena, "identity/%s/%s", tenant_id, identity_key), guid);
    return arena_strdup(arena, guid);
}

const char *derive_unique_name(struct arena *arena, const char *tenant_id, const char *identity_key)
{
    char guid[GUID_TEXT + 1];

    guid_from_name(arena_printf(arena, "application/%s/%s", tenant_id, identity_key), guid);
    return arena_printf(arena, "azdo-wif-%s", guid);
}

/* TEXT with each run of other characters than KEPT as one '-', none at the ends, at most MAX long.
 */
static char *slug(struct arena *arena, const char *text, const char *kept, size_t max)
{
    char *to_start = arena_strdup(arena, text), *to = to_start;
    const char *from;

    for (from = text; *from && (size_t)(to - to_start) < max; from++)
        if (strchr(kept, *from))
            *to++ = *from;
        else if (to > to_start && to[-1] != '-')
            *to++ = '-';
    while (to > to_start && to[-1] == '-')
        to--;
    *to = '\0';
    return to_start;
}

const char *derive_credential_name(struct arena *arena, const char *organization,
                                   const char *project, const char *name)
{
    const char *parts = arena_printf(arena, "%s-%s-%s", organization, project, name);
    char guid[GUID_TEXT + 1];

    guid_from_name(arena_printf(arena, "credential/%s/%s/%s", organization, project, name), guid);
    return arena_printf(arena, "%s-%.*s", slug(arena, parts, ALNUM, CREDENTIAL_SLUG), (int)MARK_LEN,
                        guid);
}

const char *derive_shared_credential_name(struct arena *arena, const char *credential_name,
                                          const char *project)
{
    char guid[GUID_TEXT + 1];

    guid_from_name(arena_printf(arena, "credential/share/%s", project), guid);
    return arena_printf(arena, "%.*s-%.*s", (int)CREDENTIAL_SLUG, credential_name, (int)MARK_LEN,
                        guid);
}

const char *derive_subject(struct arena *arena, const char *organization, const char *project,
                           const char *name)
{
    return arena_printf(arena, "sc://%s/%s/%s", organization, project, name);
}

/* Names that Windows gives to devices, with or without an extension, and our own index's. */
static bool reserved(struct arena *arena, const char *name)
{
    static const char *const names[] = {
        "con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4", "com5", "com6", "com7",
        "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"};
    const char *stem = arena_strndup(arena, name, strcspn(name, "."));
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (names_equal(stem, names[i]))
            return true;
    return names_equal(name, "README.md");
}

/* KEY as a file name that every system takes: no hidden file, no option, no path. */
static char *folder_slug(struct arena *arena, const char *key, const char *kept, size_t max)
{
    char *text = slug(arena, key + strcspn(key, ALNUM "_"), kept, max);
    size_t len = strlen(text);

    while (len && (text[len - 1] == '.' || text[len - 1] == '-'))
        text[--len] = '\0';
    return text;
}

const char *derive_folder(struct arena *arena, const char *key, bool *ret_plain)
{
    const char *text = folder_slug(arena, key, ALNUM "._-", FOLDER_MAX);

    *ret_plain = !strcmp(text, key) && !reserved(arena, key);
    return *ret_plain ? text : derive_marked_folder(arena, key);
}

const char *derive_marked_folder(struct arena *arena, const char *key)
{
    /* "con.x" would still be the device with more text behind it: no dot there. */
    const char *kept = reserved(arena, key) ? ALNUM "_-" : ALNUM "._-";
    const char *text = folder_slug(arena, key, kept, FOLDER_SLUG);
    char hex[SHA256_HEX + 1];

    digest_sha256(key, strlen(key), hex);
    return arena_printf(arena, "%s-%.*s", *text ? text : "connection", (int)MARK_LEN, hex);
}
