/* SPDX-License-Identifier: MIT
 * Resource Manager (management.azure.com and its likes): its errors, and who may do what.
 *
 * Rights follow from the world's "roleAssignments" alone. An assignment counts for the tenant that
 * it names, once it is replicated, for its scope and all below: "/", then the management groups up
 * to the tenant's root group (whose id is the tenant's), a subscription, a resource group, a
 * resource. Scopes and actions are compared without regard to case. */
#ifndef SIMULATOR_ARM_H
#define SIMULATOR_ARM_H

#include "simulator/call.h"

/* {"error":{"code","message"}}. CODE is a literal. */
void arm_fail(struct sim_call *call, int status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* May the caller do ACTION ("Microsoft.Resources/subscriptions/read") at SCOPE
 * ("/subscriptions/...",
 * "/" or "" for the tenant)? arm_allows answers 403 when not. */
bool arm_may(struct sim_call *call, const char *action, const char *scope);
bool arm_allows(struct sim_call *call, const char *action, const char *scope);

/* The same for any user or service principal; whether it still exists is not looked at. */
bool arm_principal_may(struct world *world, const char *tenant_id, const char *object_id,
                       const char *action, const char *scope);

/* The id of a built-in role, by its name or by that id; NULL: there is none. */
const char *arm_built_in_role(const char *name_or_id);
const char *arm_built_in_role_name(const char *id); /* likewise */

#endif
