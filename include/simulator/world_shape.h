/* SPDX-License-Identifier: MIT
 * The shape of a world as data, for whoever checks or documents it. */
#ifndef SIMULATOR_WORLD_SHAPE_H
#define SIMULATOR_WORLD_SHAPE_H

enum { WORLD_SCHEMA = 1, WORLD_PARTS = 8 };

struct world_shape {
    const char *what;   /* "a tenant" */
    const char *fields; /* as in format/json_shape.h */
    struct {
        const char *key; /* of a member that is an object, or a list of objects, of this shape */
        const struct world_shape *shape;
    } parts[WORLD_PARTS]; /* closed by a NULL key */
};

/* Of the whole document. */
const struct world_shape *world_shape(void);

#endif
