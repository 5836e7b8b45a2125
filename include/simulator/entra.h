/* SPDX-License-Identifier: MIT
 * What the files of the simulated Microsoft Entra share; of no use to others.
 *
 * entra.c serves documents and hands the token endpoint to entra_token.c, which knows the grants
 * and writes tokens; entra_exchange.c checks what an application proves itself with. */
#ifndef SIMULATOR_ENTRA_H
#define SIMULATOR_ENTRA_H

#include "simulator/call.h"

/* Errors; entra_error.c is the table of their numbers and texts. The texts in braces go with it. */
enum entra_error {
    ENTRA_UNKNOWN_TENANT,      /* the tenant as asked */
    ENTRA_UNKNOWN_TENANT_DOCS, /* the same, when a document is asked for */
    ENTRA_NO_TENANT,
    ENTRA_OTHER_CLOUD, /* tenant, the other cloud's name */
    ENTRA_CROSS_CLOUD, /* for applications */
    ENTRA_MISSING,     /* name of the parameter */
    ENTRA_MALFORMED,
    ENTRA_BAD_REQUEST, /* what is wrong */
    ENTRA_RESOURCE_PARAMETER,
    ENTRA_UNSUPPORTED_GRANT, /* grant */
    ENTRA_SEVERAL_RESOURCES, /* scopes */
    ENTRA_BAD_SCOPE,         /* scope */
    ENTRA_NOT_DEFAULT_SCOPE, /* scope */
    ENTRA_UNKNOWN_RESOURCE,  /* resource, tenant */
    ENTRA_UNKNOWN_USER,      /* tenant */
    ENTRA_FOREIGN_USER,      /* home tenant's id, tenant, client id, its name */
    ENTRA_BAD_REFRESH,
    ENTRA_EXPIRED_REFRESH, /* when it was issued */
    ENTRA_UNKNOWN_CLIENT,  /* client id, tenant */
    ENTRA_NO_PRINCIPAL,    /* client id, tenant */
    ENTRA_DISABLED,        /* client id, name */
    ENTRA_NO_PROOF,
    ENTRA_BAD_SECRET, /* client id */
    ENTRA_NO_FEDERATION,
    ENTRA_NO_CREDENTIAL, /* name */
    ENTRA_BAD_TOKEN,
    ENTRA_BAD_ALGORITHM, /* algorithm */
    ENTRA_UNREACHABLE,
    ENTRA_UNKNOWN_KEY, /* key id, issuer */
    ENTRA_BAD_SIGNATURE,
    ENTRA_NOT_IN_TIME, /* now, valid from, valid until */
    ENTRA_MULTITENANT,
    ENTRA_ISSUER,       /* issuer */
    ENTRA_SUBJECT,      /* subject */
    ENTRA_AUDIENCE,     /* audience */
    ENTRA_ISSUER_CASE,  /* issuer */
    ENTRA_SUBJECT_CASE, /* subject */
    ENTRA_ERROR_COUNT
};

/* Answers with ERROR. The texts fill the table's {}, end with NULL, and may be of any bytes. */
void entra_fail(struct sim_call *call, enum entra_error error, ...) __attribute__((sentinel));

const char *entra_tenant_name(const json *tenant);

/* "common" or "organizations": whoever signs in brings the tenant. */
bool entra_is_any_tenant(const char *text);

/* {"keys":[...]} with the public key of SIGNER. */
json *entra_key_set(struct sim_call *call, enum signer signer, const char *issuer);

/* One request to the token endpoint. */
struct entra_request {
    struct sim_call *call;
    struct call_query *fields; /* of the form, decoded: well-formed UTF-8 */
    size_t n_fields;
    json *tenant; /* NULL: whoever signs in brings it */
    const char *client_id;
    const char *scope, *audience; /* the one scope of a resource, and which */
    bool openid, offline;
};
void entra_token(struct sim_call *call);

/* entra_form.c. Each returns false when something is wrong with it; the second and third after
 * answering. A body that is no form has no fields. */
bool entra_read_form(struct entra_request *request);
bool entra_read_scopes(struct entra_request *request);
bool entra_check_resource(const struct entra_request *request, const json *tenant);

/* NULL: not sent. */
const char *entra_field(const struct entra_request *request, const char *name);

/* entra_person.c: grants of people. */
void entra_serve_password(struct entra_request *request);
void entra_serve_refresh(struct entra_request *request);

/* entra_token.c: what is handed out. The claims that the access tokens of people ("user") and
 * applications ("app") have in common; a reply with such a token, which takes over CLAIMS. */
long long entra_token_life(const struct entra_request *request); /* seconds */
void entra_add_times(json *claims, long long seconds);
void entra_add_unique(json *claims);
json *entra_access_claims(const struct entra_request *request, const json *tenant,
                          const char *object_id, const char *subject, const char *type);
json *entra_access_reply(const struct entra_request *request, const char *scope, json *claims);
void entra_reply_tokens(const struct entra_request *request, json *body);

/* entra_exchange.c: the service principal that the request proves to be, by a secret or by a token
 * of a federated issuer; NULL after answering why not. */
json *entra_prove_client(const struct entra_request *request);

#endif
