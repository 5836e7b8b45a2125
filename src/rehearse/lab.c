/* SPDX-License-Identifier: MIT
 * The lab: everything that a simulation needs, opened and closed together. */
#include "rehearse/lab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

enum { AZ_SECONDS = 300, SAID_MAX = 8192 };

const char *lab_find_program(struct arena *arena, const char *name)
{
    const char *path = getenv("PATH");

    for (path = path ? path : ""; *path; path += *path == ':') {
        size_t len = strcspn(path, ":");
        const char *folder = arena_strndup(arena, path, len);

        path += len;
        if (*folder == '/' && !access(arena_printf(arena, "%s/%s", folder, name), X_OK))
            return folder;
    }
    return NULL;
}

bool lab_open(struct arena *arena, json *state, observer *tell, void *to,
              const volatile sig_atomic_t *stop, struct lab *ret, const char **ret_why)
{
    const char *pem;

    *ret = (struct lab){.arena = arena, .stop = stop, .world = world_new(state)};
    ret->az_folder = lab_find_program(arena, "az");
    ret->sandbox = sandbox_open(arena, ret_why);
    if (ret->sandbox)
        ret->server = server_start(ret->world, tell, to, ret_why);
    if (ret->server) {
        pem = keys_ca_pem(server_keys(ret->server));
        ret->ca_file = sandbox_write(ret->sandbox, "ca.pem", pem, strlen(pem), false);
        if (ret->ca_file)
            return true;
        *ret_why = arena_printf(arena, "%s: %s", sandbox_folder(ret->sandbox), strerror(errno));
    }
    lab_close(ret);
    return false;
}

void lab_close(struct lab *lab)
{
    server_stop(lab->server);
    sandbox_close(lab->sandbox);
    world_free(lab->world);
    *lab = (struct lab){.arena = lab->arena};
}

char *const *lab_environment(const struct lab *lab, const struct desk *desk,
                             const char *const *more, char *const *keep)
{
    const struct surroundings surroundings = {
        .port = server_port(lab->server),
        .ca_file = lab->ca_file,
        .home = desk->home,
        .profile = desk->profile,
        .devops_profile = desk->devops_profile,
        .temporary = desk->temporary,
        .first_path = lab->az_folder,
        .more = more,
        .keep = keep,
    };

    return sandbox_environment(lab->arena, &surroundings);
}

/* The real az */

static void take_line(void *to, const char *line)
{
    struct strbuf *said = to;

    strbuf_addf(said, "%s%s", said->len ? " " : "", line);
}

/* False with *RET_WHY: what az said. */
static bool run_az(struct lab *lab, const struct desk *desk, const char *const *argv,
                   const char **ret_why)
{
    struct strbuf said;
    struct program program = {.argv = argv,
                              .environment = lab_environment(lab, desk, NULL, NULL),
                              .folder = desk->home,
                              .seconds = AZ_SECONDS,
                              .line = take_line,
                              .to = &said,
                              .stop = lab->stop};
    int status;

    strbuf_init(&said, SAID_MAX);
    status = sandbox_run(lab->sandbox, &program);
    if (status == PROGRAM_STOPPED)
        *ret_why = "interrupted";
    else if (status == PROGRAM_NOT_STARTED)
        *ret_why = arena_printf(lab->arena, "az does not start: %s", strerror(errno));
    else if (status)
        *ret_why = arena_printf(lab->arena, "az %s failed: %s", argv[1], said.data);
    strbuf_clear(&said);
    return status == 0;
}

static bool sign_in(struct lab *lab, const struct desk *desk, const char *user, const char *tenant,
                    const char *cloud, const char **ret_why)
{
    const char *const set[] = {"az", "cloud", "set", "--name", cloud, "--output", "none", NULL};
    /* A simulated person has no secret: any password is right. */
    const char *const login[] = {"az",       "login",      "--username",
                                 user,       "--password", "simulated",
                                 "--tenant", tenant,       "--allow-no-subscriptions",
                                 "--output", "none",       NULL};

    if (strcmp(cloud, "AzureCloud") != 0 && !run_az(lab, desk, set, ret_why))
        return false;
    return run_az(lab, desk, login, ret_why);
}

static bool make_desk(struct lab *lab, const char *name, bool two_profiles, struct desk *ret)
{
    struct arena *arena = lab->arena;
    const char *home = arena_printf(arena, "%s/home", name);

    ret->home = sandbox_make_folder(lab->sandbox, home);
    ret->temporary = sandbox_make_folder(lab->sandbox, arena_printf(arena, "%s/tmp", name));
    ret->profile = sandbox_make_folder(lab->sandbox, arena_printf(arena, "%s/.azure", home));
    ret->devops_profile =
        two_profiles
            ? sandbox_make_folder(lab->sandbox, arena_printf(arena, "%s/.azure-devops-side", home))
            : NULL;
    return ret->home && ret->temporary && ret->profile && (ret->devops_profile || !two_profiles);
}

bool lab_desk(struct lab *lab, const char *name, const struct sign_in *wanted, struct desk *ret,
              const char **ret_why)
{
    struct desk devops;

    if (!make_desk(lab, name, wanted->devops_tenant != NULL, ret)) {
        *ret_why =
            arena_printf(lab->arena, "%s: %s", sandbox_folder(lab->sandbox), strerror(errno));
        return false;
    }
    if (!lab->az_folder) {
        *ret_why = "az is not installed: see "
                   "https://learn.microsoft.com/cli/azure/install-azure-cli";
        return false;
    }
    if (!wanted->user) {
        *ret_why = "the world has no user";
        return false;
    }
    if (!sign_in(lab, ret, wanted->user, wanted->tenant, wanted->cloud, ret_why))
        return false;
    if (!wanted->devops_tenant)
        return true;
    devops = *ret;
    devops.profile = ret->devops_profile;
    return sign_in(lab, &devops, wanted->user, wanted->devops_tenant, "AzureCloud", ret_why);
}
