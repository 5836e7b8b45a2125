/* SPDX-License-Identifier: MIT
 * Any bytes as a file of a world: it is refused, or a battery of calls to every service is answered
 * in it and it stays a world. Twice: with its own rights, and then as somebody who may do
 * everything. */
#include "simulator.h"

#define NO_ID "00000000-0000-4000-8000-000000000000"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

/* --- what the calls are about: the first of everything --- */

static const json *first(const json *parent, const char *key)
{
    const json *list = json_member(parent, key);

    return list ? json_first(list) : NULL;
}

static void add(struct sim *sim, const char *key, const char *text, const char *otherwise)
{
    MUST(sim->n_values < SIM_VALUES);
    sim->values[sim->n_values++] =
        (struct sim_value){key, arena_strdup(sim->arena, *text ? text : otherwise)};
}

static void name_tenant(struct sim *sim, const json *tenant)
{
    const json *user = first(tenant, "users"), *application = first(tenant, "applications");
    const json *principal = first(tenant, "servicePrincipals");
    const json *password = first(application, "passwords");
    const json *credential = first(application, "federatedCredentials");
    char unused[JSON_NUMBER_MAX];

    add(sim, "Tenant", json_text_of(tenant, "id"), NO_ID);
    add(sim, "User", json_text_of(user, "id"), NO_ID);
    add(sim, "Person", json_text_of(user, "name"), "nobody");
    add(sim, "App", json_text_of(application, "id"), NO_ID);
    add(sim, "Client", json_text_of(application, "appId"), NO_ID);
    add(sim, "Unique", json_text_of(application, "uniqueName"), "x");
    add(sim, "Secret", password ? json_as_text(password, unused) : "", "x");
    add(sim, "Principal", json_text_of(principal, "id"), NO_ID);
    add(sim, "Credential", json_text_of(credential, "name"), "x");
}

static void name_subscription(struct sim *sim)
{
    const json *root = world_root(sim->world), *subscription = first(root, "subscriptions");
    const json *identity = first(subscription, "identities");
    const json *assignment = first(root, "roleAssignments");

    add(sim, "Subscription", json_text_of(subscription, "id"), NO_ID);
    add(sim, "Group", json_text_of(first(subscription, "resourceGroups"), "name"), "rg");
    add(sim, "Home", json_text_of(identity, "resourceGroup"), "rg");
    add(sim, "Identity", json_text_of(identity, "name"), "id-x");
    add(sim, "Federated", json_text_of(first(identity, "federatedCredentials"), "name"), "fic");
    add(sim, "Management", json_text_of(first(root, "managementGroups"), "id"), "mg");
    add(sim, "Role", json_text_of(first(root, "roleDefinitions"), "id"), OWNER);
    add(sim, "Assignment", json_text_of(assignment, "name"), NO_ID);
}

static void name_organization(struct sim *sim)
{
    const json *organization = first(world_root(sim->world), "organizations");
    const json *project = first(organization, "projects"), *other;
    const json *endpoint = first(organization, "serviceEndpoints");
    char number[32], check[32];

    other = project ? json_next(project) : NULL;
    snprintf(number, sizeof number, "%lld", json_number_of(first(project, "pipelines"), "id", 12));
    snprintf(check, sizeof check, "%lld", json_number_of(first(endpoint, "checks"), "id", 1));
    add(sim, "Check", check, "");
    add(sim, "Organization", json_text_of(organization, "name"), "contoso");
    add(sim, "OrganizationId", json_text_of(organization, "id"), NO_ID);
    add(sim, "Project", json_text_of(project, "name"), "Payments");
    add(sim, "ProjectId", json_text_of(project, "id"), NO_ID);
    add(sim, "OtherId", json_text_of(other, "id"), NO_ID);
    add(sim, "Endpoint", json_text_of(endpoint, "id"), NO_ID);
    add(sim, "Connection", json_text_of(first(endpoint, "references"), "name"), "conn");
    add(sim, "Member", json_text_of(first(organization, "members"), "id"), NO_ID);
    add(sim, "Pipeline", number, "12");
}

