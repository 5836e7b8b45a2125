/* SPDX-License-Identifier: MIT
 * Resource Manager: whose token, which api-version, which resource.
 *
 * Wording of errors: docs of Microsoft, and public issue threads that quote the service. */
#include "simulator/arm_parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const struct route *const tables[] = {
    arm_subscription_routes, arm_group_routes,      arm_identity_routes,   arm_credential_routes,
    arm_role_routes,         arm_assignment_routes, arm_management_routes,
};

static void fail_text(struct sim_call *call, int status, const char *code, const char *message)
{
    json *body = json_object(), *error = json_add(body, "error", json_object());

    call->code = code;
    json_text(error, "code", code);
    json_text(error, "message", message);
    call_reply(call, status, body);
}

void arm_fail(struct sim_call *call, int status, const char *code, const char *format, ...)
{
    const char *message;
    va_list args;

    va_start(args, format);
    message = arena_vprintf(call->arena, format, args);
    va_end(args);
    fail_text(call, status, code, message);
}

void arm_refuse(struct sim_call *call, int status, const char *text)
{
    fail_text(call, status, status == 415 ? "UnsupportedMediaType" : "InvalidRequestContent", text);
}

bool arm_all_read(struct sim_call *call)
{
    const char *name = call_unread(call);

    if (name)
        call_not_modelled(call, call_text(call, "the query parameter '%s'", name));
    return !name;
}

void arm_reply_list(struct sim_call *call, json *list)
{
    json *body = json_object();

    json_add(body, "value", list);
    call_reply(call, 200, body);
}

/* Tokens */

/* 401. The header's texts are fixed ones, for a message may quote what a client sent. */
static void challenge(struct sim_call *call, const char *code, const char *tenant_id,
                      const char *message)
{
    static const struct {
        const char *code, *description;
    } descriptions[] = {
        {"AuthenticationFailed",
         "The authentication failed because of missing 'Authorization' header."},
        {"ExpiredAuthenticationToken", "The access token has expired."},
        {"InvalidAuthenticationTokenAudience",
         "The access token has been obtained from wrong audience or resource."},
        {"InvalidAuthenticationTokenTenant",
         "The access token is from the wrong issuer. It must match the tenant associated with this "
         "subscription. Please use correct authority to get the token."},
        {"InvalidAuthenticationToken", "The access token is invalid."},
    };
    bool is_public = !strcmp(call->host->azure->name, "AzureCloud");
    const char *text = "";
    size_t i;

    for (i = 0; i < sizeof descriptions / sizeof *descriptions; i++)
        if (!strcmp(descriptions[i].code, code))
            text = descriptions[i].description;
    call_reply_header(
        call, "WWW-Authenticate",
        call_text(call,
                  "Bearer authorization_uri=\"https://%s/%s\", error=\"invalid_token\", "
                  "error_description=\"%s\"",
                  is_public ? "login.windows.net" : call->host->azure->login, tenant_id, text));
    fail_text(call, 401, code, message);
}

/* The tenant that a client without a token is sent to: that of the subscription in the path. */
static const char *tenant_of_path(const struct sim_call *call)
{
    if (call->n_segments < 2 || strcasecmp(call->segments[0], "subscriptions") != 0)
        return "";
    return json_text_of(world_subscription(call->world, call->segments[1]), "tenantId");
}

/* As the service writes times: "8/17/2017 10:54:41 PM". */
static const char *time_text(struct sim_call *call, long long milliseconds)
{
    unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    char text[32];

    world_time_text(milliseconds, text);
    if (sscanf(text, "%u-%u-%uT%u:%u:%u", &year, &month, &day, &hour, &minute, &second) != 6)
        return call_text(call, "%s", text);
    return call_text(call, "%u/%u/%u %u:%02u:%02u %s", month, day, year, hour % 12 ? hour % 12 : 12,
                     minute, second, hour < 12 ? "AM" : "PM");
}

