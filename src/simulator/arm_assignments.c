/* SPDX-License-Identifier: MIT
 * Role assignments at any scope. */
#include <string.h>
#include <strings.h>

#include "simulator/arm_parts.h"

#define VERSIONS                                                                                   \
    "2018-09-01-preview 2020-04-01-preview 2020-08-01-preview 2020-10-01-preview 2022-04-01"
#define ASSIGNMENTS  "{*}/providers/Microsoft.Authorization/roleAssignments"
#define ACTION(verb) "Microsoft.Authorization/roleAssignments/" verb

/* AT: the scope that was asked about; ids of roles are given relative to its subscription. */
static json *assignment_view(struct sim_call *call, const json *assignment, const char *at)
{
    const char *scope = json_text_of(assignment, "scope"), *name = json_text_of(assignment, "name");
    const char *type = json_text_of(assignment, "principalType");
    const json *description = json_member(assignment, "description");
    long long created = json_number_of(assignment, "createdAt", 0);
    json *view = json_object(), *properties;
    char time[32];

    world_time_text(created, time);
    properties = json_add(view, "properties", json_object());
    json_text(properties, "roleDefinitionId",
              arm_definition_id(call, at, json_text_of(assignment, "roleDefinitionId")));
    json_text(properties, "principalId", json_text_of(assignment, "principalId"));
    json_text(properties, "principalType", *type ? type : "User");
    json_text(properties, "scope", *scope ? scope : "/");
    json_add(properties, "condition", json_null());
    json_add(properties, "conditionVersion", json_null());
    json_text(properties, "createdOn", time);
    json_text(properties, "updatedOn", time);
    json_add(properties, "createdBy", json_null());
    json_add(properties, "updatedBy", json_null());
    json_add(properties, "delegatedManagedIdentityResourceId", json_null());
    json_add(properties, "description", description ? json_copy(description) : json_null());
    json_text(view, "id",
              call_text(call, "%s/providers/Microsoft.Authorization/roleAssignments/%s",
                        strcmp(scope, "/") != 0 ? scope : "", name));
    json_text(view, "type", "Microsoft.Authorization/roleAssignments");
    json_text(view, "name", name);
    return view;
}

/* Scopes are the same without regard to case and to slashes at the end. */
static bool same_scope(const char *a, const char *b)
{
    size_t len_a = strlen(a), len_b = strlen(b);

    while (len_a > 0 && a[len_a - 1] == '/')
        len_a--;
    while (len_b > 0 && b[len_b - 1] == '/')
        len_b--;
    return len_a == len_b && !strncasecmp(a, b, len_a);
}

/* The assignment NAME of the caller's tenant, at whatever scope. */
static const json *find_name(struct sim_call *call, const char *name)
{
    const json *all = json_member(world_root(call->world), "roleAssignments"), *item;

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (!strcasecmp(json_text_of(item, "name"), name) &&
            !strcasecmp(json_text_of(item, "tenantId"), call->caller.tenant_id))
            return item;
    return NULL;
}

static const json *find_here(struct sim_call *call)
{
    const json *found = find_name(call, call->part[1]);

    return found && same_scope(json_text_of(found, "scope"), call->part[0]) ? found : NULL;
}

static bool open_scope(struct sim_call *call, const char *action)
{
    return arm_scope_exists(call, call->part[0]) && arm_allows(call, action, call->part[0]);
}

/* Lists */

struct wish {
    bool at_scope;         /* none below */
    const char *principal; /* NULL: any */
};

/* atScope(), assignedTo('x'), both, or principalId eq 'x', which the service does not take together
 * with atScope(). There are no groups, so that the latter two are the same. */
static bool read_wish(struct sim_call *call, struct wish *ret)
{
    const char *text = call_argument(call, "$filter");
    struct arm_term terms[2];
    size_t count = 0, i;
    bool good = true, is_equal = false;

    *ret = (struct wish){false, NULL};
    if (!text || !*text)
        return true;
    good = arm_filter(call, text, terms, 2, &count);
    for (i = 0; good && i < count; i++) {
        if (!terms[i].value && !strcasecmp(terms[i].name, "atScope")) {
            ret->at_scope = true;
        } else if (terms[i].value && !ret->principal &&
                   (!strcasecmp(terms[i].name, "principalId") ||
                    !strcasecmp(terms[i].name, "assignedTo"))) {
            ret->principal = terms[i].value;
            is_equal = !strcasecmp(terms[i].name, "principalId");
        } else {
            good = false;
        }
    }
    good = good && !(is_equal && ret->at_scope);
    if (!good)
        call_not_modelled(call, "this filter");
    return good;
}

