/* SPDX-License-Identifier: MIT
 * Fills the data model (emit/shape.h) from a plan. */
#ifndef EMIT_SCOPE_H
#define EMIT_SCOPE_H

#include "plan/plan.h"
#include "template/template.h"
#include "template/value.h"

/* One file of a connection's folder: the table of them is emit/files.c. */
struct script {
    const char *file;     /* "1-identity.sh" */
    const char *template; /* "bash/script.sh" */
    const char *purpose;
    const char *actor;
    const char *mode;      /* of a script: "run" or "verify" */
    unsigned makes;        /* bits 1 << enum part: steps that it may write */
    unsigned looks;        /* likewise: steps that it only looks at */
    bool split;            /* one of the numbered scripts */
    bool reads_handover;
    bool rollback;
    bool executable;
};

/* What a step belongs to, for the choice of steps of a script. */
enum part { PART_IDENTITY, PART_CONNECTION, PART_FEDERATION, PART_PRINCIPAL, PART_ROLES };
#define PARTS(part) (1u << (part))
enum { PARTS_ALL = 0x1f };

enum part step_part(const struct step *step);

/* The data of SCRIPT for PLAN, by shape_script. */
struct value *scope_script(struct arena *arena, const struct plan *plan,
                           const struct script *script);

/* The data of the index, by shape_index; ROWS is the list of scope_index_row of all connections. */
struct value *scope_index(struct arena *arena, const struct spec *spec, struct value *rows);
struct value *scope_index_row(struct arena *arena, const struct spec *spec,
                              const struct plan *plan);

/* The rows of one step, also for the index and `plan`. NUMBER is its place, MAKES whether it writes. */
struct value *scope_step(struct arena *arena, const struct plan *plan, const struct step *step,
                         unsigned number, bool makes);

/* The line of emit/stamp.h, with its placeholder; templates write it themselves. */
const char *scope_stamp(struct arena *arena, const struct spec *spec);
void scope_set_stamp(struct value *root);
void scope_set_templates(struct arena *arena, struct value *root, const struct template *template);

/* Common to both shapes: organization, tenants, sign-in commands. */
void scope_sides(struct arena *arena, struct value *root, const struct spec *spec);

/* What a reviewer should weigh first: WEIGH gets one sentence after the other. And the same as
 * {"text": ...} rows, empty when there is nothing. */
typedef void scope_weigh(void *to, const char *sentence);
void scope_attend(struct arena *arena, const struct plan *plan, scope_weigh *weigh, void *to);
struct value *scope_attention(struct arena *arena, const struct plan *plan, size_t *ret_count);
struct value *scope_actors(struct arena *arena, const struct plan *plan);
struct value *scope_messages(struct arena *arena, const struct plan *plan);
const char *scope_identity_summary(struct arena *arena, const struct spec *spec,
                                   const struct identity *identity);

/* The numbered scripts that PLAN needs, in the order in which they run; NULL past the last. */
const char *script_name(const struct plan *plan, size_t index);

/* Within emit: rows of one field, and what a script holds. */
struct value *scope_text_row(struct arena *arena, const char *name, const char *text);
struct value *scope_token_row(struct arena *arena, const char *name, const char *token);
bool script_has_step(const struct step *step, const struct script *script);
void scope_set_preflight(struct arena *arena, struct value *root, const struct plan *plan,
                         const struct script *script);

#endif
