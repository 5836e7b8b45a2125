/* SPDX-License-Identifier: MIT
 * The order of the steps, and what all of them are built with. */
#include "plan/plan.h"

#include <stdarg.h>
#include <string.h>

#include "base/guid.h"
#include "base/limits.h"
#include "encode/encode.h"
#include "format/json.h"
#include "plan/calls.h"

static const char *steal(struct builder *b, struct strbuf *buf)
{
    const char *text = arena_strndup(b->arena, buf->data, buf->len);

    if (buf->overflow)
        BUG("a call of more than %zu bytes", buf->max);
    strbuf_clear(buf);
    return text;
}

const char *join(struct builder *b, ...)
{
    struct strbuf buf;
    const char *piece;
    va_list args;

    strbuf_init(&buf, LIMIT_OUTPUT_FILE);
    va_start(args, b);
    while ((piece = va_arg(args, const char *)))
        strbuf_adds(&buf, piece);
    va_end(args);
    return steal(b, &buf);
}

static const char *encoded(struct builder *b, const char *text,
                           void (*first)(struct strbuf *, const char *),
                           void (*then)(struct strbuf *, const char *))
{
    struct strbuf one, two;

    strbuf_init(&one, LIMIT_OUTPUT_FILE);
    strbuf_init(&two, LIMIT_OUTPUT_FILE);
    if (first)
        first(&one, text);
    else
        strbuf_adds(&one, text);
    then(&two, one.data);
    strbuf_clear(&one);
    return steal(b, &two);
}

const char *path_segment(struct builder *b, const char *text)
{
    return encoded(b, text, NULL, encode_url_path);
}

const char *query_value(struct builder *b, const char *text)
{
    return encoded(b, text, NULL, encode_url_query);
}

const char *odata_segment(struct builder *b, const char *text)
{
    return encoded(b, text, encode_odata, encode_url_path);
}

const char *odata_query(struct builder *b, const char *text)
{
    return encoded(b, text, encode_odata, encode_url_query);
}

const char *scope_path(struct builder *b, const char *scope)
{
    const char *path = "";

    while (*scope == '/') {
        size_t len = strcspn(scope + 1, "/");

        path = join(b, path, "/", path_segment(b, arena_strndup(b->arena, scope + 1, len)), NULL);
        scope += len + 1;
    }
    return path;
}

const char *body_text(struct builder *b, struct cJSON *root)
{
    struct strbuf buf;

    strbuf_init(&buf, LIMIT_OUTPUT_FILE);
    json_print(&buf, root, encode_json_marked);
    json_free(root);
    return steal(b, &buf);
}

/* "role", or "role_2" when there can be several. */
static const char *step_id(struct builder *b, const struct step_kind_info *info, unsigned n)
{
    return info->repeatable ? arena_printf(b->arena, "%s_%u", info->id, n) : info->id;
}

static const char *const *split_captures(struct builder *b, const char *names)
{
    const char **list = NULL;
    size_t count = 0;

    while (*names) {
        size_t len = strcspn(names, " ");

        ARENA_PUSH(b->arena, list, count, arena_strndup(b->arena, names, len));
        names += len + (names[len] == ' ');
    }
    ARENA_PUSH(b->arena, list, count, NULL);
    return list;
}

struct step *builder_step(struct builder *b, enum step_kind kind)
{
    const struct step_kind_info *info = step_kind_info(kind);
    struct step step = {.kind = kind, .info = info, .n = ++b->counts[kind]};

    step.id = step_id(b, info, step.n);
    step.devops = info->actor == ACTOR_DEVOPS;
    step.rights = info->rights;
    step.captures = split_captures(b, info->captures);
    ARENA_PUSH(b->arena, b->plan->steps, b->plan->n_steps, step);
    return &b->plan->steps[b->plan->n_steps - 1];
}

/* The description as it is sent: the INI's and a mark, for rollback to know what was made here. No
 * state file says so, and a connection has no tags. */
static void mark_description(struct builder *b)
{
    const struct connection *connection = b->connection;
    char guid[GUID_TEXT + 1];

    guid_from_name(join(b, "connection/", b->spec->tenant_id.text, "/", b->spec->organization.text,
                        "/", connection->project.text, "/", connection->name.text, NULL),
                   guid);
    b->plan->mark = arena_printf(b->arena, "[azdo-wif:%.8s]", guid);
    b->plan->marked_description =
        join(b, connection->description.text, *connection->description.text ? " " : "",
             b->plan->mark, NULL);
}

static void want_tags(struct builder *b)
{
    json *tags = json_object();
    size_t i;

    for (i = 0; i < b->identity->n_tags; i++)
        json_text(tags, b->identity->tags[i].key, b->identity->tags[i].value);
    b->plan->wanted_tags = body_text(b, tags);
}

const struct plan *plan_build(struct arena *arena, const struct spec *spec,
                              const struct connection *connection)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    struct builder b = {.arena = arena,
                        .plan = plan,
                        .spec = spec,
                        .connection = connection,
                        .identity = connection->identity};

    plan->spec = spec;
    plan->connection = connection;
    mark_description(&b);
    want_tags(&b);
    if (b.identity->type == IDENTITY_MANAGED)
        add_managed_identity(&b);
    else
        add_application(&b);
    add_connection(&b);
    add_credentials(&b);
    add_roles(&b);
    add_others(&b);
    return plan;
}
