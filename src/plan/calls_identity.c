/* SPDX-License-Identifier: MIT
 * Calls that make or find the identity: Resource Manager for managed identities, Microsoft Graph for
 * app registrations. */
#include "plan/calls.h"

#include "base/capture.h"
#include "format/json.h"

#define API_IDENTITY    "?api-version=2023-01-31" /* also of its federated credentials */
#define API_GROUP       "?api-version=2021-04-01"
#define API_PERMISSIONS "/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"

static const char *group_url(struct builder *b)
{
    return join(b, b->spec->resource_manager, "subscriptions/", b->identity->subscription_id.text,
                "/resourceGroups/", path_segment(b, b->identity->resource_group.text), NULL);
}

const char *managed_identity_url(struct builder *b)
{
    return join(b, group_url(b), "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/",
                b->identity->name.text, NULL);
}

static void add_resource_group(struct builder *b)
{
    const struct identity *identity = b->identity;
    struct step *step = builder_step(b, STEP_RESOURCE_GROUP);

    step->title = join(b, "Resource group ", identity->resource_group.text, NULL);
    step->look = (struct call){.method = "GET", .url = join(b, group_url(b), API_GROUP, NULL)};
    step->write = (struct call){
        .method = "PUT",
        .command = join(b, "az group create --subscription ", identity->subscription_id.text,
                        " --name '", identity->resource_group.text, "' --location ",
                        identity->location.text, NULL)};
    step->right_role = "Contributor";
    step->right_url = join(b, b->spec->resource_manager, "subscriptions/",
                           identity->subscription_id.text, API_PERMISSIONS, NULL);
    step->right_actions[0] = "Microsoft.Resources/subscriptions/resourceGroups/write";
}

static const char *managed_identity_body(struct builder *b)
{
    json *root = json_object(), *tags;
    size_t i;

    json_text(root, "location", b->identity->location.text);
    tags = json_add(root, "tags", json_object());
    json_text(tags, "azdo-wif", b->identity->mark);
    for (i = 0; i < b->identity->n_tags; i++)
        json_text(tags, b->identity->tags[i].key, b->identity->tags[i].value);
    return body_text(b, root);
}

void add_managed_identity(struct builder *b)
{
    const struct identity *identity = b->identity;
    const char *url = join(b, managed_identity_url(b), API_IDENTITY, NULL);
    struct step *step;

    if (identity->create_resource_group)
        add_resource_group(b);
    step = builder_step(b, STEP_MANAGED_IDENTITY);
    step->title = join(b, "Managed identity ", identity->name.text, NULL);
    step->look = (struct call){.method = "GET", .url = url};
    if (identity->existing)
        return;
    /* By REST: a tag is free text, and az would take "key=@value" for a file's name. */
    step->write = (struct call){.method = "PUT", .url = url, .body = managed_identity_body(b)};
    if (identity->n_tags)
        step->update = (struct call){.method = "PUT", .url = url};
    step->undo = (struct call){.method = "DELETE", .url = url};
    if (!identity->create_resource_group) {
        step->right_role = "Managed Identity Contributor";
        step->right_url = join(b, group_url(b), API_PERMISSIONS, NULL);
        step->right_actions[0] = "Microsoft.ManagedIdentity/userAssignedIdentities/write";
    }
}

static const char *application_body(struct builder *b)
{
    json *root = json_object();

    json_text(root, "displayName", b->identity->name.text);
    /* The Entra issuer refuses multitenant applications (AADSTS70052). */
    json_text(root, "signInAudience", "AzureADMyOrg");
    json_text(root, "serviceManagementReference", b->identity->service_management_reference.text);
    json_append_text(json_add(root, "tags", json_array()), b->identity->mark);
    return body_text(b, root);
}

static const char *display_name_body(struct builder *b)
{
    json *root = json_object();

    json_text(root, "displayName", b->identity->name.text);
    return body_text(b, root);
}

/* .../v1.0/applications(KEY='VALUE') */
static const char *application_url(struct builder *b)
{
    bool existing = b->identity->existing;

    return join(b, b->spec->graph, "/v1.0/applications(", existing ? "appId=" : "uniqueName=",
                odata_segment(b, existing ? b->identity->client_id.text
                                          : b->identity->unique_name.text),
                ")", NULL);
}

static void add_application_itself(struct builder *b)
{
    const struct identity *identity = b->identity;
    const char *url = application_url(b);
    struct step *step = builder_step(b, STEP_APPLICATION);

    step->title = identity->existing
                      ? join(b, "App registration with client id ", identity->client_id.text, NULL)
                      : join(b, "App registration ", identity->name.text, NULL);
    step->look = (struct call){
        .method = "GET",
        .url = join(b, url, "?$select=id,appId,displayName,signInAudience,tags", NULL)};
    if (identity->existing)
        return;
    /* Upsert by uniqueName, the only key of an application that two runs cannot both create:
     * learn.microsoft.com/graph/api/application-upsert */
    step->write = (struct call){.method = "PATCH",
                                .url = url,
                                .header = "Prefer=create-if-missing",
                                .body = application_body(b)};
    step->update = (struct call){
        .method = "PATCH",
        .url = join(b, b->spec->graph, "/v1.0/applications/" CAPTURE("application_id"), NULL),
        .body = display_name_body(b)};
    step->undo = (struct call){.method = "DELETE", .url = step->update.url};
    step->extra_url = join(b, b->spec->graph, "/v1.0/applications?$filter=displayName%20eq%20",
                           odata_query(b, identity->name.text), "&$select=appId,tags", NULL);
}

static void add_service_principal(struct builder *b)
{
    struct step *step = builder_step(b, STEP_SERVICE_PRINCIPAL);
    json *root;

    step->title = "Service principal of the app registration";
    step->look = (struct call){.method = "GET",
                               .url = join(b, b->spec->graph,
                                           "/v1.0/servicePrincipals(appId='" CAPTURE("client_id"),
                                           "')?$select=id,appId", NULL)};
    if (b->identity->existing)
        return;
    root = json_object();
    json_text(root, "appId", CAPTURE("client_id"));
    step->write = (struct call){.method = "POST",
                                .url = join(b, b->spec->graph, "/v1.0/servicePrincipals", NULL),
                                .body = body_text(b, root)};
}

/* learn.microsoft.com/graph/api/application-post-owners */
static void add_owner(struct builder *b, const char *owner)
{
    struct step *step = builder_step(b, STEP_OWNER);
    const char *owners =
        join(b, b->spec->graph, "/v1.0/applications/" CAPTURE("application_id") "/owners", NULL);
    json *root = json_object();

    step->title = join(b, "Owner ", owner, " of the app registration", NULL);
    step->owner = owner;
    step->look = (struct call){.method = "GET", .url = join(b, owners, "?$select=id", NULL)};
    json_text(root, "@odata.id",
              join(b, b->spec->graph, "/v1.0/directoryObjects/", owner, NULL));
    step->write = (struct call){
        .method = "POST", .url = join(b, owners, "/$ref", NULL), .body = body_text(b, root)};
}

void add_application(struct builder *b)
{
    size_t i;

    add_application_itself(b);
    add_service_principal(b);
    for (i = 0; i < b->identity->owners.count; i++)
        add_owner(b, b->identity->owners.items[i].text);
}
