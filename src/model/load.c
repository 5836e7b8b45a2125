/* SPDX-License-Identifier: MIT
 * From an INI file to a spec. */
#include "model/load.h"

#include <string.h>

#include "base/digest.h"
#include "base/fsio.h"
#include "base/limits.h"
#include "base/typo.h"

/* The sections of a file by kind. */
struct sections {
    struct part {
        const struct ini_section *source;
        const char *name; /* "" when the header has none */
    } * parts[SECTION_COUNT];
    size_t counts[SECTION_COUNT];
    bool misspelt[SECTION_COUNT]; /* an unknown section was probably meant to be one of these */
};

static const char *section_name(size_t index, const void *data)
{
    (void)data;
    return index < SECTION_COUNT ? schema_section((enum section_kind)index) : NULL;
}

/* SECTION_COUNT when WORD is none of them. */
static enum section_kind kind_of(const char *word)
{
    size_t kind;

    for (kind = 0; kind < SECTION_COUNT; kind++)
        if (!strcmp(word, schema_section((enum section_kind)kind)))
            break;
    return (enum section_kind)kind;
}

static void unknown_section(struct loader *ld, const struct ini_section *source, const char *word,
                            struct sections *sections)
{
    const char *near = typo_nearest(word, section_name, NULL);

    if (near)
        sections->misspelt[kind_of(near)] = true;
    complain(ld, DIAG_INI_UNKNOWN_SECTION, source->loc, "there is no section [%s]", word);
    suggest(ld, word, "the sections are", section_name, NULL);
}

static void sort_section(struct loader *ld, const struct ini_section *source, struct names *seen,
                         struct sections *sections)
{
    size_t len = strcspn(source->name, " ");
    const char *word = arena_strndup(ld->arena, source->name, len);
    const char *name = source->name + len + strspn(source->name + len, " ");
    enum section_kind kind = kind_of(word);
    const struct name *before;
    struct part part;

    if (kind == SECTION_COUNT) {
        unknown_section(ld, source, word, sections);
        return;
    }
    if (*name && !schema_section_named(kind)) {
        complain(ld, DIAG_INI_SECTION_NAME, source->loc, "[%s] takes no NAME",
                 schema_section(kind));
        remedy(ld, "write [%s]", schema_section(kind));
        name = "";
    }
    before = names_add(seen, arena_printf(ld->arena, "%s %s", schema_section(kind), name),
                       source->loc, NULL);
    if (before) {
        complain(ld, DIAG_INI_REPEATED_SECTION, source->loc,
                 "the section [%s%s%s] already stands in line %u", schema_section(kind),
                 *name ? " " : "", name, before->loc.line);
        return;
    }
    part = (struct part){source, name};
    ARENA_PUSH(ld->arena, sections->parts[kind], sections->counts[kind], part);
}

/* Without a NAME there can be only one of its kind. */
static void check_nameless(struct loader *ld, const struct sections *sections,
                           enum section_kind kind)
{
    size_t i;

    for (i = 0; sections->counts[kind] > 1 && i < sections->counts[kind]; i++) {
        const struct part *part = &sections->parts[kind][i];

        if (*part->name)
            continue;
        complain(ld, DIAG_INI_SECTION_NAME, part->source->loc,
                 "[%s] has no NAME, and there are %zu sections of its kind", schema_section(kind),
                 sections->counts[kind]);
        remedy(ld, "write [%s NAME]", schema_section(kind));
    }
}

static void check_missing(struct loader *ld, const struct sections *sections)
{
    const struct loc whole_file = {ld->file, 0, 0};
    size_t kind;

    for (kind = 0; kind < SECTION_COUNT && !ld->ini->damaged; kind++) {
        const char *word = schema_section((enum section_kind)kind);

        if (kind == SECTION_DEFAULTS || sections->counts[kind] || sections->misspelt[kind])
            continue;
        complain(ld, DIAG_INI_MISSING_SECTION, whole_file, "the section [%s%s] is missing", word,
                 schema_section_named((enum section_kind)kind) ? " NAME" : "");
        remedy(ld, "'azdo-wif init' prints a file to start from");
    }
}

