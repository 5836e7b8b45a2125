/* SPDX-License-Identifier: MIT
 * The proxy: one thread that accepts, and one for each client until it is handed on. */
#include "simulator/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "simulator/call.h"

enum { HEAD_SECONDS = 10, BACKLOG = 128 };

struct proxy {
    struct proxy_events events;
    int listening;
    int stop[2]; /* a pipe: its reading end becomes readable, for all threads, when it is time to
                    end */
    unsigned port;
    pthread_t acceptor;
    pthread_mutex_t lock;
    pthread_cond_t left;
    unsigned clients;
};

struct client {
    struct proxy *proxy;
    int fd;
};

/* Waits until FD can be read. False when it is time to end, or for too long nothing came. */
static bool readable(const struct proxy *proxy, int fd, int milliseconds)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = proxy->stop[0], .events = POLLIN}};
    int ready;

    do
        ready = poll(fds, 2, milliseconds);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && !fds[1].revents;
}

/* Reads a request's head and not a byte behind it, which is the beginning of TLS. */
static bool read_head(const struct proxy *proxy, int fd, char head[LIMIT_PROXY_HEAD])
{
    static const char end[] = "\r\n\r\n";
    size_t len = 0;

    while (len < LIMIT_PROXY_HEAD - 1 && readable(proxy, fd, HEAD_SECONDS * 1000)) {
        size_t room = LIMIT_PROXY_HEAD - 1 - len, before = len < 3 ? 0 : len - 3, take;
        ssize_t n = recv(fd, head + len, room, MSG_PEEK);
        char *found;

        if (n <= 0)
            return false;
        head[len + (size_t)n] = '\0';
        if (memchr(head + len, '\0', (size_t)n))
            return false;
        found = strstr(head + before, end);
        take = found ? (size_t)(found - head) + strlen(end) - len : (size_t)n;
        if (recv(fd, head + len, take, 0) != (ssize_t)take)
            return false;
        len += take;
        head[len] = '\0';
        if (found)
            return true;
    }
    return false;
}

static bool answer(int fd, const char *status, const char *text)
{
    char reply[512];
    int len = snprintf(reply, sizeof reply,
                       "HTTP/1.1 %s\r\n%s%zu\r\nConnection: close\r\n"
                       "Content-Type: text/plain\r\n\r\n%s",
                       status, "Content-Length: ", strlen(text), text);

    return send(fd, reply, (size_t)len, MSG_NOSIGNAL) == len;
}

/* Splits "METHOD HOST:PORT HTTP/1.1" or "METHOD http://HOST:PORT/PATH HTTP/1.1". What is not like
 * that leaves HOST empty. */
static void read_request_line(char *head, const char **ret_method, const char **ret_host,
                              const char **ret_port)
{
    char *method = head, *host, *end, *colon;

    *ret_method = *ret_host = *ret_port = "";
    end = method + strcspn(method, " \r\n");
    if (*end != ' ')
        return;
    *end = '\0';
    host = end + 1;
    host[strcspn(host, " \r\n")] = '\0';
    end = strstr(host, "://");
    host = end ? end + 3 : host;
    host[strcspn(host, "/?#")] = '\0';
    end = strrchr(host, '@');
    host = end ? end + 1 : host;
    colon = *host == '[' ? NULL : strrchr(host, ':');
    if (colon)
        *colon++ = '\0';
    *ret_method = method;
    *ret_host = host;
    *ret_port = colon ? colon : "80";
}

