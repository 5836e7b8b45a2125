/* SPDX-License-Identifier: MIT
 * What a reviewer reads: what to weigh first, who is needed, who calls whom; and the index. */
#include "emit/scope.h"

#include <string.h>

#include "base/capture.h"

const char *scope_identity_summary(struct arena *arena, const struct spec *spec,
                                   const struct identity *identity)
{
    (void)spec;
    if (identity->type == IDENTITY_MANAGED)
        return arena_printf(arena, "%s managed identity %s in resource group %s",
                            identity->existing ? "existing" : "new", identity->name.text,
                            identity->resource_group.text);
    if (identity->existing)
        return arena_printf(arena, "existing app registration with client id %s",
                            identity->client_id.text);
    return arena_printf(arena, "new app registration %s", identity->name.text);
}

static void attend_role(struct arena *arena, const struct role *role, scope_weigh *weigh, void *to)
{
    if (role->is_broad)
        weigh(to, arena_printf(arena, "%s lets pipelines give themselves any other right at %s.",
                               role->role, role->scope));
    if (role->breadth)
        weigh(to, arena_printf(arena, "%s is assigned at %s, which is more than a resource group.",
                               role->role, role->scope));
}

void scope_attend(struct arena *arena, const struct plan *plan, scope_weigh *weigh, void *to)
{
    const struct connection *c = plan->connection;
    size_t i;

    for (i = 0; i < c->n_roles; i++)
        attend_role(arena, &c->roles[i], weigh, to);
    if (c->pipelines == PIPELINES_ALL)
        weigh(to, "All pipelines of the project may use the connection, those that do not exist yet "
                  "included.");
    if (c->share_with.count)
        weigh(to, "The connection is shared: administrators of the other projects decide there "
                  "which pipelines use it.");
    if (c->approvers.count && !c->allowed_branches.count)
        weigh(to, "There is an approval check but no branch control: any branch may ask for "
                  "approval.");
    if (strcmp(plan->spec->cloud->name, "AzureCloud"))
        weigh(to, arena_printf(arena,
                               "The audience %s is not documented for tokens of Azure DevOps in "
                               "this cloud: compare it with the one that Azure DevOps shows.",
                               c->audience.text));
}

struct rows {
    struct arena *arena;
    struct value *list;
    size_t count;
};

static void add_row(void *to, const char *sentence)
{
    struct rows *rows = to;
    struct value *row = value_object(rows->arena);

    value_set_text(row, "text", sentence);
    value_append(rows->list, row);
    rows->count++;
}

struct value *scope_attention(struct arena *arena, const struct plan *plan, size_t *ret_count)
{
    struct rows rows = {arena, value_list(arena), 0};

    scope_attend(arena, plan, add_row, &rows);
    *ret_count = rows.count;
    return rows.list;
}

static struct value *line_row(struct arena *arena, const char *line)
{
    struct value *row = value_object(arena);

    value_set_text(row, "line", line);
    return row;
}

/* Scripts of ACTOR that PLAN has, in words. */
static const char *actor_scripts(struct arena *arena, enum actor actor)
{
    const char *first = actor_script(actor, true), *last = actor_script(actor, false);

    return strcmp(first, last) ? arena_printf(arena, "%s, then %s", first, last) : first;
}

struct value *scope_actors(struct arena *arena, const struct plan *plan)
{
    struct value *list = value_list(arena);
    unsigned actor;

    for (actor = 0; actor < ACTOR_COUNT; actor++) {
        struct value *row = value_object(arena), *rights = value_list(arena);
        const char *last = "";
        size_t i, count = 0;

        for (i = 0; i < plan->n_steps; i++) {
            const struct step *step = &plan->steps[i];

            if (step->info->actor != actor || !step->write.method || !strcmp(last, step->rights))
                continue;
            last = step->rights;
            value_append(rights, line_row(arena, last));
            count++;
        }
        if (!count)
            continue;
        value_set_text(row, "title", actor_title(actor));
        value_set_text(row, "scripts", actor_scripts(arena, actor));
        value_set(row, "rights", rights);
        value_append(list, row);
    }
    return list;
}

static void message(struct arena *arena, struct value *list, const char *from, const char *to,
                    const char *text, bool reply)
{
    struct value *row = value_object(arena);

    value_set_token(row, "from", from);
    value_set_token(row, "to", to);
    value_set_text(row, "text", text);
    value_set_bool(row, "reply", reply);
    value_append(list, row);
}

static const char *service_of(const struct plan *plan, const struct step *step)
{
    if (step->devops)
        return "DevOps";
    if (step->write.command || !step->write.url)
        return "ARM";
    return strncmp(step->write.url, plan->spec->graph, strlen(plan->spec->graph)) ? "ARM" : "Graph";
}

/* Participants are those that templates/markdown/runbook.md declares. */
struct value *scope_messages(struct arena *arena, const struct plan *plan)
{
    static const char *const people[ACTOR_COUNT] = {
        [ACTOR_IDENTITY] = "IdentityAdmin", [ACTOR_DEVOPS] = "DevOpsAdmin", [ACTOR_ROLES] = "RoleAdmin"};
    struct value *list = value_list(arena);
    size_t i;

    for (i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];
        const char *captures = "";
        size_t k;

        if (!step->write.method)
            continue;
        message(arena, list, people[step->info->actor], service_of(plan, step), step->title, false);
        for (k = 0; step->captures[k]; k++)
            captures =
                arena_printf(arena, "%s%s%s", captures, k ? ", " : "", step->captures[k]);
        if (*captures)
            message(arena, list, service_of(plan, step), people[step->info->actor], captures, true);
    }
    return list;
}

static const char *roles_in_words(struct arena *arena, const struct connection *c)
{
    const char *text = c->n_roles ? "" : "none";
    size_t i;

    for (i = 0; i < c->n_roles; i++)
        text = arena_printf(arena, "%s%s%s @ %s", text, i ? "; " : "", c->roles[i].role,
                            c->roles[i].scope);
    return text;
}

struct value *scope_index_row(struct arena *arena, const struct spec *spec,
                              const struct plan *plan)
{
    const struct connection *c = plan->connection;
    struct value *row = value_object(arena), *scripts = value_list(arena);
    const char *name;
    size_t i;

    value_set_text(row, "key", c->key);
    value_set_text(row, "name", c->name.text);
    value_set_text(row, "project", c->project.text);
    value_set_token(row, "folder", c->folder);
    value_set_text(row, "identity", scope_identity_summary(arena, spec, c->identity));
    value_set_text(row, "roles", roles_in_words(arena, c));
    value_set_bool(row, "has_roles", c->n_roles > 0);
    for (i = 0; (name = script_name(plan, i)); i++) {
        struct value *file = value_object(arena);

        value_set_text(file, "name", name);
        value_append(scripts, file);
    }
    value_set(row, "scripts", scripts);
    value_set(row, "actors", scope_actors(arena, plan));
    return row;
}

struct value *scope_index(struct arena *arena, const struct spec *spec, struct value *rows)
{
    struct value *root = value_object(arena), *ini = value_object(arena);

    scope_set_stamp(root);
    value_set_text(ini, "name", spec->file);
    value_set_token(ini, "digest", spec->digest);
    value_set(root, "ini", ini);
    scope_sides(arena, root, spec);
    value_set(root, "connections", rows);
    return root;
}
