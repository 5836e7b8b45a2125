/* SPDX-License-Identifier: MIT
 * The data of one step. */
#include "emit/scope.h"

#include <ctype.h>
#include <string.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "base/limits.h"
#include "encode/encode.h"
#include "model/spec.h"

static const char *const kind_names[STEP_KINDS] = {
    [STEP_RESOURCE_GROUP] = "resource_group", [STEP_MANAGED_IDENTITY] = "managed_identity",
    [STEP_APPLICATION] = "application",       [STEP_SERVICE_PRINCIPAL] = "service_principal",
    [STEP_OWNER] = "owner",                   [STEP_PROJECT] = "project",
    [STEP_CONNECTION] = "connection",         [STEP_SHARE] = "share",
    [STEP_SHARES_BEYOND] = "shares_beyond",   [STEP_APPROVAL] = "approval",
    [STEP_BRANCH_CONTROL] = "branch_control", [STEP_EXCLUSIVE_LOCK] = "exclusive_lock",
    [STEP_PIPELINES] = "pipelines",           [STEP_CREDENTIAL] = "credential",
    [STEP_PRINCIPAL] = "principal",           [STEP_ROLE] = "role",
    [STEP_ROLES_BEYOND] = "roles_beyond",
};

enum part step_part(const struct step *step)
{
    switch (step->kind) {
    case STEP_CREDENTIAL:
        return PART_FEDERATION;
    case STEP_PRINCIPAL:
        return PART_PRINCIPAL;
    default:
        return step->info->actor == ACTOR_DEVOPS  ? PART_CONNECTION
               : step->info->actor == ACTOR_ROLES ? PART_ROLES
                                                  : PART_IDENTITY;
    }
}

static struct value *kind_value(struct arena *arena, enum step_kind kind)
{
    struct value *value = value_object(arena);

    value_set_bool(value, kind_names[kind], true); /* the others are absent: no */
    return value;
}

static const char *in_words(struct arena *arena, const char *const *names)
{
    const char *text = NULL;

    for (; *names; names++)
        text = text ? arena_printf(arena, "%s, %s", text, *names) : *names;
    return text;
}

/* {"key": "value"} as a JMESPath literal, each string in ASCII. */
static const char *tags_literal(struct arena *arena, const struct identity *identity)
{
    struct strbuf buf, one;
    const char *text;
    size_t i;

    strbuf_init(&buf, LIMIT_OUTPUT_FILE);
    strbuf_init(&one, LIMIT_OUTPUT_FILE);
    strbuf_adds(&buf, "`{");
    for (i = 0; i < 2 * identity->n_tags; i++) {
        const struct tag *tag = &identity->tags[i / 2];

        strbuf_reset(&one);
        encode_jmespath(&one, i % 2 ? tag->value : tag->key);
        strbuf_adds(&buf, i % 2 ? ": " : i ? ", " : "");
        strbuf_add(&buf, one.data + 1, one.len - 2); /* without its backticks */
    }
    strbuf_adds(&buf, "}`");
    text = arena_strndup(arena, buf.data, buf.len);
    strbuf_clear(&buf);
    strbuf_clear(&one);
    return text;
}

static void set_identity(struct arena *arena, struct value *value, const struct plan *plan)
{
    const struct identity *identity = plan->connection->identity;

    value_set_token(value, "mark", identity->mark);
    value_set_text(value, "display_name", identity->name.text);
    value_set_bool(value, "entra_issuer", plan->connection->issuer == ISSUER_ENTRA);
    if (identity->type != IDENTITY_MANAGED)
        return;
    value_set_token(value, "subscription_id", identity->subscription_id.text);
    value_set_text(value, "resource_group", identity->resource_group.text);
    value_set_text(value, "location", identity->location.text);
    value_set_text(value, "wanted_tags", tags_literal(arena, identity));
    value_set_bool(value, "has_tags", identity->n_tags > 0);
    value_set_text(value, "resource_id",
                   arena_printf(arena,
                                "/subscriptions/%s/resourceGroups/%s/providers/"
                                "Microsoft.ManagedIdentity/userAssignedIdentities/%s",
                                identity->subscription_id.text, identity->resource_group.text,
                                identity->name.text));
}

static struct value *data_rows(struct arena *arena, const struct plan *plan)
{
    struct value *list = value_list(arena);
    const struct data_field *field;

    for (field = plan->data; field->key; field++) {
        struct value *row = value_object(arena);

        value_set_token(row, "key", field->key);
        value_set_text(row, "value", field->value);
        value_set_bool(row, "is_id", field->weight == DATA_ID);
        value_set_bool(row, "is_text", field->weight == DATA_TEXT);
        value_set_bool(row, "is_label", field->weight == DATA_LABEL);
        value_append(list, row);
    }
    return list;
}

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *joined(struct arena *arena, const struct setting_list *items, bool sorted,
                          const char *between)
{
    const char **texts = ARENA_ARRAY(arena, items->count + 1, const char *);
    const char *text = "";
    size_t i;

    for (i = 0; i < items->count; i++)
        texts[i] = items->items[i].text;
    if (sorted)
        qsort(texts, items->count, sizeof *texts, compare_text);
    for (i = 0; i < items->count; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? between : "", texts[i]);
    return text;
}

