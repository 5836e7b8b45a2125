/* SPDX-License-Identifier: MIT
 * Calls to Azure DevOps: project, service connection, sharing, checks, pipelines. Endpoints are
 * generally available at api-version 7.1; permissions, checks and connectionData only as previews. */
#include "plan/calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/capture.h"
#include "format/json.h"

#define API         "api-version=7.1"
#define API_PREVIEW "api-version=7.1-preview.1"

static const char *organization_url(struct builder *b)
{
    return join(b, "https://dev.azure.com/", path_segment(b, b->spec->organization.text), NULL);
}

static const char *project_url(struct builder *b, const char *project)
{
    return join(b, organization_url(b), "/_apis/projects/", path_segment(b, project), "?" API,
                NULL);
}

/* ORGANIZATION/PROJECT/_apis/AREA */
static const char *area_url(struct builder *b, const char *area)
{
    return join(b, organization_url(b), "/" CAPTURE("project_id") "/_apis/", area, NULL);
}

static void add_project(struct builder *b)
{
    struct step *step = builder_step(b, STEP_PROJECT);

    step->title = join(b, "Project ", b->connection->project.text, " of organization ",
                       b->spec->organization.text, NULL);
    step->look =
        (struct call){.method = "GET", .url = project_url(b, b->connection->project.text)};
    step->extra_url = join(b, organization_url(b), "/_apis/connectionData?" API_PREVIEW, NULL);
}

static void add_data(struct builder *b, const char *key, const struct setting *value,
                     enum data_weight weight)
{
    struct data_field *field = b->plan->data;

    while (field->key)
        field++;
    *field = (struct data_field){.key = key, .value = value->text, .weight = weight};
}

static void describe_data(struct builder *b)
{
    static const char *const levels[] = {[SCOPE_SUBSCRIPTION] = "Subscription",
                                         [SCOPE_MANAGEMENT_GROUP] = "ManagementGroup",
                                         [SCOPE_ML_WORKSPACE] = "AzureMLWorkspace"};
    const struct connection *c = b->connection;
    const struct setting environment = {.text = b->spec->cloud->name};
    const struct setting level = {.text = levels[c->scope_level]};

    add_data(b, "environment", &environment, DATA_TEXT);
    add_data(b, "scopeLevel", &level, DATA_TEXT);
    if (c->scope_level == SCOPE_MANAGEMENT_GROUP) {
        add_data(b, "managementGroupId", &c->management_group_id, DATA_ID);
        add_data(b, "managementGroupName", &c->management_group_name, DATA_LABEL);
        return;
    }
    add_data(b, "subscriptionId", &c->subscription_id, DATA_ID);
    add_data(b, "subscriptionName", &c->subscription_name, DATA_LABEL);
    if (c->scope_level == SCOPE_ML_WORKSPACE) {
        add_data(b, "resourceGroupName", &c->resource_group_name, DATA_TEXT);
        add_data(b, "mlWorkspaceName", &c->ml_workspace_name, DATA_TEXT);
        add_data(b, "mlWorkspaceLocation", &c->ml_workspace_location, DATA_TEXT);
    }
}

/* {"projectReference": {"id", "name"}, "name", "description"} */
static json *reference(struct builder *b, const char *id, const char *name)
{
    json *entry = json_object(), *project = json_add(entry, "projectReference", json_object());

    json_text(project, "id", id);
    json_text(project, "name", name);
    json_text(entry, "name", b->connection->name.text);
    json_text(entry, "description", b->plan->marked_description);
    return entry;
}

/* No serviceprincipalkey, no authenticationType: the service refuses both with this scheme. */
static const char *connection_body(struct builder *b)
{
    json *root = json_object(), *part;
    const struct data_field *field;

    json_text(root, "name", b->connection->name.text);
    json_text(root, "description", b->plan->marked_description);
    json_text(root, "type", "AzureRM");
    json_text(root, "url", b->spec->resource_manager);
    json_bool(root, "isShared", false);
    json_bool(root, "isReady", true);
    part = json_add(root, "authorization", json_object());
    json_text(part, "scheme", "WorkloadIdentityFederation");
    part = json_add(part, "parameters", json_object());
    json_text(part, "tenantid", b->spec->tenant_id.text);
    json_text(part, "serviceprincipalid", CAPTURE("client_id"));
    part = json_add(root, "data", json_object());
    json_text(part, "creationMode", "Manual");
    for (field = b->plan->data; field->key; field++)
        json_text(part, field->key, field->value);
    part = json_add(root, "serviceEndpointProjectReferences", json_array());
    json_append(part, reference(b, CAPTURE("project_id"), CAPTURE("project_name")));
    return body_text(b, root);
}

