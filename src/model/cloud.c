/* SPDX-License-Identifier: MIT
 * The clouds. */
#include "model/cloud.h"

#include <string.h>

static const struct cloud clouds[] = {
    {
        .name = "AzureCloud",
        .resource_manager = "https://management.azure.com/",
        .login = "https://login.microsoftonline.com",
        .graph = "https://graph.microsoft.com",
        .portal = "https://portal.azure.com",
        .audience = "api://AzureADTokenExchange",
        .entra_issuer = true,
        .managed_identities = true,
        .roles = true,
    },
    {
        .name = "AzureUSGovernment",
        .resource_manager = "https://management.usgovcloudapi.net/",
        .login = "https://login.microsoftonline.us",
        .graph = "https://graph.microsoft.us",
        .portal = "https://portal.azure.us",
        .audience = "api://AzureADTokenExchangeUSGov",
        .managed_identities = true,
        .roles = true,
    },
    {
        .name = "AzureChinaCloud",
        .resource_manager = "https://management.chinacloudapi.cn/",
        .login = "https://login.chinacloudapi.cn",
        .graph = "https://microsoftgraph.chinacloudapi.cn",
        .portal = "https://portal.azure.cn",
        .audience = "api://AzureADTokenExchangeChina",
        .managed_identities = true,
        .roles = true,
    },
    /* Its Resource Manager knows role assignments only at 2015-07-01, and no managed identities. */
    {.name = "AzureStack"},
};

const struct cloud *cloud_find(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof clouds / sizeof *clouds; i++)
        if (!strcmp(clouds[i].name, name))
            return &clouds[i];
    return NULL;
}

const char *cloud_name(size_t index, const void *data)
{
    (void)data;
    return index < sizeof clouds / sizeof *clouds ? clouds[index].name : NULL;
}

bool cloud_retired(const char *name)
{
    return !strcmp(name, "AzureGermanCloud");
}