static void sort_sections(struct loader *ld, struct sections *sections)
{
    struct names *seen = names_new(ld->arena);
    size_t i;

    for (i = 0; i < ld->ini->n_sections; i++)
        if (ld->ini->sections[i].name)
            sort_section(ld, &ld->ini->sections[i], seen, sections);
    ld->all_identities = !ld->ini->damaged && !sections->misspelt[SECTION_IDENTITY];
    check_missing(ld, sections);
    check_nameless(ld, sections, SECTION_IDENTITY);
    check_nameless(ld, sections, SECTION_CONNECTION);
    if (sections->counts[SECTION_CONNECTION] > LIMIT_CONNECTIONS) {
        complain(ld, DIAG_INI_TOO_MANY,
                 sections->parts[SECTION_CONNECTION][LIMIT_CONNECTIONS].source->loc,
                 "%zu connections; %d are allowed", sections->counts[SECTION_CONNECTION],
                 (int)LIMIT_CONNECTIONS);
        sections->counts[SECTION_CONNECTION] = LIMIT_CONNECTIONS;
    }
}

static unsigned situation_of(const struct cloud *cloud)
{
    if (!cloud)
        return 0;
    if (!cloud->resource_manager)
        return WHEN_STACK;
    return !strcmp(cloud->name, "AzureCloud") ? WHEN_PUBLIC : WHEN_SOVEREIGN;
}

static void load_tenant(struct loader *ld, const struct ini_section *source)
{
    struct spec *spec = ld->spec;
    struct setting cloud, url;
    struct fields f;

    fields_read(ld, SECTION_TENANT, source, &f);
    cloud = fields_one(&f, KEY_CLOUD);
    if (!fields_given(&f, KEY_CLOUD) && !f.damaged)
        cloud.text = schema_at(KEY_CLOUD)->fallback;
    spec->cloud = cloud.text ? cloud_find(cloud.text) : NULL;
    ld->cloud_bit = situation_of(spec->cloud);
    fields_settle(ld, &f, ld->cloud_bit);
    spec->tenant_id = fields_one(&f, KEY_TENANT_ID);
    if (!spec->cloud)
        return;
    url = fields_one(&f, KEY_RESOURCE_MANAGER_URL);
    spec->resource_manager =
        url.text ? arena_printf(ld->arena, "%s/", url.text) : spec->cloud->resource_manager;
    url = fields_one(&f, KEY_LOGIN_URL);
    spec->login = url.text ? url.text : spec->cloud->login;
    url = fields_one(&f, KEY_GRAPH_URL);
    spec->graph = url.text ? url.text : spec->cloud->graph;
    spec->portal = spec->cloud->portal;
}

static void load_organization(struct loader *ld, const struct ini_section *source)
{
    struct spec *spec = ld->spec;
    struct setting tenant;
    struct fields f;

    fields_read(ld, SECTION_ORGANIZATION, source, &f);
    fields_settle(ld, &f, ld->cloud_bit);
    spec->organization = fields_one(&f, KEY_ORGANIZATION_NAME);
    spec->organization_id = fields_one(&f, KEY_ORGANIZATION_ID);
    spec->project_id = fields_one(&f, KEY_PROJECT_ID);
    spec->default_project = fields_one(&f, KEY_ORGANIZATION_PROJECT);
    ld->has_default_project = fields_given(&f, KEY_ORGANIZATION_PROJECT) || f.damaged;
    if (spec->project_id.text && !ld->has_default_project) {
        complain(ld, DIAG_INI_REQUIRED, spec->project_id.loc,
                 "'project_id' is the id of 'project', which is missing");
        remedy(ld, "write project = NAME, or remove it");
    }
    tenant = fields_one(&f, KEY_DEVOPS_TENANT_ID);
    spec->devops_tenant_id = tenant.text ? tenant.text : spec->tenant_id.text;
}

