/* SPDX-License-Identifier: MIT
 * Projects of an organization, and who is connected to it. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "encode/encode.h"

enum { PROJECTS_TOP = 100, PROJECTS_MOST = 1000000 };

static const char *base_url(struct devops *ask)
{
    return call_text(ask->call, "https://dev.azure.com/%s",
                     json_text_of(ask->organization, "name"));
}

static const char *path_segment(struct devops *ask, const char *text)
{
    struct strbuf out;
    const char *segment;

    strbuf_init(&out, LIMIT_CALL_REPLY);
    encode_url_path(&out, text);
    segment = arena_strdup(ask->call->arena, out.data);
    strbuf_clear(&out);
    return segment;
}

static const char *project_state(const json *project)
{
    return *json_text_of(project, "state") ? json_text_of(project, "state") : "wellFormed";
}

static json *project_view(struct devops *ask, const json *project)
{
    const char *base = base_url(ask), *id = json_text_of(project, "id");
    json *view = json_object();

    json_text(view, "id", id);
    json_text(view, "name", json_text_of(project, "name"));
    json_text(view, "url", call_text(ask->call, "%s/_apis/projects/%s", base, id));
    json_text(view, "state", project_state(project));
    json_number(view, "revision", 11);
    json_text(view, "visibility", "private");
    json_text(view, "lastUpdateTime", "2026-01-01T00:00:00Z");
    return view;
}

static void add_link(json *links, const char *name, const char *href)
{
    json_text(json_add(links, name, json_object()), "href", href);
}

static void project_get(struct devops *ask)
{
    json *project = devops_find_project(ask, ask->call->part[0]), *view, *part;
    const char *base = base_url(ask), *capabilities;

    if (!project)
        return;
    view = project_view(ask, project);
    part = json_add(view, "_links", json_object());
    add_link(part, "self", json_text_of(view, "url"));
    add_link(part, "collection",
             call_text(ask->call, "%s/_apis/projectCollections/%s", base,
                       json_text_of(ask->organization, "id")));
    add_link(part, "web",
             call_text(ask->call, "%s/%s", base, path_segment(ask, json_text_of(project, "name"))));
    capabilities = call_argument(ask->call, "includeCapabilities");
    if (capabilities && !strcasecmp(capabilities, "true")) {
        part = json_add(view, "capabilities", json_object());
        json_text(json_add(part, "versioncontrol", json_object()), "sourceControlType", "Git");
        json_text(json_add(part, "processTemplate", json_object()), "templateName", "Agile");
    }
    call_reply(ask->call, 200, view);
}

/* Is the project one that the caller sees, and in a state that is asked for? */
static bool is_listed(const struct devops *ask, const json *project, const char *state)
{
    return (devops_rights(ask, project, NULL) & MAY_VIEW) &&
           (!strcasecmp(state, "all") || !strcasecmp(state, project_state(project)));
}

/* A page of projects. The continuation token is the number of those that were listed already. */
static void projects_list(struct devops *ask)
{
    struct sim_call *call = ask->call;
    const char *top_text = call_argument(call, "$top"), *skip_text = call_argument(call, "$skip");
    const char *state = call_argument(call, "stateFilter");
    const char *token = call_argument(call, "continuationToken");
    const json *all = json_member(ask->organization, "projects"), *project;
    long top = PROJECTS_TOP, skip = 0, at = 0;
    json *items;

    skip_text = token ? token : skip_text;
    if ((top_text && !devops_number(top_text, PROJECTS_MOST, &top)) ||
        (skip_text && !devops_number(skip_text, PROJECTS_MOST, &skip))) {
        devops_refuse(call, 400, "$top, $skip and continuationToken are numbers");
        return;
    }
    items = json_array();
    for (project = all ? json_first(all) : NULL; project; project = json_next(project)) {
        if (!is_listed(ask, project, state ? state : "wellFormed") || at++ < skip)
            continue;
        if (at > skip + top) {
            call_reply_header(call, "x-ms-continuationtoken", call_text(call, "%ld", skip + top));
            break;
        }
        json_append(items, project_view(ask, project));
    }
    devops_reply_list(ask, items);
}

static json *connected_person(struct devops *ask)
{
    const struct caller *caller = &ask->call->caller;
    json *person = json_object(), *account;

    json_text(person, "id", json_text_of(ask->member, "id"));
    json_text(person, "descriptor",
              call_text(ask->call, "Microsoft.IdentityModel.Claims.ClaimsIdentity;%s\\%s",
                        caller->tenant_id, caller->name));
    json_text(person, "subjectDescriptor",
              call_text(ask->call, "aad.%s", json_text_of(ask->member, "id")));
    json_text(person, "providerDisplayName", devops_display_name(ask, ask->member));
    json_text(person, "customDisplayName", devops_display_name(ask, ask->member));
    json_bool(person, "isActive", true);
    account = json_add(json_add(person, "properties", json_object()), "Account", json_object());
    json_text(account, "$type", "System.String");
    json_text(account, "$value", caller->name);
    json_number(person, "resourceVersion", 2);
    json_number(person, "metaTypeId", 0);
    return person;
}

static void connection_data(struct devops *ask)
{
    json *body = json_object(), *services;

    json_add(body, "authenticatedUser", connected_person(ask));
    json_add(body, "authorizedUser", connected_person(ask));
    json_text(body, "instanceId", json_text_of(ask->organization, "id"));
    json_text(body, "deploymentId", "00000000-0000-4000-8000-00000000de00");
    json_text(body, "deploymentType", "hosted");
    services = json_add(body, "locationServiceData", json_object());
    json_text(services, "serviceOwner", "00025394-6065-48ca-87d9-7f5672854ef7");
    json_text(services, "defaultAccessMappingMoniker", "PublicAccessMapping");
    json_number(services, "lastChangeId", 1);
    json_number(services, "lastChangeId64", 1);
    call_reply(ask->call, 200, body);
}

const struct devops_route devops_project_routes[] = {
    {"GET", "_apis/connectionData", RESOURCE_CONNECTION_DATA, BODY_NONE,
     "connectOptions lastChangeId lastChangeId64", connection_data},
    {"GET", "_apis/projects", RESOURCE_PROJECTS, BODY_NONE,
     "$top $skip stateFilter continuationToken getDefaultTeamImageUrl", projects_list},
    {"GET", "_apis/projects/{}", RESOURCE_PROJECTS, BODY_NONE, "includeCapabilities includeHistory",
     project_get},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
