/* SPDX-License-Identifier: MIT
 * One value: does it obey its type? */
#include <stdlib.h>
#include <string.h>

#include "base/guid.h"
#include "base/typo.h"
#include "base/utf8.h"
#include "model/load.h"

#define ALPHA "abcdefghijklmnopqrstuvwxyz"
#define ALNUM ALPHA "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const char *const no_yes[] = {"no", "yes", NULL};
static const char *const identity_types[] = {"managed-identity", "service-principal", NULL};
static const char *const scope_levels[] = {"subscription", "management-group", "ml-workspace",
                                           NULL};
static const char *const issuers[] = {"entra", "azure-devops", NULL};

static const char *const *const words[TYPE_COUNT] = {
    [TYPE_BOOLEAN] = no_yes,
    [TYPE_IDENTITY_TYPE] = identity_types,
    [TYPE_SCOPE_LEVEL] = scope_levels,
    [TYPE_ISSUER] = issuers,
};

/* Names that are a matter of ASCII characters, their places and their number. */
struct pattern {
    const char *first, *inner, *last;
    size_t min, max;
    const char *rule;
};

static const struct pattern managed_identity_name = {
    ALNUM, ALNUM "-_", ALNUM "-_",
    3,     128,        "3 to 128 letters, digits, '-' and '_', beginning with a letter or digit"};

static const struct pattern patterns[TYPE_COUNT] = {
    [TYPE_ORGANIZATION] = {ALNUM, ALNUM "-", ALNUM, 1, 50,
                           "1 to 50 letters, digits and '-', beginning and ending with a letter or "
                           "digit"},
    [TYPE_RESOURCE_GROUP] = {ALNUM "_().", ALNUM "-_().", ALNUM "-_()", 1, 90,
                             "1 to 90 letters, digits and - _ ( ) . with no '-' at the "
                             "beginning and no '.' at the end"},
    [TYPE_MANAGEMENT_GROUP] = {ALNUM "-_().", ALNUM "-_().", ALNUM "-_().", 1, 90,
                               "1 to 90 letters, digits and - _ ( ) ."},
    [TYPE_LOCATION] = {ALPHA "0123456789", ALPHA "0123456789", ALPHA "0123456789", 1, 90,
                       "small letters and digits, as 'az account list-locations' names it"},
    [TYPE_CREDENTIAL] = {ALNUM, ALNUM "-_", ALNUM "-_", 3, 120,
                         "3 to 120 letters, digits, '-' and '_', beginning with a letter or digit"},
};

static bool pattern_ok(const struct pattern *pattern, const char *text)
{
    size_t len = strlen(text);

    return len >= pattern->min && len <= pattern->max && strchr(pattern->first, text[0]) &&
           strchr(pattern->last, text[len - 1]) && strspn(text, pattern->inner) == len;
}

int value_choice(enum value_type type, const char *text)
{
    int i;

    for (i = 0; words[type][i]; i++)
        if (!strcmp(words[type][i], text))
            return i;
    return -1;
}

static bool check_word(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    const char *near;

    if (value_choice(key->type, value->text) >= 0)
        return true;
    complain(ld, DIAG_INI_CHOICE, value->loc, "'%s' is %s%s", key->name, schema_type(key->type),
             but_is(ld, key, value->text));
    near = typo_nearest_of(value->text, words[key->type]);
    if (near)
        remedy(ld, "did you mean '%s'?", near);
    else
        remedy(ld, "write %s", schema_type(key->type));
    return false;
}

static bool check_cloud(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    if (cloud_find(value->text))
        return true;
    if (cloud_retired(value->text)) {
        complain(ld, DIAG_INI_CHOICE, value->loc, "%s is retired", quoted(ld, value->text));
        remedy(ld, "Microsoft closed this cloud; there is nothing left to sign in to");
        return false;
    }
    complain(ld, DIAG_INI_CHOICE, value->loc, "'%s' is the name of a cloud%s", key->name,
             but_is(ld, key, value->text));
    suggest(ld, value->text, "one of:", cloud_name, NULL);
    return false;
}

