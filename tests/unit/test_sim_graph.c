/* SPDX-License-Identifier: MIT
 * Microsoft Graph: tokens, paths, keys, query options, reading. */
#include "sim_graph_world.h"

/* --- tokens --- */

static void with_token(const char *token, const char *url, int status, const char *code,
                       const char *message, const char *text)
{
    simulated_call(token, "GET", url, NULL, NULL);
    answers(status, code, text);
    if (message)
        is_str(error_text(), message, text);
}

static void test_tokens(void)
{
    static const char invalid[] = "InvalidAuthenticationToken";
    static const char audience[] = "Access token validation failure. Invalid audience.";
    const json *inner;

    with_token(NULL, V1 "/me", 401, invalid, "Access token is empty.", "no token");
    inner = json_member(json_member(sim.answer, "error"), "innerError");
    ok(guid_valid(json_text_of(inner, "request-id")) &&
           guid_valid(json_text_of(inner, "client-request-id")) &&
           strlen(json_text_of(inner, "date")) == 19,
       "an error has its inner error");
    is_str(sim.call.code, invalid, "the call knows its code");
    with_token("x.y.z", V1 "/me", 401, invalid, NULL, "no token at all");
    with_token(simulated_token(ADMIN, TENANT, HOST, -10), V1 "/me", 401, invalid,
               "Lifetime validation failed, the token is expired.", "an expired token");
    with_token(simulated_token(ADMIN, TENANT, "https://management.azure.com", 60), V1 "/me", 401,
               invalid, audience, "another audience");
    with_token(simulated_token(ADMIN, TENANT, "https://graph.microsoft.us", 60), V1 "/me", 401,
               invalid, audience, "the audience of another cloud");
    with_token(simulated_token(ADMIN, TENANT, HOST "//", 60), V1 "/me", 401, invalid, audience,
               "two slashes");
    with_token(simulated_token(ADMIN, TENANT, HOST "/", 60), V1 "/me", 200, "", NULL,
               "a trailing slash");
    with_token(simulated_token(ADMIN, TENANT, "00000003-0000-0000-c000-000000000000", 60), V1 "/me",
               200, "", NULL, "the id of Graph");
    with_token(simulated_token(NOBODY, TENANT, HOST, 60), V1 "/me", 401,
               "Authorization_IdentityNotFound", NULL, "a principal that is gone");
    with_token(simulated_token(ADMIN, PROJECT, HOST, 60), V1 "/me", 401, invalid, NULL,
               "a tenant that is not there");
    with_token(simulated_token(ADMIN, SUBSCRIPTION, HOST, 60), V1 "/me", 401, invalid, NULL,
               "a tenant of another cloud");
    with_token(simulated_token(ADMIN, SUBSCRIPTION, "https://graph.microsoft.us", 60),
               "https://graph.microsoft.us/v1.0/me", 200, "", NULL, "its own cloud");
    with_token(simulated_token(ADMIN, SUBSCRIPTION, "https://graph.microsoft.us", 60),
               "https://graph.microsoft.us/v1.0/applications", 200, "", NULL,
               "a tenant without any application");
}

/* --- what is not there --- */

