/* SPDX-License-Identifier: MIT
 * Who may do what in an organization, and small things that all of devops*.c need. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

enum { MAY_ALL = MAY_VIEW | MAY_LIST | MAY_READ | MAY_CREATE | MAY_ADMINISTER };

struct grant {
    const char *name;
    unsigned rights;
};

/* Groups of a project. Who only creates connections does not see those of others: a name can be
 * taken by one that is invisible. */
static const struct grant groups[] = {
    {"Readers", MAY_VIEW},
    {"Contributors", MAY_VIEW | MAY_LIST},
    {"Endpoint Creators", MAY_VIEW | MAY_CREATE},
    {"Endpoint Administrators", MAY_ALL},
    {"Project Administrators", MAY_ALL},
    {NULL, 0},
};
/* Roles on one connection. */
static const struct grant roles[] = {
    {"Reader", MAY_LIST},
    {"User", MAY_LIST | MAY_READ},
    {"Administrator", MAY_LIST | MAY_READ | MAY_ADMINISTER},
    {NULL, 0},
};
static const struct grant words[] = {{"View", MAY_VIEW | MAY_LIST},
                                     {"Use", MAY_READ},
                                     {"Create", MAY_CREATE},
                                     {"Administer", MAY_ADMINISTER},
                                     {NULL, 0}};

static unsigned granted(const struct grant *grants, const char *name)
{
    for (; grants->name; grants++)
        if (!strcasecmp(grants->name, name))
            return grants->rights;
    return 0;
}

static unsigned rights_of_groups(const struct devops *ask, const json *project)
{
    const json *memberships = json_member(ask->member, "groups"), *item;
    unsigned rights = 0;

    for (item = memberships ? json_first(memberships) : NULL; item; item = json_next(item)) {
        const char *name = json_text_of(item, "project");

        if (!strcasecmp(name, json_text_of(project, "name")) ||
            !strcasecmp(name, json_text_of(project, "id")))
            rights |= granted(groups, json_text_of(item, "group"));
    }
    return rights;
}

static unsigned rights_of_roles(const struct devops *ask, const json *endpoint)
{
    const json *given = json_member(endpoint, "roles"), *item;
    unsigned rights = 0;

    for (item = given ? json_first(given) : NULL; item; item = json_next(item))
        if (!strcasecmp(json_text_of(item, "identity"), json_text_of(ask->member, "id")))
            rights |= granted(roles, json_text_of(item, "role"));
    return rights;
}

unsigned devops_rights(const struct devops *ask, const json *project, const json *endpoint)
{
    if (!ask->member)
        return 0;
    if (json_flag_of(ask->member, "collectionAdministrator"))
        return MAY_ALL;
    return (project ? rights_of_groups(ask, project) : 0) |
           (endpoint ? rights_of_roles(ask, endpoint) : 0);
}

bool devops_allowed(struct devops *ask, unsigned right, const json *project, const json *endpoint)
{
    const struct grant *word = words;

    if ((devops_rights(ask, project, endpoint) & right) == right)
        return true;
    while (!(word->rights & right))
        word++;
    devops_fail(ask->call, 403, "AccessCheckException",
                "Access denied. %s needs %s permissions to perform the action. For more "
                "information, contact the Azure DevOps Services administrator.",
                devops_display_name(ask, ask->member), word->name);
    return false;
}

json *devops_project(const json *organization, const char *name_or_id)
{
    const json *all = json_member(organization, "projects");
    json *found = json_find(all, "name", name_or_id);

    return found ? found : json_find(all, "id", name_or_id);
}

/* A job sees its own project. */
static bool is_visible(const struct devops *ask, const json *project)
{
    return ask->job ? !strcasecmp(json_text_of(ask->job, "project"), json_text_of(project, "id"))
                    : (devops_rights(ask, project, NULL) & MAY_VIEW) != 0;
}

json *devops_find_project(struct devops *ask, const char *name_or_id)
{
    json *project = devops_project(ask->organization, name_or_id);

    if (project && is_visible(ask, project))
        return project;
    devops_fail(ask->call, 404, "ProjectDoesNotExistWithNameException",
                "TF200016: The following project does not exist: %s. Verify that the name of the "
                "project is correct and that the project exists on the specified Azure DevOps "
                "Server.",
                name_or_id);
    return NULL;
}

const char *devops_display_name(const struct devops *ask, const json *member)
{
    json *tenant = world_tenant(ask->call->world, json_text_of(ask->organization, "tenantId"));
    const json *principal = world_principal(tenant, json_text_of(member, "userId"));

    if (*json_text_of(member, "displayName"))
        return json_text_of(member, "displayName");
    return *json_text_of(principal, "displayName") ? json_text_of(principal, "displayName")
                                                   : json_text_of(principal, "name");
}

json *devops_identity(const struct devops *ask, const char *id)
{
    json *tenant = world_tenant(ask->call->world, json_text_of(ask->organization, "tenantId"));
    const json *member = json_find(json_member(ask->organization, "members"), "id", id);
    const json *principal = world_principal(tenant, json_text_of(member, "userId"));
    json *identity = json_object();

    json_text(identity, "id", id);
    if (!member)
        return identity;
    json_text(identity, "displayName", devops_display_name(ask, member));
    json_text(identity, "uniqueName",
              *json_text_of(principal, "name") ? json_text_of(principal, "name")
                                               : json_text_of(principal, "appId"));
    return identity;
}

bool devops_listed(const char *list, const char *text)
{
    size_t len;

    for (; *list; list += len + (list[len] == ',')) {
        len = strcspn(list, ",");
        if (len == strlen(text) && !strncasecmp(list, text, len))
            return true;
    }
    return false;
}

void devops_reply_list(struct devops *ask, json *items)
{
    json *body = json_object();

    json_put_number(body, "count", (long long)json_count(items));
    json_add(body, "value", items);
    call_reply(ask->call, 200, body);
}

bool devops_number(const char *text, long max, long *ret)
{
    long number = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || number > (max - (*text - '0')) / 10)
            return false;
        number = number * 10 + (*text - '0');
    }
    *ret = number;
    return true;
}
