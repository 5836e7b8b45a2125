/* SPDX-License-Identifier: MIT
 * The simulated world: one JSON document, and what it takes to change it while several calls run.
 *
 * The document is what --state loads and --save writes; azdo-wif-world(5) describes it, and the
 * table in world_check.c is the master copy of its shape. Services read and change it in place with
 * format/json.h, always between world_lock and world_unlock, which the dispatcher of calls does.
 * Lists that are absent count as empty. Ids and names are compared without regard to case, issuer
 * and subject to the letter. */
#ifndef SIMULATOR_WORLD_H
#define SIMULATOR_WORLD_H

#include "base/diag.h"
#include "base/guid.h"
#include "format/json.h"

struct world;

/* Does STATE, read from FILE, have the shape of a world? Findings [world-shape] say where it has
 * not. */
bool world_check(const char *file, const json *state, struct diags *diags);

/* Takes over STATE, which world_check has accepted. */
struct world *world_new(json *state);
void world_free(struct world *world); /* accepts NULL */

/* Becomes STATE, which is taken over; no call is being answered. Limits of rates begin anew. */
void world_replace(struct world *world, json *state);

void world_lock(struct world *world);
void world_unlock(struct world *world);

/* The document: "tenants", "subscriptions", "managementGroups", "roleDefinitions",
 * "roleAssignments", "organizations", "settings". */
json *world_root(struct world *world);

/* Parts of it; NULL: there is none. */
json *world_tenant(struct world *world, const char *id);
json *world_subscription(struct world *world, const char *id);
json *world_organization(struct world *world, const char *name_or_id);

/* Is TENANT (may be NULL) one of the cloud "AzureCloud", ...? One that names none is of that. */
bool world_is_of_cloud(const json *tenant, const char *cloud);

/* A user, or else a service principal, of a tenant by object id; NULL: none. */
json *world_principal(json *tenant, const char *object_id);

/* Settings with their defaults; world.c is the table. Times are milliseconds. */
enum setting_name {
    SETTING_REPLICATION,        /* until a new object is seen by other services */
    SETTING_DELETION,           /* until a deleted service connection is gone */
    SETTING_CREDENTIAL_WRITE,   /* that writing a federated credential takes */
    SETTING_IDENTITY_BURST,     /* identity writes per resource at once, then one in four seconds */
    SETTING_SUBSCRIPTION_BURST, /* identity writes per subscription at once, then two a second */
    SETTING_TOKEN_LIFE,         /* of an access token */
    SETTING_COUNT
};
long long world_setting(struct world *world, enum setting_name name);

/* A fresh GUID: unique in this world, and the same in every run of the same calls. */
void world_new_id(struct world *world, char ret_guid[GUID_TEXT + 1]);
long long world_next_number(struct world *world); /* 1, 2, ... likewise, for what is numbered */

/* Milliseconds since 1970, and the same as "2026-11-25T10:00:00Z". */
long long world_now(void);
void world_time_text(long long milliseconds, char ret_text[32]);

/* Notes in OBJECT ("createdAt") that it was made now, and whether that is long enough ago for other
 * services to see it. What has no such note has been there long since. */
void world_stamp(json *object);
bool world_replicated(struct world *world, const json *object);

/* Lets other calls go on for so long. What was found before must be found again afterwards. */
void world_pause(struct world *world, long long milliseconds);
/* Ends all pauses, and those to come: the simulation ends. */
void world_wake(struct world *world);

/* Marks that KEY is being written; false when it is already. */
bool world_claim(struct world *world, const char *key);
void world_release(struct world *world, const char *key);

/* A bucket named KEY holds BURST tokens, refilled at PER_SECOND: takes one. 0, or the seconds to
 * wait. */
unsigned world_throttle(struct world *world, const char *key, double per_second, long long burst);

#endif
