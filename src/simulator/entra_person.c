/* SPDX-License-Identifier: MIT
 * People who sign in to the simulated Microsoft Entra: with a password, and then with refresh
 * tokens.
 *
 * Nothing is kept between requests: a refresh token is a signed note of who got it. */
#include "simulator/entra.h"

#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "simulator/token.h"

enum { REFRESH_SECONDS = 90 * 24 * 60 * 60 };

/* Programs that people sign in to; Microsoft's own, which exist in every tenant. Those of the
 * family may use one another's refresh tokens (Azure/azure-cli;
 * secureworks/family-of-client-ids-research). */
static const struct client {
    const char *id, *name;
    bool family;
} clients[] = {
    {"04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI", true},
    {"1950a258-227b-4e31-a9cf-717495945fc2", "Microsoft Azure PowerShell", true},
};

/* Who signs in. Home differs from here for a guest, who has an entry of the same name in both. */
struct person {
    const struct client *client;
    json *tenant;
    const json *user;
    const char *home_tenant, *home_id;
};

/* What a person gets */

/* A person is another one to each program: a hash of 43 characters, as the real ones look. */
static const char *pairwise_subject(const struct entra_request *request, const char *object_id)
{
    const char *both = call_text(request->call, "%s %s", object_id, request->client_id), *subject;
    char hash[SHA256_HEX + 1];
    struct strbuf text;

    digest_sha256(both, strlen(both), hash);
    strbuf_init(&text, 64);
    base64url_encode(&text, hash, SHA256_HEX / 2);
    subject = arena_strndup(request->call->arena, text.data, text.len);
    strbuf_clear(&text);
    return subject;
}

static const char *person_name(const struct person *person)
{
    const char *name = json_text_of(person->user, "displayName");

    return *name ? name : json_text_of(person->user, "name");
}

static const char *refresh_token(const struct entra_request *request, const struct person *person)
{
    json *claims = json_object();

    json_text(claims, "aud", "refresh");
    json_text(claims, "appid", request->client_id);
    json_text(claims, "oid", person->home_id);
    json_text(claims, "tid", person->home_tenant);
    entra_add_times(claims, REFRESH_SECONDS);
    entra_add_unique(claims);
    return token_sign(request->call->arena, request->call->keys, SIGNER_ENTRA, claims);
}

static const char *id_token(const struct entra_request *request, const struct person *person,
                            const char *subject)
{
    struct sim_call *call = request->call;
    const char *tenant = json_text_of(person->tenant, "id");
    json *claims = json_object();

    json_text(claims, "aud", request->client_id);
    json_text(claims, "iss",
              call_text(call, "https://%s/%s/v2.0", call->host->azure->login, tenant));
    entra_add_times(claims, entra_token_life(request));
    json_text(claims, "name", person_name(person));
    json_text(claims, "oid", json_text_of(person->user, "id"));
    json_text(claims, "preferred_username", json_text_of(person->user, "name"));
    json_text(claims, "sub", subject);
    json_text(claims, "tid", tenant);
    json_text(claims, "ver", "2.0");
    entra_add_unique(claims);
    return token_sign(call->arena, call->keys, SIGNER_ENTRA, claims);
}

/* Who it is across tenants; MSAL keeps its accounts by it. */
static void add_client_info(const struct entra_request *request, const struct person *person,
                            json *body)
{
    const char *wanted = entra_field(request, "client_info");
    const char *info = call_text(request->call, "{\"uid\":\"%s\",\"utid\":\"%s\"}", person->home_id,
                                 person->home_tenant);
    struct strbuf text;

    if (!wanted || strcmp(wanted, "1") != 0)
        return;
    strbuf_init(&text, 1024);
    base64url_encode(&text, info, strlen(info));
    json_text(body, "client_info", text.data);
    strbuf_clear(&text);
}

static void serve_person(const struct entra_request *request, const struct person *person)
{
    struct sim_call *call = request->call;
    const char *id = json_text_of(person->user, "id"), *name = json_text_of(person->user, "name");
    const char *subject = pairwise_subject(request, id);
    const char *granted = call_text(call, "%s/user_impersonation", request->audience);
    json *claims, *body;

    if (!entra_check_resource(request, person->tenant))
        return;
    claims = entra_access_claims(request, person->tenant, id, subject, "user");
    json_text(claims, "appidacr", "0");
    json_text(claims, "name", person_name(person));
    json_text(claims, "scp", "user_impersonation");
    json_text(claims, "unique_name", name);
    json_text(claims, "upn", name);
    if (strcmp(request->scope, granted) != 0) /* clients look for what they asked for in it */
        granted = call_text(call, "%s %s", granted, request->scope);
    body = entra_access_reply(request, granted, claims);
    if (request->offline)
        json_text(body, "refresh_token", refresh_token(request, person));
    if (request->offline && person->client->family)
        json_text(body, "foci", "1");
    if (request->openid)
        json_text(body, "id_token", id_token(request, person, subject));
    add_client_info(request, person, body);
    entra_reply_tokens(request, body);
}

