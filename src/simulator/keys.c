/* SPDX-License-Identifier: MIT
 * Keys and certificates of one run.
 *
 * What the certificates hold is what strict clients ask for (RFC 5280, section 4.2; Python 3.13
 * sets X509_V_FLAG_X509_STRICT by default): critical basic constraints and a key usage in the
 * authority's, key identifiers in both, names as DNS SANs. Elliptic curves, because they are made
 * at once. */
#include "simulator/keys.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/arena.h"
#include "simulator/token.h"

enum {
    RSA_BITS = 2048,
    SERIAL_BYTES = 16,
    KEY_ID_MAX = 64,
    PEM_MAX = 256 * 1024, /* a certificate with all the hosts has a few KiB */
    DATA_MAX = 64 * 1024 * 1024,
    VALID_BEFORE = 60 * 60,
    VALID_FOR = 2 * 24 * 60 * 60,
};

struct signing_key {
    gnutls_privkey_t secret;
    gnutls_pubkey_t open;
    struct strbuf id;
};

struct keys {
    struct strbuf ca_pem, server_pem, server_key_pem;
    struct signing_key signing[SIGNER_COUNT];
};

void keys_random(void *ret, size_t len)
{
    if (gnutls_rnd(GNUTLS_RND_KEY, ret, len) < 0)
        BUG("no random bytes");
}

/* Certificates */

/* A certificate and its key. */
struct pair {
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t key;
};

static bool pair_open(struct pair *pair)
{
    unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

    return gnutls_x509_crt_init(&pair->crt) >= 0 && gnutls_x509_privkey_init(&pair->key) >= 0 &&
           gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA, bits, 0) >= 0;
}

static void pair_close(struct pair *pair)
{
    if (pair->crt)
        gnutls_x509_crt_deinit(pair->crt);
    if (pair->key)
        gnutls_x509_privkey_deinit(pair->key);
}

/* What both certificates have: who, when, which key, whose key signs it. */
static bool set_common(struct pair *pair, const struct pair *issuer, const char *name)
{
    unsigned char serial[SERIAL_BYTES], id[KEY_ID_MAX];
    size_t id_len = sizeof id;
    time_t from = time(NULL) - VALID_BEFORE;

    keys_random(serial, sizeof serial);
    serial[0] = (unsigned char)((serial[0] & 0x3f) | 0x40); /* positive, and never shorter */
    if (gnutls_x509_crt_set_version(pair->crt, 3) < 0 ||
        gnutls_x509_crt_set_serial(pair->crt, serial, sizeof serial) < 0 ||
        gnutls_x509_crt_set_activation_time(pair->crt, from) < 0 ||
        gnutls_x509_crt_set_expiration_time(pair->crt, from + VALID_FOR) < 0 ||
        gnutls_x509_crt_set_dn_by_oid(pair->crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                      (unsigned)strlen(name)) < 0 ||
        gnutls_x509_crt_set_key(pair->crt, pair->key) < 0 ||
        gnutls_x509_crt_get_key_id(pair->crt, GNUTLS_KEYID_USE_SHA1, id, &id_len) < 0 ||
        gnutls_x509_crt_set_subject_key_id(pair->crt, id, id_len) < 0)
        return false;
    id_len = sizeof id;
    return gnutls_x509_crt_get_key_id(issuer->crt, GNUTLS_KEYID_USE_SHA1, id, &id_len) >= 0 &&
           gnutls_x509_crt_set_authority_key_id(pair->crt, id, id_len) >= 0;
}

static bool sign_certificate(struct pair *pair, const struct pair *issuer)
{
    return gnutls_x509_crt_sign2(pair->crt, issuer->crt, issuer->key, GNUTLS_DIG_SHA256, 0) >= 0;
}

static bool make_ca(struct pair *ca)
{
    return pair_open(ca) && set_common(ca, ca, "azdo-wif rehearsal") &&
           gnutls_x509_crt_set_basic_constraints(ca->crt, 1, 0) >= 0 &&
           gnutls_x509_crt_set_key_usage(ca->crt, GNUTLS_KEY_KEY_CERT_SIGN) >= 0 &&
           sign_certificate(ca, ca);
}

static bool make_server(struct pair *server, const struct pair *ca, const char *const *hosts)
{
    if (!pair_open(server) || !set_common(server, ca, "azdo-wif simulated services") ||
        gnutls_x509_crt_set_basic_constraints(server->crt, 0, -1) < 0 ||
        gnutls_x509_crt_set_key_usage(server->crt, GNUTLS_KEY_DIGITAL_SIGNATURE) < 0 ||
        gnutls_x509_crt_set_key_purpose_oid(server->crt, GNUTLS_KP_TLS_WWW_SERVER, 0) < 0)
        return false;
    for (; *hosts; hosts++)
        if (gnutls_x509_crt_set_subject_alt_name(server->crt, GNUTLS_SAN_DNSNAME, *hosts,
                                                 (unsigned)strlen(*hosts), GNUTLS_FSAN_APPEND) < 0)
            return false;
    return sign_certificate(server, ca);
}

/* RESULT is what the export into DATUM returned. */
static bool keep_pem(struct strbuf *pem, int result, gnutls_datum_t *datum)
{
    if (result < 0)
        return false;
    strbuf_add(pem, (const char *)datum->data, datum->size);
    gnutls_free(datum->data);
    return !pem->overflow;
}

