/* SPDX-License-Identifier: MIT
 * The data model that templates see: the table. */
#include "emit/shape.h"

#include "emit/shape_rows.h"

static const struct shape kind[] = {
    BOOL("resource_group", "creates the identity's resource group"),
    BOOL("managed_identity", "creates or finds the managed identity"),
    BOOL("application", "creates or finds the app registration"),
    BOOL("service_principal", "creates or finds its service principal"),
    BOOL("owner", "adds an owner of the app registration"),
    BOOL("project", "reads organization and project"),
    BOOL("connection", "creates the service connection"),
    BOOL("share", "shares it with a further project"),
    BOOL("shares_beyond", "reports further projects"),
    BOOL("approval", "adds an approval check"),
    BOOL("branch_control", "adds a branch control check"),
    BOOL("exclusive_lock", "adds an exclusive lock"),
    BOOL("pipelines", "authorizes pipelines"),
    BOOL("credential", "creates a federated credential"),
    BOOL("principal", "resolves the principal anew"),
    BOOL("role", "assigns a role"),
    BOOL("roles_beyond", "reports further roles"),
    END,
};

static const struct shape name[] = {TOKEN("name", "of a shell variable"), END};
static const struct shape line[] = {TEXT("line", "one line"), END};
static const struct shape action[] = {TEXT("name", "of an action in Resource Manager"), END};
static const struct shape shared_subject[] = {
    TOKEN("subject_variable", "the shell variable that holds the subject"),
    TEXT("project", "a shared project"),
    END,
};
static const struct shape pipeline[] = {TOKEN("pipeline", "its id"), END};

static const struct shape data[] = {
    TOKEN("key", "of the service connection's data"),
    TEXT("value", "as described"),
    BOOL("is_id", "compared without regard to case; a difference is a conflict"),
    BOOL("is_text", "compared exactly; a difference is a conflict"),
    BOOL("is_label", "a display name: a difference is harmless"),
    END,
};

static const struct shape further[] = {
    TEXT("why", "what it finds out"),
    TEXT("url", "of the read"),
    END,
};

static const struct shape step[] = {
    TOKEN("number", "1, 2, ... in the plan"),
    TOKEN("id", "names the step's functions"),
    TEXT("title", "of the step"),
    TEXT("actor", "who runs it"),
    TEXT("why", "one sentence for the reviewer"),
    TEXT("rights", "that the actor needs"),
    TEXT("recognised", "how it is recognised as already done"),
    TEXT("undone", "what undoes it, in words"),
    TEXT("captured", "names of the values it reads back, in words"),
    OBJECT("kind", kind, "what the step is: one of these is true"),
    BOOL("creates", "the description asks to create, not only to find"),
    BOOL("makes", "this script may write here"),
    BOOL("writes", "the step has a write"),
    TOKEN("make", "the function that writes, or -"),
    TOKEN("update", "the function that mends harmless differences, or -"),
    TEXT("look_url", "of the read that recognises it"),
    LIST("reads", further, "further reads"),
    TEXT("write_method", "of the write, in capitals"),
    TOKEN("write_verb", "the same as az rest takes it"),
    TEXT("write_url", "of the write"),
    TEXT("write_header", "a further header of the write"),
    TEXT("write_body", "JSON that is sent"),
    TEXT("command", "az command that writes, instead of a REST call"),
    TEXT("update_url", "of --update's read or write"),
    TEXT("update_write_url", "of --update's write"),
    TEXT("update_body", "JSON that --update sends"),
    TEXT("undo_url", "of the deletion"),
    BOOL("managed", "the identity is a managed one"),
    TOKEN("subscription_id", "of the managed identity"),
    TEXT("resource_group", "of the managed identity"),
    TEXT("location", "of the managed identity"),
    TEXT("wanted_tags", "tags of the INI, as a JMESPath literal"),
    BOOL("has_tags", "the INI names tags"),
    TEXT("resource_id", "of the managed identity"),
    TEXT("display_name", "of the app registration"),
    TOKEN("mark", "by which rollback knows what was made here"),
    BOOL("entra_issuer", "the Entra issuer is expected"),
    TEXT("namesake_url", "finds app registrations of the same display name"),
    TOKEN("owner", "object id"),
    TEXT("organization_url", "reads the organization's id"),
    LIST("data", data, "fields of the service connection's data"),
    TEXT("description", "of the connection, as in the INI"),
    TEXT("marked_description", "as sent: with the mark"),
    TEXT("description_mark", "the mark at the description's end"),
    TEXT("project", "a shared project"),
    TEXT("project_url", "reads the project"),
    TEXT("subject_url", "the connection as the other project sees it"),
    BOOL("own_subject", "each project has its own subject"),
    TOKEN("subject_variable", "the shell variable that holds the subject"),
    TEXT("wanted_approvers", "ids, sorted, separated by blanks"),
    TOKEN("required_approvals", "how many must agree"),
    TEXT("branches", "full refs, separated by commas"),
    BOOL("all", "all pipelines"),
    LIST("pipelines", pipeline, "pipeline ids"),
    TEXT("credential_name", "of the federated credential"),
    TEXT("role", "name or GUID"),
    TEXT("scope", "of the role assignment"),
    TEXT("needed_by", "another connection of the identity that describes the same role"),
    TOKEN("seed", "of the role assignment's name"),
    TEXT("definition_url", "finds the role definition"),
    TEXT("definition_query", "takes its count and id from the reply"),
    END,
};