static void refuse_expired(struct sim_call *call)
{
    long long expiry = json_number_of(call->caller.claims, "exp", 0);

    challenge(call, "ExpiredAuthenticationToken", call->caller.tenant_id,
              call_text(call,
                        "The access token expiry UTC time '%s' is earlier than current UTC time "
                        "'%s'.",
                        time_text(call, expiry > 0 && expiry < 253402300800 ? expiry * 1000 : 0),
                        time_text(call, world_now())));
}

static bool is_audience(const struct azure *azure, const char *audience)
{
    size_t len = strlen(audience), i;

    len -= len > 0 && audience[len - 1] == '/';
    for (i = 0; azure->arm_audiences[i]; i++)
        if (strlen(azure->arm_audiences[i]) == len &&
            !strncasecmp(azure->arm_audiences[i], audience, len))
            return true;
    return false;
}

static void refuse_audience(struct sim_call *call)
{
    const struct azure *azure = call->host->azure;
    const char *allowed = "";
    size_t i;

    for (i = 0; azure->arm_audiences[i]; i++)
        allowed = call_text(call, "%s%s'%s/','%s'", allowed, i ? "," : "", azure->arm_audiences[i],
                            azure->arm_audiences[i]);
    challenge(
        call, "InvalidAuthenticationTokenAudience", call->caller.tenant_id,
        call_text(call,
                  "The access token has been obtained for wrong audience or resource '%s'. It "
                  "should exactly match with one of the allowed audiences %s.",
                  call->caller.audience, allowed));
}

/* The tenant of the token, of this cloud; NULL: there is none. */
static json *tenant_of_token(struct sim_call *call)
{
    json *tenant = world_tenant(call->world, call->caller.tenant_id);

    return world_is_of_cloud(tenant, call->host->azure->name) ? tenant : NULL;
}

static bool is_signed_in(struct sim_call *call)
{
    struct caller *caller = &call->caller;

    if (caller->state == TOKEN_NONE)
        challenge(call, "AuthenticationFailed", tenant_of_path(call),
                  "Authentication failed. The 'Authorization' header is missing.");
    else if (caller->state == TOKEN_BAD)
        challenge(call, "InvalidAuthenticationToken", tenant_of_path(call),
                  "The access token is invalid.");
    else if (caller->state == TOKEN_EXPIRED)
        refuse_expired(call);
    else if (!is_audience(call->host->azure, caller->audience))
        refuse_audience(call);
    else if (!world_principal(tenant_of_token(call), caller->object_id))
        challenge(call, "InvalidAuthenticationToken", caller->tenant_id,
                  call_text(call,
                            "The access token is invalid: the principal '%s' does not exist in the "
                            "tenant '%s'.",
                            caller->object_id, caller->tenant_id));
    else
        return true;
    return false;
}

/* Versions */

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);

    for (; *words; words += strspn(words, " ")) {
        if (strcspn(words, " ") == len && !strncasecmp(words, word, len))
            return true;
        words += strcspn(words, " ");
    }
    return false;
}

static const char *with_commas(struct sim_call *call, const char *words)
{
    const char *text = "";

    for (; *words; words += strspn(words, " ")) {
        int len = (int)strcspn(words, " ");

        text = call_text(call, "%s%s%.*s", text, *text ? ", " : "", len, words);
        words += len;
    }
    return text;
}

/* The index of the last "providers" in the path, behind which namespace and type follow. */
static size_t last_providers(const struct sim_call *call)
{
    size_t i;

    for (i = call->n_segments; i-- > 0;)
        if (!strcasecmp(call->segments[i], "providers") && i + 2 < call->n_segments)
            return i;
    return call->n_segments;
}

/* Resource Manager's own types, types of providers without a place, and with one (a resource is
 * written there) have different words for the same. */