static bool is_wished(struct sim_call *call, const json *assignment, const struct wish *wish)
{
    const char *scope = json_text_of(assignment, "scope"), *tenant_id = call->caller.tenant_id;

    if (strcasecmp(json_text_of(assignment, "tenantId"), tenant_id) != 0 ||
        (wish->principal &&
         strcasecmp(json_text_of(assignment, "principalId"), wish->principal) != 0))
        return false;
    return arm_covers(call->world, tenant_id, scope, call->part[0]) ||
           (!wish->at_scope && arm_covers(call->world, tenant_id, call->part[0], scope));
}

static void assignment_list(struct sim_call *call)
{
    const json *all = json_member(world_root(call->world), "roleAssignments"), *item;
    struct wish wish;
    json *list;

    if (!open_scope(call, ACTION("read")) || !read_wish(call, &wish) || !arm_all_read(call))
        return;
    list = json_array();
    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (is_wished(call, item, &wish))
            json_append(list, assignment_view(call, item, call->part[0]));
    arm_reply_list(call, list);
}

static void assignment_get(struct sim_call *call)
{
    const json *found;

    if (!open_scope(call, ACTION("read")) || !arm_all_read(call))
        return;
    found = find_here(call);
    if (found)
        call_reply(call, 200, assignment_view(call, found, call->part[0]));
    else
        arm_fail(call, 404, "RoleAssignmentNotFound", "The role assignment '%s' is not found.",
                 call->part[1]);
}

/* Writing */

/* Ids in messages of this service have no hyphens. */
static const char *bare(struct sim_call *call, const char *guid)
{
    char *text = arena_strdup(call->arena, guid);
    size_t from, to = 0;

    for (from = 0; guid[from]; from++)
        if (guid[from] != '-')
            text[to++] = guid[from];
    text[to] = '\0';
    return text;
}

static const char *lower(struct sim_call *call, const char *text)
{
    char *copy = arena_strdup(call->arena, text), *at;

    for (at = copy; *at; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at | 0x20 : *at);
    return copy;
}

/* What is asked for. */
struct request {
    const char *role, *principal, *type,
        *description; /* ids in lower case; DESCRIPTION may be NULL */
};

/* The GUID at the end of a role's full id; NULL after answering when there is no such role. */
static const char *read_role(struct sim_call *call, const char *full)
{
    static const char part[] = "/providers/Microsoft.Authorization/roleDefinitions/";
    const char *slash = strrchr(full, '/'), *id = slash ? slash + 1 : full;
    size_t len = (size_t)(id - full);
    struct arm_role_found role;

    if (len >= strlen(part) && !strncasecmp(id - strlen(part), part, strlen(part)) &&
        arm_role_find(call->world, id, &role))
        return lower(call, id);
    arm_fail(call, 404, "RoleDefinitionDoesNotExist",
             "The specified role definition with ID '%s' does not exist.", bare(call, id));
    return NULL;
}

static bool check_principal(struct sim_call *call, const struct request *request)
{
    json *tenant = world_tenant(call->world, call->caller.tenant_id);
    const json *user = json_find(json_member(tenant, "users"), "id", request->principal);
    const json *found = user ? user : world_principal(tenant, request->principal);
    const char *kind = user ? "User" : "ServicePrincipal";
    bool is_vouched = !strcasecmp(request->type, "ServicePrincipal");

    if (!found || (!is_vouched && !world_replicated(call->world, found))) {
        arm_fail(
            call, 400, "PrincipalNotFound",
            "Principal %s does not exist in the directory %s. Check that you have the correct "
            "principal ID. If you are creating this principal and then immediately assigning a "
            "role, this error might be related to a replication delay. In this case, set the "
            "role assignment principalType property to a value, such as ServicePrincipal, "
            "User, or Group.  See https://aka.ms/docs-principaltype",
            bare(call, request->principal), call->caller.tenant_id);
        return false;
    }
    if (!strcasecmp(request->type, kind))
        return true;
    arm_fail(call, 400, "UnmatchedPrincipalType",
             "The PrincipalId '%s' has type '%s' , which is different from specified PrinciaplType "
             "'%s'.",
             bare(call, request->principal), kind, request->type);
    return false;
}

static bool is_same(const json *assignment, const struct request *request)
{
    return !strcasecmp(json_text_of(assignment, "roleDefinitionId"), request->role) &&
           !strcasecmp(json_text_of(assignment, "principalId"), request->principal);
}

/* Another assignment of the same role to the same principal at the same scope. */
static const json *find_twin(struct sim_call *call, const struct request *request)
{
    const json *all = json_member(world_root(call->world), "roleAssignments"), *item;

    for (item = all ? json_first(all) : NULL; item; item = json_next(item))
        if (is_same(item, request) && same_scope(json_text_of(item, "scope"), call->part[0]) &&
            !strcasecmp(json_text_of(item, "tenantId"), call->caller.tenant_id))
            return item;
    return NULL;
}

