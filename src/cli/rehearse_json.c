/* SPDX-License-Identifier: MIT
 * A rehearsal as data. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/rehearse.h"
#include "emit/review.h"
#include "encode/encode.h"

/* What a body may hold that nobody else should read. None of our scripts sends such a thing, but a
 * template of somebody's own could. */
static const char *const secrets[] = {
    "password",      "passwordCredentials", "secretText",    "serviceprincipalkey",
    "apitoken",      "accessToken",         "client_secret", "client_assertion",
    "refresh_token", "assertion",           "access_token",  NULL};

static void hide_secrets(json *item)
{
    const char *const *secret;
    json *each;

    for (secret = secrets; *secret; secret++)
        if (json_kind(item) == JSON_OBJECT && json_member(item, *secret))
            json_put_text(item, *secret, "(not shown)");
    for (each = json_first_of(item); each; each = json_next_of(each))
        hide_secrets(each);
}

/* A body, laid out to be read. What is no JSON is not shown: nobody knows what is in it. */
static void add_body(json *call, const struct seen_call *seen)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    json *body = *seen->body ? json_parse("", seen->body, strlen(seen->body), &diags) : NULL;
    struct strbuf text;

    strbuf_init(&text, 16 * LIMIT_SEEN_BODY);
    if (body) {
        hide_secrets(body);
        json_print(&text, body, encode_json_data);
        json_text(call, "body", text.data);
    }
    json_text(call, "body_note",
              seen->body_not_kept    ? "A longer body than is kept."
              : *seen->body && !body ? "A body that is no JSON, which is not shown."
                                     : NULL);
    strbuf_clear(&text);
    json_free(body);
    arena_free(arena);
}

static json *call_of(const struct seen_call *call)
{
    struct arena *arena = arena_new();
    json *item = json_object();
    char time[32];

    world_time_text(call->at, time);
    json_text(item, "time", time);
    json_text(item, "method", call->method);
    json_text(item, "host", call->host);
    json_text(item, "target", call->target);
    json_text(item, "url", arena_printf(arena, "https://%s%s", call->host, call->target));
    json_number(item, "status", call->status);
    json_add(item, "milliseconds", json_decimal(call->milliseconds));
    json_text(item, "who", call->who);
    json_text(item, "code", call->code);
    json_bool(item, "write", call->write);
    json_bool(item, "change", call->change);
    json_bool(item, "failed", call->refused || call->status >= 400);
    json_bool(item, "refused", call->refused);
    add_body(item, call);
    arena_free(arena);
    return item;
}

static json *calls_of(const struct rehearsal *rehearsal, const struct phase *phase)
{
    json *list = json_array();
    size_t i;

    for (i = 0; i < phase->n_calls; i++)
        json_append(list, call_of(&rehearsal->calls[phase->first_call + i]));
    return list;
}

static json *proof_of(const struct phase *phase)
{
    const struct job_result *job = &phase->job;
    json *proof = json_object(), *steps;
    size_t i;

    json_text(proof, "issuer", job->issuer);
    json_text(proof, "subject", job->subject);
    json_text(proof, "audience", job->audience);
    json_text(proof, "note", phase->job_note);
    steps = json_add(proof, "steps", json_array());
    for (i = 0; i < job->n_steps; i++) {
        json *step = json_append(steps, json_object());

        json_text(step, "what", job->steps[i].what);
        json_number(step, "status", job->steps[i].status);
        json_bool(step, "good", job->steps[i].good);
        json_text(step, "text", job->steps[i].text);
    }
    return proof;
}

