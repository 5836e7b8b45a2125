/* SPDX-License-Identifier: MIT
 * Microsoft Graph: federated credentials of app registrations. */
#include "sim_graph_world.h"

/* --- federated credentials --- */

#define FIC(name, issuer, subject)                                                                 \
    "{\"name\":\"" name "\",\"issuer\":\"" issuer "\",\"subject\":\"" subject                      \
    "\",\"audiences\":[\"api://AzureADTokenExchange\"]}"

static void test_credentials(void)
{
    static const char by_name[] = FICS "(name='one-fic')";
    const char *id;

    ask(MEMBER, "POST", FICS, FIC("one-fic", "https://i", "s"));
    answers(403, "Authorization_RequestDenied", "a stranger adds no credential");
    ask(OWNER, "POST", FICS, FIC("one-fic", "https://i", "s"));
    answers(201, "", "an owner does");
    is_str(field("@odata.context"),
           V1 "/$metadata#applications('" APP "')/federatedIdentityCredentials/$entity", "context");
    ok(guid_valid(field("id")) && json_member(sim.answer, "description") &&
           json_holds(json_member(sim.answer, "audiences"), "api://AzureADTokenExchange"),
       "with all its members");
    id = kept(field("id"));
    ask(MEMBER, "GET", FICS, NULL);
    ok(found() == 1, "any member lists them");
    is_str(field("@odata.context"),
           V1 "/$metadata#applications('" APP "')/"
              "federatedIdentityCredentials",
           "context of the list");
    ask(MEMBER, "GET", FICS "?$filter=name%20eq%20'other'", NULL);
    ok(sim.call.status == 200 && found() == 0, "filtered");
    ask(MEMBER, "GET", FICS "?$filter=subject%20eq%20'S'", NULL);
    ok(sim.call.status == 200 && found() == 0, "a subject to the letter");
    ask(MEMBER, "GET", arena_printf(sim.arena, FICS "/%s", id), NULL);
    is_str(field("name"), "one-fic", "by id");
    ask(MEMBER, "GET", FICS "/one-fic", NULL);
    is_str(field("id"), id, "by name");
    ask(MEMBER, "GET", by_name, NULL);
    is_str(field("id"), id, "by key");
    ask(MEMBER, "GET", APPS "(appId='" APP_ID "')/federatedIdentityCredentials/one-fic", NULL);
    is_str(field("id"), id, "below the appId");
    ask(MEMBER, "GET", APPS "(uniqueName='one''s')/federatedIdentityCredentials(name='one-fic')",
        NULL);
    is_str(field("id"), id, "below the uniqueName");
    ask(OWNER, "POST", FICS, FIC("One-FIC", "https://j", "t"));
    answers(409, "Request_MultipleObjectsWithSameKeyValue", "the same name");
    ask(OWNER, "POST", FICS, FIC("two-fic", "https://i", "s"));
    answers(400, "InvalidFederatedIdentityCredentialValue", "the same issuer and subject");
    ok(strstr(error_text(), "The combination of issuer and subject must be unique for the "
                            "application") != NULL,
       "in these words");
    ask(OWNER, "POST", FICS, FIC("two-fic", "https://i", "S"));
    answers(201, "", "another letter case is another subject");
    ask(OWNER, "PATCH", FICS "/two-fic", "{\"subject\":\"s\"}");
    answers(400, "InvalidFederatedIdentityCredentialValue", "an update to the same");
    ask(OWNER, "PATCH", FICS "/two-fic", "{\"name\":\"new-name\"}");
    answers(400, "Request_BadRequest", "a name cannot change");
    ask(OWNER, "PATCH", FICS "/two-fic", "{\"name\":\"two-fic\",\"subject\":\"S\"}");
    answers(204, "", "its own values are no duplicate");
    ask(MEMBER, "PATCH", FICS "/two-fic", "{\"subject\":\"u\"}");
    answers(403, "Authorization_RequestDenied", "a stranger updates nothing");
    ask(OWNER, "PATCH", FICS "/two-fic", "{\"subject\":\"u\",\"description\":\"d\"}");
    answers(204, "", "an owner does");
    ask(OWNER, "GET", FICS "/two-fic", NULL);
    is_str(field("subject"), "u", "that is what it is then");
    ask(MEMBER, "DELETE", FICS "/two-fic", NULL);
    answers(403, "Authorization_RequestDenied", "a stranger deletes nothing");
    ask(OWNER, "DELETE", FICS "/two-fic", NULL);
    answers(204, "", "an owner does");
    ask(OWNER, "GET", FICS "/two-fic", NULL);
    answers(404, "Request_ResourceNotFound", "it is gone");
    ask(OWNER, "DELETE", arena_printf(sim.arena, FICS "/%s", id), NULL);
    answers(204, "", "by id as well");
}

