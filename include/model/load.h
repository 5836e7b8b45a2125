/* SPDX-License-Identifier: MIT
 * Between an INI file and a spec: what the files of the model share with one another, and with no
 * one else. */
#ifndef MODEL_LOAD_H
#define MODEL_LOAD_H

#include "format/ini_source.h"
#include "model/names.h"
#include "model/schema.h"
#include "model/spec.h"

/* What a section says about one key. An item whose text is NULL was given, and is a finding. */
struct field {
    bool given;
    bool inherited; /* from [defaults] */
    struct loc loc; /* of the key */
    struct setting_list items;
};

struct fields {
    enum section_kind section;
    struct loc loc;
    bool damaged; /* a line of it could not be read */
    struct field at[KEY_COUNT];
};

struct loader {
    struct arena *arena;
    struct diags *diags;
    const char *file;
    const struct ini *ini;
    struct spec *spec;
    struct names *said; /* findings, so that none is given twice */
    bool fresh;         /* the last complaint was not said before */
    unsigned cloud_bit; /* situation; 0 while the cloud is unknown */
    struct fields *defaults;
    struct names *identity_names;
    bool all_identities; /* no section that could be one is unreadable or misspelt */
    bool has_default_project;                 /* or it may stand in a line that cannot be read */
    const struct connection *without_project; /* the first that has none of its own and needs one */
};

enum { TAGS_MAX = 49 }; /* the service takes 50, and one is ours */

/* --- report.c --- */

/* Adds a finding unless it was said before: a default with a flaw is met once per connection. */
void complain_text(struct loader *ld, enum diag_id id, struct loc loc, const char *text);
#define complain(ld, id, loc, ...)                                                                 \
    complain_text((ld), (id), (loc), arena_printf((ld)->arena, __VA_ARGS__))

/* Gives the last complaint another hint than the catalogue's. */
void remedy_text(struct loader *ld, const char *text);
#define remedy(ld, ...) remedy_text((ld), arena_printf((ld)->arena, __VA_ARGS__))

/* "did you mean 'x'?", or else INTRO and all the names. */
void suggest(struct loader *ld, const char *word, const char *intro,
             const char *(*next)(size_t index, const void *data), const void *data);

/* TEXT in quotes, cut when it is long. */
const char *quoted(struct loader *ld, const char *text);

/* ", not 'text'", or nothing when messages must not repeat the key's value. */
const char *but_is(struct loader *ld, const struct schema_key *key, const char *text);

/* --- value.c, scope.c --- */

/* Checks one value or item and normalises it in place. False with a finding. */
bool value_check(struct loader *ld, const struct schema_key *key, struct setting *value);

/* The index of TEXT among the words that the type offers: the enumerators of spec.h, in their
 * order; no = 0 and yes = 1. -1 when it is none of them. */
int value_choice(enum value_type type, const char *text);

/* A name with rules of its own, apart from its key's type. False with a finding at VALUE. */
bool value_is_managed_identity_name(struct loader *ld, const struct setting *value);

/* Takes apart 'ROLE @ SCOPE'. False when it is not of that form. */
bool role_read(struct arena *arena, const struct setting *item, struct role *ret_role);
bool role_check(struct loader *ld, const struct schema_key *key, struct setting *item);
void role_weigh(struct loader *ld, struct role *role);
const char *role_identity(struct arena *arena,
                          const struct role *role); /* equal for the same role */

/* Takes apart 'key = value'. False when there is no '='. */
bool tag_read(struct arena *arena, const struct setting *item, struct tag *ret_tag);

/* --- fields.c --- */

void fields_read(struct loader *ld, enum section_kind section, const struct ini_section *source,
                 struct fields *ret_fields);

/* Takes from [defaults] what the connection does not say. */
void fields_inherit(struct loader *ld, struct fields *fields);

/* Reports the keys that do not go with the SITUATION and those that it lacks, and forgets inherited
 * ones that do not go with it. A SITUATION of 0 is unknown. */
void fields_settle(struct loader *ld, struct fields *fields, unsigned situation);

struct setting fields_one(const struct fields *fields, enum schema_id id);
struct setting_list fields_list(const struct fields *fields, enum schema_id id);
bool fields_given(const struct fields *fields, enum schema_id id);

/* Index of the word that a key has, or has by default. -1 when it is wrong, or absent without a
 * default of its own. */
int fields_choice(const struct fields *fields, enum schema_id id);

/* --- identity.c, connection.c, check.c --- */

/* NAME is what follows the section's kind in its header, "" when nothing does. */
void load_identity(struct loader *ld, const char *name, const struct ini_section *source,
                   struct identity *identity);
void load_connection(struct loader *ld, const char *name, const struct ini_section *source,
                     struct connection *connection);

/* What no section shows on its own. */
void check_spec(struct loader *ld);

#endif
