/* SPDX-License-Identifier: MIT
 * Names and ids that follow from the description: the same on every machine, never drawn. */
#ifndef MODEL_DERIVE_H
#define MODEL_DERIVE_H

#include <stdbool.h>

#include "base/arena.h"

/* GUID of IDENTITY's tag: by it a rollback knows what this description made. */
const char *derive_mark(struct arena *arena, const char *tenant_id, const char *identity_key);

/* By which an application is created and found. */
const char *derive_unique_name(struct arena *arena, const char *tenant_id,
                               const char *identity_key);

/* Name of the federated credential of connection NAME: readable, then eight digits that tell names
 * apart which read the same. */
const char *derive_credential_name(struct arena *arena, const char *organization,
                                   const char *project, const char *name);

/* The name for a further project, which has a credential of its own with the Azure DevOps issuer: the
 * connection's own, shortened, and eight digits of the project's. */
const char *derive_shared_credential_name(struct arena *arena, const char *credential,
                                          const char *project);

/* What the Azure DevOps issuer is expected to call the connection. To check lengths; the service's
 * own answer is what counts. */
const char *derive_subject(struct arena *arena, const char *organization, const char *project,
                           const char *name);

/* Folder of the connection whose section is called KEY, not yet made unique. *RET_PLAIN tells
 * whether it is KEY itself. */
const char *derive_folder(struct arena *arena, const char *key, bool *ret_plain);

/* The same with eight digits that tell it from other keys' folders. */
const char *derive_marked_folder(struct arena *arena, const char *key);

#endif
