/* SPDX-License-Identifier: MIT
 * How an application proves to the simulated Microsoft Entra who it is: by a secret, or by a token
 * of an issuer that one of its federated credentials names.
 *
 * The order of the checks decides which of several mistakes is reported. What comes first is what
 * Entra must know to find the issuer's keys; Microsoft has not published the order. */
#include "simulator/entra.h"

#include <string.h>
#include <strings.h>

#include "simulator/token.h"

enum { CLOCK_SECONDS = 5 * 60 }; /* how much the issuer's clock may be ahead */

static const char assertion_type[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/* An application or a managed identity, and what it is in the tenant. */
struct client {
    json *owner; /* of the credentials */
    json *principal;
    const char *name;
    bool multitenant;
};

/* Finding it */

/* The managed identity of CLIENT_ID in a subscription of TENANT. */
static json *find_identity(struct sim_call *call, const json *tenant, const char *client_id)
{
    const json *all = json_member(world_root(call->world), "subscriptions"), *subscription;
    json *identity = NULL;

    for (subscription = all ? json_first(all) : NULL; subscription && !identity;
         subscription = json_next(subscription))
        if (!strcasecmp(json_text_of(subscription, "tenantId"), json_text_of(tenant, "id")))
            identity = json_find(json_member(subscription, "identities"), "clientId", client_id);
    return identity;
}

static bool is_multitenant(const json *application)
{
    const char *audience = json_text_of(application, "signInAudience");

    return *audience && strcmp(audience, "AzureADMyOrg") != 0;
}

/* An application of another tenant of this cloud that may be used in others. */
static json *find_foreign(struct sim_call *call, const char *client_id)
{
    const json *all = json_member(world_root(call->world), "tenants"), *tenant;
    json *application = NULL;

    for (tenant = all ? json_first(all) : NULL; tenant; tenant = json_next(tenant)) {
        if (!world_is_of_cloud(tenant, call->host->azure->name))
            continue;
        application = json_find(json_member(tenant, "applications"), "appId", client_id);
        if (application && is_multitenant(application))
            return application;
    }
    return NULL;
}

static json *find_owner(const struct entra_request *request, struct client *client)
{
    json *tenant = request->tenant, *owner;

    owner = json_find(json_member(tenant, "applications"), "appId", request->client_id);
    if (!owner && client->principal)
        owner = find_foreign(request->call, request->client_id);
    client->multitenant = owner && is_multitenant(owner);
    client->name = json_text_of(owner, "displayName");
    if (owner)
        return owner;
    owner = find_identity(request->call, tenant, request->client_id);
    client->name = json_text_of(owner, "name");
    return owner;
}

/* False after answering: what was made this moment is as unknown as what was never made. */
static bool find_client(const struct entra_request *request, struct client *client)
{
    struct sim_call *call = request->call;
    const char *id = request->client_id, *tenant = entra_tenant_name(request->tenant);

    client->principal = json_find(json_member(request->tenant, "servicePrincipals"), "appId", id);
    client->owner = find_owner(request, client);
    if (!client->owner || !world_replicated(call->world, client->owner) ||
        (client->principal && !world_replicated(call->world, client->principal))) {
        entra_fail(call, ENTRA_UNKNOWN_CLIENT, id, tenant, NULL);
        return false;
    }
    if (!client->principal) {
        entra_fail(call, ENTRA_NO_PRINCIPAL, id, tenant, NULL);
        return false;
    }
    if (json_member(client->principal, "accountEnabled") &&
        !json_flag_of(client->principal, "accountEnabled")) {
        entra_fail(call, ENTRA_DISABLED, id, client->name, NULL);
        return false;
    }
    return true;
}

/* By a secret */

static bool check_secret(const struct entra_request *request, const struct client *client)
{
    const char *sent = entra_field(request, "client_secret");
    const json *secrets = json_member(client->owner, "passwords"), *secret;
    char number[JSON_NUMBER_MAX];

    for (secret = secrets ? json_first(secrets) : NULL; secret; secret = json_next(secret))
        if (json_kind(secret) == JSON_TEXT && !strcmp(json_as_text(secret, number), sent))
            return true;
    entra_fail(request->call, ENTRA_BAD_SECRET, request->client_id, NULL);
    return false;
}

/* By a token. Each check answers itself when it refuses. */

struct assertion {
    const struct entra_request *request;
    const struct client *client;
    const char *token, *kid;
    const json *claims;
    const char *issuer, *subject;
    const struct azure *cloud; /* of the Entra that issued it; NULL: Azure DevOps did */
    enum signer signer;
};

/* What the token says it is signed with, whether or not it is one of ours. */
static const char *algorithm_of(struct arena *arena, const char *token)
{
    struct diags diags = DIAGS_INIT(arena);
    const char *algorithm = NULL;
    struct strbuf text;
    json *header = NULL;

    strbuf_init(&text, 16 * 1024);
    if (base64url_decode(&text, token, strcspn(token, ".")))
        header = json_parse("header", text.data, text.len, &diags);
    if (header && json_kind(header) == JSON_OBJECT && *json_text_of(header, "alg"))
        algorithm = arena_strdup(arena, json_text_of(header, "alg"));
    json_free(header);
    strbuf_clear(&text);
    return algorithm;
}

/* The claims of the token; NULL after answering. RS384 and RS512 Entra can do, but no issuer here
 * signs with them: whoever did, it was not the issuer. */
static json *read_assertion(const struct entra_request *request, struct assertion *assertion)
{
    struct sim_call *call = request->call;
    const char *algorithm = algorithm_of(call->arena, assertion->token);
    json *claims = token_read(call->arena, assertion->token, &assertion->kid);

    if (claims)
        return claims;
    if (!algorithm || !strcmp(algorithm, "RS256"))
        entra_fail(call, ENTRA_BAD_TOKEN, NULL);
    else if (!strcmp(algorithm, "RS384") || !strcmp(algorithm, "RS512"))
        entra_fail(call, ENTRA_BAD_SIGNATURE, NULL);
    else
        entra_fail(call, ENTRA_BAD_ALGORITHM, algorithm, NULL);
    return NULL;
}

static bool check_claims(struct assertion *assertion)
{
    const json *audience = json_member(assertion->claims, "aud");
    bool complete;

    assertion->issuer = json_text_of(assertion->claims, "iss");
    assertion->subject = json_text_of(assertion->claims, "sub");
    complete = *assertion->issuer && *assertion->subject && audience &&
               (json_kind(audience) == JSON_TEXT || json_kind(audience) == JSON_ARRAY) &&
               json_number_of(assertion->claims, "exp", 0) > 0;
    if (!complete)
        entra_fail(assertion->request->call, ENTRA_BAD_TOKEN, NULL);
    return complete;
}

/* How a credential's KEY compares with TEXT, over all credentials whose issuer is ISSUER (NULL:
 * any). */
enum match { MATCH_NONE, MATCH_BUT_FOR_CASE, MATCH };

static enum match match_text(const struct assertion *assertion, const char *issuer, const char *key,
                             const char *text)
{
    const json *all = json_member(assertion->client->owner, "federatedCredentials"), *item;
    enum match best = MATCH_NONE;

    for (item = all ? json_first(all) : NULL; item; item = json_next(item)) {
        const char *has = json_text_of(item, key);

        if (issuer && strcmp(json_text_of(item, "issuer"), issuer) != 0)
            continue;
        if (!strcmp(has, text))
            return MATCH;
        if (!strcasecmp(has, text))
            best = MATCH_BUT_FOR_CASE;
    }
    return best;
}

static bool check_issuer(struct assertion *assertion)
{
    static const enum entra_error errors[] = {
        [MATCH_NONE] = ENTRA_ISSUER, [MATCH_BUT_FOR_CASE] = ENTRA_ISSUER_CASE};
    enum match match = match_text(assertion, NULL, "issuer", assertion->issuer);

    if (match != MATCH)
        entra_fail(assertion->request->call, errors[match], assertion->issuer, NULL);
    return match == MATCH;
}

/* Is TEXT an issuer of Entra, of a tenant of this world? Then *RET_CLOUD is where. */
static bool is_entra(struct sim_call *call, const char *text, const struct azure **ret_cloud)
{
    const json *all = json_member(world_root(call->world), "tenants"), *tenant;
    const struct host *host;
    size_t i;

    for (i = 0; (host = host_at(i)); i++) {
        if (host->service != SERVICE_ENTRA)
            continue;
        for (tenant = all ? json_first(all) : NULL; tenant; tenant = json_next(tenant)) {
            *ret_cloud = host->azure;
            if (!strcmp(text, call_text(call, "https://%s/%s/v2.0", host->name,
                                        json_text_of(tenant, "id"))))
                return true;
        }
    }
    *ret_cloud = NULL;
    return false;
}

/* Is TEXT the issuer of an organization, by its name of today or its first one? */
static bool is_devops(struct sim_call *call, const char *text)
{
    static const char *const prefixes[] = {"https://vstoken.dev.azure.com/",
                                           "https://app.vstoken.visualstudio.com/"};
    const json *all = json_member(world_root(call->world), "organizations"), *organization;
    size_t i;

    for (organization = all ? json_first(all) : NULL; organization;
         organization = json_next(organization))
        for (i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
            if (!strcmp(text,
                        call_text(call, "%s%s", prefixes[i], json_text_of(organization, "id"))))
                return true;
    return false;
}

/* Can the issuer's keys be read? Only of issuers in this world. */
static bool check_reachable(struct assertion *assertion)
{
    struct sim_call *call = assertion->request->call;

    if (is_entra(call, assertion->issuer, &assertion->cloud)) {
        assertion->signer = SIGNER_ENTRA;
        return true;
    }
    if (is_devops(call, assertion->issuer)) {
        assertion->signer = SIGNER_DEVOPS;
        return true;
    }
    entra_fail(call, ENTRA_UNREACHABLE, NULL);
    return false;
}

/* An Entra takes no token of another cloud's, and those of the sovereign clouds none of Entra at
 * all. */
static bool check_cloud(struct assertion *assertion)
{
    struct sim_call *call = assertion->request->call;
    const struct azure *here = call->host->azure;
    bool good = !assertion->cloud || (assertion->cloud == here && here->entra_issuer);

    if (!good)
        entra_fail(call, ENTRA_CROSS_CLOUD, NULL);
    return good;
}

static bool check_signature(struct assertion *assertion)
{
    struct sim_call *call = assertion->request->call;

    if (strcmp(assertion->kid, keys_id(call->keys, assertion->signer)) != 0) {
        entra_fail(call, ENTRA_UNKNOWN_KEY, assertion->kid, assertion->issuer, NULL);
        return false;
    }
    if (token_verified(call->arena, call->keys, assertion->signer, assertion->token))
        return true;
    entra_fail(call, ENTRA_BAD_SIGNATURE, NULL);
    return false;
}

/* "2026-11-25T10:00:00.0000000Z" */
static const char *fine_time(struct sim_call *call, long long seconds)
{
    char text[32];

    world_time_text(seconds * 1000, text);
    return call_text(call, "%.*s.0000000Z", (int)strcspn(text, "Z"), text);
}

static bool check_time(struct assertion *assertion)
{
    struct sim_call *call = assertion->request->call;
    long long now = world_now() / 1000, until = json_number_of(assertion->claims, "exp", 0);
    long long from =
        json_number_of(assertion->claims, "nbf", json_number_of(assertion->claims, "iat", 0));
    bool good = from <= now + CLOCK_SECONDS && until > now;

    if (!good)
        entra_fail(call, ENTRA_NOT_IN_TIME, fine_time(call, now), fine_time(call, from),
                   fine_time(call, until), NULL);
    return good;
}

static bool check_tenancy(struct assertion *assertion)
{
    bool good = !assertion->cloud || !assertion->client->multitenant;

    if (!good)
        entra_fail(assertion->request->call, ENTRA_MULTITENANT, NULL);
    return good;
}

static bool check_subject(struct assertion *assertion)
{
    static const enum entra_error errors[] = {
        [MATCH_NONE] = ENTRA_SUBJECT, [MATCH_BUT_FOR_CASE] = ENTRA_SUBJECT_CASE};
    enum match match = match_text(assertion, assertion->issuer, "subject", assertion->subject);

    if (match != MATCH)
        entra_fail(assertion->request->call, errors[match], assertion->subject, NULL);
    return match == MATCH;
}

/* Is TEXT one of VALUE, a text or a list of them? To the letter, as json_holds is not. */
static bool holds(const json *value, const char *text)
{
    char number[JSON_NUMBER_MAX];
    const json *item;

    if (json_kind(value) == JSON_TEXT)
        return !strcmp(json_as_text(value, number), text);
    if (json_kind(value) != JSON_ARRAY)
        return false;
    for (item = json_first(value); item; item = json_next(item))
        if (json_kind(item) == JSON_TEXT && !strcmp(json_as_text(item, number), text))
            return true;
    return false;
}

/* Does CREDENTIAL take a token with the claim AUD? */
static bool takes_audience(const json *credential, const json *aud)
{
    const json *audiences = json_member(credential, "audiences"), *item;
    char number[JSON_NUMBER_MAX];

    for (item = audiences ? json_first(audiences) : NULL; item; item = json_next(item))
        if (json_kind(item) == JSON_TEXT && holds(aud, json_as_text(item, number)))
            return true;
    return false;
}

static bool check_audience(struct assertion *assertion)
{
    const json *all = json_member(assertion->client->owner, "federatedCredentials"), *item;
    const json *aud = json_member(assertion->claims, "aud");
    char number[JSON_NUMBER_MAX];

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (!strcmp(json_text_of(item, "issuer"), assertion->issuer) &&
            !strcmp(json_text_of(item, "subject"), assertion->subject) && takes_audience(item, aud))
            return true;
    if (json_kind(aud) == JSON_ARRAY)
        aud = json_first(aud);
    entra_fail(assertion->request->call, ENTRA_AUDIENCE,
               aud && json_kind(aud) == JSON_TEXT ? json_as_text(aud, number) : "", NULL);
    return false;
}

static bool check_assertion(const struct entra_request *request, const struct client *client)
{
    static bool (*const checks[])(struct assertion *) = {
        check_claims, check_issuer,  check_reachable, check_cloud,    check_signature,
        check_time,   check_tenancy, check_subject,   check_audience,
    };
    struct assertion assertion = {.request = request,
                                  .client = client,
                                  .token = entra_field(request, "client_assertion"),
                                  .kid = ""};
    json *claims = read_assertion(request, &assertion);
    bool good = claims != NULL;
    size_t i;

    assertion.claims = claims;
    for (i = 0; good && i < sizeof checks / sizeof *checks; i++)
        good = checks[i](&assertion);
    json_free(claims);
    return good;
}

/* Whether tokens of federated issuers are taken here at all. */
static bool check_federation(const struct entra_request *request, const struct client *client)
{
    struct sim_call *call = request->call;
    const char *type = entra_field(request, "client_assertion_type");

    if (!type)
        entra_fail(call, ENTRA_MISSING, "client_assertion_type", NULL);
    else if (strcmp(type, assertion_type) != 0)
        entra_fail(call, ENTRA_BAD_REQUEST, "client_assertion_type is not supported", NULL);
    else if (json_member(request->tenant, "workloadIdentityFederation") &&
             !json_flag_of(request->tenant, "workloadIdentityFederation"))
        entra_fail(call, ENTRA_NO_FEDERATION, NULL);
    else if (!json_count(json_member(client->owner, "federatedCredentials")))
        entra_fail(call, ENTRA_NO_CREDENTIAL, client->name, NULL);
    return !call->status;
}

json *entra_prove_client(const struct entra_request *request)
{
    bool assertion = entra_field(request, "client_assertion");
    bool secret = entra_field(request, "client_secret");
    struct client client = {NULL, NULL, "", false};
    bool proven;

    if (!find_client(request, &client))
        return NULL;
    if (!assertion && !secret) {
        entra_fail(request->call, ENTRA_NO_PROOF, NULL);
        return NULL;
    }
    if (assertion)
        proven = check_federation(request, &client) && check_assertion(request, &client);
    else
        proven = check_secret(request, &client);
    return proven ? client.principal : NULL;
}
