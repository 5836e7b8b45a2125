/* SPDX-License-Identifier: MIT
 * Keys, certificates and tokens: made, read, and refused when anybody touched them. */
#include "simulator/token.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tap.h"

static struct arena *arena;
static struct keys *keys;

/* base64url */

static void test_base64url(void)
{
    /* RFC 4648, section 10, without padding; and the two characters of its own. */
    static const struct {
        const char *plain, *coded;
    } pairs[] = {{"", ""},
                 {"f", "Zg"},
                 {"fo", "Zm8"},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg"},
                 {"foobar", "Zm9vYmFy"},
                 {"\xff\xfe\xfd", "__79"}};
    static const char *const bad[] = {"A",    "Zg==",  "Zh",  "Zm9",  "Zm9v\n",
                                      "+/79", "Zm9vY", "Z g", "\xc3", "Zm8."};
    struct strbuf out;
    size_t i;

    strbuf_init(&out, 64);
    for (i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        strbuf_reset(&out);
        base64url_encode(&out, pairs[i].plain, strlen(pairs[i].plain));
        is_str(out.data, pairs[i].coded, "encoded");
        strbuf_reset(&out);
        ok(base64url_decode(&out, pairs[i].coded, strlen(pairs[i].coded)), "decodes");
        is_str(out.data, pairs[i].plain, "to what it was");
    }
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        strbuf_reset(&out);
        ok(!base64url_decode(&out, bad[i], strlen(bad[i])), "refused: bad text %zu", i);
    }
    strbuf_clear(&out);
    strbuf_init(&out, 2);
    ok(!base64url_decode(&out, "Zm9v", 4), "what does not fit is refused");
    strbuf_clear(&out);
}

/* Tokens */

static json *some_claims(void)
{
    json *claims = json_object();

    json_text(claims, "sub", "sc://contoso/Payments/\"weird\" \\ \x01 ${name} \xc3\xa9");
    json_put_number(claims, "exp", 1767225600);
    return claims;
}

static const char *with_header(const char *header, const char *token)
{
    struct strbuf out;
    const char *text;

    strbuf_init(&out, 1 << 20);
    base64url_encode(&out, header, strlen(header));
    strbuf_adds(&out, strchr(token, '.'));
    text = arena_strndup(arena, out.data, out.len);
    strbuf_clear(&out);
    return text;
}

static bool reads(const char *token)
{
    const char *kid;
    json *claims = token_read(arena, token, &kid);

    json_free(claims);
    return claims != NULL;
}

static void test_tokens(void)
{
    const char *token = token_sign(arena, keys, SIGNER_ENTRA, some_claims()), *kid = NULL;
    json *claims = token_read(arena, token, &kid);

    is_str(json_text_of(claims, "sub"), "sc://contoso/Payments/\"weird\" \\ \x01 ${name} \xc3\xa9",
           "texts come through unchanged");
    ok(json_number_of(claims, "exp", 0) == 1767225600, "numbers too");
    json_free(claims);
    is_str(kid, keys_id(keys, SIGNER_ENTRA), "the key's id");
    ok(strcmp(keys_id(keys, SIGNER_ENTRA), keys_id(keys, SIGNER_DEVOPS)) != 0,
       "each signer has its own key");
    ok(token_verified(arena, keys, SIGNER_ENTRA, token), "good signature");
    ok(!token_verified(arena, keys, SIGNER_DEVOPS, token), "not that of another signer");
}

static void test_headers(void)
{
    static const char *const bad[] = {
        "{\"alg\":\"none\",\"kid\":\"x\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"rs256\"}",
        "{}",
        "[\"RS256\"]",
        "RS256",
        "{\"alg\":5}",
        "{\"alg\":\"RS256\",\"crit\":[\"b64\"]}",
        "{\"alg\":\"RS256\"}{}",
        "{\"alg\":\"RS256\",\"x\":\"\xff\"}",
    };
    const char *token = token_sign(arena, keys, SIGNER_ENTRA, some_claims()), *changed;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        changed = with_header(bad[i], token);
        ok(!reads(changed) && !token_verified(arena, keys, SIGNER_ENTRA, changed), "header %zu", i);
    }
    changed = with_header("{\"alg\":\"RS256\",\"kid\":\"other\"}", token);
    ok(reads(changed), "another kid is read");
    ok(!token_verified(arena, keys, SIGNER_ENTRA, changed), "but the signature covers it");
}

/* Each character of a token changed in turn: read or not, it is never good. */
static void test_tampering(void)
{
    const char *token = token_sign(arena, keys, SIGNER_ENTRA, some_claims());
    char *copy = arena_strdup(arena, token);
    size_t i, good = 0, len = strlen(copy);

    for (i = 0; i < len; i++) {
        char was = copy[i];

        copy[i] = was == 'A' ? 'B' : 'A';
        good += token_verified(arena, keys, SIGNER_ENTRA, copy);
        copy[i] = was;
    }
    ok(token_verified(arena, keys, SIGNER_ENTRA, copy), "unchanged: good");
    ok(good == 0, "changed in any character: bad (%zu of %zu pass)", good, len);
}

