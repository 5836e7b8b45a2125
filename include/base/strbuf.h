/* SPDX-License-Identifier: MIT
 * A growing string with a hard maximum.
 *
 * Invariants: data is never NULL and always ends in a NUL that len does not count; len <= max.
 * What would grow past max is not appended, not even in part, and sets `overflow`: check it once, at
 * the end, instead of after every call. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf {
    char *data;
    size_t len;
    size_t cap; /* bytes allocated, 0 while data is the shared empty string */
    size_t max;
    bool overflow;
};

/* An empty buffer that may hold up to MAX bytes. Allocates nothing. */
void strbuf_init(struct strbuf *buf, size_t max);

/* Frees the memory and leaves an empty buffer with the same maximum. */
void strbuf_clear(struct strbuf *buf);

/* Empties it and keeps the memory. */
void strbuf_reset(struct strbuf *buf);

void strbuf_add(struct strbuf *buf, const char *data, size_t len);
void strbuf_adds(struct strbuf *buf, const char *text);
void strbuf_addc(struct strbuf *buf, char c);
void strbuf_addf(struct strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the malloc'ed string over; the buffer is empty afterwards. */
char *strbuf_steal(struct strbuf *buf);

#endif
