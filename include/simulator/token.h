/* SPDX-License-Identifier: MIT
 * JSON Web Tokens with real RS256 signatures (RFC 7515, RFC 7519). */
#ifndef SIMULATOR_TOKEN_H
#define SIMULATOR_TOKEN_H

#include "base/arena.h"
#include "format/json.h"
#include "simulator/keys.h"

/* Takes over CLAIMS. The token is in ARENA. */
const char *token_sign(struct arena *arena, const struct keys *keys, enum signer signer,
                       json *claims);

/* Takes a token apart without looking at its signature. NULL when it has not the shape of one of
 * RS256; else its claims, for json_free, and *RET_KID in ARENA. */
json *token_read(struct arena *arena, const char *token, const char **ret_kid);

/* Is the signature that of SIGNER? */
bool token_verified(struct arena *arena, const struct keys *keys, enum signer signer,
                    const char *token);

/* base64url without padding, both ways; decoding returns false for anything else. */
void base64url_encode(struct strbuf *out, const void *data, size_t len);
bool base64url_decode(struct strbuf *out, const char *text, size_t len);

#endif