static void test_paths(void)
{
    static const struct {
        const char *method, *url;
        int status;
        const char *code;
    } rows[] = {
        {"GET", HOST "/beta/me", 501, "NotModelled"},
        {"GET", HOST "/v2.0/me", 400, "BadRequest"},
        {"GET", HOST "/", 400, "BadRequest"},
        {"GET", V1 "/groups", 501, "NotModelled"},
        {"PUT", APPS "/" APP, 501, "NotModelled"},
        {"GET", APPS "?$orderby=displayName", 501, "NotModelled"},
        {"GET", APPS "/" APP "?$expand=owners", 501, "NotModelled"},
        {"GET", APPS "/" APP "?$filter=appId%20eq%20'x'", 501, "NotModelled"},
        {"GET", APPS "?$filter=displayName%20ne%20'x'", 501, "NotModelled"},
        {"GET", APPS "?$filter=not%20(displayName%20eq%20'x')", 501, "NotModelled"},
        {"GET", APPS "?$filter=displayName%20eq%20'x'%20or%20appId%20eq%20'x'", 501, "NotModelled"},
        {"GET", APPS "?$filter=notes%20eq%20'x'", 501, "NotModelled"},
        {"GET", APPS "?$filter=tags%20eq%20'x'", 501, "NotModelled"},
        {"GET", APPS "?$filter=displayName%20eq%20'x", 501, "NotModelled"},
        {"GET", APPS "?$filter=tags/any(c:d%20eq%20'x')", 501, "NotModelled"},
        {"GET", APPS "?$filter=", 501, "NotModelled"},
        {"GET", APPS "?$select=web", 501, "NotModelled"},
        {"GET", APPS "?$select=appID", 400, "BadRequest"},
        {"GET", APPS "?$select=id%20appId", 400, "BadRequest"},
        {"GET", APPS "?$top=0", 400, "Request_UnsupportedQuery"},
        {"GET", APPS "?$top=1000", 400, "Request_UnsupportedQuery"},
        {"GET", APPS "?$top=999", 200, ""},
        {"GET", APPS "?$skiptoken=x", 400, "Directory_ExpiredPageToken"},
        {"GET", APPS "?$count=maybe", 400, "BadRequest"},
        {"GET", APPS "/nonsense", 400, "Request_BadRequest"},
        {"GET", APPS "/" NOBODY, 404, "Request_ResourceNotFound"},
        {"GET", APPS "(appId=x)", 400, "BadRequest"},
        {"GET", APPS "(appId='x", 501, "NotModelled"},
        {"GET", APPS "()", 400, "BadRequest"},
        {"GET", APPS "(displayName='x')", 400, "BadRequest"},
        {"GET", APPS "(uniqueName='x'y')", 400, "BadRequest"},
        {"GET", APPS "(uniqueName='')", 400, "Request_BadRequest"},
        {"GET", APPS "/(appId='" APP_ID "')", 400, "BadRequest"},
        {"GET", APPS "(appId='" NOBODY "')", 404, "Request_ResourceNotFound"},
        {"GET", APPS "(uniqueName='%01%ff')", 404, "Request_ResourceNotFound"},
        {"GET", SPS "/" NOBODY, 404, "Request_ResourceNotFound"},
        {"GET", SPS "(uniqueName='x')", 400, "BadRequest"},
        {"GET", FICS "/nonsense", 404, "Request_ResourceNotFound"},
        {"GET", APPS "/" NOBODY "/federatedIdentityCredentials", 404, "Request_ResourceNotFound"},
        {"GET", V1 "/users/nobody@contoso.example", 404, "Request_ResourceNotFound"},
        {"GET", V1 "/directoryObjects/" NOBODY, 404, "Request_ResourceNotFound"},
        {"DELETE", APPS "/" NOBODY, 404, "Request_ResourceNotFound"},
        {"DELETE", APPS "/" APP "/owners/" OWNER, 501, "NotModelled"},
        {"DELETE", APPS "/" APP "?force=1", 501, "NotModelled"},
        {"DELETE", FICS "/nonsense", 404, "Request_ResourceNotFound"},
        {"POST", APPS, 400, "Request_BadRequest"},
        {"POST", SPS, 400, "Request_BadRequest"},
        {"POST", FICS, 400, "Request_BadRequest"},
        {"PATCH", APPS "/" APP, 400, "Request_BadRequest"},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask(ADMIN, rows[i].method, rows[i].url, NULL);
        answers(rows[i].status, rows[i].code,
                arena_printf(sim.arena, "%s %s", rows[i].method, rows[i].url));
    }
    ask(ADMIN, "GET", APPS "(appId='" NOBODY "')", NULL);
    is_str(error_text(),
           "Resource '" NOBODY "' does not exist or one of its queried reference-property objects "
           "are not present.",
           "the words of a 404");
}

/* --- reading --- */

static void test_people(void)
{
    ask(ADMIN, "GET", V1 "/me", NULL);
    answers(200, "", "me");
    is_str(field("userPrincipalName"), "admin@contoso.example", "my name");
    is_str(field("@odata.context"), V1 "/$metadata#users/$entity", "the context of an object");
    ask(ADMIN, "GET", V1 "/me?$select=id,displayName", NULL);
    ok(json_count(sim.answer) == 3, "only what is selected, and the context");
    is_str(field("@odata.context"), V1 "/$metadata#users(id,displayName)/$entity",
           "the context names what is selected");
    ask(APP_SP, "GET", V1 "/me", NULL);
    answers(400, "BadRequest", "a service principal has no me");
    ask(MEMBER, "GET", V1 "/users/" ADMIN, NULL);
    is_str(field("displayName"), "Ada", "a person by id");
    ask(MEMBER, "GET", V1 "/users/admin@contoso.example", NULL);
    is_str(field("id"), ADMIN, "a person by sign-in name");
    ask(MEMBER, "GET", V1 "/users('ADMIN@contoso.example')", NULL);
    is_str(field("id"), ADMIN, "in parentheses");
    ask(MEMBER, "GET", V1 "/users?$filter=userPrincipalName%20eq%20'admin@contoso.example'", NULL);
    ok(found() == 1, "people by sign-in name");
    ask(MEMBER, "GET", V1 "/organization", NULL);
    is_str(json_text_of(json_find(json_member(sim.answer, "value"), "id", TENANT), "displayName"),
           "Contoso", "the tenant");
    ask(MEMBER, "GET", V1 "/directoryObjects/" APP_SP, NULL);
    is_str(field("@odata.type"), "#microsoft.graph.servicePrincipal", "any object by id");
    ask(MEMBER, "POST", V1 "/directoryObjects/getByIds",
        "{\"ids\":[\"" ADMIN "\",\"" APP_SP "\",\"" NOBODY "\"],\"types\":[\"user\",\"group\"]}");
    ok(sim.call.status == 200 && found() == 1 && first(), "objects by ids, of the types asked for");
    ask(MEMBER, "POST", V1 "/directoryObjects/getByIds", "{\"ids\":[1]}");
    answers(400, "Request_BadRequest", "ids that are none");
}

