/* SPDX-License-Identifier: MIT
 * A growing string with a hard maximum. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static char empty[1];

void strbuf_init(struct strbuf *buf, size_t max)
{
    *buf = (struct strbuf){.data = empty, .max = max};
}

void strbuf_clear(struct strbuf *buf)
{
    if (buf->cap)
        free(buf->data);
    strbuf_init(buf, buf->max);
}

void strbuf_reset(struct strbuf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    if (buf->cap)
        buf->data[0] = '\0';
}

/* Makes room for LEN more bytes and a NUL. Returns false, and marks the overflow, past the maximum. */
static bool reserve(struct strbuf *buf, size_t len)
{
    size_t need;

    if (len > buf->max - buf->len) {
        buf->overflow = true;
        return false;
    }
    need = buf->len + len + 1;
    if (need > buf->cap) {
        size_t cap = buf->cap ? buf->cap : 64;

        while (cap < need)
            cap = cap > buf->max / 2 ? buf->max + 1 : cap * 2;
        buf->data = xrealloc(buf->cap ? buf->data : NULL, cap, 1);
        buf->cap = cap;
    }
    return true;
}

void strbuf_add(struct strbuf *buf, const char *data, size_t len)
{
    if (!len || !reserve(buf, len))
        return;
    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void strbuf_adds(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, text, strlen(text));
}

void strbuf_addc(struct strbuf *buf, char c)
{
    strbuf_add(buf, &c, 1);
}

void strbuf_addf(struct strbuf *buf, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        BUG("bad format: %s", format);
    if (!len || !reserve(buf, (size_t)len))
        return;
    va_start(args, format);
    vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

char *strbuf_steal(struct strbuf *buf)
{
    char *data = buf->cap ? buf->data : xrealloc(NULL, 1, 1);

    data[buf->len] = '\0';
    strbuf_init(buf, buf->max);
    return data;
}