static const char *endpoint_url(struct builder *b)
{
    return join(b, organization_url(b),
                "/_apis/serviceendpoint/endpoints/" CAPTURE("connection_id"), NULL);
}

/* As its own project sees it. */
static const char *own_endpoint_url(struct builder *b)
{
    return area_url(b, "serviceendpoint/endpoints/" CAPTURE("connection_id") "?" API);
}

static void add_connection_itself(struct builder *b)
{
    struct step *step = builder_step(b, STEP_CONNECTION);
    const char *endpoints = area_url(b, "serviceendpoint/endpoints");

    describe_data(b);
    step->title = join(b, "Service connection ", b->connection->name.text, NULL);
    step->look = (struct call){
        .method = "GET",
        .url = join(b, endpoints, "?endpointNames=", query_value(b, b->connection->name.text),
                    "&includeFailed=true&" API, NULL)};
    step->write = (struct call){
        .method = "POST",
        .url = join(b, organization_url(b), "/_apis/serviceendpoint/endpoints?" API, NULL),
        .body = connection_body(b)};
    step->extra_url = own_endpoint_url(b);
    step->update =
        (struct call){.method = "PUT", .url = join(b, endpoint_url(b), "?" API, NULL)};
    step->undo = (struct call){.method = "DELETE",
                               .url = join(b, endpoint_url(b), "?projectIds=" CAPTURE("project_ids"),
                                           "&deep=false&" API, NULL)};
}

/* The body is a bare array: an object is refused
 * (github.com/MicrosoftDocs/azure-devops-docs and the documented sample agree). */
static void add_share(struct builder *b, const char *project)
{
    struct step *step = builder_step(b, STEP_SHARE);
    const char *id = arena_printf(b->arena, CAPTURE("share_%u_project_id"), step->n);
    const char *name = arena_printf(b->arena, CAPTURE("share_%u_project_name"), step->n);
    json *root = json_array();

    step->title = join(b, "Share with project ", project, NULL);
    step->project = project;
    step->extra_url = project_url(b, project);
    step->look = (struct call){.method = "GET", .url = own_endpoint_url(b)};
    step->subject_url =
        join(b, organization_url(b), "/", id,
             "/_apis/serviceendpoint/endpoints/" CAPTURE("connection_id") "?" API, NULL);
    json_append(root, reference(b, id, name));
    step->write = (struct call){.method = "PATCH",
                                .url = join(b, endpoint_url(b), "?" API, NULL),
                                .body = body_text(b, root)};
    if (b->connection->issuer == ISSUER_AZURE_DEVOPS)
        step->subject = arena_printf(b->arena, "subject_%u", step->n);
}

/* One check of TYPE on the connection; SETTINGS is taken over. Shapes: the public client
 * github.com/microsoft/terraform-provider-azuredevops, resources check_*. */
static void add_check(struct builder *b, enum step_kind kind, const char *title, const char *type,
                      const char *type_name, json *settings)
{
    const char *configurations = area_url(b, "pipelines/checks/configurations?" API_PREVIEW);
    struct step *step = builder_step(b, kind);
    json *root = json_object(), *part;

    step->title = title;
    step->look = (struct call){.method = "GET",
                               .url = join(b, configurations,
                                           "&resourceType=endpoint&resourceId=" CAPTURE(
                                               "connection_id") "&$expand=settings",
                                           NULL)};
    part = json_add(root, "type", json_object());
    json_text(part, "id", type);
    json_text(part, "name", type_name);
    json_add(root, "settings", settings);
    part = json_add(root, "resource", json_object());
    json_text(part, "type", "endpoint");
    json_text(part, "id", CAPTURE("connection_id"));
    json_text(part, "name", b->connection->name.text);
    json_number(root, "timeout", 43200); /* minutes: 30 days, the most there is */
    step->write =
        (struct call){.method = "POST", .url = configurations, .body = body_text(b, root)};
}

