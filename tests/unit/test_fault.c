/* SPDX-License-Identifier: MIT
 * Faults without az: how they strike a real HTTPS call, which writes a table has, and when two
 * worlds are the same. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "model/load.h"
#include "rehearse/fault_parts.h"
#include "remote/transfer.h"
#include "simulator/token.h"
#include "tap.h"

#define TENANT "11111111-1111-1111-1111-111111111111"
#define SUB    "22222222-2222-2222-2222-222222222222"
#define GROUP  "https://management.azure.com/subscriptions/" SUB "/resourceGroups/"
#define KNOWN  "33333333-3333-4333-8333-333333333333"

static struct arena *arena;

static json *parse(const char *text)
{
    struct diags diags = DIAGS_INIT(arena);
    json *root = json_parse("text", text, strlen(text), &diags);

    if (root)
        return root;
    printf("Bail out! not JSON: %s\n", text);
    exit(1);
}

/* Calls */

struct place {
    struct rehearsal_request request;
    struct rehearsal result;
    struct rehearsing r;
    struct fault fault;
};

static struct place *open_place(json *state)
{
    struct place *place = ARENA_NEW(arena, struct place);

    place->request.state = state;
    rehearsal_init(&place->result);
    place->r =
        (struct rehearsing){.arena = arena, .request = &place->request, .result = &place->result};
    if (!scene_open(&place->r) && !place->r.lab.server) {
        printf("Bail out! %s\n", place->result.why);
        exit(1);
    }
    fault_init(&place->fault, &place->r);
    return place;
}

static void close_place(struct place *place)
{
    scene_close(&place->r);
    rehearsal_release(&place->result);
}

static const char *token_of(struct place *place)
{
    const json *tenant = world_tenant(place->r.lab.world, TENANT);
    const json *user =
        json_find(json_member(tenant, "users"), "name", "everything@rehearsal.example");
    json *claims = json_object();

    json_text(claims, "aud", "https://management.azure.com");
    json_text(claims, "tid", TENANT);
    json_text(claims, "oid", json_text_of(user, "id"));
    json_text(claims, "upn", "everything@rehearsal.example");
    json_text(claims, "idtyp", "user");
    json_put_number(claims, "exp", world_now() / 1000 + 3600);
    return token_sign(arena, server_keys(place->r.lab.server), SIGNER_ENTRA, claims);
}

/* The status with which a resource group is made; 0: no reply came. */
static struct transfer_reply make_group(struct place *place, const char *name)
{
    const struct transfer transfer = {
        .method = "PUT",
        .url = arena_printf(arena, "%s%s?api-version=2021-04-01", GROUP, name),
        .token = token_of(place),
        .content_type = "application/json",
        .body = "{\"location\":\"westeurope\"}",
        .proxy = arena_printf(arena, "http://127.0.0.1:%u", server_port(place->r.lab.server)),
        .ca_pem = keys_ca_pem(server_keys(place->r.lab.server)),
    };

    return transfer_run(arena, &transfer, 1024 * 1024);
}

static bool has_group(struct place *place, const char *name)
{
    json *world = world_snapshot(&place->r);
    bool found = json_find(json_member(json_find(json_member(world, "subscriptions"), "id", SUB),
                                       "resourceGroups"),
                           "name", name) != NULL;

    json_free(world);
    return found;
}

static void strike(struct place *place, enum fault_kind kind, int status, bool done)
{
    const char *name = fault_name(kind), *second = arena_printf(arena, "rg-%s-2", name);
    struct transfer_reply reply;

    fault_arm(&place->fault, kind, false, 2);
    ok(make_group(place, arena_printf(arena, "rg-%s-1", name)).status == 201,
       "the write before it is as ever");
    reply = make_group(place, second);
    ok(reply.status == status, "%s: %d, %s", name, reply.status, reply.why ? reply.why : "");
    ok(has_group(place, second) == done, "%s: it is %sdone", name, done ? "" : "not ");
    reply = make_group(place, arena_printf(arena, "rg-%s-3", name));
    ok(reply.status == (kind == FAULT_ROLE_ENDED ? 403 : 201), "%s: the next one: %d", name,
       reply.status);
    ok(fault_disarm(&place->fault), "%s has struck", name);
    ok(make_group(place, arena_printf(arena, "rg-%s-4", name)).status == 201, "and is over");
}

static void test_strikes(void)
{
    const char *folder = getenv("SRCDIR");
    struct diags diags = DIAGS_INIT(arena);
    const struct spec *spec = spec_load(
        arena, arena_printf(arena, "%s/examples/contoso.ini", folder ? folder : "."), &diags);
    json *state = fit_world(spec);
    struct place *place = open_place(state);

    strike(place, FAULT_LOST_REPLY, 0, true);
    strike(place, FAULT_THROTTLED, 429, false);
    strike(place, FAULT_SERVER_ERROR, 500, false);
    strike(place, FAULT_RESET, 0, false);
    strike(place, FAULT_ROLE_ENDED, 403, false);
    fault_arm(&place->fault, FAULT_RESET, false, 2);
    ok(!fault_disarm(&place->fault), "without a write nothing strikes");
    close_place(place);
    json_free(state);
}

/* Tables */

static struct seen_call seen(const char *method, const char *host, const char *target)
{
    return (struct seen_call){.method = method,
                              .host = host,
                              .target = target,
                              .who = "",
                              .code = "",
                              .status = 200,
                              .change = call_is_change(host_find(host), method, target)};
}