/* --- the battery --- */

#define ARM_ID  "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
#define FIC     "/federatedIdentityCredentials"
#define V_ID    "?api-version=2023-01-31"
#define V_RG    "?api-version=2021-04-01"
#define V_SUB   "?api-version=2022-12-01"
#define V_RO    "?api-version=2022-04-01"
#define V_MG    "?api-version=2020-05-01"
#define AUTH    "/providers/Microsoft.Authorization/"
#define SUB     "/subscriptions/<Subscription>"
#define HOME    SUB "/resourceGroups/<Home>/" ARM_ID
#define NEW     SUB "/resourceGroups/rg-new/" ARM_ID
#define APPS    "/v1.0/applications"
#define SPS     "/v1.0/servicePrincipals"
#define ORG     "/<Organization>"
#define PROJECT ORG "/<ProjectId>/_apis/"
#define POINTS  "serviceendpoint/endpoints"
#define V       "?api-version=7.1"
#define P       "?api-version=7.1-preview.1"
#define CHECKS  "pipelines/checks/configurations"
#define ROLES                                                                                      \
    "/_apis/securityroles/scopes/distributedtask.serviceendpointrole/roleassignments/resources/"
#define OIDC  PROJECT "distributedtask/hubs/build/plans/<Plan>/jobs/<Job>/oidctoken"
#define TOKEN "/<Tenant>/oauth2/v2.0/token"
#define SCOPE "&scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default+offline_access+openid"
#define CREDENTIAL                                                                                 \
    "\"issuer\":\"https://login.microsoftonline.com/<Tenant>/v2.0\",\"subject\":\"a/<Person>\","   \
    "\"audiences\":[\"api://AzureADTokenExchange\"]"
#define PARAMETERS "\"tenantid\":\"<Tenant>\",\"serviceprincipalid\":\"<Client>\""
#define CONNECTION(name)                                                                           \
    "\"type\":\"azurerm\",\"url\":\"https://management.azure.com/\",\"isReady\":true,"             \
    "\"authorization\":{\"scheme\":\"WorkloadIdentityFederation\",\"parameters\":{" PARAMETERS     \
    "}},\"data\":{\"environment\":\"AzureCloud\",\"scopeLevel\":\"Subscription\","                 \
    "\"creationMode\":\"Manual\",\"subscriptionId\":\"<Subscription>\",\"subscriptionName\":"      \
    "\"s\"},\"serviceEndpointProjectReferences\":[{\"projectReference\":{\"id\":\"<ProjectId>\"}," \
    "\"name\":\"" name "\",\"description\":\"d\"}]"

/* Whose call it is when not the person's. */
enum { PERSON, JOB };

