/* SPDX-License-Identifier: MIT
 * From a checked description to the text of every output: the table of files, and filling them. */
#include "emit/emit.h"

#include <string.h>

#include "base/limits.h"
#include "emit/plan_json.h"
#include "emit/scope.h"
#include "emit/shape.h"
#include "emit/stamp.h"
#include "encode/encode.h"

#define IDENTITY   PARTS(PART_IDENTITY)
#define CONNECTION PARTS(PART_CONNECTION)
#define FEDERATION PARTS(PART_FEDERATION)
#define PRINCIPAL  PARTS(PART_PRINCIPAL)
#define ROLES      PARTS(PART_ROLES)

/* Every file of a connection's folder, in the order in which they are read. */
static const struct script scripts[] = {
    {.file = "provision.sh",
     .template = "bash/script.sh",
     .purpose = "Creates the service connection and everything that it signs in with",
     .actor = "one person who has all the rights",
     .mode = "run",
     .makes = PARTS_ALL,
     .executable = true},
    {.file = "1-identity.sh",
     .template = "bash/script.sh",
     .purpose = "Creates or finds the identity that pipelines sign in as",
     .actor = "identity administrator",
     .mode = "run",
     .makes = IDENTITY,
     .split = true,
     .executable = true},
    {.file = "2-connection.sh",
     .template = "bash/script.sh",
     .purpose = "Creates the service connection with its checks, pipelines and sharing",
     .actor = "Azure DevOps project administrator",
     .mode = "run",
     .makes = CONNECTION,
     .split = true,
     .reads_handover = true,
     .executable = true},
    {.file = "3-federation.sh",
     .template = "bash/script.sh",
     .purpose = "Lets the identity trust tokens of the service connection",
     .actor = "identity administrator",
     .mode = "run",
     .makes = FEDERATION,
     .looks = IDENTITY,
     .split = true,
     .reads_handover = true,
     .executable = true},
    {.file = "4-roles.sh",
     .template = "bash/script.sh",
     .purpose = "Assigns the roles of the identity",
     .actor = "role administrator",
     .mode = "run",
     .makes = ROLES,
     .looks = PRINCIPAL,
     .split = true,
     .reads_handover = true,
     .executable = true},
    {.file = "verify.sh",
     .template = "bash/script.sh",
     .purpose = "Reads everything and says whether it is as described; writes nothing",
     .actor = "anyone who may read both sides",
     .mode = "verify",
     .looks = PARTS_ALL,
     .executable = true},
    {.file = "rollback.sh",
     .template = "bash/rollback.sh",
     .purpose = "Removes what this description made, in the order that the services accept",
     .actor = "those who ran the other scripts, each with --part",
     .mode = "rollback",
     .looks = PARTS_ALL,
     .reads_handover = true,
     .rollback = true,
     .executable = true},
    {.file = "runbook.md",
     .template = "markdown/runbook.md",
     .purpose = "The review page",
     .actor = "reviewers",
     .mode = "run",
     .makes = PARTS_ALL,
     .split = true},
};

enum { N_SCRIPTS = sizeof scripts / sizeof *scripts };

static bool is_needed(const struct plan *plan, const struct script *script)
{
    return plan->connection->n_roles || strcmp(script->file, "4-roles.sh");
}

const char *script_name(const struct plan *plan, size_t index)
{
    size_t i;

    for (i = 0; i < N_SCRIPTS; i++)
        if (scripts[i].split && scripts[i].executable && is_needed(plan, &scripts[i]) && !index--)
            return scripts[i].file;
    return NULL;
}

/* The applications' principal is found by the steps that find the application. */
static struct script adapted(const struct plan *plan, const struct script *script)
{
    struct script copy = *script;

    if (copy.looks == PRINCIPAL && plan->connection->identity->type != IDENTITY_MANAGED)
        copy.looks = IDENTITY;
    return copy;
}

/* Templates load once for all connections: their checks cost more than filling them. */
struct loader {
    struct arena *arena;
    const struct template_source *source;
    struct diags *diags;
    const char *names[N_SCRIPTS + 2];
    struct template *templates[N_SCRIPTS + 2];
    size_t count;
};

static struct template *load(struct loader *loader, const char *name, const struct shape *shape)
{
    size_t i;

    for (i = 0; i < loader->count; i++)
        if (!strcmp(loader->names[i], name))
            return loader->templates[i];
    if (loader->count == N_SCRIPTS + 2)
        BUG("more templates than files");
    loader->names[loader->count] = name;
    loader->templates[loader->count] =
        template_load(loader->arena, loader->source, name, NULL, shape, loader->diags);
    return loader->templates[loader->count++];
}

static void add_file(struct arena *arena, struct output_files *files, const char *path,
                     struct strbuf *text, bool executable)
{
    struct output_file file = {.path = path, .len = text->len, .executable = executable};
    char *data = arena_strndup(arena, text->data, text->len);

