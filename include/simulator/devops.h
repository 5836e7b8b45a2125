/* SPDX-License-Identifier: MIT
 * Azure DevOps in a simulated world: dev.azure.com.
 *
 * The first part is for whoever runs a world. The rest is shared by the files devops*.c. */
#ifndef SIMULATOR_DEVOPS_H
#define SIMULATOR_DEVOPS_H

#include "simulator/call.h"

/* Starts a job of PIPELINE in PROJECT (name or id) of ORGANIZATION: returns its SYSTEM_ACCESSTOKEN,
 * and in *RET_REQUEST_URI its SYSTEM_OIDCREQUESTURI, both in ARENA; NULL when there is no such
 * project. PERMITTED: a person permitted the run by hand, so that it may use connections its
 * pipeline is not authorized for. Locks the world. */
const char *devops_job_token(struct arena *arena, struct world *world, const struct keys *keys,
                             const char *organization, const char *project, long pipeline,
                             bool permitted, const char **ret_request_uri);

/* ---- shared by devops*.c ---- */

#define DEVOPS_AUDIENCE "499b84ac-1321-427f-aa17-267ca6975798"
#define DEVOPS_WIF      "WorkloadIdentityFederation"

/* A resource as OPTIONS /{org}/_apis tells of it; devops_locations.c is the table. */
enum devops_resource {
    RESOURCE_NONE, /* OPTIONS itself: has no version */
    RESOURCE_CONNECTION_DATA,
    RESOURCE_AREAS,
    RESOURCE_PROJECTS,
    RESOURCE_ENDPOINTS,        /* of a project */
    RESOURCE_SHARED_ENDPOINTS, /* of the organization */
    RESOURCE_ENDPOINT_PROXY,
    RESOURCE_HISTORY,
    RESOURCE_PERMISSIONS,
    RESOURCE_AUTHORIZED,
    RESOURCE_CHECKS,
    RESOURCE_ROLES,
    RESOURCE_ID_TOKEN,
    RESOURCE_COUNT
};
/* Versions are MAJOR * 100 + MINOR: 7.1 is 701. */
struct devops_location {
    const char *id, *area, *name, *route;
    int resource_version; /* the latest */
    int min, released;    /* released 0: only ever a preview */
};
enum { DEVOPS_VERSION = 702 }; /* the latest that this server knows */
const struct devops_location *devops_location(enum devops_resource resource);

/* A call to an organization, as far as it has been understood. */
struct devops {
    struct sim_call *call;
    json *organization;
    json *member;    /* who asks; NULL: a pipeline job */
    const json *job; /* the claims of a job; NULL: a member */
    json *project;   /* of the path; NULL: the route has none */
    json *body;      /* as the route wants it; NULL: it wants none */
    int version;     /* 0: none was asked for */
    int resource_version;
};

enum devops_body { BODY_NONE, BODY_OBJECT, BODY_LIST };

/* PATTERN is one of call.h, behind the organization; one that begins with "{}/" is of a project,
 * which is found, and shown to its readers only, before the handler is called. QUERY: the
 * parameters that the handler reads, separated by blanks, beside api-version; any other is answered
 * 501. */
struct devops_route {
    const char *method, *pattern;
    enum devops_resource resource;
    enum devops_body body;
    const char *query;
    void (*handle)(struct devops *ask);
};
/* Closed by a NULL method. */
extern const struct devops_route devops_location_routes[], devops_project_routes[],
    devops_endpoint_routes[], devops_delete_routes[], devops_pipeline_routes[],
    devops_check_routes[], devops_role_routes[], devops_proxy_routes[], devops_token_routes[];

/* Refusals, with Azure DevOps' own shape of errors. devops_refuse is a call_refuse. */
void devops_fail(struct sim_call *call, int status, const char *type_key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void devops_refuse(struct sim_call *call, int status, const char *text);

/* What a person may do, as bits. */
enum {
    MAY_VIEW = 1,        /* see the project */
    MAY_LIST = 2,        /* see a connection, without its data */
    MAY_READ = 4,        /* see all of it */
    MAY_CREATE = 8,      /* connections in the project */
    MAY_ADMINISTER = 16, /* change, share and delete it */
};
/* Of who asks, in PROJECT (NULL: none), and by its own roles on ENDPOINT (NULL: none). */
unsigned devops_rights(const struct devops *ask, const json *project, const json *endpoint);
/* False after answering 403. */
bool devops_allowed(struct devops *ask, unsigned right, const json *project, const json *endpoint);

/* A project by name or id; NULL: there is none. devops_find_project answers 404 then, and also when
 * it is not for the caller to see. */
json *devops_project(const json *organization, const char *name_or_id);
json *devops_find_project(struct devops *ask, const char *name_or_id);

/* {id, displayName, uniqueName} of an identity of the organization. */
json *devops_identity(const struct devops *ask, const char *id);
const char *devops_display_name(const struct devops *ask, const json *member);

/* Is TEXT one of the comma-separated LIST, without regard to case? */
bool devops_listed(const char *list, const char *text);
/* {"count", "value"}: takes over ITEMS. */
void devops_reply_list(struct devops *ask, json *items);
/* A whole number of decimal digits up to MAX; false: it is none. */
bool devops_number(const char *text, long max, long *ret);

/* Connections. devops_endpoints first takes out those whose deletion is due. */
json *devops_endpoints(struct devops *ask);
bool devops_deleting(const json *endpoint);
json *devops_reference(const json *endpoint, const json *project); /* NULL: not in that project */
/* The connection, in PROJECT (NULL: any); NULL after answering 404. */
json *devops_find_endpoint(struct devops *ask, const char *id, const json *project);
/* The project that a connection was made in: that of its first reference; NULL: it is gone. */
json *devops_owner(const struct devops *ask, const json *endpoint);

/* What a token for the connection says, in one of its projects. Texts are in ARENA. */
struct devops_trust {
    const char *issuer, *subject, *audience;
    enum signer signer;
};
struct devops_trust devops_trust(struct arena *arena, const json *organization,
                                 const json *endpoint, const json *project);
/* The token that says so, good for ten minutes. */
const char *devops_id_token(struct sim_call *call, const struct devops_trust *trust);
/* ENDPOINT as the caller may see it in the scope of PROJECT. */
json *devops_view(struct devops *ask, const json *endpoint, const json *project);

/* Is the body of a connection one that the service takes? UPDATE: it may hold what replies add.
 * False after a refusal. */
bool devops_check_endpoint(struct devops *ask, const json *body, bool update);
/* The references of a body as a world keeps them; for json_free. NULL after a refusal. EXCEPT: the
 * connection whose names do not count as taken; NULL: none. */
json *devops_check_references(struct devops *ask, const json *items, const json *except);
/* One reference, likewise. UNIQUE: the name must not be taken. */
json *devops_check_reference(struct devops *ask, json *project, const char *name,
                             const char *description, bool unique, const json *except);

/* May PIPELINE use the connection in PROJECT? */
bool devops_authorized(const json *endpoint, const char *project_id, long long pipeline);

#endif
