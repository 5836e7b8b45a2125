/* SPDX-License-Identifier: MIT
 * Microsoft Graph: app registrations, their owners and service principals, replication. */
#include "sim_graph_world.h"

/* --- applications --- */

static void test_register(void)
{
    const char *id, *app_id;

    ask(MEMBER, "POST", APPS, "{\"displayName\":\"x\"}");
    answers(403, "Authorization_RequestDenied", "a member may not register");
    ask(OWNER, "POST", APPS, "{\"displayName\":\"x\"}");
    answers(403, "Authorization_RequestDenied", "nor one who owns another");
    ask(DEVELOPER, "POST", APPS, "{\"displayName\":\"App One\",\"tags\":[\"t\"],\"notes\":null}");
    answers(201, "", "a developer may, and names may be the same");
    is_str(field("@odata.context"), V1 "/$metadata#applications/$entity", "context");
    is_str(field("signInAudience"), "AzureADMyOrg", "single tenant by default");
    ok(guid_valid(field("id")) && guid_valid(field("appId")) && *field("createdDateTime") &&
           json_holds(json_member(sim.answer, "tags"), "t"),
       "with ids, a date and what was sent");
    id = kept(field("id"));
    app_id = kept(field("appId"));
    ok(strcmp(id, app_id) != 0, "two ids");
    ask(MEMBER, "GET", arena_printf(sim.arena, APPS "/%s/owners", id), NULL);
    is_str(json_text_of(first(), "id"), DEVELOPER, "who registers it owns it");
    ask(DEVELOPER, "PATCH", arena_printf(sim.arena, APPS "/%s", id), "{\"notes\":\"n\"}");
    answers(204, "", "and may change it");
    ok(!sim.call.reply_len, "without a body");
    ask(DEVELOPER, "PATCH", APPS "/" OTHER, "{\"notes\":\"n\"}");
    answers(403, "Authorization_RequestDenied", "but no other");
    ask(APP_ADMIN, "POST", APPS, "{\"displayName\":\"x\"}");
    ask(APP_ADMIN, "GET", arena_printf(sim.arena, APPS "/%s/owners", field("id")), NULL);
    ok(sim.call.status == 200 && !found(), "an application administrator does not become owner");
    ask(DEVELOPER, "DELETE", arena_printf(sim.arena, APPS "(appId='%s')", app_id), NULL);
    answers(204, "", "an owner may delete it");
    ask(MEMBER, "GET", arena_printf(sim.arena, APPS "/%s", id), NULL);
    answers(404, "Request_ResourceNotFound", "then it is gone");
    open_directory("0", "true");
    ask(MEMBER, "POST", APPS, "{\"displayName\":\"x\"}");
    answers(201, "", "any member where users may register");
    ask(APP_SP, "POST", APPS, "{\"displayName\":\"x\"}");
    answers(403, "Authorization_RequestDenied", "but no service principal");
}

