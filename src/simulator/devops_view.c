/* SPDX-License-Identifier: MIT
 * Service connections as they are kept and as they are read: lookups, issuer and subject, replies.
 */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

/* Lookups */

bool devops_deleting(const json *endpoint)
{
    const json *at = json_member(endpoint, "deletedAt");

    return at && json_kind(at) == JSON_NUMBER;
}

static bool is_due(struct devops *ask, const json *endpoint)
{
    return devops_deleting(endpoint) && json_number_of(endpoint, "deletedAt", 0) +
                                                world_setting(ask->call->world, SETTING_DELETION) <=
                                            world_now();
}

json *devops_endpoints(struct devops *ask)
{
    json *all = json_list(ask->organization, "serviceEndpoints");
    json *item, *next;

    for (item = json_first_of(all); item; item = next) {
        next = json_next_of(item);
        if (is_due(ask, item))
            json_remove(all, item);
    }
    return all;
}

json *devops_reference(const json *endpoint, const json *project)
{
    return json_find(json_member(endpoint, "references"), "projectId", json_text_of(project, "id"));
}

json *devops_find_endpoint(struct devops *ask, const char *id, const json *project)
{
    json *found = json_find(devops_endpoints(ask), "id", id);

    if (found && !devops_deleting(found) && (!project || devops_reference(found, project)))
        return found;
    devops_fail(ask->call, 404, "ServiceEndpointNotFoundException",
                "The service connection %s could not be found.", id);
    return NULL;
}

json *devops_owner(const struct devops *ask, const json *endpoint)
{
    const json *references = json_member(endpoint, "references");
    const json *first = references ? json_first(references) : NULL;

    return json_find(json_member(ask->organization, "projects"), "id",
                     first ? json_text_of(first, "projectId") : "");
}

/* Issuer and subject */

static const struct azure *cloud_of(const json *endpoint)
{
    return azure_find(json_text_of(json_member(endpoint, "data"), "environment"));
}

/* Only the public cloud knows the Entra issuer: all others keep that of Azure DevOps. */
static bool has_entra_issuer(const json *organization, const json *endpoint)
{
    const struct azure *azure = cloud_of(endpoint);
    const char *kind = json_text_of(endpoint, "issuer");

    if (!azure || !azure->entra_issuer)
        return false;
    kind = *kind ? kind : json_text_of(organization, "issuer");
    return strcasecmp(kind, "azure-devops") != 0;
}

/* Which tenant issuer and subject carry when organization and identity are in different ones is not
 * documented. It is this simulator's choice that they carry the identity's, unless the world says
 * otherwise; nothing may rely on it. */
static const char *issuer_tenant(const json *organization, const json *endpoint)
{
    const char *said = json_text_of(organization, "issuerTenantId");
    const json *parameters = json_member(json_member(endpoint, "authorization"), "parameters");

    return *said ? said : json_text_of(parameters, "tenantid");
}

static const char *entra_subject(struct arena *arena, const json *organization,
                                 const json *endpoint, const char *tenant)
{
    char tenant_code[GUID_CODE + 1] = "", app_code[GUID_CODE + 1];

    if (guid_valid(tenant))
        guid_code(tenant, tenant_code);
    guid_code(DEVOPS_AUDIENCE, app_code);
    return arena_printf(arena, "/eid1/c/pub/t/%s/a/%s/sc/%s/%s", tenant_code, app_code,
                        json_text_of(organization, "id"), json_text_of(endpoint, "id"));
}

