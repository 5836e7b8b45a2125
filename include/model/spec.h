/* SPDX-License-Identifier: MIT
 * What the user wants: the INI file as checked data, with every default resolved.
 *
 * A spec that loaded without an error obeys every rule of doc/azdo-wif.ini.5; the layers above check
 * nothing again. All memory belongs to the arena it was loaded into. Strings are well-formed UTF-8
 * without control or deceptive characters. */
#ifndef MODEL_SPEC_H
#define MODEL_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "model/cloud.h"

/* One value and where it stands. TEXT is NULL when the key is absent and has no default; a default
 * has the place of its section. */
struct setting {
    const char *text;
    struct loc loc;
};

struct setting_list {
    struct setting *items;
    size_t count;
};

enum identity_type { IDENTITY_MANAGED, IDENTITY_SERVICE_PRINCIPAL };
enum scope_level { SCOPE_SUBSCRIPTION, SCOPE_MANAGEMENT_GROUP, SCOPE_ML_WORKSPACE };
enum issuer { ISSUER_ENTRA, ISSUER_AZURE_DEVOPS };
enum pipelines { PIPELINES_NONE, PIPELINES_ALL, PIPELINES_LISTED };

struct tag {
    const char *key, *value;
    struct loc loc;
};

struct identity {
    const char *key; /* NAME of [identity NAME]; "identity" when it has none */
    struct loc loc;
    enum identity_type type;
    bool existing;                    /* client_id was given: never created, never changed, never deleted */
    struct setting client_id;         /* lower case */
    struct setting name;              /* of the managed identity; display name of the application */
    struct setting resource_group;    /* managed identity */
    struct setting subscription_id;   /* managed identity; lower case */
    struct setting location;          /* managed identity that is created */
    bool create_resource_group;
    struct tag *tags;
    size_t n_tags;
    struct setting unique_name;                  /* service principal that is created */
    struct setting service_management_reference; /* optional */
    struct setting_list owners;                  /* object ids, lower case */
    const struct connection **connections; /* that use it, in their order */
    size_t n_connections;
    const char *mark; /* GUID of tenant and identity: the tag by which rollback knows what it made */
};

struct role {
    struct loc loc;
    const char *role;  /* name, or GUID in lower case */
    bool is_guid;
    const char *scope; /* as written, without a trailing slash */
    bool is_broad;       /* the role gives rights to others, or everything */
    const char *breadth; /* "a whole subscription" ...; NULL when the scope is less */
};

struct connection {
    const char *key; /* NAME of [connection NAME]; "connection" when it has none */
    struct loc loc;
    const char *folder; /* safe file name, unique in this spec ignoring case */
    const struct identity *identity;
    struct setting name;    /* as Azure DevOps shows it */
    struct setting project; /* name or GUID */
    struct setting description; /* "" by default */
    enum scope_level scope_level;
    struct setting subscription_id, subscription_name;             /* subscription, ml-workspace */
    struct setting management_group_id, management_group_name;     /* management-group */
    struct setting resource_group_name, ml_workspace_name, ml_workspace_location; /* ml-workspace */
    struct role *roles;
    size_t n_roles;
    enum pipelines pipelines;
    struct setting_list pipeline_ids; /* decimal, ascending as written, no duplicate */
    struct setting_list share_with;   /* projects */
    struct setting federated_credential; /* its name; those of shared projects are derived from it */
    enum issuer issuer;
    struct setting audience;
    struct setting_list approvers; /* Azure DevOps identity ids, lower case */
    unsigned required_approvals;   /* 0: all of them */
    struct setting_list allowed_branches; /* full refs */
    bool exclusive_lock;
};

struct spec {
    const char *file; /* base name of the INI: what outputs may mention */
    char digest[65];  /* SHA-256 of the INI's bytes */
    struct setting tenant_id; /* lower case */
    const struct cloud *cloud;
    const char *resource_manager, *login, *graph; /* resolved; slash rules of struct cloud */
    const char *portal;                           /* NULL for Azure Stack */
    struct setting organization;
    struct setting organization_id, project_id; /* optional, lower case; project_id is of [organization] project */
    struct setting default_project;
    const char *devops_tenant_id; /* of the organization; equals tenant_id.text unless it is another */
    bool two_profiles;            /* the sides differ in tenant or cloud */
    struct identity *identities;
    size_t n_identities;
    struct connection *connections;
    size_t n_connections;
};

/* Reads and checks FILE ("-" is standard input). Findings go to DIAGS; NULL when one is an error. */
const struct spec *spec_load(struct arena *arena, const char *file, struct diags *diags);

/* The same over LEN bytes that are already in memory; FILE is what findings call them. */
const struct spec *spec_parse(struct arena *arena, const char *file, const char *data, size_t len,
                              struct diags *diags);

#endif
