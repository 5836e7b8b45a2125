/* SPDX-License-Identifier: MIT
 * Built-in roles of Azure: names, ids and actions as published.
 *
 * Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles and its pages by
 * category; azure-rbac-catalog.org for what they leave out. The role for federated credentials
 * alone is called "Managed Identity Federated Identity Credential Contributor" by the service, and
 * "Managed Identity Federated Credential Contributor" in the docs of Azure DevOps; only the former
 * is found by name. */
#include <stddef.h>
#include <strings.h>

#include "simulator/arm_parts.h"

#define READS_GROUPS "Microsoft.Resources/subscriptions/resourceGroups/read"
#define COMMON                                                                                     \
    "Microsoft.Authorization/*/read Microsoft.Insights/alertRules/* "                              \
    "Microsoft.Resources/deployments/* " READS_GROUPS
#define SUPPORT    " Microsoft.Support/*"
#define FEDERATED  ARM_IDENTITY "/federatedIdentityCredentials"
#define CONTAINERS "Microsoft.Storage/storageAccounts/blobServices/containers"
#define USER_KEY   "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
#define ML         "Microsoft.MachineLearningServices/workspaces"
#define REGISTRY   "Microsoft.ContainerRegistry/registries"
#define VAULTS     "Microsoft.KeyVault/vaults"

