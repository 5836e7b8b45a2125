/* SPDX-License-Identifier: MIT
 * The listening half of the server: takes connections on loopback, reads what they ask of a proxy,
 * and hands on those that asked for a simulated host. */
#ifndef SIMULATOR_PROXY_H
#define SIMULATOR_PROXY_H

#include <stdbool.h>

struct proxy;

struct proxy_events {
    void *to;
    /* Is there room for one more client? When there is, it is taken, until CONNECTED's side ends it. */
    bool (*admit)(void *to);
    void (*dismiss)(void *to); /* gives the room back: the client was not handed on after all */
    /* Takes FD over: a client that was told that it is connected to HOST and now begins with TLS.
     */
    void (*connected)(void *to, int fd);
    /* A client asked for METHOD of HOST, which is not simulated, and was refused. HOST is hostile.
     */
    void (*refused)(void *to, const char *method, const char *host);
};

/* NULL with errno. Both events come from several threads. */
struct proxy *proxy_start(const struct proxy_events *events);
unsigned proxy_port(const struct proxy *proxy);

/* Returns when no thread of it is left. Accepts NULL. */
void proxy_stop(struct proxy *proxy);

#endif