static const struct row {
    enum service service;
    const char *method, *target, *body;
    int who;
} battery[] = {
    /* Resource Manager */
    {SERVICE_ARM, "GET", "/tenants" V_SUB, NULL, PERSON},
    {SERVICE_ARM, "GET", "/subscriptions" V_SUB, NULL, PERSON},
    {SERVICE_ARM, "GET", SUB V_SUB, NULL, PERSON},
    {SERVICE_ARM, "GET", SUB "/providers/Microsoft.ManagedIdentity" V_RG, NULL, PERSON},
    {SERVICE_ARM, "POST", SUB "/providers/Microsoft.ManagedIdentity/register" V_RG, NULL, PERSON},
    {SERVICE_ARM, "GET", "/providers/Microsoft.Management/managementGroups" V_MG, NULL, PERSON},
    {SERVICE_ARM, "GET", "/providers/Microsoft.Management/managementGroups/<Management>" V_MG, NULL,
     PERSON},
    {SERVICE_ARM, "GET", SUB "/resourceGroups" V_RG, NULL, PERSON},
    {SERVICE_ARM, "GET", SUB "/resourceGroups/<Group>" V_RG, NULL, PERSON},
    {SERVICE_ARM, "HEAD", SUB "/resourceGroups/<Group>" V_RG, NULL, PERSON},
    {SERVICE_ARM, "PUT", SUB "/resourceGroups/<Group>" V_RG,
     "{\"location\":\"westeurope\",\"tags\":{\"<Person>\":\"x\"}}", PERSON},
    {SERVICE_ARM, "PUT", SUB "/resourceGroups/rg-new" V_RG, "{\"location\":\"westeurope\"}",
     PERSON},
    {SERVICE_ARM, "GET", SUB "/" ARM_ID V_ID, NULL, PERSON},
    {SERVICE_ARM, "GET", HOME V_ID, NULL, PERSON},
    {SERVICE_ARM, "GET", HOME "/<Identity>" V_ID, NULL, PERSON},
    {SERVICE_ARM, "PATCH", HOME "/<Identity>" V_ID, "{\"tags\":{\"a\":\"b\"}}", PERSON},
    {SERVICE_ARM, "PUT", HOME "/<Identity>" V_ID, "{\"location\":\"westeurope\"}", PERSON},
    {SERVICE_ARM, "GET", HOME "/<Identity>" FIC V_ID, NULL, PERSON},
    {SERVICE_ARM, "GET", HOME "/<Identity>" FIC "/<Federated>" V_ID, NULL, PERSON},
    {SERVICE_ARM, "PUT", HOME "/<Identity>" FIC "/<Federated>" V_ID,
     "{\"properties\":{" CREDENTIAL "}}", PERSON},
    {SERVICE_ARM, "PUT", NEW "/id-new" V_ID, "{\"location\":\"westeurope\",\"tags\":{\"a\":\"b\"}}",
     PERSON},
    {SERVICE_ARM, "PUT", NEW "/id-new" FIC "/fic-new" V_ID, "{\"properties\":{" CREDENTIAL "}}",
     PERSON},
    {SERVICE_ARM, "GET", SUB AUTH "roleDefinitions" V_RO, NULL, PERSON},
    {SERVICE_ARM, "GET", SUB AUTH "roleDefinitions" V_RO "&$filter=roleName%20eq%20'Reader'", NULL,
     PERSON},
    {SERVICE_ARM, "GET", AUTH "roleDefinitions/<Role>" V_RO, NULL, PERSON},
    {SERVICE_ARM, "GET", SUB AUTH "permissions" V_RO, NULL, PERSON},
    {SERVICE_ARM, "GET", SUB AUTH "roleAssignments" V_RO, NULL, PERSON},
    {SERVICE_ARM, "GET", SUB AUTH "roleAssignments" V_RO "&$filter=assignedTo('<User>')", NULL,
     PERSON},
    {SERVICE_ARM, "GET", SUB AUTH "roleAssignments/<Assignment>" V_RO, NULL, PERSON},
    {SERVICE_ARM, "PUT", SUB AUTH "roleAssignments/" NO_ID V_RO,
     "{\"properties\":{\"roleDefinitionId\":\"" AUTH "roleDefinitions/<Role>\",\"principalId\":"
     "\"<Principal>\",\"principalType\":\"ServicePrincipal\",\"description\":\"<Person>\"}}",
     PERSON},
    /* Graph */
    {SERVICE_GRAPH, "GET", "/v1.0/me", NULL, PERSON},
    {SERVICE_GRAPH, "GET", "/v1.0/organization", NULL, PERSON},
    {SERVICE_GRAPH, "GET", "/v1.0/users?$filter=userPrincipalName%20eq%20'<Person>'", NULL, PERSON},
    {SERVICE_GRAPH, "GET", "/v1.0/users/<Person>", NULL, PERSON},
    {SERVICE_GRAPH, "GET", "/v1.0/directoryObjects/<Principal>", NULL, PERSON},
    {SERVICE_GRAPH, "POST", "/v1.0/directoryObjects/getByIds",
     "{\"ids\":[\"<User>\",\"<Principal>\",\"<App>\"]}", PERSON},
    {SERVICE_GRAPH, "GET", APPS "?$filter=startswith(displayName,'a')&$count=true&$top=2", NULL,
     PERSON},
    {SERVICE_GRAPH, "GET", APPS "/<App>?$select=id,tags", NULL, PERSON},
    {SERVICE_GRAPH, "GET", APPS "(uniqueName='<Unique>')", NULL, PERSON},
    {SERVICE_GRAPH, "PATCH", APPS "(appId='<Client>')",
     "{\"displayName\":\"x\",\"notes\":\"<Person>\",\"tags\":[\"<Person>\"]}", PERSON},
    {SERVICE_GRAPH, "GET", APPS "/<App>/owners", NULL, PERSON},
    {SERVICE_GRAPH, "POST", APPS "/<App>/owners/$ref",
     "{\"@odata.id\":\"https://graph.microsoft.com/v1.0/directoryObjects/<User>\"}", PERSON},
    {SERVICE_GRAPH, "POST", APPS "/<App>" FIC, "{\"name\":\"fic-new\"," CREDENTIAL "}", PERSON},
    {SERVICE_GRAPH, "GET", APPS "/<App>" FIC, NULL, PERSON},
    {SERVICE_GRAPH, "GET", APPS "/<App>" FIC "/<Credential>", NULL, PERSON},
    {SERVICE_GRAPH, "PATCH", APPS "/<App>" FIC "/<Credential>", "{\"description\":\"<Person>\"}",
     PERSON},
    {SERVICE_GRAPH, "POST", APPS, "{\"displayName\":\"new\",\"uniqueName\":\"new<Unique>\"}",
     PERSON},
    {SERVICE_GRAPH, "POST", SPS, "{\"appId\":\"<appId>\"}", PERSON},
    {SERVICE_GRAPH, "PATCH", SPS "/<id>", "{\"accountEnabled\":true,\"tags\":[\"t\"]}", PERSON},
    {SERVICE_GRAPH, "GET", SPS, NULL, PERSON},
    {SERVICE_GRAPH, "GET", SPS "(appId='<appId>')", NULL, PERSON},
    {SERVICE_GRAPH, "DELETE", SPS "/<id>", NULL, PERSON},
    /* Azure DevOps */
    {SERVICE_DEVOPS, "OPTIONS", ORG "/_apis", NULL, PERSON},
    {SERVICE_DEVOPS, "GET", ORG "/_apis/ResourceAreas" P, NULL, PERSON},
    {SERVICE_DEVOPS, "GET", ORG "/_apis/connectionData" P, NULL, PERSON},
    {SERVICE_DEVOPS, "GET", ORG "/_apis/projects" V "&$top=1&stateFilter=all", NULL, PERSON},
    {SERVICE_DEVOPS, "GET", ORG "/_apis/projects/<Project>" V "&includeCapabilities=true", NULL,
     PERSON},
    {SERVICE_DEVOPS, "GET", PROJECT POINTS V, NULL, PERSON},
    {SERVICE_DEVOPS, "GET", PROJECT POINTS V "&endpointNames=<Connection>", NULL, PERSON},
    {SERVICE_DEVOPS, "GET", PROJECT POINTS "/<Endpoint>" V, NULL, PERSON},
    {SERVICE_DEVOPS, "GET", ORG "/<Project>/_apis/serviceendpoint/<Endpoint>/executionhistory" P,
     NULL, PERSON},
    {SERVICE_DEVOPS, "PUT", ORG "/_apis/" POINTS "/<Endpoint>" V,
     "{\"id\":\"<Endpoint>\",\"name\":\"<Connection>\"," CONNECTION("<Connection>") "}", PERSON},
    {SERVICE_DEVOPS, "PATCH", ORG "/_apis/" POINTS "/<Endpoint>" V,
     "[{\"projectReference\":{\"id\":\"<OtherId>\"},\"name\":\"shared\"}]", PERSON},
    {SERVICE_DEVOPS, "PATCH", PROJECT "pipelines/pipelinePermissions/endpoint/<Endpoint>" P,
     "{\"pipelines\":[{\"id\":<Pipeline>,\"authorized\":true}],"
     "\"allPipelines\":{\"authorized\":true}}",
     PERSON},
    {SERVICE_DEVOPS, "GET", PROJECT "pipelines/pipelinePermissions/endpoint/<Endpoint>" P, NULL,
     PERSON},
    {SERVICE_DEVOPS, "PATCH", PROJECT "build/authorizedresources" P,
     "[{\"type\":\"endpoint\",\"id\":\"<Endpoint>\",\"authorized\":false}]", PERSON},
    {SERVICE_DEVOPS, "GET", PROJECT "build/authorizedresources" P "&type=endpoint&id=<Endpoint>",
     NULL, PERSON},
    {SERVICE_DEVOPS, "GET", ORG ROLES "<ProjectId>_<Endpoint>" P, NULL, PERSON},
    {SERVICE_DEVOPS, "PUT", ORG ROLES "<ProjectId>_<Endpoint>" P,
     "[{\"roleName\":\"Administrator\",\"userId\":\"<Member>\"}]", PERSON},
    {SERVICE_DEVOPS, "GET",
     PROJECT CHECKS P "&resourceType=endpoint&resourceId=<Endpoint>&$expand=settings", NULL,
     PERSON},
    {SERVICE_DEVOPS, "POST", PROJECT CHECKS P,
     "{\"type\":{\"id\":\"8c6f20a7-a545-4486-9777-f762fafe0d4d\",\"name\":\"Approval\"},"
     "\"settings\":{\"approvers\":[{\"id\":\"<Member>\"}],\"minRequiredApprovers\":1,"
     "\"instructions\":\"<Person>\"},\"resource\":{\"type\":\"endpoint\",\"id\":\"<Endpoint>\"}}",
     PERSON},
    {SERVICE_DEVOPS, "GET", PROJECT CHECKS "/<Check>" P, NULL, PERSON},
    {SERVICE_DEVOPS, "PATCH", PROJECT CHECKS "/<Check>" P,
     "{\"type\":{\"id\":\"2ef31ad6-baa0-403a-8b45-2cbc9b4e5563\"},\"timeout\":5,"
     "\"resource\":{\"type\":\"endpoint\",\"id\":\"<Endpoint>\"}}",
     PERSON},
    {SERVICE_DEVOPS, "DELETE", PROJECT CHECKS "/<Check>" P, NULL, PERSON},
    {SERVICE_DEVOPS, "POST", PROJECT "serviceendpoint/endpointproxy" P "&endpointId=<Endpoint>",
     "{\"dataSourceDetails\":{\"dataSourceName\":\"TestConnection\"}}", PERSON},
    {SERVICE_DEVOPS, "POST", OIDC V "&serviceConnectionId=<Endpoint>", NULL, JOB},
    {SERVICE_DEVOPS, "POST", ORG "/_apis/" POINTS V,
     "{\"name\":\"new\",\"description\":\"<Person>\"," CONNECTION("new") "}", PERSON},
    {SERVICE_DEVOPS, "POST", OIDC V "&serviceConnectionId=<id>", NULL, JOB},
    {SERVICE_DEVOPS, "POST", PROJECT POINTS V, "{\"name\":\"old\"," CONNECTION("old") "}", PERSON},
    {SERVICE_DEVOPS, "DELETE", PROJECT POINTS "/<id>" V, NULL, PERSON},
    {SERVICE_DEVOPS, "DELETE", ORG "/_apis/" POINTS "/<Endpoint>" V "&projectIds=<ProjectId>", NULL,
     PERSON},
    {SERVICE_DEVOPS, "GET", ORG "/<Project>/_apis/" POINTS V "&includeFailed=true", NULL, PERSON},
    {SERVICE_DEVOPS_ISSUER, "GET", "/<OrganizationId>/.well-known/openid-configuration", NULL,
     PERSON},
    {SERVICE_DEVOPS_ISSUER, "GET", "/<OrganizationId>/.well-known/jwks", NULL, PERSON},
    /* Entra */
    {SERVICE_ENTRA, "GET", "/<Tenant>/v2.0/.well-known/openid-configuration", NULL, PERSON},
    {SERVICE_ENTRA, "GET", "/common/userrealm/<Person>?api-version=1.0", NULL, PERSON},
    {SERVICE_ENTRA, "POST", TOKEN,
     "grant_type=password&client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&username=<Person>"
     "&password=x&client_info=1" SCOPE,
     PERSON},
    {SERVICE_ENTRA, "POST", TOKEN,
     "grant_type=refresh_token&client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46"
     "&refresh_token=<refresh_token>" SCOPE,
     PERSON},
    {SERVICE_ENTRA, "POST", TOKEN,
     "grant_type=client_credentials&client_id=<Client>&client_secret=<Secret>"
     "&scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default",
     PERSON},
    {SERVICE_ENTRA, "POST", TOKEN,
     "grant_type=client_credentials&client_id=<Client>&client_assertion_type="
     "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=<oidcToken>"
     "&scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default",
     PERSON},
    /* what was there at first */
    {SERVICE_ARM, "DELETE", SUB AUTH "roleAssignments/" NO_ID V_RO, NULL, PERSON},
    {SERVICE_ARM, "DELETE", HOME "/<Identity>" FIC "/<Federated>" V_ID, NULL, PERSON},
    {SERVICE_ARM, "DELETE", HOME "/<Identity>" V_ID, NULL, PERSON},
    {SERVICE_ARM, "DELETE", SUB "/resourceGroups/rg-new" V_RG, NULL, PERSON},
    {SERVICE_ARM, "DELETE", SUB "/resourceGroups/<Group>" V_RG, NULL, PERSON},
    {SERVICE_GRAPH, "DELETE", APPS "/<App>/owners/<User>/$ref", NULL, PERSON},
    {SERVICE_GRAPH, "DELETE", APPS "/<App>" FIC "/<Credential>", NULL, PERSON},
    {SERVICE_GRAPH, "DELETE", SPS "/<Principal>", NULL, PERSON},
    {SERVICE_GRAPH, "DELETE", APPS "/<App>", NULL, PERSON},
};

