/* SPDX-License-Identifier: MIT
 * The people of a rehearsal. Each has what plan/kinds.c asks for, so that a script that needs more
 * than its runbook says fails here. */
#include "rehearse/fit_parts.h"

#include <string.h>
#include <strings.h>

#include "base/guid.h"
#include "plan/plan.h"
#include "simulator/arm.h"

#define DOMAIN "rehearsal.example"

static const struct {
    const char *key, *name;
    enum actor actor; /* ACTOR_COUNT: all of them */
    bool identity_side, devops_side;
} persons[PERSON_COUNT] = {
    [PERSON_EVERYTHING] = {"everything", "everything@" DOMAIN, ACTOR_COUNT, true, true},
    [PERSON_IDENTITY] = {"identity", "identity@" DOMAIN, ACTOR_IDENTITY, true, false},
    [PERSON_DEVOPS] = {"devops", "devops@" DOMAIN, ACTOR_DEVOPS, false, true},
    [PERSON_ROLES] = {"roles", "roles@" DOMAIN, ACTOR_ROLES, true, false},
};

const char *person_name(enum person person)
{
    return persons[person].name;
}

const char *person_title(enum person person)
{
    return persons[person].actor == ACTOR_COUNT ? "administrator with all rights"
                                                : actor_title(persons[person].actor);
}

const char *fit_person_id(struct fit *fit, enum person person, const json *tenant)
{
    return fit_id(fit, "user/%s/%s", json_text_of(tenant, "id"), persons[person].key);
}

/* Users. NULL: the tenant has the id already. */
static json *add_user(struct fit *fit, json *tenant, const char *id, const char *name,
                      const char *title)
{
    const char *key = arena_printf(fit->arena, "%s/%s", json_text_of(tenant, "id"), id);
    json *user = fit_new(fit, "user", key, json_member(tenant, "users"));

    if (!user)
        return NULL;
    json_text(user, "id", id);
    json_text(user, "name", name);
    json_text(user, "displayName", title);
    json_list(user, "directoryRoles");
    return user;
}

static void add_person(struct fit *fit, enum person person)
{
    json *tenants[] = {persons[person].identity_side ? fit->tenant : NULL,
                       persons[person].devops_side ? fit->devops_tenant : NULL};
    size_t i;

    for (i = 0; i < sizeof tenants / sizeof *tenants; i++)
        if (tenants[i])
            add_user(fit, tenants[i], fit_person_id(fit, person, tenants[i]), persons[person].name,
                     person_title(person));
}

static void add_owners(struct fit *fit, const struct identity *identity)
{
    size_t i;

    for (i = 0; i < identity->owners.count; i++) {
        const char *id = identity->owners.items[i].text;

        add_user(fit, fit->tenant, id, arena_printf(fit->arena, "owner-%s@" DOMAIN, id),
                 "owner of an application");
    }
}

/* Rights in Resource Manager */

static void grant(struct fit *fit, enum person person, const char *role, const char *scope)
{
    const char *id = arm_built_in_role(role);
    const char *key = arena_printf(fit->arena, "%s/%s%s", persons[person].key, role, scope);
    json *assignment = fit_new(fit, "assignment", key, json_member(fit->root, "roleAssignments"));

    if (!id)
        BUG("the simulator knows no role %s", role);
    if (!assignment)
        return;
    json_text(assignment, "name", fit_id(fit, "assignment/%s", key));
    json_text(assignment, "scope", scope);
    json_text(assignment, "roleDefinitionId", id);
    json_text(assignment, "principalId", fit_person_id(fit, person, fit->tenant));
    json_text(assignment, "principalType", "User");
    json_text(assignment, "tenantId", fit->spec->tenant_id.text);
}

static void grant_everything(struct fit *fit)
{
    const json *each = json_first(json_member(fit->root, "subscriptions"));

    for (; each; each = json_next(each))
        grant(fit, PERSON_EVERYTHING, "Owner",
              arena_printf(fit->arena, "/subscriptions/%s", json_text_of(each, "id")));
    each = json_first(json_member(fit->root, "managementGroups"));
    for (; each; each = json_next(each))
        grant(fit, PERSON_EVERYTHING, "User Access Administrator",
              arena_printf(fit->arena, "/providers/Microsoft.Management/managementGroups/%s",
                           json_text_of(each, "id")));
}

