/* SPDX-License-Identifier: MIT
 * The simulated Microsoft Entra sign-in service: its documents, and where the token endpoint is. */
#include "simulator/entra.h"

#include <string.h>
#include <strings.h>

/* Tenants */

const char *entra_tenant_name(const json *tenant)
{
    const char *name = json_text_of(tenant, "name");

    return *name ? name : json_text_of(tenant, "id");
}

bool entra_is_any_tenant(const char *text)
{
    return !strcasecmp(text, "common") || !strcasecmp(text, "organizations");
}

/* The tenant that the path names, as documents write it: its id, or "{tenantid}" when everybody's
 * is asked for. NULL after answering that there is none here. */
static const char *documented_tenant(struct sim_call *call)
{
    const json *tenant = world_tenant(call->world, call->part[0]);

    if (entra_is_any_tenant(call->part[0]))
        return "{tenantid}";
    if (world_is_of_cloud(tenant, call->host->azure->name))
        return json_text_of(tenant, "id");
    entra_fail(call, ENTRA_UNKNOWN_TENANT_DOCS, call->part[0], NULL);
    return NULL;
}

/* Discovery */

static void add_list(json *body, const char *key, const char *const *texts)
{
    json *list = json_add(body, key, json_array());

    for (; *texts; texts++)
        json_append_text(list, *texts);
}

/* What every tenant's document says, as recorded in Azure/azure-workload-identity#682. */
static void add_abilities(json *body)
{
    static const struct {
        const char *key, *texts[16];
    } lists[] = {
        {"token_endpoint_auth_methods_supported",
         {"client_secret_post", "private_key_jwt", "client_secret_basic"}},
        {"response_modes_supported", {"query", "fragment", "form_post"}},
        {"subject_types_supported", {"pairwise"}},
        {"id_token_signing_alg_values_supported", {"RS256"}},
        {"response_types_supported", {"code", "id_token", "code id_token", "id_token token"}},
        {"scopes_supported", {"openid", "profile", "email", "offline_access"}},
        {"claims_supported",
         {"sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username",
          "name", "tid", "ver"}},
    };
    size_t i;

    for (i = 0; i < sizeof lists / sizeof *lists; i++)
        add_list(body, lists[i].key, lists[i].texts);
    json_bool(body, "request_uri_parameter_supported", false);
    json_bool(body, "http_logout_supported", true);
    json_bool(body, "frontchannel_logout_supported", true);
}

static const char *cloud_instance(const struct azure *azure)
{
    return azure->login + strlen("login.");
}

/* VERSION: "/v2.0" or "", as in the paths. */
static void reply_configuration(struct sim_call *call, const char *issuer, const char *version)
{
    const char *login = call->host->azure->login, *graph = call->host->azure->graph;
    const char *asked = call->part[0];
    json *body = json_object();

    json_text(body, "token_endpoint",
              call_text(call, "https://%s/%s/oauth2%s/token", login, asked, version));
    json_text(body, "jwks_uri",
              call_text(call, "https://%s/%s/discovery%s/keys", login, asked, version));
    json_text(body, "issuer", issuer);
    json_text(body, "authorization_endpoint",
              call_text(call, "https://%s/%s/oauth2%s/authorize", login, asked, version));
    json_text(body, "device_authorization_endpoint",
              call_text(call, "https://%s/%s/oauth2%s/devicecode", login, asked, version));
    json_text(body, "end_session_endpoint",
              call_text(call, "https://%s/%s/oauth2%s/logout", login, asked, version));
    json_text(body, "userinfo_endpoint", call_text(call, "https://%s/oidc/userinfo", graph));
    add_abilities(body);
    json_text(body, "cloud_instance_name", cloud_instance(call->host->azure));
    json_text(body, "msgraph_host", graph);
    call_reply_header(call, "Cache-Control", "max-age=86400, private");
    call_reply(call, 200, body);
}

static void serve_configuration_v2(struct sim_call *call)
{
    const char *tenant = documented_tenant(call);

    if (tenant)
        reply_configuration(
            call, call_text(call, "https://%s/%s/v2.0", call->host->azure->login, tenant), "/v2.0");
}

static void serve_configuration_v1(struct sim_call *call)
{
    const char *tenant = documented_tenant(call);

    if (tenant)
        reply_configuration(call, call_text(call, "https://sts.windows.net/%s/", tenant), "");
}

/* The clouds and all their names, as every sign-in service of Microsoft answers (recorded by
 * Azure/azure-sdk-for-js). Clients look for the host that they were given among the aliases. */
static void add_clouds(json *body)
{
    static const struct {
        const char *network, *cache, *aliases[5];
    } clouds[] = {
        {"login.microsoftonline.com",
         "login.windows.net",
         {"login.microsoftonline.com", "login.windows.net", "login.microsoft.com",
          "sts.windows.net"}},
        {"login.partner.microsoftonline.cn",
         "login.partner.microsoftonline.cn",
         {"login.partner.microsoftonline.cn", "login.chinacloudapi.cn"}},
        {"login.microsoftonline.us",
         "login.microsoftonline.us",
         {"login.microsoftonline.us", "login.usgovcloudapi.net"}},
    };
    json *list = json_add(body, "metadata", json_array());
    size_t i;

    for (i = 0; i < sizeof clouds / sizeof *clouds; i++) {
        json *cloud = json_append(list, json_object());

        json_text(cloud, "preferred_network", clouds[i].network);
        json_text(cloud, "preferred_cache", clouds[i].cache);
        add_list(cloud, "aliases", clouds[i].aliases);
    }
}