static void test_credential_values(void)
{
    static const char invalid[] = "InvalidFederatedIdentityCredentialValue";
    static const struct {
        const char *body;
        int status;
        const char *code;
    } rows[] = {
        {"{}", 400, "Request_BadRequest"},
        {FIC("ab", "i", "s"), 400, invalid},
        {FIC("a b c", "i", "s"), 400, invalid},
        {FIC("-abc", "i", "s"), 400, invalid},
        {FIC("abc", "", "s"), 400, invalid},
        {FIC("abc", "i", ""), 400, invalid},
        {"{\"name\":\"abc\",\"issuer\":\"i\",\"audiences\":[\"a\"]}", 400, invalid},
        {"{\"name\":\"abc\",\"issuer\":\"i\",\"subject\":\"s\"}", 400, invalid},
        {"{\"name\":\"abc\",\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[]}", 400, invalid},
        {"{\"name\":\"abc\",\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[\"a\",\"b\"]}", 400,
         invalid},
        {"{\"name\":\"abc\",\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":\"a\"}", 400, invalid},
        {"{\"name\":\"abc\",\"issuer\":\"i\",\"subject\":1,\"audiences\":[\"a\"]}", 400, invalid},
        {"{\"name\":7,\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[\"a\"]}", 400, invalid},
        {"{\"name\":\"abc\",\"issuer\":\"i\",\"subject\":\"\\u0001\",\"audiences\":[\"a\"]}", 400,
         "Request_BadRequest"},
        {"{\"name\":\"abc\",\"id\":\"x\"}", 400, "Request_BadRequest"},
        {"{\"name\":\"abc\",\"colour\":\"x\"}", 400, "Request_BadRequest"},
        {"{\"name\":\"abc\",\"claimsMatchingExpression\":{\"value\":\"x\"}}", 501, "NotModelled"},
    };
    char subject[602];
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask(OWNER, "POST", FICS, rows[i].body);
        answers(rows[i].status, rows[i].code, rows[i].body);
    }
    memset(subject, 's', sizeof subject);
    subject[601] = '\0';
    ask(OWNER, "POST", FICS, arena_printf(sim.arena, FIC("abc", "i", "%s"), subject));
    answers(400, invalid, "601 characters");
    for (i = 0; i < LIMIT_CREDENTIALS; i++)
        ask(OWNER, "POST", FICS, arena_printf(sim.arena, FIC("f-%zu", "i", "%zu"), i, i));
    answers(201, "", "twenty");
    ask(OWNER, "POST", FICS, FIC("more", "i", "more"));
    answers(400, invalid, "no more than twenty");
    ask(OWNER, "PATCH", FICS "/f-1", "{\"subject\":\"other\"}");
    answers(204, "", "an update of the twentieth");
}

static void test_credential_upsert(void)
{
    static const char url[] = FICS "(name='ups')";
    static const char body[] = "{\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[\"a\"]}";

    ask_upsert(OWNER, url, body, "x");
    answers(404, "Request_ResourceNotFound", "without the preference");
    ask_upsert(MEMBER, url, body, "create-if-missing");
    answers(403, "Authorization_RequestDenied", "without rights");
    ask_upsert(OWNER, FICS "/ups", body, "create-if-missing");
    answers(404, "Request_ResourceNotFound", "only by the name as key");
    ask_upsert(OWNER, url, "{\"issuer\":\"i\"}", "create-if-missing");
    answers(400, "InvalidFederatedIdentityCredentialValue", "an incomplete one");
    ask_upsert(OWNER, url, FIC("other", "i", "s"), "create-if-missing");
    answers(400, "Request_BadRequest", "with another name");
    ask_upsert(OWNER, FICS "(name='no%20good')", body, "create-if-missing");
    answers(400, "InvalidFederatedIdentityCredentialValue", "a name that none may have");
    ask_upsert(OWNER, url, body, "create-if-missing");
    answers(201, "", "created");
    is_str(field("name"), "ups", "with the name of the key");
    ask_upsert(OWNER, url, "{\"subject\":\"t\"}", "create-if-missing");
    answers(204, "", "updated");
    ask(OWNER, "GET", FICS, NULL);
    ok(found() == 1, "one");
}

int main(void)
{
    static void (*const tests[])(void) = {test_credentials, test_credential_values,
                                          test_credential_upsert};

    return in_fresh_worlds(tests, sizeof tests / sizeof *tests);
}
