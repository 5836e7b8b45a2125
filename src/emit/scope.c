/* SPDX-License-Identifier: MIT
 * The data of one script. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "emit/scope.h"

#include <string.h>

#include "base/capture.h"
#include "base/digest.h"
#include "base/guid.h"
#include "base/limits.h"
#include "emit/stamp.h"

enum { NAMED_TEMPLATES = 5 }; /* in a stamp, which is one line */

#define DEVOPS_RESOURCE "499b84ac-1321-427f-aa17-267ca6975798" /* Azure DevOps, as a token audience */

const char *scope_stamp(struct arena *arena, const struct spec *spec)
{
    return arena_printf(arena,
                        "azdo-wif " PACKAGE_VERSION ", ini sha256:%s, body sha256:" STAMP_PLACEHOLDER,
                        spec->digest);
}

void scope_set_stamp(struct value *root)
{
    value_set_token(root, "version", PACKAGE_VERSION);
    value_set_token(root, "body_digest", STAMP_PLACEHOLDER);
}

/* "built-in", and which files of --templates stand in for some. */
void scope_set_templates(struct arena *arena, struct value *root, const struct template *template)
{
    const struct replacement *file;
    const char *names = "", *all = "";
    char digest[SHA256_HEX + 1];
    size_t count;

    for (count = 0; (file = template_replacement(template, count)); count++) {
        all = arena_printf(arena, "%s%s %s\n", all, file->digest, file->name);
        if (count < NAMED_TEMPLATES)
            names = arena_printf(arena, "%s%s%s", names, count ? ", " : "", file->name);
    }
    if (count > NAMED_TEMPLATES)
        names = arena_printf(arena, "%s and %zu more", names, count - NAMED_TEMPLATES);
    digest_sha256(all, strlen(all), digest);
    value_set_text(root, "templates",
                   count ? arena_printf(arena, "built-in and %s (sha256:%.16s)", names, digest)
                         : "built-in");
}

static const char *login(struct arena *arena, const char *cloud, const char *tenant)
{
    const char *sign_in =
        arena_printf(arena, "az login --tenant %s --allow-no-subscriptions", tenant);

    if (!strcmp(cloud, "AzureCloud"))
        return sign_in;
    if (!strcmp(cloud, "AzureStack"))
        cloud = "<the name your Azure Stack is registered with>";
    return arena_printf(arena, "az cloud set --name %s && %s", cloud, sign_in);
}

void scope_sides(struct arena *arena, struct value *root, const struct spec *spec)
{
    const char *devops = login(arena, "AzureCloud", spec->devops_tenant_id);

    value_set_text(root, "organization", spec->organization.text);
    value_set_token(root, "tenant_id", spec->tenant_id.text);
    value_set_token(root, "devops_tenant_id", spec->devops_tenant_id);
    value_set_token(root, "cloud", spec->cloud->name);
    value_set_bool(root, "two_profiles", spec->two_profiles);
    value_set_text(root, "login_identity", login(arena, spec->cloud->name, spec->tenant_id.text));
    if (spec->two_profiles)
        devops = arena_printf(arena,
                              "export AZDO_WIF_DEVOPS_CONFIG_DIR=~/.azure-devops && "
                              "AZURE_CONFIG_DIR=~/.azure-devops %s",
                              devops);
    value_set_text(root, "login_devops", devops);
}

struct value *scope_text_row(struct arena *arena, const char *name, const char *text)
{
    struct value *row = value_object(arena);

    value_set_text(row, name, text);
    return row;
}

struct value *scope_token_row(struct arena *arena, const char *name, const char *token)
{
    struct value *row = value_object(arena);

    value_set_token(row, name, token);
    return row;
}

bool script_has_step(const struct step *step, const struct script *script)
{
    unsigned part = PARTS(step_part(step));

    if (step->only_split && !script->split && !script->rollback)
        return false;
    return (script->makes | script->looks) & part;
}

static void set_steps(struct arena *arena, struct value *root, const struct plan *plan,
                      const struct script *script)
{
    struct value *list = value_list(arena);
    size_t i;

    for (i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];

        if (script_has_step(step, script))
            value_append(list, scope_step(arena, plan, step, (unsigned)i + 1,
                                          script->makes & PARTS(step_part(step))));
    }
    value_set(root, "steps", list);
}

static void add_capture(struct arena *arena, struct value *list, const char *name,
                        const char *initial)
{
    struct value *row = value_object(arena);

    value_set_token(row, "name", name);
    value_set_text(row, "initial", initial ? initial : "");
    value_append(list, row);
}