static json *phase_of(const struct rehearsal *rehearsal, const struct phase *phase, size_t number)
{
    json *item = json_object(), *arguments;
    const char *const *argument;

    json_number(item, "number", (long)number);
    json_text(item, "kind", phase_name(phase->kind));
    json_text(item, "title", phase->title);
    if (phase->connection)
        json_text(item, "connection", phase->connection->name.text);
    json_text(item, "person", person_title(phase->person));
    json_text(item, "script", phase->script);
    if (phase->script) {
        arguments = json_add(item, "arguments", json_array());
        for (argument = phase->arguments; *argument; argument++)
            json_append_text(arguments, *argument);
        json_number(item, "status", phase->status);
        json_text(item, "output", phase->output);
    }
    json_bool(item, "good", phase->good);
    json_text(item, "why", phase->why);
    json_add(item, "seconds", json_decimal(phase->seconds));
    json_number(item, "call_count", (long)phase->n_calls);
    json_number(item, "writes", (long)phase->n_writes);
    if (phase->kind == PHASE_JOB)
        json_add(item, "proof", proof_of(phase));
    json_add(item, "calls", calls_of(rehearsal, phase));
    return item;
}

static json *isolation_of(const struct isolation *isolation)
{
    json *item = json_object();

    json_bool(item, "network", isolation->network);
    json_text(item, "why_not_network", isolation->why_not_network);
    json_bool(item, "home", isolation->home);
    json_text(item, "why_not_home", isolation->why_not_home);
    return item;
}

/* Of all phases together. */
static json *totals_of(const struct rehearsal *rehearsal)
{
    json *item = json_object();
    double seconds = 0;
    size_t i, writes = 0;

    for (i = 0; i < rehearsal->n_phases; i++) {
        seconds += rehearsal->phases[i].seconds;
        writes += rehearsal->phases[i].n_writes;
    }
    json_number(item, "phases", (long)rehearsal->n_phases);
    json_number(item, "calls", (long)rehearsal->n_calls);
    json_number(item, "writes", (long)writes);
    json_add(item, "seconds", json_decimal(seconds));
    return item;
}

/* Have pipelines signed in, and none failed to? */
static bool is_proven(const struct rehearsal *rehearsal)
{
    bool proven = false;
    size_t i;

    for (i = 0; i < rehearsal->n_phases; i++) {
        if (rehearsal->phases[i].kind != PHASE_JOB)
            continue;
        if (!rehearsal->phases[i].good)
            return false;
        proven = true;
    }
    return proven;
}

static void add_results(json *root, const struct rehearsal *rehearsal)
{
    json *phases = json_add(root, "phases", json_array());
    size_t i;

    for (i = 0; i < rehearsal->n_phases; i++)
        json_append(phases, phase_of(rehearsal, &rehearsal->phases[i], i + 1));
    json_text(root, "difference", rehearsal->difference);
    if (!rehearsal->end_state)
        return;
    json_add(root, "result", rehearse_world(rehearsal->end_state, rehearsal->began));
    json_add(root, "end_state", json_copy(rehearsal->end_state));
}

json *rehearse_document(const struct rehearsal_request *request, const struct isolation *isolation,
                        const struct rehearsal *rehearsal, const struct fault_table *faults)
{
    json *root = json_object();
    char began[32];

    world_time_text(rehearsal->began, began);
    json_number(root, "schema", 1);
    json_text(root, "version", PACKAGE_VERSION);
    json_text(root, "ini", request->spec->file);
    json_text(root, "digest", request->spec->digest);
    json_text(root, "began", began);
    json_bool(root, "split", request->split);
    json_text(root, "only", request->only ? request->only->name.text : NULL);
    json_bool(root, "good", rehearsal->good && (!faults || faults->good));
    json_bool(root, "proven", is_proven(rehearsal));
    json_add(root, "totals", totals_of(rehearsal));
    json_add(root, "isolation", isolation_of(isolation));
    json_add(root, "review", review_json(request->spec, request->only));
    if (faults)
        json_add(root, "faults", faults_document(faults));
    add_results(root, rehearsal);
    return root;
}

void rehearse_print_json(const json *document)
{
    struct strbuf out;

    strbuf_init(&out, LIMIT_PLAN);
    json_print(&out, document, encode_json_data);
    fwrite(out.data, 1, out.len, stdout);
    putchar('\n');
    strbuf_clear(&out);
}
