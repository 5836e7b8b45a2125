/* SPDX-License-Identifier: MIT
 * A rehearsal for a person. */
#include <stdio.h>
#include <string.h>

#include "cli/observed.h"
#include "cli/rehearse.h"
#include "cli/report.h"
#include "encode/encode.h"

enum { TAIL_LINES = 40 };

static const char *const marks[][2] = {{"failed", "\033[1;31mfailed\033[0m"},
                                       {"ok", "\033[32mok\033[0m"}};

static void put(const char *text)
{
    report_text(stdout, text);
}

static void on_begin(void *to, const struct phase *phase)
{
    (void)to;
    fputs("==> ", stdout);
    put(phase->title);
    putchar('\n');
    fflush(stdout);
}

static void on_call(void *to, const struct observation *seen)
{
    (void)to;
    fputs("    ", stdout);
    observed_print(stdout, seen);
}

/* The last lines of what the script printed. */
static void print_tail(const char *output)
{
    const char *at = output + strlen(output);
    int lines = 0;

    while (at > output && lines <= TAIL_LINES)
        lines += *--at == '\n';
    at += *at == '\n';
    fputs("    --- the last of what it printed ---\n", stdout);
    report_lines(stdout, at);
    fputs("    ---\n", stdout);
}

static void print_job(const struct phase *phase)
{
    const struct job_result *job = &phase->job;
    const char *const claims[][2] = {
        {"issuer", job->issuer}, {"subject", job->subject}, {"audience", job->audience}};
    size_t i;

    if (*phase->job_note)
        printf("    note: %s\n", phase->job_note);
    for (i = 0; i < 3; i++) {
        if (!claims[i][1] || !*claims[i][1])
            continue;
        printf("    %-9s ", claims[i][0]);
        put(claims[i][1]);
        putchar('\n');
    }
    for (i = 0; i < job->n_steps; i++) {
        printf("    %-6s %3d  ", job->steps[i].good ? "ok" : "failed", job->steps[i].status);
        put(job->steps[i].what);
        if (*job->steps[i].text)
            fputs(": ", stdout);
        put(job->steps[i].text);
        putchar('\n');
    }
}

static void on_end(void *to, const struct phase *phase)
{
    const struct rehearse_text *text = to;

    if (phase->kind == PHASE_JOB)
        print_job(phase);
    printf("    %s, %.1f s, %zu calls, %zu of them writes\n", marks[phase->good][text->colours],
           phase->seconds, phase->n_calls, phase->n_writes);
    if (!phase->good) {
        fputs("    ", stdout);
        put(phase->why);
        putchar('\n');
        if (*phase->output)
            print_tail(phase->output);
    }
    fflush(stdout);
}

struct rehearsal_watcher rehearse_watcher(struct rehearse_text *text)
{
    return (struct rehearsal_watcher){
        .to = text, .began = on_begin, .called = text->quiet ? NULL : on_call, .ended = on_end};
}

/* The end state, as the world had it when everything was provisioned. */

static void print_member(const char *label, const json *object, const char *key)
{
    const char *value = json_text_of(object, key);

    if (!*value)
        return;
    printf("  %-13s ", label);
    put(value);
    putchar('\n');
}

static void print_credentials(const char *of, const json *holder)
{
    const json *credential = json_member(holder, "federatedCredentials");

    for (credential = credential ? json_first(credential) : NULL; credential;
         credential = json_next(credential)) {
        fputs("federated credential ", stdout);
        put(json_text_of(credential, "name"));
        fputs(" of ", stdout);
        put(of);
        putchar('\n');
        print_member("issuer", credential, "issuer");
        print_member("subject", credential, "subject");
    }
}

static void print_holders(const json *lists, const char *key, const char *what, const char *name,
                          const char *client)
{
    const json *list, *holder;

    for (list = lists ? json_first(lists) : NULL; list; list = json_next(list)) {
        holder = json_member(list, key);
        for (holder = holder ? json_first(holder) : NULL; holder; holder = json_next(holder)) {
            printf("%s ", what);
            put(json_text_of(holder, name));
            putchar('\n');
            print_member("client id", holder, client);
            print_member("principal id", holder, "principalId");
            print_credentials(json_text_of(holder, name), holder);
        }
    }
}

static void print_endpoints(const json *organization)
{
    const json *endpoint = json_member(organization, "serviceEndpoints");

    for (endpoint = endpoint ? json_first(endpoint) : NULL; endpoint;
         endpoint = json_next(endpoint)) {
        const json *references = json_member(endpoint, "references");

        fputs("service connection ", stdout);
        put(json_text_of(references ? json_first(references) : NULL, "name"));
        putchar('\n');
        print_member("id", endpoint, "id");
        print_member("client id", json_member(json_member(endpoint, "authorization"), "parameters"),
                     "serviceprincipalid");
    }
}

static void print_end_state(const json *world)
{
    const json *item = json_first(json_member(world, "roleDefinitions"));

    fputs("\nEnd state of the simulated world, before rollback:\n", stdout);
    print_holders(json_member(world, "subscriptions"), "identities", "managed identity", "name",
                  "clientId");
    print_holders(json_member(world, "tenants"), "applications", "application", "displayName",
                  "appId");
    for (; item; item = json_next(item)) {
        fputs("taken for granted: role ", stdout);
        put(json_text_of(item, "roleName"));
        fputs(", which is none of the built-in ones that are known here\n", stdout);
    }
    for (item = json_first(json_member(world, "organizations")); item; item = json_next(item))
        print_endpoints(item);
}

static void print_isolation(const struct isolation *isolation)
{
    printf("\nIsolation: empty environment, scratch home, %s%s%s, %s%s%s.\n",
           isolation->network ? "a network of loopback alone" : "no network of its own (",
           isolation->why_not_network, isolation->network ? "" : ")",
           isolation->home ? "your home out of sight" : "your home not hidden (",
           isolation->why_not_home, isolation->home ? "" : ")");
}

void rehearse_print(const struct rehearse_text *text, const struct spec *spec,
                    const struct isolation *isolation, const struct rehearsal *rehearsal)
{
    double seconds = 0;
    size_t i;

    for (i = 0; i < rehearsal->n_phases; i++)
        seconds += rehearsal->phases[i].seconds;
    if (!text->quiet && rehearsal->end_state)
        print_end_state(rehearsal->end_state);
    report_lines(stdout, rehearsal->difference);
    if (!text->quiet)
        print_isolation(isolation);
    put(spec->file);
    printf(": rehearsal %s: %zu phases, %zu calls, %.1f s (ini sha256:%s)\n",
           marks[rehearsal->good][text->colours], rehearsal->n_phases, rehearsal->n_calls, seconds,
           spec->digest);
}
