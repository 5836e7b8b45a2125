/* SPDX-License-Identifier: MIT
 * Hashes, from nettle. */
#include "base/digest.h"

#include <stdint.h>
#include <stdio.h>

#include <nettle/sha1.h>
#include <nettle/sha2.h>

void digest_sha256_pieces(const char *const *pieces, const size_t *lens, size_t count,
                          char ret_hex[SHA256_HEX + 1])
{
    struct sha256_ctx ctx;
    uint8_t hash[SHA256_DIGEST_SIZE];
    size_t i;

    sha256_init(&ctx);
    for (i = 0; i < count; i++)
        sha256_update(&ctx, lens[i], (const uint8_t *)pieces[i]);
    sha256_digest(&ctx, sizeof hash, hash);
    for (i = 0; i < sizeof hash; i++)
        snprintf(ret_hex + 2 * i, 3, "%02x", hash[i]);
}

void digest_sha256(const void *data, size_t len, char ret_hex[SHA256_HEX + 1])
{
    const char *piece = data;

    digest_sha256_pieces(&piece, &len, 1, ret_hex);
}

void digest_sha1(const void *first, size_t first_len, const void *second, size_t second_len,
                 unsigned char ret_hash[SHA1_BYTES])
{
    struct sha1_ctx ctx;

    sha1_init(&ctx);
    sha1_update(&ctx, first_len, first);
    sha1_update(&ctx, second_len, second);
    sha1_digest(&ctx, SHA1_BYTES, ret_hash);
}
