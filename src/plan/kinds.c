/* SPDX-License-Identifier: MIT
 * What is true of every step of a kind: the table. Rights and order: learn.microsoft.com, "Manually set
 * workload identity service connections" and the built-in roles it names. */
#include "plan/plan.h"

#define MI_RIGHTS "Managed Identity Contributor on the resource group"
#define APP_RIGHTS                                                                                 \
    "Application Developer in the directory for a new app registration, or owner of the existing one"
#define DEVOPS_RIGHTS "Endpoint Creator in the project, or Endpoint Administrator"
#define OWNER_RIGHTS  "Administrator of the service connection, as its creator is"

static const struct step_kind_info kinds[STEP_KINDS] = {
    [STEP_RESOURCE_GROUP] =
        {"resource-group", "resource_group", false, ACTOR_IDENTITY,
         "The managed identity needs a resource group, and create_resource_group asks for it.",
         "Contributor on the subscription of the identity", "a resource group of this name exists",
         "nothing: rollback never removes a resource group", ""},
    [STEP_MANAGED_IDENTITY] =
        {"managed-identity", "identity", false, ACTOR_IDENTITY,
         "The identity that pipelines become when they use the connection. It has no secret.",
         MI_RIGHTS, "an identity of this name exists in the resource group",
         "rollback.sh --delete-identity, when its tag shows that it was made here and nothing else "
         "uses it",
         "client_id principal_id"},
    [STEP_APPLICATION] =
        {"application", "application", false, ACTOR_IDENTITY,
         "The app registration that pipelines become when they use the connection. No secret is "
         "added to it.",
         APP_RIGHTS, "an application with this uniqueName, or client id, exists",
         "rollback.sh --delete-identity, when its mark shows that it was made here and nothing else "
         "uses it",
         "application_id client_id"},
    [STEP_SERVICE_PRINCIPAL] =
        {"service-principal", "principal", false, ACTOR_IDENTITY,
         "What the application is within the tenant, and what roles are assigned to.", APP_RIGHTS,
         "the application has a service principal", "it goes with the application", "principal_id"},
    [STEP_OWNER] = {"owner", "owner", true, ACTOR_IDENTITY,
                    "A person who may administer the application later.", APP_RIGHTS,
                    "the person is among the owners", "it goes with the application", ""},
    [STEP_PROJECT] = {"project", "project", false, ACTOR_DEVOPS,
                      "Ids of organization and project: the calls below name them.",
                      "Reader in the project", "it is a read", "nothing", "organization_id project_id project_name"},
    [STEP_CONNECTION] =
        {"connection", "connection", false, ACTOR_DEVOPS,
         "The service connection. Azure DevOps answers with the issuer and subject of its tokens.",
         DEVOPS_RIGHTS, "a connection of this name exists in the project",
         "rollback.sh, after its name is typed, when its description ends in the mark; checks and "
         "authorizations go with it",
         "connection_id issuer subject"},
    [STEP_SHARE] = {"share", "share", true, ACTOR_DEVOPS,
                    "A further project may use the connection.",
                    OWNER_RIGHTS ", and Endpoint Creator in the other project",
                    "the project is among those the connection is shared with",
                    "it goes with the connection", ""},
    [STEP_SHARES_BEYOND] = {"shares-beyond", "shares_beyond", false, ACTOR_DEVOPS,
                            "Projects beyond the description are reported, never removed.",
                            OWNER_RIGHTS, "it is a read", "nothing", ""},
    [STEP_APPROVAL] = {"approval", "approval", false, ACTOR_DEVOPS,
                       "A person must agree before a pipeline uses the connection.", OWNER_RIGHTS,
                       "the connection has an approval check", "it goes with the connection", ""},
    [STEP_BRANCH_CONTROL] = {"branch-control", "branch_control", false, ACTOR_DEVOPS,
                             "Only runs of the named branches use the connection.", OWNER_RIGHTS,
                             "the connection has a branch control check",
                             "it goes with the connection", ""},
    [STEP_EXCLUSIVE_LOCK] = {"exclusive-lock", "exclusive_lock", false, ACTOR_DEVOPS,
                             "One run at a time uses the connection.", OWNER_RIGHTS,
                             "the connection has an exclusive lock", "it goes with the connection",
                             ""},
    [STEP_PIPELINES] = {"pipelines", "pipelines", false, ACTOR_DEVOPS,
                        "Only pipelines that are authorized use the connection.", OWNER_RIGHTS,
                        "the pipelines are authorized", "it goes with the connection", ""},
    [STEP_CREDENTIAL] =
        {"federated-credential", "credential", true, ACTOR_IDENTITY,
         "From now on the identity trusts tokens of exactly this issuer, subject and audience.",
         "", "a federated credential with this issuer, subject and audience exists",
         "rollback.sh, when name, issuer and subject match", ""},
    [STEP_PRINCIPAL] = {"principal", "principal", false, ACTOR_ROLES,
                        "The principal that the roles are for, resolved anew from the directory.",
                        "member of the directory", "it is a read", "nothing", "principal_id"},
    [STEP_ROLE] = {"role", "role", true, ACTOR_ROLES,
                   "What pipelines may do in Azure when they use the connection.",
                   "Role Based Access Control Administrator or User Access Administrator at the scope",
                   "the principal has the role at exactly this scope",
                   "rollback.sh, when the assignment has the derived name", ""},
    [STEP_ROLES_BEYOND] = {"roles-beyond", "roles_beyond", false, ACTOR_ROLES,
                           "Roles beyond the description are reported, never removed.",
                           "Reader at the scopes", "it is a read", "nothing", ""},
};

static const struct {
    const char *title, *first, *last;
} actors[ACTOR_COUNT] = {
    [ACTOR_IDENTITY] = {"identity administrator", "1-identity.sh", "3-federation.sh"},
    [ACTOR_DEVOPS] = {"Azure DevOps project administrator", "2-connection.sh", "2-connection.sh"},
    [ACTOR_ROLES] = {"role administrator", "4-roles.sh", "4-roles.sh"},
};

const struct step_kind_info *step_kind_info(enum step_kind kind)
{
    return &kinds[kind];
}

const char *step_read(const struct step *step, size_t index, const char **ret_url)
{
    static const char *const extra[STEP_KINDS] = {
        [STEP_PROJECT] = "the organization's id",
        [STEP_SHARE] = "the project's id and name",
        [STEP_APPLICATION] = "whether another application has the display name",
        [STEP_CONNECTION] = "the whole connection, before --update changes a part of it",
    };
    const struct {
        const char *why, *url;
    } reads[] = {
        {"whether the right for the write is there", step->write.method ? step->right_url : NULL},
        {extra[step->kind], step->extra_url},
        {"the role definition's id", step->definition_url},
        {"issuer and subject, as the other project sees them",
         step->subject ? step->subject_url : NULL},
    };
    size_t i;

    for (i = 0; i < sizeof reads / sizeof *reads; i++) {
        if (!reads[i].url || index--)
            continue;
        *ret_url = reads[i].url;
        return reads[i].why;
    }
    return NULL;
}

const char *actor_title(enum actor actor)
{
    return actors[actor].title;
}

const char *actor_script(enum actor actor, bool first)
{
    return first ? actors[actor].first : actors[actor].last;
}