static json *new_assignment(struct sim_call *call, const struct request *request)
{
    json *assignment = json_object();

    json_text(assignment, "name", lower(call, call->part[1]));
    json_text(assignment, "scope", *call->part[0] ? call->part[0] : "/");
    json_text(assignment, "roleDefinitionId", request->role);
    json_text(assignment, "principalId", request->principal);
    json_text(assignment, "principalType", request->type);
    json_text(assignment, "tenantId", call->caller.tenant_id);
    json_text(assignment, "description", request->description);
    world_stamp(assignment);
    return assignment;
}

/* Only the description of an assignment may change. Older versions of the interface know no status
 * but 201, and their clients take no other. */
static void update_assignment(struct sim_call *call, const json *old, const struct request *request)
{
    bool is_old_version = strcmp(call_argument(call, "api-version"), "2022-04-01") < 0;
    json *changed;

    if (!is_same(old, request) || !same_scope(json_text_of(old, "scope"), call->part[0])) {
        arm_fail(call, 400, "RoleAssignmentUpdateNotPermitted",
                 "Tenant ID, application ID, principal ID, and scope are not allowed to be "
                 "updated.");
        return;
    }
    changed = json_copy(old);
    if (request->description)
        json_put_text(changed, "description", request->description);
    arm_replace_assignment(call->world, old, changed);
    call_reply(call, is_old_version ? 201 : 200, assignment_view(call, changed, call->part[0]));
}

static void store_assignment(struct sim_call *call, const struct request *request)
{
    const json *old = find_name(call, call->part[1]), *twin = find_twin(call, request);
    json *assignment;

    if (old) {
        update_assignment(call, old, request);
        return;
    }
    if (twin) {
        arm_fail(
            call, 409, "RoleAssignmentExists",
            "The role assignment already exists. The ID of the existing role assignment is %s.",
            bare(call, json_text_of(twin, "name")));
        return;
    }
    assignment = new_assignment(call, request);
    json_append(json_list(world_root(call->world), "roleAssignments"), assignment);
    call_reply(call, 201, assignment_view(call, assignment, call->part[0]));
}

/* Reads BODY. False after answering. */
static bool read_request(struct sim_call *call, const json *body, struct request *ret)
{
    static const char *const unknown[] = {"condition", "conditionVersion",
                                          "delegatedManagedIdentityResourceId"};
    const json *properties = json_member(body, "properties"), *member;
    size_t i;

    if (!call_shape(call, body, "properties:object id?:text name?:text type?:text", "the body",
                    arm_refuse) ||
        !call_shape(call, properties,
                    "roleDefinitionId:text principalId:text principalType?:text description?:text "
                    "scope?:text condition?:any conditionVersion?:any "
                    "delegatedManagedIdentityResourceId?:any",
                    "properties", arm_refuse))
        return false;
    for (i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        member = json_member(properties, unknown[i]);
        if (member && json_kind(member) != JSON_NULL) {
            call_not_modelled(call, call_text(call, "the property '%s'", unknown[i]));
            return false;
        }
    }
    ret->role = read_role(call, json_text_of(properties, "roleDefinitionId"));
    ret->principal = lower(call, json_text_of(properties, "principalId"));
    ret->type = json_text_of(properties, "principalType");
    ret->type = *ret->type ? ret->type : "User";
    member = json_member(properties, "description");
    ret->description = member ? json_text_of(properties, "description") : NULL;
    return ret->role != NULL;
}

static void assignment_put(struct sim_call *call)
{
    struct request request;
    json *body;

    if (!open_scope(call, ACTION("write")) || !arm_all_read(call))
        return;
    if (!guid_valid(call->part[1])) {
        arm_fail(call, 400, "InvalidRoleAssignmentId",
                 "The role assignment ID '%s' is not valid. The role assignment ID must be a GUID.",
                 call->part[1]);
        return;
    }
    body = call_json(call, false, arm_refuse);
    if (body && read_request(call, body, &request) && check_principal(call, &request))
        store_assignment(call, &request);
    json_free(body);
}

static void assignment_delete(struct sim_call *call)
{
    const json *found;
    json *view;

    if (!open_scope(call, ACTION("delete")) || !arm_all_read(call))
        return;
    found = find_here(call);
    if (!found) {
        call_reply(call, 204, NULL);
        return;
    }
    view = assignment_view(call, found, call->part[0]);
    arm_replace_assignment(call->world, found, NULL);
    call_reply(call, 200, view);
}

const struct route arm_assignment_routes[] = {
    {"GET", ASSIGNMENTS, VERSIONS, assignment_list},
    {"GET", ASSIGNMENTS "/{}", VERSIONS, assignment_get},
    {"PUT", ASSIGNMENTS "/{}", VERSIONS, assignment_put},
    {"DELETE", ASSIGNMENTS "/{}", VERSIONS, assignment_delete},
    {NULL, NULL, NULL, NULL},
};
