/* SPDX-License-Identifier: MIT
 * Calls: taken apart, given to a service, answered. */
#include "simulator/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "encode/encode.h"
#include "simulator/token.h"
#include "simulator/trouble.h"

static void (*const services[SERVICE_COUNT])(struct sim_call *) = {
    [SERVICE_ENTRA] = entra_serve,
    [SERVICE_ARM] = arm_serve,
    [SERVICE_GRAPH] = graph_serve,
    [SERVICE_DEVOPS] = devops_serve,
    [SERVICE_DEVOPS_ISSUER] = devops_issuer_serve,
};

const char *call_text(struct sim_call *call, const char *format, ...)
{
    const char *text;
    va_list args;

    va_start(args, format);
    text = arena_vprintf(call->arena, format, args);
    va_end(args);
    return text;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* LEN bytes at TEXT without their percent-encoding; NULL when it is broken or hides a NUL. */
static const char *decoded(struct sim_call *call, const char *text, size_t len, bool plus)
{
    char *out = arena_strndup(call->arena, text, len);
    size_t from, to = 0;

    for (from = 0; from < len; from++, to++) {
        out[to] = plus && text[from] == '+' ? ' ' : text[from];
        if (text[from] != '%')
            continue;
        if (len - from < 3 || hex(text[from + 1]) < 0 || hex(text[from + 2]) < 0)
            return NULL;
        out[to] = (char)(hex(text[from + 1]) * 16 + hex(text[from + 2]));
        if (!out[to])
            return NULL;
        from += 2;
    }
    out[to] = '\0';
    return out;
}

static bool split_path(struct sim_call *call, const char *path, size_t len)
{
    size_t at = 0, end;

    for (; at < len; at = end + 1) {
        for (end = at; end < len && path[end] != '/'; end++)
            continue;
        if (end == at)
            continue;
        if (call->n_segments == CALL_SEGMENTS)
            return false;
        call->segments[call->n_segments] = decoded(call, path + at, end - at, false);
        if (!call->segments[call->n_segments++])
            return false;
    }
    return true;
}

static bool split_query(struct sim_call *call, const char *query)
{
    while (*query) {
        size_t len = strcspn(query, "&"), name = strcspn(query, "=&");
        struct call_query parameter = {.name = decoded(call, query, name, true), .value = ""};

        if (name < len)
            parameter.value = decoded(call, query + name + 1, len - name - 1, true);
        if (!parameter.name || !parameter.value || call->n_query >= LIMIT_CALL_PARAMETERS)
            return false;
        if (len)
            ARENA_PUSH(call->arena, call->query, call->n_query, parameter);
        query += len + (query[len] == '&');
    }
    return true;
}

static bool take_apart(struct sim_call *call)
{
    size_t len = strcspn(call->target, "?#");

    return split_path(call, call->target, len) &&
           split_query(call, call->target[len] == '?' ? call->target + len + 1 : "");
}

/* Whose token */

static const char *first_claim(struct sim_call *call, const json *claims, const char *const *names)
{
    for (; *names; names++)
        if (*json_text_of(claims, *names))
            return arena_strdup(call->arena, json_text_of(claims, *names));
    return "";
}

/* The token's claims when its signature is good. Tokens of pipeline jobs are signed by Azure DevOps
 * and say so; no other token of that signer is an access token. */
static json *verified_claims(struct sim_call *call, const char *token)
{
    const char *kid = "";
    json *claims = token_read(call->arena, token, &kid);
    enum signer signer = json_member(claims, "job") ? SIGNER_DEVOPS : SIGNER_ENTRA;

    if (claims && !strcmp(kid, keys_id(call->keys, signer)) &&
        token_verified(call->arena, call->keys, signer, token))
        return claims;
    json_free(claims);
    return NULL;
}

/* Azure DevOps takes an access token as the password of Basic, too: its az extension sends it so.
 * The user's name does not matter. "" when HEADER is nothing like that. */
static const char *password_of(struct sim_call *call, const char *header)
{
    static const char basic[] = "Basic ";
    const char *password = "";
    struct strbuf plain;
    char *text, *at;

    if (strncasecmp(header, basic, strlen(basic)) != 0)
        return "";
    text = arena_strdup(call->arena, header + strlen(basic));
    for (at = text; *at && *at != '='; at++)
        *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at);
    strbuf_init(&plain, LIMIT_CALL_BODY);
    if (base64url_decode(&plain, text, (size_t)(at - text)) && strchr(plain.data, ':'))
        password = arena_strdup(call->arena, strchr(plain.data, ':') + 1);
    strbuf_clear(&plain);
    return password;
}

static void identify_caller(struct sim_call *call, json **ret_claims)
{
    static const char bearer[] = "Bearer ";
    static const char *const names[] = {"upn", "unique_name", "appid", "oid", NULL};
    const char *header = call_header(call, "Authorization");
    struct caller *caller = &call->caller;
    long long now = world_now() / 1000;

    *caller = (struct caller){TOKEN_NONE, "", "", "", "", "", NULL};
    *ret_claims = NULL;
    if (!header || !*header)
        return;
    caller->state = TOKEN_BAD;
    if (!strncasecmp(header, bearer, strlen(bearer)))
        *ret_claims = verified_claims(call, header + strlen(bearer));
    else if (call->host->service == SERVICE_DEVOPS)
        *ret_claims = verified_claims(call, password_of(call, header));
    if (!*ret_claims)
        return;
    caller->claims = *ret_claims;
    caller->tenant_id = json_text_of(caller->claims, "tid");
    caller->object_id = json_text_of(caller->claims, "oid");
    caller->app_id = json_text_of(caller->claims, "appid");
    caller->audience = json_text_of(caller->claims, "aud");
    caller->name = first_claim(call, caller->claims, names);
    caller->state = json_number_of(caller->claims, "exp", 0) <= now ? TOKEN_EXPIRED : TOKEN_GOOD;
    if (json_number_of(caller->claims, "nbf", 0) > now + 300) /* services allow for clocks */
        caller->state = TOKEN_BAD;
}

