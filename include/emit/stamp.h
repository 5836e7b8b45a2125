/* SPDX-License-Identifier: MIT
 * Who wrote this file, from what, and did anybody change it since?
 *
 * Every output holds, on one line within its first STAMP_HEAD bytes, in a comment or a JSON string:
 *
 *     azdo-wif VERSION, templates ..., ini sha256:<64 digits> ... body sha256:<64 digits>
 *
 * The first digest names the INI's bytes. The second is the SHA-256 of the whole file with its own
 * 64 digits replaced by zeros. It guards against mistakes, not against forgery: anybody can compute it. */
#ifndef EMIT_STAMP_H
#define EMIT_STAMP_H

#include <stdbool.h>
#include <stddef.h>

enum { STAMP_HEAD = 4096 };

/* What a template writes where the digest of the body will stand. */
#define STAMP_PLACEHOLDER "0000000000000000000000000000000000000000000000000000000000000000"

enum stamp_state {
    STAMP_FOREIGN, /* not written by azdo-wif */
    STAMP_EDITED,  /* written by azdo-wif and changed since */
    STAMP_OURS,    /* as azdo-wif wrote it */
};

/* Replaces the placeholder in DATA, a rendered file, by the digest of the body. False without one. */
bool stamp_seal(char *data, size_t len);

/* Do the stamps of two files name the same INI? */
bool stamp_same_ini(const char *one, size_t one_len, const char *other, size_t other_len);

/* Of the LEN bytes of a whole file. */
enum stamp_state stamp_check(const char *data, size_t len);

#endif
