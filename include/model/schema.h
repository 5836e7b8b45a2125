/* SPDX-License-Identifier: MIT
 * What an INI file may hold: model/schema.def as data. */
#ifndef MODEL_SCHEMA_H
#define MODEL_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/* [defaults] takes the keys of [connection NAME]. */
enum section_kind {
    SECTION_TENANT,
    SECTION_ORGANIZATION,
    SECTION_IDENTITY,
    SECTION_CONNECTION,
    SECTION_DEFAULTS,
    SECTION_COUNT
};

/* What else a description says, as far as it decides which keys belong in a section: sets of bits.
 */
enum situation {
    WHEN_NEVER = 0,
    WHEN_PUBLIC = 1 << 0,
    WHEN_SOVEREIGN = 1 << 1,
    WHEN_STACK = 1 << 2,
    WHEN_NEW_MANAGED = 1 << 3,
    WHEN_OLD_MANAGED = 1 << 4,
    WHEN_NEW_PRINCIPAL = 1 << 5,
    WHEN_OLD_PRINCIPAL = 1 << 6,
    WHEN_SUBSCRIPTION = 1 << 7,
    WHEN_MANAGEMENT = 1 << 8,
    WHEN_WORKSPACE = 1 << 9,
    WHEN_ANY = (1 << 10) - 1,
    WHEN_FOREIGN = WHEN_SOVEREIGN | WHEN_STACK,
    WHEN_MANAGED = WHEN_NEW_MANAGED | WHEN_OLD_MANAGED,
    WHEN_NAMED = WHEN_MANAGED | WHEN_NEW_PRINCIPAL,
    WHEN_SUBSCRIPTIONS = WHEN_SUBSCRIPTION | WHEN_WORKSPACE,
};

enum value_type {
    TYPE_TEXT,
    TYPE_DESCRIPTION,
    TYPE_GUID,
    TYPE_GUIDS,
    TYPE_BOOLEAN,
    TYPE_NUMBER,
    TYPE_CLOUD,
    TYPE_IDENTITY_TYPE,
    TYPE_SCOPE_LEVEL,
    TYPE_ISSUER,
    TYPE_URL,
    TYPE_ORGANIZATION,
    TYPE_PROJECT,
    TYPE_PROJECTS,
    TYPE_CONNECTION_NAME,
    TYPE_RESOURCE_GROUP,
    TYPE_MANAGEMENT_GROUP,
    TYPE_LOCATION,
    TYPE_CREDENTIAL,
    TYPE_AUDIENCE,
    TYPE_ROLES,
    TYPE_PIPELINES,
    TYPE_BRANCHES,
    TYPE_TAGS,
    TYPE_COUNT
};

enum schema_id {
#define KEY(SECTION, ID, NAME, TYPE, MAX, ALLOWED, REQUIRED, DEFAULT, SHOWN, HELP) KEY_##ID,
#include "model/schema.def"
#undef KEY
    KEY_COUNT
};

struct schema_key {
    enum schema_id id;
    enum section_kind section;
    const char *name;
    enum value_type type;
    size_t max;
    unsigned allowed, required; /* sets of enum situation */
    const char *fallback;       /* default as text; NULL: none; "=": follows from other keys */
    bool shown;
    const char *help;
};

/* Every key, section by section; NULL past the last. */
const struct schema_key *schema_at(size_t index);

/* NULL when the section has no such key. */
const struct schema_key *schema_find(enum section_kind section, const char *name);

/* The INDEXth key's name of the section that DATA, an enum section_kind, says: for "did you mean".
 */
const char *schema_name(size_t index, const void *data);

const char *schema_section(enum section_kind section); /* "tenant" */
bool schema_section_named(enum section_kind section);  /* may its header hold a NAME? */
const char *schema_type(enum value_type type);         /* "list of GUIDs" */
bool schema_type_is_list(enum value_type type);

/* Appends, in words, the situations of a set: "a managed identity that is created, ...". */
void schema_situations(unsigned situations, struct strbuf *out);

/* All situations that exclude one another and of which those in the set are some. */
unsigned schema_exclusive(unsigned situations);

/* Appends when KEY must or may be given: "required", "only and always with cloud = AzureStack". */
void schema_requirement(const struct schema_key *key, struct strbuf *out);

#endif
