/* SPDX-License-Identifier: MIT
 * The test that Azure DevOps makes of a service connection: it signs in as a pipeline would, and
 * reads the subscription or management group. The sign-in is the one of entra*.c, with all its
 * errors. */
#include "simulator/devops.h"

#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "simulator/arm.h"
#include "simulator/token.h"

/* The status is 200 whatever came of it: "statusCode" says. */
static void reply_result(struct devops *ask, const char *status, const char *message)
{
    json *body = json_object();
    char id[GUID_TEXT + 1];

    world_new_id(ask->call->world, id);
    json_add(body, "result", json_array());
    json_text(body, "statusCode", status);
    json_text(body, "errorMessage", message);
    json_text(body, "activityId", id);
    call_reply(ask->call, 200, body);
}

/* What the token endpoint of the cloud answers to ASSERTION; for json_free. The world is locked by
 * the call that we are in, so the service is asked directly. */
static json *exchange(struct devops *ask, const struct azure *azure, const json *parameters,
                      const char *assertion)
{
    static const struct call_header headers[] = {
        {"Content-Type", "application/x-www-form-urlencoded"}};
    const char *tenant = json_text_of(parameters, "tenantid");
    struct diags diags = DIAGS_INIT(ask->call->arena);
    struct sim_call inner = {
        .arena = ask->call->arena,
        .world = ask->call->world,
        .keys = ask->call->keys,
        .host = host_find(azure->login),
        .method = "POST",
        .target = call_text(ask->call, "/%s/oauth2/v2.0/token", tenant),
        .headers = headers,
        .n_headers = 1,
        .segments = {tenant, "oauth2", "v2.0", "token"},
        .n_segments = 4,
        .caller = {TOKEN_NONE, "", "", "", "", "", NULL},
    };

    inner.body = call_text(
        ask->call,
        "grant_type=client_credentials&client_id=%s&scope=https%%3A%%2F%%2F%s%%2F.default&"
        "client_assertion_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3A"
        "jwt-bearer&client_assertion=%s",
        json_text_of(parameters, "serviceprincipalid"), azure->arm, assertion);
    inner.body_len = strlen(inner.body);
    entra_serve(&inner);
    return inner.status && inner.reply_len
               ? json_parse("reply", inner.reply, inner.reply_len, &diags)
               : NULL;
}

/* What the connection is for, as Resource Manager names it, and the right to read it. */
static const char *scope_of(struct devops *ask, const json *data, const char **ret_action)
{
    bool group = !strcmp(json_text_of(data, "scopeLevel"), "ManagementGroup");

    *ret_action = group ? "Microsoft.Management/managementGroups/read"
                        : "Microsoft.Resources/subscriptions/read";
    return group ? call_text(ask->call, "/providers/Microsoft.Management/managementGroups/%s",
                             json_text_of(data, "managementGroupId"))
                 : call_text(ask->call, "/subscriptions/%s", json_text_of(data, "subscriptionId"));
}

static bool exists(struct devops *ask, const json *data, const char *tenant)
{
    const json *groups = json_member(world_root(ask->call->world), "managementGroups");
    const json *found =
        !strcmp(json_text_of(data, "scopeLevel"), "ManagementGroup")
            ? json_find(groups, "id", json_text_of(data, "managementGroupId"))
            : world_subscription(ask->call->world, json_text_of(data, "subscriptionId"));

    return found && !strcasecmp(json_text_of(found, "tenantId"), tenant);
}

static void read_scope(struct devops *ask, const struct azure *azure, const json *data,
                       const json *claims)
{
    const char *tenant = json_text_of(claims, "tid"), *oid = json_text_of(claims, "oid");
    const char *action, *scope = scope_of(ask, data, &action);
    const char *query = call_text(
        ask->call, "Failed to query service connection API: 'https://%s%s'.", azure->arm, scope);

    if (!exists(ask, data, tenant))
        reply_result(ask, "notFound",
                     call_text(ask->call,
                               "%s Status Code: 'NotFound', Response from server: '{\"error\":"
                               "{\"code\":\"NotFound\",\"message\":\"%s could not be found.\"}}'",
                               query, scope));
    else if (!arm_principal_may(ask->call->world, tenant, oid, action, scope))
        reply_result(ask, "forbidden",
                     call_text(ask->call,
                               "%s Status Code: 'Forbidden', Response from server: '{\"error\":"
                               "{\"code\":\"AuthorizationFailed\",\"message\":\"The client '%s' "
                               "with object id '%s' does not have authorization to perform action "
                               "'%s' over scope '%s' or the scope is invalid.\"}}'",
                               query, oid, oid, action, scope));
    else
        reply_result(ask, "ok", "");
}

static void test_connection(struct devops *ask, const json *endpoint, const struct azure *azure)
{
    struct sim_call *call = ask->call;
    struct devops_trust trust =
        devops_trust(call->arena, ask->organization, endpoint, ask->project);
    const json *parameters = json_member(json_member(endpoint, "authorization"), "parameters");
    json *reply = exchange(ask, azure, parameters, devops_id_token(ask->call, &trust));
    const char *access = json_text_of(reply, "access_token"), *kid;
    json *claims = *access ? token_read(call->arena, access, &kid) : NULL;

    if (claims)
        read_scope(ask, azure, json_member(endpoint, "data"), claims);
    else
        reply_result(ask, "badRequest",
                     call_text(call,
                               "Failed to obtain the JSON Web Token (JWT) using service principal "
                               "client ID. Exception message: %s",
                               json_text_of(reply, "error_description")));
    json_free(claims);
    json_free(reply);
}

/* The details that come along are those of the connection as it was read; what is kept counts. */
static bool check_body(struct devops *ask)
{
    const json *source = json_member(ask->body, "dataSourceDetails");

    if (!call_shape(ask->call, ask->body,
                    "dataSourceDetails:object resultTransformationDetails?:object "
                    "serviceEndpointDetails?:object",
                    "the body", devops_refuse))
        return false;
    if (!strcmp(json_text_of(source, "dataSourceName"), "TestConnection"))
        return true;
    call_not_modelled(ask->call, "the data source");
    return false;
}

static void endpoint_proxy(struct devops *ask)
{
    const char *id = call_argument(ask->call, "endpointId");
    const struct azure *azure;
    const json *endpoint;

    if (!id) {
        devops_fail(ask->call, 400, "ArgumentNullException",
                    "Value cannot be null. Parameter name: endpointId");
        return;
    }
    if (!check_body(ask))
        return;
    endpoint = devops_find_endpoint(ask, id, ask->project);
    if (!endpoint || !devops_allowed(ask, MAY_READ, ask->project, endpoint))
        return;
    azure = azure_find(json_text_of(json_member(endpoint, "data"), "environment"));
    if (!azure ||
        strcasecmp(json_text_of(json_member(endpoint, "authorization"), "scheme"), DEVOPS_WIF) != 0)
        call_not_modelled(ask->call, "a test of such a connection");
    else
        test_connection(ask, endpoint, azure);
}

const struct devops_route devops_proxy_routes[] = {
    {"POST", "{}/_apis/serviceendpoint/endpointproxy", RESOURCE_ENDPOINT_PROXY, BODY_OBJECT,
     "endpointId", endpoint_proxy},
    {NULL, NULL, RESOURCE_NONE, BODY_NONE, NULL, NULL},
};
