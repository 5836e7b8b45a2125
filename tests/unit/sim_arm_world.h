/* SPDX-License-Identifier: MIT
 * The world of test_sim_arm and test_sim_roles, and how they call Resource Manager in it. */
#ifndef TESTS_UNIT_SIM_ARM_WORLD_H
#define TESTS_UNIT_SIM_ARM_WORLD_H

#include <stdlib.h>

#include "simulated.h"

#define OTHER_TENANT "11111111-1111-1111-1111-111111111112"
#define GOV_TENANT   "11111111-1111-1111-1111-111111111113"
#define SUB_PLAIN    "22222222-2222-2222-2222-222222222223"
#define SUB_OTHER    "22222222-2222-2222-2222-222222222224"
#define SUB_GOV      "22222222-2222-2222-2222-222222222225"
#define READER       "44444444-4444-4444-8444-000000000001" /* Reader on mg-platform */
#define MAKER        "44444444-4444-4444-8444-000000000002" /* identities in rg-identities */
#define NOBODY       "44444444-4444-4444-8444-000000000003"
#define ACCESS       "44444444-4444-4444-8444-000000000004" /* Access Administrator on rg-target */
#define STRANGER     "44444444-4444-4444-8444-000000000005" /* of the other tenant */
#define OFFICER      "44444444-4444-4444-8444-000000000006" /* of the government's */
#define CONTRIBUTOR  "44444444-4444-4444-8444-000000000007" /* Contributor on the subscription */
#define ROBOT        "77777777-7777-4777-8777-000000000001" /* a service principal, old */
#define CUSTOM_ROLE  "88888888-8888-4888-8888-000000000001"

#define ROLE_OWNER       "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define ROLE_READER      "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define ROLE_CONTRIBUTOR "b24988ac-6180-42a0-ab88-20f7382dd24c"
#define ROLE_MAKER       "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59"
#define ROLE_ACCESS      "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"

#define ARM   "https://management.azure.com"
#define S     "/subscriptions/" SUBSCRIPTION
#define RG    S "/resourceGroups/rg-identities"
#define RT    S "/resourceGroups/rg-target"
#define IDS   RG "/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
#define FIC   IDS "/id-one/federatedIdentityCredentials"
#define AUTH  "/providers/Microsoft.Authorization"
#define V_ID  "?api-version=2023-01-31"
#define V_RG  "?api-version=2021-04-01"
#define V_SUB "?api-version=2022-12-01"
#define V_RO  "?api-version=2022-04-01"
#define V_MG  "?api-version=2020-05-01"

#define USER(id, name) "{\"id\":\"" id "\",\"name\":\"" name "@contoso.example\"}"
#define GRANT(n, scope, role, who, tenant)                                                         \
    "{\"name\":\"99999999-9999-4999-8999-00000000000" n "\",\"scope\":\"" scope                    \
    "\",\"roleDefinitionId\":\"" role "\",\"principalId\":\"" who                                  \
    "\",\"principalType\":\"User\",\"tenantId\":\"" tenant "\"}"

/* The nesting of the text is what matters here. */
/* clang-format off */
#define TENANTS \
    "{\"id\":\"" TENANT "\",\"name\":\"Contoso\",\"users\":[" \
        USER(ADMIN, "admin") "," USER(READER, "reader") "," USER(MAKER, "maker") "," \
        USER(NOBODY, "nobody") "," USER(ACCESS, "access") "," USER(CONTRIBUTOR, "contributor") \
        "],\"servicePrincipals\":[{\"id\":\"" ROBOT "\",\"displayName\":\"robot\"," \
        "\"appId\":\"77777777-7777-4777-8777-0000000000ff\"," \
        "\"servicePrincipalType\":\"Application\"}]}," \
    "{\"id\":\"" OTHER_TENANT "\",\"name\":\"Fabrikam\",\"users\":[" \
        USER(STRANGER, "admin") "]}," \
    "{\"id\":\"" GOV_TENANT "\",\"cloud\":\"AzureUSGovernment\",\"users\":[" \
        USER(OFFICER, "officer") "]}"
#define SUBSCRIPTIONS \
    "{\"id\":\"" SUBSCRIPTION "\",\"displayName\":\"Prod\",\"tenantId\":\"" TENANT "\"," \
        "\"managementGroup\":\"mg-prod\",\"resourceGroups\":[" \
        "{\"name\":\"rg-identities\",\"location\":\"westeurope\"}," \
        "{\"name\":\"rg-target\",\"location\":\"westeurope\"}]}," \
    "{\"id\":\"" SUB_PLAIN "\",\"displayName\":\"Plain\",\"tenantId\":\"" TENANT "\"}," \
    "{\"id\":\"" SUB_OTHER "\",\"displayName\":\"Other\",\"tenantId\":\"" OTHER_TENANT "\"}," \
    "{\"id\":\"" SUB_GOV "\",\"displayName\":\"Gov\",\"tenantId\":\"" GOV_TENANT "\"}"
