/* SPDX-License-Identifier: MIT
 * What came of it: pipelines sign in. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rehearse/stage.h"
#include "simulator/devops.h"

/* The service connection of that name in a project, as the world has it; NULL: none. */
static const json *find_endpoint(const json *organization, const char *project_id, const char *name)
{
    const json *endpoint = json_member(organization, "serviceEndpoints");

    for (endpoint = endpoint ? json_first(endpoint) : NULL; endpoint;
         endpoint = json_next(endpoint)) {
        const json *mine = json_find(json_member(endpoint, "references"), "projectId", project_id);

        if (mine && !strcasecmp(json_text_of(mine, "name"), name))
            return endpoint;
    }
    return NULL;
}

/* Which pipeline asks. Where no pipeline is described, a person permits one at its first run. */
static long choose_pipeline(struct rehearsing *r, const struct connection *connection,
                            struct phase *phase, bool *ret_permitted)
{
    *ret_permitted = connection->pipelines == PIPELINES_NONE;
    if (*ret_permitted)
        phase->job_note = "no pipeline is described: this one is permitted by a person";
    if (connection->approvers.count)
        phase->job_note = arena_printf(r->arena, "%s%sits run waits until it is approved",
                                       phase->job_note, *phase->job_note ? "; " : "");
    return connection->pipelines == PIPELINES_LISTED
               ? strtol(connection->pipeline_ids.items[0].text, NULL, 10)
               : FIT_OTHER_PIPELINE;
}

/* Fills JOB from the world, in which the connection must be. False: it is not. */
static bool find_connection(struct rehearsing *r, const struct connection *connection,
                            const char *project_name, struct job *job)
{
    const json *organization =
        world_organization(r->lab.world, r->request->spec->organization.text);
    const json *project = devops_project(organization, project_name);
    const json *endpoint =
        project ? find_endpoint(organization, json_text_of(project, "id"), connection->name.text)
                : NULL;
    const json *parameters = json_member(json_member(endpoint, "authorization"), "parameters");

    if (!endpoint)
        return false;
    job->connection_id = arena_strdup(r->arena, json_text_of(endpoint, "id"));
    job->tenant_id = arena_strdup(r->arena, json_text_of(parameters, "tenantid"));
    job->client_id = arena_strdup(r->arena, json_text_of(parameters, "serviceprincipalid"));
    return true;
}

/* NULL, or why there is no job. */
static const char *prepare_job(struct rehearsing *r, const struct connection *connection,
                               const char *project, struct phase *phase, struct job *job)
{
    bool found, permitted;
    long pipeline = choose_pipeline(r, connection, phase, &permitted);

    world_lock(r->lab.world);
    found = find_connection(r, connection, project, job);
    world_unlock(r->lab.world);
    if (!found)
        return "there is no such service connection in the project";
    if (strcasecmp(project, connection->project.text) != 0) {
        pipeline =
            FIT_OTHER_PIPELINE; /* pipelines are described for the connection's own project */
        permitted = true;
    }
    job->system_token = devops_job_token(r->arena, r->lab.world, server_keys(r->lab.server),
                                         r->request->spec->organization.text, project, pipeline,
                                         permitted, &job->request_uri);
    return job->system_token ? NULL : "there is no such project";
}

static const char *const *role_scopes(struct rehearsing *r, const struct connection *connection)
{
    const char **scopes = ARENA_ARRAY(r->arena, connection->n_roles + 1, const char *);
    size_t i;

    for (i = 0; i < connection->n_roles; i++)
        scopes[i] = connection->roles[i].scope;
    return scopes;
}

static const char *target_of(struct rehearsing *r, const struct connection *connection)
{
    return connection->scope_level == SCOPE_MANAGEMENT_GROUP
               ? arena_printf(r->arena, "/providers/Microsoft.Management/managementGroups/%s",
                              connection->management_group_id.text)
               : arena_printf(r->arena, "/subscriptions/%s", connection->subscription_id.text);
}

/* The first step that is not good, as a sentence; NULL: there is none. */
static const char *job_verdict(struct rehearsing *r, const struct job_result *result)
{
    size_t i;

    for (i = 0; i < result->n_steps; i++)
        if (!result->steps[i].good)
            return arena_printf(r->arena, "%s: %s", result->steps[i].what, result->steps[i].text);
    return result->good ? NULL : "the sign-in failed";
}

/* A pipeline that is not described must not get a token. NULL, or what is wrong. */
static const char *refuse_others(struct rehearsing *r, const struct connection *connection,
                                 const char *project, struct job *job)
{
    size_t i;

    for (i = 0; i < connection->pipeline_ids.count; i++)
        if (strtol(connection->pipeline_ids.items[i].text, NULL, 10) == FIT_OTHER_PIPELINE)
            return NULL; /* this one is described */
    if (connection->pipelines == PIPELINES_ALL)
        return NULL;
    job->system_token = devops_job_token(r->arena, r->lab.world, server_keys(r->lab.server),
                                         r->request->spec->organization.text, project,
                                         FIT_OTHER_PIPELINE, false, &job->request_uri);
    return job->system_token && job_run(r->arena, job).good
               ? "a pipeline that is not described may use it, too"
               : NULL;
}

static bool run_one_job(struct rehearsing *r, const struct connection *connection,
                        const char *project)
{
    const struct spec *spec = r->request->spec;
    struct phase *phase = phase_begin(r, PHASE_JOB, connection, PERSON_EVERYTHING,
                                      arena_printf(r->arena, "a pipeline of %s signs in with %s",
                                                   project, connection->name.text));
    struct job job = {.proxy =
                          arena_printf(r->arena, "http://127.0.0.1:%u", server_port(r->lab.server)),
                      .ca_pem = keys_ca_pem(server_keys(r->lab.server)),
                      .login = spec->login,
                      .resource_manager = spec->resource_manager,
                      .scopes = role_scopes(r, connection),
                      .target = target_of(r, connection)};
    const char *why;

    why = prepare_job(r, connection, project, phase, &job);
    if (why)
        return phase_end(r, phase, why);
    phase->job = job_run(r->arena, &job);
    why = job_verdict(r, &phase->job);
    return phase_end(r, phase, why ? why : refuse_others(r, connection, project, &job));
}

bool run_jobs(struct rehearsing *r, const struct connection *connection)
{
    size_t i;

    if (!run_one_job(r, connection, connection->project.text))
        return false;
    for (i = 0; i < connection->share_with.count; i++)
        if (!run_one_job(r, connection, connection->share_with.items[i].text))
            return false;
    return true;
}
