/* SPDX-License-Identifier: MIT
 * UTF-8: is it whole, and may a person see it? */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point of the LEN bytes at TEXT. Returns its length in bytes, or 0 when they do
 * not begin with a well-formed one (overlong forms and surrogates are not). */
size_t utf8_decode(const char *text, size_t len, uint32_t *ret_code);

/* Code points in NUL-terminated, well-formed TEXT. */
size_t utf8_length(const char *text);

/* C0 (with tab, CR, LF), DEL, C1, and U+2028 and U+2029, which end lines in some readers. */
bool utf8_is_control(uint32_t code);

/* Characters that reorder or hide text around them, so that a reviewer does not see what a program
 * reads: bidirectional embeddings, overrides, isolates and marks, zero-width ones, tags, and U+FEFF. */
bool utf8_is_deceptive(uint32_t code);

/* How the code point is written in a message: "U+202E". */
void utf8_name(uint32_t code, char ret_name[16]);

#endif
