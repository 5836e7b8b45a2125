/* SPDX-License-Identifier: MIT
 * Pipeline jobs: how one starts, the ID token that it asks for, where connections were used. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

#include "simulator/token.h"

enum {
    JOB_LIFE = 3600,     /* seconds */
    ID_TOKEN_LIFE = 600, /* likewise */
    HISTORY_MOST = 100,  /* uses that are remembered of a connection */
    HISTORY_TOP = 50,
};

static const char *new_id(struct arena *arena, struct world *world)
{
    char id[GUID_TEXT + 1];

    world_new_id(world, id);
    return arena_strdup(arena, id);
}

static json *timed_claims(long life)
{
    long long now = world_now() / 1000;
    json *claims = json_object();

    json_put_number(claims, "iat", now);
    json_put_number(claims, "nbf", now);
    json_put_number(claims, "exp", now + life);
    return claims;
}

const char *devops_job_token(struct arena *arena, struct world *world, const struct keys *keys,
                             const char *organization, const char *project, long pipeline,
                             bool permitted, const char **ret_request_uri)
{
    const char *plan, *job, *token = NULL;
    const json *owner, *found;
    json *claims, *about;

    world_lock(world);
    owner = world_organization(world, organization);
    found = devops_project(owner, project);
    if (found) {
        plan = new_id(arena, world);
        job = new_id(arena, world);
        claims = timed_claims(JOB_LIFE);
        json_text(claims, "aud", DEVOPS_AUDIENCE);
        about = json_add(claims, "job", json_object());
        json_text(about, "organization", json_text_of(owner, "id"));
        json_text(about, "project", json_text_of(found, "id"));
        json_number(about, "pipeline", pipeline);
        json_text(about, "plan", plan);
        json_text(about, "job", job);
        json_bool(about, "permitted", permitted);
        *ret_request_uri = arena_printf(
            arena,
            "https://dev.azure.com/%s/%s/_apis/distributedtask/hubs/build/plans/%s/jobs/%s/"
            "oidctoken",
            json_text_of(owner, "name"), json_text_of(found, "id"), plan, job);
        token = token_sign(arena, keys, SIGNER_DEVOPS, claims);
    }
    world_unlock(world);
    return token;
}

/* The ID token */

static void note_use(struct devops *ask, json *endpoint)
{
    json *history = json_list(endpoint, "history"), *use = json_object(), *kept;
    const json *item = json_first(history);
    size_t n;

    json_text(use, "projectId", json_text_of(ask->project, "id"));
    json_put_number(use, "pipeline", json_number_of(ask->job, "pipeline", 0));
    json_put_number(use, "at", world_now());
    json_text(use, "result", "succeeded");
    if (json_count(history) < HISTORY_MOST) {
        json_append(history, use);
        return;
    }
    kept = json_array();
    for (n = json_count(history); item; item = json_next(item), n--)
        if (n < HISTORY_MOST)
            json_append(kept, json_copy(item));
    json_append(kept, use);
    json_put(endpoint, "history", kept);
}

/* Does the path name the job that the access token was given to? */
static bool check_job(struct devops *ask)
{
    const char *plan = ask->call->part[1], *job = ask->call->part[2];

    if (strcasecmp(plan, json_text_of(ask->job, "plan")) != 0)
        devops_fail(ask->call, 404, "TaskOrchestrationPlanNotFoundException",
                    "No plan found for identifier %s.", plan);
    else if (strcasecmp(job, json_text_of(ask->job, "job")) != 0)
        devops_fail(ask->call, 404, "TaskOrchestrationJobNotFoundException",
                    "No job found with identifier %s in plan %s.", job, plan);
    return !ask->call->status;
}

/* A pipeline that is not authorized never comes so far: its run waits for a person to permit it. */
static bool check_pipeline(struct devops *ask, const json *endpoint)
{
    const json *authorization = json_member(endpoint, "authorization");

    if (!json_flag_of(ask->job, "permitted") &&
        !devops_authorized(endpoint, json_text_of(ask->project, "id"),
                           json_number_of(ask->job, "pipeline", -1)))
        devops_fail(ask->call, 403, "AccessCheckException",
                    "This pipeline needs permission to access a resource before this run can "
                    "continue: service connection %s.",
                    json_text_of(devops_reference(endpoint, ask->project), "name"));
    else if (strcasecmp(json_text_of(authorization, "scheme"), DEVOPS_WIF) != 0)
        devops_fail(ask->call, 400, "InvalidOperationException",
                    "The service connection %s does not use workload identity federation.",
                    json_text_of(endpoint, "id"));
    return !ask->call->status;
}

