/* SPDX-License-Identifier: MIT
 * plan.json: the plan as data. */
#include "emit/plan_json.h"

#include "emit/scope.h"

enum { SCHEMA_VERSION = 1 };

static void add_call(json *object, const char *key, const struct call *call)
{
    json *item;

    if (!call->method)
        return;
    item = json_add(object, key, json_object());
    json_text(item, "method", call->method);
    json_text(item, "url", call->url);
    json_text(item, "header", call->header);
    json_text(item, "command", call->command);
    json_text(item, "body", call->body);
}

static void add_reads(json *object, const struct step *step)
{
    const char *why, *url;
    json *list = NULL;
    size_t i;

    for (i = 0; (why = step_read(step, i, &url)); i++) {
        json *item;

        if (!list)
            list = json_add(object, "reads", json_array());
        item = json_append(list, json_object());
        json_text(item, "why", why);
        json_text(item, "url", url);
    }
}

static json *step_json(const struct step *step, unsigned number)
{
    json *object = json_object(), *captures;
    size_t i;

    json_number(object, "number", (long)number);
    json_text(object, "id", step->id);
    json_text(object, "kind", step->info->name);
    json_text(object, "title", step->title);
    json_text(object, "why", step->info->why);
    json_text(object, "actor", actor_title(step->info->actor));
    json_text(object, "rights", step->rights);
    if (step->only_split)
        json_text(object, "only_in", actor_script(step->info->actor, true));
    json_text(object, "recognised", step->info->recognised);
    add_call(object, "look", &step->look);
    add_reads(object, step);
    add_call(object, "write", &step->write);
    add_call(object, "update", &step->update);
    add_call(object, "undo", &step->undo);
    json_text(object, "undone", step->info->undone);
    captures = json_add(object, "captures", json_array());
    for (i = 0; step->captures[i]; i++)
        json_append_text(captures, step->captures[i]);
    return object;
}

static json *expected_json(const struct plan *plan)
{
    const struct connection *c = plan->connection;
    json *object = json_object();

    json_text(object, "issuer", c->issuer == ISSUER_ENTRA ? "entra" : "azure-devops");
    json_text(object, "audience", c->audience.text);
    return object;
}

json *plan_json(const struct plan *plan, const char *stamp)
{
    const struct spec *spec = plan->spec;
    const struct connection *c = plan->connection;
    json *root = json_object(), *object, *steps;
    size_t i;

    json_text(root, "generated_by", stamp);
    json_number(root, "schema_version", SCHEMA_VERSION);
    json_text(root, "connection", c->key);
    json_text(root, "name", c->name.text);
    json_text(root, "project", c->project.text);
    json_text(root, "organization", spec->organization.text);
    json_text(root, "tenant_id", spec->tenant_id.text);
    json_text(root, "organization_tenant_id", spec->devops_tenant_id);
    json_text(root, "cloud", spec->cloud->name);
    object = json_add(root, "identity", json_object());
    json_text(object, "key", c->identity->key);
    json_text(object, "type",
              c->identity->type == IDENTITY_MANAGED ? "managed-identity" : "service-principal");
    json_bool(object, "existing", c->identity->existing);
    json_text(object, "client_id", c->identity->client_id.text);
    json_text(object, "name", c->identity->name.text);
    json_add(root, "expected", expected_json(plan));
    steps = json_add(root, "steps", json_array());
    for (i = 0; i < plan->n_steps; i++)
        json_append(steps, step_json(&plan->steps[i], (unsigned)i + 1));
    return root;
}
