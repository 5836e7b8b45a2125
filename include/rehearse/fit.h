/* SPDX-License-Identifier: MIT
 * A world that fits a description: what it takes for granted, nothing that it creates, and the
 * people who will run its scripts. */
#ifndef REHEARSE_FIT_H
#define REHEARSE_FIT_H

#include "format/json.h"
#include "model/spec.h"

/* Who signs in. The administrators have the rights that the runbook names for them, and no others.
 */
enum person { PERSON_EVERYTHING, PERSON_IDENTITY, PERSON_DEVOPS, PERSON_ROLES, PERSON_COUNT };

/* The sign-in name of a person in a tenant: "identity@rehearsal.example". */
const char *person_name(enum person person);
const char *person_title(enum person person); /* "identity administrator" */

/* A pipeline of every project, which no description names. */
enum { FIT_OTHER_PIPELINE = 9001 };

/* The document of simulator/world.h; for json_free. Ids that the description does not give are
 * derived from names, so that the same description gives the same world. */
json *fit_world(const struct spec *spec);

#endif
