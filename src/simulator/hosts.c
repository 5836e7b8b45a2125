/* SPDX-License-Identifier: MIT
 * The hosts that are simulated, and the clouds they belong to.
 *
 * Names: learn.microsoft.com/azure/developer/identity/national-cloud and
 * .../azure/azure-government/ documentation-government-developer-guide. The audiences of Resource
 * Manager tokens are those that az asks for (azure/cli/core/cloud.py: active_directory_resource_id)
 * and the address itself. */
#include "simulator/call.h"

#include <strings.h>

static const struct azure clouds[] = {
    {.name = "AzureCloud",
     .login = "login.microsoftonline.com",
     .arm = "management.azure.com",
     .graph = "graph.microsoft.com",
     .arm_audiences = {"https://management.core.windows.net", "https://management.azure.com"},
     .audience = "api://AzureADTokenExchange",
     .entra_issuer = true},
    {.name = "AzureUSGovernment",
     .login = "login.microsoftonline.us",
     .arm = "management.usgovcloudapi.net",
     .graph = "graph.microsoft.us",
     .arm_audiences = {"https://management.core.usgovcloudapi.net",
                       "https://management.usgovcloudapi.net"},
     .audience = "api://AzureADTokenExchangeUSGov"},
    {.name = "AzureChinaCloud",
     .login = "login.chinacloudapi.cn",
     .arm = "management.chinacloudapi.cn",
     .graph = "microsoftgraph.chinacloudapi.cn",
     .arm_audiences = {"https://management.core.chinacloudapi.cn",
                       "https://management.chinacloudapi.cn"},
     .audience = "api://AzureADTokenExchangeChina"},
};

static const struct host hosts[] = {
    {"login.microsoftonline.com", SERVICE_ENTRA, &clouds[0]},
    {"management.azure.com", SERVICE_ARM, &clouds[0]},
    {"graph.microsoft.com", SERVICE_GRAPH, &clouds[0]},
    {"login.microsoftonline.us", SERVICE_ENTRA, &clouds[1]},
    {"management.usgovcloudapi.net", SERVICE_ARM, &clouds[1]},
    {"graph.microsoft.us", SERVICE_GRAPH, &clouds[1]},
    {"login.chinacloudapi.cn", SERVICE_ENTRA, &clouds[2]},
    {"management.chinacloudapi.cn", SERVICE_ARM, &clouds[2]},
    {"microsoftgraph.chinacloudapi.cn", SERVICE_GRAPH, &clouds[2]},
    {"dev.azure.com", SERVICE_DEVOPS, &clouds[0]},
    {"vstoken.dev.azure.com", SERVICE_DEVOPS_ISSUER, &clouds[0]},
};

const struct host *host_at(size_t index)
{
    return index < sizeof hosts / sizeof *hosts ? &hosts[index] : NULL;
}

const struct host *host_find(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (!strcasecmp(hosts[i].name, name))
            return &hosts[i];
    return NULL;
}

const struct azure *azure_find(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof clouds / sizeof *clouds; i++)
        if (!strcasecmp(clouds[i].name, name))
            return &clouds[i];
    return NULL;
}