static void load_identities(struct loader *ld, const struct sections *sections)
{
    size_t count = sections->counts[SECTION_IDENTITY], i;

    ld->spec->identities = ARENA_ARRAY(ld->arena, count + 1, struct identity);
    ld->spec->n_identities = count;
    for (i = 0; i < count; i++) {
        const struct part *part = &sections->parts[SECTION_IDENTITY][i];
        struct identity *identity = &ld->spec->identities[i];

        load_identity(ld, part->name, part->source, identity);
        names_add(ld->identity_names, identity->key, identity->loc, identity);
    }
}

static void load_connections(struct loader *ld, const struct sections *sections)
{
    size_t count = sections->counts[SECTION_CONNECTION], i;

    if (sections->counts[SECTION_DEFAULTS]) {
        ld->defaults = ARENA_NEW(ld->arena, struct fields);
        fields_read(ld, SECTION_DEFAULTS, sections->parts[SECTION_DEFAULTS][0].source,
                    ld->defaults);
    }
    ld->spec->connections = ARENA_ARRAY(ld->arena, count + 1, struct connection);
    ld->spec->n_connections = count;
    for (i = 0; i < count; i++)
        load_connection(ld, sections->parts[SECTION_CONNECTION][i].name,
                        sections->parts[SECTION_CONNECTION][i].source, &ld->spec->connections[i]);
}

/* Lets every identity know the connections that use it. */
static void count_users(struct spec *spec, struct arena *arena)
{
    size_t i;

    for (i = 0; i < spec->n_connections; i++) {
        const struct connection *connection = &spec->connections[i];
        struct identity *identity = &spec->identities[connection->identity - spec->identities];

        ARENA_PUSH(arena, identity->connections, identity->n_connections, connection);
    }
}

static void load_sections(struct loader *ld)
{
    struct spec *spec = ld->spec;
    struct sections sections = {.counts = {0}};

    sort_sections(ld, &sections);
    if (sections.counts[SECTION_TENANT])
        load_tenant(ld, sections.parts[SECTION_TENANT][0].source);
    if (sections.counts[SECTION_ORGANIZATION])
        load_organization(ld, sections.parts[SECTION_ORGANIZATION][0].source);
    load_identities(ld, &sections);
    load_connections(ld, &sections);
    if (ld->without_project && sections.counts[SECTION_ORGANIZATION]) {
        complain(ld, DIAG_INI_REQUIRED, sections.parts[SECTION_ORGANIZATION][0].source->loc,
                 "the key 'project' is missing, which the connection of line %u needs",
                 ld->without_project->loc.line);
        remedy(ld, "give the organization's project here, or one in every connection");
    }
    spec->two_profiles =
        ld->cloud_bit != WHEN_PUBLIC || (spec->tenant_id.text && spec->devops_tenant_id &&
                                         strcmp(spec->tenant_id.text, spec->devops_tenant_id));
    check_spec(ld);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

const struct spec *spec_parse(struct arena *arena, const char *file, const char *data, size_t len,
                              struct diags *diags)
{
    size_t errors = diags->errors;
    struct loader ld = {.arena = arena, .diags = diags, .file = file};

    ld.ini = ini_parse_source(arena, file, data, len, diags);
    if (!ld.ini)
        return NULL;
    ld.spec = ARENA_NEW(arena, struct spec);
    ld.spec->file = base_name(file);
    digest_sha256(data, len, ld.spec->digest);
    ld.said = names_new(arena);
    ld.identity_names = names_new(arena);
    load_sections(&ld);
    if (diags->errors != errors)
        return NULL;
    count_users(ld.spec, arena);
    return ld.spec;
}

const struct spec *spec_load(struct arena *arena, const char *file, struct diags *diags)
{
    size_t len;
    const char *data = fsio_load(arena, file, LIMIT_INI_FILE, &len, diags);

    return data ? spec_parse(arena, strcmp(file, "-") ? file : "standard input", data, len, diags)
                : NULL;
}
