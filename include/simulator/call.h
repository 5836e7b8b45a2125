/* SPDX-License-Identifier: MIT
 * One HTTP call to a simulated service: what was asked, by whom, and what is answered.
 *
 * A handler answers exactly once, by call_reply or one of the refusals of its service, and returns.
 * A check that refuses answers itself and returns false, so that a handler reads
 *
 *     if (!arm_allows(call, "Microsoft.Resources/subscriptions/read", scope))
 *         return;
 *
 * Requests are hostile: their sizes are bounded by whoever fills the struct (server.c), their texts
 * are NUL-terminated bytes of any kind. All memory of a call belongs to its arena. */
#ifndef SIMULATOR_CALL_H
#define SIMULATOR_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "format/json.h"
#include "simulator/keys.h"
#include "simulator/world.h"

enum { CALL_PARTS = 8, CALL_SEGMENTS = 40, CALL_HEADERS = 12 };

struct call_header {
    const char *name, *value;
};

struct call_query {
    const char *name, *value; /* percent-decoded */
    bool used;
};

/* Whose token a call carries. */
enum token_state { TOKEN_NONE, TOKEN_BAD, TOKEN_EXPIRED, TOKEN_GOOD };
struct caller {
    enum token_state state;
    const char *tenant_id, *object_id, *app_id, *audience; /* "" when the token has none */
    const char *name;                                      /* for messages: user name or app id */
    const json *claims; /* all of the token's; NULL without one */
};

/* A host that is simulated: one row of hosts.c. */
enum service {
    SERVICE_ENTRA,
    SERVICE_ARM,
    SERVICE_GRAPH,
    SERVICE_DEVOPS,
    SERVICE_DEVOPS_ISSUER,
    SERVICE_COUNT
};
struct host {
    const char *name; /* "management.azure.com" */
    enum service service;
    const struct azure *azure; /* the cloud it belongs to; Azure DevOps: the public one */
};
struct azure {                       /* a cloud */
    const char *name;                /* "AzureCloud" */
    const char *login, *arm, *graph; /* host names */
    const char *arm_audiences[3];    /* without a trailing slash; closed by NULL */
    const char *audience;            /* of a federated credential */
    bool entra_issuer;
};
const struct host *host_find(const char *name); /* without regard to case; NULL: not simulated */
const struct host *host_at(size_t index);       /* NULL past the last */
const struct azure *azure_find(const char *name);

struct sim_call {
    /* Given. */
    struct arena *arena;
    struct world *world;
    const struct keys *keys;
    const struct host *host;
    const char *method;
    const char *target; /* path and query as sent */
    const struct call_header *headers;
    size_t n_headers;
    const char *body; /* NUL-terminated; its length may be more than strlen when it is no text */
    size_t body_len;
    int trouble; /* what is answered instead of serving it, see simulator/trouble.h; 0: nothing */

    /* Found by call_dispatch before the service is asked. */
    const char *segments[CALL_SEGMENTS]; /* of the path, percent-decoded, empty ones left out */
    size_t n_segments;
    struct call_query *query;
    size_t n_query;
    struct caller caller;

    const char *part[CALL_PARTS]; /* what the {} of the route's pattern stood for */

    /* The answer. */
    int status;       /* 0: none yet */
    const char *code; /* the service's error code, for whoever watches */
    const char *content_type;
    const char *reply;
    size_t reply_len;
    struct call_header reply_headers[CALL_HEADERS];
    size_t n_reply_headers;
};

/* Fills what is found, asks the service, and makes sure that there is an answer: 501 when nobody
 * knew one. Locks the world meanwhile. */
void call_dispatch(struct sim_call *call);

/* Reading. Names of headers and parameters are compared without regard to case. */
const char *call_header(const struct sim_call *call, const char *name); /* NULL: not sent */
const char *call_argument(struct sim_call *call,
                          const char *name); /* of the query; NULL: not sent */
const char *
call_unread(struct sim_call *call);     /* the name of a parameter nobody asked for; NULL: none */
bool call_is_write(const char *method); /* not GET, HEAD or OPTIONS */
/* A write that changes something: asking for a token, at either service, does not. HOST may be NULL. */
bool call_is_change(const struct host *host, const char *method, const char *target);

/* The body as a JSON object (or array, with LIST). NULL after answering 400 or 415 by REFUSE. */
typedef void call_refuse(struct sim_call *call, int status, const char *text);
json *call_json(struct sim_call *call, bool list, call_refuse *refuse);

/* format/json_shape.h: false after answering 400 by REFUSE with what is wrong. */
bool call_shape(struct sim_call *call, const json *value, const char *fields, const char *where,
                call_refuse *refuse);

/* Answers. The JSON is printed and freed; call->content_type is set. A status of 204 has no body.
 */
void call_reply(struct sim_call *call, int status, json *body);
void call_reply_text(struct sim_call *call, int status, const char *content_type, const char *text);
void call_reply_header(struct sim_call *call, const char *name, const char *value);

/* 501 with a text that names the call: what is not modelled is never answered with a made-up
 * success. WHAT says what of it; NULL: all of it. */
void call_not_modelled(struct sim_call *call, const char *what);

/* A text in the call's arena. */
const char *call_text(struct sim_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Routes: PATTERN is "subscriptions/{}/resourcegroups/{}", compared without regard to case; {} is
 * one segment and goes to call->part in order. "{*}/" at the beginning is any number of segments,
 * also none:
 * "/a/b" or "". VERSIONS: the api-versions that are answered, separated by blanks; NULL: it is not
 * looked at. The array is closed by a NULL method. */
struct route {
    const char *method, *pattern, *versions;
    void (*handle)(struct sim_call *call);
};
/* From FIRST on of the call's segments. NULL: no route. */
const struct route *route_find(struct sim_call *call, const struct route *routes, size_t first);

/* Services; each in its own file. */
void entra_serve(struct sim_call *call);
void arm_serve(struct sim_call *call);
void graph_serve(struct sim_call *call);
void devops_serve(struct sim_call *call);
void devops_issuer_serve(struct sim_call *call); /* vstoken.dev.azure.com: discovery and keys */

#endif
