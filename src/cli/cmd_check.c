/* SPDX-License-Identifier: MIT
 * azdo-wif check: is the output folder what generate would write? */
#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "cli/description.h"
#include "cli/report.h"
#include "cli/term.h"
#include "emit/diff.h"
#include "emit/look.h"
#include "emit/stamp.h"
#include "encode/encode.h"
#include "format/json.h"
#include "template/directory.h"

struct checker {
    struct arena *arena;
    const struct options *options;
    const char *dir;
    int dir_fd;
    struct looker *looker;
    struct diags *diags;
    const char **paths; /* of all files that generate would write */
    size_t n_paths;
    const char *said; /* about what the last finding was: one is enough for a folder */
    size_t findings;
    bool colours;
};

static const struct {
    const char *name, *meaning;
} states[] = {
    [LOOK_NOTHING] = {"missing", "generate would write it"},
    [LOOK_MODE] = {"mode", "its permissions are not those that generate gives"},
    [LOOK_OURS] = {"stale", "generate would write it anew"},
    [LOOK_EDITED] = {"edited", "it was changed after azdo-wif wrote it"},
    [LOOK_FOREIGN] = {"foreign", "azdo-wif did not write it"},
    [LOOK_LINK] = {"foreign", "it is a symbolic link"},
    [LOOK_OTHER] = {"foreign", "it is no file that azdo-wif wrote"},
};
static const char undescribed[] = "no longer described";

static void print_diff(const struct checker *c, const char *diff)
{
    static const char *const colours[128] = {['-'] = "\033[31m", ['+'] = "\033[32m",
                                             ['@'] = "\033[36m"};
    struct strbuf line;

    strbuf_init(&line, LIMIT_OUTPUT_FILE);
    while (*diff) {
        size_t len = strcspn(diff, "\n");
        const char *colour = c->colours ? colours[(unsigned char)*diff & 127] : NULL;

        fputs(colour ? colour : "", stdout);
        while (len) {
            size_t part = strcspn(diff, "\t\n");

            strbuf_reset(&line);
            strbuf_add(&line, diff, part);
            report_text(stdout, line.data);
            if (part < len)
                putchar('\t');
            part += part < len;
            diff += part;
            len -= part;
        }
        puts(colour ? "\033[0m" : "");
        diff += *diff == '\n';
    }
    strbuf_clear(&line);
}

static void print_json(const struct checker *c, const char *path, const char *state,
                       const char *meaning, const char *diff)
{
    json *item = json_object();
    struct strbuf out;

    strbuf_init(&out, LIMIT_PLAN);
    json_text(item, "path", path);
    json_text(item, "state", state);
    json_text(item, "meaning", meaning);
    json_text(item, "diff", diff);
    json_print(&out, item, encode_json_marked);
    printf("%s%s", c->findings ? ",\n" : "[\n", out.data);
    strbuf_clear(&out);
    json_free(item);
}

/* One finding; DIFF may be empty. */
static void say(struct checker *c, const char *path, const char *state, const char *meaning,
                const char *diff)
{
    const char *whole = *path ? arena_printf(c->arena, "%s/%s", c->dir, path) : c->dir;

    if (c->options->json) {
        print_json(c, whole, state, meaning, diff);
    } else {
        printf("%s: ", state);
        report_text(stdout, whole);
        printf(" (%s)\n", meaning);
        print_diff(c, diff);
    }
    c->findings++;
}

/* Can it be shown as lines? Somebody else's file may hold anything. */
static bool is_text(const char *data, size_t len)
{
    size_t i, n;

    for (i = 0; i < len; i += n) {
        uint32_t code;

        n = utf8_decode(data + i, len - i, &code);
        if (!n || !code || (utf8_is_control(code) && code != '\n' && code != '\t' && code != '\r'))
            return false;
    }
    return true;
}

static const char *stale_because(const struct looking *looking, const struct output_file *file)
{
    return stamp_same_ini(looking->content, looking->len, file->data, file->len)
               ? "made by another version, or of other templates"
               : "made from another state of the INI file";
}

static void compare(struct checker *c, const struct looking *looking,
                    const struct output_file *file)
{
    const char *name = arena_printf(c->arena, "%s/%s", c->dir, file->path);
    const struct diff_side nothing = {NULL, "", 0};
    const struct diff_side have = {name, looking->content, looking->len};
    const struct diff_side want = {name, file->data, file->len};
    struct strbuf diff;

    strbuf_init(&diff, LIMIT_PLAN);
    if (looking->state == LOOK_NOTHING)
        diff_unified(&diff, &nothing, &want);
    else if (looking->content && is_text(looking->content, looking->len))
        diff_unified(&diff, &have, &want);
    say(c, looking->path, states[looking->state].name,
        looking->state == LOOK_OURS ? stale_because(looking, file)
                                    : states[looking->state].meaning,
        diff.data);
    strbuf_clear(&diff);
}

