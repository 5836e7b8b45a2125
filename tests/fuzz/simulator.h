/* SPDX-License-Identifier: MIT
 * What the fuzzers of the simulator share: keys and tokens, made once and kept; one call, and what
 * must hold of its answer; what must hold of a world, whatever was done to it. */
#ifndef TESTS_FUZZ_SIMULATOR_H
#define TESTS_FUZZ_SIMULATOR_H

#include "fuzz.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "simulator/call.h"
#include "simulator/devops.h"
#include "simulator/token.h"

enum {
    SIM_ANSWERS = 160,
    SIM_VALUES = 32,
    SIM_KEY_MAX = 32,
    SIM_TOKENS = 1024,
    SIM_TOKEN_AGE = 20 * 60, /* seconds */
};

/* What <key> stands for in a call. */
struct sim_value {
    const char *key, *text;
};

struct sim {
    struct arena *arena;
    struct world *world;
    struct sim_value values[SIM_VALUES];
    size_t n_values;
    json
        *answers[SIM_ANSWERS]; /* <key> is a text of the last one that has it, else one of values */
    size_t n_answers;
};

struct sim_ask {
    const char *method, *target, *body;
    const struct host *host;
    size_t body_len;
    const struct call_header *headers;
    size_t n_headers;
};

/* Keys and tokens */

static inline const struct keys *sim_keys(void)
{
    static const char *const hosts[] = {"management.azure.com", NULL};
    static struct keys *keys;

    keys = keys ? keys : keys_new(hosts);
    MUST(keys);
    return keys;
}

static inline const char *sim_audience(const struct host *host)
{
    switch (host->service) {
    case SERVICE_ARM:
        return host->azure->arm_audiences[0];
    case SERVICE_GRAPH:
        return "00000003-0000-0000-c000-000000000000";
    default:
        return DEVOPS_AUDIENCE;
    }
}

static inline json *sim_claims(const char *tenant, const char *object_id, const char *audience)
{
    json *claims = json_object();

    json_text(claims, "aud", audience);
    json_text(claims, "tid", tenant);
    json_text(claims, "oid", object_id);
    json_text(claims, "upn", "person@contoso.example");
    json_text(claims, "idtyp", "user");
    json_put_number(claims, "nbf", world_now() / 1000 - 60);
    json_put_number(claims, "exp", world_now() / 1000 + 2 * SIM_TOKEN_AGE);
    return claims;
}

/* Entra's token for OBJECT_ID: signing takes longer than most calls. */
static inline const char *sim_token(const char *tenant, const char *object_id, const char *audience)
{
    static struct {
        char *of, *token;
        long long made;
    } kept[SIM_TOKENS], *slot;
    struct arena *arena = arena_new();
    const char *of = arena_printf(arena, "%s %s %s", tenant, object_id, audience), *c;
    long long now = world_now() / 1000;
    size_t hash = 5381;

    for (c = of; *c; c++)
        hash = hash * 33 + (unsigned char)*c;
    slot = &kept[hash % SIM_TOKENS];
    if (!slot->of || strcmp(slot->of, of) != 0 || now - slot->made > SIM_TOKEN_AGE) {
        free(slot->of);
        free(slot->token);
        slot->of = strdup(of);
        slot->token = strdup(
            token_sign(arena, sim_keys(), SIGNER_ENTRA, sim_claims(tenant, object_id, audience)));
        slot->made = now;
    }
    arena_free(arena);
    return slot->token;
}

/* Trees */

static inline bool sim_same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

/* Says where A and B are not: kinds, texts, and all children of whatever it is. */
static inline bool sim_same(const json *a, const json *b)
{
    char one[JSON_NUMBER_MAX], other[JSON_NUMBER_MAX];
    const json *x = json_first(a), *y = json_first(b);
    bool same =
        json_kind(a) == json_kind(b) && sim_same_text(json_as_text(a, one), json_as_text(b, other));

    for (; same && x && y; x = json_next(x), y = json_next(y))
        same = sim_same(x, y) && (json_kind(a) != JSON_OBJECT || !strcmp(json_key(x), json_key(y)));
    if (same && !x && !y)
        return true;
    fprintf(stderr, "not the same: %s\n", json_key(a) ? json_key(a) : "an item");
    return false;
}

/* The world has the shape of one, also after it was saved and loaded, and means the same then. */
static inline void sim_must_fit(struct sim *sim)
{
    struct diags diags = DIAGS_INIT(sim->arena);
    const json *root = world_root(sim->world);
    struct strbuf out;
    json *again;

    strbuf_init(&out, LIMIT_JSON_FILE);
    json_print(&out, root, encode_json_data);
    again = json_parse("saved", out.data, out.len, &diags);
    if (again)
        world_check("saved", again, &diags);
    if (diags.count)
        fprintf(stderr, "%s\n", diags.items[0].text);
    MUST(!out.overflow && !diags.count && sim_same(root, again));
    json_free(again);
    strbuf_clear(&out);
}

