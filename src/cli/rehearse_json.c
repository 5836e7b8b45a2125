/* SPDX-License-Identifier: MIT
 * A rehearsal as data. */
#include <stdio.h>

#include "base/limits.h"
#include "cli/rehearse.h"
#include "encode/encode.h"

static json *calls_of(const struct rehearsal *rehearsal, const struct phase *phase)
{
    json *list = json_array();
    size_t i;

    for (i = phase->first_call; i < phase->first_call + phase->n_calls; i++) {
        const struct seen_call *call = &rehearsal->calls[i];
        json *item = json_append(list, json_object());
        char time[32];

        world_time_text(call->at, time);
        json_text(item, "time", time);
        json_text(item, "method", call->method);
        json_text(item, "host", call->host);
        json_text(item, "target", call->target);
        json_number(item, "status", call->status);
        json_add(item, "milliseconds", json_decimal(call->milliseconds));
        json_text(item, "who", call->who);
        json_text(item, "code", call->code);
        json_bool(item, "write", call->write);
        json_bool(item, "refused", call->refused);
    }
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

static json *phase_of(const struct rehearsal *rehearsal, const struct phase *phase)
{
    json *item = json_object(), *arguments;
    const char *const *argument;

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
    json_bool(item, "home", isolation->home);
    return item;
}

void rehearse_print_json(const struct spec *spec, bool split, const struct isolation *isolation,
                         const struct rehearsal *rehearsal, const struct fault_table *faults)
{
    json *root = json_object(), *phases;
    struct strbuf out;
    size_t i;

    json_number(root, "schema", 1);
    json_text(root, "ini", spec->file);
    json_text(root, "digest", spec->digest);
    json_bool(root, "split", split);
    json_bool(root, "good", rehearsal->good && (!faults || faults->good));
    json_add(root, "isolation", isolation_of(isolation));
    phases = json_add(root, "phases", json_array());
    for (i = 0; i < rehearsal->n_phases; i++)
        json_append(phases, phase_of(rehearsal, &rehearsal->phases[i]));
    json_text(root, "difference", rehearsal->difference);
    if (rehearsal->end_state)
        json_add(root, "end_state", json_copy(rehearsal->end_state));
    if (faults)
        json_add(root, "faults", faults_document(faults));
    strbuf_init(&out, LIMIT_PLAN);
    json_print(&out, root, encode_json_data);
    fwrite(out.data, 1, out.len, stdout);
    putchar('\n');
    strbuf_clear(&out);
    json_free(root);
}
