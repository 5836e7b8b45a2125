/* SPDX-License-Identifier: MIT
 * Graph: app registrations. */
#include "simulator/graph.h"

#include <string.h>
#include <strings.h>

/* learn.microsoft.com/graph/api/resources/application: "The possible values are: AzureADMyOrg
 * (default), ..." */
static const char *const audiences[] = {"AzureADMyOrg", "AzureADMultipleOrgs",
                                        "AzureADandPersonalMicrosoftAccount",
                                        "PersonalMicrosoftAccount", NULL};

static const char *const keys[] = {"appId", "uniqueName", NULL};

static const struct graph_filterable filters[] = {{"id", FILTER_EQ},
                                                  {"appId", FILTER_EQ},
                                                  {"displayName", FILTER_EQ | FILTER_STARTS},
                                                  {"uniqueName", FILTER_EQ | FILTER_STARTS},
                                                  {"signInAudience", FILTER_EQ},
                                                  {"identifierUris", FILTER_ANY},
                                                  {"tags", FILTER_ANY},
                                                  {NULL, 0}};

static const struct graph_property properties[] = {
    {"displayName", VALUE_TEXT, false, 256, NULL},
    {"signInAudience", VALUE_TEXT, false, 0, audiences},
    {"uniqueName", VALUE_TEXT, true, 0, NULL},
    {"tags", VALUE_TEXTS, false, 0, NULL},
    {"notes", VALUE_TEXT, true, 0, NULL},
    {"description", VALUE_TEXT, true, 1024, NULL},
    {"serviceManagementReference", VALUE_TEXT, true, 0, NULL},
    {"id", VALUE_READ_ONLY, false, 0, NULL},
    {"appId", VALUE_READ_ONLY, false, 0, NULL},
    {"createdDateTime", VALUE_READ_ONLY, false, 0, NULL},
    {"deletedDateTime", VALUE_READ_ONLY, false, 0, NULL},
    {NULL, VALUE_ANY, false, 0, NULL}};

/* Secrets are never read back. */
static json *password_views(struct sim_call *call, const json *application)
{
    json *views = json_array();
    size_t i, count = json_count(json_member(application, "passwords"));

    for (i = 0; i < count; i++) {
        json *view = json_append(views, json_object());
        char id[GUID_TEXT + 1];

        guid_from_name(call_text(call, "password/%s/%zu", json_text_of(application, "id"), i), id);
        json_text(view, "keyId", id);
        graph_view_nulls(view, "customKeyIdentifier displayName endDateTime hint secretText "
                               "startDateTime");
    }
    return views;
}

static json *view_of(struct sim_call *call, const json *application)
{
    json *view = json_object();

    graph_view_members(view, application, "id");
    graph_view_nulls(view, "deletedDateTime");
    graph_view_members(view, application,
                       "appId createdDateTime description displayName notes "
                       "serviceManagementReference signInAudience uniqueName");
    graph_view_texts(view, application, "tags");
    graph_view_nulls(view, "applicationTemplateId disabledByMicrosoftStatus groupMembershipClaims "
                           "isDeviceOnlyAuthSupported isFallbackPublicClient optionalClaims "
                           "publisherDomain tokenEncryptionKeyId");
    graph_view_lists(view, "addIns appRoles identifierUris keyCredentials requiredResourceAccess");
    json_put(view, "passwordCredentials", password_views(call, application));
    if (!*json_text_of(application, "signInAudience"))
        json_put_text(view, "signInAudience", audiences[0]);
    return view;
}

const struct graph_kind graph_application = {
    .collection = "applications",
    .type = "application",
    .resource = "Application",
    .keys = keys,
    .guid_only = true,
    .lags = true,
    .view = view_of,
    .filterable = filters,
    .properties = properties,
    .others =
        "addIns api appRoles applicationTemplateId authenticationBehaviors certification "
        "defaultRedirectUri disabledByMicrosoftStatus groupMembershipClaims identifierUris info "
        "isDeviceOnlyAuthSupported isFallbackPublicClient keyCredentials logo "
        "nativeAuthenticationApisEnabled oauth2RequirePostResponse optionalClaims "
        "parentalControlSettings passwordCredentials publicClient publisherDomain "
        "requestSignatureVerification requiredResourceAccess samlMetadataUrl "
        "servicePrincipalLockConfiguration spa tokenEncryptionKeyId verifiedPublisher web"};

/* Reading */

void graph_applications_list(struct sim_call *call)
{
    if (graph_may_read(call))
        graph_reply_all(call, &graph_application, json_member(graph_tenant(call), "applications"),
                        "applications");
}

void graph_application_show(struct sim_call *call)
{
    const json *found = graph_object(call, &graph_application, call->part[0], NULL);

    if (found)
        graph_reply_object(call, &graph_application, found);
}

/* Writing */