static const struct host *host_of(const struct azure *azure, enum service service)
{
    switch (service) {
    case SERVICE_ARM:
        return host_find(azure->arm);
    case SERVICE_GRAPH:
        return host_find(azure->graph);
    case SERVICE_ENTRA:
        return host_find(azure->login);
    default:
        return host_find(service == SERVICE_DEVOPS ? "dev.azure.com" : "vstoken.dev.azure.com");
    }
}

/* Starts a job and returns its token, "" when there is no project; names its path. */
static const char *start_job(struct sim *sim)
{
    const char *uri = NULL, *plan, *token;

    token = devops_job_token(sim->arena, sim->world, sim_keys(), sim_value(sim, "Organization"),
                             sim_value(sim, "ProjectId"), 12, true, &uri);
    plan = uri ? strstr(uri, "/plans/") + strlen("/plans/") : "";
    add(sim, "Plan", arena_strndup(sim->arena, plan, strnlen(plan, GUID_TEXT)), NO_ID);
    plan = uri ? strstr(uri, "/jobs/") + strlen("/jobs/") : "";
    add(sim, "Job", arena_strndup(sim->arena, plan, strnlen(plan, GUID_TEXT)), NO_ID);
    return token ? token : "";
}

static void ask(struct sim *sim, const struct row *row, const struct azure *azure, const char *job)
{
    const struct host *host = host_of(azure, row->service);
    bool form = row->service == SERVICE_ENTRA;
    const char *token = row->who == JOB ? job
                                        : sim_token(sim_value(sim, "Tenant"),
                                                    sim_value(sim, "User"), sim_audience(host));
    struct call_header headers[] = {
        {"Authorization", arena_printf(sim->arena, "Bearer %s", token)},
        {"Content-Type", form ? "application/x-www-form-urlencoded" : "application/json"}};
    struct sim_ask it = {.method = row->method, .host = host, .headers = headers, .n_headers = 2};
    size_t unused;

    it.target = sim_fill(sim, row->target, strlen(row->target), sim_put_percent, &unused);
    it.body = sim_fill(sim, row->body ? row->body : "", row->body ? strlen(row->body) : 0,
                       form ? sim_put_percent : sim_put_json, &it.body_len);
    sim_ask(sim, &it);
}

