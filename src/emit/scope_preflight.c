/* SPDX-License-Identifier: MIT
 * The data of a script's preflight: rights and subscriptions that are read before the first write.
 */
#include <string.h>
#include <strings.h>

#include "base/guid.h"
#include "emit/scope.h"

/* What SCRIPT needs where STEP writes: a rollback deletes. */
static const char *needed_action(struct arena *arena, const struct script *script,
                                 const struct step *step)
{
    const char *action = step->right_actions[0];

    if (!script->rollback)
        return action;
    return arena_printf(arena, "%.*s/delete", (int)(strrchr(action, '/') - action), action);
}

static bool needs_right(const struct step *step, const struct script *script)
{
    if (!step->right_url || !script_has_step(step, script))
        return false;
    return script->rollback ? step->undo.method != NULL : script->makes & PARTS(step_part(step));
}

/* One row for each place where rights are read. */
static void set_rights_checks(struct arena *arena, struct value *root, const struct plan *plan,
                              const struct script *script)
{
    static const char *const parts[] = {[PART_IDENTITY] = "identity",
                                        [PART_CONNECTION] = "connection",
                                        [PART_FEDERATION] = "federation",
                                        [PART_PRINCIPAL] = "roles",
                                        [PART_ROLES] = "roles"};
    struct value *list = value_list(arena);
    const char *last = "";
    size_t i;

    for (i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];
        struct value *row, *actions;

        if (!needs_right(step, script) || !strcmp(last, step->right_url))
            continue;
        last = step->right_url;
        row = value_object(arena);
        actions = value_list(arena);
        value_set_text(row, "role", step->right_role);
        value_set_text(row, "url", step->right_url);
        value_set_token(row, "part", parts[step_part(step)]);
        value_append(actions, scope_text_row(arena, "name", needed_action(arena, script, step)));
        value_set(row, "actions", actions);
        value_append(list, row);
    }
    value_set(root, "rights_checks", list);
}

/* A subscription, and the parts of a rollback that reach into it. */
struct reached {
    const char *id, *last;
    struct value *parts;
};

static void add_subscription(struct arena *arena, struct value *list, struct reached *known,
                             size_t *n_known, const char *id, const char *const *parts)
{
    const char *mine = arena_strndup(arena, id, GUID_TEXT);
    struct value *row;
    size_t i;

    for (i = 0; i < *n_known && strcasecmp(known[i].id, mine) != 0; i++)
        continue;
    if (i == *n_known) {
        row = scope_token_row(arena, "id", mine);
        known[i] = (struct reached){mine, "", value_list(arena)};
        value_set(row, "needed_by_parts", known[i].parts);
        value_append(list, row);
        ++*n_known;
    }
    for (; *parts && strcmp(*parts, known[i].last) != 0; parts++)
        value_append(known[i].parts, scope_token_row(arena, "part", known[i].last = *parts));
}

/* az takes the token of the subscription in a URL, and must know it for that. */
static void set_subscriptions(struct arena *arena, struct value *root, const struct plan *plan,
                              const struct script *script)
{
    static const char subscriptions[] = "/subscriptions/";
    static const char *const of_identity[] = {"federation", "identity", NULL};
    static const char *const of_role[] = {"roles", NULL};
    const struct connection *c = plan->connection;
    unsigned all = script->makes | script->looks;
    struct value *list = value_list(arena);
    struct reached *known = ARENA_ARRAY(arena, c->n_roles + 1, struct reached);
    size_t n_known = 0, i;

    if (c->identity->type == IDENTITY_MANAGED &&
        all & (PARTS(PART_IDENTITY) | PARTS(PART_FEDERATION)))
        add_subscription(arena, list, known, &n_known, c->identity->subscription_id.text,
                         of_identity);
    for (i = 0; i < c->n_roles && all & PARTS(PART_ROLES); i++)
        if (!strncasecmp(c->roles[i].scope, subscriptions, sizeof subscriptions - 1))
            add_subscription(arena, list, known, &n_known,
                             c->roles[i].scope + sizeof subscriptions - 1, of_role);
    value_set(root, "subscriptions", list);
}

void scope_set_preflight(struct arena *arena, struct value *root, const struct plan *plan,
                         const struct script *script)
{
    set_rights_checks(arena, root, plan, script);
    set_subscriptions(arena, root, plan, script);
}
