/* SPDX-License-Identifier: MIT
 * What a shell evaluates to be inside a simulation. */
#include "cli/simulate_env.h"

#include <string.h>
#include <unistd.h>

#include "cli/worlds.h"
#include "encode/encode.h"
#include "simulator/devops.h"

extern char **environ;

/* Where in the simulation one is: its own variables, NAME=value. */
static const char *const *own_variables(const struct lab *lab)
{
    struct arena *arena = lab->arena;
    const char **list = NULL, *uri = "", *token;
    const char *organization, *project;
    long long pipeline;
    const json *first;
    size_t count = 0;

    world_lock(lab->world);
    organization = arena_strdup(arena, worlds_organization(world_root(lab->world)));
    project = arena_strdup(arena, worlds_project(world_root(lab->world)));
    first = json_find(json_member(world_organization(lab->world, organization), "projects"), "name",
                      project);
    first = first ? json_member(first, "pipelines") : NULL;
    pipeline = json_number_of(first ? json_first(first) : NULL, "id", 0);
    world_unlock(lab->world);
    token = devops_job_token(arena, lab->world, server_keys(lab->server), organization, project,
                             (long)pipeline, false, &uri);
    ARENA_PUSH(arena, list, count,
               arena_printf(arena, "AZDO_WIF_SIMULATE_ORGANIZATION=%s", organization));
    ARENA_PUSH(arena, list, count, arena_printf(arena, "AZDO_WIF_SIMULATE_PROJECT=%s", project));
    if (token) {
        ARENA_PUSH(arena, list, count, arena_printf(arena, "AZDO_WIF_SIMULATE_JOB_URI=%s", uri));
        ARENA_PUSH(arena, list, count,
                   arena_printf(arena, "AZDO_WIF_SIMULATE_JOB_TOKEN=%s", token));
    }
    ARENA_PUSH(arena, list, count, NULL);
    return list;
}

char *const *simulate_environment(const struct lab *lab, const struct desk *desk, char *const *keep)
{
    return lab_environment(lab, desk, own_variables(lab), keep);
}

void simulate_env_text(const struct lab *lab, const struct desk *desk, pid_t pid,
                       struct strbuf *out)
{
    const char *const *names = sandbox_foreign_names(lab->arena, environ);
    char *const *variables = simulate_environment(lab, desk, NULL);

    strbuf_adds(out, "unset");
    for (; *names; names++)
        strbuf_addf(out, " %s", *names);
    strbuf_addc(out, '\n');
    for (; *variables; variables++) {
        size_t len = strcspn(*variables, "=");

        if (sandbox_is_basic(*variables))
            continue;
        strbuf_addf(out, "export %.*s=", (int)len, *variables);
        encode_shell(out, *variables + len + 1);
        strbuf_addc(out, '\n');
    }
    if (pid)
        strbuf_addf(out, "export AZDO_WIF_SIMULATE_PID=%ld\n", (long)pid);
}
