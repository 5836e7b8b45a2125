/* SPDX-License-Identifier: MIT
 * For tests of the simulator: a world from a text, and calls to it without a network.
 *
 *     simulated_open(json_text);
 *     CALL("admin", "GET", "https://management.azure.com/subscriptions?api-version=2022-12-01", NULL);
 *     is_status(200); json_text_of(answer(), "id")
 */
#ifndef TESTS_UNIT_SIMULATED_H
#define TESTS_UNIT_SIMULATED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "encode/encode.h"
#include "simulator/call.h"
#include "simulator/token.h"
#include "tap.h"

#define TENANT       "11111111-1111-1111-1111-111111111111"
#define SUBSCRIPTION "22222222-2222-2222-2222-222222222222"
#define ORGANIZATION "33333333-3333-4333-8333-333333333333"
#define ADMIN        "44444444-4444-4444-8444-444444444444"
#define PROJECT      "55555555-5555-4555-8555-555555555501"

static struct simulated {
    struct arena *arena;
    struct world *world;
    struct keys *keys;
    struct sim_call call;
    json *answer;
} sim;

static void simulated_open(const char *state)
{
    static const char *const hosts[] = {"management.azure.com", NULL};
    struct diags diags;
    json *root;

    sim.arena = sim.arena ? sim.arena : arena_new();
    sim.keys = sim.keys ? sim.keys : keys_new(hosts);
    diags = DIAGS_INIT(sim.arena);
    root = json_parse("state", state, strlen(state), &diags);
    if (!root || !world_check("state", root, &diags)) {
        printf("Bail out! %s\n", diags.count ? diags.items[0].text : "no state");
        exit(1);
    }
    world_free(sim.world);
    sim.world = world_new(root);
}

static void simulated_close(void)
{
    json_free(sim.answer);
    world_free(sim.world);
    keys_free(sim.keys);
    arena_free(sim.arena);
    memset(&sim, 0, sizeof sim);
}

/* A token for the user OID of TENANT and AUDIENCE, good for LIFE seconds. */
static inline const char *simulated_token(const char *oid, const char *tenant, const char *audience,
                                          long life)
{
    json *claims = json_object();

    json_text(claims, "aud", audience);
    json_text(claims, "tid", tenant);
    json_text(claims, "oid", oid);
    json_text(claims, "upn", "person@contoso.example");
    json_text(claims, "idtyp", "user");
    json_put_number(claims, "nbf", world_now() / 1000 - 60);
    json_put_number(claims, "exp", world_now() / 1000 + life);
    return token_sign(sim.arena, sim.keys, SIGNER_ENTRA, claims);
}

/* Makes the call with TOKEN (NULL: none) and further HEADERS, closed by a NULL name (NULL: none). */
static inline void simulated_call(const char *token, const char *method, const char *url,
                                  const char *body, const struct call_header *more)
{
    struct call_header *headers = ARENA_ARRAY(sim.arena, 16, struct call_header);
    const char *host = url + strlen("https://"), *target = strchr(host, '/');
    struct diags diags = DIAGS_INIT(sim.arena);
    size_t n = 0;

    if (token)
        headers[n++] = (struct call_header){
            "Authorization", arena_printf(sim.arena, "Bearer %s", token)};
    if (body)
        headers[n++] = (struct call_header){"Content-Type", "application/json"};
    for (; more && more->name; more++)
        headers[n++] = *more;
    memset(&sim.call, 0, sizeof sim.call);
    sim.call = (struct sim_call){
        .arena = sim.arena, .world = sim.world, .keys = sim.keys, .method = method,
        .host = host_find(arena_strndup(sim.arena, host, (size_t)(target - host))),
        .target = target, .headers = headers, .n_headers = n,
        .body = body ? body : "", .body_len = body ? strlen(body) : 0};
    if (!sim.call.host) {
        printf("Bail out! no such host: %s\n", url);
        exit(1);
    }
    call_dispatch(&sim.call);
    json_free(sim.answer);
    sim.answer = sim.call.reply_len
                     ? json_parse("reply", sim.call.reply, sim.call.reply_len, &diags)
                     : NULL;
}

#endif