/* The tenant of "https://host/TENANT/oauth2/authorize"; "common" when it says none. */
static const char *tenant_of_endpoint(struct sim_call *call, const char *endpoint)
{
    static const char scheme[] = "https://";
    const char *path = NULL;
    size_t len;

    if (endpoint && !strncasecmp(endpoint, scheme, strlen(scheme)))
        path = strchr(endpoint + strlen(scheme), '/');
    len = path
              ? strspn(path + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")
              : 0;
    return len ? call_text(call, "%.*s", (int)len, path + 1) : "common";
}

static void serve_instance(struct sim_call *call)
{
    const char *endpoint = call_argument(call, "authorization_endpoint");
    const char *version = call_argument(call, "api-version");
    json *body;

    if (!endpoint) {
        entra_fail(call, ENTRA_MISSING, "authorization_endpoint", NULL);
        return;
    }
    body = json_object();
    json_text(body, "tenant_discovery_endpoint",
              call_text(call, "https://%s/%s/v2.0/.well-known/openid-configuration",
                        call->host->azure->login, tenant_of_endpoint(call, endpoint)));
    json_text(body, "api-version", version && !strcmp(version, "1.0") ? "1.0" : "1.1");
    add_clouds(body);
    call_reply_header(call, "Cache-Control", "max-age=86400, private");
    call_reply(call, 200, body);
}

/* Keys */

json *entra_key_set(struct sim_call *call, enum signer signer, const char *issuer)
{
    json *set = json_object(), *key;
    struct strbuf modulus, exponent;

    strbuf_init(&modulus, 1024);
    strbuf_init(&exponent, 1024);
    keys_public(call->keys, signer, &modulus, &exponent);
    key = json_append(json_add(set, "keys", json_array()), json_object());
    json_text(key, "kty", "RSA");
    json_text(key, "use", "sig");
    json_text(key, "alg", "RS256");
    json_text(key, "kid", keys_id(call->keys, signer));
    json_text(key, "x5t", keys_id(call->keys, signer));
    json_text(key, "n", modulus.data);
    json_text(key, "e", exponent.data);
    json_text(key, "issuer", issuer);
    strbuf_clear(&modulus);
    strbuf_clear(&exponent);
    return set;
}

static void serve_keys(struct sim_call *call)
{
    const char *tenant = documented_tenant(call);

    if (tenant)
        call_reply(
            call, 200,
            entra_key_set(call, SIGNER_ENTRA,
                          call_text(call, "https://%s/%s/v2.0", call->host->azure->login, tenant)));
}

/* Whose passwords are whose: all people of the world are managed here, none by a company's server.
 */

static bool has_domain(const json *tenant, const char *domain)
{
    const json *users = json_member(tenant, "users"), *user;

    for (user = users ? json_first(users) : NULL; user; user = json_next(user)) {
        const char *at = strrchr(json_text_of(user, "name"), '@');

        if (at && !strcasecmp(at + 1, domain))
            return true;
    }
    return false;
}

static void serve_realm(struct sim_call *call)
{
    const json *tenants = json_member(world_root(call->world), "tenants"), *tenant;
    const char *at = strrchr(call->part[0], '@');
    json *body = json_object();
    bool known = false;

    for (tenant = tenants ? json_first(tenants) : NULL; tenant && at && !known;
         tenant = json_next(tenant))
        known = world_is_of_cloud(tenant, call->host->azure->name) && has_domain(tenant, at + 1);
    json_text(body, "ver", "1.0");
    json_text(body, "account_type", known ? "Managed" : "Unknown");
    json_text(body, "domain_name", known ? at + 1 : NULL);
    json_text(body, "cloud_instance_name", cloud_instance(call->host->azure));
    json_text(body, "cloud_audience_urn", "urn:federation:MicrosoftOnline");
    call_reply(call, 200, body);
}

void entra_serve(struct sim_call *call)
{
    static const struct route routes[] = {
        {"GET", "{}/v2.0/.well-known/openid-configuration", NULL, serve_configuration_v2},
        {"GET", "{}/.well-known/openid-configuration", NULL, serve_configuration_v1},
        {"GET", "common/discovery/instance", NULL, serve_instance},
        {"GET", "{}/discovery/v2.0/keys", NULL, serve_keys},
        {"GET", "{}/discovery/keys", NULL, serve_keys},
        {"GET", "common/userrealm/{}", NULL, serve_realm},
        {"POST", "{}/oauth2/v2.0/token", NULL, entra_token},
        {NULL, NULL, NULL, NULL},
    };
    const struct route *route = route_find(call, routes, 0);

    if (route)
        route->handle(call);
}
