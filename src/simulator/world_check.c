/* SPDX-License-Identifier: MIT
 * The shape of a world: the table behind azdo-wif-world(5).
 *
 * Services rely on it: what is a text here is a text when they read it. Members that only some
 * objects have are optional; what is unknown is refused, for it would be ignored without a word. */
#include "simulator/world.h"

#include <string.h>

#include "format/json_shape.h"
#include "simulator/world_shape.h"

static const struct world_shape user = {
    "a user", "id:guid name:text displayName?:text directoryRoles?:texts", {{NULL, NULL}}};
static const struct world_shape credential = {
    "a federated credential",
    "id?:guid name:text issuer:text subject:text audiences:texts description?:text",
    {{NULL, NULL}}};
static const struct world_shape application = {
    "an application",
    "id:guid appId:guid displayName:text uniqueName?:text signInAudience?:text tags?:texts "
    "notes?:text description?:text serviceManagementReference?:text createdDateTime?:text "
    "owners?:texts passwords?:texts federatedCredentials?:list createdAt?:number",
    {{"federatedCredentials", &credential}, {NULL, NULL}}};
static const struct world_shape principal = {
    "a service principal",
    "id:guid appId:guid displayName:text servicePrincipalType:text alternativeNames?:texts "
    "tags?:texts accountEnabled?:bool createdAt?:number",
    {{NULL, NULL}}};
static const struct world_shape tenant = {
    "a tenant",
    "id:guid name?:text cloud?:text usersMayRegisterApplications?:bool "
    "workloadIdentityFederation?:bool users?:list applications?:list servicePrincipals?:list",
    {{"users", &user},
     {"applications", &application},
     {"servicePrincipals", &principal},
     {NULL, NULL}}};
static const struct world_shape group = {
    "a resource group", "name:text location:text tags?:map", {{NULL, NULL}}};
static const struct world_shape identity = {
    "a managed identity",
    "name:text resourceGroup:text location:text tags?:map principalId:guid clientId:guid "
    "federatedCredentials?:list createdAt?:number",
    {{"federatedCredentials", &credential}, {NULL, NULL}}};
static const struct world_shape subscription = {
    "a subscription",
    "id:guid displayName:text tenantId:guid managementGroup?:text regionsWithoutFederation?:texts "
    "resourceGroups?:list identities?:list",
    {{"resourceGroups", &group}, {"identities", &identity}, {NULL, NULL}}};
static const struct world_shape management_group = {
    "a management group", "id:text displayName?:text tenantId:guid parent?:text", {{NULL, NULL}}};
static const struct world_shape definition = {
    "a role definition", "id:guid roleName:text actions?:texts notActions?:texts", {{NULL, NULL}}};
static const struct world_shape assignment = {
    "a role assignment",
    "name:guid scope:text roleDefinitionId:guid principalId:guid principalType?:text tenantId:guid "
    "description?:text createdAt?:number",
    {{NULL, NULL}}};
static const struct world_shape pipeline = {"a pipeline", "id:number name?:text", {{NULL, NULL}}};
static const struct world_shape project = {"a project",
                                           "id:guid name:text state?:text pipelines?:list",
                                           {{"pipelines", &pipeline}, {NULL, NULL}}};
static const struct world_shape membership = {
    "a membership", "project:text group:text", {{NULL, NULL}}};
static const struct world_shape member = {
    "a member",
    "id:guid userId:guid displayName?:text collectionAdministrator?:bool groups?:list",
    {{"groups", &membership}, {NULL, NULL}}};
static const struct world_shape reference = {
    "a project reference", "projectId:guid name:text description?:text", {{NULL, NULL}}};
static const struct world_shape role = {"a role", "identity:guid role:text", {{NULL, NULL}}};
static const struct world_shape permission = {
    "a pipeline permission", "projectId:guid allPipelines?:bool pipelines?:list", {{NULL, NULL}}};
static const struct world_shape check = {
    "a check",
    "id:number projectId:guid type:map settings?:object timeout?:number createdBy?:text",
    {{NULL, NULL}}};
static const struct world_shape use = {
    "a use", "projectId:guid pipeline:number at:number result?:text", {{NULL, NULL}}};
static const struct world_shape authorization = {
    "an authorization", "scheme:text parameters:map", {{NULL, NULL}}};
static const struct world_shape endpoint = {
    "a service endpoint",
    "id:guid type:text url:text isReady?:bool authorization:object data:map createdBy?:text "
    "issuer?:text issuerText?:text references:list roles?:list permissions?:list checks?:list "
    "state?:text deletedAt?:number history?:list createdAt?:number",
    {{"authorization", &authorization},
     {"references", &reference},
     {"roles", &role},
     {"permissions", &permission},
     {"checks", &check},
     {"history", &use},
     {NULL, NULL}}};