const char *devops_id_token(struct sim_call *call, const struct devops_trust *trust)
{
    json *claims = timed_claims(ID_TOKEN_LIFE);

    json_text(claims, "jti", new_id(call->arena, call->world));
    json_text(claims, "iss", trust->issuer);
    json_text(claims, "sub", trust->subject);
    json_text(claims, "aud", trust->audience);
    return token_sign(call->arena, call->keys, trust->signer, claims);
}

static void id_token(struct devops *ask)
{
    struct sim_call *call = ask->call;
    const char *id = call_argument(call, "serviceConnectionId");
    struct devops_trust trust;
    json *endpoint, *body;

    if (!check_job(ask))
        return;
    if (!id) {
        call_not_modelled(call, "an ID token for no service connection");
        return;
    }
    endpoint = devops_find_endpoint(ask, id, ask->project);
    if (!endpoint || !check_pipeline(ask, endpoint))
        return;
    trust = devops_trust(call->arena, ask->organization, endpoint, ask->project);
    note_use(ask, endpoint);
    body = json_object();
    json_text(body, "oidcToken", devops_id_token(call, &trust));
    call_reply(call, 200, body);
}

/* The history */

static json *use_view(struct devops *ask, const json *endpoint, const json *use)
{
    const json *pipelines = json_member(ask->project, "pipelines"), *item;
    long long number = json_number_of(use, "pipeline", 0);
    const char *result = json_text_of(use, "result");
    json *view = json_object(), *data, *definition;
    char at[32];

    json_text(view, "endpointId", json_text_of(endpoint, "id"));
    data = json_add(view, "data", json_object());
    json_text(data, "planType", "Build");
    definition = json_add(data, "definition", json_object());
    json_put_number(definition, "id", number);
    for (item = pipelines ? json_first(pipelines) : NULL; item; item = json_next(item))
        if (json_number_of(item, "id", -1) == number && *json_text_of(item, "name"))
            json_put_text(definition, "name", json_text_of(item, "name"));
    world_time_text(json_number_of(use, "at", 0), at);
    json_text(data, "startTime", at);
    json_text(data, "finishTime", at);
    json_text(data, "result", *result ? result : "succeeded");
    return view;
}

/* The latest TOP uses in the path's project, the latest first. */
static json *uses_view(struct devops *ask, const json *endpoint, size_t top)
{
    const json *history = json_member(endpoint, "history"), *item;
    size_t left = json_count(history), n;
    json *items = json_array();

    for (; left && json_count(items) < top; left--) {
        for (item = json_first(history), n = 1; n < left; n++)
            item = json_next(item);
        if (!strcasecmp(json_text_of(item, "projectId"), json_text_of(ask->project, "id")))
            json_append(items, use_view(ask, endpoint, item));
    }
    return items;
}

static void history_get(struct devops *ask)
{
    const char *text = call_argument(ask->call, "top");
    long top = HISTORY_TOP;
    const json *endpoint;

    if (text && !devops_number(text, HISTORY_MOST, &top)) {
        devops_refuse(ask->call, 400, "top is a number");
        return;
    }
    endpoint = devops_find_endpoint(ask, ask->call->part[1], ask->project);
    if (endpoint && devops_allowed(ask, MAY_LIST, ask->project, endpoint))
        devops_reply_list(ask, uses_view(ask, endpoint, (size_t)top));
}

const struct devops_route devops_token_routes[] = {
    {"POST", "{}/_apis/distributedtask/hubs/build/plans/{}/jobs/{}/oidctoken", RESOURCE_ID_TOKEN,
     BODY_NONE, "serviceConnectionId", id_token},
    {"GET", "{}/_apis/serviceendpoint/{}/executionhistory", RESOURCE_HISTORY, BODY_NONE, "top",
     history_get},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