void call_dispatch(struct sim_call *call)
{
    json *claims = NULL;

    if (!take_apart(call)) {
        call->code = "BadRequest";
        call_reply_text(call, 400, "text/html",
                        "<html><head><title>400 Bad Request</title></head></html>");
        return;
    }
    identify_caller(call, &claims);
    world_lock(call->world);
    if (call->trouble)
        trouble_answer(call);
    else
        services[call->host->service](call);
    world_unlock(call->world);
    if (!call->status)
        call_not_modelled(call, NULL);
    call->caller.claims = NULL;
    json_free(claims);
}

/* Reading */

const char *call_header(const struct sim_call *call, const char *name)
{
    size_t i;

    for (i = 0; i < call->n_headers; i++)
        if (!strcasecmp(call->headers[i].name, name))
            return call->headers[i].value;
    return NULL;
}

const char *call_argument(struct sim_call *call, const char *name)
{
    const char *value = NULL;
    size_t i;

    for (i = 0; i < call->n_query; i++) {
        if (strcasecmp(call->query[i].name, name) != 0)
            continue;
        call->query[i].used = true;
        value = value ? value : call->query[i].value;
    }
    return value;
}

const char *call_unread(struct sim_call *call)
{
    size_t i;

    for (i = 0; i < call->n_query; i++)
        if (!call->query[i].used)
            return call->query[i].name;
    return NULL;
}

bool call_is_write(const char *method)
{
    return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
           strcmp(method, "OPTIONS") != 0;
}

bool call_is_change(const struct host *host, const char *method, const char *target)
{
    return host && call_is_write(method) && host->service != SERVICE_ENTRA &&
           !strstr(target, "/oidctoken?");
}

/* Answering */

void call_reply_header(struct sim_call *call, const char *name, const char *value)
{
    if (call->n_reply_headers == CALL_HEADERS)
        BUG("more than %d headers in a reply", CALL_HEADERS);
    call->reply_headers[call->n_reply_headers++] =
        (struct call_header){name, arena_strdup(call->arena, value)};
}

static void set_reply(struct sim_call *call, int status, const char *content_type, const char *data,
                      size_t len)
{
    if (call->status)
        BUG("a call is answered twice: %s %s", call->method, call->target);
    call->status = status;
    call->content_type = content_type;
    call->reply = status == 204 ? "" : arena_strndup(call->arena, data, len);
    call->reply_len = status == 204 ? 0 : len;
}

void call_reply(struct sim_call *call, int status, json *body)
{
    struct strbuf out;

    strbuf_init(&out, LIMIT_CALL_REPLY);
    if (body)
        json_print_line(&out, body, encode_json_data);
    json_free(body);
    set_reply(call, status, "application/json; charset=utf-8", out.data, out.len);
    strbuf_clear(&out);
}

void call_reply_text(struct sim_call *call, int status, const char *content_type, const char *text)
{
    set_reply(call, status, content_type, text, strlen(text));
}

void call_not_modelled(struct sim_call *call, const char *what)
{
    json *body = json_object(), *error = json_add(body, "error", json_object());

    call->code = "NotModelled";
    json_text(error, "code", call->code);
    json_text(error, "message",
              call_text(call, "The simulator does not model %s%s%s https://%s%s", what ? what : "",
                        what ? " of " : "", call->method, call->host->name, call->target));
    call_reply(call, 501, body);
}

/* Routes */

static bool same_segment(const char *pattern, size_t len, const char *segment)
{
    return !strncasecmp(pattern, segment, len) && !segment[len];
}

/* Matches the segments from FIRST on; the parts go to call->part from N on. */
static bool match_from(struct sim_call *call, const char *pattern, size_t first, size_t n)
{
    for (; *pattern; first++) {
        size_t len = strcspn(pattern, "/");

        if (first >= call->n_segments)
            return false;
        if (len == 2 && !strncmp(pattern, "{}", 2))
            call->part[n++] = call->segments[first];
        else if (!same_segment(pattern, len, call->segments[first]))
            return false;
        pattern += len + (pattern[len] == '/');
    }
    return first == call->n_segments;
}

static size_t pattern_length(const char *pattern)
{
    size_t count = *pattern ? 1 : 0;

    for (; *pattern; pattern++)
        count += *pattern == '/';
    return count;
}

static const char *joined(struct sim_call *call, size_t first, size_t end)
{
    const char *text = "";

    for (; first < end; first++)
        text = call_text(call, "%s/%s", text, call->segments[first]);
    return text;
}

static bool match(struct sim_call *call, const char *pattern, size_t first)
{
    static const char any[] = "{*}/";
    size_t end;

    if (strncmp(pattern, any, strlen(any)) != 0)
        return match_from(call, pattern, first, 0);
    pattern += strlen(any);
    if (call->n_segments < first + pattern_length(pattern))
        return false;
    end = call->n_segments - pattern_length(pattern);
    if (!match_from(call, pattern, end, 1))
        return false;
    call->part[0] = joined(call, first, end);
    return true;
}

const struct route *route_find(struct sim_call *call, const struct route *routes, size_t first)
{
    for (; routes->method; routes++)
        if (!strcmp(routes->method, call->method) && match(call, routes->pattern, first))
            return routes;
    return NULL;
}
