/* SPDX-License-Identifier: MIT
 * Two worlds, compared. */
#include <ctype.h>
#include <string.h>

#include "base/guid.h"
#include "base/limits.h"
#include "emit/diff.h"
#include "encode/encode.h"
#include "rehearse/stage.h"

/* Resource groups are never rolled back, and the scripts say so: they do not count. */
static void forget_made_groups(const struct spec *spec, json *world, const json *before)
{
    size_t i;

    for (i = 0; i < spec->n_identities; i++) {
        const struct identity *identity = &spec->identities[i];
        const char *id = identity->subscription_id.text, *name = identity->resource_group.text;
        json *groups;

        if (!identity->create_resource_group ||
            json_find(json_member(json_find(json_member(before, "subscriptions"), "id", id),
                                  "resourceGroups"),
                      "name", name))
            continue;
        groups =
            json_member(json_find(json_member(world, "subscriptions"), "id", id), "resourceGroups");
        if (json_find(groups, "name", name))
            json_remove(groups, json_find(groups, "name", name));
    }
}

/* What a world counts, and when what was made, and lists with nothing in them: worlds that differ
 * in nothing else are the same. */
static void forget_counters(json *item)
{
    static const char *const counters[] = {"issued", "createdAt", "history"};
    json *child, *next;
    size_t i;

    if (json_kind(item) == JSON_OBJECT)
        for (i = 0; i < sizeof counters / sizeof *counters; i++)
            json_remove_key(item, counters[i]);
    for (child = json_first_of(item); child; child = next) {
        next = json_next_of(child);
        if (json_kind(item) == JSON_OBJECT && json_kind(child) == JSON_ARRAY && !json_first(child))
            json_remove(item, child);
        else
            forget_counters(child);
    }
}

/* WORLD without what does not count. */
static json *bare(const json *world)
{
    json *copy = json_copy(world);

    forget_counters(copy);
    return copy;
}

static void print_world(struct strbuf *out, const json *world)
{
    strbuf_init(out, LIMIT_JSON_FILE);
    json_print(out, world, encode_json_data);
    strbuf_addc(out, '\n');
}

static const char *difference(struct arena *arena, const struct strbuf *before,
                              const struct strbuf *after)
{
    const struct diff_side sides[] = {{"before", before->data, before->len},
                                      {"afterwards", after->data, after->len}};
    struct strbuf out;
    const char *text;

    strbuf_init(&out, LIMIT_JSON_FILE);
    diff_unified(&out, &sides[0], &sides[1]);
    text = arena_strdup(arena, out.data);
    strbuf_clear(&out);
    return text;
}

/* Is that a GUID, and no part of something longer? */
static bool is_guid_at(const char *text, const char *at)
{
    char guid[GUID_TEXT + 1];

    if ((at > text && isxdigit((unsigned char)at[-1])) || strnlen(at, GUID_TEXT) < GUID_TEXT ||
        isxdigit((unsigned char)at[GUID_TEXT]))
        return false;
    memcpy(guid, at, GUID_TEXT);
    guid[GUID_TEXT] = '\0';
    return guid_valid(guid);
}

/* GUIDs that KNOWN does not hold become new-1, new-2, ... in the order of their first appearance.
 */
static void rename_new_ids(struct arena *arena, struct strbuf *text, const char *known)
{
    const char **seen = NULL, *guid, *at;
    struct strbuf out;
    size_t count = 0, i;

    strbuf_init(&out, LIMIT_JSON_FILE);
    for (at = text->data; *at; at++) {
        if (!isxdigit((unsigned char)*at) || !is_guid_at(text->data, at)) {
            strbuf_addc(&out, *at);
            continue;
        }
        guid = arena_strndup(arena, at, GUID_TEXT);
        for (i = 0; i < count && strcmp(seen[i], guid) != 0; i++)
            continue;
        if (strstr(known, guid)) {
            strbuf_adds(&out, guid);
        } else {
            if (i == count)
                ARENA_PUSH(arena, seen, count, guid);
            strbuf_addf(&out, "new-%zu", i + 1);
        }
        at += GUID_TEXT - 1;
    }
    strbuf_clear(text);
    *text = out;
}

const char *world_changes(struct arena *arena, const json *origin, const json *expected,
                          const json *found)
{
    json *worlds[] = {bare(expected), bare(found)};
    struct strbuf known, texts[2];
    const char *text = "";
    int i;

    if (!json_equal(worlds[0], worlds[1])) {
        print_world(&known, origin);
        for (i = 0; i < 2; i++) {
            print_world(&texts[i], worlds[i]);
            rename_new_ids(arena, &texts[i], known.data);
        }
        text = difference(arena, &texts[0], &texts[1]);
        strbuf_clear(&known);
        strbuf_clear(&texts[0]);
        strbuf_clear(&texts[1]);
    }
    json_free(worlds[0]);
    json_free(worlds[1]);
    return text;
}

json *world_snapshot(struct rehearsing *r)
{
    json *copy;

    world_lock(r->lab.world);
    copy = json_copy(world_root(r->lab.world));
    world_unlock(r->lab.world);
    return copy;
}

const char *world_remains(struct rehearsing *r)
{
    json *after = world_snapshot(r);
    const char *text;

    forget_made_groups(r->request->spec, after, r->before);
    text = world_changes(r->arena, r->before, r->before, after);
    json_free(after);
    return text;
}

bool compare_worlds(struct rehearsing *r)
{
    struct phase *phase =
        phase_begin(r, PHASE_WORLD, NULL, PERSON_EVERYTHING, "the world is as it was before");

    r->result->difference = world_remains(r);
    return phase_end(r, phase,
                     *r->result->difference ? "rollback did not leave it as it was" : NULL);
}
