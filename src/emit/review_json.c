/* SPDX-License-Identifier: MIT
 * What somebody who approves weighs, as data. */
#include "emit/review.h"

#include "emit/scope.h"

static json *roles_of(const struct connection *connection)
{
    json *list = json_array(), *item;
    size_t i;

    for (i = 0; i < connection->n_roles; i++) {
        item = json_append(list, json_object());
        json_text(item, "role", connection->roles[i].role);
        json_text(item, "scope", connection->roles[i].scope);
    }
    return list;
}

static json *texts_of(const struct setting_list *settings)
{
    json *list = json_array();
    size_t i;

    for (i = 0; i < settings->count; i++)
        json_append_text(list, settings->items[i].text);
    return list;
}

static const char *pipelines_of(struct arena *arena, const struct connection *connection)
{
    const char *text = connection->pipelines == PIPELINES_ALL    ? "all of the project"
                       : connection->pipelines == PIPELINES_NONE ? "none"
                                                                 : "";
    size_t i;

    for (i = 0; i < connection->pipeline_ids.count; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? ", " : "",
                            connection->pipeline_ids.items[i].text);
    return text;
}

static void add_sentence(void *to, const char *sentence)
{
    json_append_text(to, sentence);
}

/* What the runbook says first, and what only matters to somebody who does not know the identity. */
static json *attention_of(struct arena *arena, const struct plan *plan)
{
    const struct identity *identity = plan->connection->identity;
    json *list = json_array();

    scope_attend(arena, plan, add_sentence, list);
    if (identity->existing)
        add_sentence(list, "The identity exists already: who else uses it, and which roles it has "
                           "besides those below, is not described.");
    if (identity->n_connections > 1)
        add_sentence(list, arena_printf(arena,
                                        "%zu connections of the description use the identity: each "
                                        "of them has the roles of all.",
                                        identity->n_connections));
    return list;
}

static json *connection_json(struct arena *arena, const struct spec *spec,
                             const struct connection *connection)
{
    const struct plan *plan = plan_build(arena, spec, connection);
    json *item = json_object();

    json_text(item, "name", connection->name.text);
    json_text(item, "project", connection->project.text);
    json_text(item, "identity", scope_identity_summary(arena, spec, connection->identity));
    json_bool(item, "identity_exists", connection->identity->existing);
    json_add(item, "roles", roles_of(connection));
    json_text(item, "pipelines", pipelines_of(arena, connection));
    json_add(item, "shares", texts_of(&connection->share_with));
    json_add(item, "attention", attention_of(arena, plan));
    return item;
}

json *review_json(const struct spec *spec, const struct connection *only)
{
    json *list = json_array();
    size_t i;

    for (i = 0; i < spec->n_connections; i++) {
        struct arena *arena = arena_new();

        if (!only || only == &spec->connections[i])
            json_append(list, connection_json(arena, spec, &spec->connections[i]));
        arena_free(arena);
    }
    return list;
}