static bool make_certificates(struct keys *keys, const char *const *hosts)
{
    struct pair ca = {NULL, NULL}, server = {NULL, NULL};
    gnutls_datum_t pem = {NULL, 0};
    bool made;

    made =
        make_ca(&ca) && make_server(&server, &ca, hosts) &&
        keep_pem(&keys->ca_pem, gnutls_x509_crt_export2(ca.crt, GNUTLS_X509_FMT_PEM, &pem), &pem) &&
        keep_pem(&keys->server_pem, gnutls_x509_crt_export2(server.crt, GNUTLS_X509_FMT_PEM, &pem),
                 &pem) &&
        keep_pem(&keys->server_key_pem,
                 gnutls_x509_privkey_export2_pkcs8(server.key, GNUTLS_X509_FMT_PEM, NULL,
                                                   GNUTLS_PKCS_PLAIN, &pem),
                 &pem);
    pair_close(&ca);
    pair_close(&server);
    return made;
}

/* Keys that sign tokens */

/* The id is what Entra's look like: base64url of 20 bytes. */
static bool make_signing_key(struct signing_key *key)
{
    unsigned char id[KEY_ID_MAX];
    size_t len = sizeof id;

    if (gnutls_privkey_init(&key->secret) < 0 || gnutls_pubkey_init(&key->open) < 0 ||
        gnutls_privkey_generate(key->secret, GNUTLS_PK_RSA, RSA_BITS, 0) < 0 ||
        gnutls_pubkey_import_privkey(key->open, key->secret, 0, 0) < 0 ||
        gnutls_pubkey_get_key_id(key->open, GNUTLS_KEYID_USE_SHA1, id, &len) < 0)
        return false;
    base64url_encode(&key->id, id, len);
    return true;
}

struct keys *keys_new(const char *const *hosts)
{
    struct keys *keys = xrealloc(NULL, 1, sizeof *keys);
    size_t i;
    bool made;

    memset(keys, 0, sizeof *keys);
    strbuf_init(&keys->ca_pem, PEM_MAX);
    strbuf_init(&keys->server_pem, PEM_MAX);
    strbuf_init(&keys->server_key_pem, PEM_MAX);
    for (i = 0; i < SIGNER_COUNT; i++)
        strbuf_init(&keys->signing[i].id, 2 * KEY_ID_MAX);
    made = make_certificates(keys, hosts);
    for (i = 0; made && i < SIGNER_COUNT; i++)
        made = make_signing_key(&keys->signing[i]);
    if (made)
        return keys;
    keys_free(keys);
    return NULL;
}

void keys_free(struct keys *keys)
{
    size_t i;

    if (!keys)
        return;
    for (i = 0; i < SIGNER_COUNT; i++) {
        if (keys->signing[i].secret)
            gnutls_privkey_deinit(keys->signing[i].secret);
        if (keys->signing[i].open)
            gnutls_pubkey_deinit(keys->signing[i].open);
        strbuf_clear(&keys->signing[i].id);
    }
    strbuf_clear(&keys->ca_pem);
    strbuf_clear(&keys->server_pem);
    gnutls_memset(keys->server_key_pem.data, 0, keys->server_key_pem.len);
    strbuf_clear(&keys->server_key_pem);
    free(keys);
}

const char *keys_ca_pem(const struct keys *keys)
{
    return keys->ca_pem.data;
}

const char *keys_server_pem(const struct keys *keys)
{
    return keys->server_pem.data;
}

const char *keys_server_key_pem(const struct keys *keys)
{
    return keys->server_key_pem.data;
}

const char *keys_id(const struct keys *keys, enum signer signer)
{
    return keys->signing[signer].id.data;
}

void keys_public(const struct keys *keys, enum signer signer, struct strbuf *ret_modulus,
                 struct strbuf *ret_exponent)
{
    gnutls_datum_t modulus, exponent;

    /* Without the zero that keeps a DER integer positive: RFC 7518, section 6.3.1. */
    if (gnutls_pubkey_export_rsa_raw2(keys->signing[signer].open, &modulus, &exponent,
                                      GNUTLS_EXPORT_FLAG_NO_LZ) < 0)
        BUG("a key that cannot be exported");
    base64url_encode(ret_modulus, modulus.data, modulus.size);
    base64url_encode(ret_exponent, exponent.data, exponent.size);
    gnutls_free(modulus.data);
    gnutls_free(exponent.data);
}

/* GnuTLS takes no const data; it does not write to it. */
static bool as_datum(gnutls_datum_t *ret, const void *data, size_t len)
{
    union {
        const void *in;
        unsigned char *out;
    } both = {data};

    *ret = (gnutls_datum_t){both.out, (unsigned)len};
    return len <= DATA_MAX;
}

bool keys_sign(const struct keys *keys, enum signer signer, const void *data, size_t len,
               struct strbuf *out)
{
    gnutls_datum_t text, signature;

    if (!as_datum(&text, data, len) ||
        gnutls_privkey_sign_data(keys->signing[signer].secret, GNUTLS_DIG_SHA256, 0, &text,
                                 &signature) < 0)
        return false;
    strbuf_add(out, (const char *)signature.data, signature.size);
    gnutls_free(signature.data);
    return !out->overflow;
}

bool keys_verify(const struct keys *keys, enum signer signer, const void *data, size_t len,
                 const void *signature, size_t signature_len)
{
    gnutls_datum_t text, sealed;

    return as_datum(&text, data, len) && as_datum(&sealed, signature, signature_len) &&
           gnutls_pubkey_verify_data2(keys->signing[signer].open, GNUTLS_SIGN_RSA_SHA256, 0, &text,
                                      &sealed) >= 0;
}

bool keys_asked_name(void *session, char *ret_name, size_t size)
{
    unsigned type = 0;
    size_t len = size;

    return gnutls_server_name_get(session, ret_name, &len, &type, 0) >= 0 &&
           type == GNUTLS_NAME_DNS && len < size && len > 0 && !ret_name[len] &&
           strlen(ret_name) == len;
}