static void make_calls(struct sim *sim)
{
    const json *tenant = first(world_root(sim->world), "tenants");
    const struct azure *azure = azure_find(json_text_of(tenant, "cloud"));
    const char *job;
    size_t i;

    sim->n_values = 0;
    name_tenant(sim, tenant);
    name_subscription(sim);
    name_organization(sim);
    job = start_job(sim);
    for (i = 0; i < sizeof battery / sizeof *battery; i++)
        ask(sim, &battery[i], azure ? azure : azure_find("AzureCloud"), job);
    sim_must_fit(sim);
    while (sim->n_answers)
        json_free(sim->answers[--sim->n_answers]);
}

/* --- worlds --- */

/* The times of SETTINGS, also those that are not there, become at most MOST. */
static void hurry(json *root, long long most)
{
    static const char *const names[] = {"replicationMilliseconds", "deletionMilliseconds",
                                        "credentialWriteMilliseconds"};
    json *settings = json_member(root, "settings");
    size_t i;

    if (!settings || json_kind(settings) != JSON_OBJECT) {
        json_put(root, "settings", json_object());
        settings = json_member(root, "settings");
    }
    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (json_number_of(settings, names[i], most + 1) > most)
            json_put_number(settings, names[i], most);
}

static json *list(json *object, const char *key)
{
    json *found = json_member(object, key);

    if (!found || json_kind(found) != JSON_ARRAY)
        json_put(object, key, json_array());
    return json_member(object, key);
}

