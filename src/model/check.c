/* SPDX-License-Identifier: MIT
 * What shows only when all sections are read: names that meet, and bounds that they share. */
#include <string.h>

#include "base/limits.h"
#include "model/derive.h"
#include "model/load.h"

enum { SUBJECT_MAX = 600, HANDOVER_SUBJECTS = 3000 };

/* PROJECT such that two ways of writing the same project are equal, as far as the file tells. */
static const char *project_identity(const struct loader *ld, const char *project)
{
    const struct spec *spec = ld->spec;

    if (spec->default_project.text && spec->project_id.text &&
        names_equal(project, spec->default_project.text))
        return spec->project_id.text;
    return names_fold(ld->arena, project);
}

/* Do the projects that share the connection have federated credentials of their own? */
static bool has_shared_credentials(const struct connection *c)
{
    return c->issuer == ISSUER_AZURE_DEVOPS;
}

static void claim_name(struct loader *ld, struct names *taken, const struct connection *c,
                       const struct setting *project)
{
    const struct name *before;
    const char *text;

    if (!c->name.text || !project->text)
        return;
    text = arena_printf(ld->arena, "%s/%s", project_identity(ld, project->text),
                        names_fold(ld->arena, c->name.text));
    before = names_add(taken, text, c->loc, c);
    if (before && before->data != c)
        complain(ld, DIAG_INI_SAME_CONNECTION, c->loc,
                 "the connection %s in the project %s is also that of line %u",
                 quoted(ld, c->name.text), quoted(ld, project->text), before->loc.line);
}

static void check_shares(struct loader *ld, const struct connection *c)
{
    const char *own = c->project.text ? project_identity(ld, c->project.text) : NULL;
    size_t i;

    for (i = 0; own && i < c->share_with.count; i++) {
        const struct setting *share = &c->share_with.items[i];

        if (share->text && !strcmp(project_identity(ld, share->text), own))
            complain(ld, DIAG_INI_SHARE, share->loc,
                     "'share_with' names the connection's own project");
    }
}

static void check_connection_names(struct loader *ld)
{
    struct names *taken = names_new(ld->arena);
    size_t i, j;

    for (i = 0; i < ld->spec->n_connections; i++) {
        const struct connection *c = &ld->spec->connections[i];

        claim_name(ld, taken, c, &c->project);
        for (j = 0; j < c->share_with.count; j++)
            claim_name(ld, taken, c, &c->share_with.items[j]);
        check_shares(ld, c);
    }
}

static void claim_credential(struct loader *ld, struct names *taken, const struct connection *c,
                             const char *name)
{
    const char *text =
        arena_printf(ld->arena, "%s/%s", names_fold(ld->arena, name), c->identity->key);
    const struct name *before = names_add(taken, text, c->federated_credential.loc, NULL);

    if (before)
        complain(ld, DIAG_INI_SAME_CREDENTIAL, c->federated_credential.loc,
                 "the federated credential %s of [identity %s] is also that of line %u",
                 quoted(ld, name), c->identity->key, before->loc.line);
}

static void claim_credentials(struct loader *ld, struct names *taken, const struct connection *c)
{
    size_t i;

    if (!c->identity || !c->federated_credential.text)
        return;
    claim_credential(ld, taken, c, c->federated_credential.text);
    for (i = 0; has_shared_credentials(c) && i < c->share_with.count; i++)
        if (c->share_with.items[i].text)
            claim_credential(ld, taken, c,
                             derive_shared_credential_name(ld->arena, c->federated_credential.text,
                                                           c->share_with.items[i].text));
}

/* How many federated credentials each identity gets, and whether one gets none. */
static void check_credential_counts(struct loader *ld)
{
    const struct spec *spec = ld->spec;
    size_t *counts = ARENA_ARRAY(ld->arena, spec->n_identities + 1, size_t), i;

    for (i = 0; i < spec->n_connections; i++) {
        const struct connection *c = &spec->connections[i];

        if (c->identity)
            counts[c->identity - spec->identities] +=
                1 + (has_shared_credentials(c) ? c->share_with.count : 0);
    }
    for (i = 0; i < spec->n_identities; i++) {
        const struct identity *identity = &spec->identities[i];

        if (counts[i] > LIMIT_CREDENTIALS)
            complain(ld, DIAG_INI_CREDENTIALS, identity->loc,
                     "[identity %s] would get %zu federated credentials; %d are allowed",
                     identity->key, counts[i], (int)LIMIT_CREDENTIALS);
        else if (!counts[i] && !ld->diags->errors) /* else it may be the error that hides its use */
            complain(ld, DIAG_INI_UNUSED_IDENTITY, identity->loc,
                     "no connection uses [identity %s]", identity->key);
    }
}

/* The service does not say whether it counts bytes or characters: bytes are the stricter reading.
 */