static void test_bodies(void)
{
    static const struct {
        const char *method, *url, *body;
        int status;
        const char *code;
    } rows[] = {
        {"POST", APPS, "{}", 400, "Request_BadRequest"},
        {"POST", APPS, "[]", 400, "Request_BadRequest"},
        {"POST", APPS, "{", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"\"}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":null}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":1}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"a\\u0001b\"}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"tags\":[\"\\u0001\"]}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"tags\":[1]}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"tags\":\"t\"}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"colour\":\"red\"}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"appId\":\"y\"}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"uniqueName\":\"\"}", 400, "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"signInAudience\":\"Everybody\"}", 400,
         "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"signInAudience\":\"azureadmyorg\"}", 400,
         "Request_BadRequest"},
        {"POST", APPS, "{\"displayName\":\"x\",\"signInAudience\":\"AzureADMultipleOrgs\"}", 201,
         ""},
        {"POST", APPS, "{\"displayName\":\"x\",\"web\":{\"homePageUrl\":\"x\"}}", 501,
         "NotModelled"},
        {"POST", APPS, "{\"displayName\":\"x\",\"web\":{},\"keyCredentials\":[]}", 201, ""},
        {"POST", APPS, "{\"displayName\":\"x\",\"owners@odata.bind\":[]}", 501, "NotModelled"},
        {"POST", APPS "?a=b", "{\"displayName\":\"x\"}", 501, "NotModelled"},
        {"POST", APPS, "{\"displayName\":\"x\",\"uniqueName\":\"ONE's\"}", 409,
         "Request_MultipleObjectsWithSameKeyValue"},
        {"PATCH", APPS "/" APP, "{\"uniqueName\":\"two\"}", 400, "Request_BadRequest"},
        {"PATCH", APPS "/" APP, "{\"uniqueName\":null}", 400, "Request_BadRequest"},
        {"PATCH", APPS "/" APP, "{\"uniqueName\":\"one's\"}", 204, ""},
        {"PATCH", APPS "/" OTHER, "{\"uniqueName\":\"one's\"}", 409,
         "Request_MultipleObjectsWithSameKeyValue"},
        {"PATCH", APPS "/" OTHER, "{\"uniqueName\":null}", 204, ""},
        {"PATCH", APPS "/" OTHER, "{\"uniqueName\":\"two\"}", 204, ""},
        {"PATCH", APPS "/" OTHER, "{\"uniqueName\":\"three\"}", 400, "Request_BadRequest"},
        {"PATCH", APPS "/" APP, "{\"signInAudience\":\"x\"}", 400, "Request_BadRequest"},
        {"PATCH", APPS "/" APP, "{\"displayName\":\"New\",\"description\":null}", 204, ""},
    };
    char name[300];
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask(ADMIN, rows[i].method, rows[i].url, rows[i].body);
        answers(rows[i].status, rows[i].code,
                arena_printf(sim.arena, "%s %s", rows[i].method, rows[i].body));
    }
    ask(ADMIN, "GET", SPS "/" APP_SP, NULL);
    is_str(field("displayName"), "New", "a service principal is renamed with its application");
    memset(name, 'x', sizeof name);
    name[257] = '\0';
    ask(ADMIN, "POST", APPS, arena_printf(sim.arena, "{\"displayName\":\"%s\"}", name));
    answers(400, "Request_BadRequest", "257 characters are too many");
    ask(ADMIN, "POST", APPS, arena_printf(sim.arena, "{\"displayName\":\"%s\"}", name + 1));
    answers(201, "", "256 are not");
    ask(ADMIN, "POST", APPS, "{\"displayName\":\"a${b}\"}");
    is_str(field("displayName"), "a${b}", "a name comes back as it was sent");
}

static void test_upsert(void)
{
    static const char url[] = APPS "(uniqueName='it''s')", body[] = "{\"displayName\":\"x\"}";
    const char *id;

    ask_upsert(ADMIN, url, body, "return=representation");
    answers(404, "Request_ResourceNotFound", "without the preference nothing is created");
    ask_upsert(MEMBER, url, body, "create-if-missing");
    answers(403, "Authorization_RequestDenied", "nor without the right");
    ask_upsert(DEVELOPER, url, "{\"notes\":\"x\"}", "create-if-missing");
    answers(400, "Request_BadRequest", "nor without a name");
    ask_upsert(DEVELOPER, url, "{\"displayName\":\"x\",\"uniqueName\":\"y\"}", "create-if-missing");
    answers(400, "Request_BadRequest", "nor with another key in the body");
    ask_upsert(DEVELOPER, url, body, "return=minimal, Create-If-Missing");
    answers(201, "", "an upsert creates");
    is_str(field("uniqueName"), "it's", "with the name of the key");
    id = kept(field("id"));
    ask_upsert(DEVELOPER, url, "{\"displayName\":\"y\"}", "create-if-missing");
    answers(204, "", "once");
    ask(DEVELOPER, "GET", url, NULL);
    is_str(field("id"), id, "it is the same one");
    is_str(field("displayName"), "y", "and was updated");
    ask_upsert(MEMBER, url, body, "create-if-missing");
    answers(403, "Authorization_RequestDenied", "by those who may");
    ask_upsert(ADMIN, APPS "(appId='" NOBODY "')", body, "create-if-missing");
    answers(404, "Request_ResourceNotFound", "an appId is not for clients to choose");
    ask_upsert(ADMIN, APPS "/" NOBODY, body, "create-if-missing");
    answers(404, "Request_ResourceNotFound", "nor is an id");
}