/* The first user of the first tenant may do everything from now on. */
static void empower(json *root)
{
    json *tenant = json_first_of(list(root, "tenants"));
    json *user = tenant ? json_first_of(list(tenant, "users")) : NULL;
    json *organization = json_first_of(list(root, "organizations")), *item;

    if (!user)
        return;
    json_put(user, "directoryRoles", json_array());
    json_append_text(json_member(user, "directoryRoles"), "Global Administrator");
    item = json_append(list(root, "roleAssignments"), json_object());
    json_text(item, "name", "99999999-9999-4999-8999-999999999900");
    json_text(item, "scope", "/");
    json_text(item, "roleDefinitionId", OWNER);
    json_text(item, "principalId", json_text_of(user, "id"));
    json_text(item, "tenantId", json_text_of(tenant, "id"));
    item = json_first_of(list(root, "subscriptions"));
    if (item)
        json_put_text(item, "tenantId", json_text_of(tenant, "id"));
    if (!organization)
        return;
    json_put_text(organization, "tenantId", json_text_of(tenant, "id"));
    item = json_find(list(organization, "members"), "userId", json_text_of(user, "id"));
    if (!item) {
        item = json_append(list(organization, "members"), json_object());
        json_text(item, "id", "66666666-6666-4666-8666-666666666600");
        json_text(item, "userId", json_text_of(user, "id"));
    }
    json_put_bool(item, "collectionAdministrator", true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    json *state = json_parse("world", (const char *)data, size, &diags);
    bool good = state && world_check("world", state, &diags);
    struct sim sim;

    MUST(good == !diags.errors);
    if (good) {
        hurry(state, 1);
        sim_open(&sim, state);
        sim_must_fit(&sim);
        make_calls(&sim);
        hurry(state, 0);
        empower(state);
        make_calls(&sim);
        sim_close(&sim);
    } else {
        json_free(state);
    }
    arena_free(arena);
    return 0;
}
