/* SPDX-License-Identifier: MIT
 * Calls that give the identity its trust and its rights: federated credentials and role assignments. */
#include "plan/calls.h"

#include <string.h>
#include <strings.h>

#include "base/capture.h"
#include "base/guid.h"
#include "format/json.h"
#include "model/derive.h"
#include "model/names.h"

#define API_CREDENTIAL "?api-version=2023-01-31"
#define API_ROLES      "?api-version=2022-04-01"
#define AUTHORIZATION  "/providers/Microsoft.Authorization"

static json *credential_properties(struct builder *b, const char *subject)
{
    json *properties = json_object();

    json_text(properties, "issuer", CAPTURE("issuer"));
    json_text(properties, "subject", arena_printf(b->arena, CAPTURE("%s"), subject));
    json_append_text(json_add(properties, "audiences", json_array()),
                     b->connection->audience.text);
    return properties;
}

static void managed_credential(struct builder *b, struct step *step)
{
    const char *all = join(b, managed_identity_url(b), "/federatedIdentityCredentials", NULL);
    const char *url = join(b, all, "/", step->credential_name, API_CREDENTIAL, NULL);
    json *root = json_object();

    json_add(root, "properties", credential_properties(b, step->subject));
    step->look = (struct call){.method = "GET", .url = join(b, all, API_CREDENTIAL, NULL)};
    step->write = (struct call){.method = "PUT", .url = url, .body = body_text(b, root)};
    step->undo = (struct call){.method = "DELETE", .url = url};
    step->rights = "Managed Identity Federated Identity Credential Contributor on the identity";
    step->right_role = "Managed Identity Federated Identity Credential Contributor";
    step->right_url = join(b, managed_identity_url(b), AUTHORIZATION "/permissions" API_ROLES, NULL);
    step->right_actions[0] =
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write";
}

/* Upsert by name, so that a reply that was lost makes no second one:
 * learn.microsoft.com/graph/api/federatedidentitycredential-upsert */
static void application_credential(struct builder *b, struct step *step)
{
    const char *all = join(b, b->spec->graph, "/v1.0/applications/" CAPTURE("application_id"),
                           "/federatedIdentityCredentials", NULL);

    step->rights = "owner of the app registration, or Application Administrator";
    step->look = (struct call){.method = "GET", .url = all};
    step->write = (struct call){
        .method = "PATCH",
        .url = join(b, all, "(name=", odata_segment(b, step->credential_name), ")", NULL),
        .header = "Prefer=create-if-missing",
        .body = body_text(b, credential_properties(b, step->subject))};
    step->undo = (struct call){
        .method = "DELETE", .url = join(b, all, "/" CAPTURE("credential_id"), NULL)};
}

static void add_credential(struct builder *b, const char *name, const char *subject)
{
    struct step *step = builder_step(b, STEP_CREDENTIAL);

    step->title = join(b, "Federated credential ", name, NULL);
    step->credential_name = name;
    step->subject = subject;
    if (b->identity->type == IDENTITY_MANAGED)
        managed_credential(b, step);
    else
        application_credential(b, step);
}

/* The name of credential INDEX of C: its own, then, with the old issuer, one for each project it is
 * shared with; the Entra issuer's subject is the same in every project. NULL past the last. */
static const char *credential_name(struct builder *b, const struct connection *c, size_t index)
{
    if (!index)
        return c->federated_credential.text;
    if (c->issuer != ISSUER_AZURE_DEVOPS || index > c->share_with.count)
        return NULL;
    return derive_shared_credential_name(b->arena, c->federated_credential.text,
                                         c->share_with.items[index - 1].text);
}

void add_credentials(struct builder *b)
{
    const char *name;
    size_t i;

    for (i = 0; (name = credential_name(b, b->connection, i)); i++)
        add_credential(b, name, i ? arena_printf(b->arena, "subject_%zu", i) : "subject");
}

/* Names of assignments out there depend on this: never to change. */
static const char *role_seed(struct builder *b, const struct role *role)
{
    char *guid = arena_alloc(b->arena, GUID_TEXT + 1, 1);

    guid_from_name(join(b, "role/", names_fold(b->arena, role->scope), "|",
                        names_fold(b->arena, role->role), NULL),
                   guid);
    return guid;
}

void add_others(struct builder *b)
{
    const char **credentials = NULL, **seeds = NULL, *name;
    size_t n_credentials = 0, n_seeds = 0, i, k;

    for (i = 0; i < b->identity->n_connections; i++) {
        const struct connection *c = b->identity->connections[i];

        if (c == b->connection)
            continue;
        for (k = 0; (name = credential_name(b, c, k)); k++)
            ARENA_PUSH(b->arena, credentials, n_credentials, name);
        for (k = 0; k < c->n_roles; k++)
            ARENA_PUSH(b->arena, seeds, n_seeds, role_seed(b, &c->roles[k]));
    }
    ARENA_PUSH(b->arena, credentials, n_credentials, NULL);
    ARENA_PUSH(b->arena, seeds, n_seeds, NULL);
    b->plan->other_credentials = credentials;
    b->plan->other_seeds = seeds;
}

