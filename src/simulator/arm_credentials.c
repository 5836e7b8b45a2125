/* SPDX-License-Identifier: MIT
 * Federated credentials of managed identities.
 *
 * Wording of errors:
 * learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations, table
 * "Errors". */
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "simulator/arm_parts.h"
#include "simulator/credential.h"

#define CREDENTIALS                                                                                \
    "subscriptions/{}/resourceGroups/{}/providers/" ARM_IDENTITY "/{}/"                            \
    "federatedIdentityCredentials"

static json *credential_view(struct sim_call *call, const json *subscription, const json *identity,
                             const json *credential)
{
    const json *audiences = json_member(credential, "audiences");
    json *view = json_object(), *properties;

    json_text(view, "id",
              call_text(call, "%s/federatedIdentityCredentials/%s",
                        arm_identity_id(call, subscription, identity),
                        json_text_of(credential, "name")));
    json_text(view, "name", json_text_of(credential, "name"));
    json_text(view, "type", ARM_CREDENTIAL);
    properties = json_add(view, "properties", json_object());
    json_text(properties, "issuer", json_text_of(credential, "issuer"));
    json_text(properties, "subject", json_text_of(credential, "subject"));
    json_add(properties, "audiences", audiences ? json_copy(audiences) : json_array());
    return view;
}

static const char *scope_of(struct sim_call *call)
{
    return call_text(call, "/subscriptions/%s/resourcegroups/%s/providers/" ARM_IDENTITY "/%s",
                     call->part[0], call->part[1], call->part[2]);
}

/* Where a call is about: found, and after a pause found again. */
struct place {
    json *subscription, *identity, *all, *credential; /* CREDENTIAL NULL: none of that name */
};

static void find_credential(struct sim_call *call, struct place *place)
{
    place->all = json_list(place->identity, "federatedCredentials");
    place->credential = call->part[3] ? json_find(place->all, "name", call->part[3]) : NULL;
}

static void parent_not_found(struct sim_call *call, const char *verb)
{
    arm_fail(call, 404, "ParentResourceNotFound",
             "Failed to perform '%s' on resource(s) of type "
             "'userAssignedIdentities/federatedIdentityCredentials', because the parent resource "
             "'%s' could not be found.",
             verb, scope_of(call));
}

static bool has_federation(const json *subscription, const char *region)
{
    static const char *const without[] = {"malaysiasouth", "newzealandnorth"};
    const json *listed = json_member(subscription, "regionsWithoutFederation");
    size_t i;

    if (listed)
        return !json_holds(listed, region);
    for (i = 0; i < sizeof without / sizeof *without; i++)
        if (!strcmp(without[i], region))
            return false;
    return true;
}

/* Finds what the path names, for VERB "read", "write" or "delete". False after answering. */
static bool open_place(struct sim_call *call, const char *verb, struct place *place)
{
    const char *region;

    memset(place, 0, sizeof *place);
    place->subscription = arm_subscription(call, call->part[0]);
    if (!place->subscription ||
        !arm_allows(call, call_text(call, ARM_CREDENTIAL "/%s", verb), scope_of(call)) ||
        !arm_all_read(call) || !arm_group(call, place->subscription, call->part[1]))
        return false;
    place->identity = arm_identity(place->subscription, call->part[1], call->part[2]);
    if (!place->identity) {
        parent_not_found(call, verb);
        return false;
    }
    region = arm_region(call, json_text_of(place->identity, "location"));
    if (!has_federation(place->subscription, region)) {
        arm_fail(
            call, 405, "MethodNotAllowed",
            "The request format was unexpected: Support for federated identity credentials not "
            "enabled.");
        return false;
    }
    find_credential(call, place);
    return true;
}

static void credential_list(struct sim_call *call)
{
    struct place place;
    const json *item;
    json *list;

    call->part[3] = NULL;
    if (!open_place(call, "read", &place))
        return;
    list = json_array();
    for (item = json_first(place.all); item; item = json_next(item))
        json_append(list, credential_view(call, place.subscription, place.identity, item));
    arm_reply_list(call, list);
}

static void credential_get(struct sim_call *call)
{
    struct place place;

    if (!open_place(call, "read", &place))
        return;
    if (place.credential)
        call_reply(call, 200,
                   credential_view(call, place.subscription, place.identity, place.credential));
    else
        arm_fail(call, 404, "NotFound",
                 "The Federated Identity Credential '%s' could not be found.", call->part[3]);
}

/* Writing: one at a time for each identity, each taking its time. */

static void refuse_fault(struct sim_call *call, enum credential_fault fault)
{
    static const char *const too_long[] = {[CREDENTIAL_ISSUER] = "issuer",
                                           [CREDENTIAL_SUBJECT] = "subject",
                                           [CREDENTIAL_AUDIENCE] = "audience"};

    switch (fault) {
    case CREDENTIAL_NAME:
        arm_fail(call, 400, "BadRequest",
                 "Federated Identity Credential name '%s' is invalid. Alphanumeric, dash, "
                 "underscore, no more than 3-120 symbols. First symbol is alphanumeric.",
                 call->part[3]);
        break;
    case CREDENTIAL_AUDIENCES:
        arm_fail(call, 400, "InvalidFederatedIdentityCredentialsAudienceLength",
                 "Federated identity credentials must have exactly one audience.");
        break;
    case CREDENTIAL_DUPLICATE:
        arm_fail(call, 400, "BadRequest",
                 "Issuer and subject combination already exists for this Managed Identity.");
        break;
    case CREDENTIAL_LIMIT:
        arm_fail(
            call, 400, "BadRequest",
            "The Managed Identity already has %d Federated Identity Credentials, the most that "
            "one can have.",
            LIMIT_CREDENTIALS);
        break;
    default:
        arm_fail(call, 400, "BadRequest",
                 "The %s of a Federated Identity Credential has at most %d characters.",
                 too_long[fault], CREDENTIAL_TEXT_MAX);
    }
}

