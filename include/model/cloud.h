/* SPDX-License-Identifier: MIT
 * The clouds, their addresses and what they can do: one table.
 *
 * Source of each row: Microsoft's pages on national clouds and on workload identity federation; the
 * audience of each is in "Configure an application to trust a managed identity", tab by cloud
 * (learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity). */
#ifndef MODEL_CLOUD_H
#define MODEL_CLOUD_H

#include <stdbool.h>
#include <stddef.h>

struct cloud {
    const char *name;             /* as az and Azure DevOps ("environment") write it */
    const char *resource_manager; /* with its trailing slash; NULL: the description gives it */
    const char *login;            /* https, without a trailing slash; NULL as above */
    const char *graph;            /* https, without a trailing slash; NULL as above */
    const char *portal;           /* https, without a trailing slash; NULL: unknown */
    const char *audience;         /* of a federated credential; NULL: the description gives it */
    bool entra_issuer;            /* offers the Entra issuer; the others keep the Azure DevOps one */
    bool managed_identities;
    bool roles; /* role assignments at the API version that the scripts use */
};

/* NULL when NAME (case-sensitive) is none of them. */
const struct cloud *cloud_find(const char *name);

/* Was NAME a cloud that Microsoft has closed? */
bool cloud_retired(const char *name);

/* For lists and "did you mean"; NULL past the last. The data argument is unused. */
const char *cloud_name(size_t index, const void *data);

#endif