static void test_shapes(void)
{
    const char *token = token_sign(arena, keys, SIGNER_ENTRA, some_claims());
    const char *dot = strchr(token, '.'), *second = strchr(dot + 1, '.');
    char *large = arena_alloc(arena, 1 << 20, 1);
    const struct {
        const char *token, *text;
    } bad[] = {
        {"", "empty"},
        {".", "one dot"},
        {"..", "two dots"},
        {"a.b.c", "not base64url"},
        {arena_strndup(arena, token, (size_t)(second - token)), "no signature"},
        {arena_strndup(arena, token, (size_t)(second + 1 - token)), "an empty signature"},
        {arena_printf(arena, "%s.", token), "a fourth, empty part"},
        {arena_printf(arena, "%s.AAAA", token), "a fourth part"},
        {arena_printf(arena, ".%s", token), "an empty header"},
        {arena_printf(arena, " %s", token), "a blank in front"},
        {arena_printf(arena, "%s\n", token), "a line end behind"},
        {large, "a very long one"},
    };
    size_t i;

    memset(large, 'A', (1 << 20) - 1);
    memcpy(large, token, (size_t)(second - token));
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!reads(bad[i].token) && !token_verified(arena, keys, SIGNER_ENTRA, bad[i].token),
           "refused: %s", bad[i].text);
}

static void test_size(void)
{
    char *name = arena_alloc(arena, 70000, 1);
    json *claims = json_object();
    const char *token;

    memset(name, 'x', 69999);
    json_text(claims, "sub", name);
    token = token_sign(arena, keys, SIGNER_ENTRA, claims);
    ok(!reads(token) && !token_verified(arena, keys, SIGNER_ENTRA, token),
       "what is too long is not looked at, not even with a good signature");
}

/* Certificates */

static gnutls_x509_crt_t read_certificate(const char *pem)
{
    gnutls_datum_t data = {(unsigned char *)arena_strdup(arena, pem), (unsigned)strlen(pem)};
    gnutls_x509_crt_t crt = NULL;

    ok(gnutls_x509_crt_init(&crt) == 0 &&
           gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_PEM) == 0,
       "a certificate in PEM");
    return crt;
}

static void test_certificates(void)
{
    gnutls_x509_crt_t ca = read_certificate(keys_ca_pem(keys));
    gnutls_x509_crt_t server = read_certificate(keys_server_pem(keys));
    unsigned critical = 0, is_ca = 0, usage = 0, result = 0;
    char text[256];
    size_t len = sizeof text;
    time_t now = time(NULL);

    ok(gnutls_x509_crt_get_dn(ca, text, &len) == 0, "a name");
    is_str(text, "CN=azdo-wif rehearsal", "of the authority");
    ok(gnutls_x509_crt_get_basic_constraints(ca, &critical, &is_ca, NULL) >= 0 && critical && is_ca,
       "an authority, said critically");
    ok(gnutls_x509_crt_get_key_usage(ca, &usage, &critical) == 0 &&
           usage == GNUTLS_KEY_KEY_CERT_SIGN,
       "that may sign certificates and nothing else");
    ok(gnutls_x509_crt_get_activation_time(ca) <= now - 3590 &&
           gnutls_x509_crt_get_expiration_time(ca) > now + 24 * 3600 &&
           gnutls_x509_crt_get_expiration_time(ca) < now + 48 * 3600,
       "valid since an hour, for not more than two days");
    ok(gnutls_x509_crt_list_verify(&server, 1, &ca, 1, NULL, 0, 0, &result) == 0 && result == 0,
       "the server's certificate is signed by it");
    ok(gnutls_x509_crt_check_hostname(server, "login.microsoftonline.com") != 0 &&
           gnutls_x509_crt_check_hostname(server, "dev.azure.com") != 0,
       "for each host");
    ok(gnutls_x509_crt_check_hostname(server, "example.com") == 0, "and for no other");
    len = sizeof text;
    ok(gnutls_x509_crt_get_key_purpose_oid(server, 0, text, &len, NULL) == 0, "a purpose");
    is_str(text, GNUTLS_KP_TLS_WWW_SERVER, "of a server");
    ok(strstr(keys_server_key_pem(keys), "BEGIN PRIVATE KEY") != NULL, "the server's key");
    gnutls_x509_crt_deinit(ca);
    gnutls_x509_crt_deinit(server);
}

static void test_public_key(void)
{
    struct strbuf modulus, exponent, raw;

    strbuf_init(&modulus, 1024);
    strbuf_init(&exponent, 1024);
    strbuf_init(&raw, 1024);
    keys_public(keys, SIGNER_ENTRA, &modulus, &exponent);
    is_str(exponent.data, "AQAB", "the exponent");
    ok(base64url_decode(&raw, modulus.data, modulus.len) && raw.len == 256 && raw.data[0],
       "a modulus of 2048 bits, without a leading zero");
    strbuf_clear(&modulus);
    strbuf_clear(&exponent);
    strbuf_clear(&raw);
}

int main(void)
{
    static const char *const hosts[] = {"login.microsoftonline.com", "dev.azure.com", NULL};
    unsigned char one[16] = {0}, other[16] = {0};

    arena = arena_new();
    keys = keys_new(hosts);
    test_base64url();
    test_tokens();
    test_headers();
    test_tampering();
    test_shapes();
    test_size();
    test_certificates();
    test_public_key();
    keys_random(one, sizeof one);
    keys_random(other, sizeof other);
    ok(memcmp(one, other, sizeof one) != 0, "random bytes differ");
    keys_free(NULL);
    keys_free(keys);
    arena_free(arena);
    return done_testing();
}
