/* SPDX-License-Identifier: MIT
 * Graph: service principals, of applications and of managed identities. */
#include "simulator/graph.h"

#include <string.h>
#include <strings.h>

static const char *const keys[] = {"appId", NULL};

static const struct graph_filterable filters[] = {{"id", FILTER_EQ},
                                                  {"appId", FILTER_EQ},
                                                  {"displayName", FILTER_EQ | FILTER_STARTS},
                                                  {"servicePrincipalType", FILTER_EQ},
                                                  {"servicePrincipalNames", FILTER_ANY},
                                                  {"alternativeNames", FILTER_ANY},
                                                  {"tags", FILTER_ANY},
                                                  {NULL, 0}};

static const struct graph_property properties[] = {
    {"appId", VALUE_TEXT, false, 0, NULL},
    {"displayName", VALUE_TEXT, false, 256, NULL},
    {"accountEnabled", VALUE_FLAG, false, 0, NULL},
    {"tags", VALUE_TEXTS, false, 0, NULL},
    {"id", VALUE_READ_ONLY, false, 0, NULL},
    {"appDisplayName", VALUE_READ_ONLY, false, 0, NULL},
    {"appOwnerOrganizationId", VALUE_READ_ONLY, false, 0, NULL},
    {"createdDateTime", VALUE_READ_ONLY, false, 0, NULL},
    {"deletedDateTime", VALUE_READ_ONLY, false, 0, NULL},
    {"servicePrincipalType", VALUE_READ_ONLY, false, 0, NULL},
    {"signInAudience", VALUE_READ_ONLY, false, 0, NULL},
    {NULL, VALUE_ANY, false, 0, NULL}};

static const json *application_of(struct sim_call *call, const json *principal)
{
    return json_find(json_member(graph_tenant(call), "applications"), "appId",
                     json_text_of(principal, "appId"));
}

static const char *text_or_null(const json *object, const char *name)
{
    return object && *json_text_of(object, name) ? json_text_of(object, name) : NULL;
}

static void view_application(struct sim_call *call, json *view, const json *application)
{
    json_put_text(view, "appDisplayName", text_or_null(application, "displayName"));
    json_put_text(view, "appOwnerOrganizationId", application ? call->caller.tenant_id : NULL);
    json_put_text(view, "signInAudience", text_or_null(application, "signInAudience"));
}

static json *view_of(struct sim_call *call, const json *principal)
{
    json *view = json_object(), *names;
    long long created = json_number_of(principal, "createdAt", 0);
    char text[32];

    world_time_text(created, text);
    graph_view_members(view, principal, "id");
    graph_view_nulls(view, "deletedDateTime");
    graph_view_members(view, principal, "accountEnabled");
    if (!json_member(principal, "accountEnabled"))
        json_put_bool(view, "accountEnabled", true);
    graph_view_texts(view, principal, "alternativeNames");
    graph_view_members(view, principal, "appId displayName servicePrincipalType");
    view_application(call, view, application_of(call, principal));
    json_put_text(view, "createdDateTime", created > 0 ? text : NULL);
    graph_view_texts(view, principal, "tags");
    graph_view_nulls(view, "homepage loginUrl logoutUrl notes");
    graph_view_lists(view, "addIns appRoles keyCredentials oauth2PermissionScopes "
                           "passwordCredentials replyUrls servicePrincipalNames");
    names = json_member(view, "servicePrincipalNames");
    if (*json_text_of(principal, "appId"))
        json_append_text(names, json_text_of(principal, "appId"));
    return view;
}

const struct graph_kind graph_principal = {
    .collection = "servicePrincipals",
    .type = "servicePrincipal",
    .resource = "ServicePrincipal",
    .keys = keys,
    .guid_only = true,
    .lags = true,
    .view = view_of,
    .filterable = filters,
    .properties = properties,
    .others = "addIns alternativeNames api appDescription appRoleAssignmentRequired appRoles "
              "applicationTemplateId customSecurityAttributes description "
              "disabledByMicrosoftStatus endpoints homepage info keyCredentials loginUrl logoutUrl "
              "notes notificationEmailAddresses oauth2PermissionScopes passwordCredentials "
              "preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls "
              "resourceSpecificApplicationPermissions samlSingleSignOnSettings "
              "servicePrincipalNames tokenEncryptionKeyId verifiedPublisher"};

/* Reading */

void graph_principals_list(struct sim_call *call)
{
    if (graph_may_read(call))
        graph_reply_all(call, &graph_principal,
                        json_member(graph_tenant(call), "servicePrincipals"), "servicePrincipals");
}

/* Reads can answer 404 until a fresh object is replicated; modelled for this one read only, by
 * object id. By appId it is found at once. */
