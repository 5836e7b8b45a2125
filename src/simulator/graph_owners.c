/* SPDX-License-Identifier: MIT
 * Graph: owners of app registrations. */
#include "simulator/graph.h"

#include <string.h>
#include <strings.h>

/* The names that any kind of owner has. */
static json *view_of(struct sim_call *call, const json *object)
{
    json *view = json_object();

    (void)call;
    graph_view_members(view, object, "id displayName userPrincipalName appId");
    return view;
}

static const struct graph_filterable no_filters[] = {{NULL, 0}};
static const struct graph_property no_properties[] = {{NULL, VALUE_ANY, false, 0, NULL}};
static const struct graph_kind owner = {.collection = "owners",
                                        .type = "directoryObject",
                                        .resource = "DirectoryObject",
                                        .view = view_of,
                                        .filterable = no_filters,
                                        .properties = no_properties,
                                        .others = "deletedDateTime"};

void graph_owners_list(struct sim_call *call)
{
    const json *found = graph_object(call, &graph_application, call->part[0], NULL), *id;
    struct graph_query query;
    char unused[JSON_NUMBER_MAX];
    json *views;

    if (!found || !graph_query_read(call, &owner, true, &query))
        return;
    views = json_array();
    for (id = graph_items(found, "owners"); id; id = json_next(id)) {
        json *view = graph_directory_view(call, json_as_text(id, unused));

        if (view) /* else it is gone */
            json_append(views, view);
    }
    graph_reply_list(call, "directoryObjects", views, &query);
}

/* The id in "https://graph.microsoft.com/v1.0/directoryObjects/{id}"; NULL: no such text. */
static const char *referenced(const struct sim_call *call, const char *link)
{
    static const char *const collections[] = {"directoryObjects/", "users/", "servicePrincipals/"};
    const char *host = call->host->name, *at = link;
    size_t i;

    if (strncasecmp(at, "https://", 8) != 0 || strncasecmp(at + 8, host, strlen(host)) != 0)
        return NULL;
    at += 8 + strlen(host);
    if (strncasecmp(at, "/v1.0/", 6) != 0)
        return NULL;
    at += 6;
    for (i = 0; i < sizeof collections / sizeof *collections; i++)
        if (!strncasecmp(at, collections[i], strlen(collections[i])))
            return guid_valid(at + strlen(collections[i])) ? at + strlen(collections[i]) : NULL;
    return NULL;
}

static void add(struct sim_call *call, json *application, const char *link)
{
    const char *id = referenced(call, link);
    const json *principal = id ? world_principal(graph_tenant(call), id) : NULL;

    if (!id)
        graph_refuse(call, 400,
                     call_text(call, "Invalid object identifier '%s'.", graph_quoted(call, link)));
    else if (!principal)
        graph_missing(call, id);
    else if (json_holds(json_member(application, "owners"), id))
        graph_refuse(call, 400,
                     "One or more added object references already exist for the following modified "
                     "properties: 'owners'.");
    else {
        json_append_text(json_list(application, "owners"), json_text_of(principal, "id"));
        call_reply(call, 204, NULL);
    }
}

void graph_owner_add(struct sim_call *call)
{
    json *found = graph_object(call, &graph_application, call->part[0], NULL), *body;

    if (!found || !graph_may_change(call, found) || !graph_no_query(call))
        return;
    body = call_json(call, false, graph_refuse);
    if (body && call_shape(call, body, "@odata.id:text", "the body", graph_refuse))
        add(call, found, json_text_of(body, "@odata.id"));
    json_free(body);
}

/* Takes ID out of the owners of APPLICATION. */
static void take_out(json *application, const char *id)
{
    const json *old;
    json *kept = json_array();
    char unused[JSON_NUMBER_MAX];

    for (old = graph_items(application, "owners"); old; old = json_next(old))
        if (strcasecmp(json_as_text(old, unused), id) != 0)
            json_append_text(kept, json_as_text(old, unused));
    json_put(application, "owners", kept);
}

void graph_disown(json *tenant, const char *id)
{
    json *all = json_member(tenant, "applications"), *item;

    for (item = all ? json_first_of(all) : NULL; item; item = json_next_of(item))
        if (json_holds(json_member(item, "owners"), id))
            take_out(item, id);
}

/* The last one may go, too. Without $ref the owner itself would be deleted: no route leads there.
 */
void graph_owner_remove(struct sim_call *call)
{
    json *found = graph_object(call, &graph_application, call->part[0], NULL);

    if (!found || !graph_may_change(call, found) || !graph_no_query(call))
        return;
    if (!json_holds(json_member(found, "owners"), call->part[1])) {
        graph_missing(call, call->part[1]);
        return;
    }
    take_out(found, call->part[1]);
    call_reply(call, 204, NULL);
}
