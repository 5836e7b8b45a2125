/* SPDX-License-Identifier: MIT
 * A pipeline job that signs in: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-
 * grant-flow, third case, with the ID token that the agent's tasks ask for. */
#include "rehearse/job.h"

#include <string.h>
#include <strings.h>

#include "encode/encode.h"
#include "format/json.h"
#include "remote/transfer.h"
#include "simulator/token.h"

enum {
    REPLY_MAX = 4 * 1024 * 1024,
    TEXT_MAX = 300, /* of a message of a service */
    URL_MAX = 64 * 1024,
};

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define FORM           "application/x-www-form-urlencoded"

struct run {
    struct arena *arena;
    const struct job *job;
    struct job_result result;
    const char *id_token, *access_token;
};

/* Texts for people */

/* The first line of TEXT, of at most TEXT_MAX bytes, ended between two characters. Control
 * characters become blanks: within this program some of them mean something. */
static const char *one_line(struct arena *arena, const char *text)
{
    size_t len = strcspn(text, "\r\n"), i;
    char *line;

    if (len > TEXT_MAX) {
        len = TEXT_MAX;
        while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    line = arena_strndup(arena, text, len);
    for (i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = ' ';
    return line;
}

/* For json_free; NULL when the body is no JSON. */
static json *read_body(struct arena *arena, const struct transfer_reply *reply)
{
    struct diags unread = DIAGS_INIT(arena);

    return reply->status ? json_parse("the reply", reply->body, reply->len, &unread) : NULL;
}

/* Code and message of an error: {"error":{"code","message"}} of Resource Manager, {"error",
 * "error_description"} of Entra, {"typeKey","message"} of Azure DevOps. */
static const char *error_text(struct arena *arena, const struct transfer_reply *reply,
                              const json *body)
{
    const json *error = json_member(body, "error");
    const char *code = json_text_of(body, "error"), *message;

    if (!reply->status)
        return one_line(arena, reply->why);
    if (!body)
        return arena_printf(arena, "HTTP %d, and the reply is not JSON", reply->status);
    if (!*code)
        code = json_text_of(error, "code");
    if (!*code)
        code = json_text_of(body, "typeKey");
    message = json_text_of(body, "error_description");
    if (!*message)
        message = json_text_of(error, "message");
    if (!*message)
        message = json_text_of(body, "message");
    return one_line(arena, arena_printf(arena, "HTTP %d%s%s%s%s", reply->status, *code ? " " : "",
                                        one_line(arena, code), *message ? ": " : "", message));
}

static bool note(struct run *run, const char *what, int status, bool good, const char *text)
{
    struct job_step step = {what, status, good, text};

    ARENA_PUSH(run->arena, run->result.steps, run->result.n_steps, step);
    return good;
}

/* Requests */

static struct transfer_reply ask(struct run *run, const char *method, const char *url,
                                 const char *token, const char *type, const char *body)
{
    const struct transfer transfer = {.method = method,
                                      .url = url,
                                      .token = token,
                                      .content_type = type,
                                      .body = body,
                                      .proxy = run->job->proxy,
                                      .ca_pem = run->job->ca_pem};

    return transfer_run(run->arena, &transfer, REPLY_MAX);
}

/* Address of PATH ("/subscriptions/...") in Resource Manager, percent-encoded by segments, and what
 * stands behind it. */
static const char *resource_url(struct run *run, const char *path, const char *behind)
{
    struct strbuf url;
    const char *text;

    strbuf_init(&url, URL_MAX);
    strbuf_adds(&url, run->job->resource_manager);
    for (; *path; path += strcspn(path, "/")) {
        path += strspn(path, "/");
        if (url.len && url.data[url.len - 1] != '/')
            strbuf_addc(&url, '/');
        encode_url_path(&url, arena_strndup(run->arena, path, strcspn(path, "/")));
    }
    strbuf_adds(&url, behind);
    if (url.overflow)
        BUG("an address of more than %d bytes", URL_MAX);
    text = arena_strndup(run->arena, url.data, url.len);
    strbuf_clear(&url);
    return text;
}

/* The ID token */

/* The claim KEY; of a list its first text. */
static const char *claim(struct arena *arena, const json *claims, const char *key)
{
    char unused[JSON_NUMBER_MAX];
    const json *member = json_member(claims, key);

    if (member && json_kind(member) == JSON_ARRAY)
        member = json_first(member);
    return member && json_kind(member) == JSON_TEXT
               ? arena_strdup(arena, json_as_text(member, unused))
               : "";
}

static bool take_id_token(struct run *run, const char *token)
{
    struct arena *arena = run->arena;
    const char *kid;
    json *claims = token_read(arena, token, &kid);

    if (!claims)
        return false;
    run->id_token = arena_strdup(arena, token);
    run->result.issuer = claim(arena, claims, "iss");
    run->result.subject = claim(arena, claims, "sub");
    run->result.audience = claim(arena, claims, "aud");
    json_free(claims);
    return true;
}

static bool get_id_token(struct run *run)
{
    const struct job *job = run->job;
    const char *url =
        arena_printf(run->arena, "%s?api-version=7.1&serviceConnectionId=%s", job->request_uri,
                     transfer_escape(run->arena, job->connection_id));
    struct transfer_reply reply = ask(run, "POST", url, job->system_token, "application/json", "");
    json *body = read_body(run->arena, &reply);
    const char *text;
    bool good = false;

    if (reply.status != 200 || !body)
        text = error_text(run->arena, &reply, body);
    else if (!(good = take_id_token(run, json_text_of(body, "oidcToken"))))
        text = "the reply has no ID token";
    else
        text = one_line(run->arena, arena_printf(run->arena, "for %s", run->result.subject));
    json_free(body);
    return note(run, "ID token", reply.status, good, text);
}

/* The exchange */

static const char *exchange_form(struct run *run)
{
    const struct job *job = run->job;
    struct arena *arena = run->arena;
    /* The address has its slash already; with two of them the token would be for another audience.
     */
    const char *scope = arena_printf(arena, "%s.default", job->resource_manager);

    return arena_printf(arena,
                        "grant_type=client_credentials&client_id=%s&scope=%s"
                        "&client_assertion_type=%s&client_assertion=%s",
                        transfer_escape(arena, job->client_id), transfer_escape(arena, scope),
                        transfer_escape(arena, ASSERTION_TYPE),
                        transfer_escape(arena, run->id_token));
}

static bool exchange(struct run *run)
{
    const char *url = arena_printf(run->arena, "%s/%s/oauth2/v2.0/token", run->job->login,
                                   transfer_escape(run->arena, run->job->tenant_id));
    struct transfer_reply reply = ask(run, "POST", url, NULL, FORM, exchange_form(run));
    json *body = read_body(run->arena, &reply);
    const char *token = json_text_of(body, "access_token"), *text;
    bool good = reply.status == 200 && *token;

    if (good)
        run->access_token = arena_strdup(run->arena, token);
    if (reply.status == 200 && body)
        text = good ? "the identity has signed in" : "the reply has no access token";
    else
        text = error_text(run->arena, &reply, body);
    json_free(body);
    return note(run, "token exchange", reply.status, good, text);
}

/* Scopes */

static bool read_role_scope(struct run *run, const char *scope)
{
    const char *url = resource_url(
        run, scope, "/providers/Microsoft.Authorization/permissions?api-version=2022-04-01");
    struct transfer_reply reply = ask(run, "GET", url, run->access_token, NULL, NULL);
    json *body = read_body(run->arena, &reply);
    const json *list = json_member(body, "value");
    bool listed = reply.status == 200 && list && json_kind(list) == JSON_ARRAY;
    bool good = listed && json_count(list) > 0;
    const char *text;

    if (good)
        text = "the identity has rights there";
    else if (listed)
        text = "the identity has no rights there";
    else if (reply.status == 200 && body)
        text = "the reply has no list of permissions";
    else
        text = error_text(run->arena, &reply, body);
    json_free(body);
    return note(run, arena_printf(run->arena, "role at %s", scope), reply.status, good, text);
}

/* 403 is no failure where nothing that is described allows more. */
static bool read_target(struct run *run, bool roles_good)
{
    static const char management[] = "/providers/Microsoft.Management/managementGroups/";
    const char *target = run->job->target;
    bool is_group = !strncasecmp(target, management, sizeof management - 1);
    const char *url =
        resource_url(run, target, is_group ? "?api-version=2023-04-01" : "?api-version=2022-12-01");
    struct transfer_reply reply = ask(run, "GET", url, run->access_token, NULL, NULL);
    json *body = read_body(run->arena, &reply);
    bool good = reply.status == 200 && body;
    const char *text;

    if (good) {
        text = "the identity can read it";
    } else if (reply.status == 403 && !*run->job->scopes) {
        text = "no role is described: nothing can be read, and nothing was promised";
        good = true;
    } else if (reply.status == 403 && roles_good) {
        text = "the described roles do not include reading the target itself";
        good = true;
    } else {
        text = error_text(run->arena, &reply, body);
    }
    json_free(body);
    return note(run, arena_printf(run->arena, "target %s", target), reply.status, good, text);
}

static bool read_scopes(struct run *run)
{
    const char *const *scope;
    bool good = true;

    for (scope = run->job->scopes; *scope; scope++)
        good = read_role_scope(run, *scope) && good;
    return read_target(run, good) && good;
}

struct job_result job_run(struct arena *arena, const struct job *job)
{
    struct run run = {
        .arena = arena, .job = job, .result = {.issuer = "", .subject = "", .audience = ""}};

    run.result.good = get_id_token(&run) && exchange(&run) && read_scopes(&run);
    return run.result;
}