/* The properties in BODY; NULL after answering when a member is missing, empty or of another kind.
 */
static const json *read_properties(struct sim_call *call, const json *body)
{
    const json *properties = json_member(body, "properties"), *first;

    if (!call_shape(call, body, "properties:object id?:text name?:text type?:text", "the body",
                    arm_refuse) ||
        !call_shape(call, properties,
                    "issuer?:text subject?:text audiences?:texts claimsMatchingExpression?:any",
                    "properties", arm_refuse))
        return NULL;
    first = json_member(properties, "claimsMatchingExpression");
    if (first && json_kind(first) != JSON_NULL) {
        call_not_modelled(call, "a claims matching expression");
        return NULL;
    }
    first = json_member(properties, "audiences");
    first = first && json_kind(first) == JSON_ARRAY ? json_first(first) : NULL;
    if (*json_text_of(properties, "issuer") && *json_text_of(properties, "subject") &&
        json_member(properties, "audiences") && (!first || *json_as_text(first, NULL)))
        return properties;
    arm_fail(call, 400, "BadRequest",
             "Federated Identity Credential from HTTP body has empty properties");
    return NULL;
}

/* Claims the identity for a write, after what a write is refused for at once. */
static bool begin_write(struct sim_call *call, const char *verb, const struct place *place,
                        const char *id)
{
    if (!world_replicated(call->world, place->identity)) {
        parent_not_found(call, verb);
        return false;
    }
    if (!arm_within_limits(call, "credential", id, json_text_of(place->subscription, "id")))
        return false;
    if (world_claim(call->world, id))
        return true;
    arm_fail(
        call, 409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "Too many Federated Identity Credentials are written concurrently for the managed "
        "identity '%s'. Concurrent Federated Identity Credentials writes under the same managed "
        "identity are not supported.",
        id);
    return false;
}

/* Lets the write take its time, and finds the identity again: it may have been deleted meanwhile,
 * or be another one by now. */
static bool wait_for_write(struct sim_call *call, const char *verb, struct place *place,
                           const char *id)
{
    const char *principal = call_text(call, "%s", json_text_of(place->identity, "principalId"));

    world_pause(call->world, world_setting(call->world, SETTING_CREDENTIAL_WRITE));
    world_release(call->world, id);
    place->subscription = world_subscription(call->world, call->part[0]);
    place->identity = arm_identity(place->subscription, call->part[1], call->part[2]);
    if (!place->identity || strcmp(principal, json_text_of(place->identity, "principalId")) != 0) {
        parent_not_found(call, verb);
        return false;
    }
    find_credential(call, place);
    return true;
}

static void store_credential(struct sim_call *call, struct place *place, const json *value)
{
    bool is_new = !place->credential;

    if (is_new) {
        place->credential = json_append(place->all, json_object());
        json_text(place->credential, "name", call->part[3]);
    }
    json_put_text(place->credential, "issuer", json_text_of(value, "issuer"));
    json_put_text(place->credential, "subject", json_text_of(value, "subject"));
    json_put(place->credential, "audiences", json_copy(json_member(value, "audiences")));
    call_reply(call, is_new ? 201 : 200,
               credential_view(call, place->subscription, place->identity, place->credential));
}

/* Checks before the wait, so that a bad value is refused at once. Nobody else changes the
 * credentials meanwhile: whoever does must claim the identity. */
static void write_credential(struct sim_call *call, struct place *place, const json *value)
{
    const char *id = arm_identity_id(call, place->subscription, place->identity);
    enum credential_fault fault;

    if (!begin_write(call, "write", place, id))
        return;
    fault = credential_check(place->all, place->credential, call->part[3], value);
    if (fault) {
        world_release(call->world, id);
        refuse_fault(call, fault);
    } else if (wait_for_write(call, "write", place, id)) {
        store_credential(call, place, value);
    }
}

static void credential_put(struct sim_call *call)
{
    struct place place;
    const json *value;
    json *body;

    if (!open_place(call, "write", &place))
        return;
    body = call_json(call, false, arm_refuse);
    value = body ? read_properties(call, body) : NULL;
    if (value)
        write_credential(call, &place, value);
    json_free(body);
}

static void credential_delete(struct sim_call *call)
{
    struct place place;
    const char *id;

    if (!open_place(call, "delete", &place))
        return;
    if (!place.credential) {
        call_reply(call, 204, NULL);
        return;
    }
    id = arm_identity_id(call, place.subscription, place.identity);
    if (!begin_write(call, "delete", &place, id) || !wait_for_write(call, "delete", &place, id))
        return;
    if (place.credential)
        json_remove(place.all, place.credential);
    call_reply(call, 200, NULL);
}

const struct route arm_credential_routes[] = {
    {"GET", CREDENTIALS, ARM_VERSIONS_CREDENTIAL, credential_list},
    {"GET", CREDENTIALS "/{}", ARM_VERSIONS_CREDENTIAL, credential_get},
    {"PUT", CREDENTIALS "/{}", ARM_VERSIONS_CREDENTIAL, credential_put},
    {"DELETE", CREDENTIALS "/{}", ARM_VERSIONS_CREDENTIAL, credential_delete},
    {NULL, NULL, NULL, NULL},
};
