/* SPDX-License-Identifier: MIT
 * One HTTPS request and its reply; the only user of libcurl.
 *
 * Only https, no redirects, no proxy but the one that is given, certificates always checked,
 * nothing of the caller's environment or of curl's files, bounded time and size. */
#ifndef REMOTE_TRANSFER_H
#define REMOTE_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct transfer {
    const char *method, *url;
    const char *token;        /* sent as Authorization: Bearer; NULL: none. Never printed. */
    const char *content_type; /* of BODY */
    const char *body;         /* NULL: none */
    const char *proxy;        /* "http://127.0.0.1:1234"; NULL: none */
    const char *ca_pem;       /* the only authority that is trusted; NULL: the system's */
    unsigned timeout;         /* seconds; 0: 30 */
};

struct transfer_reply {
    int status; /* of HTTP; 0: there was no reply, and WHY says why */
    const char *why;
    const char *body; /* NUL-terminated */
    size_t len;
    double milliseconds;
};

/* At most MAX bytes of reply are read; more is no reply. All memory is ARENA's. */
struct transfer_reply transfer_run(struct arena *arena, const struct transfer *transfer,
                                   size_t max);

/* TEXT percent-encoded for a form or a query. */
const char *transfer_escape(struct arena *arena, const char *text);

#endif
