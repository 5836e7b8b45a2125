/* SPDX-License-Identifier: MIT
 * A section's keys: known, given once, of their type, and in their place. */
#include <string.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "base/typo.h"
#include "model/load.h"

enum { LONGEST_PHRASE = 4096 };

/* Keys that people bring along from descriptions of connections with secrets. */
static bool means_secret(const char *name)
{
    static const char *const secrets[] = {"client_secret", "secret",      "password",
                                          "pat",           "token",       "certificate",
                                          "access_token",  "private_key", "serviceprincipalkey"};
    size_t i;

    for (i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (names_equal(name, secrets[i]))
            return true;
    return false;
}

/* The other section that has a key of this name; SECTION_COUNT when none has. */
static enum section_kind home_of(const char *name)
{
    const struct schema_key *key;
    size_t i;

    for (i = 0; (key = schema_at(i)); i++)
        if (!strcmp(key->name, name))
            return key->section;
    return SECTION_COUNT;
}

static void unknown_key(struct loader *ld, enum section_kind section, const struct ini_key *key)
{
    enum section_kind home = home_of(key->name);

    if (means_secret(key->name)) {
        complain(ld, DIAG_INI_SECRET, key->loc, "the key '%s' asks for a secret in this file",
                 key->name);
        return;
    }
    complain(ld, DIAG_INI_UNKNOWN_KEY, key->loc, "[%s] has no key %s", schema_section(section),
             quoted(ld, key->name));
    if (home != SECTION_COUNT && !typo_nearest(key->name, schema_name, &section))
        remedy(ld, "'%s' belongs in [%s]", key->name, schema_section(home));
    else
        suggest(ld, key->name, "its keys are", schema_name, &section);
}

/* The key that an unknown one was probably meant to be counts as given, so that it is not reported
 * as missing as well. */
static void note_meant(struct fields *fields, const char *name)
{
    const char *near = typo_nearest(name, schema_name, &fields->section);

    if (near)
        fields->at[schema_find(fields->section, near)->id].given = true;
}

static void add_item(struct loader *ld, const struct schema_key *key, struct setting item,
                     struct field *field)
{
    if (!value_check(ld, key, &item))
        item.text = NULL;
    ARENA_PUSH(ld->arena, field->items.items, field->items.count, item);
}

static void read_one(struct loader *ld, const struct schema_key *key, const struct ini_key *source,
                     struct fields *fields)
{
    struct setting value = {source->lines[0].text, source->lines[0].loc};
    struct field *field = &fields->at[key->id];
    bool wrong = true;

    if (source->n_lines > 1)
        complain(ld, DIAG_INI_ONE_LINE, source->lines[1].loc,
                 "'%s' takes one value on its own line, and this line continues it", key->name);
    else if (!*value.text && key->type != TYPE_DESCRIPTION)
        complain(ld, DIAG_INI_EMPTY, value.loc, "'%s' has no value", key->name);
    else
        wrong = false;
    fields->damaged |= source->n_lines > 1; /* the indented line may be another key */
    if (wrong)
        ARENA_PUSH(ld->arena, field->items.items, field->items.count,
                   ((struct setting){NULL, value.loc}));
    else
        add_item(ld, key, value, field);
}

/* Items between commas, all on the key's own line. */
static void read_commas(struct loader *ld, const struct schema_key *key,
                        const struct ini_line *line, struct field *field)
{
    const char *start = line->text, *end;

    do {
        struct setting item = {NULL, line->loc};
        size_t len;

        end = start + strcspn(start, ",");
        while (*start == ' ')
            start++;
        for (len = end > start ? (size_t)(end - start) : 0; len && start[len - 1] == ' '; len--)
            ;
        item.loc.column += (unsigned)(start - line->text);
        if (len) {
            item.text = arena_strndup(ld->arena, start, len);
            add_item(ld, key, item, field);
        } else {
            complain(ld, DIAG_INI_LIST, item.loc, "an empty item in the list '%s'", key->name);
            ARENA_PUSH(ld->arena, field->items.items, field->items.count, item);
        }
        start = end + 1;
    } while (*end);
}

static void read_lines(struct loader *ld, const struct schema_key *key,
                       const struct ini_key *source, struct field *field)
{
    size_t i;

    if (*source->lines[0].text) {
        complain(ld, DIAG_INI_LIST, source->lines[1].loc,
                 "the list '%s' begins on the key's line and goes on below it", key->name);
        ARENA_PUSH(ld->arena, field->items.items, field->items.count,
                   ((struct setting){NULL, source->lines[1].loc}));
        return;
    }
    for (i = 1; i < source->n_lines; i++)
        add_item(ld, key, (struct setting){source->lines[i].text, source->lines[i].loc}, field);
}

/* What makes two items of a list the same. */
static const char *item_identity(struct loader *ld, const struct schema_key *key,
                                 const struct setting *item)
{
    struct role role;
    struct tag tag;

    if (key->type == TYPE_ROLES && role_read(ld->arena, item, &role))
        return role_identity(ld->arena, &role);
    if (key->type == TYPE_TAGS && tag_read(ld->arena, item, &tag))
        return names_fold(ld->arena, tag.key);
    return key->type == TYPE_BRANCHES ? item->text : names_fold(ld->arena, item->text);
}

static void check_list(struct loader *ld, const struct schema_key *key, const struct field *field)
{
    struct names *seen = names_new(ld->arena);
    size_t i;

    for (i = 0; i < field->items.count; i++) {
        const struct setting *item = &field->items.items[i];
        const struct name *before;

        if (!item->text)
            continue;
        before = names_add(seen, item_identity(ld, key, item), item->loc, NULL);
        if (before)
            complain(ld, DIAG_INI_DUPLICATE_ITEM, item->loc,
                     "'%s' already holds this item, in line %u, column %u", key->name,
                     before->loc.line, before->loc.column);
        if (key->type == TYPE_PIPELINES && field->items.count > 1 &&
            (!strcmp(item->text, "none") || !strcmp(item->text, "all")))
            complain(ld, DIAG_INI_PIPELINES, item->loc, "'%s' stands for itself, not among others",
                     item->text);
    }
}

static void read_list(struct loader *ld, const struct schema_key *key, const struct ini_key *source,
                      struct field *field)
{
    static const char too_many[] = "'%s' has more than %d items";
    const struct ini_line *first = &source->lines[0];

    if (source->n_lines - 1 > LIMIT_LIST) {
        complain(ld, DIAG_INI_TOO_MANY, source->lines[LIMIT_LIST + 1].loc, too_many, key->name,
                 (int)LIMIT_LIST);
        return;
    }
    if (source->n_lines > 1)
        read_lines(ld, key, source, field);
    else if (*first->text && key->type == TYPE_TAGS)
        add_item(ld, key, (struct setting){first->text, first->loc}, field);
    else if (*first->text)
        read_commas(ld, key, first, field);
    if (field->items.count > LIMIT_LIST)
        complain(ld, DIAG_INI_TOO_MANY, field->items.items[LIMIT_LIST].loc, too_many, key->name,
                 (int)LIMIT_LIST);
    check_list(ld, key, field);
}

void fields_read(struct loader *ld, enum section_kind section, const struct ini_section *source,
                 struct fields *ret_fields)
{
    struct names *seen = names_new(ld->arena);
    size_t i;

    *ret_fields =
        (struct fields){.section = section, .loc = source->loc, .damaged = source->damaged};
    for (i = 0; i < source->n_keys; i++) {
        const struct ini_key *given = &source->keys[i];
        const struct schema_key *key = schema_find(section, given->name);
        const struct name *before = names_add(seen, given->name, given->loc, NULL);

        if (!key && before)
            continue;
        if (before) {
            complain(ld, DIAG_INI_DUPLICATE_KEY, given->loc,
                     "the key %s is already given in line %u", quoted(ld, given->name),
                     before->loc.line);
        } else if (!key) {
            unknown_key(ld, section, given);
            note_meant(ret_fields, given->name);
        } else {
            ret_fields->at[key->id].given = true;
            ret_fields->at[key->id].loc = given->loc;
            if (schema_type_is_list(key->type))
                read_list(ld, key, given, &ret_fields->at[key->id]);
            else
                read_one(ld, key, given, ret_fields);
        }
    }
}

void fields_inherit(struct loader *ld, struct fields *fields)
{
    size_t i;

    if (!ld->defaults)
        return;
    fields->damaged |= ld->defaults->damaged;
    for (i = 0; i < KEY_COUNT; i++)
        if (!fields->at[i].given && ld->defaults->at[i].given) {
            fields->at[i] = ld->defaults->at[i];
            fields->at[i].inherited = true;
        }
}

/* SITUATIONS in words. */
static const char *phrase(struct loader *ld, unsigned situations)
{
    struct strbuf text;
    const char *copy;

    strbuf_init(&text, LONGEST_PHRASE);
    schema_situations(situations, &text);
    copy = arena_strdup(ld->arena, text.data);
    strbuf_clear(&text);
    return copy;
}

static void settle_key(struct loader *ld, struct fields *fields, const struct schema_key *key,
                       unsigned situation)
{
    struct field *field = &fields->at[key->id];
    bool fits = !situation || (key->allowed & situation);

    if (field->given && !fits) {
        if (!field->inherited) {
            complain(ld, DIAG_INI_NOT_APPLICABLE, field->loc, "'%s' does not go with %s", key->name,
                     phrase(ld, situation & schema_exclusive(key->allowed)));
            remedy(ld, "remove it: it goes with %s", phrase(ld, key->allowed));
        }
        *field = (struct field){.given = false};
    }
    if (field->given || fields->damaged)
        return;
    if (key->required != WHEN_ANY && !(key->required & situation))
        return;
    if (key->required == WHEN_ANY)
        complain(ld, DIAG_INI_REQUIRED, fields->loc, "the key '%s' is missing", key->name);
    else
        complain(ld, DIAG_INI_REQUIRED, fields->loc, "the key '%s' is missing, which %s needs",
                 key->name, phrase(ld, situation & schema_exclusive(key->required)));
    remedy(ld, "%s: %s", key->name, key->help);
}

void fields_settle(struct loader *ld, struct fields *fields, unsigned situation)
{
    const struct schema_key *key;
    size_t i;

    for (i = 0; (key = schema_at(i)); i++)
        if (key->section == fields->section)
            settle_key(ld, fields, key, situation);
}

struct setting fields_one(const struct fields *fields, enum schema_id id)
{
    const struct field *field = &fields->at[id];

    return field->items.count ? field->items.items[0] : (struct setting){NULL, fields->loc};
}

struct setting_list fields_list(const struct fields *fields, enum schema_id id)
{
    return fields->at[id].items;
}

bool fields_given(const struct fields *fields, enum schema_id id)
{
    return fields->at[id].given;
}

int fields_choice(const struct fields *fields, enum schema_id id)
{
    const struct schema_key *key = schema_at(id);
    const char *text = fields_given(fields, id) ? fields_one(fields, id).text : key->fallback;

    return text ? value_choice(key->type, text) : -1;
}
