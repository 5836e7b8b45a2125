/* SPDX-License-Identifier: MIT
 * Hashes, from nettle: SHA-256 to name a content, SHA-1 only where UUID version 5 asks for it. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

enum { SHA256_HEX = 64, SHA1_BYTES = 20 };

/* Lower-case hexadecimal SHA-256 of LEN bytes, NUL-terminated. */
void digest_sha256(const void *data, size_t len, char ret_hex[SHA256_HEX + 1]);

/* The same over two pieces in a row: what names a file whose middle must be left out. */
void digest_sha256_pieces(const char *const *pieces, const size_t *lens, size_t count,
                          char ret_hex[SHA256_HEX + 1]);

void digest_sha1(const void *first, size_t first_len, const void *second, size_t second_len,
                 unsigned char ret_hash[SHA1_BYTES]);

#endif