static bool check_file(void *to, const struct output_file *file)
{
    struct checker *c = to;
    const struct looking looking = look_at(c->looker, file);

    ARENA_PUSH(c->arena, c->paths, c->n_paths, arena_strdup(c->arena, file->path));
    if (looking.state == LOOK_SAME || looking.state == LOOK_FAILED)
        return true;
    if (looking.path != file->path) {
        if (c->said && !strcmp(c->said, looking.path))
            return true;
        c->said = looking.path;
    }
    compare(c, &looking, file);
    return true;
}

static void check_leftovers(struct checker *c, const char *only_folder)
{
    struct leftovers leftovers = {0};
    size_t i;

    if (c->dir_fd < 0 ||
        !look_for_leftovers(c->looker, c->paths, c->n_paths, only_folder, &leftovers))
        return;
    for (i = 0; i < leftovers.count; i++) {
        const char *path = leftovers.items[i].path;
        struct diff_side have = {.name = arena_printf(c->arena, "%s/%s", c->dir, path)};
        const struct diff_side nothing = {NULL, "", 0};
        struct looking looking;
        struct strbuf diff;

        if (!look_read(c->looker, path, &looking))
            continue;
        have.data = looking.content;
        have.len = looking.len;
        strbuf_init(&diff, LIMIT_PLAN);
        if (is_text(have.data, have.len))
            diff_unified(&diff, &have, &nothing);
        say(c, path, undescribed,
            leftovers.items[i].edited ? "and edited: remove it by hand" : "generate --prune removes it",
            diff.data);
        strbuf_clear(&diff);
    }
}

/* Opens the folder; one that is not there is empty. False with a finding. */
static bool open_dir(struct checker *c)
{
    struct loc loc = {.file = c->dir};

    c->dir_fd = open(c->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (c->dir_fd >= 0 || errno == ENOENT)
        return true;
    diag_add(c->diags, DIAG_OUTPUT_WRITE, loc, "cannot be read: %s", strerror(errno));
    return false;
}

static enum status finish(struct checker *c, size_t errors)
{
    if (c->diags->errors != errors)
        return STATUS_OUTPUT;
    if (c->options->json)
        puts(c->findings ? "\n]" : "[]");
    else if (!c->findings && !c->options->quiet)
        report_note("%s is what generate would write: %zu files", c->dir, c->n_paths);
    return c->findings ? STATUS_FINDING : STATUS_DONE;
}

static enum status check(struct checker *c, const char *file)
{
    struct emit_request emit = {
        .templates = description_templates(c->arena, c->options, c->diags),
        .sink = check_file,
        .to = c};
    const struct connection *only;
    enum status status;
    size_t errors;

    status = description_load(c->arena, file, c->options, &emit.spec, &only, c->diags);
    if (status != STATUS_DONE || !emit.templates)
        return status != STATUS_DONE ? status : STATUS_INPUT;
    if (!open_dir(c))
        return STATUS_OUTPUT;
    emit.only_connection = only ? only->key : NULL;
    errors = c->diags->errors;
    c->looker = looker_new(c->arena, c->dir_fd, c->dir, c->diags);
    if (emit_files(c->arena, &emit, c->diags)) {
        check_leftovers(c, only ? only->folder : NULL);
        template_directory_unused(emit.templates, c->diags);
        status = finish(c, errors);
    } else {
        status = STATUS_INPUT;
    }
    looker_free(c->looker);
    if (c->dir_fd >= 0)
        close(c->dir_fd);
    return status;
}

static enum status run(const struct options *options, char *const *operands)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct checker c = {.arena = arena,
                        .options = options,
                        .diags = &diags,
                        .colours = term_colours(STDOUT_FILENO)};
    enum status status = STATUS_USAGE;

    c.dir = description_output(arena, options, operands[0]);
    if (c.dir)
        status = check(&c, operands[0]);
    report_findings(&diags, "it could not be checked");
    arena_free(arena);
    return status;
}

static const struct option_row *const rows[] = {
    &option_output, &option_connection, &option_templates, &option_json,
    &option_quiet,  &option_help,       &option_version,   NULL};

const struct command cmd_check = {
    .name = "check",
    .summary = "compare the output folder with what generate would write",
    .operands = "FILE",
    .n_operands = 1,
    .details = "Says which files of the output folder are stale, missing, edited, foreign or no\n"
               "longer described by FILE, an INI file, each with a unified diff from what is there\n"
               "to what generate would write. Writes nothing. For a pull request's checks.",
    .options = rows,
    .statuses = STATUS_BIT(STATUS_DONE) | STATUS_BIT(STATUS_FINDING) | STATUS_BIT(STATUS_USAGE) |
                STATUS_BIT(STATUS_INPUT) | STATUS_BIT(STATUS_OUTPUT),
    .example = "azdo-wif check contoso.ini",
    .run = run,
};
