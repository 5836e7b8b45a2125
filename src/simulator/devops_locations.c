/* SPDX-License-Identifier: MIT
 * What an organization tells of itself: where its resources are and in which versions (clients ask
 * before they call anything), and which host serves which area.
 *
 * Ids and templates are those that Microsoft's own clients carry (azure-devops-python-api,
 * azure-devops-node-api); minimum and released versions follow the published documentation:
 * endpoints are generally available at 7.1, permissions, checks, roles and connection data are
 * previews only. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

#define IN_PROJECT      "{project}/_apis/"
#define IN_ORGANIZATION "_apis/"

static const struct devops_location locations[RESOURCE_COUNT] = {
    [RESOURCE_CONNECTION_DATA] = {"00d9565f-ed9c-4a06-9a50-00e7896ccab4", "Location",
                                  "ConnectionData", IN_ORGANIZATION "{resource}", 1, 100, 0},
    [RESOURCE_AREAS] = {"e81700f7-3be2-46de-8624-2eb35882fcaa", "Location", "ResourceAreas",
                        IN_ORGANIZATION "{resource}/{areaId}", 1, 302, 0},
    [RESOURCE_PROJECTS] = {"603fe2ac-9723-48b9-88ad-09305aa6c6e1", "core", "projects",
                           IN_ORGANIZATION "{resource}/{*projectId}", 4, 100, 701},
    [RESOURCE_ENDPOINTS] = {"e85f1c62-adfc-4b74-b618-11a150fb195e", "serviceendpoint", "endpoints",
                            IN_PROJECT "{area}/{resource}/{endpointId}", 4, 300, 701},
    [RESOURCE_SHARED_ENDPOINTS] = {"14e48fdc-2c8b-41ce-a0c3-e26f6cc55bd0", "serviceendpoint",
                                   "endpoints", IN_ORGANIZATION "{area}/{resource}/{endpointId}", 4,
                                   600, 701},
    [RESOURCE_ENDPOINT_PROXY] = {"cc63bb57-2a5f-4a7a-b79c-c142d308657e", "serviceendpoint",
                                 "endpointproxy", IN_PROJECT "{area}/{resource}", 1, 300, 0},
    [RESOURCE_HISTORY] = {"10a16738-9299-4cd1-9a81-fd23ad6200d0", "serviceendpoint",
                          "executionhistory", IN_PROJECT "{area}/{endpointId}/{resource}", 1, 300,
                          701},
    [RESOURCE_PERMISSIONS] = {"b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2", "pipelinePermissions",
                              "pipelinePermissions",
                              IN_PROJECT "pipelines/{resource}/{resourceType}/{resourceId}", 1, 501,
                              0},
    [RESOURCE_AUTHORIZED] = {"398c85bc-81aa-4822-947c-a194a05f0fef", "build", "authorizedresources",
                             IN_PROJECT "{area}/{resource}", 1, 401, 0},
    [RESOURCE_CHECKS] = {"86c8381e-5aee-4cde-8ae4-25c0c7f5eaea", "PipelinesChecks",
                         "configurations", IN_PROJECT "pipelines/checks/{resource}/{id}", 1, 501,
                         0},
    [RESOURCE_ROLES] = {"9461c234-c84c-4ed2-b918-2f0f92ad0a35", "securityroles", "roleassignments",
                        IN_ORGANIZATION
                        "{area}/scopes/{scopeId}/{resource}/resources/{resourceId}/{identityId}",
                        1, 300, 0},
    [RESOURCE_ID_TOKEN] = {"69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2", "distributedtask", "oidctoken",
                           "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/jobs/"
                           "{jobId}/{resource}",
                           1, 600, 701},
};

/* As clients ask for them before anything else of the area. */
static const struct {
    const char *id, *name;
} areas[] = {
    {"79134c72-4a58-4b42-976c-04e7115f32bf", "core"},
    {"1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7", "serviceendpoint"},
    {"965220d5-5bb9-42cf-8d67-9b146df2a5a4", "build"},
    {"a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd", "distributedtask"},
    {"a81a0441-de52-4000-aa15-ff0e07bfbbaa", "pipelinePermissions"},
    {"4a933897-0488-45af-bd82-6fd3ad33f46a", "PipelinesChecks"},
};

const struct devops_location *devops_location(enum devops_resource resource)
{
    return &locations[resource];
}

static const char *version_text(struct devops *ask, int version)
{
    return call_text(ask->call, "%d.%d", version / 100, version % 100);
}

/* All locations, or those of AREA. */
static void reply_locations(struct devops *ask, const char *area)
{
    json *items = json_array();
    int i;

    for (i = RESOURCE_NONE + 1; i < RESOURCE_COUNT; i++) {
        const struct devops_location *location = &locations[i];
        json *item;

        if (area && strcasecmp(location->area, area) != 0)
            continue;
        item = json_append(items, json_object());
        json_text(item, "id", location->id);
        json_text(item, "area", location->area);
        json_text(item, "resourceName", location->name);
        json_text(item, "routeTemplate", location->route);
        json_number(item, "resourceVersion", location->resource_version);
        json_text(item, "minVersion", version_text(ask, location->min));
        json_text(item, "maxVersion", version_text(ask, DEVOPS_VERSION));
        json_text(item, "releasedVersion", version_text(ask, location->released));
    }
    devops_reply_list(ask, items);
}

static void options_all(struct devops *ask)
{
    reply_locations(ask, NULL);
}

static void options_area(struct devops *ask)
{
    reply_locations(ask, ask->call->part[0]);
}

static json *area_view(struct devops *ask, size_t i)
{
    json *item = json_object();

    json_text(item, "id", areas[i].id);
    json_text(item, "name", areas[i].name);
    json_text(
        item, "locationUrl",
        call_text(ask->call, "https://dev.azure.com/%s/", json_text_of(ask->organization, "name")));
    return item;
}

static void areas_list(struct devops *ask)
{
    json *items = json_array();
    size_t i;

    for (i = 0; i < sizeof areas / sizeof *areas; i++)
        json_append(items, area_view(ask, i));
    devops_reply_list(ask, items);
}

static void areas_get(struct devops *ask)
{
    size_t i;

    for (i = 0; i < sizeof areas / sizeof *areas; i++)
        if (!strcasecmp(areas[i].id, ask->call->part[0])) {
            call_reply(ask->call, 200, area_view(ask, i));
            return;
        }
    call_not_modelled(ask->call, "the resource area");
}

const struct devops_route devops_location_routes[] = {
    {"OPTIONS", "_apis", RESOURCE_NONE, BODY_NONE, "allHostTypes", options_all},
    {"OPTIONS", "_apis/{}", RESOURCE_NONE, BODY_NONE, "allHostTypes", options_area},
    {"GET", "_apis/ResourceAreas", RESOURCE_AREAS, BODY_NONE, NULL, areas_list},
    {"GET", "_apis/ResourceAreas/{}", RESOURCE_AREAS, BODY_NONE, NULL, areas_get},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
