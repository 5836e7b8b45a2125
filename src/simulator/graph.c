/* SPDX-License-Identifier: MIT
 * Microsoft Graph v1.0: whose token, what it may do, which call. */
#include "simulator/graph.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define GRAPH_APP "00000003-0000-0000-c000-000000000000"

static const struct route routes[] = {
    {"GET", "me", NULL, graph_me},
    {"GET", "organization", NULL, graph_organization_list},
    {"GET", "users", NULL, graph_users_list},
    {"GET", "users/{}", NULL, graph_user_show},
    {"GET", "directoryObjects/{}", NULL, graph_directory_show},
    {"POST", "directoryObjects/getByIds", NULL, graph_directory_by_ids},
    {"GET", "applications", NULL, graph_applications_list},
    {"POST", "applications", NULL, graph_application_create},
    {"GET", "applications/{}", NULL, graph_application_show},
    {"PATCH", "applications/{}", NULL, graph_application_patch},
    {"DELETE", "applications/{}", NULL, graph_application_delete},
    {"GET", "applications/{}/owners", NULL, graph_owners_list},
    {"POST", "applications/{}/owners/$ref", NULL, graph_owner_add},
    {"DELETE", "applications/{}/owners/{}/$ref", NULL, graph_owner_remove},
    {"GET", "applications/{}/federatedIdentityCredentials", NULL, graph_credentials_list},
    {"POST", "applications/{}/federatedIdentityCredentials", NULL, graph_credential_create},
    {"GET", "applications/{}/federatedIdentityCredentials/{}", NULL, graph_credential_show},
    {"PATCH", "applications/{}/federatedIdentityCredentials/{}", NULL, graph_credential_patch},
    {"DELETE", "applications/{}/federatedIdentityCredentials/{}", NULL, graph_credential_delete},
    {"GET", "servicePrincipals", NULL, graph_principals_list},
    {"POST", "servicePrincipals", NULL, graph_principal_create},
    {"GET", "servicePrincipals/{}", NULL, graph_principal_show},
    {"PATCH", "servicePrincipals/{}", NULL, graph_principal_patch},
    {"DELETE", "servicePrincipals/{}", NULL, graph_principal_delete},
    {NULL, NULL, NULL, NULL},
};

/* Errors */

/* The same call has the same id in every run, as all that the simulator answers. */
static void request_id(struct sim_call *call, char ret_id[GUID_TEXT + 1])
{
    guid_from_name(call_text(call, "%s https://%s%s", call->method, call->host->name, call->target),
                   ret_id);
}

static const char *client_request_id(struct sim_call *call, const char *otherwise)
{
    const char *sent = call_header(call, "client-request-id");

    return sent && guid_valid(sent) ? sent : otherwise;
}

static json *error_body(struct sim_call *call, const char *code, const char *text)
{
    json *body = json_object(), *error = json_add(body, "error", json_object()), *inner;
    char id[GUID_TEXT + 1], now[32];

    request_id(call, id);
    world_time_text(world_now(), now);
    now[strcspn(now, "Z")] = '\0'; /* as the service writes it */
    json_text(error, "code", code);
    json_text(error, "message", text);
    inner = json_add(error, "innerError", json_object());
    json_text(inner, "date", now);
    json_text(inner, "request-id", id);
    json_text(inner, "client-request-id", client_request_id(call, id));
    call->code = code;
    return body;
}

void graph_fail(struct sim_call *call, int status, const char *code, const char *text)
{
    call_reply(call, status, error_body(call, code, text));
}

void graph_fail_detailed(struct sim_call *call, const char *code, const char *text,
                         const char *detail, const char *target)
{
    json *body = error_body(call, code, text), *item = json_object();

    json_text(item, "code", detail);
    json_text(item, "message", text);
    json_text(item, "target", target);
    json_append(json_add(json_member(body, "error"), "details", json_array()), item);
    call_reply(call, 400, body);
}

void graph_refuse(struct sim_call *call, int status, const char *text)
{
    graph_fail(call, status, "Request_BadRequest", text);
}

void graph_missing(struct sim_call *call, const char *name)
{
    graph_fail(call, 404, "Request_ResourceNotFound",
               call_text(call,
                         "Resource '%s' does not exist or one of its queried reference-property "
                         "objects are not present.",
                         graph_quoted(call, name)));
}

void graph_denied(struct sim_call *call)
{
    graph_fail(call, 403, "Authorization_RequestDenied",
               "Insufficient privileges to complete the operation.");
}

const char *graph_quoted(struct sim_call *call, const char *text)
{
    char *out = arena_strdup(call->arena, text);
    size_t at = 0, len = strlen(text), n;
    uint32_t code;

    for (; at < len; at += n) {
        n = utf8_decode(text + at, len - at, &code);
        if (n && !utf8_is_control(code))
            continue;
        n = n ? n : 1;
        memset(out + at, '?', n);
    }
    return out;
}

/* Rights */

static const char *const administrators[] = {"Global Administrator", "Application Administrator",
                                             "Cloud Application Administrator", NULL};

json *graph_tenant(struct sim_call *call)
{
    return world_tenant(call->world, call->caller.tenant_id);
}