static const struct shape rights_check[] = {
    TEXT("role", "that gives the right"),
    TEXT("url", "where the right can be read"),
    LIST("actions", action, "that are needed"),
    TOKEN("part", "of the rollback that needs it"),
    END,
};

static const struct shape can[] = {
    BOOL("dry_run", "takes --dry-run"),   BOOL("write", "writes"),
    BOOL("update", "takes --update"),     BOOL("record", "takes --record"),
    BOOL("handover", "takes --handover"), BOOL("rollback", "is the rollback"),
    BOOL("drift", "counts harmless differences as differences"),
    END,
};

static const struct shape parts[] = {
    BOOL("identity", "has steps that find or make the identity"),
    BOOL("devops", "has steps at Azure DevOps, or uses what they read"),
    BOOL("credentials", "has steps for federated credentials"),
    BOOL("roles", "has steps for roles"),
    BOOL("principal", "finds the principal of a managed identity in the directory"),
    BOOL("handover", "reads or writes a hand-over file"),
    END,
};

static const struct shape ini[] = {
    TEXT("name", "of the INI file, without folder"),
    TOKEN("digest", "SHA-256 of its bytes"),
    END,
};

static const struct shape script[] = {
    TEXT("name", "file name"),
    TEXT("purpose", "one sentence"),
    TEXT("actor", "who runs it"),
    TEXT("question", "asked before the first write"),
    TOKEN("mode", "run or verify"),
    END,
};

static const struct shape connection[] = {
    TEXT("key", "NAME of the INI section"),
    TEXT("name", "as Azure DevOps shows it"),
    TEXT("project", "its project"),
    TEXT("description", "as in the INI"),
    TOKEN("folder", "of its files"),
    TEXT("audience", "of the federated credential"),
    TEXT("scope", "what it reaches, in words"),
    TEXT("mark", "at the end of its description"),
    END,
};

static const struct shape identity[] = {
    TEXT("summary", "one line"),
    BOOL("existing", "the INI has its client_id"),
    BOOL("managed", "a managed identity"),
    TOKEN("mark", "tag by which rollback knows it"),
    TEXT("undo_url", "of its deletion"),
    TEXT("credentials_url", "lists its federated credentials"),
    END,
};

static const struct shape part_row[] = {TOKEN("part", "of the rollback"), END};
static const struct shape subscription[] = {
    TOKEN("id", "of a subscription"),
    LIST("needed_by_parts", part_row, "of the rollback"),
    END,
};
static const struct shape other_role[] = {TOKEN("seed", "of an assignment's name"), END};
static const struct shape scope_row[] = {TEXT("url", "lists role assignments of the principal"), END};

static const struct shape capture[] = {
    TOKEN("name", "of the shell variable"),
    TEXT("initial", "what the description says of it, or empty"),
    END,
};

static const struct shape summary[] = {
    TEXT("label", "padded"),
    TOKEN("name", "of the shell variable"),
    END,
};

static const struct shape link[] = {TEXT("url", "of a page in a portal"), END};

static const struct shape actor[] = {
    TEXT("title", "who"),
    TEXT("scripts", "what he or she runs"),
    LIST("rights", line, "needed"),
    END,
};

static const struct shape attention[] = {TEXT("text", "what a reviewer should weigh first"), END};
static const struct shape message[] = {
    TOKEN("from", "participant"), TOKEN("to", "participant"),
    TEXT("text", "of the message"), BOOL("reply", "is an answer"), END,
};