/* Another connection of the same identity that describes the same role at the same scope: its rollback
 * must not take the assignment away from the other. */
static const char *needed_by(struct builder *b, const struct role *role)
{
    size_t i, k;

    for (i = 0; i < b->identity->n_connections; i++) {
        const struct connection *c = b->identity->connections[i];

        for (k = 0; c != b->connection && k < c->n_roles; k++)
            if (!strcasecmp(c->roles[k].role, role->role) &&
                !strcasecmp(c->roles[k].scope, role->scope))
                return c->key;
    }
    return NULL;
}

/* What a role definition's id begins with at a scope: "/subscriptions/GUID", or nothing elsewhere. */
static const char *definition_prefix(struct builder *b, const char *scope)
{
    static const char subscriptions[] = "/subscriptions/";
    size_t len = sizeof subscriptions - 1;

    if (strncasecmp(scope, subscriptions, len))
        return "";
    return arena_strndup(b->arena, scope, len + strcspn(scope + len, "/"));
}

static const char *role_body(struct builder *b, const struct role *role, const char *definition)
{
    json *root = json_object(), *properties = json_add(root, "properties", json_object());

    json_text(properties, "roleDefinitionId",
              join(b, definition_prefix(b, role->scope), AUTHORIZATION "/roleDefinitions/",
                   definition, NULL));
    json_text(properties, "principalId", CAPTURE("principal_id"));
    /* Spares the look-up in the directory, where a new principal may not be known yet. */
    json_text(properties, "principalType", "ServicePrincipal");
    return body_text(b, root);
}

static void add_role(struct builder *b, const struct role *role)
{
    struct step *step = builder_step(b, STEP_ROLE);
    const char *scope = join(b, b->spec->resource_manager, scope_path(b, role->scope) + 1, NULL);
    const char *definitions = join(b, scope, AUTHORIZATION "/roleDefinitions", NULL);
    const char *assignments = join(b, scope, AUTHORIZATION "/roleAssignments", NULL);
    const char *name = arena_printf(b->arena, CAPTURE("%s_name"), step->id);

    step->title = join(b, "Role ", role->role, " @ ", role->scope, NULL);
    step->role = role;
    step->needed_by = needed_by(b, role);
    step->seed = role_seed(b, role);
    step->definition_url =
        role->is_guid ? join(b, definitions, "/", role->role, API_ROLES, NULL)
                      : join(b, definitions, API_ROLES "&$filter=roleName%20eq%20",
                             odata_query(b, role->role), NULL);
    step->look = (struct call){.method = "GET",
                               .url = join(b, assignments,
                                           API_ROLES "&$filter=principalId%20eq%20%27" CAPTURE(
                                               "principal_id") "%27",
                                           NULL)};
    step->write = (struct call){
        .method = "PUT",
        .url = join(b, assignments, "/", name, API_ROLES, NULL),
        .body = role_body(b, role, arena_printf(b->arena, CAPTURE("%s_definition"), step->id))};
    step->undo = (struct call){.method = "DELETE", .url = step->write.url};
    step->right_role = "Role Based Access Control Administrator";
    step->right_url = join(b, scope, AUTHORIZATION "/permissions" API_ROLES, NULL);
    step->right_actions[0] = "Microsoft.Authorization/roleAssignments/write";
    step->right_actions[1] = NULL;
}

/* A managed identity names its resource in the directory, which every member may read; whoever assigns
 * roles may not read the identity itself. */
static void add_principal(struct builder *b)
{
    struct step *step = builder_step(b, STEP_PRINCIPAL);

    step->title = "Principal that the roles are for";
    step->only_split = true;
    step->look = (struct call){
        .method = "GET",
        .url = join(b, b->spec->graph, "/v1.0/servicePrincipals(appId='" CAPTURE("client_id"),
                    "')?$select=id,appId,alternativeNames", NULL)};
}

void add_roles(struct builder *b)
{
    const struct connection *c = b->connection;
    struct step *step;
    size_t i;

    if (!c->n_roles)
        return;
    if (b->identity->type == IDENTITY_MANAGED)
        add_principal(b);
    for (i = 0; i < c->n_roles; i++)
        add_role(b, &c->roles[i]);
    step = builder_step(b, STEP_ROLES_BEYOND);
    step->title = "Roles beyond the description";
}