/* Returns whether FD was handed on. */
static bool serve_client(const struct proxy *proxy, int fd)
{
    static const char connected[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    char head[LIMIT_PROXY_HEAD];
    const char *method, *host, *port;

    if (!read_head(proxy, fd, head)) {
        answer(fd, "400 Bad Request", "azdo-wif: this is not a request to a proxy\n");
        return false;
    }
    read_request_line(head, &method, &host, &port);
    if (!*host) {
        answer(fd, "400 Bad Request", "azdo-wif: this is not a request to a proxy\n");
        return false;
    }
    if (!strcmp(method, "CONNECT") && !strcmp(port, "443") && host_find(host)) {
        if (!proxy->events.admit(proxy->events.to)) {
            answer(fd, "503 Service Unavailable", "azdo-wif: too many clients at a time\n");
            return false;
        }
        if (send(fd, connected, strlen(connected), MSG_NOSIGNAL) != (ssize_t)strlen(connected)) {
            proxy->events.dismiss(proxy->events.to);
            return false;
        }
        proxy->events.connected(proxy->events.to, fd);
        return true;
    }
    proxy->events.refused(proxy->events.to, method, host);
    answer(fd, "403 Forbidden",
           "azdo-wif: this host is not simulated, and nothing else is reached\n");
    return false;
}

/* Closes FD so that what was sent last arrives: unread input would make the kernel throw it away.
 */
static void close_gently(int fd)
{
    char rest[1024];

    shutdown(fd, SHUT_WR);
    while (recv(fd, rest, sizeof rest, MSG_DONTWAIT) > 0)
        continue;
    close(fd);
}

static void *run_client(void *argument)
{
    struct client *client = argument;
    struct proxy *proxy = client->proxy;

    if (!serve_client(proxy, client->fd))
        close_gently(client->fd);
    free(client);
    pthread_mutex_lock(&proxy->lock);
    proxy->clients--;
    pthread_cond_signal(&proxy->left);
    pthread_mutex_unlock(&proxy->lock);
    return NULL;
}

/* One more client, unless there are too many. */
static bool enter(struct proxy *proxy)
{
    bool room;

    pthread_mutex_lock(&proxy->lock);
    room = proxy->clients < LIMIT_PROXY_CLIENTS;
    proxy->clients += room;
    pthread_mutex_unlock(&proxy->lock);
    return room;
}

static void take_client(struct proxy *proxy, int fd)
{
    struct client *client;
    pthread_attr_t attributes;
    pthread_t thread;
    int on = 1, error;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!enter(proxy)) {
        answer(fd, "503 Service Unavailable", "azdo-wif: too many clients at a time\n");
        close(fd);
        return;
    }
    client = xrealloc(NULL, 1, sizeof *client);
    *client = (struct client){proxy, fd};
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    error = pthread_create(&thread, &attributes, run_client, client);
    pthread_attr_destroy(&attributes);
    if (!error)
        return;
    close(fd);
    free(client);
    pthread_mutex_lock(&proxy->lock);
    proxy->clients--;
    pthread_mutex_unlock(&proxy->lock);
}

static void *run_acceptor(void *argument)
{
    static const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
    struct proxy *proxy = argument;

    while (readable(proxy, proxy->listening, -1)) {
        int fd = accept4(proxy->listening, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0)
            take_client(proxy, fd);
        else if (errno == EMFILE || errno == ENFILE) /* until some are closed */
            nanosleep(&moment, NULL);
    }
    return NULL;
}

static bool start_listening(struct proxy *proxy)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct sockaddr *any = (struct sockaddr *)&address;
    socklen_t size = sizeof address;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    proxy->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (proxy->listening < 0 || bind(proxy->listening, any, size) ||
        listen(proxy->listening, BACKLOG) || getsockname(proxy->listening, any, &size))
        return false;
    proxy->port = ntohs(address.sin_port);
    return true;
}

static void release(struct proxy *proxy)
{
    int i, fds[] = {proxy->listening, proxy->stop[0], proxy->stop[1]};

    for (i = 0; i < 3; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    pthread_mutex_destroy(&proxy->lock);
    pthread_cond_destroy(&proxy->left);
    free(proxy);
}

struct proxy *proxy_start(const struct proxy_events *events)
{
    struct proxy *proxy = xrealloc(NULL, 1, sizeof *proxy);
    int error;

    memset(proxy, 0, sizeof *proxy);
    proxy->events = *events;
    proxy->listening = proxy->stop[0] = proxy->stop[1] = -1;
    pthread_mutex_init(&proxy->lock, NULL);
    pthread_cond_init(&proxy->left, NULL);
    if (!start_listening(proxy) || pipe2(proxy->stop, O_CLOEXEC)) {
        error = errno;
    } else {
        error = pthread_create(&proxy->acceptor, NULL, run_acceptor, proxy);
        if (!error)
            return proxy;
    }
    release(proxy);
    errno = error;
    return NULL;
}

unsigned proxy_port(const struct proxy *proxy)
{
    return proxy->port;
}

void proxy_stop(struct proxy *proxy)
{
    if (!proxy)
        return;
    close(proxy->stop[1]); /* end of file at the other end: all threads see it */
    proxy->stop[1] = -1;
    pthread_join(proxy->acceptor, NULL);
    pthread_mutex_lock(&proxy->lock);
    while (proxy->clients)
        pthread_cond_wait(&proxy->left, &proxy->lock);
    pthread_mutex_unlock(&proxy->lock);
    release(proxy);
}
