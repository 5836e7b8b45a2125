/* SPDX-License-Identifier: MIT
 * The rules for the body of a service connection: one to Azure Resource Manager that signs in by
 * workload identity federation. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum {
    NAME_MOST = 128,         /* what is advised; no limit is documented */
    DESCRIPTION_MOST = 1024, /* characters */
    DATA_MOST = 255,
};

/* Fields of data and parameters, closed by NULL. */
static const char *const always[] = {"environment", "scopeLevel", "creationMode", NULL};
static const char *const needed[] = {"tenantid", "serviceprincipalid", NULL};
static const char *const refused[] = {"serviceprincipalkey", "authenticationType", NULL};
/* What replies add, and an update brings back. */
static const char *const added_data[] = {"identityType", NULL};
static const char *const added_parameters[] = {"workloadIdentityFederationIssuer",
                                               "workloadIdentityFederationSubject",
                                               "workloadIdentityFederationIssuerType", NULL};
static const struct scope {
    const char *level;
    const char *fields[6];
} scopes[] = {
    {"Subscription", {"subscriptionId", "subscriptionName", NULL}},
    {"ManagementGroup", {"managementGroupId", "managementGroupName", NULL}},
    {"AzureMLWorkspace",
     {"subscriptionId", "subscriptionName", "resourceGroupName", "mlWorkspaceName",
      "mlWorkspaceLocation", NULL}},
};

static bool invalid(struct devops *ask, const char *text)
{
    devops_refuse(ask->call, 400, text);
    return false;
}

static bool not_modelled(struct devops *ask, const char *what, const char *value)
{
    call_not_modelled(ask->call, call_text(ask->call, "%s %s", what, value));
    return false;
}

