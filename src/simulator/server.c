/* SPDX-License-Identifier: MIT
 * The server: TLS and HTTP of the connections that the proxy hands on; the only user of
 * libmicrohttpd. */
#include "simulator/server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include <microhttpd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/strbuf.h"
#include "simulator/call.h"
#include "simulator/proxy.h"

enum { HOSTS = 32, HEADERS = 100, IDLE_SECONDS = 120, REQUEST_MEMORY = 64 * 1024 };

struct server {
    struct world *world;
    struct keys *keys;
    struct proxy *proxy;
    struct MHD_Daemon *daemon;
    observer *tell;
    void *to;
    struct trouble trouble;
    pthread_mutex_t telling;
    atomic_uint clients;
};

/* A request on its way in. */
struct upload {
    struct arena *arena;
    const char *target;
    struct strbuf body;
    struct timespec started;
    bool begun;
};

static void tell(struct server *server, const struct observation *seen)
{
    if (!server->tell)
        return;
    pthread_mutex_lock(&server->telling);
    server->tell(server->to, seen);
    pthread_mutex_unlock(&server->telling);
}

/* Called first, with the target as it was sent. */
static void *open_upload(void *unused, const char *target, struct MHD_Connection *connection)
{
    struct upload *upload = xrealloc(NULL, 1, sizeof *upload);

    (void)unused, (void)connection;
    memset(upload, 0, sizeof *upload);
    upload->arena = arena_new();
    upload->target = arena_strdup(upload->arena, target);
    strbuf_init(&upload->body, LIMIT_CALL_BODY);
    clock_gettime(CLOCK_MONOTONIC, &upload->started);
    return upload;
}

static void close_upload(void *unused, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct upload *upload = *context;

    (void)unused, (void)connection, (void)why;
    if (!upload)
        return;
    strbuf_clear(&upload->body);
    arena_free(upload->arena);
    free(upload);
    *context = NULL;
}

struct header_list {
    struct arena *arena;
    struct call_header *items;
    size_t count;
    bool too_many;
};

static enum MHD_Result take_header(void *to, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct header_list *list = to;
    struct call_header header = {name, value ? value : ""};

    (void)kind;
    if (list->count < HEADERS)
        ARENA_PUSH(list->arena, list->items, list->count, header);
    else
        list->too_many = true;
    return MHD_YES;
}