static bool check_guid(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    if (!guid_valid(value->text)) {
        complain(ld, DIAG_INI_GUID, value->loc, "'%s' takes a GUID%s", key->name,
                 but_is(ld, key, value->text));
        remedy(ld, "%s: %s; a GUID looks like 2f6b1c1e-0d5a-4a53-9d0c-6f0c1f6a7b11", key->name,
               key->help);
        return false;
    }
    if (strspn(value->text, "0-") == GUID_TEXT) {
        complain(ld, DIAG_INI_GUID, value->loc, "'%s' is a GUID of zeros, a placeholder",
                 key->name);
        remedy(ld, "%s: %s", key->name, key->help);
        return false;
    }
    value->text = names_fold(ld->arena, value->text);
    return true;
}

static bool check_text(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    size_t len = utf8_length(value->text);

    if (!key->max || len <= key->max)
        return true;
    complain(ld, DIAG_INI_LENGTH, value->loc, "'%s' is %zu characters long; %zu are allowed",
             key->name, len, key->max);
    remedy(ld, "shorten it");
    return false;
}

/* "West Europe" is what the portal shows; "westeurope" is what it means. */
static const char *location_meant(struct loader *ld, const char *text)
{
    char *meant = names_fold(ld->arena, text), *to = meant;
    const char *from;

    for (from = meant; *from; from++)
        if (*from != ' ')
            *to++ = *from;
    *to = '\0';
    return pattern_ok(&patterns[TYPE_LOCATION], meant) ? meant : NULL;
}

/* The name in a pasted https://dev.azure.com/NAME or https://NAME.visualstudio.com. */
static const char *organization_meant(struct loader *ld, const char *text)
{
    static const char site[] = "https://dev.azure.com/";
    const char *name = !strncmp(text, site, sizeof site - 1) ? text + sizeof site - 1
                       : !strncmp(text, site, 8) && strstr(text, ".visualstudio.com") ? text + 8
                                                                                      : NULL;
    char *meant;

    if (!name)
        return NULL;
    meant = arena_strndup(ld->arena, name, strspn(name, ALNUM "-"));
    return pattern_ok(&patterns[TYPE_ORGANIZATION], meant) ? meant : NULL;
}

static bool check_pattern(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    const struct pattern *pattern = &patterns[key->type];
    const char *meant = NULL;

    if (pattern_ok(pattern, value->text))
        return true;
    complain(ld, DIAG_INI_NAME, value->loc, "'%s' is not a valid %s%s", key->name,
             schema_type(key->type),
             key->shown ? arena_printf(ld->arena, ": %s", quoted(ld, value->text)) : "");
    if (key->type == TYPE_LOCATION)
        meant = location_meant(ld, value->text);
    if (key->type == TYPE_ORGANIZATION)
        meant = organization_meant(ld, value->text);
    if (meant)
        remedy(ld, "did you mean '%s'?", meant);
    else
        remedy(ld, "%s", pattern->rule);
    return false;
}

bool value_is_managed_identity_name(struct loader *ld, const struct setting *value)
{
    if (pattern_ok(&managed_identity_name, value->text))
        return true;
    complain(ld, DIAG_INI_NAME, value->loc, "'name' is not a valid managed identity name: %s",
             quoted(ld, value->text));
    remedy(ld, "%s", managed_identity_name.rule);
    return false;
}

/* https://HOST[:PORT][/PATH] */
static bool url_ok(const char *text)
{
    const char *host = text + 8, *p;
    size_t len;

    if (strncmp(text, "https://", 8))
        return false;
    len = strspn(host, ALNUM "-.");
    if (!len || !strchr(ALNUM, host[0]) || !strchr(ALNUM, host[len - 1]) || strstr(host, ".."))
        return false;
    p = host + len;
    if (*p == ':') {
        len = strspn(p + 1, "0123456789");
        if (!len || len > 5 || p[1] == '0' || strtoul(p + 1, NULL, 10) > 65535)
            return false;
        p += 1 + len;
    }
    return (!*p || *p == '/') && strspn(p, ALNUM "-._~/") == strlen(p) && !strstr(p, "//");
}

/* Kept without its trailing slash. */
static bool check_url(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    size_t len = strlen(value->text);

    if (!check_text(ld, key, value))
        return false;
    if (!url_ok(value->text)) {
        complain(ld, DIAG_INI_URL, value->loc, "'%s' takes an https address%s", key->name,
                 but_is(ld, key, value->text));
        return false;
    }
    if (value->text[len - 1] == '/')
        value->text = arena_strndup(ld->arena, value->text, len - 1);
    return true;
}