/* Grants of people */

static const struct client *client_find(const char *id)
{
    size_t i;

    for (i = 0; i < sizeof clients / sizeof *clients; i++)
        if (!strcasecmp(clients[i].id, id))
            return &clients[i];
    return NULL;
}

/* NULL after answering: there is no such program to sign in to, or it is somebody's own. */
static const struct client *person_client(const struct entra_request *request)
{
    const struct client *client = client_find(request->client_id);

    if (client)
        return client;
    if (json_find(json_member(request->tenant, "applications"), "appId", request->client_id))
        call_not_modelled(request->call, "a person who signs in to an application of a tenant");
    else
        entra_fail(request->call, ENTRA_UNKNOWN_CLIENT, request->client_id,
                   request->tenant ? entra_tenant_name(request->tenant) : "common", NULL);
    return NULL;
}

/* The first tenant of this cloud that has a user NAME, else NULL. */
static json *tenant_of_user(struct sim_call *call, const char *name)
{
    json *tenants = json_member(world_root(call->world), "tenants"), *tenant;
    const json *item;

    for (item = tenants ? json_first(tenants) : NULL; item; item = json_next(item)) {
        tenant = world_tenant(call->world, json_text_of(item, "id"));
        if (world_is_of_cloud(tenant, call->host->azure->name) &&
            json_find(json_member(tenant, "users"), "name", name))
            return tenant;
    }
    return NULL;
}

/* There is no such person in the tenant; in HOME, unless it is NULL. */
static void refuse_person(const struct entra_request *request, const struct person *person,
                          const json *home)
{
    const char *here = person->tenant ? entra_tenant_name(person->tenant) : "common";

    if (home)
        entra_fail(request->call, ENTRA_FOREIGN_USER, json_text_of(home, "id"), here,
                   request->client_id, person->client->name, NULL);
    else
        entra_fail(request->call, ENTRA_UNKNOWN_USER, here, NULL);
}

void entra_serve_password(struct entra_request *request)
{
    const char *name = entra_field(request, "username");
    json *home = tenant_of_user(request->call, name);
    struct person person = {.client = person_client(request),
                            .tenant = request->tenant ? request->tenant : home};

    if (!person.client)
        return;
    person.user = json_find(json_member(person.tenant, "users"), "name", name);
    if (person.user) {
        person.home_tenant = json_text_of(home, "id");
        person.home_id = json_text_of(json_find(json_member(home, "users"), "name", name), "id");
        serve_person(request, &person);
    } else {
        refuse_person(request, &person, home);
    }
}

/* The claims of the refresh token; NULL after answering what is wrong with it. */
static json *read_refresh(const struct entra_request *request, const struct client *client)
{
    struct sim_call *call = request->call;
    const char *token = entra_field(request, "refresh_token"), *kid = "", *issued_to;
    json *claims = token_read(call->arena, token, &kid);
    const struct client *other = client_find(json_text_of(claims, "appid"));
    bool good;

    issued_to = json_text_of(claims, "appid");
    good =
        claims && !strcmp(kid, keys_id(call->keys, SIGNER_ENTRA)) &&
        token_verified(call->arena, call->keys, SIGNER_ENTRA, token) &&
        !strcmp(json_text_of(claims, "aud"), "refresh") &&
        world_is_of_cloud(world_tenant(call->world, json_text_of(claims, "tid")), call->host->azure->name) &&
        (!strcasecmp(issued_to, request->client_id) || (client->family && other && other->family));
    if (!good) {
        entra_fail(call, ENTRA_BAD_REFRESH, NULL);
    } else if (json_number_of(claims, "exp", 0) <= world_now() / 1000) {
        char when[32];

        world_time_text(json_number_of(claims, "iat", 0) * 1000, when);
        entra_fail(call, ENTRA_EXPIRED_REFRESH, when, NULL);
        good = false;
    }
    if (good)
        return claims;
    json_free(claims);
    return NULL;
}

void entra_serve_refresh(struct entra_request *request)
{
    struct sim_call *call = request->call;
    struct person person = {.client = person_client(request)};
    json *claims = person.client ? read_refresh(request, person.client) : NULL;
    json *home = world_tenant(call->world, json_text_of(claims, "tid"));
    const json *user = json_find(json_member(home, "users"), "id", json_text_of(claims, "oid"));

    json_free(claims);
    if (call->status)
        return;
    person.tenant = request->tenant ? request->tenant : home;
    person.user =
        json_find(json_member(person.tenant, "users"), "name", json_text_of(user, "name"));
    if (!user || !person.user) {
        refuse_person(request, &person, user ? home : NULL);
        return;
    }
    person.home_tenant = json_text_of(home, "id");
    person.home_id = json_text_of(user, "id");
    serve_person(request, &person);
}
