/* SPDX-License-Identifier: MIT
 * What an INI file may hold. */
#include "model/schema.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct schema_key keys[] = {
#define KEY(SECTION, ID, NAME, TYPE, MAX, ALLOWED, REQUIRED, DEFAULT, SHOWN, HELP)                 \
    {KEY_##ID,       SECTION_##SECTION, NAME,    TYPE_##TYPE, MAX,                                 \
     WHEN_##ALLOWED, WHEN_##REQUIRED,   DEFAULT, SHOWN,       HELP},
#include "model/schema.def"
#undef KEY
};

static const struct {
    const char *name;
    bool named;
} sections[SECTION_COUNT] = {
    [SECTION_TENANT] = {"tenant", false},     [SECTION_ORGANIZATION] = {"organization", false},
    [SECTION_IDENTITY] = {"identity", true},  [SECTION_CONNECTION] = {"connection", true},
    [SECTION_DEFAULTS] = {"defaults", false},
};

static const struct {
    const char *name;
    bool list;
} types[TYPE_COUNT] = {
    [TYPE_TEXT] = {"text", false},
    [TYPE_DESCRIPTION] = {"text, may be empty", false},
    [TYPE_GUID] = {"GUID", false},
    [TYPE_GUIDS] = {"list of GUIDs", true},
    [TYPE_BOOLEAN] = {"yes or no", false},
    [TYPE_NUMBER] = {"number", false},
    [TYPE_CLOUD] = {"cloud", false},
    [TYPE_IDENTITY_TYPE] = {"managed-identity or service-principal", false},
    [TYPE_SCOPE_LEVEL] = {"subscription, management-group or ml-workspace", false},
    [TYPE_ISSUER] = {"entra or azure-devops", false},
    [TYPE_URL] = {"https address", false},
    [TYPE_ORGANIZATION] = {"organization name", false},
    [TYPE_PROJECT] = {"project", false},
    [TYPE_PROJECTS] = {"list of projects", true},
    [TYPE_CONNECTION_NAME] = {"connection name", false},
    [TYPE_RESOURCE_GROUP] = {"resource group name", false},
    [TYPE_MANAGEMENT_GROUP] = {"management group id", false},
    [TYPE_LOCATION] = {"region", false},
    [TYPE_CREDENTIAL] = {"credential name", false},
    [TYPE_AUDIENCE] = {"audience", false},
    [TYPE_ROLES] = {"list of roles", true},
    [TYPE_PIPELINES] = {"none, all, or list of pipeline ids", true},
    [TYPE_BRANCHES] = {"list of refs", true},
    [TYPE_TAGS] = {"list of tags", true},
};

static const struct {
    unsigned situations;
    const char *text;
} situations_text[] = {
    {WHEN_PUBLIC, "cloud = AzureCloud"},
    {WHEN_FOREIGN, "a cloud other than AzureCloud"},
    {WHEN_SOVEREIGN, "a national cloud"},
    {WHEN_STACK, "cloud = AzureStack"},
    {WHEN_MANAGED, "a managed identity"},
    {WHEN_NEW_MANAGED, "a managed identity that is created"},
    {WHEN_OLD_MANAGED, "an existing managed identity (client_id)"},
    {WHEN_NEW_PRINCIPAL, "a service principal that is created"},
    {WHEN_OLD_PRINCIPAL, "an existing service principal (client_id)"},
    {WHEN_SUBSCRIPTION, "scope_level = subscription"},
    {WHEN_MANAGEMENT, "scope_level = management-group"},
    {WHEN_WORKSPACE, "scope_level = ml-workspace"},
};

const struct schema_key *schema_at(size_t index)
{
    return index < COUNT(keys) ? &keys[index] : NULL;
}

/* [defaults] has no rows of its own. */
static enum section_kind section_of_keys(enum section_kind section)
{
    return section == SECTION_DEFAULTS ? SECTION_CONNECTION : section;
}

const struct schema_key *schema_find(enum section_kind section, const char *name)
{
    size_t i;

    for (i = 0; i < COUNT(keys); i++)
        if (keys[i].section == section_of_keys(section) && !strcmp(keys[i].name, name))
            return &keys[i];
    return NULL;
}

const char *schema_name(size_t index, const void *data)
{
    enum section_kind section = section_of_keys(*(const enum section_kind *)data);
    size_t i;

    for (i = 0; i < COUNT(keys); i++)
        if (keys[i].section == section && !index--)
            return keys[i].name;
    return NULL;
}

const char *schema_section(enum section_kind section)
{
    return sections[section].name;
}

bool schema_section_named(enum section_kind section)
{
    return sections[section].named;
}

const char *schema_type(enum value_type type)
{
    return types[type].name;
}

bool schema_type_is_list(enum value_type type)
{
    return types[type].list;
}

void schema_situations(unsigned situations, struct strbuf *out)
{
    size_t start = out->len, i;

    for (i = 0; i < COUNT(situations_text) && situations; i++) {
        if ((situations & situations_text[i].situations) != situations_text[i].situations)
            continue;
        strbuf_addf(out, "%s%s", out->len > start ? " or " : "", situations_text[i].text);
        situations &= ~situations_text[i].situations;
    }
}

unsigned schema_exclusive(unsigned situations)
{
    static const unsigned groups[] = {
        WHEN_PUBLIC | WHEN_FOREIGN,
        WHEN_MANAGED | WHEN_NEW_PRINCIPAL | WHEN_OLD_PRINCIPAL,
        WHEN_SUBSCRIPTION | WHEN_MANAGEMENT | WHEN_WORKSPACE,
    };
    size_t i;

    for (i = 0; i < COUNT(groups); i++)
        if (groups[i] & situations)
            return groups[i];
    return situations;
}

void schema_requirement(const struct schema_key *key, struct strbuf *out)
{
    if (key->allowed != WHEN_ANY) {
        strbuf_adds(out, key->required == key->allowed ? "required with " : "only with ");
        schema_situations(key->allowed, out);
        if (key->required == key->allowed)
            strbuf_adds(out, ", and only there");
    } else if (key->required == WHEN_ANY) {
        strbuf_adds(out, "required");
    } else if (key->required) {
        strbuf_adds(out, "required with ");
        schema_situations(key->required, out);
    } else {
        strbuf_adds(out, "optional");
    }
}