static void grant_identity(struct fit *fit, const struct identity *identity)
{
    const char *subscription =
        arena_printf(fit->arena, "/subscriptions/%s", identity->subscription_id.text);
    const char *group = arena_printf(fit->arena, "%s/resourceGroups/%s", subscription,
                                     identity->resource_group.text);

    /* At a group that does not exist yet nobody can be given a role; Contributor has them all. */
    if (identity->create_resource_group) {
        grant(fit, PERSON_IDENTITY, "Contributor", subscription);
        return;
    }
    if (!identity->existing)
        grant(fit, PERSON_IDENTITY, "Reader", subscription);
    grant(fit, PERSON_IDENTITY, "Managed Identity Contributor", group);
    grant(fit, PERSON_IDENTITY, "Managed Identity Federated Identity Credential Contributor",
          group);
}

/* Rights in the directory */

static void give_directory_role(struct fit *fit, enum person person, const char *role)
{
    const char *key = arena_printf(fit->arena, "%s/%s", json_text_of(fit->tenant, "id"),
                                   fit_person_id(fit, person, fit->tenant));
    json *roles = json_member(fit_known(fit, "user", key), "directoryRoles");

    if (!json_holds(roles, role))
        json_append_text(roles, role);
}

/* Rollback looks whether roles are left, in whole subscriptions, before it deletes an identity. */
static const char *widest(struct fit *fit, const char *scope)
{
    static const char subscriptions[] = "/subscriptions/";

    return strncasecmp(scope, subscriptions, strlen(subscriptions))
               ? scope
               : arena_strndup(fit->arena, scope, strlen(subscriptions) + GUID_TEXT);
}

static void give_rights(struct fit *fit)
{
    const struct spec *spec = fit->spec;
    size_t i, k;

    grant_everything(fit);
    give_directory_role(fit, PERSON_EVERYTHING, "Application Administrator");
    for (i = 0; i < spec->n_identities; i++) {
        if (spec->identities[i].type == IDENTITY_MANAGED)
            grant_identity(fit, &spec->identities[i]);
        else if (!spec->identities[i].existing) /* of one that exists, he or she is an owner */
            give_directory_role(fit, PERSON_IDENTITY, "Application Developer");
    }
    for (i = 0; i < spec->n_connections; i++)
        for (k = 0; k < spec->connections[i].n_roles; k++) {
            const char *scope = spec->connections[i].roles[k].scope;

            grant(fit, PERSON_ROLES, "Role Based Access Control Administrator", scope);
            if (!spec->connections[i].identity->existing)
                grant(fit, PERSON_IDENTITY, "Reader", widest(fit, scope));
        }
}

/* Azure DevOps */

static json *add_member(struct fit *fit, const char *id, const char *user_id, const char *title)
{
    json *member = fit_new(fit, "member", id, json_member(fit->organization, "members"));

    if (!member)
        return NULL;
    json_text(member, "id", id);
    json_text(member, "userId", user_id);
    json_text(member, "displayName", title);
    json_bool(member, "collectionAdministrator", false);
    json_list(member, "groups");
    return member;
}

static json *add_person_as_member(struct fit *fit, enum person person)
{
    return add_member(fit, fit_id(fit, "member/%s", persons[person].key),
                      fit_person_id(fit, person, fit->devops_tenant), person_title(person));
}

static void add_groups(struct fit *fit, const json *member)
{
    static const char *const groups[] = {"Readers", "Endpoint Creators"};
    const json *project = json_first(json_member(fit->organization, "projects"));
    size_t i;

    for (; project; project = json_next(project))
        for (i = 0; i < sizeof groups / sizeof *groups; i++) {
            json *group = json_append(json_member(member, "groups"), json_object());

            json_text(group, "project", json_text_of(project, "id"));
            json_text(group, "group", groups[i]);
        }
}

static void add_approvers(struct fit *fit, const struct connection *connection)
{
    static const char title[] = "approver";
    size_t i;

    for (i = 0; i < connection->approvers.count; i++) {
        const char *id = connection->approvers.items[i].text;
        const char *user_id = fit_id(fit, "approver/%s", id);

        add_user(fit, fit->devops_tenant, user_id,
                 arena_printf(fit->arena, "approver-%s@" DOMAIN, id), title);
        add_member(fit, id, user_id, title);
    }
}

void fit_people(struct fit *fit)
{
    int person;
    size_t i;

    for (person = 0; person < PERSON_COUNT; person++)
        add_person(fit, (enum person)person);
    for (i = 0; i < fit->spec->n_identities; i++)
        add_owners(fit, &fit->spec->identities[i]);
    give_rights(fit);
    json_put_bool(add_person_as_member(fit, PERSON_EVERYTHING), "collectionAdministrator", true);
    add_groups(fit, add_person_as_member(fit, PERSON_DEVOPS));
    for (i = 0; i < fit->spec->n_connections; i++)
        add_approvers(fit, &fit->spec->connections[i]);
}
