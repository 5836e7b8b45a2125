/* SPDX-License-Identifier: MIT
 * JSON Web Tokens with real RS256 signatures. */
#include "simulator/token.h"

#include <string.h>

#include "base/strbuf.h"
#include "encode/encode.h"

enum {
    TOKEN_READ_MAX = 64 * 1024,        /* real ones have up to 4 KiB */
    TOKEN_SIGN_MAX = 32 * 1024 * 1024, /* more than the names in a request can grow to */
    PARTS = 3,                         /* header, claims, signature */
};

/* base64url, RFC 4648 section 5 */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_encode(struct strbuf *out, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    unsigned window = 0, bits = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        window = (window << 8 | bytes[i]) & 0xffff;
        for (bits += 8; bits >= 6; bits -= 6)
            strbuf_addc(out, alphabet[window >> (bits - 6) & 0x3f]);
    }
    if (bits)
        strbuf_addc(out, alphabet[window << (6 - bits) & 0x3f]);
}

/* What is left over at the end must be zero, so that no two texts mean the same. */
bool base64url_decode(struct strbuf *out, const char *text, size_t len)
{
    unsigned window = 0, bits = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        const char *at = text[i] ? strchr(alphabet, text[i]) : NULL;

        if (!at)
            return false;
        window = (window << 6 | (unsigned)(at - alphabet)) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            strbuf_addc(out, (char)(window >> bits & 0xff));
        }
    }
    return len % 4 != 1 && !(window & ((1u << bits) - 1)) && !out->overflow;
}

/* Signing */

/* Takes over PART. */
static void add_part(struct strbuf *token, json *part)
{
    struct strbuf text;

    strbuf_init(&text, TOKEN_SIGN_MAX);
    json_print_line(&text, part, encode_json_data);
    token->overflow = token->overflow || text.overflow;
    base64url_encode(token, text.data, text.len);
    strbuf_clear(&text);
    json_free(part);
}

const char *token_sign(struct arena *arena, const struct keys *keys, enum signer signer,
                       json *claims)
{
    json *header = json_object();
    struct strbuf token, signature;
    const char *text;

    strbuf_init(&token, TOKEN_SIGN_MAX);
    strbuf_init(&signature, TOKEN_SIGN_MAX);
    json_text(header, "typ", "JWT");
    json_text(header, "alg", "RS256");
    json_text(header, "kid", keys_id(keys, signer));
    add_part(&token, header);
    strbuf_addc(&token, '.');
    add_part(&token, claims);
    if (!keys_sign(keys, signer, token.data, token.len, &signature))
        BUG("a token that cannot be signed");
    strbuf_addc(&token, '.');
    base64url_encode(&token, signature.data, signature.len);
    if (token.overflow)
        BUG("a token of more than %d bytes", TOKEN_SIGN_MAX);
    text = arena_strndup(arena, token.data, token.len);
    strbuf_clear(&signature);
    strbuf_clear(&token);
    return text;
}

/* Reading */

struct parts {
    const char *at[PARTS];
    size_t len[PARTS];
};

static bool split(const char *token, struct parts *ret)
{
    size_t i;

    if (strnlen(token, TOKEN_READ_MAX + 1) > TOKEN_READ_MAX)
        return false;
    for (i = 0; i < PARTS; i++) {
        ret->at[i] = token;
        ret->len[i] = strspn(token, alphabet);
        token += ret->len[i];
        if (!ret->len[i] || *token != (i + 1 < PARTS ? '.' : '\0'))
            return false;
        token += *token == '.';
    }
    return true;
}

/* The object of a part; NULL when it is none. */
static json *read_part(struct arena *arena, const struct parts *parts, size_t part)
{
    struct diags diags = DIAGS_INIT(arena);
    struct strbuf text;
    json *root = NULL;

    strbuf_init(&text, TOKEN_READ_MAX);
    if (base64url_decode(&text, parts->at[part], parts->len[part]))
        root = json_parse("token", text.data, text.len, &diags);
    strbuf_clear(&text);
    if (root && json_kind(root) == JSON_OBJECT)
        return root;
    json_free(root);
    return NULL;
}

/* Of an extension that must be understood ("crit") none is: RFC 7515, section 4.1.11. */
static bool read_header(struct arena *arena, const struct parts *parts, const char **ret_kid)
{
    json *header = read_part(arena, parts, 0);
    bool good = !strcmp(json_text_of(header, "alg"), "RS256") && !json_member(header, "crit");

    if (good)
        *ret_kid = arena_strdup(arena, json_text_of(header, "kid"));
    json_free(header);
    return good;
}

json *token_read(struct arena *arena, const char *token, const char **ret_kid)
{
    struct parts parts;

    if (!split(token, &parts) || !read_header(arena, &parts, ret_kid))
        return NULL;
    return read_part(arena, &parts, 1);
}

bool token_verified(struct arena *arena, const struct keys *keys, enum signer signer,
                    const char *token)
{
    struct parts parts;
    struct strbuf signature;
    const char *kid;
    bool good;

    if (!split(token, &parts) || !read_header(arena, &parts, &kid))
        return false;
    strbuf_init(&signature, TOKEN_READ_MAX);
    good = base64url_decode(&signature, parts.at[2], parts.len[2]) &&
           keys_verify(keys, signer, token, (size_t)(parts.at[1] + parts.len[1] - token),
                       signature.data, signature.len);
    strbuf_clear(&signature);
    return good;
}