static size_t subject_len(struct loader *ld, const struct connection *c,
                          const struct setting *project)
{
    const char *subject =
        derive_subject(ld->arena, ld->spec->organization.text, project->text, c->name.text);

    if (strlen(subject) > SUBJECT_MAX)
        complain(ld, DIAG_INI_SUBJECT, c->name.loc,
                 "the subject of %s in the project %s is %zu bytes long; %d are allowed",
                 quoted(ld, c->name.text), quoted(ld, project->text), strlen(subject),
                 (int)SUBJECT_MAX);
    return strlen(subject);
}

static void check_subjects(struct loader *ld, const struct connection *c)
{
    size_t total, i;

    if (c->issuer != ISSUER_AZURE_DEVOPS || !c->name.text || !c->project.text ||
        !ld->spec->organization.text)
        return;
    total = subject_len(ld, c, &c->project);
    for (i = 0; i < c->share_with.count; i++)
        if (c->share_with.items[i].text)
            total += subject_len(ld, c, &c->share_with.items[i]);
    if (total > HANDOVER_SUBJECTS)
        complain(
            ld, DIAG_INI_HANDOVER, c->loc,
            "the subjects of the connection and of the projects it is shared with take %zu bytes "
            "of the hand-over; %d are allowed",
            total, (int)HANDOVER_SUBJECTS);
}

/* By what the service finds the identity; NULL while a part of it is unknown. */
static const char *identity_identity(struct loader *ld, const struct identity *identity)
{
    const char *text = NULL;

    if (identity->type == IDENTITY_MANAGED && identity->subscription_id.text &&
        identity->resource_group.text && identity->name.text)
        text = arena_printf(ld->arena, "%s/%s/%s", identity->subscription_id.text,
                            identity->resource_group.text, identity->name.text);
    else if (identity->type == IDENTITY_SERVICE_PRINCIPAL && identity->existing)
        text = identity->client_id.text;
    else if (identity->type == IDENTITY_SERVICE_PRINCIPAL)
        text = identity->unique_name.text;
    return text ? names_fold(ld->arena, text) : NULL;
}

/* The scripts take an application of the same display name for the one that was meant. */
static void claim_display_name(struct loader *ld, struct names *taken,
                               const struct identity *identity)
{
    const struct name *before;

    if (identity->type != IDENTITY_SERVICE_PRINCIPAL || identity->existing || !identity->name.text)
        return;
    before = names_add(taken, names_fold(ld->arena, identity->name.text), identity->name.loc, NULL);
    if (before)
        complain(ld, DIAG_INI_SAME_IDENTITY, identity->name.loc,
                 "the app registration of line %u has this display name, too", before->loc.line);
}

static void check_identities(struct loader *ld)
{
    struct names *taken = names_new(ld->arena), *displayed = names_new(ld->arena);
    size_t i;

    for (i = 0; i < ld->spec->n_identities; i++) {
        const struct identity *identity = &ld->spec->identities[i];
        const char *text = identity_identity(ld, identity);
        const struct name *before = text ? names_add(taken, text, identity->loc, NULL) : NULL;

        if (before)
            complain(ld, DIAG_INI_SAME_IDENTITY, identity->loc,
                     "[identity %s] is the same identity as that of line %u", identity->key,
                     before->loc.line);
        claim_display_name(ld, displayed, identity);
    }
}

/* Plain names come first, so that a name which needs no mark keeps its folder whatever else the
 * file holds. */
static void choose_folders(struct loader *ld)
{
    struct names *taken = names_new(ld->arena);
    size_t i;

    for (i = 0; i < ld->spec->n_connections; i++) {
        struct connection *c = &ld->spec->connections[i];
        bool plain;

        c->folder = derive_folder(ld->arena, c->key, &plain);
        if (!plain || names_add(taken, names_fold(ld->arena, c->folder), c->loc, NULL))
            c->folder = NULL;
    }
    for (i = 0; i < ld->spec->n_connections; i++) {
        struct connection *c = &ld->spec->connections[i];
        const struct name *before;

        if (c->folder)
            continue;
        c->folder = derive_marked_folder(ld->arena, c->key);
        before = names_add(taken, names_fold(ld->arena, c->folder), c->loc, NULL);
        if (before)
            complain(ld, DIAG_INI_SAME_FOLDER, c->loc, "its folder %s is also that of line %u",
                     quoted(ld, c->folder), before->loc.line);
    }
}

void check_spec(struct loader *ld)
{
    struct names *credentials = names_new(ld->arena);
    size_t i;

    check_identities(ld);
    check_connection_names(ld);
    check_credential_counts(ld);
    for (i = 0; i < ld->spec->n_connections; i++) {
        claim_credentials(ld, credentials, &ld->spec->connections[i]);
        check_subjects(ld, &ld->spec->connections[i]);
    }
    choose_folders(ld);
}
