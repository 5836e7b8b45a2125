/* SPDX-License-Identifier: MIT
 * dev.azure.com: from a call to the handler of its route, by way of organization, sign-in, version,
 * project and body. */
#include "simulator/devops.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const char not_found_page[] =
    "<!DOCTYPE html><html><head><title>404 - Not Found</title></head>"
    "<body>Azure DevOps Services</body></html>";
static const char bad_request_page[] =
    "<!DOCTYPE html><html><head><title>Bad Request</title></head>"
    "<body>Bad Request - Invalid URL</body></html>";
static const char sign_in_page[] =
    "\r\n\r\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "
    "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n"
    "<html lang=\"en-US\">\r\n<head><title>\r\n\r\n            Azure DevOps Services | Sign In"
    "\r\n\r\n</title></head>\r\n<body class=\"platform\"></body>\r\n</html>\r\n";
static const char html[] = "text/html; charset=utf-8";

static const struct devops_route *const tables[] = {
    devops_location_routes, devops_project_routes,  devops_endpoint_routes,
    devops_delete_routes,   devops_pipeline_routes, devops_check_routes,
    devops_role_routes,     devops_proxy_routes,    devops_token_routes};

/* Refusals */

void devops_fail(struct sim_call *call, int status, const char *type_key, const char *format, ...)
{
    json *body = json_object();
    va_list args;

    json_text(body, "$id", "1");
    json_put(body, "innerException", json_null());
    va_start(args, format);
    json_text(body, "message", arena_vprintf(call->arena, format, args));
    va_end(args);
    json_text(body, "typeName",
              call_text(call,
                        "Microsoft.VisualStudio.Services.WebApi.%s, "
                        "Microsoft.VisualStudio.Services.WebApi",
                        type_key));
    json_text(body, "typeKey", type_key);
    json_number(body, "errorCode", 0);
    json_number(body, "eventId", 3000);
    call->code = type_key;
    call_reply(call, status, body);
}

void devops_refuse(struct sim_call *call, int status, const char *text)
{
    devops_fail(call, status,
                status == 415 ? "VssRequestContentTypeNotSupportedException"
                              : "VssPropertyValidationException",
                "%s", text);
}

/* Who asks */

static bool is_devops_audience(const char *audience)
{
    size_t len = strlen(DEVOPS_AUDIENCE);

    return !strncasecmp(audience, DEVOPS_AUDIENCE, len) &&
           (!audience[len] || !strcmp(audience + len, "/"));
}

/* Azure DevOps is in the public cloud, whatever cloud its connections go to. */
static bool is_of_tenant(const struct devops *ask)
{
    const char *id = ask->call->caller.tenant_id;
    const json *tenant = world_tenant(ask->call->world, id);

    return !strcasecmp(id, json_text_of(ask->organization, "tenantId")) &&
           world_is_of_cloud(tenant, "AzureCloud");
}

/* Three forms are known of how a token that does not fit is answered: this page, 401 for who asks
 * for that, and a redirection to the page, which is left out. */
static bool ask_to_sign_in(struct devops *ask)
{
    struct sim_call *call = ask->call;
    const char *wish = call_header(call, "X-TFS-FedAuthRedirect");

    call->code = "SignInRequired";
    if (!wish || strcasecmp(wish, "Suppress") != 0) {
        call_reply_text(call, 203, html, sign_in_page);
        return false;
    }
    call_reply_header(call, "WWW-Authenticate",
                      call_text(call,
                                "Bearer authorization_uri=https://login.microsoftonline.com/%s",
                                json_text_of(ask->organization, "tenantId")));
    call_reply_text(call, 401, html, "");
    return false;
}