    stamp_seal(data, text->len);
    file.data = data;
    ARENA_PUSH(arena, files->items, files->count, file);
    strbuf_reset(text);
}

static bool emit_script(struct loader *loader, const struct plan *plan,
                        const struct script *script, struct output_files *files,
                        struct strbuf *text)
{
    const struct script mine = adapted(plan, script);
    struct template *template = load(loader, mine.template, shape_script);

    if (!template || !template_render(template, scope_script(loader->arena, plan, &mine), text,
                                      loader->diags))
        return false;
    add_file(loader->arena, files,
             arena_printf(loader->arena, "%s/%s", plan->connection->folder, mine.file), text,
             mine.executable);
    return true;
}

static void emit_json(struct loader *loader, const struct plan *plan, struct output_files *files,
                      struct strbuf *text)
{
    json *root = plan_json(plan, scope_stamp(loader->arena, plan->spec));

    json_print(text, root, encode_json);
    strbuf_addc(text, '\n');
    json_free(root);
    add_file(loader->arena, files,
             arena_printf(loader->arena, "%s/plan.json", plan->connection->folder), text, false);
}

static bool emit_index(struct loader *loader, const struct spec *spec,
                       const struct plan *const *plans, struct output_files *files,
                       struct strbuf *text)
{
    struct template *template = load(loader, "markdown/index.md", shape_index);

    if (!template || !template_render(template, scope_index(loader->arena, spec, plans), text,
                                      loader->diags))
        return false;
    add_file(loader->arena, files, "README.md", text, false);
    return true;
}

static const struct plan *const *build_plans(struct arena *arena, const struct spec *spec)
{
    const struct plan **plans = ARENA_ARRAY(arena, spec->n_connections + 1, const struct plan *);
    size_t i;

    for (i = 0; i < spec->n_connections; i++)
        plans[i] = plan_build(arena, spec, &spec->connections[i]);
    return plans;
}

static bool is_chosen(const struct plan *plan, const char *only_connection)
{
    return !only_connection || !strcmp(plan->connection->key, only_connection);
}

static bool emit_all(struct loader *loader, const struct spec *spec, const char *only_connection,
                     struct output_files *files, struct strbuf *text)
{
    const struct plan *const *plans = build_plans(loader->arena, spec);
    size_t i, k;

    if (!emit_index(loader, spec, plans, files, text))
        return false;
    for (i = 0; i < spec->n_connections; i++) {
        if (!is_chosen(plans[i], only_connection))
            continue;
        for (k = 0; k < N_SCRIPTS; k++)
            if (is_needed(plans[i], &scripts[k]) &&
                !emit_script(loader, plans[i], &scripts[k], files, text))
                return false;
        emit_json(loader, plans[i], files, text);
    }
    return true;
}

bool emit_files(struct arena *arena, const struct spec *spec, const struct template_source *source,
                const char *only_connection, struct output_files *ret, struct diags *diags)
{
    struct loader loader = {.arena = arena, .source = source, .diags = diags};
    struct output_files files = {0};
    struct strbuf text;
    bool done;

    strbuf_init(&text, LIMIT_OUTPUT_FILE);
    done = emit_all(&loader, spec, only_connection, &files, &text);
    strbuf_clear(&text);
    if (done)
        *ret = files;
    return done;
}

bool emit_plan_text(struct arena *arena, const struct spec *spec,
                    const struct template_source *source, const char *only_connection,
                    struct strbuf *out, struct diags *diags)
{
    static const struct script all = {
        .file = "plan", .purpose = "", .actor = "", .mode = "run", .makes = PARTS_ALL, .split = true};
    const struct plan *const *plans = build_plans(arena, spec);
    struct template *template =
        template_load(arena, source, "text/plan.txt", NULL, shape_script, diags);
    size_t i;

    if (!template)
        return false;
    for (i = 0; i < spec->n_connections; i++)
        if (is_chosen(plans[i], only_connection) &&
            !template_render(template, scope_script(arena, plans[i], &all), out, diags))
            return false;
    return true;
}

bool emit_plan_json(struct arena *arena, const struct spec *spec, const char *only_connection,
                    struct strbuf *out, struct diags *diags)
{
    const struct plan *const *plans = build_plans(arena, spec);
    const char *version = scope_stamp(arena, spec);
    json *list = json_array();
    size_t i;

    (void)diags;
    /* Not a file of ours, so without a digest of a body. */
    version = arena_strndup(arena, version, (size_t)(strstr(version, ", body ") - version));
    for (i = 0; i < spec->n_connections; i++)
        if (is_chosen(plans[i], only_connection))
            json_append(list, plan_json(plans[i], version));
    json_print(out, list, encode_json);
    strbuf_addc(out, '\n');
    json_free(list);
    return true;
}