static void test_table(void)
{
    static const struct connection connection = {.key = "payments"};
    struct seen_call calls[] = {
        seen("POST", "login.microsoftonline.com", "/x/oauth2/v2.0/token"),
        seen("GET", "management.azure.com", "/subscriptions"),
        seen("PUT", "management.azure.com", "/subscriptions/a"),
        seen("POST", "dev.azure.com", "/contoso/_apis/serviceendpoint/endpoints"),
        seen("POST", "dev.azure.com", "/contoso/p/_apis/x/oidctoken?api-version=7.1"),
        seen("DELETE", "dev.azure.com", "/contoso/_apis/serviceendpoint/endpoints/b"),
    };
    struct phase phases[] = {
        {.kind = PHASE_PROVISION,
         .connection = &connection,
         .script = "provision.sh",
         .n_calls = 4},
        {.kind = PHASE_JOB, .connection = &connection, .first_call = 4, .n_calls = 1},
        {.kind = PHASE_ROLLBACK,
         .connection = &connection,
         .script = "rollback.sh",
         .first_call = 5,
         .n_calls = 1}};
    const struct rehearsal base = {.phases = phases, .n_phases = 3, .calls = calls, .n_calls = 6};
    struct fault_table table;
    const char *why = "";

    ok(fault_plan(arena, &base, NULL, &table, &why) && table.n_writes == 3,
       "what asks for a token is no write");
    ok(table.n_wanted == 3 * FAULT_KINDS, "all of them, at each write");
    is_str(table.writes[2].script, "rollback.sh", "rollback's writes come after");
    ok(fault_plan(arena, &base, "killed@1,lost-reply@3,killed@1", &table, &why) &&
           table.n_wanted == 2 && table.cells[FAULT_KILLED].wanted &&
           table.cells[2 * FAULT_KINDS + FAULT_LOST_REPLY].wanted,
       "some, each once");
    ok(!fault_plan(arena, &base, "killed@4", &table, &why), "a write that does not come");
    is_str(why, "there is no write 4: the rehearsal has 3 of them", "and why");
}

static void test_wishes(void)
{
    static const struct {
        const char *wish, *why;
    } wishes[] = {
        {"killed@1", NULL},
        {"killed@1,slow@12", NULL},
        {"", "'' is no KIND@N, such as lost-reply@3"},
        {"killed", "'killed' is no KIND@N, such as lost-reply@3"},
        {"killed@", "'killed@' is no KIND@N, such as lost-reply@3"},
        {"killed@0", "'killed@0' is no KIND@N, such as lost-reply@3"},
        {"killed@-1", "'killed@-1' is no KIND@N, such as lost-reply@3"},
        {"killed@1x", "'killed@1x' is no KIND@N, such as lost-reply@3"},
        {"killed@1,", "'' is no KIND@N, such as lost-reply@3"},
        {"killed@1,,slow@1", "'' is no KIND@N, such as lost-reply@3"},
        {"killed@99999999999999999999",
         "'killed@99999999999999999999' is no KIND@N, such as lost-reply@3"},
        {"kiled@1", "there is no fault 'kiled'; did you mean 'killed'?"},
        {"earthquake@1", "there is no fault 'earthquake'"},
    };
    size_t i;

    for (i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        const char *why = NULL;
        bool valid = fault_wish_valid(arena, wishes[i].wish, &why);

        ok(valid == !wishes[i].why, "'%s' is %s", wishes[i].wish, valid ? "good" : "bad");
        if (!valid && wishes[i].why)
            is_str(why, wishes[i].why, "and why");
    }
}

/* Worlds */

static bool same(const char *origin, const char *one, const char *other)
{
    json *worlds[] = {parse(origin), parse(one), parse(other)};
    bool result = !*world_changes(arena, worlds[0], worlds[1], worlds[2]);

    json_free(worlds[0]);
    json_free(worlds[1]);
    json_free(worlds[2]);
    return result;
}

#define NEW_A "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
#define NEW_B "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"

static void test_worlds(void)
{
    const char *origin = "{\"id\":\"" KNOWN "\"}";

    ok(same(origin, "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"), "members in any order");
    ok(same(origin, "{\"issued\":1,\"list\":[]}", "{\"issued\":2}"), "counters do not count");
    ok(same(origin, "[\"" NEW_A "\",\"x" NEW_A "\"]", "[\"" NEW_B "\",\"x" NEW_B "\"]"),
       "what is new may have another id");
    ok(!same(origin, "[\"" NEW_A "\",\"" NEW_A "\"]", "[\"" NEW_A "\",\"" NEW_B "\"]"),
       "but one id is not two");
    ok(!same(origin, "[\"" NEW_A "\"]", "[\"" KNOWN "\"]"), "and not one that was known");
    ok(!same(origin, "[1]", "[1,1]"), "nothing twice");
    ok(!same(origin, "[1,2]", "[1]"), "nothing missing");
    ok(!same(origin, "[\"" NEW_A "0\"]", "[\"" NEW_B "0\"]"), "something longer is no id");
}

static void test_edit(void)
{
    const char *text =
        "{\"tenants\":[{\"applications\":[{\"displayName\":\"old\"},"
        "{\"displayName\":\"new\",\"federatedCredentials\":[{\"subject\":\"s\"}]}]}]}";
    json *before = parse("{\"tenants\":[{\"applications\":[{\"displayName\":\"old\"}]}]}");
    json *world = parse(text), *original = parse(text);
    char *was = fault_edit(world, before);

    is_str(was, "new", "what was not there before is edited");
    ok(!json_equal(world, original), "it is another now");
    if (was)
        fault_unedit(world, was);
    ok(json_equal(world, original), "and can be put back");
    free(was);
    was = fault_edit(world, world);
    ok(!was, "what was there is left alone");
    free(was);
    json_free(before);
    json_free(world);
    json_free(original);
}

int main(void)
{
    arena = arena_new();
    test_strikes();
    test_table();
    test_wishes();
    test_worlds();
    test_edit();
    arena_free(arena);
    return done_testing();
}
