/* SPDX-License-Identifier: MIT
 * What the files arm_*.c share; for nobody else. */
#ifndef SIMULATOR_ARM_PARTS_H
#define SIMULATOR_ARM_PARTS_H

#include "simulator/arm.h"

#define ARM_IDENTITY   "Microsoft.ManagedIdentity/userAssignedIdentities"
#define ARM_CREDENTIAL ARM_IDENTITY "/federatedIdentityCredentials"
#define ARM_MANAGEMENT "/providers/Microsoft.Management/managementGroups/"

/* The api-versions that each kind of resource answers. */
#define ARM_VERSIONS_IDENTITY                                                                      \
    "2018-11-30 2021-09-30-preview 2022-01-31-preview 2023-01-31 2023-07-31-preview 2024-11-30"
#define ARM_VERSIONS_CREDENTIAL "2022-01-31-preview 2023-01-31 2023-07-31-preview 2024-11-30"

/* Routes, each closed by a NULL method. */
extern const struct route arm_subscription_routes[], arm_group_routes[], arm_management_routes[];
extern const struct route arm_identity_routes[], arm_credential_routes[];
extern const struct route arm_role_routes[], arm_assignment_routes[];

/* A call_refuse: the body is not what the operation takes. */
void arm_refuse(struct sim_call *call, int status, const char *text);

/* Is there nothing left in the query that nobody read? Else answers 501. */
bool arm_all_read(struct sim_call *call);

/* Answers {"value": LIST}. */
void arm_reply_list(struct sim_call *call, json *list);

/* The subscription of the caller's cloud and tenant. NULL after answering 404 or 401. */
json *arm_subscription(struct sim_call *call, const char *id);

/* Its resource group, or NULL after answering 404. */
json *arm_group(struct sim_call *call, const json *subscription, const char *name);

/* "West Europe" is westeurope; "" when TEXT is no name of a region. */
const char *arm_region(struct sim_call *call, const char *text);

/* The tags of BODY, or none. */
void arm_store_tags(json *resource, const json *body);

/* The identity NAME of GROUP in it; NULL: none. */
json *arm_identity(const json *subscription, const char *group, const char *name);
const char *arm_identity_id(struct sim_call *call, const json *subscription, const json *identity);

/* Takes the identity, its credentials and its service principal away; role assignments of the
 * principal stay behind, those at the identity go. */
void arm_identity_remove(struct sim_call *call, json *subscription, json *identity);

/* False after answering 429: takes a token for a write of KIND at RESOURCE, and one for its
 * subscription. */
bool arm_within_limits(struct sim_call *call, const char *kind, const char *resource,
                       const char *subscription);

/* Does the scope exist, as far as this world knows it, in the caller's tenant? False after
 * answering. */
bool arm_scope_exists(struct sim_call *call, const char *scope);

/* Is SCOPE equal to OUTER, or below it? */
bool arm_covers(struct world *world, const char *tenant_id, const char *outer, const char *scope);

/* Of a scope: "/subscriptions/x" when it is one or below one, else "". */
const char *arm_subscription_of(struct sim_call *call, const char *scope);

/* A management group of a tenant by id; NULL: none, or its root group without an entry of its own.
 */
const json *arm_management_group(struct world *world, const char *tenant_id, const char *id);

/* Puts WITH (taken over; NULL: nothing) in the place of the assignment OLD. Pointers to assignments
 * are void afterwards. */
void arm_replace_assignment(struct world *world, const json *old, json *with);

/* Assignments at SCOPE and below go; likewise. */
void arm_forget_assignments(struct world *world, const char *tenant_id, const char *scope);

/* The next assignment after AFTER (NULL: the first) that gives something to the principal now. */
const json *arm_next_grant(struct world *world, const char *tenant_id, const char *object_id,
                           const json *after);

/* A role: one of the built-in table, or one of the world. Lists are separated by blanks. */
struct arm_role {
    const char *id, *name, *description;
    const char *actions, *not_actions, *data_actions, *not_data_actions; /* NULL: none */
};
extern const struct arm_role arm_built_in_roles[]; /* closed by a NULL id */

struct arm_role_found {
    const struct arm_role *built_in; /* NULL: custom */
    const json *custom;
};
bool arm_role_find(struct world *world, const char *id, struct arm_role_found *ret);

/* {"actions", "notActions", "dataActions", "notDataActions"} */
json *arm_role_permission(struct sim_call *call, const struct arm_role_found *role);

/* The full id of the role ID, as it is given at SCOPE. */
const char *arm_definition_id(struct sim_call *call, const char *scope, const char *id);

/* One term of "$filter": NAME() has no value, NAME('x') and NAME eq 'x' have. */
struct arm_term {
    const char *name, *value;
};
/* Takes apart terms joined with "and". False when TEXT is not of this kind or has more than MAX. */
bool arm_filter(struct sim_call *call, const char *text, struct arm_term *ret_terms, size_t max,
                size_t *ret_count);

#endif
