/* SPDX-License-Identifier: MIT
 * A directory for tests of Microsoft Graph, and calls to it. */
#ifndef TESTS_UNIT_SIM_GRAPH_WORLD_H
#define TESTS_UNIT_SIM_GRAPH_WORLD_H

#include "simulator/graph.h"

#include <stdlib.h>

#include "simulated.h"

#define HOST      "https://graph.microsoft.com"
#define V1        HOST "/v1.0"
#define APPS      V1 "/applications"
#define SPS       V1 "/servicePrincipals"
#define APP       "aaaaaaaa-0000-4000-8000-000000000001" /* owned by OWNER */
#define APP_ID    "aaaaaaaa-0000-4000-8000-0000000000a1"
#define OTHER     "aaaaaaaa-0000-4000-8000-000000000002" /* owned by nobody, without principal */
#define OTHER_ID  "aaaaaaaa-0000-4000-8000-0000000000a2"
#define APP_SP    "bbbbbbbb-0000-4000-8000-000000000001"
#define MI_SP     "bbbbbbbb-0000-4000-8000-000000000002"
#define MI_ID     "bbbbbbbb-0000-4000-8000-0000000000b2"
#define DEVELOPER "cccccccc-0000-4000-8000-000000000001"
#define MEMBER    "cccccccc-0000-4000-8000-000000000002"
#define OWNER     "cccccccc-0000-4000-8000-000000000003"
#define APP_ADMIN "cccccccc-0000-4000-8000-000000000004"
#define NOBODY    "dddddddd-0000-4000-8000-000000000001"
#define FICS      APPS "/" APP "/federatedIdentityCredentials"
#define MI_PATH   "/subscriptions/x/userAssignedIdentities/mi"

/* A world's document, with ' for ". */
static const char directory[] =
    "{'schema':1,'settings':{'replicationMilliseconds':%s},'tenants':["
    "{'id':'" TENANT "','name':'Contoso','cloud':'AzureCloud','usersMayRegisterApplications':%s,"
    "'users':["
    "{'id':'" ADMIN "','name':'admin@contoso.example','displayName':'Ada',"
    "'directoryRoles':['Global Administrator']},"
    "{'id':'" DEVELOPER
    "','name':'dev@contoso.example','directoryRoles':['Application Developer']},"
    "{'id':'" MEMBER "','name':'member@contoso.example'},"
    "{'id':'" OWNER "','name':'owner@contoso.example'},"
    "{'id':'" APP_ADMIN "','name':'a@contoso.example',"
    "'directoryRoles':['Application Administrator']}],"
    "'applications':["
    "{'id':'" APP "','appId':'" APP_ID "','displayName':'App One','uniqueName':'one\\u0027s',"
    "'passwords':['secret-word'],'owners':['" OWNER "']},"
    "{'id':'" OTHER "','appId':'" OTHER_ID "','displayName':'App Two'}],"
    "'servicePrincipals':["
    "{'id':'" APP_SP "','appId':'" APP_ID "','displayName':'App One',"
    "'servicePrincipalType':'Application'},"
    "{'id':'" MI_SP "','appId':'" MI_ID "','displayName':'mi',"
    "'servicePrincipalType':'ManagedIdentity',"
    "'alternativeNames':['isExplicit=True','" MI_PATH "']}]},"
    "{'id':'" SUBSCRIPTION "','cloud':'AzureUSGovernment',"
    "'users':[{'id':'" ADMIN "','name':'a@gov.example'}]}]}";

/* Opens it with a time of replication in milliseconds, and with REGISTER ("true": any member may
 * register applications). */
static inline void open_directory(const char *replication, const char *register_)
{
    char text[sizeof directory + 32];
    size_t i;

    snprintf(text, sizeof text, directory, replication, register_);
    for (i = 0; text[i]; i++)
        text[i] = text[i] == '\'' ? '"' : text[i];
    simulated_open(text);
}

static inline void ask(const char *oid, const char *method, const char *url, const char *body)
{
    simulated_call(simulated_token(oid, TENANT, HOST, 3600), method, url, body, NULL);
}

static inline void ask_upsert(const char *oid, const char *url, const char *body,
                              const char *prefer)
{
    const struct call_header more[] = {{"Prefer", prefer}, {NULL, NULL}};

    simulated_call(simulated_token(oid, TENANT, HOST, 3600), "PATCH", url, body, more);
}

static inline const char *error_code(void)
{
    return json_text_of(json_member(sim.answer, "error"), "code");
}

static inline const char *error_text(void)
{
    return json_text_of(json_member(sim.answer, "error"), "message");
}

/* CODE "": no error. */
static inline void answers(int status, const char *code, const char *text)
{
    if (!ok(sim.call.status == status && !strcmp(error_code(), code), "%s", text))
        printf("# %d %s: %s\n", sim.call.status, error_code(), sim.call.reply);
}

static inline const char *field(const char *name)
{
    return json_text_of(sim.answer, name);
}

static inline size_t found(void)
{
    return json_count(json_member(sim.answer, "value"));
}

static inline json *first(void)
{
    return json_find(json_member(sim.answer, "value"), "@odata.type", "#microsoft.graph.user");
}

static inline const char *kept(const char *text)
{
    return arena_strdup(sim.arena, text);
}

/* Runs each of N tests in a directory of its own. */
static inline int in_fresh_worlds(void (*const *tests)(void), size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        open_directory("0", "false");
        tests[i]();
    }
    simulated_close();
    return done_testing();
}

#endif
