/* SPDX-License-Identifier: MIT
 * The form that is posted to the token endpoint of the simulated Microsoft Entra, and the scopes in
 * it. */
#include "simulator/entra.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/utf8.h"

/* Of Azure DevOps; it has tenants of the public cloud only. */
static const char devops_resource[] = "499b84ac-1321-427f-aa17-267ca6975798";

/* The form */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* LEN bytes at TEXT, decoded; NULL when they are not UTF-8 in percent-encoding, without a NUL. */
static const char *decode_field(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_alloc(arena, len + 1, 1);
    size_t from, to = 0, at, n;
    uint32_t code;

    for (from = 0; from < len; from++) {
        char c = text[from] == '+' ? ' ' : text[from];

        if (c == '%') {
            if (len - from < 3 || hex(text[from + 1]) < 0 || hex(text[from + 2]) < 0)
                return NULL;
            c = (char)(hex(text[from + 1]) * 16 + hex(text[from + 2]));
            from += 2;
        }
        if (!c)
            return NULL;
        out[to++] = c;
    }
    for (at = 0; at < to; at += n)
        if (!(n = utf8_decode(out + at, to - at, &code)))
            return NULL;
    return out;
}

static bool is_form(struct sim_call *call)
{
    static const char form[] = "application/x-www-form-urlencoded";
    const char *type = call_header(call, "Content-Type");
    size_t len = strlen(form);

    return type && !strncasecmp(type, form, len) && (!type[len] || strchr("; ", type[len]));
}

/* The LEN bytes at TEXT, "name=value". */
static bool read_field(struct entra_request *request, const char *text, size_t len)
{
    struct arena *arena = request->call->arena;
    const char *equals = memchr(text, '=', len);
    size_t name = equals ? (size_t)(equals - text) : len, skip = equals ? name + 1 : len;
    struct call_query field = {.name = decode_field(arena, text, name)};

    field.value = decode_field(arena, text + skip, len - skip);
    if (!field.name || !field.value || entra_field(request, field.name))
        return false;
    if (*field.value)
        ARENA_PUSH(arena, request->fields, request->n_fields, field);
    return true;
}

/* A parameter that comes twice is an error, an empty one counts as not sent: RFC 6749, section 3.2.
 */
bool entra_read_form(struct entra_request *request)
{
    const char *at = request->call->body, *end = at + request->call->body_len, *stop;
    size_t n = 0;

    if (!is_form(request->call))
        return true;
    for (; at < end; at = stop + (stop < end)) {
        stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        if (n++ == LIMIT_CALL_PARAMETERS || !read_field(request, at, (size_t)(stop - at)))
            return false;
    }
    return true;
}

const char *entra_field(const struct entra_request *request, const char *name)
{
    size_t i;

    for (i = 0; i < request->n_fields; i++)
        if (!strcmp(request->fields[i].name, name))
            return request->fields[i].value;
    return NULL;
}

/* Scopes */

/* The resource of SCOPE, without the permission behind its last slash; NULL: none is named. */
static const char *resource_of(struct entra_request *request, const char *scope,
                               const char **ret_permission)
{
    const char *slash = strrchr(scope, '/');

    if (!slash || slash == scope)
        return NULL;
    *ret_permission = slash + 1;
    return call_text(request->call, "%.*s", (int)(slash - scope), scope);
}

/* Does RESOURCE, of LEN bytes, stand for NAME? */
static bool names(const char *resource, size_t len, const char *name)
{
    return strlen(name) == len && !strncasecmp(resource, name, len);
}

static bool is_known_resource(struct sim_call *call, const char *resource)
{
    const struct azure *azure = call->host->azure;
    size_t len = strlen(resource), i;

    if (names(resource, len, devops_resource))
        return azure == azure_find("AzureCloud");
    len -= resource[len - 1] == '/'; /* az asks for ".core.windows.net//.default" */
    for (i = 0; azure->arm_audiences[i]; i++)
        if (names(resource, len, azure->arm_audiences[i]))
            return true;
    return names(resource, len, call_text(call, "https://%s", azure->graph));
}

/* One word of the parameter. False after answering. */
static bool take_scope(struct entra_request *request, const char *scope)
{
    const char *permission = NULL, *resource;

    if (!strcmp(scope, "openid"))
        request->openid = true;
    if (!strcmp(scope, "offline_access"))
        request->offline = true;
    if (!strcmp(scope, "openid") || !strcmp(scope, "offline_access") || !strcmp(scope, "profile") ||
        !strcmp(scope, "email"))
        return true;
    resource = resource_of(request, scope, &permission);
    if (!resource) {
        entra_fail(request->call, ENTRA_BAD_SCOPE, scope, NULL);
        return false;
    }
    if (request->audience && strcmp(request->audience, resource) != 0) {
        entra_fail(request->call, ENTRA_SEVERAL_RESOURCES, entra_field(request, "scope"), NULL);
        return false;
    }
    if (strcmp(permission, ".default") != 0 && strcmp(permission, "user_impersonation") != 0) {
        call_not_modelled(request->call, "a scope that is neither .default nor user_impersonation");
        return false;
    }
    request->audience = resource;
    request->scope = arena_strdup(request->call->arena, scope);
    return true;
}

bool entra_read_scopes(struct entra_request *request)
{
    const char *at = entra_field(request, "scope");

    while (*at) {
        size_t len = strcspn(at, " ");

        if (len && !take_scope(request, call_text(request->call, "%.*s", (int)len, at)))
            return false;
        at += len + (at[len] == ' ');
    }
    if (!request->audience)
        call_not_modelled(request->call, "a scope without a resource");
    return request->audience != NULL;
}

bool entra_check_resource(const struct entra_request *request, const json *tenant)
{
    bool known = is_known_resource(request->call, request->audience);

    if (!known)
        entra_fail(request->call, ENTRA_UNKNOWN_RESOURCE, request->audience,
                   entra_tenant_name(tenant), NULL);
    return known;
}