/* May NAME become the unique name of an application of TENANT? */
static bool name_is_free(struct sim_call *call, const char *name)
{
    json *tenant = graph_tenant(call);

    if (!*name)
        graph_refuse(call, 400,
                     "Invalid value specified for property 'uniqueName' of resource "
                     "'Application'.");
    else if (json_find(json_member(tenant, "applications"), "uniqueName", name))
        graph_fail(call, 409, "Request_MultipleObjectsWithSameKeyValue",
                   "Another object with the same value for property uniqueName already exists.");
    else
        return true;
    return false;
}

/* The unique name of a new application: KEY of the path (NULL: none), or the body's. */
static bool name_for_new(struct sim_call *call, const json *body, const char *key,
                         const char **ret_name)
{
    const json *sent = json_member(body, "uniqueName");
    bool named = sent && json_kind(sent) == JSON_TEXT;

    *ret_name = key ? key : named ? json_text_of(body, "uniqueName") : NULL;
    if (key && named && strcmp(key, json_text_of(body, "uniqueName")) != 0) {
        graph_read_only(call, "uniqueName");
        return false;
    }
    return !*ret_name || name_is_free(call, *ret_name);
}

static json *make(struct sim_call *call, const json *body, const char *name)
{
    json *made = json_object(), *owners = json_array();
    char id[GUID_TEXT + 1], now[32];

    world_time_text(world_now(), now);
    world_new_id(call->world, id);
    json_text(made, "id", id);
    world_new_id(call->world, id);
    json_text(made, "appId", id);
    json_text(made, "createdDateTime", now);
    json_text(made, "signInAudience", audiences[0]);
    json_add(made, "tags", json_array());
    graph_apply(made, body, &graph_application);
    json_put_text(made, "uniqueName", name);
    if (graph_creator_owns(call))
        json_append_text(owners, call->caller.object_id);
    json_add(made, "owners", owners);
    json_add(made, "federatedCredentials", json_array());
    world_stamp(made);
    return made;
}

static void create(struct sim_call *call, const char *key)
{
    const char *name;
    json *body, *made;

    if (!graph_may_register(call) || !graph_no_query(call))
        return;
    body = graph_body(call, &graph_application);
    if (!body)
        return;
    if (!json_member(body, "displayName"))
        graph_value_required(call, &graph_application, "displayName");
    else if (name_for_new(call, body, key, &name)) {
        made = json_append(json_list(graph_tenant(call), "applications"), make(call, body, name));
        graph_reply_one(call, 201, "applications", view_of(call, made), NULL);
    }
    json_free(body);
}

void graph_application_create(struct sim_call *call)
{
    create(call, NULL);
}

/* A unique name can be given to an application that has none, and never changes afterwards. */
static bool name_may_be(struct sim_call *call, const json *application, const json *body)
{
    const char *old = json_text_of(application, "uniqueName");
    const json *sent = json_member(body, "uniqueName");

    if (!sent || (json_kind(sent) == JSON_NULL && !*old))
        return true;
    if (!*old)
        return name_is_free(call, json_text_of(body, "uniqueName"));
    if (!strcmp(old, json_text_of(body, "uniqueName")))
        return true;
    graph_read_only(call, "uniqueName");
    return false;
}

/* The service principal in the application's own tenant takes its name over. */
static void rename_principal(struct sim_call *call, const json *application)
{
    json *principal = json_find(json_member(graph_tenant(call), "servicePrincipals"), "appId",
                                json_text_of(application, "appId"));

    if (principal)
        json_put_text(principal, "displayName", json_text_of(application, "displayName"));
}

static void update(struct sim_call *call, json *application)
{
    json *body;

    if (!graph_may_change(call, application) || !graph_no_query(call))
        return;
    body = graph_body(call, &graph_application);
    if (body && name_may_be(call, application, body)) {
        graph_apply(application, body, &graph_application);
        if (json_member(body, "displayName"))
            rename_principal(call, application);
        call_reply(call, 204, NULL);
    }
    json_free(body);
}

/* learn.microsoft.com/graph/api/application-upsert: only uniqueName is a key that clients choose.
 */
void graph_application_patch(struct sim_call *call)
{
    graph_patch(call, &graph_application, "uniqueName", update, create);
}

/* Its service principal goes with it. */
void graph_application_delete(struct sim_call *call)
{
    json *found = graph_object(call, &graph_application, call->part[0], NULL), *principal;
    json *tenant = graph_tenant(call), *principals = json_member(tenant, "servicePrincipals");

    if (!found || !graph_may_change(call, found) || !graph_no_query(call))
        return;
    while ((principal = json_find(principals, "appId", json_text_of(found, "appId")))) {
        graph_disown(tenant, json_text_of(principal, "id"));
        json_remove(principals, principal);
    }
    json_remove(json_member(tenant, "applications"), found);
    call_reply(call, 204, NULL);
}
