/* SPDX-License-Identifier: MIT
 * load: asks an HTTPS server the same again and again over connections that stay open, and prints
 * how many replies came in a second, and the median and 99th percentile of the milliseconds that
 * each took.
 *
 *     load [-c CONNECTIONS] [-n CALLS] [-s STATUS] [-H HEADER]... [-d BODY] URL
 *
 * Every connection is opened, and used once, before the clock starts. The proxy is that of the
 * environment, and CURL_CA_BUNDLE says whom to trust. A reply without STATUS ends it: what a server
 * refuses is no measure of it. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <curl/curl.h>

enum { CONNECTIONS_MOST = 1000, CALLS_MOST = 10000000, POLL_MILLISECONDS = 1000 };

struct load {
    long connections, calls, status;
    const char *url, *body;
    struct curl_slist *headers;
    CURLM *multi;
    CURL **handles;
    double *took; /* milliseconds of each call that is done */
    long begun, done;
};

static void die(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static void *need(void *memory)
{
    if (!memory)
        die("out of memory");
    return memory;
}

static size_t drop(char *data, size_t size, size_t count, void *unused)
{
    (void)data, (void)unused;
    return size * count;
}

/* Options of curl are set one by one, and none of these is ever refused but for want of memory. */
#define SET(handle, option, value)                                                                 \
    do {                                                                                           \
        if (curl_easy_setopt((handle), (option), (value)) != CURLE_OK)                             \
            die("curl refuses " #option);                                                          \
    } while (0)

static CURL *make_handle(const struct load *load)
{
    CURL *handle = need(curl_easy_init());
    const char *trusted = getenv("CURL_CA_BUNDLE");

    SET(handle, CURLOPT_URL, load->url);
    SET(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(handle, CURLOPT_HTTPHEADER, load->headers);
    SET(handle, CURLOPT_WRITEFUNCTION, drop);
    SET(handle, CURLOPT_NOSIGNAL, 1L);
    if (trusted)
        SET(handle, CURLOPT_CAINFO, trusted);
    if (load->body)
        SET(handle, CURLOPT_POSTFIELDS, load->body);
    return handle;
}

static void begin(struct load *load, CURL *handle)
{
    if (curl_multi_add_handle(load->multi, handle) != CURLM_OK)
        die("curl takes no more calls");
    load->begun++;
}

static void finish(struct load *load, const CURLMsg *message)
{
    CURL *handle = message->easy_handle;
    curl_off_t microseconds = 0;
    long status = 0;

    if (message->data.result != CURLE_OK)
        die(curl_easy_strerror(message->data.result));
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle, CURLINFO_TOTAL_TIME_T, &microseconds);
    if (status != load->status) {
        fprintf(stderr, "load: status %ld instead of %ld\n", status, load->status);
        exit(1);
    }
    load->took[load->done++] = (double)microseconds / 1e3;
    curl_multi_remove_handle(load->multi, handle);
}

/* Makes CALLS calls, as many at a time as there are connections. */
static void run(struct load *load, long calls)
{
    int running = 0, left;
    CURLMsg *message;
    long i;

    load->begun = load->done = 0;
    for (i = 0; i < load->connections && load->begun < calls; i++)
        begin(load, load->handles[i]);
    while (load->done < calls) {
        if (curl_multi_perform(load->multi, &running) != CURLM_OK)
            die("curl cannot go on");
        while ((message = curl_multi_info_read(load->multi, &left))) {
            CURL *handle = message->easy_handle;

            finish(load, message);
            if (load->begun < calls)
                begin(load, handle);
        }
        if (load->done < calls)
            curl_multi_poll(load->multi, NULL, 0, POLL_MILLISECONDS, NULL);
    }
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;

    return (a > b) - (a < b);
}

static void measure(struct load *load)
{
    double start;

    run(load, load->connections); /* opens them */
    start = now();
    run(load, load->calls);
    printf("%.0f", (double)load->calls / (now() - start));
    qsort(load->took, (size_t)load->calls, sizeof *load->took, compare);
    printf(" %.3f %.3f\n", load->took[load->calls / 2], load->took[load->calls * 99 / 100]);
}

static long number(const char *text, long most)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (*end || value < 1 || value > most)
        die("not a number, or too large a one");
    return value;
}

static bool read_options(struct load *load, int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "c:n:s:H:d:")) != -1) {
        if (option == 'c')
            load->connections = number(optarg, CONNECTIONS_MOST);
        else if (option == 'n')
            load->calls = number(optarg, CALLS_MOST);
        else if (option == 's')
            load->status = number(optarg, 599);
        else if (option == 'H')
            load->headers = need(curl_slist_append(load->headers, optarg));
        else if (option == 'd')
            load->body = optarg;
        else
            return false;
    }
    load->url = argv[optind];
    return optind + 1 == argc;
}

int main(int argc, char **argv)
{
    struct load load = {.connections = 1, .calls = 1000, .status = 200};
    long i, most;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !read_options(&load, argc, argv))
        die("usage: load [-c CONNECTIONS] [-n CALLS] [-s STATUS] [-H HEADER]... [-d BODY] URL");
    most = load.calls > load.connections ? load.calls : load.connections;
    load.took = need(calloc((size_t)most, sizeof *load.took));
    load.handles = need(calloc((size_t)load.connections, sizeof *load.handles));
    load.multi = need(curl_multi_init());
    curl_multi_setopt(load.multi, CURLMOPT_MAXCONNECTS, load.connections);
    for (i = 0; i < load.connections; i++)
        load.handles[i] = make_handle(&load);
    measure(&load);
    for (i = 0; i < load.connections; i++)
        curl_easy_cleanup(load.handles[i]);
    curl_multi_cleanup(load.multi);
    curl_slist_free_all(load.headers);
    curl_global_cleanup();
    free(load.handles);
    free(load.took);
    return 0;
}
