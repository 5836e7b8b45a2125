/* SPDX-License-Identifier: MIT
 * The old issuer of Azure DevOps, vstoken.dev.azure.com: what Entra reads to check its tokens.
 *
 * Each organization is an issuer of its own; all sign with the same key. */
#include "simulator/call.h"

#include "simulator/entra.h"

/* "https://vstoken.dev.azure.com/ORGANIZATION"; NULL after answering that there is none. */
static const char *issuer_of(struct sim_call *call)
{
    const json *organization =
        json_find(json_member(world_root(call->world), "organizations"), "id", call->part[0]);
    json *body;

    if (organization)
        return call_text(call, "https://%s/%s", call->host->name, json_text_of(organization, "id"));
    body = json_object();
    json_text(body, "message", "No organization has this id.");
    call->code = "NotFound";
    call_reply(call, 404, body);
    return NULL;
}

static void serve_configuration(struct sim_call *call)
{
    static const struct {
        const char *key, *texts[7];
    } lists[] = {
        {"subject_types_supported", {"public", "pairwise"}},
        {"response_types_supported", {"id_token"}},
        {"claims_supported", {"sub", "aud", "exp", "iat", "iss", "nbf"}},
        {"id_token_signing_alg_values_supported", {"RS256"}},
        {"scopes_supported", {"openid"}},
    };
    const char *issuer = issuer_of(call), *const * text;
    json *body, *list;
    size_t i;

    if (!issuer)
        return;
    body = json_object();
    json_text(body, "issuer", issuer);
    json_text(body, "jwks_uri", call_text(call, "%s/.well-known/jwks", issuer));
    for (i = 0; i < sizeof lists / sizeof *lists; i++) {
        list = json_add(body, lists[i].key, json_array());
        for (text = lists[i].texts; *text; text++)
            json_append_text(list, *text);
    }
    call_reply(call, 200, body);
}

static void serve_keys(struct sim_call *call)
{
    const char *issuer = issuer_of(call);

    if (issuer)
        call_reply(call, 200, entra_key_set(call, SIGNER_DEVOPS, NULL));
}

void devops_issuer_serve(struct sim_call *call)
{
    static const struct route routes[] = {
        {"GET", "{}/.well-known/openid-configuration", NULL, serve_configuration},
        {"GET", "{}/.well-known/jwks", NULL, serve_keys},
        {NULL, NULL, NULL, NULL},
    };
    const struct route *route = route_find(call, routes, 0);

    if (route)
        route->handle(call);
}