static void test_lists(void)
{
    static const struct {
        const char *url;
        size_t found;
    } rows[] = {
        {APPS, 2},
        {APPS "?$filter=displayName%20eq%20'app%20one'", 1},
        {APPS "?$filter=displayName%20eq%20'App'", 0},
        {APPS "?$filter=startswith(displayName,'App')", 2},
        {APPS "?$filter=startsWith(displayName,%20'App%20T')", 1},
        {APPS "?$filter=appId%20eq%20'" APP_ID "'", 1},
        {APPS "?$filter=uniqueName%20eq%20'one''s'", 1},
        {APPS "?$filter=uniqueName%20eq%20'one'", 0},
        {APPS "?$filter=appId%20eq%20'" APP_ID "'%20and%20displayName%20eq%20'App%20Two'", 0},
        {APPS "?$filter=identifierUris/any(s:s%20eq%20'api://x')", 0},
        {SPS, 2},
        {SPS "?$filter=servicePrincipalNames/any(c:c%20eq%20'" APP_ID "')", 1},
        {SPS "?$filter=servicePrincipalNames/any(c:c%20eq%20'" APP "')", 0},
        {SPS "?$filter=displayName%20eq%20'mi'", 1},
        {SPS "?$filter=servicePrincipalType%20eq%20'ManagedIdentity'", 1},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask(MEMBER, "GET", rows[i].url, NULL);
        ok(sim.call.status == 200 && found() == rows[i].found, "%s: %zu", rows[i].url,
           rows[i].found);
    }
    ask(MEMBER, "GET", APPS "?$top=1&$count=true&$select=id", NULL);
    ok(found() == 1 && json_number_of(sim.answer, "@odata.count", 0) == 2, "a page of one, of two");
    is_str(field("@odata.nextLink"), APPS "?$skiptoken=1&$top=1&$count=true&$select=id",
           "where the next one is");
    ok(json_count(json_first(json_member(sim.answer, "value"))) == 1, "each with what is selected");
    ask(MEMBER, "GET", kept(field("@odata.nextLink")), NULL);
    ok(found() == 1 && !*field("@odata.nextLink"), "the last page");
    is_str(json_text_of(json_find(json_member(sim.answer, "value"), "id", OTHER), "id"), OTHER,
           "the second one is there");
}

static void test_show(void)
{
    ask(MEMBER, "GET", APPS "(appId='" APP_ID "')", NULL);
    is_str(field("id"), APP, "an application by appId");
    is_str(field("signInAudience"), "AzureADMyOrg", "its audience, by default");
    ok(json_count(json_member(sim.answer, "passwordCredentials")) == 1 &&
           !strstr(sim.call.reply, "secret-word"),
       "that it has a secret, but not the secret");
    ok(!json_member(sim.answer, "owners") && !json_member(sim.answer, "federatedCredentials"),
       "relations are not properties");
    ask(MEMBER, "GET", APPS "(uniqueName='one%27%27s')?$select=id,tags", NULL);
    is_str(field("id"), APP, "by uniqueName, quotes doubled");
    is_str(field("@odata.context"), V1 "/$metadata#applications(id,tags)/$entity", "context");
    ask(MEMBER, "GET", APPS "('" APP "')", NULL);
    is_str(field("appId"), APP_ID, "by id in parentheses");
    ask(MEMBER, "GET", SPS "(appId='" MI_ID "')?$select=id,appId,alternativeNames", NULL);
    is_str(field("id"), MI_SP, "the service principal of a managed identity");
    ok(json_holds(json_member(sim.answer, "alternativeNames"), MI_PATH), "names its resource");
    ask(MEMBER, "GET", SPS "/" APP_SP, NULL);
    is_str(field("appOwnerOrganizationId"), TENANT, "a service principal by id");
    ask(MEMBER, "GET", APPS "/" OTHER "/owners", NULL);
    ok(sim.call.status == 200 && !found(), "an application that never had owners");
    ask(MEMBER, "GET", APPS "/" OTHER "/federatedIdentityCredentials", NULL);
    ok(sim.call.status == 200 && !found(), "nor credentials");
    ask(APP_SP, "GET", APPS "/" APP, NULL);
    answers(403, "Authorization_RequestDenied", "a service principal has no rights");
    is_str(error_text(), "Insufficient privileges to complete the operation.", "as the text says");
    ask(MI_SP, "GET", SPS, NULL);
    answers(403, "Authorization_RequestDenied", "nor to list");
}

int main(void)
{
    static void (*const tests[])(void) = {test_tokens, test_paths, test_people, test_lists,
                                          test_show};

    return in_fresh_worlds(tests, sizeof tests / sizeof *tests);
}