static void refuse_version(struct sim_call *call, const char *version, const char *versions)
{
    size_t at = last_providers(call), i;
    const char *list = with_commas(call, versions), *type = "";

    if (at == call->n_segments) {
        arm_fail(call, 400, "InvalidApiVersionParameter",
                 "The api-version '%s' is invalid. The supported versions are '%s'.", version,
                 list);
        return;
    }
    for (i = at + 2; i < call->n_segments; i += 2)
        type = call_text(call, "%s%s%s", type, *type ? "/" : "", call->segments[i]);
    if (call_is_write(call->method))
        arm_fail(call, 400, "NoRegisteredProviderFound",
                 "No registered resource provider found for location '' and API version '%s' for "
                 "type '%s'. The supported api-versions are '%s'. The supported locations are ''.",
                 version, type, list);
    else
        arm_fail(call, 400, "InvalidResourceType",
                 "The resource type '%s' could not be found in the namespace '%s' for api version "
                 "'%s'. The supported api-versions are '%s'.",
                 type, call->segments[at + 1], version, list);
}

static bool is_version_good(struct sim_call *call, const char *versions)
{
    const char *version = call_argument(call, "api-version");

    if (!version || !*version) {
        arm_fail(call, 400, "MissingApiVersionParameter",
                 "The api-version query parameter (?api-version=) is required for all requests.");
        return false;
    }
    if (has_word(versions, version))
        return true;
    refuse_version(call, version, versions);
    return false;
}

/* What a path says may come back in an answer and go into the world: it is text, and a slash in it
 * always divides. */
static bool is_path_text(const struct sim_call *call)
{
    size_t i, n;
    uint32_t code;

    for (i = 0; i < call->n_segments; i++) {
        const char *at = call->segments[i];
        size_t len = strlen(at);

        for (; len; at += n, len -= n) {
            n = utf8_decode(at, len, &code);
            if (!n || utf8_is_control(code) || code == '/')
                return false;
        }
    }
    return true;
}

void arm_serve(struct sim_call *call)
{
    const struct route *route = NULL;
    size_t i;

    if (!is_path_text(call)) {
        arm_fail(call, 400, "BadRequest", "The request URL has characters that are not valid.");
        return;
    }
    if (!is_signed_in(call))
        return;
    for (i = 0; !route && i < sizeof tables / sizeof *tables; i++)
        route = route_find(call, tables[i], 0);
    if (!route || !is_version_good(call, route->versions))
        return; /* without an answer: not modelled */
    route->handle(call);
}

/* Resources */

json *arm_subscription(struct sim_call *call, const char *id)
{
    json *found = world_subscription(call->world, id);
    const char *owner = json_text_of(found, "tenantId");

    if (!world_is_of_cloud(world_tenant(call->world, owner), call->host->azure->name)) {
        arm_fail(call, 404, "SubscriptionNotFound", "The subscription '%s' could not be found.",
                 id);
        return NULL;
    }
    if (!strcasecmp(owner, call->caller.tenant_id))
        return found;
    challenge(
        call, "InvalidAuthenticationTokenTenant", owner,
        call_text(call,
                  "The access token is from the wrong issuer 'https://sts.windows.net/%s/'. It "
                  "must match the tenant 'https://sts.windows.net/%s/' associated with this "
                  "subscription. Please use the authority (URL) "
                  "'https://login.windows.net/%s' to get the token. Note, if the subscription "
                  "is transferred to another tenant there is no impact to the services, but "
                  "information about new tenant could take time to propagate (up to an hour). "
                  "If you just transferred your subscription and see this error message, "
                  "please try back later.",
                  call->caller.tenant_id, owner, owner));
    return NULL;
}

json *arm_group(struct sim_call *call, const json *subscription, const char *name)
{
    json *group = json_find(json_member(subscription, "resourceGroups"), "name", name);

    if (!group)
        arm_fail(call, 404, "ResourceGroupNotFound", "Resource group '%s' could not be found.",
                 name);
    return group;
}
