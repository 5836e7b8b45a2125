/* SPDX-License-Identifier: MIT
 * Graph: federated identity credentials of app registrations. */
#include "simulator/graph.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "simulator/credential.h"

static const char *const keys[] = {"name", NULL};

static const struct graph_filterable filters[] = {{"id", FILTER_EQ},
                                                  {"name", FILTER_EQ},
                                                  {"subject", FILTER_EQ | FILTER_EXACT},
                                                  {"issuer", FILTER_EQ | FILTER_EXACT},
                                                  {NULL, 0}};

/* What is wrong with these is credential_check's to say. */
static const struct graph_property properties[] = {{"name", VALUE_ANY, false, 0, NULL},
                                                   {"issuer", VALUE_ANY, false, 0, NULL},
                                                   {"subject", VALUE_ANY, false, 0, NULL},
                                                   {"audiences", VALUE_ANY, false, 0, NULL},
                                                   {"description", VALUE_TEXT, true, 600, NULL},
                                                   {"id", VALUE_READ_ONLY, false, 0, NULL},
                                                   {NULL, VALUE_ANY, false, 0, NULL}};

static json *view_of(struct sim_call *call, const json *credential)
{
    json *view = json_object();

    (void)call;
    graph_view_members(view, credential, "id name issuer subject description");
    graph_view_texts(view, credential, "audiences");
    return view;
}

const struct graph_kind graph_credential = {.collection = "federatedIdentityCredentials",
                                            .type = "federatedIdentityCredential",
                                            .resource = "FederatedIdentityCredential",
                                            .keys = keys,
                                            .view = view_of,
                                            .filterable = filters,
                                            .properties = properties,
                                            .others = "claimsMatchingExpression"};

/* "applications('1234')/federatedIdentityCredentials" */
static const char *context_of(struct sim_call *call, const json *application)
{
    return call_text(call, "applications('%s')/federatedIdentityCredentials",
                     json_text_of(application, "id"));
}

/* Refusals */

static void refuse_value(struct sim_call *call, const char *text)
{
    graph_fail(call, 400, "InvalidFederatedIdentityCredentialValue", text);
}

static void refuse_duplicate(struct sim_call *call, const json *value)
{
    const char *issuer = json_text_of(value, "issuer"), *subject = json_text_of(value, "subject");

    refuse_value(call, call_text(call,
                                 "The combination of issuer and subject must be unique for the "
                                 "application. Issuer %s and Subject: %s already exist. paramName: "
                                 "FederatedIdentityCredential.Subject, paramValue: %s, objectType: "
                                 "Microsoft.Online.DirectoryServices.Application",
                                 issuer, subject, subject));
}

static const char *const faults[] = {
    [CREDENTIAL_NAME] = "The name of the federated identity credential must have 3 to 120 "
                        "characters, letters, digits, '-' and '_', and begin with a letter or a "
                        "digit.",
    [CREDENTIAL_AUDIENCES] = "Federated Identity Credential must specify exactly one audience.",
    [CREDENTIAL_ISSUER] = "The issuer must have 1 to 600 characters.",
    [CREDENTIAL_SUBJECT] = "The subject must have 1 to 600 characters.",
    [CREDENTIAL_AUDIENCE] = "The audience must have 1 to 600 characters.",
    [CREDENTIAL_LIMIT] = "A maximum of 20 federated identity credentials can be added to an "
                         "application.",
};

/* May VALUE be stored as NAME beside the others of APPLICATION? */
static bool acceptable(struct sim_call *call, const json *application, const json *except,
                       const char *name, const json *value)
{
    const json *others = json_member(application, "federatedCredentials");
    enum credential_fault fault = credential_check(others, except, name, value);

    if (fault == CREDENTIAL_DUPLICATE)
        refuse_duplicate(call, value);
    else if (fault != CREDENTIAL_GOOD)
        refuse_value(call, faults[fault]);
    return fault == CREDENTIAL_GOOD;
}

/* Finding */

static json *application_of(struct sim_call *call)
{
    return graph_object(call, &graph_application, call->part[0], NULL);
}

/* By id or name; in parentheses by what the key says. NULL without an answer: not there. */
static json *find(struct sim_call *call, const json *application, struct graph_key *ret_key)
{
    const json *all = json_member(application, "federatedCredentials");
    json *found;

    if (!graph_key_read(call, &graph_credential, call->part[1], ret_key))
        return NULL;
    found = json_find(all, ret_key->name, ret_key->value);
    return found || !ret_key->plain ? found : json_find(all, "name", ret_key->value);
}

