/* SPDX-License-Identifier: MIT
 * The plan: everything one connection needs, as ordered steps with their exact calls.
 *
 * Scripts, runbook, `plan` and plan.json all follow from it; it knows none of them. The order is the
 * one the services force: identity, connection with checks and pipelines, federated credential, roles.
 *
 * Texts of calls may hold captures (base/capture.h): values that a step before has read back. A URL is
 * percent-encoded already. A body is JSON, indented by two spaces, exactly the bytes that are sent. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/arena.h"
#include "model/spec.h"

enum actor { ACTOR_IDENTITY, ACTOR_DEVOPS, ACTOR_ROLES, ACTOR_COUNT };

enum step_kind {
    STEP_RESOURCE_GROUP,
    STEP_MANAGED_IDENTITY,
    STEP_APPLICATION,
    STEP_SERVICE_PRINCIPAL,
    STEP_OWNER,
    STEP_PROJECT,
    STEP_CONNECTION,
    STEP_SHARE,
    STEP_SHARES_BEYOND,
    STEP_APPROVAL,
    STEP_BRANCH_CONTROL,
    STEP_EXCLUSIVE_LOCK,
    STEP_PIPELINES,
    STEP_CREDENTIAL,
    STEP_PRINCIPAL,
    STEP_ROLE,
    STEP_ROLES_BEYOND,
    STEP_KINDS
};

/* What is true of every step of a kind; plan/kinds.c is the table. */
struct step_kind_info {
    const char *name; /* "managed-identity": in plan.json */
    const char *id;   /* "identity": names the step's functions and captures; numbered when repeatable */
    bool repeatable;
    enum actor actor;
    const char *why;        /* one sentence for the reviewer */
    const char *rights;     /* what the actor needs */
    const char *recognised; /* how it is recognised as already done */
    const char *undone;     /* what undoes it, in words */
    const char *captures;   /* names, separated by blanks; "" for none */
};

struct call {
    const char *method; /* "PUT"; NULL when there is no call */
    const char *url;    /* NULL when COMMAND is set */
    const char *header; /* one "name=value" more, or NULL */
    const char *body;   /* NULL without one */
    const char *command; /* an az command in words, instead of a REST call */
};

struct step {
    enum step_kind kind;
    const struct step_kind_info *info;
    const char *id;    /* "role_2" */
    unsigned n;        /* 1, 2, ... among those of its kind */
    const char *title; /* "Role Contributor @ /subscriptions/..." */
    bool devops;       /* speaks to Azure DevOps, else to the identity's tenant */
    bool only_split;   /* part of the numbered scripts only: provision.sh knows the answer already */
    struct call look;
    struct call write;  /* method NULL: this step only reads */
    struct call update; /* what --update sends; method NULL: nothing can differ harmlessly */
    struct call undo;   /* method NULL: nothing, or it goes with another step's */
    const char *const *captures; /* NULL-terminated */

    const char *rights; /* of the kind, or more exact */

    /* What the right is called that the write needs, and where it can be read; NULL: it cannot. */
    const char *right_role;
    const char *right_url;
    const char *right_actions[3]; /* closed by NULL */

    /* What only some kinds have; the emitted look functions compare with these. */
    const struct role *role;        /* STEP_ROLE */
    const char *needed_by;          /* STEP_ROLE: the key of another connection that describes it, too */
    const char *seed;               /* STEP_ROLE: the name before the principal is mixed in */
    const char *definition_url;     /* STEP_ROLE */
    const char *project;            /* STEP_SHARE */
    const char *owner;              /* STEP_OWNER */
    const char *credential_name;    /* STEP_CREDENTIAL */
    const char *subject;            /* STEP_SHARE, STEP_CREDENTIAL: the capture that holds it */
    const char *subject_url;        /* STEP_SHARE: the connection as the other project sees it */
    const char *extra_url;          /* STEP_PROJECT: organization; STEP_SHARE: project; STEP_APPLICATION: namesakes */
};

/* One field of a connection's data, and how a difference in it counts. */
enum data_weight { DATA_ID, DATA_TEXT, DATA_LABEL };
struct data_field {
    const char *key, *value;
    enum data_weight weight; /* DATA_LABEL: a display name, harmless */
};

struct plan {
    const struct spec *spec;
    const struct connection *connection;
    struct step *steps;
    size_t n_steps;
    struct data_field data[8]; /* of the service connection; closed by a NULL key */
    const char *marked_description; /* description with the mark by which rollback knows its own */
    const char *mark;               /* the mark alone */
    const char *wanted_tags;        /* tags of the INI as a JSON object, "{}" without any */

    /* What other connections of the same identity account for: it is not "extra" here. */
    const char *const *other_credentials; /* names; NULL-terminated */
    const char *const *other_seeds;       /* of role assignments; NULL-terminated */
};

const struct plan *plan_build(struct arena *arena, const struct spec *spec,
                              const struct connection *connection);

const struct step_kind_info *step_kind_info(enum step_kind kind);

/* Further reads of STEP, besides its look: why, and the URL. NULL past the last. */
const char *step_read(const struct step *step, size_t index, const char **ret_url);

/* "identity administrator", and the name of the numbered script he or she runs last for this plan. */
const char *actor_title(enum actor actor);
const char *actor_script(enum actor actor, bool first);

#endif