static void test_owners(void)
{
    static const char refs[] = APPS "/" APP "/owners/$ref";
    static const char member[] = "{\"@odata.id\":\"" V1 "/directoryObjects/" MEMBER "\"}";

    ask(MEMBER, "POST", refs, member);
    answers(403, "Authorization_RequestDenied", "a stranger cannot make himself an owner");
    ask(OWNER, "POST", refs, member);
    answers(204, "", "an owner adds one");
    ask(OWNER, "POST", refs, member);
    answers(400, "Request_BadRequest", "once");
    is_str(error_text(),
           "One or more added object references already exist for the following modified "
           "properties: 'owners'.",
           "the words of the second time");
    ask(MEMBER, "PATCH", APPS "/" APP, "{\"notes\":\"n\"}");
    answers(204, "", "the new owner may change it");
    ask(OWNER, "POST", refs, "{\"@odata.id\":\"" V1 "/servicePrincipals/" MI_SP "\"}");
    answers(204, "", "a service principal can own");
    ask(MI_SP, "PATCH", APPS "/" APP, "{\"notes\":\"n\"}");
    answers(204, "", "and then change it");
    ask(MI_SP, "GET", APPS, NULL);
    answers(200, "", "and list");
    ask(MI_SP, "PATCH", APPS "/" OTHER, "{\"notes\":\"n\"}");
    answers(403, "Authorization_RequestDenied", "but not change others");
    ask(OWNER, "POST", refs, "{\"@odata.id\":\"" V1 "/directoryObjects/" NOBODY "\"}");
    answers(404, "Request_ResourceNotFound", "one that is not there");
    ask(OWNER, "POST", refs, "{\"@odata.id\":\"" V1 "/directoryObjects/" MEMBER "/x\"}");
    answers(400, "Request_BadRequest", "a link to something else");
    ask(OWNER, "POST", refs,
        "{\"@odata.id\":\"https://graph.microsoft.net/v1.0/users/" ADMIN "\"}");
    answers(400, "Request_BadRequest", "a link to elsewhere");
    ask(OWNER, "POST", refs, "{\"@odata.id\":\"https:\"}");
    answers(400, "Request_BadRequest", "no link");
    ask(OWNER, "POST", refs, "{}");
    answers(400, "Request_BadRequest", "nothing");
    ask(MEMBER, "GET", APPS "(appId='" APP_ID "')/owners?$select=id", NULL);
    ok(found() == 3 && json_count(first()) == 2, "all owners, with type and id");
    is_str(field("@odata.context"), V1 "/$metadata#directoryObjects(id)", "context");
    ask(DEVELOPER, "DELETE", APPS "/" APP "/owners/" MEMBER "/$ref", NULL);
    answers(403, "Authorization_RequestDenied", "a stranger cannot remove one");
    ask(OWNER, "DELETE", APPS "/" APP "/owners/" MEMBER "/$ref", NULL);
    answers(204, "", "an owner can");
    ask(OWNER, "DELETE", APPS "/" APP "/owners/" MEMBER "/$ref", NULL);
    answers(404, "Request_ResourceNotFound", "once");
    ask(MEMBER, "PATCH", APPS "/" APP, "{\"notes\":\"n\"}");
    answers(403, "Authorization_RequestDenied", "who was removed may nothing any more");
}

/* --- service principals --- */

