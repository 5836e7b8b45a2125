/* SPDX-License-Identifier: MIT
 * The order of a rehearsal. */
#include "rehearse/rehearsal.h"

#include <errno.h>
#include <string.h>

#include "rehearse/stage.h"

static const char *const names[PHASE_KINDS] = {
    [PHASE_SIGN_IN] = "sign-in",   [PHASE_PROVISION] = "provision",   [PHASE_VERIFY] = "verify",
    [PHASE_JOB] = "pipeline",      [PHASE_STATE] = "as-described",    [PHASE_AGAIN] = "second-run",
    [PHASE_ROLLBACK] = "rollback", [PHASE_WORLD] = "world-as-before",
};

const char *phase_name(enum phase_kind kind)
{
    return names[kind];
}

/* Which scripts a job is made of, in order, and who runs them. */
struct part {
    const char *script;
    enum person person;
    bool roles; /* only there when roles are described */
};
static const struct part whole[] = {{"provision.sh", PERSON_EVERYTHING, false}};
static const struct part numbered[] = {{"1-identity.sh", PERSON_IDENTITY, false},
                                       {"2-connection.sh", PERSON_DEVOPS, false},
                                       {"3-federation.sh", PERSON_IDENTITY, false},
                                       {"4-roles.sh", PERSON_ROLES, true}};

/* The parts of rollback.sh, in the order that the services accept. */
static const struct {
    const char *part;
    enum person person;
    bool roles, identity;
} undoing[] = {{"federation", PERSON_IDENTITY, false, false},
               {"connection", PERSON_DEVOPS, false, false},
               {"roles", PERSON_ROLES, true, false},
               {"identity", PERSON_IDENTITY, false, true}};

static bool provision(struct rehearsing *r, enum phase_kind kind,
                      const struct connection *connection)
{
    static const char *const arguments[] = {"--yes", NULL};
    const struct part *parts = r->request->split ? numbered : whole;
    size_t count = r->request->split ? sizeof numbered / sizeof *numbered : 1, i;

    for (i = 0; i < count; i++) {
        if (parts[i].roles && !connection->n_roles)
            continue;
        if (!run_script(r, kind, connection, parts[i].person, parts[i].script, arguments))
            return false;
        if (r->request->split && !pass_handover(r, connection, parts[i].person))
            return false;
    }
    return true;
}

static bool verify(struct rehearsing *r, const struct connection *connection)
{
    static const char *const arguments[] = {NULL};

    return run_script(r, PHASE_VERIFY, connection, PERSON_EVERYTHING, "verify.sh", arguments);
}

/* Is this the first connection of its identity? Rollback goes backwards, so it is the last to go,
 * and takes the identity along. */
static bool takes_identity(const struct rehearsing *r, const struct connection *connection)
{
    const struct identity *identity = connection->identity;
    size_t i;

    for (i = 0; i < identity->n_connections; i++)
        if (scene_is_chosen(r, identity->connections[i]))
            return identity->connections[i] == connection && !identity->existing;
    return false;
}

static bool roll_back_part(struct rehearsing *r, const struct connection *connection, size_t i)
{
    const char *arguments[ARGUMENTS_MAX] = {"--yes", "--part", undoing[i].part};
    size_t n = 3;

    if (undoing[i].identity)
        arguments[n++] = "--delete-identity";
    if (!strcmp(undoing[i].part, "connection")) {
        arguments[n++] = "--confirm";
        arguments[n++] = connection->name.text;
    }
    if (undoing[i].person != PERSON_DEVOPS && !undoing[i].identity) {
        arguments[n++] = "--handover";
        arguments[n++] = arena_printf(r->arena, "./%s.handover", connection->folder);
    }
    return run_script(r, PHASE_ROLLBACK, connection, undoing[i].person, "rollback.sh", arguments);
}

static bool roll_back(struct rehearsing *r, const struct connection *connection)
{
    const char *arguments[ARGUMENTS_MAX] = {"--yes", "--confirm", connection->name.text};
    bool identity = takes_identity(r, connection);
    size_t i;

    if (!r->request->split) {
        if (identity)
            arguments[3] = "--delete-identity";
        return run_script(r, PHASE_ROLLBACK, connection, PERSON_EVERYTHING, "rollback.sh",
                          arguments);
    }
    for (i = 0; i < sizeof undoing / sizeof *undoing; i++) {
        if ((undoing[i].roles && !connection->n_roles) || (undoing[i].identity && !identity))
            continue;
        if (!roll_back_part(r, connection, i))
            return false;
    }
    return true;
}

static bool provision_first(struct rehearsing *r, const struct connection *connection)
{
    return provision(r, PHASE_PROVISION, connection);
}

static bool provision_again(struct rehearsing *r, const struct connection *connection)
{
    forget_handover(r, connection);
    return provision(r, PHASE_AGAIN, connection);
}

/* DO_ONE for every chosen connection, also backwards, until one is not good. */
static bool for_each(struct rehearsing *r, bool backwards,
                     bool (*do_one)(struct rehearsing *, const struct connection *))
{
    const struct spec *spec = r->request->spec;
    size_t i;

    for (i = 0; i < spec->n_connections; i++) {
        const struct connection *connection =
            &spec->connections[backwards ? spec->n_connections - 1 - i : i];

        if (scene_is_chosen(r, connection) && !do_one(r, connection))
            return false;
    }
    return true;
}

bool scene_provision(struct rehearsing *r, enum phase_kind kind)
{
    return for_each(r, false, kind == PHASE_AGAIN ? provision_again : provision_first);
}

bool scene_roll_back(struct rehearsing *r)
{
    return for_each(r, true, roll_back);
}

bool scene_prove(struct rehearsing *r)
{
    return for_each(r, false, run_jobs) && for_each(r, false, check_described);
}

static bool keep_end_state(struct rehearsing *r)
{
    r->result->end_state = world_snapshot(r);
    keep_handovers(r);
    return true;
}

static bool prove_all(struct rehearsing *r)
{
    return for_each(r, false, verify) && scene_prove(r) && scene_provision(r, PHASE_AGAIN);
}

bool rehearsal_run(struct arena *arena, const struct rehearsal_request *request,
                   struct rehearsal *ret)
{
    struct rehearsing r = {.arena = arena, .request = request, .result = ret};
    bool begun;

    rehearsal_init(ret);
    begun = scene_open(&r);
    ret->good = begun && scene_sign_in(&r) && scene_provision(&r, PHASE_PROVISION) &&
                keep_end_state(&r) && (request->brief || prove_all(&r)) && scene_roll_back(&r) &&
                compare_worlds(&r);
    scene_close(&r);
    return begun;
}

void rehearsal_init(struct rehearsal *ret)
{
    *ret = (struct rehearsal){
        .began = world_now(), .difference = "", .why = "", .call_arena = arena_new()};
}

void rehearsal_release(struct rehearsal *rehearsal)
{
    json_free(rehearsal->end_state);
    arena_free(rehearsal->call_arena);
    rehearsal->end_state = NULL;
    rehearsal->call_arena = NULL;
}