json *graph_signed_in_user(struct sim_call *call)
{
    return json_find(json_member(graph_tenant(call), "users"), "id", call->caller.object_id);
}

static bool has_role(struct sim_call *call, const char *const *roles)
{
    const json *held = json_member(graph_signed_in_user(call), "directoryRoles");

    for (; *roles; roles++)
        if (json_holds(held, *roles))
            return true;
    return false;
}

static bool owns(const struct sim_call *call, const json *application)
{
    return json_holds(json_member(application, "owners"), call->caller.object_id);
}

static bool owns_any(struct sim_call *call)
{
    const json *application = graph_items(graph_tenant(call), "applications");

    for (; application; application = json_next(application))
        if (owns(call, application))
            return true;
    return false;
}

static bool granted(struct sim_call *call, bool grant)
{
    if (!grant)
        graph_denied(call);
    return grant;
}

/* Every member may read. A service principal that owns an application is taken for one with the
 * permission Application.ReadWrite.OwnedBy, which also lets it list all applications and service
 * principals (learn.microsoft.com/graph/api/application-list). */
bool graph_may_read(struct sim_call *call)
{
    return granted(call, graph_signed_in_user(call) || owns_any(call));
}

static bool registers(struct sim_call *call)
{
    static const char *const developer[] = {"Application Developer", NULL};

    return has_role(call, administrators) || has_role(call, developer) ||
           (graph_signed_in_user(call) &&
            json_flag_of(graph_tenant(call), "usersMayRegisterApplications"));
}

bool graph_may_register(struct sim_call *call)
{
    return granted(call, registers(call));
}

bool graph_may_change(struct sim_call *call, const json *application)
{
    return granted(call, has_role(call, administrators) || owns(call, application));
}

/* A person who is no administrator must own the application and also be one who may register some:
 * learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals, "Permissions". */
bool graph_may_add_principal(struct sim_call *call, const json *application)
{
    bool developer = !graph_signed_in_user(call) || registers(call);

    return granted(call, has_role(call, administrators) || (owns(call, application) && developer));
}

/* These two roles "aren't added as owners when creating new application registrations":
 * learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
bool graph_creator_owns(struct sim_call *call)
{
    static const char *const never[] = {"Application Administrator",
                                        "Cloud Application Administrator", NULL};

    return !has_role(call, never);
}

/* Whose token */

static void unauthorized(struct sim_call *call, const char *code, const char *text)
{
    call_reply_header(call, "WWW-Authenticate",
                      call_text(call,
                                "Bearer realm=\"\", authorization_uri=\"https://%s/common/oauth2/"
                                "authorize\", client_id=\"" GRAPH_APP "\"",
                                call->host->azure->login));
    graph_fail(call, 401, code, text);
}

static bool audience_fits(const struct sim_call *call)
{
    const char *host = call->host->azure->graph, *audience = call->caller.audience;
    size_t len = strlen(host);

    if (!strcasecmp(audience, GRAPH_APP))
        return true;
    return !strncasecmp(audience, "https://", 8) && !strncasecmp(audience + 8, host, len) &&
           (!audience[8 + len] || !strcmp(audience + 8 + len, "/"));
}

/* Is the tenant of the token one of this cloud? Their keys are not those of another's. */
static bool of_this_cloud(struct sim_call *call)
{
    return world_is_of_cloud(graph_tenant(call), call->host->azure->name);
}

static bool signed_in(struct sim_call *call)
{
    static const char *const texts[] = {
        [TOKEN_NONE] = "Access token is empty.",
        [TOKEN_BAD] = "CompactToken parsing failed with error code: 80049217",
        [TOKEN_EXPIRED] = "Lifetime validation failed, the token is expired.",
    };

    if (call->caller.state != TOKEN_GOOD)
        unauthorized(call, "InvalidAuthenticationToken", texts[call->caller.state]);
    else if (!audience_fits(call))
        unauthorized(call, "InvalidAuthenticationToken",
                     "Access token validation failure. Invalid audience.");
    else if (!of_this_cloud(call))
        unauthorized(call, "InvalidAuthenticationToken", "Access token validation failure.");
    else if (!world_principal(graph_tenant(call), call->caller.object_id))
        unauthorized(call, "Authorization_IdentityNotFound",
                     "The identity of the calling application could not be established.");
    else
        return true;
    return false;
}

/* Only v1.0: a beta that answered like it would be made up. */
static bool version_known(struct sim_call *call)
{
    const char *version = call->n_segments ? call->segments[0] : "";

    if (!strcasecmp(version, "v1.0"))
        return true;
    if (!strcasecmp(version, "beta"))
        call_not_modelled(call, "beta");
    else
        graph_fail(call, 400, "BadRequest",
                   call_text(call, "Invalid version: %s", graph_quoted(call, version)));
    return false;
}

void graph_serve(struct sim_call *call)
{
    const struct route *route;
    char id[GUID_TEXT + 1];

    request_id(call, id);
    call_reply_header(call, "request-id", id);
    call_reply_header(call, "client-request-id", client_request_id(call, id));
    if (!signed_in(call) || !version_known(call) || !graph_unfold(call))
        return;
    route = route_find(call, routes, 1);
    if (route)
        route->handle(call);
    else
        call_not_modelled(call, NULL);
}
