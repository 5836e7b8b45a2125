/* SPDX-License-Identifier: MIT
 * What a pipeline job does with a service connection: the proof that sign-in works.
 *
 * Over real HTTPS: it asks Azure DevOps for an ID token for the connection, exchanges it at the
 * Entra token endpoint, and reads the target scope with the access token. */
#ifndef REHEARSE_JOB_H
#define REHEARSE_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct job {
    /* Given. */
    const char *proxy, *ca_pem;
    const char *request_uri,
        *system_token; /* of the job: SYSTEM_OIDCREQUESTURI, SYSTEM_ACCESSTOKEN */
    const char *connection_id;
    const char *login; /* "https://login.microsoftonline.com" */
    const char *tenant_id, *client_id;
    const char *resource_manager; /* with its trailing slash */
    const char *const *scopes;    /* of the described roles, "/subscriptions/..."; closed by NULL */
    const char *target;           /* the connection's own scope: subscription or management group */
};

/* One step of the proof, in their order. */
struct job_step {
    const char *what; /* "ID token", "token exchange", "role at /subscriptions/..." */
    int status;       /* of HTTP */
    bool good;
    const char *text; /* what was found, or the service's error: hostile; one line */
};

struct job_result {
    bool good;
    const char *issuer, *subject, *audience; /* of the ID token; "" when there is none. Hostile. */
    struct job_step *steps;
    size_t n_steps;
};

struct job_result job_run(struct arena *arena, const struct job *job);

#endif