static bool check_project(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    static const char banned[] = "/:\\~&%;@'\"?<>|#$*}{,+=[]";
    const char *text = value->text;
    const char *bad = strpbrk(text, banned);

    if (guid_valid(text))
        return check_guid(ld, key, value);
    if (bad)
        complain(ld, DIAG_INI_PROJECT, value->loc, "the project name %s holds '%c'",
                 quoted(ld, text), *bad);
    else if (utf8_length(text) > 64)
        complain(ld, DIAG_INI_PROJECT, value->loc,
                 "the project name %s is %zu characters long; 64 are allowed", quoted(ld, text),
                 utf8_length(text));
    else if (text[0] == '_' || text[0] == '.' || text[strlen(text) - 1] == '.')
        complain(ld, DIAG_INI_PROJECT, value->loc,
                 "the project name %s begins with '_' or '.', or ends with '.'", quoted(ld, text));
    else
        return true;
    remedy(ld,
           "a project is named by its name, at most 64 characters and none of %s, or by its GUID",
           banned);
    return false;
}

static bool check_connection_name(struct loader *ld, const struct schema_key *key,
                                  struct setting *value)
{
    if (strchr(value->text, ',')) {
        complain(ld, DIAG_INI_CONNECTION_NAME, value->loc, "the connection name %s holds a comma",
                 quoted(ld, value->text));
        remedy(ld, "Azure DevOps cannot look up such a name: choose one without a comma");
        return false;
    }
    if (utf8_length(value->text) <= key->max)
        return true;
    complain(ld, DIAG_INI_CONNECTION_NAME, value->loc,
             "the connection name is %zu characters long; %zu are allowed",
             utf8_length(value->text), key->max);
    remedy(ld, "shorten it, or set 'name' when it is the section's NAME");
    return false;
}

static bool check_audience(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    if (!check_text(ld, key, value))
        return false;
    if (strpbrk(value->text, ", "))
        complain(ld, DIAG_INI_AUDIENCE, value->loc, "'audience' takes one value%s",
                 but_is(ld, key, value->text));
    else if (strpbrk(value->text, "\"\\")) /* read back by a script, which takes no JSON apart */
        complain(ld, DIAG_INI_AUDIENCE, value->loc, "'audience' holds a quote or a backslash%s",
                 but_is(ld, key, value->text));
    else
        return true;
    return false;
}

/* A decimal number from 1 to what a service's 32 bits hold, written in one way only. */
static bool number_ok(const char *text)
{
    size_t len = strspn(text, "0123456789");

    return len && !text[len] && text[0] != '0' && len <= 10 &&
           strtoull(text, NULL, 10) <= 2147483647;
}

static bool check_number(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    if (number_ok(value->text))
        return true;
    complain(ld, DIAG_INI_NUMBER, value->loc, "'%s' takes a number from 1%s", key->name,
             but_is(ld, key, value->text));
    remedy(ld, "%s", key->help);
    return false;
}

static bool check_pipeline(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    static const char *const offered[] = {"none", "all", NULL};
    const char *near = typo_nearest_of(value->text, offered);

    if (number_ok(value->text) || !strcmp(value->text, "none") || !strcmp(value->text, "all"))
        return true;
    complain(ld, DIAG_INI_PIPELINES, value->loc, "%s is not a pipeline id",
             quoted(ld, value->text));
    if (near && strspn(value->text, "0123456789") == 0)
        remedy(ld, "did you mean '%s'?", near);
    (void)key;
    return false;
}