struct devops_trust devops_trust(struct arena *arena, const json *organization,
                                 const json *endpoint, const json *project)
{
    const struct azure *azure = cloud_of(endpoint);
    const char *tenant = issuer_tenant(organization, endpoint);
    const char *override = json_text_of(endpoint, "issuerText");
    struct devops_trust trust = {.audience = azure ? azure->audience : "", .signer = SIGNER_ENTRA};

    if (has_entra_issuer(organization, endpoint)) {
        trust.issuer = arena_printf(arena, "https://login.microsoftonline.com/%s/v2.0", tenant);
        trust.subject = entra_subject(arena, organization, endpoint, tenant);
    } else {
        trust.signer = SIGNER_DEVOPS;
        trust.issuer = arena_printf(arena, "https://vstoken.dev.azure.com/%s",
                                    json_text_of(organization, "id"));
        trust.subject = arena_printf(arena, "sc://%s/%s/%s", json_text_of(organization, "name"),
                                     json_text_of(project, "name"),
                                     json_text_of(devops_reference(endpoint, project), "name"));
    }
    if (*override)
        trust.issuer = arena_strdup(arena, override);
    return trust;
}

/* Replies */

static json *parameters_view(struct devops *ask, const json *endpoint, const json *project)
{
    const json *authorization = json_member(endpoint, "authorization");
    json *parameters = json_copy(json_member(authorization, "parameters"));
    struct devops_trust trust;

    if (strcasecmp(json_text_of(authorization, "scheme"), DEVOPS_WIF) != 0)
        return parameters;
    trust = devops_trust(ask->call->arena, ask->organization, endpoint, project);
    json_put_text(parameters, "workloadIdentityFederationIssuer", trust.issuer);
    json_put_text(parameters, "workloadIdentityFederationSubject", trust.subject);
    if (trust.signer == SIGNER_ENTRA)
        json_put_text(parameters, "workloadIdentityFederationIssuerType", "EntraID");
    return parameters;
}

static json *references_view(struct devops *ask, const json *endpoint)
{
    const json *references = json_member(endpoint, "references"), *item;
    json *view = json_array();

    for (item = references ? json_first(references) : NULL; item; item = json_next(item)) {
        const char *id = json_text_of(item, "projectId");
        const json *project = json_find(json_member(ask->organization, "projects"), "id", id);
        json *entry = json_append(view, json_object());
        json *part = json_add(entry, "projectReference", json_object());

        json_text(part, "id", id);
        json_text(part, "name", json_text_of(project, "name"));
        json_text(entry, "name", json_text_of(item, "name"));
        json_text(entry, "description", json_text_of(item, "description"));
    }
    return view;
}

static void add_guarded(struct devops *ask, json *view, const json *endpoint, const json *project)
{
    json *authorization = json_add(view, "authorization", json_object()), *data;

    json_text(authorization, "scheme",
              json_text_of(json_member(endpoint, "authorization"), "scheme"));
    if (!(devops_rights(ask, project, endpoint) & MAY_READ)) {
        json_put(authorization, "parameters", json_null());
        return;
    }
    json_add(authorization, "parameters", parameters_view(ask, endpoint, project));
    json_text(view, "type", json_text_of(endpoint, "type"));
    json_text(view, "url", json_text_of(endpoint, "url"));
    data = json_add(view, "data", json_copy(json_member(endpoint, "data")));
    if (!json_member(data, "identityType"))
        json_text(data, "identityType", "AppRegistrationManual");
}

static const char *state_of(const json *endpoint)
{
    const char *state = json_text_of(endpoint, "state");

    return devops_deleting(endpoint) ? "InProgress" : *state ? state : "Ready";
}

json *devops_view(struct devops *ask, const json *endpoint, const json *project)
{
    const json *mine = devops_reference(endpoint, project);
    json *view = json_object(), *status, *references = references_view(ask, endpoint);

    json_text(view, "id", json_text_of(endpoint, "id"));
    json_text(view, "name", json_text_of(mine, "name"));
    json_text(view, "description", json_text_of(mine, "description"));
    json_add(view, "createdBy", devops_identity(ask, json_text_of(endpoint, "createdBy")));
    add_guarded(ask, view, endpoint, project);
    json_bool(view, "isShared", json_count(references) > 1);
    json_bool(view, "isReady", json_flag_of(endpoint, "isReady"));
    json_text(view, "owner", "Library");
    status = json_add(view, "operationStatus", json_object());
    json_text(status, "state", state_of(endpoint));
    json_text(status, "statusMessage", "");
    json_add(view, "serviceEndpointProjectReferences", references);
    return view;
}
