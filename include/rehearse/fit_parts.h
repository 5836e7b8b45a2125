/* SPDX-License-Identifier: MIT
 * What the files fit*.c share; for nobody else. */
#ifndef REHEARSE_FIT_PARTS_H
#define REHEARSE_FIT_PARTS_H

#include "model/names.h"
#include "rehearse/fit.h"

/* A world that is being built. */
struct fit {
    struct arena *arena;
    const struct spec *spec;
    struct names *known; /* what is in the world, by kind and name */
    json *root;
    json *tenant, *devops_tenant; /* the same one when the sides do not differ */
    json *organization;
};

/* A new object at the end of LIST, known as NAME among those of KIND from now on. NULL: one is
 * known already. Case does not count. */
json *fit_new(struct fit *fit, const char *kind, const char *name, json *list);
json *fit_known(struct fit *fit, const char *kind, const char *name); /* NULL: none */

/* A GUID that follows from the text. */
const char *fit_id(struct fit *fit, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The object id that PERSON has in a tenant. */
const char *fit_person_id(struct fit *fit, enum person person, const json *tenant);

/* The persons, the owners and the approvers, each with exactly the rights of theirs. All that the
 * rights are for is in the world already. */
void fit_people(struct fit *fit);

#endif