static struct value *share_row(struct arena *arena, const struct step *step)
{
    struct value *row = scope_token_row(arena, "subject_variable", step->subject);

    value_set_text(row, "project", step->project);
    return row;
}

/* What the services decide; what the description says of it already is its first value. */
static void set_captures(struct arena *arena, struct value *root, const struct plan *plan,
                         const struct script *script)
{
    static const char *const names[] = {"principal_id", "connection_id", "issuer", "subject"};
    const struct spec *spec = plan->spec;
    const struct connection *c = plan->connection;
    bool is_default = spec->default_project.text && !strcmp(c->project.text, spec->default_project.text);
    unsigned all = script->makes | script->looks;
    struct value *list = value_list(arena), *subjects = value_list(arena),
                 *shares = value_list(arena);
    size_t i;

    add_capture(arena, list, "client_id", c->identity->existing ? c->identity->client_id.text : NULL);
    add_capture(arena, list, "organization_id", spec->organization_id.text);
    add_capture(arena, list, "project_id", is_default ? spec->project_id.text : NULL);
    for (i = 0; i < sizeof names / sizeof *names; i++)
        add_capture(arena, list, names[i], NULL);
    if (c->identity->type != IDENTITY_MANAGED || script->split || script->rollback)
        add_capture(arena, list, "application_id", NULL);
    if (all & PARTS(PART_CONNECTION))
        add_capture(arena, list, "project_name", NULL);
    value_append(subjects, scope_token_row(arena, "name", "subject"));
    for (i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];

        if (step->kind == STEP_SHARE && all & PARTS(PART_CONNECTION)) {
            add_capture(arena, list, arena_printf(arena, "%s_project_id", step->id), NULL);
            add_capture(arena, list, arena_printf(arena, "%s_project_name", step->id), NULL);
        } else if (step->kind == STEP_ROLE && all & PARTS(PART_ROLES)) {
            if (!script->rollback)
                add_capture(arena, list, arena_printf(arena, "%s_definition", step->id), NULL);
            add_capture(arena, list, arena_printf(arena, "%s_name", step->id), NULL);
        }
        if (step->kind == STEP_SHARE && step->subject) {
            add_capture(arena, list, step->subject, NULL);
            value_append(subjects, scope_token_row(arena, "name", step->subject));
            value_append(shares, share_row(arena, step));
        }
    }
    value_set(root, "captures", list);
    value_set(root, "handover_subjects", subjects);
    value_set(root, "shares", shares);
}

static void set_handover(struct arena *arena, struct value *root)
{
    static const char *const ids[] = {"client_id",       "principal_id", "application_id",
                                      "organization_id", "project_id",   "connection_id"};
    struct value *list = value_list(arena);
    size_t i;

    for (i = 0; i < sizeof ids / sizeof *ids; i++)
        value_append(list, scope_token_row(arena, "name", ids[i]));
    value_set(root, "handover_ids", list);
    value_set_number(root, "handover_limit", LIMIT_HANDOVER);
}

/* What other connections of the same identity account for: not "extra" here. */
static void set_others(struct arena *arena, struct value *root, const struct plan *plan)
{
    const char *const *name, *credentials = "";
    struct value *seeds = value_list(arena);

    for (name = plan->other_credentials; *name; name++)
        credentials = arena_printf(arena, "%s%s%s", credentials, *credentials ? " " : "", *name);
    for (name = plan->other_seeds; *name; name++)
        value_append(seeds, scope_token_row(arena, "seed", *name));
    value_set_text(root, "described_credentials", credentials);
    value_set(root, "other_roles", seeds);
}

static void set_role_scopes(struct arena *arena, struct value *root, const struct plan *plan)
{
    struct value *list = value_list(arena);
    const struct identity *identity = plan->connection->identity;
    size_t i;

    if (identity->type == IDENTITY_MANAGED)
        value_append(list, scope_text_row(arena, "url",
                                    arena_printf(arena,
                                                 "%ssubscriptions/%s/providers/"
                                                 "Microsoft.Authorization/roleAssignments"
                                                 "?api-version=2022-04-01&$filter=principalId"
                                                 "%%20eq%%20%%27" CAPTURE("principal_id") "%%27",
                                                 plan->spec->resource_manager,
                                                 identity->subscription_id.text)));
    for (i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].kind == STEP_ROLE)
            value_append(list, scope_text_row(arena, "url", plan->steps[i].look.url));
    value_set(root, "role_scopes", list);
}

