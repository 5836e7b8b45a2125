/* SPDX-License-Identifier: MIT
 * One [connection NAME], with what [defaults] says for it. */
#include <stdlib.h>
#include <string.h>

#include "model/derive.h"
#include "model/load.h"

static const char *identity_name(size_t index, const void *data)
{
    const struct spec *spec = data;

    return index < spec->n_identities ? spec->identities[index].key : NULL;
}

static void choose_identity(struct loader *ld, const struct fields *f, struct connection *c)
{
    struct setting key = fields_one(f, KEY_CONNECTION_IDENTITY);
    const struct name *found;

    if (!fields_given(f, KEY_CONNECTION_IDENTITY)) {
        if (ld->spec->n_identities == 1) {
            c->identity = &ld->spec->identities[0];
        } else if (ld->spec->n_identities && !f->damaged) {
            complain(ld, DIAG_INI_REQUIRED, f->loc,
                     "the key 'identity' is missing, and there are %zu identities",
                     ld->spec->n_identities);
            suggest(ld, "", "name one of:", identity_name, ld->spec);
        }
        return;
    }
    found = key.text ? names_find(ld->identity_names, key.text) : NULL;
    c->identity = found ? found->data : NULL;
    if (key.text && !found && ld->all_identities && ld->spec->n_identities) {
        complain(ld, DIAG_INI_IDENTITY, key.loc, "there is no [identity %s]", key.text);
        suggest(ld, key.text, "the identities are", identity_name, ld->spec);
    }
}

/* With the Azure DevOps issuer names are parts of the subject, where these would be taken apart. */
static void check_name_in_subject(struct loader *ld, const struct connection *c)
{
    const char *bad = c->name.text ? strpbrk(c->name.text, "\"\\/") : NULL;

    if (c->issuer != ISSUER_AZURE_DEVOPS || !bad)
        return;
    complain(ld, DIAG_INI_CONNECTION_NAME, c->name.loc,
             "the connection name %s holds '%c', and the issuer azure-devops builds the subject "
             "from it",
             quoted(ld, c->name.text), *bad);
    remedy(ld, "choose a name without \" \\ and /");
}

static void choose_name(struct loader *ld, const struct fields *f, const char *name,
                        struct connection *c)
{
    c->name = fields_one(f, KEY_CONNECTION_NAME);
    if (fields_given(f, KEY_CONNECTION_NAME))
        return;
    if (*name) {
        c->name.text = name;
        if (!value_check(ld, schema_at(KEY_CONNECTION_NAME), &c->name))
            c->name.text = NULL;
    } else if (!f->damaged) {
        complain(ld, DIAG_INI_REQUIRED, f->loc,
                 "the key 'name' is missing, which a [connection] without a NAME needs");
        remedy(ld, "write [connection NAME], or name = NAME");
    }
}

static void choose_issuer(struct loader *ld, const struct fields *f, struct connection *c)
{
    const struct cloud *cloud = ld->spec->cloud;
    bool has_entra = !cloud || cloud->entra_issuer;

    if (!fields_given(f, KEY_ISSUER)) {
        c->issuer = has_entra ? ISSUER_ENTRA : ISSUER_AZURE_DEVOPS;
        return;
    }
    c->issuer =
        fields_choice(f, KEY_ISSUER) == ISSUER_AZURE_DEVOPS ? ISSUER_AZURE_DEVOPS : ISSUER_ENTRA;
    if (fields_choice(f, KEY_ISSUER) != ISSUER_ENTRA || has_entra)
        return;
    complain(ld, DIAG_INI_ISSUER, fields_one(f, KEY_ISSUER).loc,
             "connections to %s do not have the issuer entra", cloud->name);
    remedy(ld, "write issuer = azure-devops, or leave it out");
}

static void read_roles(struct loader *ld, const struct fields *f, struct connection *c)
{
    struct setting_list items = fields_list(f, KEY_ROLES);
    struct role role;
    size_t i;

    if (items.count && ld->spec->cloud && !ld->spec->cloud->roles) {
        complain(ld, DIAG_INI_CLOUD, f->at[KEY_ROLES].loc,
                 "role assignments in %s are not supported: its Resource Manager lacks the API "
                 "version that the scripts use",
                 ld->spec->cloud->name);
        remedy(ld, "remove 'roles', and assign them with the tools of that cloud");
        return;
    }
    for (i = 0; i < items.count; i++)
        if (items.items[i].text && role_read(ld->arena, &items.items[i], &role)) {
            role_weigh(ld, &role);
            ARENA_PUSH(ld->arena, c->roles, c->n_roles, role);
        }
}