static const struct world_shape organization = {
    "an organization",
    "name:text id:guid tenantId:guid issuer?:text issuerTenantId?:guid projects?:list "
    "members?:list serviceEndpoints?:list",
    {{"projects", &project}, {"members", &member}, {"serviceEndpoints", &endpoint}, {NULL, NULL}}};
static const struct world_shape settings = {
    "the settings",
    "replicationMilliseconds?:number deletionMilliseconds?:number "
    "credentialWriteMilliseconds?:number identityBurst?:number subscriptionBurst?:number "
    "tokenLifeMilliseconds?:number",
    {{NULL, NULL}}};
static const struct world_shape the_world = {
    "the world",
    "schema:number issued?:number settings?:object tenants?:list subscriptions?:list "
    "managementGroups?:list roleDefinitions?:list roleAssignments?:list organizations?:list",
    {{"settings", &settings},
     {"tenants", &tenant},
     {"subscriptions", &subscription},
     {"managementGroups", &management_group},
     {"roleDefinitions", &definition},
     {"roleAssignments", &assignment},
     {"organizations", &organization},
     {NULL, NULL}}};

const struct world_shape *world_shape(void)
{
    return &the_world;
}

struct checker {
    struct loc loc;
    struct diags *diags;
};

/* The second of two members of one name would be ignored without a word. */
static void check_repeated(const struct checker *checker, const json *object, const char *where)
{
    const json *item;

    for (item = json_first(object); item; item = json_next(item))
        if (json_member(object, json_key(item)) != item)
            diag_add(checker->diags, DIAG_WORLD_SHAPE, checker->loc, "%s has the member '%s' twice",
                     where, json_key(item));
}

static void check_value(const struct checker *checker, const json *value,
                        const struct world_shape *shape, const char *path);

static void check_part(const struct checker *checker, const json *part,
                       const struct world_shape *shape, const char *path)
{
    struct arena *arena = checker->diags->arena;
    const json *item;
    size_t n = 0;

    if (json_kind(part) == JSON_OBJECT)
        check_value(checker, part, shape, path);
    if (json_kind(part) != JSON_ARRAY)
        return;
    for (item = json_first(part); item; item = json_next(item))
        check_value(checker, item, shape, arena_printf(arena, "%s[%zu]", path, n++));
}

static void check_value(const struct checker *checker, const json *value,
                        const struct world_shape *shape, const char *path)
{
    struct arena *arena = checker->diags->arena;
    const char *where = arena_printf(arena, "%s (%s)", shape->what, path);
    const char *flaw = json_shape_flaw(arena, value, shape->fields, where);
    size_t i;

    if (flaw) {
        diag_add(checker->diags, DIAG_WORLD_SHAPE, checker->loc, "%.*s", (int)strlen(flaw) - 1,
                 flaw);
        return;
    }
    check_repeated(checker, value, where);
    for (i = 0; shape->parts[i].key; i++) {
        const json *part = json_member(value, shape->parts[i].key);

        if (part)
            check_part(
                checker, part, shape->parts[i].shape,
                arena_printf(arena, "%s%s%s", path, *path == '/' ? "" : ".", shape->parts[i].key));
    }
}

/* Settings that no world can be run with: counts and times below 0, or times of more than a day. */
static void check_settings(const struct checker *checker, const json *state)
{
    const json *setting = json_member(state, "settings");

    for (setting = setting ? json_first(setting) : NULL; setting; setting = json_next(setting)) {
        long long value = json_number_of(json_member(state, "settings"), json_key(setting), -1);

        if (value < 0 || value > 86400000)
            diag_add(checker->diags, DIAG_WORLD_SHAPE, checker->loc,
                     "%s is not a number from 0 to 86400000", json_key(setting));
    }
    if (json_number_of(state, "schema", 0) != WORLD_SCHEMA)
        diag_add(checker->diags, DIAG_WORLD_SHAPE, checker->loc,
                 "schema is not %d, the only one that this version reads", WORLD_SCHEMA);
    if (json_number_of(state, "issued", 0) < 0)
        diag_add(checker->diags, DIAG_WORLD_SHAPE, checker->loc, "issued is below 0");
}

bool world_check(const char *file, const json *state, struct diags *diags)
{
    struct checker checker = {{file, 0, 0}, diags};
    size_t errors = diags->errors;

    check_value(&checker, state, &the_world, "/");
    if (diags->errors == errors)
        check_settings(&checker, state);
    return diags->errors == errors;
}