/* Both; false after refusing. */
static bool found(struct sim_call *call, json **ret_application, json **ret_credential)
{
    struct graph_key key;

    *ret_application = application_of(call);
    if (!*ret_application)
        return false;
    *ret_credential = find(call, *ret_application, &key);
    if (!*ret_credential && !call->status)
        graph_missing(call, key.value);
    return *ret_credential != NULL;
}

/* Reading */

void graph_credentials_list(struct sim_call *call)
{
    const json *application = application_of(call);

    if (application)
        graph_reply_all(call, &graph_credential, json_member(application, "federatedCredentials"),
                        context_of(call, application));
}

void graph_credential_show(struct sim_call *call)
{
    struct graph_query query;
    json *application, *credential;

    if (found(call, &application, &credential) &&
        graph_query_read(call, &graph_credential, false, &query))
        graph_reply_one(call, 200, context_of(call, application), view_of(call, credential),
                        &query);
}

/* Writing */

static void store(struct sim_call *call, json *application, const char *name, const json *body)
{
    json *made = json_object();
    char id[GUID_TEXT + 1];

    world_new_id(call->world, id);
    json_text(made, "id", id);
    graph_apply(made, body, &graph_credential);
    json_put_text(made, "name", name);
    json_append(json_list(application, "federatedCredentials"), made);
    graph_reply_one(call, 201, context_of(call, application), view_of(call, made), NULL);
}

/* Stores BODY as NAME, the key of the path, or else as its own name says. */
static void create(struct sim_call *call, json *application, const char *name, const json *body)
{
    const char *sent = json_text_of(body, "name");

    if (!name && !json_member(body, "name"))
        graph_value_required(call, &graph_credential, "name");
    else if (name && json_member(body, "name") && strcmp(name, sent) != 0)
        graph_read_only(call, "name");
    else if (json_find(json_member(application, "federatedCredentials"), "name",
                       name ? name : sent))
        graph_fail(call, 409, "Request_MultipleObjectsWithSameKeyValue",
                   call_text(call, "FederatedIdentityCredential with name %s already exists.",
                             name ? name : sent));
    else if (acceptable(call, application, NULL, name ? name : sent, body))
        store(call, application, name ? name : sent, body);
}

void graph_credential_create(struct sim_call *call)
{
    json *application = application_of(call), *body;

    if (!application || !graph_may_change(call, application) || !graph_no_query(call))
        return;
    body = graph_body(call, &graph_credential);
    if (body)
        create(call, application, NULL, body);
    json_free(body);
}

static void update(struct sim_call *call, json *application, json *credential, const json *body)
{
    const char *name = json_text_of(credential, "name");
    json *changed;

    if (json_member(body, "name") && strcmp(name, json_text_of(body, "name")) != 0) {
        graph_read_only(call, "name");
        return;
    }
    changed = json_copy(credential);
    graph_apply(changed, body, &graph_credential);
    if (acceptable(call, application, credential, name, changed)) {
        graph_apply(credential, body, &graph_credential);
        call_reply(call, 204, NULL);
    }
    json_free(changed);
}

/* learn.microsoft.com/graph/api/federatedidentitycredential-upsert: only (name='x') creates. */
void graph_credential_patch(struct sim_call *call)
{
    json *application = application_of(call), *credential, *body;
    struct graph_key key;
    bool creates;

    if (!application || !graph_may_change(call, application) || !graph_no_query(call))
        return;
    credential = find(call, application, &key);
    if (!credential && call->status)
        return;
    creates = !strcmp(key.name, "name") && graph_create_if_missing(call);
    if (!credential && !creates) {
        graph_missing(call, key.value);
        return;
    }
    body = graph_body(call, &graph_credential);
    if (body && credential)
        update(call, application, credential, body);
    else if (body)
        create(call, application, key.value, body);
    json_free(body);
}

void graph_credential_delete(struct sim_call *call)
{
    json *application, *credential;

    if (!found(call, &application, &credential) || !graph_may_change(call, application) ||
        !graph_no_query(call))
        return;
    json_remove(json_member(application, "federatedCredentials"), credential);
    call_reply(call, 204, NULL);
}
