/* SPDX-License-Identifier: MIT
 * What both kinds of federated credentials have in common. */
#include "simulator/credential.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

static const char alphanumeric[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
static const char in_names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

bool credential_name_valid(const char *name)
{
    size_t len = strspn(name, in_names);

    return !name[len] && len >= CREDENTIAL_NAME_MIN && len <= CREDENTIAL_NAME_MAX &&
           strspn(name, alphanumeric) > 0;
}

static bool is_fitting(const json *text)
{
    const char *content;

    if (!text || json_kind(text) != JSON_TEXT)
        return false;
    content = json_as_text(text, NULL);
    return *content && utf8_length(content) <= CREDENTIAL_TEXT_MAX;
}

static bool is_same(const json *a, const json *b)
{
    return !strcmp(json_text_of(a, "issuer"), json_text_of(b, "issuer")) &&
           !strcmp(json_text_of(a, "subject"), json_text_of(b, "subject"));
}

/* What VALUE has to do with the credentials beside it. */
static enum credential_fault check_others(const json *others, const json *except, const json *value)
{
    const json *other;
    size_t count = 0;

    for (other = others ? json_first(others) : NULL; other; other = json_next(other)) {
        if (other == except)
            continue;
        if (is_same(other, value))
            return CREDENTIAL_DUPLICATE;
        count++;
    }
    return count >= LIMIT_CREDENTIALS ? CREDENTIAL_LIMIT : CREDENTIAL_GOOD;
}

enum credential_fault credential_check(const json *others, const json *except, const char *name,
                                       const json *value)
{
    const json *audiences = json_member(value, "audiences");

    if (!credential_name_valid(name))
        return CREDENTIAL_NAME;
    if (!audiences || json_kind(audiences) != JSON_ARRAY || json_count(audiences) != 1)
        return CREDENTIAL_AUDIENCES;
    if (!is_fitting(json_member(value, "issuer")))
        return CREDENTIAL_ISSUER;
    if (!is_fitting(json_member(value, "subject")))
        return CREDENTIAL_SUBJECT;
    if (!is_fitting(json_first(audiences)))
        return CREDENTIAL_AUDIENCE;
    return check_others(others, except, value);
}
