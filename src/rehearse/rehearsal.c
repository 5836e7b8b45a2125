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

static bool is_chosen(const struct rehearsing *r, const struct connection *connection)
{
    return !r->request->only || r->request->only == connection;
}

/* Is this the first connection of its identity? Rollback goes backwards, so it is the last to go,
 * and takes the identity along. */
static bool takes_identity(const struct rehearsing *r, const struct connection *connection)
{
    const struct identity *identity = connection->identity;
    size_t i;

    for (i = 0; i < identity->n_connections; i++)
        if (is_chosen(r, identity->connections[i]))
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

static bool keep_end_state(struct rehearsing *r)
{
    world_lock(r->lab.world);
    r->result->end_state = json_copy(world_root(r->lab.world));
    world_unlock(r->lab.world);
    return true;
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

        if (is_chosen(r, connection) && !do_one(r, connection))
            return false;
    }
    return true;
}

/* People */

static bool is_needed(const struct rehearsing *r, enum person person)
{
    const struct spec *spec = r->request->spec;
    size_t i;

    if (person == PERSON_EVERYTHING)
        return true;
    if (person != PERSON_ROLES)
        return r->request->split;
    for (i = 0; i < spec->n_connections; i++)
        if (is_chosen(r, &spec->connections[i]) && spec->connections[i].n_roles)
            return r->request->split;
    return false;
}

/* A world of --state must have the people, too. */
static bool is_in_world(struct rehearsing *r, const char *user, const char *tenant)
{
    bool found;

    world_lock(r->lab.world);
    found = json_find(json_member(world_tenant(r->lab.world, tenant), "users"), "name", user);
    world_unlock(r->lab.world);
    return found;
}

static bool sign_in(struct rehearsing *r, enum person person)
{
    const struct spec *spec = r->request->spec;
    struct sign_in wanted = {
        .user = person_name(person), .tenant = spec->tenant_id.text, .cloud = spec->cloud->name};
    const char *name = arena_printf(r->arena, "desk-%d", person), *why = NULL;
    struct phase *phase =
        phase_begin(r, PHASE_SIGN_IN, NULL, person,
                    arena_printf(r->arena, "az login as %s", person_title(person)));

    if (person == PERSON_DEVOPS) {
        wanted.tenant = spec->devops_tenant_id;
        wanted.cloud = "AzureCloud";
    } else if (person == PERSON_EVERYTHING && spec->two_profiles) {
        wanted.devops_tenant = spec->devops_tenant_id;
    }
    if (!is_in_world(r, wanted.user, wanted.tenant)) {
        why = arena_printf(r->arena, "the world has no user %s in tenant %s, see azdo-wif-world(5)",
                           wanted.user, wanted.tenant);
    } else if (lab_desk(&r->lab, name, &wanted, &r->desks[person], &why)) {
        r->work[person] =
            sandbox_make_folder(r->lab.sandbox, arena_printf(r->arena, "%s/work", name));
        if (!r->work[person])
            why = strerror(errno);
    }
    return phase_end(r, phase, why);
}

static bool sign_all_in(struct rehearsing *r)
{
    enum person person;

    for (person = 0; person < PERSON_COUNT; person++)
        if (is_needed(r, person) && !sign_in(r, person))
            return false;
    return true;
}

static bool write_scripts(struct rehearsing *r)
{
    size_t i;

    r->scripts = sandbox_make_folder(r->lab.sandbox, "scripts");
    for (i = 0; r->scripts && i < r->request->n_files; i++) {
        const struct output_file *file = &r->request->files[i];

        if (!sandbox_write(r->lab.sandbox, arena_printf(r->arena, "scripts/%s", file->path),
                           file->data, file->len, file->executable))
            return false;
    }
    return r->scripts != NULL;
}

static bool begin(struct rehearsing *r)
{
    if (!lab_open(r->arena, r->request->state, phase_observe, r, r->request->stop, &r->lab,
                  &r->result->why))
        return false;
    r->before = json_copy(world_root(r->lab.world));
    if (!r->lab.az_folder)
        r->result->why = "the real az is needed: install azure-cli, see "
                         "https://learn.microsoft.com/cli/azure/install-azure-cli";
    else if (!write_scripts(r))
        r->result->why =
            arena_printf(r->arena, "%s: %s", sandbox_folder(r->lab.sandbox), strerror(errno));
    return !*r->result->why;
}

bool rehearsal_run(struct arena *arena, const struct rehearsal_request *request,
                   struct rehearsal *ret)
{
    struct rehearsing r = {.arena = arena, .request = request, .result = ret};
    bool begun;

    *ret = (struct rehearsal){
        .began = world_now(), .difference = "", .why = "", .call_arena = arena_new()};
    pthread_mutex_init(&r.lock, NULL);
    begun = begin(&r);
    ret->good = begun && sign_all_in(&r) && for_each(&r, false, provision_first) &&
                for_each(&r, false, verify) && for_each(&r, false, run_jobs) &&
                for_each(&r, false, check_described) && keep_end_state(&r) &&
                for_each(&r, false, provision_again) && for_each(&r, true, roll_back) &&
                compare_worlds(&r);
    lab_close(&r.lab); /* no more calls come */
    json_free(r.before);
    pthread_mutex_destroy(&r.lock);
    return begun;
}

void rehearsal_release(struct rehearsal *rehearsal)
{
    json_free(rehearsal->end_state);
    arena_free(rehearsal->call_arena);
    rehearsal->end_state = NULL;
    rehearsal->call_arena = NULL;
}
