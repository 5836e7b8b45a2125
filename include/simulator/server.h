/* SPDX-License-Identifier: MIT
 * The simulated world on loopback: an HTTPS proxy on a free port of 127.0.0.1 that answers for the
 * hosts of simulator/call.h itself, with certificates of its own authority, and for no other. */
#ifndef SIMULATOR_SERVER_H
#define SIMULATOR_SERVER_H

#include <stdbool.h>

#include "simulator/call.h"
#include "simulator/keys.h"
#include "simulator/world.h"

/* What somebody did. Texts are as they were sent, hostile, and live during the call of the
 * observer. */
struct observation {
    bool refused; /* an attempt to reach HOST, which is not simulated; nothing else is set but
                     METHOD */
    const char *host;
    const char *method, *target; /* target: path and query */
    const char *who;             /* the signed-in name, "" without a good token */
    const char *body;            /* of the request; "" */
    const char *code;            /* the service's error code; "" */
    int status;
    long long at;        /* milliseconds since 1970 */
    double milliseconds; /* that it took */
    bool write;          /* not GET, HEAD or OPTIONS */
};

/* Called by one thread at a time. */
typedef void observer(void *to, const struct observation *seen);

struct server;

/* Starts to serve WORLD, which must outlive it. NULL, with *RET_WHY, when that is not possible. */
struct server *server_start(struct world *world, observer *tell, void *to, const char **ret_why);

/* Trouble on the way, made on purpose. Both are called on the thread of the call, by several at a
 * time, without the world's lock, and may wait. */
struct trouble {
    void *to;
    /* Before the service is asked; may set call->trouble. False: the connection breaks, and nothing
     * is done. */
    bool (*before)(void *to, struct sim_call *call);
    /* What the call asked for is done. False: the connection breaks instead of the reply. */
    bool (*after)(void *to, struct sim_call *call);
};
/* To be called before the first call comes. */
void server_make_trouble(struct server *server, const struct trouble *trouble);

unsigned server_port(const struct server *server);
const struct keys *server_keys(const struct server *server);

/* Ends all connections and threads, and frees it. Accepts NULL. */
void server_stop(struct server *server);

#endif
