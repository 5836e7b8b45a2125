/* SPDX-License-Identifier: MIT
 * One HTTPS request and its reply; the only user of libcurl. */
#include "remote/transfer.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdint.h>
#include <string.h>

#include <curl/curl.h>

#include "base/strbuf.h"

enum { SECONDS = 30 }; /* unless somebody says otherwise */

#define USER_AGENT "azdo-wif/" PACKAGE_VERSION

/* Options of curl are set one by one; whether one was refused is looked at once. */
#define SET(handle, failed, option, value)                                                         \
    do {                                                                                           \
        if (curl_easy_setopt((handle), (option), (value)) != CURLE_OK)                             \
            (failed) = true;                                                                       \
    } while (0)

static size_t take(char *data, size_t size, size_t count, void *to)
{
    struct strbuf *body = to;

    strbuf_add(body, data, size * count);
    return body->overflow ? 0 : size * count;
}

/* Headers */

static void add_header(struct curl_slist **headers, const char *text)
{
    struct curl_slist *longer = curl_slist_append(*headers, text);

    if (!longer)
        out_of_memory();
    *headers = longer;
}

/* A line end within a value would begin another header. */
static bool is_header_text(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

static struct curl_slist *make_headers(struct arena *arena, const struct transfer *transfer)
{
    struct curl_slist *headers = NULL;

    add_header(&headers, "Accept: application/json");
    add_header(&headers, "Expect:"); /* no asking before a large body */
    if (transfer->token)
        add_header(&headers, arena_printf(arena, "Authorization: Bearer %s", transfer->token));
    if (transfer->content_type)
        add_header(&headers, arena_printf(arena, "Content-Type: %s", transfer->content_type));
    else
        add_header(&headers, "Content-Type:"); /* curl would say that it is a form */
    return headers;
}

/* Options */

/* What is reached, and how: nothing of it may follow from a server or from the environment. */
static bool set_route(CURL *curl, const struct transfer *transfer)
{
    bool failed = false;
    union {
        const char *text;
        void *data;
    } ca = {.text = transfer->ca_pem};
    struct curl_blob blob = {ca.data, 0, CURL_BLOB_COPY};

    SET(curl, failed, CURLOPT_URL, transfer->url);
    SET(curl, failed, CURLOPT_PATH_AS_IS, 1L);
    SET(curl, failed, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(curl, failed, CURLOPT_PROTOCOLS_STR, "https");
    SET(curl, failed, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    SET(curl, failed, CURLOPT_FOLLOWLOCATION, 0L);
    SET(curl, failed, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(curl, failed, CURLOPT_PROXY, transfer->proxy ? transfer->proxy : "");
    SET(curl, failed, CURLOPT_NOPROXY, "");
    SET(curl, failed, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    SET(curl, failed, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(curl, failed, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(curl, failed, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(curl, failed, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!transfer->ca_pem)
        return !failed;
    blob.len = strlen(transfer->ca_pem);
    SET(curl, failed, CURLOPT_CAINFO, (char *)NULL);
    SET(curl, failed, CURLOPT_CAPATH, (char *)NULL); /* counts beside the other two */
    SET(curl, failed, CURLOPT_CAINFO_BLOB, &blob);
    return !failed;
}

static bool set_request(CURL *curl, const struct transfer *transfer)
{
    static const char *const with_body[] = {"POST", "PUT", "PATCH"};
    const char *body = transfer->body;
    bool failed = false;
    size_t i;

    for (i = 0; i < sizeof with_body / sizeof *with_body; i++)
        if (!body && !strcmp(transfer->method, with_body[i]))
            body = ""; /* so that its length is sent */
    if (body) {
        SET(curl, failed, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
        SET(curl, failed, CURLOPT_POSTFIELDS, body);
    } else if (!strcmp(transfer->method, "HEAD")) {
        SET(curl, failed, CURLOPT_NOBODY, 1L);
    }
    SET(curl, failed, CURLOPT_CUSTOMREQUEST, transfer->method);
    SET(curl, failed, CURLOPT_USERAGENT, USER_AGENT);
    return !failed;
}

static bool set_bounds(CURL *curl, const struct transfer *transfer, struct strbuf *body, char *why)
{
    long seconds = transfer->timeout ? (long)transfer->timeout : SECONDS;
    bool failed = false;

    SET(curl, failed, CURLOPT_NOSIGNAL, 1L); /* else a slow name server ends the process */
    SET(curl, failed, CURLOPT_TIMEOUT, seconds);
    SET(curl, failed, CURLOPT_CONNECTTIMEOUT, seconds);
    SET(curl, failed, CURLOPT_ERRORBUFFER, why);
    SET(curl, failed, CURLOPT_WRITEFUNCTION, take);
    SET(curl, failed, CURLOPT_WRITEDATA, body);
    return !failed;
}

static void perform(struct arena *arena, CURL *curl, const struct strbuf *body, const char *error,
                    struct transfer_reply *reply)
{
    CURLcode code = curl_easy_perform(curl);
    curl_off_t microseconds = 0;
    long status = 0;

    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &microseconds);
    reply->milliseconds = (double)microseconds / 1000;
    if (body->overflow) {
        reply->why = arena_printf(arena, "the reply is larger than %zu bytes", body->max);
    } else if (code != CURLE_OK) {
        reply->why = arena_strdup(arena, *error ? error : curl_easy_strerror(code));
    } else {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        reply->status = (int)status;
        reply->body = arena_strndup(arena, body->data, body->len);
        reply->len = body->len;
    }
}

struct transfer_reply transfer_run(struct arena *arena, const struct transfer *transfer, size_t max)
{
    struct transfer_reply reply = {.why = "the request cannot be sent", .body = ""};
    struct curl_slist *headers;
    char error[CURL_ERROR_SIZE] = "";
    struct strbuf body;
    bool failed = false;
    CURL *curl;

    if ((transfer->token && !is_header_text(transfer->token)) ||
        (transfer->content_type && !is_header_text(transfer->content_type))) {
        reply.why = "a header would hold characters that are not allowed there";
        return reply;
    }
    curl = curl_easy_init();
    if (!curl)
        return reply;
    strbuf_init(&body, max);
    headers = make_headers(arena, transfer);
    SET(curl, failed, CURLOPT_HTTPHEADER, headers);
    if (!failed && set_route(curl, transfer) && set_request(curl, transfer) &&
        set_bounds(curl, transfer, &body, error))
        perform(arena, curl, &body, error, &reply);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    strbuf_clear(&body);
    return reply;
}

const char *transfer_escape(struct arena *arena, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static const char digits[] = "0123456789ABCDEF";
    size_t len = strlen(text), i, to = 0;
    char *out;

    if (len > (SIZE_MAX - 1) / 3)
        out_of_memory();
    out = arena_alloc(arena, 3 * len + 1, 1);
    for (i = 0; i < len; i++) {
        if (strchr(plain, text[i])) {
            out[to++] = text[i];
            continue;
        }
        out[to++] = '%';
        out[to++] = digits[(unsigned char)text[i] >> 4];
        out[to++] = digits[(unsigned char)text[i] & 15];
    }
    return out;
}