/* One of another tenant by the same id, and a circle of parents. */
#define MANAGEMENT_GROUPS \
    "{\"id\":\"mg-platform\",\"tenantId\":\"" OTHER_TENANT "\"}," \
    "{\"id\":\"mg-platform\",\"displayName\":\"Platform\",\"tenantId\":\"" TENANT "\"}," \
    "{\"id\":\"mg-prod\",\"tenantId\":\"" TENANT "\",\"parent\":\"mg-platform\"}," \
    "{\"id\":\"mg-a\",\"tenantId\":\"" TENANT "\",\"parent\":\"mg-b\"}," \
    "{\"id\":\"mg-b\",\"tenantId\":\"" TENANT "\",\"parent\":\"mg-a\"}"
#define ROLES \
    "{\"id\":\"" CUSTOM_ROLE "\",\"roleName\":\"Pay's Role\"," \
        "\"actions\":[\"Microsoft.Resources/*/read\"]," \
        "\"notActions\":[\"Microsoft.Resources/subscriptions/resourceGroups/READ\"]}"
#define MG_PLATFORM "/providers/Microsoft.Management/managementGroups/MG-platform"
#define RG_IDENTITIES S "/resourcegroups/RG-identities/"
#define GRANTS \
    GRANT("1", "/", ROLE_OWNER, ADMIN, TENANT) "," \
    GRANT("2", MG_PLATFORM, ROLE_READER, READER, TENANT) "," \
    GRANT("3", RG_IDENTITIES, ROLE_MAKER, MAKER, TENANT) "," \
    GRANT("4", RT, ROLE_ACCESS, ACCESS, TENANT) "," \
    GRANT("5", "/", ROLE_OWNER, STRANGER, OTHER_TENANT) "," \
    GRANT("6", "/", ROLE_OWNER, OFFICER, GOV_TENANT) "," \
    GRANT("7", S, ROLE_CONTRIBUTOR, CONTRIBUTOR, TENANT) "," \
    GRANT("8", "/", ROLE_OWNER, NOBODY, OTHER_TENANT)

/* SETTINGS: members of "settings". */
#define ARM_WORLD(settings) \
    "{\"schema\":1,\"settings\":{" settings "},\"tenants\":[" TENANTS "]," \
    "\"subscriptions\":[" SUBSCRIPTIONS "],\"managementGroups\":[" MANAGEMENT_GROUPS "]," \
    "\"roleDefinitions\":[" ROLES "],\"roleAssignments\":[" GRANTS "]}"
/* clang-format on */

#define AT_ONCE                                                                                    \
    "\"replicationMilliseconds\":0,\"credentialWriteMilliseconds\":0,\"identityBurst\":1000,"      \
    "\"subscriptionBurst\":1000"

static inline void as(const char *who, const char *method, const char *path, const char *body)
{
    const char *tenant = !strcmp(who, STRANGER) ? OTHER_TENANT : TENANT;

    simulated_call(simulated_token(who, tenant, "https://management.core.windows.net/", 600),
                   method, arena_printf(sim.arena, ARM "%s", path), body, NULL);
}

static inline bool is_answer(int status, const char *code, const char *text)
{
    const char *got = sim.call.code ? sim.call.code : "";
    bool good = sim.call.status == status && !strcmp(got, code ? code : "");

    if (!ok(good, "%s: %d %s", text, status, code ? code : ""))
        printf("# got: %d %s\n# %.600s\n", sim.call.status, got, sim.call.reply);
    return good;
}

/* The text at PATH ("properties/issuer", "value/0/id") of the answer. */
static inline const char *at(const char *path)
{
    const json *item = sim.answer;

    while (item && *path) {
        size_t len = strcspn(path, "/");
        char key[64];
        long index;

        snprintf(key, sizeof key, "%.*s", (int)len, path);
        if (json_kind(item) == JSON_ARRAY) {
            index = strtol(key, NULL, 10);
            for (item = json_first(item); item && index > 0; index--)
                item = json_next(item);
        } else {
            item = json_member(item, key);
        }
        path += len + (path[len] == '/');
    }
    return item && json_kind(item) == JSON_TEXT ? json_as_text(item, NULL) : NULL;
}

static inline bool says(const char *text)
{
    return sim.call.reply && strstr(sim.call.reply, text) != NULL;
}

static inline const char *header_of(const char *name)
{
    size_t i;

    for (i = 0; i < sim.call.n_reply_headers; i++)
        if (!strcmp(sim.call.reply_headers[i].name, name))
            return sim.call.reply_headers[i].value;
    return "";
}

static inline size_t how_many(void)
{
    return json_count(json_member(sim.answer, "value"));
}

#endif
