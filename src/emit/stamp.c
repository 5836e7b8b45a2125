/* SPDX-License-Identifier: MIT
 * Who wrote this file, from what, and did anybody change it since? */
#include "emit/stamp.h"

#include <string.h>

#include "base/digest.h"

static const char program[] = "azdo-wif ";
static const char ini_label[] = "ini sha256:";
static const char body_label[] = "body sha256:";

/* What follows LABEL in the text from AT to END, or NULL. */
static const char *behind(const char *at, const char *end, const char *label)
{
    size_t len = strlen(label);
    const char *found = memmem(at, (size_t)(end - at), label, len);

    return found ? found + len : NULL;
}

/* The first byte behind the 64 lower-case hexadecimal digits at AT, or NULL. */
static const char *behind_digest(const char *at, const char *end)
{
    int i;

    if (!at || end - at < SHA256_HEX)
        return NULL;
    for (i = 0; i < SHA256_HEX; i++)
        if (!memchr("0123456789abcdef", at[i], 16))
            return NULL;
    return at + SHA256_HEX;
}

/* The digits of the body's digest when the line from AT to END is a stamp. */
static const char *body_digest(const char *at, const char *end)
{
    const char *digest;

    at = behind(at, end, program);
    at = at ? behind_digest(behind(at, end, ini_label), end) : NULL;
    digest = at ? behind(at, end, body_label) : NULL;
    return behind_digest(digest, end) ? digest : NULL;
}

/* The digits of the body's digest in the first stamp of the head of DATA, or NULL. */
static const char *find_digest(const char *data, size_t len)
{
    const char *end = data + (len < STAMP_HEAD ? len : STAMP_HEAD);
    const char *digest = NULL;

    while (data && !digest) {
        const char *newline = memchr(data, '\n', (size_t)(end - data));

        digest = body_digest(data, newline ? newline : end);
        data = newline ? newline + 1 : NULL;
    }
    return digest;
}

/* The 64 digits of the INI's digest in a file's first stamp, or NULL. */
static const char *find_ini_digest(const char *data, size_t len)
{
    const char *end = find_digest(data, len), *line = end;

    if (!end)
        return NULL;
    while (line > data && line[-1] != '\n')
        line--;
    return behind(behind(line, end, program), end, ini_label);
}

bool stamp_same_ini(const char *one, size_t one_len, const char *other, size_t other_len)
{
    const char *a = find_ini_digest(one, one_len), *b = find_ini_digest(other, other_len);

    return a && b && !memcmp(a, b, SHA256_HEX);
}

static void digest_body(const char *data, size_t len, const char *digest,
                        char ret_hex[SHA256_HEX + 1])
{
    const char *rest = digest + SHA256_HEX;
    const char *const pieces[] = {data, STAMP_PLACEHOLDER, rest};
    const size_t lens[] = {(size_t)(digest - data), SHA256_HEX, (size_t)(data + len - rest)};

    digest_sha256_pieces(pieces, lens, 3, ret_hex);
}

bool stamp_seal(char *data, size_t len)
{
    const char *digest = find_digest(data, len);
    char hex[SHA256_HEX + 1];

    if (!digest || memcmp(digest, STAMP_PLACEHOLDER, SHA256_HEX) != 0)
        return false;
    digest_body(data, len, digest, hex);
    memcpy(data + (digest - data), hex, SHA256_HEX);
    return true;
}

enum stamp_state stamp_check(const char *data, size_t len)
{
    const char *digest = find_digest(data, len);
    char hex[SHA256_HEX + 1];

    if (!digest)
        return STAMP_FOREIGN;
    digest_body(data, len, digest, hex);
    return memcmp(digest, hex, SHA256_HEX) == 0 ? STAMP_OURS : STAMP_EDITED;
}