static void test_principals(void)
{
    const char *id;

    ask(MEMBER, "POST", SPS, "{\"appId\":\"" OTHER_ID "\"}");
    answers(403, "Authorization_RequestDenied", "a stranger makes no service principal");
    ask(ADMIN, "POST", SPS, "{\"appId\":\"" OTHER_ID "\",\"accountEnabled\":true}");
    answers(201, "", "an administrator does");
    is_str(field("displayName"), "App Two", "named as its application");
    is_str(field("servicePrincipalType"), "Application", "of this type");
    ok(json_holds(json_member(sim.answer, "servicePrincipalNames"), OTHER_ID), "with its appId");
    id = kept(field("id"));
    ask(ADMIN, "POST", SPS, "{\"appId\":\"" OTHER_ID "\"}");
    answers(409, "Request_MultipleObjectsWithSameKeyValue", "once");
    ask(ADMIN, "POST", SPS, "{\"appId\":\"" NOBODY "\"}");
    answers(400, "Request_BadRequest", "for no application");
    is_str(error_text(),
           "The appId '" NOBODY "' of the service principal does not reference a valid "
           "application object.",
           "in these words");
    ask(ADMIN, "POST", SPS, "{}");
    answers(400, "Request_BadRequest", "without an appId");
    ask(ADMIN, "PATCH", arena_printf(sim.arena, SPS "/%s", id), "{\"tags\":[\"a\"]}");
    answers(204, "", "it can be changed");
    ask(ADMIN, "PATCH", arena_printf(sim.arena, SPS "/%s", id), "{\"appId\":\"" APP_ID "\"}");
    answers(400, "Request_BadRequest", "but not its appId");
    ask(MEMBER, "DELETE", arena_printf(sim.arena, SPS "/%s", id), NULL);
    answers(403, "Authorization_RequestDenied", "a stranger does not delete it");
    ask(ADMIN, "POST", APPS "/" APP "/owners/$ref",
        arena_printf(sim.arena, "{\"@odata.id\":\"" V1 "/servicePrincipals/%s\"}", id));
    ask(ADMIN, "DELETE", arena_printf(sim.arena, SPS "/%s", id), NULL);
    answers(204, "", "an administrator does");
    ask(ADMIN, "DELETE", SPS "(appId='" OTHER_ID "')", NULL);
    answers(404, "Request_ResourceNotFound", "once");
    ask(ADMIN, "DELETE", APPS "/" APP "/owners/" MI_SP "/$ref", NULL);
    answers(404, "Request_ResourceNotFound", "not an owner");
    ask(ADMIN, "DELETE", arena_printf(sim.arena, APPS "/" APP "/owners/%s/$ref", id), NULL);
    answers(404, "Request_ResourceNotFound", "what is deleted owns nothing");
    ask(ADMIN, "DELETE", SPS "/" MI_SP, NULL);
    answers(403, "Authorization_RequestDenied", "that of a managed identity is not deleted here");
    ask(ADMIN, "PATCH", SPS "/" MI_SP, "{\"tags\":[]}");
    answers(403, "Authorization_RequestDenied", "nor changed");
    ask_upsert(ADMIN, SPS "(appId='" OTHER_ID "')", "{\"appId\":\"" APP_ID "\"}",
               "create-if-missing");
    answers(400, "Request_BadRequest", "an upsert with two appIds");
    ask_upsert(ADMIN, SPS "(appId='" OTHER_ID "')", "{\"displayName\":\"z\"}", "x");
    answers(404, "Request_ResourceNotFound", "an upsert without the preference");
    ask_upsert(ADMIN, SPS "(appId='" OTHER_ID "')", "{\"displayName\":\"z\"}", "create-if-missing");
    answers(201, "", "an upsert creates");
    ask_upsert(ADMIN, SPS "(appId='" OTHER_ID "')", "{}", "create-if-missing");
    answers(204, "", "once");
    ask(OWNER, "DELETE", APPS "/" APP, NULL);
    answers(204, "", "an application is deleted by its owner");
    ask(ADMIN, "GET", SPS "/" APP_SP, NULL);
    answers(404, "Request_ResourceNotFound", "its service principal goes with it");
}