void graph_principal_show(struct sim_call *call)
{
    struct graph_key key;
    const json *found = graph_object(call, &graph_principal, call->part[0], &key);

    if (!found && call->status)
        return;
    if (!found || (!strcmp(key.name, "id") && !world_replicated(call->world, found)))
        graph_missing(call, key.value);
    else
        graph_reply_object(call, &graph_principal, found);
}

/* Writing */

static bool is_managed(const json *principal)
{
    return strcasecmp(json_text_of(principal, "servicePrincipalType"), "ManagedIdentity") == 0;
}

/* That of a managed identity is Resource Manager's to change. */
static bool may_change(struct sim_call *call, const json *principal)
{
    if (is_managed(principal)) {
        graph_denied(call);
        return false;
    }
    return graph_may_change(call, application_of(call, principal));
}

/* Is there an application for it, and may the caller make its service principal? */
static bool may_create(struct sim_call *call, const char *app_id)
{
    json *tenant = graph_tenant(call);
    const json *application = json_find(json_member(tenant, "applications"), "appId", app_id);

    if (!application || !world_replicated(call->world, application)) {
        graph_fail_detailed(call, "Request_BadRequest",
                            call_text(call,
                                      "The appId '%s' of the service principal does not reference "
                                      "a valid application object.",
                                      graph_quoted(call, app_id)),
                            "NoBackingApplicationObject", "appId");
        return false;
    }
    if (!graph_may_add_principal(call, application))
        return false;
    if (!json_find(json_member(tenant, "servicePrincipals"), "appId", app_id))
        return true;
    graph_fail(call, 409, "Request_MultipleObjectsWithSameKeyValue",
               call_text(call,
                         "The service principal cannot be created, updated, or restored because "
                         "the service principal name %s is already in use.",
                         graph_quoted(call, app_id)));
    return false;
}

static json *make(struct sim_call *call, const json *body, const char *app_id)
{
    json *made = json_object();
    const json *application =
        json_find(json_member(graph_tenant(call), "applications"), "appId", app_id);
    char id[GUID_TEXT + 1];

    world_new_id(call->world, id);
    json_text(made, "id", id);
    json_text(made, "displayName", json_text_of(application, "displayName"));
    json_text(made, "servicePrincipalType", "Application");
    json_add(made, "alternativeNames", json_array());
    json_add(made, "tags", json_array());
    json_bool(made, "accountEnabled", true);
    graph_apply(made, body, &graph_principal);
    json_put_text(made, "appId", json_text_of(application, "appId"));
    world_stamp(made);
    return made;
}

/* KEY: of the path; NULL: none. */
static void create(struct sim_call *call, const char *key)
{
    json *body, *made;
    const char *app_id;

    if (!graph_no_query(call))
        return;
    body = graph_body(call, &graph_principal);
    if (!body)
        return;
    app_id = json_member(body, "appId") ? json_text_of(body, "appId") : key;
    if (!app_id)
        graph_value_required(call, &graph_principal, "appId");
    else if (key && strcasecmp(key, app_id) != 0)
        graph_read_only(call, "appId");
    else if (may_create(call, app_id)) {
        made = json_append(json_list(graph_tenant(call), "servicePrincipals"),
                           make(call, body, app_id));
        graph_reply_one(call, 201, "servicePrincipals", view_of(call, made), NULL);
    }
    json_free(body);
}

void graph_principal_create(struct sim_call *call)
{
    if (graph_may_read(call))
        create(call, NULL);
}

static void update(struct sim_call *call, json *principal)
{
    json *body;

    if (!may_change(call, principal) || !graph_no_query(call))
        return;
    body = graph_body(call, &graph_principal);
    if (!body)
        return;
    if (json_member(body, "appId") &&
        strcasecmp(json_text_of(body, "appId"), json_text_of(principal, "appId")) != 0)
        graph_read_only(call, "appId");
    else {
        json_remove_key(body, "appId");
        graph_apply(principal, body, &graph_principal);
        call_reply(call, 204, NULL);
    }
    json_free(body);
}

/* learn.microsoft.com/graph/api/serviceprincipal-upsert */
void graph_principal_patch(struct sim_call *call)
{
    graph_patch(call, &graph_principal, "appId", update, create);
}

void graph_principal_delete(struct sim_call *call)
{
    json *found = graph_object(call, &graph_principal, call->part[0], NULL);
    json *tenant = graph_tenant(call);

    if (!found || !may_change(call, found) || !graph_no_query(call))
        return;
    graph_disown(tenant, json_text_of(found, "id"));
    json_remove(json_member(tenant, "servicePrincipals"), found);
    call_reply(call, 204, NULL);
}