static void set_options(struct arena *arena, struct value *root, const struct script *script)
{
    struct value *list = value_list(arena), *can = value_object(arena);
    bool writes = script->makes || script->rollback;
    const struct {
        bool there;
        const char *line;
    } lines[] = {
        {writes, "  --dry-run          read only, and say what would be done"},
        {writes, "  --yes              do not ask before the first write"},
        {writes && !script->rollback, "  --update           also mend harmless differences: description, tags, display name"},
        {writes, "  --record FILE      append change evidence: who, when, each write with its ids"},
        {script->split || script->rollback, "  --handover FILE    the hand-over file; default ./<connection>.handover"},
        {script->rollback, "  --part PART        only federation, connection, roles or identity: what you have the rights for"},
        {script->rollback, "  --confirm NAME     the connection's name, instead of typing it"},
        {script->rollback, "  --delete-identity  also delete the identity, if it was made here and nothing else uses it"},
    };
    size_t i;

    for (i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].there)
            value_append(list, scope_text_row(arena, "line", lines[i].line));
    value_set(root, "options", list);
    value_set_bool(can, "dry_run", writes);
    value_set_bool(can, "write", writes);
    value_set_bool(can, "update", writes && !script->rollback);
    value_set_bool(can, "record", writes);
    value_set_bool(can, "handover", script->split || script->rollback);
    value_set_bool(can, "rollback", script->rollback);
    value_set_bool(can, "drift", !writes);
    value_set(root, "can", can);
}

static void set_parts(struct arena *arena, struct value *root, const struct plan *plan,
                      const struct script *script)
{
    unsigned all = script->makes | script->looks;
    struct value *parts = value_object(arena);

    value_set_bool(parts, "identity",
                   all & (PARTS(PART_IDENTITY) | (script->split ? PARTS(PART_PRINCIPAL) : 0)));
    value_set_bool(parts, "devops",
                   all & (PARTS(PART_CONNECTION) | PARTS(PART_FEDERATION)));
    value_set_bool(parts, "credentials", all & PARTS(PART_FEDERATION) && !script->rollback);
    value_set_bool(parts, "roles", all & PARTS(PART_ROLES) && plan->connection->n_roles);
    value_set_bool(parts, "principal",
                   all & PARTS(PART_PRINCIPAL) && plan->connection->n_roles &&
                       plan->connection->identity->type == IDENTITY_MANAGED);
    value_set_bool(parts, "handover", script->split || script->rollback);
    value_set(root, "parts", parts);
    value_set_bool(root, "reads_handover", script->reads_handover);
    value_set_bool(root, "writes_handover",
                   script->split && script->makes & (PARTS(PART_IDENTITY) | PARTS(PART_CONNECTION)));
    value_set_bool(root, "takes_trust", script->makes & PARTS(PART_FEDERATION) && script->split);
    value_set_bool(root, "uses_identity_side", all & ~PARTS(PART_CONNECTION));
    value_set_bool(root, "uses_devops_side", all & PARTS(PART_CONNECTION));
}

static void add_summary(struct arena *arena, struct value *list, const char *label,
                        const char *name)
{
    struct value *row = value_object(arena);

    value_set_text(row, "label", label);
    value_set_token(row, "name", name);
    value_append(list, row);
}

static void set_summary(struct arena *arena, struct value *root, const struct plan *plan,
                        const struct script *script)
{
    struct value *list = value_list(arena), *links = value_list(arena);
    const struct spec *spec = plan->spec;
    const struct identity *identity = plan->connection->identity;
    unsigned all = script->makes | script->looks;

    add_summary(arena, list, "client id:    ", "client_id");
    if (all & ~PARTS(PART_CONNECTION))
        add_summary(arena, list, "principal id: ", "principal_id");
    if (all & PARTS(PART_CONNECTION)) {
        add_summary(arena, list, "connection:   ", "connection_id");
        add_summary(arena, list, "issuer:       ", "issuer");
        add_summary(arena, list, "subject:      ", "subject");
        value_append(links, scope_text_row(arena, "url",
                                     arena_printf(arena,
                                                  "https://dev.azure.com/%s/" CAPTURE("project_id")
                                                  "/_settings/adminservices?resourceId="
                                                  CAPTURE("connection_id"),
                                                  spec->organization.text)));
    }
    if (spec->portal && identity->type == IDENTITY_MANAGED)
        value_append(links,
                     scope_text_row(arena, "url",
                              arena_printf(arena,
                                           "%s/#@%s/resource/subscriptions/%s/resourceGroups/%s/"
                                           "providers/Microsoft.ManagedIdentity/"
                                           "userAssignedIdentities/%s",
                                           spec->portal, spec->tenant_id.text,
                                           identity->subscription_id.text,
                                           identity->resource_group.text, identity->name.text)));
    else if (spec->portal)
        value_append(links, scope_text_row(arena, "url",
                                     arena_printf(arena,
                                                  "%s/#view/Microsoft_AAD_RegisteredApps/"
                                                  "ApplicationMenuBlade/~/Overview/appId/"
                                                  CAPTURE("client_id"),
                                                  spec->portal)));
    value_set(root, "summary", list);
    value_set(root, "links", links);
}