static bool sign_in(struct devops *ask)
{
    const struct caller *caller = &ask->call->caller;
    json *tenant;

    if (caller->state != TOKEN_GOOD || !is_devops_audience(caller->audience))
        return ask_to_sign_in(ask);
    ask->job = json_member(caller->claims, "job");
    if (ask->job)
        return !strcasecmp(json_text_of(ask->job, "organization"),
                           json_text_of(ask->organization, "id")) ||
               ask_to_sign_in(ask);
    if (!is_of_tenant(ask))
        return ask_to_sign_in(ask);
    tenant = world_tenant(ask->call->world, caller->tenant_id);
    ask->member = json_find(json_member(ask->organization, "members"), "userId", caller->object_id);
    if (ask->member && world_principal(tenant, caller->object_id))
        return true;
    devops_fail(ask->call, 401, "UnauthorizedRequestException",
                "TF400813: The user '%s' is not authorized to access this resource.",
                caller->object_id);
    return false;
}

/* Versions */

/* Well-formed, and without control characters? What a caller says comes back in replies. */
static bool is_clean(const char *text)
{
    while (*text) {
        uint32_t code = 0;
        size_t len = utf8_decode(text, strlen(text), &code);

        if (!len || utf8_is_control(code))
            return false;
        text += len;
    }
    return true;
}

struct version {
    int number;   /* 701 */
    int resource; /* of a preview; 0: not said */
    bool preview;
};

/* The number of at most three digits at *TEXT, which moves behind it; -1: none. */
static int take_number(const char **text)
{
    int number = 0, digits = 0;

    for (; **text >= '0' && **text <= '9' && digits < 3; ++*text, digits++)
        number = number * 10 + (**text - '0');
    return digits ? number : -1;
}

/* "7.1", "7.1-preview", "7.1-preview.4" */
static bool parse_version(const char *text, struct version *ret)
{
    static const char preview[] = "-preview";
    int major = take_number(&text), minor = -1;

    if (major >= 0 && *text == '.')
        minor = (text++, take_number(&text));
    if (major < 0 || minor < 0 || minor > 99)
        return false;
    *ret = (struct version){.number = major * 100 + minor};
    ret->preview = !strncasecmp(text, preview, strlen(preview));
    text += ret->preview ? strlen(preview) : 0;
    if (!ret->preview || *text != '.')
        return !*text;
    text++;
    ret->resource = take_number(&text);
    return !*text && ret->resource > 0;
}

/* Of the query, or else of the Accept header: "application/json;api-version=7.1". */
static const char *asked_version(struct sim_call *call)
{
    static const char key[] = "api-version=";
    const char *version = call_argument(call, "api-version");
    const char *accept = version ? NULL : call_header(call, "Accept");

    for (; accept && *accept; accept++)
        if (!strncasecmp(accept, key, strlen(key))) {
            accept += strlen(key);
            version = arena_strndup(call->arena, accept, strcspn(accept, ";, "));
            return is_clean(version) ? version : "";
        }
    return version;
}

/* Answers when the version ASKED for, in TEXT, is none of those of LOCATION. */
static void refuse_version(struct sim_call *call, const struct devops_location *location,
                           const struct version *asked, const char *text)
{
    if (asked->number > DEVOPS_VERSION || asked->resource > location->resource_version)
        devops_fail(call, 400, "VssVersionOutOfRangeException",
                    "The requested REST API version of %s is out of range for this server. The "
                    "latest REST API version this server supports is %d.%d.",
                    text, DEVOPS_VERSION / 100, DEVOPS_VERSION % 100);
    else if (asked->number < location->min)
        devops_fail(call, 400, "VssVersionNotSupportedException",
                    "The requested version %s of the resource %s is not supported by this server. "
                    "The minimum supported version is %d.%d.",
                    text, location->name, location->min / 100, location->min % 100);
    else if (!asked->preview && asked->number > location->released)
        devops_fail(call, 400, "VssInvalidPreviewVersionException",
                    "The requested version \"%s\" of the resource is under preview. The -preview "
                    "flag must be supplied in the api-version for such requests. For example: "
                    "\"%s-preview\"",
                    text, text);
}