static json *approval_settings(const struct connection *c)
{
    json *settings = json_object(), *approvers = json_add(settings, "approvers", json_array());
    size_t i;

    for (i = 0; i < c->approvers.count; i++)
        json_text(json_append(approvers, json_object()), "id", c->approvers.items[i].text);
    json_number(settings, "minRequiredApprovers", c->required_approvals);
    json_bool(settings, "requesterCannotBeApprover", true);
    json_text(settings, "instructions", "");
    return settings;
}

static json *branch_settings(struct builder *b)
{
    json *settings = json_object(), *part;
    const char *branches = "";
    size_t i;

    for (i = 0; i < b->connection->allowed_branches.count; i++)
        branches = join(b, branches, i ? "," : "", b->connection->allowed_branches.items[i].text,
                        NULL);
    json_text(settings, "displayName", "Branch control");
    part = json_add(settings, "definitionRef", json_object());
    json_text(part, "id", "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b");
    json_text(part, "name", "evaluatebranchProtection");
    json_text(part, "version", "0.0.1");
    part = json_add(settings, "inputs", json_object());
    json_text(part, "allowedBranches", branches);
    json_text(part, "ensureProtectionOfBranch", "true");
    json_text(part, "allowUnknownStatusBranch", "false");
    return settings;
}

static void add_checks(struct builder *b)
{
    const struct connection *c = b->connection;

    if (c->approvers.count)
        add_check(b, STEP_APPROVAL, "Approval before use", "8c6f20a7-a545-4486-9777-f762fafe0d4d",
                  "Approval", approval_settings(c));
    if (c->allowed_branches.count)
        add_check(b, STEP_BRANCH_CONTROL, "Branch control",
                  "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "Task Check", branch_settings(b));
    if (c->exclusive_lock)
        add_check(b, STEP_EXCLUSIVE_LOCK, "Exclusive lock",
                  "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", "ExclusiveLock", json_object());
}

static void add_pipelines(struct builder *b)
{
    static const char *const titles[] = {[PIPELINES_NONE] = "No pipeline authorized",
                                         [PIPELINES_ALL] = "All pipelines authorized",
                                         [PIPELINES_LISTED] = "Pipelines authorized:"};
    const struct connection *c = b->connection;
    struct step *step = builder_step(b, STEP_PIPELINES);
    json *root, *part;
    size_t i;

    step->title = titles[c->pipelines];
    step->look.method = "GET";
    step->look.url = area_url(b, "pipelines/pipelinepermissions/endpoint/" CAPTURE(
                                     "connection_id") "?" API_PREVIEW);
    if (c->pipelines == PIPELINES_NONE)
        return;
    root = json_object();
    if (c->pipelines == PIPELINES_ALL) {
        json_bool(json_add(root, "allPipelines", json_object()), "authorized", true);
    } else {
        part = json_add(root, "pipelines", json_array());
        for (i = 0; i < c->pipeline_ids.count; i++) {
            json *pipeline = json_append(part, json_object());

            json_number(pipeline, "id", strtol(c->pipeline_ids.items[i].text, NULL, 10));
            json_bool(pipeline, "authorized", true);
            step->title = join(b, step->title, i ? ", " : " ", c->pipeline_ids.items[i].text, NULL);
        }
    }
    step->write =
        (struct call){.method = "PATCH", .url = step->look.url, .body = body_text(b, root)};
}

void add_connection(struct builder *b)
{
    struct step *step;
    size_t i;

    add_project(b);
    add_connection_itself(b);
    for (i = 0; i < b->connection->share_with.count; i++)
        add_share(b, b->connection->share_with.items[i].text);
    step = builder_step(b, STEP_SHARES_BEYOND);
    step->title = "Projects beyond the description";
    add_checks(b);
    add_pipelines(b);
}
