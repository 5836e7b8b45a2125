/* SPDX-License-Identifier: MIT
 * The data model that templates see: every name, its kind and its meaning, as one table. */
#ifndef EMIT_SHAPE_H
#define EMIT_SHAPE_H

#include "template/value.h"

/* Of everything in a connection's folder. */
extern const struct shape shape_script[];

/* Of the index, README.md of the output folder. */
extern const struct shape shape_index[];

/* Of the report of a rehearsal: members of the document of `rehearse --json`. */
extern const struct shape shape_report[];

#endif