static void read_pipelines(struct loader *ld, const struct fields *f, struct connection *c)
{
    struct setting_list items = fields_list(f, KEY_PIPELINES);
    const char *first = items.count ? items.items[0].text : NULL;

    if (!items.count || (first && !strcmp(first, "none"))) {
        c->pipelines = PIPELINES_NONE;
    } else if (first && !strcmp(first, "all")) {
        c->pipelines = PIPELINES_ALL;
        complain(ld, DIAG_INI_ALL_PIPELINES, items.items[0].loc,
                 "every pipeline of the project may use the connection");
    } else {
        c->pipelines = PIPELINES_LISTED;
        c->pipeline_ids = items;
    }
}

static void read_approvals(struct loader *ld, const struct fields *f, struct connection *c)
{
    struct setting required = fields_one(f, KEY_REQUIRED_APPROVALS);

    c->approvers = fields_list(f, KEY_APPROVERS);
    if (!required.text)
        return;
    c->required_approvals = (unsigned)strtoul(required.text, NULL, 10);
    if (!c->approvers.count && !f->damaged) {
        complain(ld, DIAG_INI_APPROVALS, required.loc, "'required_approvals' without 'approvers'");
        remedy(ld, "name the approvers, or remove it");
    } else if (c->approvers.count && c->required_approvals > c->approvers.count) {
        complain(ld, DIAG_INI_APPROVALS, required.loc,
                 "%u approvals are required, and %zu may approve", c->required_approvals,
                 c->approvers.count);
        remedy(ld, "write a number from 1 to the number of approvers, or name more of them");
    }
}

static void choose_credential(struct loader *ld, const struct fields *f, struct connection *c)
{
    c->federated_credential = fields_one(f, KEY_FEDERATED_CREDENTIAL);
    if (fields_given(f, KEY_FEDERATED_CREDENTIAL) || !c->name.text || !c->project.text ||
        !ld->spec->organization.text)
        return;
    c->federated_credential.text = derive_credential_name(ld->arena, ld->spec->organization.text,
                                                          c->project.text, c->name.text);
}

static void read_scope(const struct fields *f, int level, struct connection *c)
{
    c->scope_level = level < 0 ? SCOPE_SUBSCRIPTION : (enum scope_level)level;
    c->subscription_id = fields_one(f, KEY_SUBSCRIPTION_ID);
    c->subscription_name = fields_one(f, KEY_SUBSCRIPTION_NAME);
    c->management_group_id = fields_one(f, KEY_MANAGEMENT_GROUP_ID);
    c->management_group_name = fields_one(f, KEY_MANAGEMENT_GROUP_NAME);
    c->resource_group_name = fields_one(f, KEY_RESOURCE_GROUP_NAME);
    c->ml_workspace_name = fields_one(f, KEY_ML_WORKSPACE_NAME);
    c->ml_workspace_location = fields_one(f, KEY_ML_WORKSPACE_LOCATION);
}

static void choose_project(struct loader *ld, const struct fields *f, struct connection *c)
{
    bool own = fields_given(f, KEY_CONNECTION_PROJECT);

    c->project = own ? fields_one(f, KEY_CONNECTION_PROJECT) : ld->spec->default_project;
    if (!own && !ld->has_default_project && !ld->without_project && !f->damaged)
        ld->without_project = c;
}

void load_connection(struct loader *ld, const char *name, const struct ini_section *source,
                     struct connection *c)
{
    static const unsigned levels[] = {WHEN_SUBSCRIPTION, WHEN_MANAGEMENT, WHEN_WORKSPACE};
    struct fields f;
    int level;

    fields_read(ld, SECTION_CONNECTION, source, &f);
    fields_inherit(ld, &f);
    level = fields_choice(&f, KEY_SCOPE_LEVEL);
    fields_settle(ld, &f, level < 0 ? 0 : levels[level] | ld->cloud_bit);
    c->key = *name ? name : "connection";
    c->loc = source->loc;
    choose_identity(ld, &f, c);
    choose_name(ld, &f, name, c);
    choose_project(ld, &f, c);
    choose_issuer(ld, &f, c);
    check_name_in_subject(ld, c);
    choose_credential(ld, &f, c);
    read_scope(&f, level, c);
    read_roles(ld, &f, c);
    read_pipelines(ld, &f, c);
    read_approvals(ld, &f, c);
    c->description = fields_one(&f, KEY_DESCRIPTION);
    if (!c->description.text)
        c->description.text = "";
    c->share_with = fields_list(&f, KEY_SHARE_WITH);
    c->audience = fields_one(&f, KEY_AUDIENCE);
    if (!fields_given(&f, KEY_AUDIENCE) && ld->spec->cloud)
        c->audience.text = ld->spec->cloud->audience;
    c->allowed_branches = fields_list(&f, KEY_ALLOWED_BRANCHES);
    c->exclusive_lock = fields_choice(&f, KEY_EXCLUSIVE_LOCK) == 1;
}