const struct arm_role arm_built_in_roles[] = {
    {"acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader",
     "View all resources, but does not allow you to make any changes.", "*/read", NULL, NULL, NULL},
    {"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor",
     "Grants full access to manage all resources, but does not allow you to assign roles in Azure "
     "RBAC, manage assignments in Azure Blueprints, or share image galleries.",
     "*",
     "Microsoft.Authorization/*/Delete Microsoft.Authorization/*/Write "
     "Microsoft.Authorization/elevateAccess/Action Microsoft.Blueprint/blueprintAssignments/write "
     "Microsoft.Blueprint/blueprintAssignments/delete Microsoft.Compute/galleries/share/action "
     "Microsoft.Purview/consents/write Microsoft.Purview/consents/delete "
     "Microsoft.Resources/deploymentStacks/manageDenySetting/action "
     "Microsoft.Subscription/cancel/action Microsoft.Subscription/enable/action",
     NULL, NULL},
    {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner",
     "Grants full access to manage all resources, including the ability to assign roles in Azure "
     "RBAC.",
     "*", NULL, NULL, NULL},
    {"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator",
     "Lets you manage user access to Azure resources.", "*/read Microsoft.Authorization/*" SUPPORT,
     NULL, NULL, NULL},
    {"f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator",
     "Manage access to Azure resources by assigning roles using Azure RBAC. This role does not "
     "allow you to manage access using other ways, such as Azure Policy.",
     "Microsoft.Authorization/roleAssignments/write Microsoft.Authorization/roleAssignments/delete "
     "*/read" SUPPORT,
     NULL, NULL, NULL},
    {"e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", "Managed Identity Contributor",
     "Create, Read, Update, and Delete User Assigned Identity",
     ARM_IDENTITY "/read " ARM_IDENTITY "/write " ARM_IDENTITY "/delete " FEDERATED
                  "/read " FEDERATED "/write " FEDERATED "/delete " ARM_IDENTITY
                  "/revokeTokens/action " COMMON SUPPORT,
     NULL, NULL, NULL},
    {"f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator",
     "Read and Assign User Assigned Identity",
     ARM_IDENTITY "/*/read " ARM_IDENTITY "/*/assign/action " COMMON SUPPORT, NULL, NULL, NULL},
    {"7e559ce2-48d7-4b27-9128-fa1b247f1308",
     "Managed Identity Federated Identity Credential Contributor",
     "Create, Read, Update, and Delete User Assigned Identity Federated Identity Credentials(FIC)",
     ARM_IDENTITY "/read " FEDERATED "/write " FEDERATED "/read " FEDERATED "/delete " COMMON, NULL,
     NULL, NULL},
    {"4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", "Read secret contents.",
     NULL, NULL, VAULTS "/secrets/getSecret/action " VAULTS "/secrets/readMetadata/action", NULL},
    {"21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader",
     "Read metadata of key vaults and its certificates, keys, and secrets.",
     COMMON SUPPORT
     " Microsoft.KeyVault/checkNameAvailability/read "
     "Microsoft.KeyVault/deletedVaults/read Microsoft.KeyVault/locations/*/read " VAULTS
     "/*/read Microsoft.KeyVault/operations/read",
     NULL, VAULTS "/*/read " VAULTS "/secrets/readMetadata/action", NULL},
    {"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader",
     "Allows for read access to Azure Storage blob containers and data",
     CONTAINERS "/read " USER_KEY, NULL, CONTAINERS "/blobs/read", NULL},
    {"ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor",
     "Allows for read, write and delete access to Azure Storage blob containers and data",
     CONTAINERS "/delete " CONTAINERS "/read " CONTAINERS "/write " USER_KEY, NULL,
     CONTAINERS "/blobs/delete " CONTAINERS "/blobs/read " CONTAINERS "/blobs/write " CONTAINERS
                "/blobs/move/action " CONTAINERS "/blobs/add/action",
     NULL},
    {"8311e382-0749-4cb8-b61a-304f252e45ec", "AcrPush", "acr push",
     REGISTRY "/pull/read " REGISTRY "/push/write", NULL, NULL, NULL},
    {"7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull", "acr pull", REGISTRY "/pull/read", NULL,
     NULL, NULL},
    {"de139f84-1756-47ae-9be6-808fbbe84772", "Website Contributor",
     "Lets you manage websites (not web plans), but not access to them.",
     COMMON SUPPORT
     " Microsoft.Insights/components/* Microsoft.Web/certificates/* "
     "Microsoft.Web/listSitesAssignedToHostName/read Microsoft.Web/serverFarms/join/action "
     "Microsoft.Web/serverFarms/read Microsoft.Web/sites/*",
     NULL, NULL, NULL},
    {"4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor",
     "Lets you manage networks, but not access to them.",
     COMMON SUPPORT " Microsoft.Network/* Microsoft.ResourceHealth/availabilityStatuses/read", NULL,
     NULL, NULL},
    {"43d0d8ad-25c7-4714-9337-8ba259a9fe05", "Monitoring Reader", "Can read all monitoring data.",
     "*/read Microsoft.OperationalInsights/workspaces/search/action" SUPPORT, NULL, NULL, NULL},
    {"ac63b705-f282-497d-ac71-919bf39d939d", "Management Group Reader",
     "Management Group Reader Role",
     "Microsoft.Management/managementGroups/read "
     "Microsoft.Management/managementGroups/subscriptions/read",
     NULL, NULL, NULL},
    {"72fafb9e-0641-4937-9268-a91bfd8191a3", "Cost Management Reader",
     "Can view cost data and configuration (e.g. budgets, exports)",
     "Microsoft.Consumption/*/read Microsoft.CostManagement/*/read "
     "Microsoft.Billing/billingPeriods/read Microsoft.Resources/subscriptions/read " READS_GROUPS
         SUPPORT " Microsoft.Advisor/configurations/read Microsoft.Advisor/recommendations/read "
     "Microsoft.Management/managementGroups/read Microsoft.Billing/billingProperty/read",
     NULL, NULL, NULL},
    {"f6c7c914-8db3-469d-8ca1-694a8f32e121", "AzureML Data Scientist",
     "Can perform all actions within an Azure Machine Learning workspace, except for creating or "
     "deleting compute resources and modifying the workspace itself.",
     ML "/*/read " ML "/*/action " ML "/*/delete " ML "/*/write",
     ML "/delete " ML "/write " ML "/computes/*/write " ML "/computes/*/delete " ML
        "/computes/listKeys/action " ML "/listKeys/action " ML "/hubs/write " ML "/hubs/delete " ML
        "/featurestores/write " ML "/featurestores/delete",
     NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

/* The row of a name or id, or the one with a NULL id and a NULL name. */
static const struct arm_role *find(const char *name_or_id)
{
    const struct arm_role *role = arm_built_in_roles;

    while (role->id && strcasecmp(role->id, name_or_id) && strcasecmp(role->name, name_or_id))
        role++;
    return role;
}

const char *arm_built_in_role(const char *name_or_id)
{
    return find(name_or_id)->id;
}

const char *arm_built_in_role_name(const char *id)
{
    return find(id)->name;
}
