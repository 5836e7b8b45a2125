/* SPDX-License-Identifier: MIT
 * azdo-wif render: one template against JSON data. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "base/fsio.h"
#include "base/limits.h"
#include "cli/report.h"
#include "cli/term.h"
#include "format/json.h"
#include "template/data.h"
#include "template/directory.h"
#include "template/lenient.h"
#include "template/place.h"

struct rendering {
    struct arena *arena;
    const struct options *options;
    const char *name; /* of the template: an operand, and so no name that a template can write */
    const char *text;
    size_t len;
    const struct language *language;
    struct diags *diags;
};

/* The template itself; a partial is never this one, whatever it is called. */
static const char *get_template(void *data, const char *name, size_t *ret_len,
                                const char **ret_file, struct diags *diags)
{
    const struct rendering *r = data;

    (void)diags;
    if (name != r->name)
        return NULL;
    *ret_file = strcmp(r->name, "-") == 0 ? "standard input" : r->name;
    *ret_len = r->len;
    return r->text;
}

static bool render_strict(const struct rendering *r, const struct template_source *source,
                          const json *data, struct strbuf *out)
{
    const struct shape *shape;
    struct value *value = data_of_json(r->arena, r->options->data, data, &shape, r->diags);
    struct template *template =
        value ? template_load(r->arena, source, r->name, r->language, shape, r->diags) : NULL;

    return template && template_render(template, value, out, r->diags);
}

static bool render(struct rendering *r, const json *data, struct strbuf *out)
{
    const struct options *options = r->options;
    const struct template_source *partials =
        options->partials ? template_directory(r->arena, options->partials, NULL, r->diags) : NULL;
    const struct template_source source = {get_template, r, partials};
    const struct lenient_request lenient = {.source = &source,
                                            .name = r->name,
                                            .encode = language_encoder(r->language),
                                            .data = data};

    if (options->partials && !partials)
        return false;
    return options->lenient ? template_render_lenient(r->arena, &lenient, out, r->diags)
                            : render_strict(r, &source, data, out);
}

static enum status load_and_render(struct rendering *r, struct strbuf *out)
{
    size_t len = 0;
    const char *text;
    json *data;
    bool done;

    r->text = fsio_load(r->arena, r->name, LIMIT_TEMPLATE, &r->len, r->diags);
    text = fsio_load(r->arena, r->options->data, LIMIT_JSON_FILE, &len, r->diags);
    if (!r->text || !text)
        return STATUS_INPUT;
    data = json_parse(r->options->data, text, len, r->diags);
    done = data && data_is_plain(r->options->data, data, r->diags) && render(r, data, out);
    json_free(data);
    return done ? STATUS_DONE : STATUS_INPUT;
}

/* False after a message. */
static bool choose_language(struct rendering *r)
{
    const char *name = r->options->language;

    r->language = name ? language_named(name) : language_of(r->name);
    if (r->language)
        return true;
    report_usage("say with --language which one it is",
                 "the language of '%s' cannot be told from its name", r->name);
    return false;
}

static enum status run(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct rendering r = {.arena = arena, .options = options, .name = operands[0], .diags = &diags};
    enum status status = STATUS_USAGE;
    struct strbuf out;

    strbuf_init(&out, LIMIT_RENDER);
    term_progress_start();
    if (!options->data)
        report_usage("see 'azdo-wif render --help'", "render needs --data FILE");
    else if (!strcmp(options->data, "-") && !strcmp(operands[0], "-"))
        report_usage(NULL, "standard input cannot be both the template and its data");
    else if (choose_language(&r))
        status = load_and_render(&r, &out);
    term_progress_stop();
    report_findings(&diags, "nothing was rendered");
    if (status == STATUS_DONE)
        fwrite(out.data, 1, out.len, stdout);
    strbuf_clear(&out);
    arena_free(arena);
    return status;
}

static const struct option_row data = {
    "data", 0, "FILE", NULL, "the data, a JSON object; - for standard input",
    offsetof(struct options, data)};
static const struct option_row language = {
    "language", 0, "LANGUAGE", language_names, "what is written (default: by TEMPLATE's ending)",
    offsetof(struct options, language)};
static const struct option_row partials = {
    "partials", 0, "DIR", NULL, "where partials and parents are: NAME is DIR/NAME",
    offsetof(struct options, partials)};
static const struct option_row lenient = {
    "lenient", 0, NULL, NULL, "as the Mustache specification says: raw and unknown names allowed",
    offsetof(struct options, lenient)};

static const struct option_row *const rows[] = {&data,    &language,    &partials,
                                                &lenient, &option_help, &option_version,
                                                NULL};

const struct command cmd_render = {
    .name = "render",
    .summary = "fill one template with JSON data, for template authors",
    .operands = "TEMPLATE",
    .n_operands = 1,
    .details = "Fills the file TEMPLATE, - for standard input, with the data and prints the result.\n"
               "The rules are those that emitted scripts are made by: each value is encoded for the\n"
               "place it stands in, and what would not be safe does not load. --lenient lifts them.",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_USAGE) | STATUS_BIT(STATUS_INPUT) |
                STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif render page.html --data page.json",
    .run = run,
};
