/* SPDX-License-Identifier: MIT
 * The token endpoint of the simulated Microsoft Entra: who asks by which grant, and what is handed
 * out. */
#include "simulator/entra.h"

#include <string.h>
#include <strings.h>

#include "simulator/token.h"

/* Tokens */

long long entra_token_life(const struct entra_request *request)
{
    return world_setting(request->call->world, SETTING_TOKEN_LIFE) / 1000;
}

void entra_add_times(json *claims, long long seconds)
{
    long long now = world_now() / 1000;

    json_put_number(claims, "iat", now);
    json_put_number(claims, "nbf", now);
    json_put_number(claims, "exp", now + seconds);
}

/* Two tokens for the same in the same second are two all the same. */
void entra_add_unique(json *claims)
{
    unsigned char bytes[16];
    struct strbuf text;

    keys_random(bytes, sizeof bytes);
    strbuf_init(&text, 64);
    base64url_encode(&text, bytes, sizeof bytes);
    json_text(claims, "uti", text.data);
    strbuf_clear(&text);
}

/* What the access tokens of people and of applications have in common. */
json *entra_access_claims(const struct entra_request *request, const json *tenant,
                          const char *object_id, const char *subject, const char *type)
{
    struct sim_call *call = request->call;
    json *claims = json_object();

    json_text(claims, "aud", request->audience);
    json_text(claims, "iss",
              call_text(call, "https://sts.windows.net/%s/", json_text_of(tenant, "id")));
    entra_add_times(claims, entra_token_life(request));
    json_text(claims, "appid", request->client_id);
    json_text(claims, "idtyp", type);
    json_text(claims, "oid", object_id);
    json_text(claims, "sub", subject);
    json_text(claims, "tid", json_text_of(tenant, "id"));
    json_text(claims, "ver", "1.0");
    entra_add_unique(claims);
    return claims;
}

json *entra_access_reply(const struct entra_request *request, const char *scope, json *claims)
{
    json *body = json_object();

    json_text(body, "token_type", "Bearer");
    json_text(body, "scope", scope);
    json_put_number(body, "expires_in", entra_token_life(request));
    json_put_number(body, "ext_expires_in", entra_token_life(request));
    json_text(body, "access_token",
              token_sign(request->call->arena, request->call->keys, SIGNER_ENTRA, claims));
    return body;
}

void entra_reply_tokens(const struct entra_request *request, json *body)
{
    call_reply_header(request->call, "Cache-Control", "no-store, no-cache");
    call_reply_header(request->call, "Pragma", "no-cache");
    call_reply(request->call, 200, body);
}

/* Of applications */

static void serve_client(struct entra_request *request)
{
    struct sim_call *call = request->call;
    json *principal, *claims;
    const char *id;

    if (!request->tenant) {
        entra_fail(call, ENTRA_NO_TENANT, NULL);
        return;
    }
    if (!strstr(request->scope, "/.default")) {
        entra_fail(call, ENTRA_NOT_DEFAULT_SCOPE, request->scope, NULL);
        return;
    }
    principal = entra_prove_client(request);
    if (!principal || !entra_check_resource(request, request->tenant))
        return;
    id = json_text_of(principal, "id");
    claims = entra_access_claims(request, request->tenant, id, id, "app");
    json_text(claims, "appidacr", entra_field(request, "client_assertion") ? "2" : "1");
    json_text(claims, "app_displayname", json_text_of(principal, "displayName"));
    json_text(claims, "idp",
              call_text(call, "https://sts.windows.net/%s/", json_text_of(request->tenant, "id")));
    entra_reply_tokens(request, entra_access_reply(request, NULL, claims));
}

static const struct grant {
    const char *name;
    bool of_application;
    void (*serve)(struct entra_request *request); /* NULL: not modelled */
    const char *needs[3];
} grants[] = {
    {"password", false, entra_serve_password, {"username", "password", NULL}},
    {"refresh_token", false, entra_serve_refresh, {"refresh_token", NULL, NULL}},
    {"client_credentials", true, serve_client, {NULL, NULL, NULL}},
    {"authorization_code", false, NULL, {NULL, NULL, NULL}},
    {"device_code", false, NULL, {NULL, NULL, NULL}},
    {"urn:ietf:params:oauth:grant-type:device_code", false, NULL, {NULL, NULL, NULL}},
    {"urn:ietf:params:oauth:grant-type:jwt-bearer", false, NULL, {NULL, NULL, NULL}},
    {"urn:ietf:params:oauth:grant-type:saml1_1-bearer", false, NULL, {NULL, NULL, NULL}},
    {"urn:ietf:params:oauth:grant-type:saml2-bearer", false, NULL, {NULL, NULL, NULL}},
};

/* NULL after answering: none is named, there is none of that name, or it is not modelled. */
static const struct grant *find_grant(const struct entra_request *request)
{
    const char *name = entra_field(request, "grant_type");
    size_t i;

    if (!name) {
        entra_fail(request->call, ENTRA_MISSING, "grant_type", NULL);
        return NULL;
    }
    for (i = 0; i < sizeof grants / sizeof *grants; i++) {
        if (strcmp(grants[i].name, name) != 0)
            continue;
        if (!grants[i].serve)
            call_not_modelled(request->call, call_text(request->call, "the grant %s", name));
        return grants[i].serve ? &grants[i] : NULL;
    }
    entra_fail(request->call, ENTRA_UNSUPPORTED_GRANT, name, NULL);
    return NULL;
}

static bool has_fields(const struct entra_request *request, const char *const *field)
{
    for (; *field; field++) {
        if (!entra_field(request, *field)) {
            entra_fail(request->call, ENTRA_MISSING, *field, NULL);
            return false;
        }
    }
    return true;
}

/* False after answering that the tenant of the path is none here. */
static bool find_tenant(struct entra_request *request, const struct grant *grant)
{
    struct sim_call *call = request->call;
    const char *asked = call->part[0];

    request->tenant = entra_is_any_tenant(asked) ? NULL : world_tenant(call->world, asked);
    if (entra_is_any_tenant(asked) || world_is_of_cloud(request->tenant, call->host->azure->name))
        return true;
    if (!request->tenant)
        entra_fail(call, ENTRA_UNKNOWN_TENANT, asked, NULL);
    else if (grant->of_application)
        entra_fail(call, ENTRA_CROSS_CLOUD, NULL);
    else
        entra_fail(call, ENTRA_OTHER_CLOUD, asked, json_text_of(request->tenant, "cloud"), NULL);
    return false;
}

void entra_token(struct sim_call *call)
{
    static const char *const always[] = {"client_id", "scope", NULL};
    const char *authorization = call_header(call, "Authorization");
    struct entra_request request = {.call = call};
    const struct grant *grant;

    if (authorization && !strncasecmp(authorization, "Basic ", strlen("Basic "))) {
        call_not_modelled(call, "a client secret in the header Authorization");
        return;
    }
    if (!entra_read_form(&request)) {
        entra_fail(call, ENTRA_MALFORMED, NULL);
        return;
    }
    grant = find_grant(&request);
    if (!grant || !find_tenant(&request, grant) || !has_fields(&request, always) ||
        !has_fields(&request, grant->needs))
        return;
    request.client_id = entra_field(&request, "client_id");
    if (entra_field(&request, "resource"))
        entra_fail(call, ENTRA_RESOURCE_PARAMETER, NULL);
    else if (entra_read_scopes(&request))
        grant->serve(&request);
}
