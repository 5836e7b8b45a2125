/* SPDX-License-Identifier: MIT
 * Microsoft Graph v1.0: what its parts share.
 *
 * A check that refuses has answered when it returns false or NULL; the handler just returns. Texts
 * of errors are those of the real service where they are known. */
#ifndef SIMULATOR_GRAPH_H
#define SIMULATOR_GRAPH_H

#include "simulator/call.h"

/* How a property may be filtered. */
enum {
    FILTER_EQ = 1,
    FILTER_STARTS = 2,
    FILTER_ANY = 4,
    FILTER_EXACT = 8 /* letter case counts */
};

struct graph_filterable {
    const char *name;
    unsigned how;
};

enum graph_value { VALUE_TEXT, VALUE_TEXTS, VALUE_FLAG, VALUE_ANY, VALUE_READ_ONLY };

/* A property that a body may have. */
struct graph_property {
    const char *name;
    enum graph_value value;
    bool nullable;
    size_t max;                 /* characters; 0: no limit is known */
    const char *const *allowed; /* values, closed by NULL; NULL: any */
};

/* A collection. */
struct graph_kind {
    const char *collection;  /* "applications": of the path, and of the tenant's document */
    const char *type;        /* "application", of microsoft.graph */
    const char *resource;    /* "Application", in messages */
    const char *const *keys; /* alternate keys, closed by NULL; NULL: none */
    bool guid_only;          /* ids that are no GUIDs are refused, not looked for */
    bool lags;               /* a fresh object is not yet in the index behind lists */
    json *(*view)(struct sim_call *call, const json *object); /* as it is answered; for json_free */
    const struct graph_filterable *filterable;                /* closed by a NULL name */
    const struct graph_property *properties;                  /* closed by a NULL name */
    const char *others; /* names of properties that exist and are not modelled, between blanks */
};

extern const struct graph_kind graph_application, graph_principal, graph_user, graph_credential,
    graph_organization;

/* Errors. */
void graph_fail(struct sim_call *call, int status, const char *code, const char *text);
void graph_fail_detailed(struct sim_call *call, const char *code, const char *text,
                         const char *detail, const char *target);       /* 400 with "details" */
void graph_refuse(struct sim_call *call, int status, const char *text); /* a call_refuse */
void graph_missing(struct sim_call *call, const char *name);            /* 404 */
void graph_denied(struct sim_call *call);                               /* 403 */

/* TEXT of a request as a message may quote it: what is no text for people becomes "?". */
const char *graph_quoted(struct sim_call *call, const char *text);

/* Rights. The tenant and the caller are there: graph_serve has seen to it. */
json *graph_tenant(struct sim_call *call);
json *graph_signed_in_user(struct sim_call *call); /* NULL: the caller is a service principal */
bool graph_may_read(struct sim_call *call);
bool graph_may_register(struct sim_call *call);
bool graph_may_change(struct sim_call *call, const json *application);
bool graph_may_add_principal(struct sim_call *call, const json *application);
bool graph_creator_owns(struct sim_call *call); /* of a new application; asks only, never answers */

/* Paths. Keys in parentheses are made segments of their own, "(appId='x')", so that routes fit.
 * False after refusing a path that cannot be read. */
bool graph_unfold(struct sim_call *call);

struct graph_key {
    const char *name, *value; /* "id", "appId", ... */
    bool plain;               /* a segment of its own, not in parentheses */
};
bool graph_key_read(struct sim_call *call, const struct graph_kind *kind, const char *segment,
                    struct graph_key *ret);

/* An OData literal at *AT, which moves behind it; NULL: there is none. */
const char *graph_literal(struct arena *arena, const char **at);

/* The object that SEGMENT stands for, for a caller that may read; NULL after refusing. With RET_KEY
 * one that is not there is NULL, too, but not answered yet (call->status is 0): *RET_KEY says what
 * it was. */
json *graph_object(struct sim_call *call, const struct graph_kind *kind, const char *segment,
                   struct graph_key *ret_key);
bool graph_create_if_missing(const struct sim_call *call); /* the Prefer header */