static void set_connection(struct arena *arena, struct value *value, const struct plan *plan)
{
    const struct connection *c = plan->connection;
    struct value *pipelines = value_list(arena);
    size_t i;

    value_set(value, "data", data_rows(arena, plan));
    value_set_text(value, "description", c->description.text);
    value_set_text(value, "marked_description", plan->marked_description);
    value_set_text(value, "description_mark", plan->mark);
    value_set_text(value, "wanted_approvers", joined(arena, &c->approvers, true, " "));
    value_set_number(value, "required_approvals", c->required_approvals);
    value_set_text(value, "branches", joined(arena, &c->allowed_branches, false, ","));
    value_set_bool(value, "all", c->pipelines == PIPELINES_ALL);
    for (i = 0; i < c->pipeline_ids.count; i++) {
        struct value *row = value_object(arena);

        value_set_token(row, "pipeline", c->pipeline_ids.items[i].text);
        value_append(pipelines, row);
    }
    value_set(value, "pipelines", pipelines);
}

static struct value *read_rows(struct arena *arena, const struct step *step)
{
    struct value *list = value_list(arena);
    const char *why, *url;
    size_t i;

    for (i = 0; (why = step_read(step, i, &url)); i++) {
        struct value *row = value_object(arena);

        value_set_text(row, "why", why);
        value_set_text(row, "url", url);
        value_append(list, row);
    }
    return list;
}

static void set_role(struct value *value, const struct step *step)
{
    if (!step->role)
        return;
    value_set_text(value, "needed_by", step->needed_by);
    value_set_text(value, "role", step->role->role);
    value_set_text(value, "scope", step->role->scope);
    value_set_token(value, "seed", step->seed);
    value_set_text(value, "definition_url", step->definition_url);
    value_set_text(value, "definition_query",
                   step->role->is_guid ? "[`1`, id]" : "[length(value), value[0].id]");
}

/* The URL that finds something besides the step's own look. */
static void set_extra_url(struct value *value, const struct step *step)
{
    static const char *const names[STEP_KINDS] = {
        [STEP_PROJECT] = "organization_url",
        [STEP_SHARE] = "project_url",
        [STEP_APPLICATION] = "namesake_url",
    };

    if (names[step->kind])
        value_set_text(value, names[step->kind], step->extra_url);
}

/* "PUT" as "put": what az rest takes. */
static const char *verb(struct arena *arena, const char *method)
{
    char *copy, *p;

    if (!method)
        return NULL;
    copy = arena_strdup(arena, method);
    for (p = copy; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

static void set_calls(struct arena *arena, struct value *value, const struct step *step)
{
    value_set_text(value, "look_url", step->look.url);
    value_set_text(value, "write_method", step->write.method);
    value_set_token(value, "write_verb", verb(arena, step->write.method));
    value_set_text(value, "write_url", step->write.url);
    value_set_text(value, "write_header", step->write.header);
    value_set_text(value, "write_body", step->write.body);
    value_set_text(value, "command", step->write.command);
    /* --update of a connection reads where its project is, and writes to the organization. */
    value_set_text(value, "update_url",
                   step->kind == STEP_CONNECTION ? step->extra_url : step->update.url);
    value_set_text(value, "update_write_url", step->update.url);
    value_set_text(value, "update_body", step->update.body);
    value_set_text(value, "undo_url", step->undo.url);
    value_set_text(value, "subject_url", step->subject_url);
    set_extra_url(value, step);
}

struct value *scope_step(struct arena *arena, const struct plan *plan, const struct step *step,
                         unsigned number, bool makes)
{
    struct value *value = value_object(arena);
    bool writes = step->write.method;

    makes = makes && writes;
    value_set_number(value, "number", number);
    value_set_token(value, "id", step->id);
    value_set_text(value, "title", step->title);
    value_set_text(value, "actor", actor_title(step->info->actor));
    value_set_text(value, "why", step->info->why);
    value_set_text(value, "rights", step->rights);
    value_set_text(value, "recognised", step->info->recognised);
    value_set_text(value, "undone", step->info->undone);
    value_set_text(value, "captured", in_words(arena, step->captures));
    value_set(value, "kind", kind_value(arena, step->kind));
    value_set_bool(value, "creates", writes);
    value_set_bool(value, "makes", makes);
    value_set_bool(value, "writes", writes);
    value_set_token(value, "make", makes ? arena_printf(arena, "%s_make", step->id) : "-");
    value_set_token(value, "update",
                    makes && step->update.method ? arena_printf(arena, "%s_update", step->id)
                                                 : "-");
    set_calls(arena, value, step);
    value_set_bool(value, "managed", plan->connection->identity->type == IDENTITY_MANAGED);
    set_identity(arena, value, plan);
    set_connection(arena, value, plan);
    value_set_token(value, "owner", step->owner);
    value_set_text(value, "project", step->project);
    value_set_bool(value, "own_subject", step->kind == STEP_SHARE && step->subject);
    value_set_token(value, "subject_variable", step->subject);
    value_set_text(value, "credential_name", step->credential_name);
    set_role(value, step);
    value_set(value, "reads", read_rows(arena, step));
    return value;
}