/* The simulated host that the client means: the name in TLS and the Host header must agree. */
static const struct host *meant_host(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    char asked[256];
    size_t len;

    if (!info || !host || !keys_asked_name(info->tls_session, asked, sizeof asked))
        return NULL;
    len = strcspn(host, ":");
    if (strlen(asked) != len || strncasecmp(asked, host, len) != 0)
        return NULL;
    return host_find(asked);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, const struct sim_call *call)
{
    /* The reply lives until close_upload. */
    union {
        const char *text;
        void *data;
    } reply = {.text = call->reply};
    struct MHD_Response *response =
        MHD_create_response_from_buffer(call->reply_len, reply.data, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_NO;
    size_t i;

    if (!response)
        return MHD_NO;
    if (call->reply_len && call->content_type)
        MHD_add_response_header(response, "Content-Type", call->content_type);
    for (i = 0; i < call->n_reply_headers; i++)
        MHD_add_response_header(response, call->reply_headers[i].name,
                                call->reply_headers[i].value);
    result = MHD_queue_response(connection, (unsigned)call->status, response);
    MHD_destroy_response(response);
    return result;
}

static double milliseconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e3 +
           (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

static void tell_of(struct server *server, const struct upload *upload, const struct sim_call *call)
{
    const struct observation seen = {
        .host = call->host->name,
        .method = call->method,
        .target = call->target,
        .who = call->caller.name ? call->caller.name : "",
        .body = upload->body.data,
        .code = call->code ? call->code : "",
        .status = call->status,
        .at = world_now(),
        .milliseconds = milliseconds_since(&upload->started),
        .write = call_is_write(call->method),
    };

    tell(server, &seen);
}

/* Refusals of the server itself, before any service is asked. */
static bool refuse(struct sim_call *call, const struct upload *upload,
                   const struct header_list *headers)
{
    if (headers->too_many)
        call_reply_text(call, 431, "text/plain", "there are too many headers\n");
    else if (strlen(call->target) > LIMIT_CALL_TARGET)
        call_reply_text(call, 414, "text/plain", "the address is too long\n");
    else if (upload->body.overflow)
        call_reply_text(call, 413, "text/plain", "the body is too large\n");
    return call->status != 0;
}

/* Breaks the connection as a network does: with a reset, not with a farewell. */
static enum MHD_Result break_off(struct MHD_Connection *connection)
{
    const struct linger none = {.l_onoff = 1, .l_linger = 0};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    if (info)
        setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    return MHD_NO;
}

/* Serves a call with the trouble that is ordered. False: the connection breaks. */
static bool serve(const struct trouble *trouble, struct sim_call *call)
{
    if (trouble->before && !trouble->before(trouble->to, call))
        return false;
    call_dispatch(call);
    return !trouble->after || trouble->after(trouble->to, call);
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
                              struct upload *upload, const char *method)
{
    static const struct host nobody = {"", SERVICE_COUNT, NULL};
    const struct host *host = meant_host(connection);
    struct header_list headers = {.arena = upload->arena};
    struct sim_call call = {.arena = upload->arena,
                            .world = server->world,
                            .keys = server->keys,
                            .host = host ? host : &nobody,
                            .method = method,
                            .target = upload->target,
                            .body = upload->body.data,
                            .body_len = upload->body.len};
    bool whole = true;

    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &headers);
    call.headers = headers.items;
    call.n_headers = headers.count;
    if (!host)
        call_reply_text(&call, 421, "text/plain", "the names in TLS and in Host must agree\n");
    else if (!refuse(&call, upload, &headers))
        whole = serve(&server->trouble, &call);
    tell_of(server, upload, &call);
    return whole ? send_reply(connection, &call) : break_off(connection);
}

static enum MHD_Result handle(void *to, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **context)
{
    struct upload *upload = *context;

    (void)url, (void)version;
    if (!upload)
        return MHD_NO;
    if (!upload->begun) { /* the head alone: a body may follow */
        upload->begun = true;
        return MHD_YES;
    }
    if (*size) {
        strbuf_add(&upload->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return answer(to, connection, upload, method);
}

/* From the proxy */

/* The bound is ours: libmicrohttpd locks itself out when a connection is handed to it beyond its
 * own. */
static bool admit(void *to)
{
    struct server *server = to;

    if (atomic_fetch_add(&server->clients, 1) < LIMIT_PROXY_CLIENTS)
        return true;
    atomic_fetch_sub(&server->clients, 1);
    return false;
}

static void dismiss(void *to)
{
    struct server *server = to;

    atomic_fetch_sub(&server->clients, 1);
}

static void note_connection(void *to, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode what)
{
    (void)connection, (void)context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED)
        dismiss(to);
}

static void take_connection(void *to, int fd)
{
    struct server *server = to;

    if (MHD_add_connection(server->daemon, fd, NULL, 0) != MHD_YES) /* it has closed it */
        dismiss(server);
}

static void note_refusal(void *to, const char *method, const char *host)
{
    const struct observation seen = {.refused = true,
                                     .host = host,
                                     .method = method,
                                     .target = "",
                                     .who = "",
                                     .body = "",
                                     .code = "",
                                     .status = 403,
                                     .at = world_now(),
                                     .write = false};

    tell(to, &seen);
}

static bool start_daemon(struct server *server)
{
    const unsigned flags = MHD_USE_TLS | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_THREAD_PER_CONNECTION |
                           MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC;

    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_HTTPS_MEM_KEY,
        keys_server_key_pem(server->keys), MHD_OPTION_HTTPS_MEM_CERT, keys_server_pem(server->keys),
        MHD_OPTION_URI_LOG_CALLBACK, open_upload, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        note_connection, server, MHD_OPTION_NOTIFY_COMPLETED, close_upload, NULL,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)REQUEST_MEMORY, MHD_OPTION_CONNECTION_LIMIT, 4U * LIMIT_PROXY_CLIENTS,
        MHD_OPTION_END);
    return server->daemon != NULL;
}

struct server *server_start(struct world *world, observer *tell_whom, void *to,
                            const char **ret_why)
{
    struct server *server = xrealloc(NULL, 1, sizeof *server);
    const struct proxy_events events = {server, admit, dismiss, take_connection, note_refusal};
    const char *names[HOSTS] = {NULL};
    size_t i;

    for (i = 0; i < HOSTS - 1 && host_at(i); i++)
        names[i] = host_at(i)->name;
    *server = (struct server){.world = world, .tell = tell_whom, .to = to};
    pthread_mutex_init(&server->telling, NULL);
    server->keys = keys_new(names);
    if (!server->keys)
        *ret_why = "GnuTLS cannot make keys and certificates";
    else if (!start_daemon(server))
        *ret_why = "the HTTPS server does not start";
    else if (!(server->proxy = proxy_start(&events)))
        *ret_why = "no port of 127.0.0.1 can be had";
    else
        return server;
    server_stop(server);
    return NULL;
}

void server_make_trouble(struct server *server, const struct trouble *trouble)
{
    server->trouble = *trouble;
}

unsigned server_port(const struct server *server)
{
    return proxy_port(server->proxy);
}

const struct keys *server_keys(const struct server *server)
{
    return server->keys;
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    world_wake(server->world);
    proxy_stop(server->proxy);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    keys_free(server->keys);
    pthread_mutex_destroy(&server->telling);
    free(server);
}