const struct shape shape_script[] = {
    TOKEN("version", "of azdo-wif"),
    TEXT("templates", "which templates this file is made from: on one line with version"),
    TOKEN("body_digest", "64 zeros, which become the digest of the file: on one line with version and ini.digest"),
    OBJECT("ini", ini, "the INI file"),
    OBJECT("script", script, "this file"),
    OBJECT("connection", connection, "the service connection"),
    OBJECT("identity", identity, "the identity it uses"),
    TEXT("organization", "Azure DevOps organization"),
    TOKEN("tenant_id", "Entra tenant of the identity"),
    TOKEN("devops_tenant_id", "Entra tenant of the organization"),
    TOKEN("cloud", "as az names it"),
    TOKEN("expected_issuer", "entra or azure-devops"),
    TOKEN("devops_resource", "application id of Azure DevOps, for tokens"),
    BOOL("uses_identity_side", "speaks to the identity's tenant"),
    BOOL("uses_devops_side", "speaks to Azure DevOps"),
    BOOL("two_profiles", "the sides differ in tenant or cloud"),
    BOOL("same_tenant", "identity and organization are in one tenant"),
    TOKEN("tenant_code", "the tenant as subjects write it"),
    BOOL("custom_cloud", "Azure Stack: known by its address"),
    TEXT("resource_manager", "address of Resource Manager, with its slash"),
    BOOL("reads_handover", "takes values from the script before"),
    BOOL("writes_handover", "leaves values for the script after it"),
    BOOL("takes_trust", "among them issuer and subject"),
    TEXT("login_identity", "az command that signs in for the identity side"),
    TEXT("login_devops", "az command that signs in for Azure DevOps"),
    LIST("subscriptions", subscription, "that must be reachable"),
    LIST("rights_checks", rights_check, "rights that can be read before writing"),
    TOKEN("handover_limit", "bytes"),
    LIST("handover_ids", name, "GUIDs in the hand-over"),
    LIST("shares", shared_subject, "projects with a subject of their own"),
    LIST("handover_subjects", name, "subjects in the hand-over"),
    LIST("captures", capture, "values that the services decide"),
    LIST("other_roles", other_role, "of other connections with the same identity"),
    LIST("role_scopes", scope_row, "where the principal's roles are looked at"),
    TEXT("described_credentials", "names of other connections' credentials, separated by blanks"),
    LIST("options", line, "of --help"),
    OBJECT("can", can, "which arguments the script takes"),
    OBJECT("parts", parts, "which library parts the script needs"),
    LIST("steps", step, "in order"),
    LIST("summary", summary, "values printed at the end"),
    LIST("links", link, "portal pages printed at the end"),
    LIST("actors", actor, "who is needed"),
    BOOL("has_attention", "there is something to weigh"),
    LIST("attention", attention, "broad roles or scopes, all pipelines"),
    LIST("messages", message, "of the sequence diagram"),
    END,
};

static const struct shape file[] = {TEXT("name", "of a script"), END};

static const struct shape index_row[] = {
    TEXT("key", "NAME of the INI section"),
    TEXT("name", "of the connection"),
    TEXT("project", "its project"),
    TOKEN("folder", "of its files"),
    TEXT("identity", "one line"),
    TEXT("roles", "in words"),
    BOOL("has_roles", "4-roles.sh exists"),
    LIST("scripts", file, "in the order in which they run"),
    LIST("actors", actor, "who is needed"),
    END,
};

const struct shape shape_index[] = {
    TOKEN("version", "of azdo-wif"),
    TEXT("templates", "which templates this file is made from: on one line with version"),
    TOKEN("body_digest", "64 zeros, which become the digest of the file: on one line with version and ini.digest"),
    OBJECT("ini", ini, "the INI file"),
    TEXT("organization", "Azure DevOps organization"),
    TOKEN("tenant_id", "Entra tenant of the identity"),
    TOKEN("devops_tenant_id", "Entra tenant of the organization"),
    TOKEN("cloud", "as az names it"),
    BOOL("two_profiles", "the sides differ in tenant or cloud"),
    TEXT("login_identity", "az command that signs in for the identity side"),
    TEXT("login_devops", "az command that signs in for Azure DevOps"),
    LIST("connections", index_row, "all of the description"),
    END,
};