static bool check_version(struct devops *ask, enum devops_resource resource)
{
    const struct devops_location *location = devops_location(resource);
    struct sim_call *call = ask->call;
    const char *text = asked_version(call);
    struct version asked = {0, 0, false};

    if (resource == RESOURCE_NONE)
        return true;
    ask->resource_version = location->resource_version;
    if (!text && !call_is_write(call->method))
        return true;
    if (!text)
        devops_fail(call, 400, "VssVersionNotSpecifiedException",
                    "No api-version was supplied for the \"%s\" request. The version must be "
                    "supplied either as part of the Accept header (e.g. \"application/json; "
                    "api-version=1.0\") or as a query parameter (e.g. \"?api-version=1.0\").",
                    call->method);
    else if (!parse_version(text, &asked))
        devops_fail(call, 400, "VssInvalidApiResourceVersionException",
                    "Invalid api version string: \"%s\". Api version string must be in the "
                    "following format: {Major}.{Minor}[-preview[.{ResourceVersion}]].",
                    text);
    else
        refuse_version(call, location, &asked, text);
    ask->version = asked.number;
    if (asked.resource)
        ask->resource_version = asked.resource;
    return !call->status;
}

/* The route */

static const struct devops_route *find_route(struct sim_call *call)
{
    size_t i;

    for (i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct devops_route *route;

        for (route = tables[i]; route->method; route++) {
            const struct route one[] = {{.method = route->method, .pattern = route->pattern},
                                        {.method = NULL}};

            if (route_find(call, one, 1))
                return route;
        }
    }
    return NULL;
}

/* Is NAME one of the words of LIST? */
static bool is_word(const char *list, const char *name)
{
    size_t len;

    for (; list && *list; list += len + (list[len] == ' ')) {
        len = strcspn(list, " ");
        if (len == strlen(name) && !strncasecmp(list, name, len))
            return true;
    }
    return false;
}

static bool check_query(struct sim_call *call, const struct devops_route *route)
{
    size_t i;

    for (i = 0; i < call->n_query; i++) {
        const char *name = call->query[i].name;

        if (strcasecmp(name, "api-version") != 0 && !is_word(route->query, name)) {
            call_not_modelled(call, call_text(call, "the query parameter %s", name));
            return false;
        }
    }
    return true;
}

/* A job may ask for its ID token, and nobody else may. */
static bool check_kind(struct devops *ask, const struct devops_route *route)
{
    bool token = route->resource == RESOURCE_ID_TOKEN;

    if (ask->job && !token)
        call_not_modelled(ask->call, "the access token of a pipeline job");
    else if (!ask->job && token)
        devops_fail(ask->call, 403, "AccessCheckException",
                    "Access denied. %s needs the access token of a running job to request an ID "
                    "token.",
                    ask->call->caller.name);
    return !ask->call->status;
}

static void handle(struct devops *ask, const struct devops_route *route)
{
    struct sim_call *call = ask->call;

    if (!strncmp(route->pattern, "{}/", 3)) {
        ask->project = devops_find_project(ask, call->part[0]);
        if (!ask->project)
            return;
    }
    if (route->body != BODY_NONE) {
        ask->body = call_json(call, route->body == BODY_LIST, devops_refuse);
        if (!ask->body)
            return;
    }
    route->handle(ask);
    json_free(ask->body);
}

static bool check_text(struct sim_call *call)
{
    bool clean = true;
    size_t i;

    for (i = 0; i < call->n_segments; i++)
        clean = clean && is_clean(call->segments[i]);
    for (i = 0; i < call->n_query; i++)
        clean = clean && is_clean(call->query[i].name) && is_clean(call->query[i].value);
    if (clean)
        return true;
    call->code = "BadRequest";
    call_reply_text(call, 400, html, bad_request_page);
    return false;
}

void devops_serve(struct sim_call *call)
{
    struct devops ask = {.call = call};
    const struct devops_route *route;

    if (!call->n_segments || !check_text(call))
        return;
    ask.organization =
        json_find(json_member(world_root(call->world), "organizations"), "name", call->segments[0]);
    if (!ask.organization) {
        call->code = "NotFound";
        call_reply_text(call, 404, html, not_found_page);
        return;
    }
    call_reply_header(call, "X-VSS-ResourceTenant", json_text_of(ask.organization, "tenantId"));
    if (!sign_in(&ask))
        return;
    route = find_route(call);
    if (route && check_kind(&ask, route) && check_version(&ask, route->resource) &&
        check_query(call, route))
        handle(&ask, route);
}
