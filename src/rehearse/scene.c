/* SPDX-License-Identifier: MIT
 * Where a rehearsal takes place: the lab, the scripts in it, and people at their desks. */
#include "rehearse/stage.h"

#include <errno.h>
#include <string.h>

bool scene_is_chosen(const struct rehearsing *r, const struct connection *connection)
{
    return !r->request->only || r->request->only == connection;
}

static bool is_needed(const struct rehearsing *r, enum person person)
{
    const struct spec *spec = r->request->spec;
    size_t i;

    if (person == PERSON_EVERYTHING)
        return true;
    if (person != PERSON_ROLES)
        return r->request->split;
    for (i = 0; i < spec->n_connections; i++)
        if (scene_is_chosen(r, &spec->connections[i]) && spec->connections[i].n_roles)
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

const char *scene_desk(struct rehearsing *r, enum person person, const char *name)
{
    const struct spec *spec = r->request->spec;
    struct sign_in wanted = {
        .user = person_name(person), .tenant = spec->tenant_id.text, .cloud = spec->cloud->name};
    const char *why = NULL;

    if (person == PERSON_DEVOPS) {
        wanted.tenant = spec->devops_tenant_id;
        wanted.cloud = "AzureCloud";
    } else if (person == PERSON_EVERYTHING && spec->two_profiles) {
        wanted.devops_tenant = spec->devops_tenant_id;
    }
    if (!is_in_world(r, wanted.user, wanted.tenant))
        return arena_printf(r->arena,
                            "the world has no user %s in tenant %s, see azdo-wif-world(5)",
                            wanted.user, wanted.tenant);
    if (!lab_desk(&r->lab, name, &wanted, &r->desks[person], &why))
        return why;
    r->work[person] = sandbox_make_folder(r->lab.sandbox, arena_printf(r->arena, "%s/work", name));
    return r->work[person] ? NULL : strerror(errno);
}

static bool sign_in(struct rehearsing *r, enum person person)
{
    struct phase *phase =
        phase_begin(r, PHASE_SIGN_IN, NULL, person,
                    arena_printf(r->arena, "az login as %s", person_title(person)));

    return phase_end(r, phase, scene_desk(r, person, arena_printf(r->arena, "desk-%d", person)));
}

bool scene_sign_in(struct rehearsing *r)
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

bool scene_open(struct rehearsing *r)
{
    pthread_mutex_init(&r->lock, NULL);
    if (!lab_open(r->arena, json_copy(r->request->state), phase_observe, r, r->request->stop,
                  &r->lab, &r->result->why))
        return false;
    r->before = world_snapshot(r);
    if (!r->lab.az_folder)
        r->result->why = "the real az is needed: install azure-cli, see "
                         "https://learn.microsoft.com/cli/azure/install-azure-cli";
    else if (!write_scripts(r))
        r->result->why =
            arena_printf(r->arena, "%s: %s", sandbox_folder(r->lab.sandbox), strerror(errno));
    return !*r->result->why;
}

void scene_close(struct rehearsing *r)
{
    lab_close(&r->lab); /* no more calls come */
    json_free(r->before);
    pthread_mutex_destroy(&r->lock);
}
