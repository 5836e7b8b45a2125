/* SPDX-License-Identifier: MIT
 * Worlds to begin with: of a file, of a description, or the example's. */
#ifndef CLI_WORLDS_H
#define CLI_WORLDS_H

#include "base/diag.h"
#include "format/json.h"
#include "rehearse/lab.h"

/* The world of FILE, checked. NULL with findings. */
json *worlds_load(struct arena *arena, const char *file, struct diags *diags);

/* The world that fits the INI file FILE; NULL: the example's. NULL with findings. */
json *worlds_fit(struct arena *arena, const char *file, struct diags *diags);

/* Who signs in to a world of which nothing else is known: the first user of its first tenant, and
 * in a profile apart where its first organization belongs to another tenant or its tenant to
 * another cloud. False when it has no user. */
void worlds_sign_in(const json *world, struct sign_in *ret);

/* The first organization and its first project; "" when there is none. */
const char *worlds_organization(const json *world);
const char *worlds_project(const json *world);

/* Could FILE be written? It is a regular file, or there is none and its folder may be written. False with
 * errno. */
bool worlds_can_save(const char *file);

/* Writes the world to FILE. False with errno. */
bool worlds_save(struct world *world, const char *file);

#endif
