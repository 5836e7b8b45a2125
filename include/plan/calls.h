/* SPDX-License-Identifier: MIT
 * Within the plan layer: each adds the steps of its area, with their calls, to a plan that is being
 * built. A file of facts per service. */
#ifndef PLAN_CALLS_H
#define PLAN_CALLS_H

#include "plan/plan.h"

struct builder {
    struct arena *arena;
    struct plan *plan;
    const struct spec *spec;
    const struct connection *connection;
    const struct identity *identity;
    unsigned counts[STEP_KINDS];
};

/* A new last step of KIND; the plan's steps may move, so use only the newest. */
struct step *builder_step(struct builder *b, enum step_kind kind);

/* Pieces in a row, NULL-terminated. */
const char *join(struct builder *b, ...) __attribute__((sentinel));

const char *path_segment(struct builder *b, const char *text);  /* percent-encoded */
const char *query_value(struct builder *b, const char *text);   /* percent-encoded */
const char *odata_segment(struct builder *b, const char *text); /* 'literal', percent-encoded */
const char *odata_query(struct builder *b, const char *text);
const char *scope_path(struct builder *b, const char *scope);   /* each segment percent-encoded */

/* Text of JSON tree ROOT, which is freed. */
struct cJSON;
const char *body_text(struct builder *b, struct cJSON *root);

void add_managed_identity(struct builder *b);
void add_application(struct builder *b);
void add_connection(struct builder *b);
void add_credentials(struct builder *b);
void add_roles(struct builder *b);
void add_others(struct builder *b); /* no steps: what other connections of the identity have */

/* "https://management.azure.com/subscriptions/.../userAssignedIdentities/NAME", without a query. */
const char *managed_identity_url(struct builder *b);

#endif