static void test_principal_rights(void)
{
    ask(OWNER, "DELETE", SPS "/" APP_SP, NULL);
    answers(204, "", "an owner deletes the service principal of his application");
    ask(DEVELOPER, "POST", SPS, "{\"appId\":\"" APP_ID "\"}");
    answers(403, "Authorization_RequestDenied", "a developer makes none for another's");
    ask(OWNER, "POST", SPS, "{\"appId\":\"" APP_ID "\"}");
    answers(403, "Authorization_RequestDenied", "an owner who is no developer neither");
    ask(ADMIN, "POST", APPS "/" APP "/owners/$ref",
        "{\"@odata.id\":\"" V1 "/users/" DEVELOPER "\"}");
    ask(DEVELOPER, "POST", SPS, "{\"appId\":\"" APP_ID "\"}");
    answers(201, "", "a developer who owns it does");
}

/* --- replication --- */

static void test_replication(void)
{
    const char *app, *app_id, *body, *id;

    open_directory("60000", "false");
    ask(ADMIN, "POST", APPS, "{\"displayName\":\"Fresh\",\"uniqueName\":\"fresh\"}");
    app = kept(field("id"));
    app_id = kept(field("appId"));
    body = arena_printf(sim.arena, "{\"appId\":\"%s\"}", app_id);
    ask(ADMIN, "POST", SPS, body);
    answers(400, "Request_BadRequest", "a fresh application is not yet known to others");
    ok(strstr(error_text(), "does not reference a valid application object") &&
           strstr(sim.call.reply, "NoBackingApplicationObject"),
       "in the words that clients look for");
    ask(ADMIN, "GET", APPS "?$filter=displayName%20eq%20'Fresh'", NULL);
    ok(found() == 0, "by name it is not found yet");
    ask(ADMIN, "GET", APPS "?$filter=startswith(displayName,'Fresh')", NULL);
    ok(found() == 0, "nor by a part of it");
    ask(ADMIN, "GET", APPS, NULL);
    ok(found() == 2, "nor among all");
    ask(ADMIN, "GET", APPS "?$filter=uniqueName%20eq%20'fresh'", NULL);
    ok(found() == 1, "by uniqueName it is");
    ask(ADMIN, "GET", arena_printf(sim.arena, APPS "?$filter=appId%%20eq%%20'%s'", app_id), NULL);
    ok(found() == 1, "by appId too");
    ask(ADMIN, "GET", arena_printf(sim.arena, APPS "/%s", app), NULL);
    answers(200, "", "and by id");
    ask(ADMIN, "POST", SPS, "{\"appId\":\"" OTHER_ID "\"}");
    answers(201, "", "an old application is known");
    id = kept(field("id"));
    ask(ADMIN, "GET", arena_printf(sim.arena, SPS "/%s", id), NULL);
    answers(404, "Request_ResourceNotFound", "a fresh service principal is not found by id");
    ask(ADMIN, "GET", SPS "(appId='" OTHER_ID "')", NULL);
    answers(200, "", "but by appId");
    ask(ADMIN, "GET", SPS "?$filter=displayName%20eq%20'App%20Two'", NULL);
    ok(found() == 0, "not yet by name");
    json_put_number(json_member(world_root(sim.world), "settings"), "replicationMilliseconds", 0);
    ask(ADMIN, "POST", SPS, body);
    answers(201, "", "some time later it is known");
    ask(ADMIN, "GET", arena_printf(sim.arena, SPS "/%s", id), NULL);
    answers(200, "", "and found");
    ask(ADMIN, "GET", APPS "?$filter=displayName%20eq%20'Fresh'", NULL);
    ok(found() == 1, "also by name");
}

int main(void)
{
    static void (*const tests[])(void) = {test_register,   test_bodies,     test_upsert,
                                          test_owners,     test_principals, test_principal_rights,
                                          test_replication};

    return in_fresh_worlds(tests, sizeof tests / sizeof *tests);
}
