/* SPDX-License-Identifier: MIT
 * The data of a script's preflight: rights and subscriptions that are read before the first write. */
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

static void add_subscription(struct arena *arena, struct value *list, struct setting_list *known,
                             const char *id, size_t len)
{
    struct setting mine = {.text = arena_strndup(arena, id, len)};
    size_t i;

    for (i = 0; i < known->count; i++)
        if (!strcasecmp(known->items[i].text, mine.text))
            return;
    ARENA_PUSH(arena, known->items, known->count, mine);
    value_append(list, scope_token_row(arena, "id", mine.text));
}

/* az takes the token of the subscription in a URL, and must know it for that. */
static void set_subscriptions(struct arena *arena, struct value *root, const struct plan *plan,
                              const struct script *script)
{
    static const char subscriptions[] = "/subscriptions/";
    const struct connection *c = plan->connection;
    unsigned all = script->makes | script->looks;
    struct value *list = value_list(arena);
    struct setting_list known = {0};
    size_t i;

    if (c->identity->type == IDENTITY_MANAGED &&
        all & (PARTS(PART_IDENTITY) | PARTS(PART_FEDERATION)))
        add_subscription(arena, list, &known, c->identity->subscription_id.text, GUID_TEXT);
    for (i = 0; i < c->n_roles && all & PARTS(PART_ROLES); i++)
        if (!strncasecmp(c->roles[i].scope, subscriptions, sizeof subscriptions - 1))
            add_subscription(arena, list, &known, c->roles[i].scope + sizeof subscriptions - 1,
                             GUID_TEXT);
    value_set(root, "subscriptions", list);
}

void scope_set_preflight(struct arena *arena, struct value *root, const struct plan *plan,
                         const struct script *script)
{
    set_rights_checks(arena, root, plan, script);
    set_subscriptions(arena, root, plan, script);
}