/* Query options. */
struct graph_clause {
    unsigned how; /* FILTER_ */
    const char *name, *value;
};
struct graph_query {
    struct graph_clause *clauses; /* all must hold */
    size_t n_clauses;
    const char **select;
    size_t n_select; /* 0: everything */
    size_t top, skip;
    bool count;
};
/* False after refusing; 501 for an option that nobody reads. */
bool graph_query_read(struct sim_call *call, const struct graph_kind *kind, bool list,
                      struct graph_query *ret);
bool graph_no_query(struct sim_call *call);
bool graph_matches(const struct graph_query *query, const json *view);
bool graph_indexed(
    const struct graph_query *query); /* does it find by displayName or not at all? */

/* Replies. CONTEXT is what follows "$metadata#"; QUERY may be NULL. VIEW and VIEWS, a list, are
 * taken over. */
void graph_reply_one(struct sim_call *call, int status, const char *context, json *view,
                     const struct graph_query *query);
void graph_reply_list(struct sim_call *call, const char *context, json *views,
                      const struct graph_query *query);
void graph_reply_object(struct sim_call *call, const struct graph_kind *kind, const json *object);
void graph_reply_all(struct sim_call *call, const struct graph_kind *kind, const json *objects,
                     const char *context);

/* Bodies: an object with properties of KIND and nothing else; for json_free. NULL after refusing.
 */
json *graph_body(struct sim_call *call, const struct graph_kind *kind);
void graph_apply(json *object, const json *body, const struct graph_kind *kind); /* what BODY has */
void graph_value_required(struct sim_call *call, const struct graph_kind *kind, const char *name);
void graph_read_only(struct sim_call *call, const char *name);
bool graph_lists(const char *names, const char *name); /* of names between blanks */

/* The first item of a list that may be absent. */
const json *graph_items(const json *object, const char *name);

/* Views: adds to VIEW the members of OBJECT that NAMES lists, null when it has none. */
void graph_view_members(json *view, const json *object, const char *names);
void graph_view_nulls(json *view, const char *names);
void graph_view_lists(json *view, const char *names);                    /* empty ones */
void graph_view_texts(json *view, const json *object, const char *name); /* a list, maybe empty */

/* A user, service principal or application by object id, with "@odata.type"; NULL: none. */
json *graph_directory_view(struct sim_call *call, const char *id);

/* Takes the principal ID from all owners. */
void graph_disown(json *tenant, const char *id);

/* Handlers, by file. */
void graph_applications_list(struct sim_call *call);
void graph_application_create(struct sim_call *call);
void graph_application_show(struct sim_call *call);
void graph_application_patch(struct sim_call *call);
void graph_application_delete(struct sim_call *call);

void graph_owners_list(struct sim_call *call);
void graph_owner_add(struct sim_call *call);
void graph_owner_remove(struct sim_call *call);

void graph_principals_list(struct sim_call *call);
void graph_principal_create(struct sim_call *call);
void graph_principal_show(struct sim_call *call);
void graph_principal_patch(struct sim_call *call);
void graph_principal_delete(struct sim_call *call);

void graph_credentials_list(struct sim_call *call);
void graph_credential_create(struct sim_call *call);
void graph_credential_show(struct sim_call *call);
void graph_credential_patch(struct sim_call *call);
void graph_credential_delete(struct sim_call *call);

void graph_me(struct sim_call *call);
void graph_users_list(struct sim_call *call);
void graph_user_show(struct sim_call *call);
void graph_directory_show(struct sim_call *call);
void graph_directory_by_ids(struct sim_call *call);
void graph_organization_list(struct sim_call *call);

/* A PATCH of the object that part[0] names. One that is there is updated; one that is not is
 * created with the key's value, when that key is CHOSEN by clients and the caller asked for it
 * (Prefer: create-if-missing); else 404. */
void graph_patch(struct sim_call *call, const struct graph_kind *kind, const char *chosen,
                 void (*update)(struct sim_call *, json *),
                 void (*create)(struct sim_call *, const char *));

#endif
