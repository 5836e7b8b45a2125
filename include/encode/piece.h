/* SPDX-License-Identifier: MIT
 * What the encoders share: walking over a text's pieces, and characters a person must not miss. */
#ifndef ENCODE_PIECE_H
#define ENCODE_PIECE_H

#include <stddef.h>

#include "base/strbuf.h"

typedef void piece_fn(struct strbuf *out, const char *text, size_t len);

/* Hands every run of literal text of TEXT to LITERAL and every capture's name to CAPTURE. */
void encode_pieces(struct strbuf *out, const char *text, piece_fn *literal, piece_fn *capture);

/* The two things that can become of a capture. */
void capture_as_variable(struct strbuf *out, const char *name, size_t len); /* ${name} */
void capture_marked(struct strbuf *out, const char *name, size_t len);      /* for the next encoder */

/* Appends the character at TEXT, or its name when it is a control or deceptive one, or a byte that is
 * not UTF-8 ("U+202E", "\x80"). Returns the bytes it took. */
size_t encode_visible(struct strbuf *out, const char *text, size_t len);

/* Appends the character at TEXT for a string in double quotes that knows \\n, \\uNNNN and \\UNNNNNNNN:
 * quote, backslash and what a person would not see are escaped. Returns the bytes it took. */
size_t encode_quoted(struct strbuf *out, const char *text, size_t len);

/* A piece_fn: every character made visible. */
void visible_literal(struct strbuf *out, const char *text, size_t len);

#endif