/* What git refuses in a ref, and what would let one entry stand for several. */
static bool branch_ok(const char *text)
{
    static const char *const prefixes[] = {"refs/heads/", "refs/tags/"};
    const char *name = NULL, *star = strchr(text, '*');
    size_t i;

    for (i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (!strncmp(text, prefixes[i], strlen(prefixes[i])))
            name = text + strlen(prefixes[i]);
    return name && *name && *name != '/' && name[strlen(name) - 1] != '/' &&
           !strpbrk(name, " ,~^:?[\\") && !strstr(name, "..") && !strstr(name, "//") &&
           !strstr(name, "@{") && (!star || !star[1]);
}

static bool check_branch(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    if (branch_ok(value->text))
        return true;
    complain(ld, DIAG_INI_BRANCH, value->loc, "%s is not a full ref", quoted(ld, value->text));
    if (!strncmp(value->text, "refs/", 5) ||
        !branch_ok(arena_printf(ld->arena, "refs/heads/%s", value->text)))
        return false;
    remedy(ld, "did you mean 'refs/heads/%s'?", value->text);
    (void)key;
    return false;
}

bool tag_read(struct arena *arena, const struct setting *item, struct tag *ret_tag)
{
    const char *equals = strchr(item->text, '='), *value;
    size_t len;

    if (!equals)
        return false;
    for (len = (size_t)(equals - item->text); len && item->text[len - 1] == ' '; len--)
        ;
    for (value = equals + 1; *value == ' '; value++)
        ;
    *ret_tag = (struct tag){arena_strndup(arena, item->text, len), value, item->loc};
    return true;
}

static bool check_tag(struct loader *ld, const struct schema_key *key, struct setting *item)
{
    struct tag tag;

    (void)key;
    if (!tag_read(ld->arena, item, &tag) || !*tag.key) {
        complain(ld, DIAG_INI_TAG, item->loc, "a tag without key and '='");
        remedy(ld, "write one 'key = value' per indented line");
    } else if (strpbrk(tag.key, "<>%&\\?/")) {
        complain(ld, DIAG_INI_TAG, item->loc, "the tag key %s holds one of < > %% & \\ ? /",
                 quoted(ld, tag.key));
        remedy(ld, "Azure does not take them: choose another key");
    } else if (utf8_length(tag.key) > 512) {
        complain(ld, DIAG_INI_TAG, item->loc, "the tag key is %zu characters long; 512 are allowed",
                 utf8_length(tag.key));
        remedy(ld, "shorten it");
    } else if (utf8_length(tag.value) > 256) {
        complain(ld, DIAG_INI_TAG, item->loc,
                 "the value of the tag %s is %zu characters long; 256 are allowed",
                 quoted(ld, tag.key), utf8_length(tag.value));
        remedy(ld, "shorten it");
    } else if (!strcmp(names_fold(ld->arena, tag.key), "azdo-wif")) {
        complain(ld, DIAG_INI_TAG, item->loc, "the tag %s is azdo-wif's own", quoted(ld, tag.key));
        remedy(ld, "it marks what a rollback may delete: choose another key");
    } else {
        return true;
    }
    return false;
}

/* Blanks of other scripts and widths: they look like the blank that is trimmed, and are not. */
static bool is_wide_blank(const char *text, size_t len)
{
    uint32_t code = 0;

    return utf8_decode(text, len, &code) &&
           (code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
            code == 0x202f || code == 0x205f || code == 0x3000);
}

static bool ends_visible(struct loader *ld, const struct schema_key *key,
                         const struct setting *value)
{
    size_t len = strlen(value->text), last = len ? len - 1 : 0;

    while (last && ((unsigned char)value->text[last] & 0xc0) == 0x80)
        last--;
    if (!is_wide_blank(value->text, len) && !is_wide_blank(value->text + last, len - last))
        return true;
    complain(ld, DIAG_INI_BLANK, value->loc, "'%s' begins or ends with a blank that is not U+0020",
             key->name);
    return false;
}

bool value_check(struct loader *ld, const struct schema_key *key, struct setting *value)
{
    static bool (*const checks[TYPE_COUNT])(struct loader *, const struct schema_key *,
                                            struct setting *) = {
        [TYPE_TEXT] = check_text,
        [TYPE_DESCRIPTION] = check_text,
        [TYPE_GUID] = check_guid,
        [TYPE_GUIDS] = check_guid,
        [TYPE_BOOLEAN] = check_word,
        [TYPE_NUMBER] = check_number,
        [TYPE_CLOUD] = check_cloud,
        [TYPE_IDENTITY_TYPE] = check_word,
        [TYPE_SCOPE_LEVEL] = check_word,
        [TYPE_ISSUER] = check_word,
        [TYPE_URL] = check_url,
        [TYPE_ORGANIZATION] = check_pattern,
        [TYPE_PROJECT] = check_project,
        [TYPE_PROJECTS] = check_project,
        [TYPE_CONNECTION_NAME] = check_connection_name,
        [TYPE_RESOURCE_GROUP] = check_pattern,
        [TYPE_MANAGEMENT_GROUP] = check_pattern,
        [TYPE_LOCATION] = check_pattern,
        [TYPE_CREDENTIAL] = check_pattern,
        [TYPE_AUDIENCE] = check_audience,
        [TYPE_ROLES] = role_check,
        [TYPE_PIPELINES] = check_pipeline,
        [TYPE_BRANCHES] = check_branch,
        [TYPE_TAGS] = check_tag,
    };

    return ends_visible(ld, key, value) && checks[key->type](ld, key, value);
}