/* Texts with values */

static inline void sim_put_percent(struct strbuf *out, const char *text)
{
    for (; *text; text++)
        if ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z')
            strbuf_addc(out, *text);
        else
            strbuf_addf(out, "%%%02x", (unsigned char)*text);
}

static inline void sim_put_json(struct strbuf *out, const char *text)
{
    struct strbuf quoted;

    strbuf_init(&quoted, LIMIT_CALL_REPLY);
    encode_json_data(&quoted, text);
    strbuf_add(out, quoted.data + 1, quoted.len - 2);
    strbuf_clear(&quoted);
}

static inline const char *sim_value(const struct sim *sim, const char *key)
{
    size_t i;

    for (i = sim->n_answers; i; i--)
        if (*json_text_of(sim->answers[i - 1], key))
            return json_text_of(sim->answers[i - 1], key);
    for (i = 0; i < sim->n_values; i++)
        if (!strcmp(sim->values[i].key, key))
            return sim->values[i].text;
    return NULL;
}

/* LEN bytes at TEXT with the value of each <key> that has one; PUT may be strbuf_adds. */
static inline const char *sim_fill(struct sim *sim, const char *text, size_t len,
                                   void (*put)(struct strbuf *out, const char *text),
                                   size_t *ret_len)
{
    struct strbuf out;
    const char *copy;
    size_t i;

    strbuf_init(&out, LIMIT_CALL_BODY);
    for (i = 0; i < len; i++) {
        size_t near = len - i < SIM_KEY_MAX ? len - i : SIM_KEY_MAX;
        const char *end = text[i] == '<' ? memchr(text + i, '>', near) : NULL;
        const char *value = NULL;

        if (end)
            value = sim_value(
                sim, arena_strndup(sim->arena, text + i + 1, (size_t)(end - text - 1) - i));
        if (!value) {
            strbuf_addc(&out, text[i]);
            continue;
        }
        put(&out, value);
        i = (size_t)(end - text);
    }
    *ret_len = out.len;
    copy = arena_strndup(sim->arena, out.data, out.len);
    strbuf_clear(&out);
    return copy;
}

/* Calls */

static inline void sim_must_be_line(const char *text)
{
    for (; *text; text++)
        MUST((unsigned char)*text >= ' ' && *text != 127);
}

/* Keeps the answer when it is JSON. */
static inline void sim_must_be_answer(struct sim *sim, const struct sim_call *call)
{
    struct diags diags = DIAGS_INIT(sim->arena);
    json *answer;
    size_t i;

    MUST(call->status >= 200 && call->status < 600 && call->reply && !call->reply[call->reply_len]);
    MUST(call->status < 400 || call->code);
    MUST(call->status != 204 || !call->reply_len);
    for (i = 0; i < call->n_reply_headers; i++) {
        sim_must_be_line(call->reply_headers[i].name);
        sim_must_be_line(call->reply_headers[i].value);
    }
    if (!call->reply_len)
        return;
    MUST(call->content_type);
    if (strncmp(call->content_type, "application/json", 16) != 0)
        return;
    answer = json_parse("answer", call->reply, call->reply_len, &diags);
    if (!answer)
        fprintf(stderr, "%s: %s\n", diags.items[0].text, call->reply);
    MUST(answer && sim->n_answers < SIM_ANSWERS);
    sim->answers[sim->n_answers++] = answer;
}

static inline int sim_ask(struct sim *sim, const struct sim_ask *ask)
{
    struct sim_call call = {.arena = sim->arena,
                            .world = sim->world,
                            .keys = sim_keys(),
                            .host = ask->host,
                            .method = ask->method,
                            .target = ask->target,
                            .headers = ask->headers,
                            .n_headers = ask->n_headers,
                            .body = ask->body,
                            .body_len = ask->body_len};

    if (getenv("FUZZ_SHOW"))
        fprintf(stderr, "%s https://%s%s\n", call.method, call.host->name, call.target);
    call_dispatch(&call);
    if (getenv("FUZZ_SHOW"))
        fprintf(stderr, "  %d %.*s\n", call.status, (int)call.reply_len, call.reply);
    sim_must_be_answer(sim, &call);
    return call.status;
}

/* STATE becomes a world; the shape was checked. */
static inline void sim_open(struct sim *sim, json *state)
{
    *sim = (struct sim){.arena = arena_new(), .world = world_new(state)};
}

static inline void sim_close(struct sim *sim)
{
    while (sim->n_answers)
        json_free(sim->answers[--sim->n_answers]);
    world_free(sim->world);
    arena_free(sim->arena);
}

#endif
