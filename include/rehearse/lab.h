/* SPDX-License-Identifier: MIT
 * A simulated world to work in: server, sandbox, and az signed in to it. */
#ifndef REHEARSE_LAB_H
#define REHEARSE_LAB_H

#include <signal.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "format/json.h"
#include "rehearse/sandbox.h"
#include "simulator/server.h"
#include "simulator/world.h"

struct lab {
    struct arena *arena;
    struct sandbox *sandbox;
    struct world *world;
    struct server *server;
    const char *ca_file;
    const char *az_folder; /* where az is; NULL: it is not installed */
    const volatile sig_atomic_t *stop;
};

/* Takes over STATE, which world_check has accepted, also when it fails. False with *RET_WHY. */
bool lab_open(struct arena *arena, json *state, observer *tell, void *to,
              const volatile sig_atomic_t *stop, struct lab *ret, const char **ret_why);
void lab_close(struct lab *lab);

/* A person at a desk: a home folder and az profiles of their own. DEVOPS_PROFILE is NULL when one
 * profile serves both sides. */
struct desk {
    const char *home, *profile, *devops_profile, *temporary;
};

/* Makes the desk NAME and signs its profiles in with the real az, as USER in TENANT of CLOUD and,
 * when DEVOPS_TENANT is not NULL, in a profile apart, in that tenant of the public cloud. False
 * with *RET_WHY when nobody is signed in, as for a NULL user or without az; there is a desk even
 * so, unless its home is NULL. */
struct sign_in {
    const char *user, *tenant, *cloud, *devops_tenant;
};
bool lab_desk(struct lab *lab, const char *name, const struct sign_in *sign_in, struct desk *ret,
              const char **ret_why);

/* The environment of a program at that desk. MORE and KEEP as in struct surroundings. */
char *const *lab_environment(const struct lab *lab, const struct desk *desk,
                             const char *const *more, char *const *keep);

/* The folder of the program NAME in the caller's PATH; NULL: it is not there. */
const char *lab_find_program(struct arena *arena, const char *name);

#endif