static bool is_one_of(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

static bool check_refused(struct devops *ask, const json *parameters)
{
    const char *const *name;
    const json *member;

    for (member = json_first(parameters); member; member = json_next(member))
        for (name = refused; *name; name++)
            if (!strcasecmp(json_key(member), *name)) {
                devops_fail(ask->call, 400, "ArgumentException",
                            "Following fields in the service connection are not expected: %s. ",
                            *name);
                return false;
            }
    return true;
}

static bool check_parameters(struct devops *ask, const json *parameters, bool update)
{
    const char *const *name;
    const json *member;

    if (!check_refused(ask, parameters))
        return false;
    for (name = needed; *name; name++)
        if (!guid_valid(json_text_of(parameters, *name)))
            return invalid(
                ask, call_text(ask->call, "authorization.parameters.%s is not a GUID", *name));
    for (member = json_first(parameters); member; member = json_next(member))
        if (!is_one_of(needed, json_key(member)) &&
            !(update && is_one_of(added_parameters, json_key(member))))
            return invalid(ask, call_text(ask->call,
                                          "Could not find member '%s' on authorization.parameters",
                                          json_key(member)));
    return true;
}

static const struct scope *find_scope(const char *level)
{
    size_t i;

    for (i = 0; i < sizeof scopes / sizeof *scopes; i++)
        if (!strcmp(scopes[i].level, level))
            return &scopes[i];
    return NULL;
}

static bool check_lengths(struct devops *ask, const json *data, const char *const *names)
{
    for (; *names; names++) {
        size_t len = utf8_length(json_text_of(data, *names));

        if (len < 1 || len > DATA_MOST)
            return invalid(
                ask, call_text(ask->call, "data.%s has 1 to %d characters", *names, DATA_MOST));
    }
    return true;
}

static bool check_data(struct devops *ask, const json *data, bool update)
{
    const struct scope *scope = find_scope(json_text_of(data, "scopeLevel"));
    const char *mode = json_text_of(data, "creationMode");
    const json *member;

    if (!scope)
        return invalid(ask, call_text(ask->call, "data.scopeLevel '%s' is not supported",
                                      json_text_of(data, "scopeLevel")));
    if (!check_lengths(ask, data, always) || !check_lengths(ask, data, scope->fields))
        return false;
    for (member = json_first(data); member; member = json_next(member))
        if (!is_one_of(always, json_key(member)) && !is_one_of(scope->fields, json_key(member)) &&
            !(update && is_one_of(added_data, json_key(member))))
            return invalid(
                ask, call_text(ask->call, "Could not find member '%s' on data", json_key(member)));
    if (!strcmp(mode, "Automatic"))
        return not_modelled(ask, "creationMode", mode);
    return !strcmp(mode, "Manual") ||
           invalid(ask, call_text(ask->call, "data.creationMode '%s' is not supported", mode));
}

static bool check_url(struct devops *ask, const char *environment, const char *url)
{
    const struct azure *azure = azure_find(environment);

    if (!strcmp(environment, "AzureStack"))
        return not_modelled(ask, "the environment", environment);
    if (azure && !strcmp(azure->name, environment) &&
        !strcmp(url, call_text(ask->call, "https://%s/", azure->arm)))
        return true;
    return invalid(ask, call_text(ask->call, "url '%s' is not that of the environment '%s'", url,
                                  environment));
}

bool devops_check_endpoint(struct devops *ask, const json *body, bool update)
{
    const json *authorization = json_member(body, "authorization");
    const json *data = json_member(body, "data");

    if (strcasecmp(json_text_of(body, "type"), "azurerm") != 0)
        return not_modelled(ask, "connections of type", json_text_of(body, "type"));
    if (!call_shape(ask->call, authorization, "scheme:text parameters:map", "authorization",
                    devops_refuse))
        return false;
    if (strcmp(json_text_of(authorization, "scheme"), DEVOPS_WIF) != 0)
        return not_modelled(ask, "connections of scheme", json_text_of(authorization, "scheme"));
    return check_parameters(ask, json_member(authorization, "parameters"), update) &&
           check_data(ask, data, update) &&
           check_url(ask, json_text_of(data, "environment"), json_text_of(body, "url"));
}

/* References */

static bool check_name(struct devops *ask, const char *name, const char *description)
{
    const char *at = name;
    bool blank = true;

    while (*at) {
        uint32_t code = 0;
        size_t len = utf8_decode(at, strlen(at), &code);

        if (!len || utf8_is_control(code))
            return invalid(ask, "the name of a service connection holds a control character");
        blank = blank && code == ' ';
        at += len;
    }
    if (blank || utf8_length(name) > NAME_MOST)
        return invalid(
            ask,
            call_text(ask->call, "a service connection's name has 1 to %d characters", NAME_MOST));
    return utf8_length(description) <= DESCRIPTION_MOST ||
           invalid(ask, call_text(ask->call, "a description has at most %d characters",
                                  DESCRIPTION_MOST));
}

/* Also when the caller cannot see the connection that has the name. */
static bool is_free(struct devops *ask, const char *name, const json *project, const json *except)
{
    const json *endpoint;

    for (endpoint = json_first(devops_endpoints(ask)); endpoint; endpoint = json_next(endpoint)) {
        const json *known = devops_reference(endpoint, project);

        if (!known || endpoint == except || strcasecmp(json_text_of(known, "name"), name) != 0)
            continue;
        devops_fail(ask->call, 500, "DuplicateServiceConnectionException",
                    "Service connection with name %s already exists. Only a user having "
                    "Administrator/User role permissions on service connection %s can see it.",
                    name, name);
        return false;
    }
    return true;
}

json *devops_check_reference(struct devops *ask, json *project, const char *name,
                             const char *description, bool unique, const json *except)
{
    json *reference;

    if (!check_name(ask, name, description) || (unique && !is_free(ask, name, project, except)))
        return NULL;
    reference = json_object();
    json_text(reference, "projectId", json_text_of(project, "id"));
    json_text(reference, "name", name);
    json_text(reference, "description", description);
    return reference;
}

/* {"projectReference": {"id", "name"}, "name", "description"} */
static json *check_item(struct devops *ask, const json *item, const json *except)
{
    const json *wanted = json_member(item, "projectReference");
    const char *name;
    json *project;

    if (!call_shape(ask->call, item, "projectReference:object name:text description?:text",
                    "a project reference", devops_refuse) ||
        !call_shape(ask->call, wanted, "id:guid name?:text", "projectReference", devops_refuse))
        return NULL;
    project = devops_find_project(ask, json_text_of(wanted, "id"));
    if (!project)
        return NULL;
    name = json_text_of(wanted, "name");
    if (strcasecmp(json_text_of(project, "id"), json_text_of(wanted, "id")) != 0 ||
        (*name && strcasecmp(json_text_of(project, "name"), name) != 0)) {
        devops_refuse(ask->call, 400, "projectReference: id and name are of different projects");
        return NULL;
    }
    return devops_check_reference(ask, project, json_text_of(item, "name"),
                                  json_text_of(item, "description"), true, except);
}

json *devops_check_references(struct devops *ask, const json *items, const json *except)
{
    json *references = json_array();
    const json *item = items && json_kind(items) == JSON_ARRAY ? json_first(items) : NULL;

    for (; item && !ask->call->status; item = json_next(item)) {
        json *reference = check_item(ask, item, except);

        if (reference && json_find(references, "projectId", json_text_of(reference, "projectId")))
            devops_refuse(ask->call, 400, "a project is referenced twice");
        if (reference)
            json_append(references, reference);
    }
    if (!ask->call->status && !json_count(references))
        devops_refuse(ask->call, 400,
                      "serviceEndpointProjectReferences: a project reference is required");
    if (!ask->call->status)
        return references;
    json_free(references);
    return NULL;
}
