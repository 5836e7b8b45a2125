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
struct emitter {
    struct arena *arena; /* of the whole run; what a connection needs has its own */
    const struct emit_request *request;
    struct diags *diags;
    struct strbuf text; /* of the file that is being made */
    const char *names[N_SCRIPTS + 2];
    struct template *templates[N_SCRIPTS + 2];
    size_t count;
};

static struct template *load(struct emitter *e, const char *name, const struct shape *shape)
{
    size_t i;

    for (i = 0; i < e->count; i++)
        if (!strcmp(e->names[i], name))
            return e->templates[i];
    if (e->count == N_SCRIPTS + 2)
        BUG("more templates than files");
    e->names[e->count] = name;
    e->templates[e->count] =
        template_load(e->arena, e->request->templates, name, NULL, shape, e->diags);
    return e->templates[e->count++];
}

/* Hands the text over as the file PATH, which TEMPLATE (NULL: none) was to give a stamp. */
static bool put(struct emitter *e, const char *path, bool executable, const char *template)
{
    const struct output_file file = {
        .path = path, .data = e->text.data, .len = e->text.len, .executable = executable};

    if (!stamp_seal(e->text.data, e->text.len)) {
        diag_add(e->diags, DIAG_TEMPLATE_STAMP, (struct loc){.file = template},
                 "what is made of it does not say what it was made of");
        return false;
    }
    return e->request->sink(e->request->to, &file);
}

static bool emit_template(struct emitter *e, const char *name, const struct shape *shape,
                          struct value *root)
{
    struct template *template = load(e, name, shape);

    strbuf_reset(&e->text);
    if (!template)
        return false;
    scope_set_templates(e->arena, root, template);
    return template_render(template, root, &e->text, e->diags);
}

static bool emit_script(struct emitter *e, struct arena *arena, const struct plan *plan,
                        const struct script *script)
{
    const struct script mine = adapted(plan, script);

    return emit_template(e, mine.template, shape_script, scope_script(arena, plan, &mine)) &&
           put(e, arena_printf(arena, "%s/%s", plan->connection->folder, mine.file),
               mine.executable, mine.template);
}

static bool emit_json(struct emitter *e, struct arena *arena, const struct plan *plan)
{
    json *root = plan_json(plan, scope_stamp(arena, plan->spec));

    strbuf_reset(&e->text);
    json_print(&e->text, root, encode_json);
    strbuf_addc(&e->text, '\n');
    json_free(root);
    return put(e, arena_printf(arena, "%s/plan.json", plan->connection->folder), false, NULL);
}

static bool is_chosen(const struct connection *connection, const char *only_connection)
{
    return !only_connection || !strcmp(connection->key, only_connection);
}

/* The files of a connection, and its row of the index in ROWS. */
static bool emit_connection(struct emitter *e, const struct connection *connection,
                            struct value *rows)
{
    const struct spec *spec = e->request->spec;
    struct arena *arena = arena_new();
    const struct plan *plan = plan_build(arena, spec, connection);
    bool chosen = is_chosen(connection, e->request->only_connection), done = true;
    size_t i;

    value_append(rows, scope_index_row(e->arena, spec, plan));
    for (i = 0; done && chosen && i < N_SCRIPTS; i++)
        done = !is_needed(plan, &scripts[i]) || emit_script(e, arena, plan, &scripts[i]);
    done = done && (!chosen || emit_json(e, arena, plan));
    arena_free(arena);
    return done;
}

static bool emit_index(struct emitter *e, struct value *rows)
{
    static const char name[] = "markdown/index.md";

    return emit_template(e, name, shape_index, scope_index(e->arena, e->request->spec, rows)) &&
           put(e, "README.md", false, name);
}

bool emit_files(struct arena *arena, const struct emit_request *request, struct diags *diags)
{
    struct emitter e = {.arena = arena, .request = request, .diags = diags};
    struct value *rows = value_list(arena);
    bool done = true;
    size_t i;

    strbuf_init(&e.text, LIMIT_OUTPUT_FILE);
    for (i = 0; done && i < request->spec->n_connections; i++)
        done = emit_connection(&e, &request->spec->connections[i], rows);
    done = done && emit_index(&e, rows);
    strbuf_clear(&e.text);
    return done;
}

bool emit_plan_text(struct arena *arena, const struct spec *spec,
                    const struct template_source *source, const char *only_connection,
                    struct strbuf *out, struct diags *diags)
{
    static const struct script all = {
        .file = "plan", .purpose = "", .actor = "", .mode = "run", .makes = PARTS_ALL, .split = true};
    struct template *template =
        template_load(arena, source, "text/plan.txt", NULL, shape_script, diags);
    bool done = template != NULL;
    size_t i;

    for (i = 0; done && i < spec->n_connections; i++) {
        struct arena *own;

        if (!is_chosen(&spec->connections[i], only_connection))
            continue;
        own = arena_new();
        done = template_render(
            template, scope_script(own, plan_build(own, spec, &spec->connections[i]), &all), out,
            diags);
        arena_free(own);
    }
    return done;
}

void emit_plan_json(struct arena *arena, const struct spec *spec, const char *only_connection,
                    struct strbuf *out)
{
    const char *version = scope_stamp(arena, spec);
    json *list = json_array();
    size_t i;

    /* Not a file of ours, so without a digest of a body. */
    version = arena_strndup(arena, version, (size_t)(strstr(version, ", body ") - version));
    for (i = 0; i < spec->n_connections; i++)
        if (is_chosen(&spec->connections[i], only_connection))
            json_append(list, plan_json(plan_build(arena, spec, &spec->connections[i]), version));
    json_print(out, list, encode_json);
    strbuf_addc(out, '\n');
    json_free(list);
}
