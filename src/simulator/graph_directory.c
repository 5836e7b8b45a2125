/* SPDX-License-Identifier: MIT
 * Graph: people, the tenant, and objects of any kind by their id. */
#include "simulator/graph.h"

#include <string.h>
#include <strings.h>

/* People */

static json *user_view(struct sim_call *call, const json *user)
{
    json *view = json_object();

    (void)call;
    graph_view_lists(view, "businessPhones");
    graph_view_members(view, user, "displayName");
    graph_view_nulls(view, "givenName jobTitle mail mobilePhone officeLocation preferredLanguage "
                           "surname");
    json_put_text(view, "userPrincipalName", json_text_of(user, "name"));
    graph_view_members(view, user, "id");
    return view;
}

static const struct graph_filterable user_filters[] = {
    {"id", FILTER_EQ},
    {"displayName", FILTER_EQ | FILTER_STARTS},
    {"userPrincipalName", FILTER_EQ | FILTER_STARTS},
    {NULL, 0}};
static const struct graph_property no_properties[] = {{NULL, VALUE_ANY, false, 0, NULL}};

const struct graph_kind graph_user = {
    .collection = "users",
    .type = "user",
    .resource = "User",
    .view = user_view,
    .filterable = user_filters,
    .properties = no_properties,
    .others = "accountEnabled ageGroup assignedLicenses assignedPlans city companyName country "
              "createdDateTime creationType department employeeId externalUserState identities "
              "imAddresses mailNickname onPremisesImmutableId otherMails postalCode proxyAddresses "
              "state streetAddress usageLocation userType"};

void graph_me(struct sim_call *call)
{
    const json *user = graph_signed_in_user(call);

    if (user)
        graph_reply_object(call, &graph_user, user);
    else
        graph_fail(call, 400, "BadRequest",
                   "/me request is only valid with delegated authentication flow.");
}

void graph_users_list(struct sim_call *call)
{
    if (graph_may_read(call))
        graph_reply_all(call, &graph_user, json_member(graph_tenant(call), "users"), "users");
}

/* By id or sign-in name, with or without parentheses. */
void graph_user_show(struct sim_call *call)
{
    const json *user;
    struct graph_key key;

    user = graph_object(call, &graph_user, call->part[0], &key);
    if (!user && call->status)
        return;
    if (!user)
        user = json_find(json_member(graph_tenant(call), "users"), "name", key.value);
    if (user)
        graph_reply_object(call, &graph_user, user);
    else
        graph_missing(call, key.value);
}

/* The tenant */

static json *organization_view(struct sim_call *call, const json *tenant)
{
    json *view = json_object();

    (void)call;
    graph_view_members(view, tenant, "id");
    json_put_text(view, "displayName", json_text_of(tenant, "name"));
    return view;
}

static const struct graph_filterable no_filters[] = {{NULL, 0}};

const struct graph_kind graph_organization = {
    .collection = "organization",
    .type = "organization",
    .resource = "Organization",
    .view = organization_view,
    .filterable = no_filters,
    .properties = no_properties,
    .others = "assignedPlans businessPhones city country countryLetterCode createdDateTime "
              "marketingNotificationEmails onPremisesSyncEnabled postalCode preferredLanguage "
              "privacyProfile provisionedPlans state street technicalNotificationMails tenantType "
              "verifiedDomains"};

void graph_organization_list(struct sim_call *call)
{
    struct graph_query query;
    json *views;

    if (!graph_may_read(call) || !graph_query_read(call, &graph_organization, true, &query))
        return;
    views = json_array();
    json_append(views, organization_view(call, graph_tenant(call)));
    graph_reply_list(call, "organization", views, &query);
}

/* Objects of any kind */

static const struct graph_kind *const kinds[] = {&graph_user, &graph_principal, &graph_application};

json *graph_directory_view(struct sim_call *call, const char *id)
{
    json *tenant = graph_tenant(call), *typed, *view;
    const json *found = NULL, *member;
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((found = json_find(json_member(tenant, kinds[i]->collection), "id", id)))
            break;
    if (!found)
        return NULL;
    typed = json_object();
    json_text(typed, "@odata.type", call_text(call, "#microsoft.graph.%s", kinds[i]->type));
    view = kinds[i]->view(call, found);
    for (member = json_first(view); member; member = json_next(member))
        json_put(typed, json_key(member), json_copy(member));
    json_free(view);
    return typed;
}

void graph_directory_show(struct sim_call *call)
{
    struct graph_key key;
    json *view;

    if (!graph_may_read(call) || !graph_key_read(call, &graph_application, call->part[0], &key) ||
        !graph_no_query(call))
        return;
    view = graph_directory_view(call, key.value);
    if (view)
        graph_reply_one(call, 200, "directoryObjects", view, NULL);
    else
        graph_missing(call, key.value);
}

/* Is the view of one of TYPES? No types: of any. */
static bool of_types(const json *view, const json *types)
{
    return !json_count(types) ||
           json_holds(types, json_text_of(view, "@odata.type") + strlen("#microsoft.graph."));
}

/* What is not there is left out: learn.microsoft.com/graph/api/directoryobject-getbyids */
void graph_directory_by_ids(struct sim_call *call)
{
    char unused[JSON_NUMBER_MAX];
    json *body, *views;
    const json *id;

    if (!graph_may_read(call) || !graph_no_query(call))
        return;
    body = call_json(call, false, graph_refuse);
    if (!body)
        return;
    if (!call_shape(call, body, "ids:texts types?:texts", "the body", graph_refuse)) {
        json_free(body);
        return;
    }
    views = json_array();
    for (id = graph_items(body, "ids"); id; id = json_next(id)) {
        json *view = graph_directory_view(call, json_as_text(id, unused));

        if (view && of_types(view, json_member(body, "types")))
            json_append(views, view);
        else
            json_free(view);
    }
    json_free(body);
    graph_reply_list(call, "directoryObjects", views, NULL);
}