static void set_names(struct arena *arena, struct value *root, const struct plan *plan,
                      const struct script *script)
{
    const struct spec *spec = plan->spec;
    const struct connection *c = plan->connection;
    struct value *value;
    size_t i;

    value = value_object(arena);
    value_set_text(value, "name", spec->file);
    value_set_token(value, "digest", spec->digest);
    value_set(root, "ini", value);
    value = value_object(arena);
    value_set_text(value, "name", script->file);
    value_set_text(value, "purpose", script->purpose);
    value_set_text(value, "actor", script->actor);
    value_set_text(value, "question",
                   arena_printf(arena, "%s for %s, project %s, organization %s.",
                                script->rollback ? "This removes what was made"
                                                 : "This writes what is missing",
                                c->name.text, c->project.text, spec->organization.text));
    value_set_token(value, "mode", script->mode);
    value_set(root, "script", value);
    value = value_object(arena);
    value_set_text(value, "key", c->key);
    value_set_text(value, "name", c->name.text);
    value_set_text(value, "project", c->project.text);
    value_set_text(value, "description", c->description.text);
    value_set_token(value, "folder", c->folder);
    value_set_text(value, "audience", c->audience.text);
    value_set_text(value, "mark", plan->mark);
    value_set(root, "connection", value);
    value = value_object(arena);
    value_set_text(value, "summary", scope_identity_summary(arena, spec, c->identity));
    value_set_bool(value, "existing", c->identity->existing);
    value_set_bool(value, "managed", c->identity->type == IDENTITY_MANAGED);
    value_set_token(value, "mark", c->identity->mark);
    for (i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].kind == STEP_MANAGED_IDENTITY || plan->steps[i].kind == STEP_APPLICATION)
            value_set_text(value, "undo_url", plan->steps[i].undo.url);
        else if (plan->steps[i].kind == STEP_CREDENTIAL && plan->steps[i].n == 1)
            value_set_text(value, "credentials_url", plan->steps[i].look.url);
    }
    value_set(root, "identity", value);
}

struct value *scope_script(struct arena *arena, const struct plan *plan,
                           const struct script *script)
{
    struct value *root = value_object(arena);
    struct value *attention;
    char code[GUID_CODE + 1];
    size_t count;

    scope_set_stamp(root);
    set_names(arena, root, plan, script);
    scope_sides(arena, root, plan->spec);
    guid_code(plan->spec->tenant_id.text, code);
    value_set_bool(root, "same_tenant",
                   !strcmp(plan->spec->tenant_id.text, plan->spec->devops_tenant_id));
    value_set_token(root, "tenant_code", arena_strdup(arena, code));
    value_set_bool(root, "custom_cloud", !plan->spec->cloud->resource_manager);
    value_set_text(root, "resource_manager", plan->spec->resource_manager);
    value_set_token(root, "expected_issuer",
                    plan->connection->issuer == ISSUER_ENTRA ? "entra" : "azure-devops");
    value_set_token(root, "devops_resource", DEVOPS_RESOURCE);
    set_steps(arena, root, plan, script);
    scope_set_preflight(arena, root, plan, script);
    set_captures(arena, root, plan, script);
    set_handover(arena, root);
    set_others(arena, root, plan);
    set_role_scopes(arena, root, plan);
    set_options(arena, root, script);
    set_parts(arena, root, plan, script);
    set_summary(arena, root, plan, script);
    attention = scope_attention(arena, plan, &count);
    value_set_bool(root, "has_attention", count > 0);
    value_set(root, "attention", attention);
    value_set(root, "actors", scope_actors(arena, plan));
    value_set(root, "messages", scope_messages(arena, plan));
    return root;
}
