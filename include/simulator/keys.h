/* SPDX-License-Identifier: MIT
 * Keys and certificates of one run, all made anew in memory; the only user of GnuTLS. */
#ifndef SIMULATOR_KEYS_H
#define SIMULATOR_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct keys;

/* A certificate authority, a server certificate that it issued for HOSTS (closed by NULL), and one
 * RSA key of 2048 bits for each signer. NULL when GnuTLS cannot. */
struct keys *keys_new(const char *const *hosts);
void keys_free(struct keys *keys); /* accepts NULL */

/* PEM texts, owned by KEYS. The server's key never leaves the process. */
const char *keys_ca_pem(const struct keys *keys);
const char *keys_server_pem(const struct keys *keys);
const char *keys_server_key_pem(const struct keys *keys);

/* Who signs tokens with RS256. */
enum signer { SIGNER_ENTRA, SIGNER_DEVOPS, SIGNER_COUNT };
const char *keys_id(const struct keys *keys, enum signer signer); /* "kid" */
void keys_public(const struct keys *keys, enum signer signer, struct strbuf *ret_modulus,
                 struct strbuf *ret_exponent); /* both base64url, as a JWK has them */
/* Appends the raw signature. False when GnuTLS cannot. */
bool keys_sign(const struct keys *keys, enum signer signer, const void *data, size_t len,
               struct strbuf *out);
bool keys_verify(const struct keys *keys, enum signer signer, const void *data, size_t len,
                 const void *signature, size_t signature_len);

/* The name that a TLS client asked for (SNI) of SESSION, a gnutls_session_t. False: none. */
bool keys_asked_name(void *session, char *ret_name, size_t size);

/* Random bytes from GnuTLS. */
void keys_random(void *ret, size_t len);

#endif
