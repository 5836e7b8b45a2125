/* SPDX-License-Identifier: MIT
 * The model: defaults, derived names and ids, and what is allowed up to the last character. What is
 * refused, and how it is said, is in tests/bad-ini. */
#include <string.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "model/spec.h"
#include "tap.h"

#define SUB          "22222222-2222-2222-2222-222222222222"
#define TENANT       "[tenant]\nid = AAAAAAAA-1111-1111-1111-111111111111\n"
#define ORGANIZATION "[organization]\nname = contoso\nproject = Payments\n"
#define MANAGED                                                                                    \
    "type = managed-identity\nname = id-payments\nresource_group = rg\nlocation = westeurope\n"    \
    "subscription_id = " SUB "\n"
#define PRINCIPAL "type = service-principal\nname = Payments\n"
#define TARGET    "subscription_id = " SUB "\nsubscription_name = Payments Production\n"
#define BASE      TENANT ORGANIZATION "[identity payments]\n" MANAGED

/* The example of the manual. */
static const char example[] =
    "[tenant]\n"
    "id     = 11111111-1111-1111-1111-111111111111\n"
    "\n"
    "[organization]\n"
    "name    = contoso\n"
    "project = Payments\n"
    "\n"
    "[identity payments]\n"
    "type            = managed-identity\n"
    "name            = id-payments-prod\n"
    "resource_group  = rg-identities\n"
    "location        = westeurope\n"
    "subscription_id = " SUB "\n"
    "\n"
    "[connection payments-prod]\n"
    "identity          = payments\n"
    "description       = Deploys Payments to production\n"
    "subscription_id   = " SUB "\n"
    "subscription_name = Payments Production\n"
    "roles =\n"
    "    Contributor @ /subscriptions/" SUB "/resourceGroups/rg-payments\n"
    "    Key Vault Secrets User @ /subscriptions/" SUB "/resourceGroups/rg-secrets\n"
    "pipelines = 12, 47\n";

static struct arena *arena;
static struct diags diags;

/* Parses TEXT, which is to have no error; NULL, and all findings as comments, when it has one. */
static const struct spec *parse(const char *text)
{
    const struct spec *spec;
    size_t i;

    diags = DIAGS_INIT(arena);
    spec = spec_parse(arena, "some/where/t.ini", text, strlen(text), &diags);
    for (i = 0; !spec && i < diags.count; i++)
        printf("# %u:%u %s\n", diags.items[i].loc.line, diags.items[i].loc.column,
               diags.items[i].text);
    return spec;
}

/* The first connection of a file; an empty one, so that the test fails and goes on, when it is bad.
 */
static const struct connection *parse_one(const char *text)
{
    static const struct connection none;
    const struct spec *spec = parse(text);

    ok(spec != NULL, "it loads");
    return spec ? &spec->connections[0] : &none;
}

static size_t findings(enum diag_id id)
{
    size_t i, count = 0;

    for (i = 0; i < diags.count; i++)
        count += diags.items[i].id == id;
    return count;
}

static void test_example(void)
{
    const struct spec *spec = parse(example);
    const struct connection *c;

    if (!ok(spec && diags.count == 0, "the example loads without a finding"))
        return;
    c = &spec->connections[0];
    is_str(spec->file, "t.ini", "the spec knows the file by its base name");
    is_str(spec->digest, "5347035471afa96014075a621a3c644411d198dd90bb78204fa2d4d0460312ee",
           "the digest is that of the bytes");
    is_str(spec->cloud->name, "AzureCloud", "the cloud is the public one");
    is_str(spec->devops_tenant_id, spec->tenant_id.text, "the organization is in the same tenant");
    ok(!spec->two_profiles, "one profile is enough");
    ok(c->identity == &spec->identities[0], "the connection has its identity");
    is_str(c->folder, "payments-prod", "its folder is its NAME");
    is_str(c->name.text, "payments-prod", "so is its name");
    is_str(c->project.text, "Payments", "its project is the organization's");
    is_str(c->federated_credential.text, "contoso-Payments-payments-prod-75cf1baf",
           "its credential is named after all three");
    is_str(c->audience.text, "api://AzureADTokenExchange", "the audience is the cloud's");
    ok(c->issuer == ISSUER_ENTRA && c->scope_level == SCOPE_SUBSCRIPTION, "issuer and level");
    ok(c->n_roles == 2 && c->pipelines == PIPELINES_LISTED && c->pipeline_ids.count == 2,
       "two roles, two pipelines");
    is_str(c->roles[1].role, "Key Vault Secrets User", "a role");
    is_str(c->roles[1].scope, "/subscriptions/" SUB "/resourceGroups/rg-secrets", "its scope");
    ok(c->roles[1].loc.line == 22 && c->roles[1].loc.column == 5, "its place");
    ok(c->pipeline_ids.items[1].loc.line == 23 && c->pipeline_ids.items[1].loc.column == 17,
       "the place of an item between commas");
    is_str(spec->identities[0].mark, "cb2df90f-f9db-5496-8860-7642d3a1cc35",
           "the mark, which is never to change");
    ok(!spec->identities[0].existing && !spec->identities[0].create_resource_group,
       "the identity is created, its resource group is not");
}

static void test_principal(void)
{
    const struct spec *spec =
        parse(TENANT ORGANIZATION
              "[identity]\n" PRINCIPAL "owners = BBBBBBBB-1111-1111-1111-111111111111\n"
              "service_management_reference = 4711\n[connection]\nname = Deploy\n" TARGET);

    if (!ok(spec && diags.count == 0, "a service principal, without NAMEs"))
        return;
    is_str(spec->tenant_id.text, "aaaaaaaa-1111-1111-1111-111111111111", "GUIDs in small letters");
    is_str(spec->identities[0].key, "identity", "what has no NAME is called by its kind");
    is_str(spec->connections[0].folder, "connection", "also its folder");
    is_str(spec->identities[0].owners.items[0].text, "bbbbbbbb-1111-1111-1111-111111111111",
           "an owner");
    is_str(spec->identities[0].unique_name.text, "azdo-wif-e0cc34c7-83b1-5de7-98d7-879c8548d933",
           "the unique name, which is never to change");
    ok(spec->identities[0].unique_name.loc.line == 6, "a default has the place of its section");
    ok(!spec->identities[0].location.text, "what does not apply is absent");
}

static void test_clouds(void)
{
    static const struct {
        const char *name, *audience;
        const char *manager;
    } clouds[] = {
        {"AzureUSGovernment", "api://AzureADTokenExchangeUSGov",
         "https://management.usgovcloudapi.net/"},
        {"AzureChinaCloud", "api://AzureADTokenExchangeChina",
         "https://management.chinacloudapi.cn/"},
    };
    const struct spec *spec;
    size_t i;

    for (i = 0; i < sizeof clouds / sizeof *clouds; i++) {
        spec = parse(arena_printf(arena,
                                  TENANT "cloud = %s\n" ORGANIZATION
                                         "tenant_id = 33333333-3333-3333-3333-333333333333\n"
                                         "[identity]\n" MANAGED "[connection a]\n" TARGET,
                                  clouds[i].name));
        if (!ok(spec != NULL, "%s", clouds[i].name))
            continue;
        is_str(spec->connections[0].audience.text, clouds[i].audience, "its audience");
        is_str(spec->resource_manager, clouds[i].manager, "its Resource Manager");
        ok(spec->connections[0].issuer == ISSUER_AZURE_DEVOPS, "its issuer");
        ok(spec->two_profiles, "two profiles");
        is_str(spec->devops_tenant_id, "33333333-3333-3333-3333-333333333333", "the other tenant");
    }
    spec = parse(
        TENANT
        "cloud = AzureStack\nresource_manager_url = https://management.local:8443\n"
        "login_url = https://adfs.local/adfs/\ngraph_url = https://graph.local/\n" ORGANIZATION
        "tenant_id = 33333333-3333-3333-3333-333333333333\n[identity]\n" PRINCIPAL
        "[connection a]\naudience = https://a.local\n" TARGET);
    if (!ok(spec != NULL, "AzureStack"))
        return;
    is_str(spec->resource_manager, "https://management.local:8443/", "with a slash at its end");
    is_str(spec->login, "https://adfs.local/adfs", "without one");
    is_str(spec->graph, "https://graph.local", "without one either");
    ok(!spec->portal, "its portal is not known");
    spec = parse(TENANT ORGANIZATION
                 "tenant_id = 33333333-3333-3333-3333-333333333333\n[identity]\n" MANAGED
                 "[connection a]\n" TARGET);
    ok(spec && spec->two_profiles, "another tenant needs two profiles");
    spec = parse(TENANT ORGANIZATION
                 "tenant_id = aaaaaaaa-1111-1111-1111-111111111111\n[identity]\n" MANAGED
                 "[connection a]\n" TARGET);
    ok(spec && !spec->two_profiles, "the same tenant, written differently, does not");
}

static void test_defaults(void)
{
    const struct spec *spec = parse(
        BASE
        "[defaults]\n" TARGET "pipelines = 1, 2\ndescription = Everywhere\nexclusive_lock = yes\n"
        "roles = Reader @ /subscriptions/" SUB "/resourceGroups/a, X @ /subscriptions/" SUB
        "/resourceGroups/b/\n"
        "[connection a]\n[connection b]\npipelines =\ndescription =\nexclusive_lock = no\nroles =\n"
        "[connection c]\nscope_level = management-group\nmanagement_group_id = mg\n"
        "management_group_name = MG\npipelines = none\n");
    const struct connection *c;

    if (!ok(spec && spec->n_connections == 3 && !diags.count, "[defaults]"))
        return;
    c = spec->connections;
    ok(c[0].pipelines == PIPELINES_LISTED && c[0].exclusive_lock && c[0].n_roles == 2, "are taken");
    is_str(c[0].roles[1].scope, "/subscriptions/" SUB "/resourceGroups/b",
           "a scope loses its slash");
    is_str(c[0].description.text, "Everywhere", "a text");
    ok(c[1].pipelines == PIPELINES_NONE && !c[1].exclusive_lock && c[1].n_roles == 0,
       "are overridden");
    is_str(c[1].description.text, "", "also by nothing");
    ok(!c[2].subscription_id.text && c[2].pipelines == PIPELINES_NONE,
       "are left out where they do not apply");
}

static void test_connection_keys(void)
{
    const struct connection *c = parse_one(
        BASE
        "[connection ml]\nscope_level = ml-workspace\n" TARGET "resource_group_name = rg-ml\n"
        "ml_workspace_name = ws\nml_workspace_location = westeurope\nissuer = azure-devops\n"
        "share_with =\n    Ordering\n    12345678-1234-1234-1234-1234567890AB\n"
        "approvers = AAAAAAAA-0000-0000-0000-000000000001, aaaaaaaa-0000-0000-0000-000000000002\n"
        "required_approvals = 1\nallowed_branches = refs/heads/main, refs/tags/v*\n"
        "federated_credential = x-y_z\naudience = api://other\nproject = Other\n");

    ok(c->scope_level == SCOPE_ML_WORKSPACE && c->issuer == ISSUER_AZURE_DEVOPS,
       "level and issuer");
    is_str(c->ml_workspace_location.text, "westeurope", "a workspace");
    ok(c->share_with.count == 2 && c->approvers.count == 2 && c->allowed_branches.count == 2 &&
           c->required_approvals == 1,
       "lists");
    if (c->share_with.count == 2 && c->approvers.count == 2) {
        is_str(c->share_with.items[1].text, "12345678-1234-1234-1234-1234567890ab",
               "a project by its GUID");
        is_str(c->approvers.items[0].text, "aaaaaaaa-0000-0000-0000-000000000001", "an approver");
    }
    is_str(c->federated_credential.text, "x-y_z", "a credential's name");
    is_str(c->audience.text, "api://other", "an audience");
    is_str(c->project.text, "Other", "a project of its own");
}

static void test_existing_identities(void)
{
    const struct spec *spec = parse(
        TENANT ORGANIZATION
        "[identity a]\ntype = managed-identity\nclient_id = CCCCCCCC-1111-1111-1111-111111111111\n"
        "name = i-d\nresource_group = rg\n"
        "[identity b]\ntype = service-principal\nclient_id = cccccccc-2222-1111-1111-111111111111\n"
        "[connection x]\nidentity = a\n" TARGET "[connection y]\nidentity = b\n" TARGET);

    ok(!spec && diags.count == 1, "an existing managed identity needs its subscription");
    spec = parse(
        TENANT ORGANIZATION
        "[identity a]\ntype = managed-identity\nclient_id = CCCCCCCC-1111-1111-1111-111111111111\n"
        "name = i-d\nresource_group = r\nsubscription_id = " SUB "\n"
        "[identity b]\ntype = service-principal\nclient_id = cccccccc-2222-1111-1111-111111111111\n"
        "[connection x]\nidentity = a\n" TARGET "[connection y]\nidentity = b\n" TARGET);
    if (!ok(spec && !diags.count, "existing identities"))
        return;
    ok(spec->identities[0].existing && spec->identities[1].existing, "are not created");
    is_str(spec->identities[0].client_id.text, "cccccccc-1111-1111-1111-111111111111", "an id");
    ok(!spec->identities[1].unique_name.text, "need no unique name");
}

static void test_tags(void)
{
    const struct spec *spec =
        parse(BASE "create_resource_group = yes\ntags =\n  team = a = b, c\n"
                   "  Cost Centre =  4711 \n  empty =\n[connection x]\n" TARGET);

    if (!ok(spec && spec->identities[0].n_tags == 3, "tags"))
        return;
    is_str(spec->identities[0].tags[0].key, "team", "a key");
    is_str(spec->identities[0].tags[0].value, "a = b, c", "its value, up to the line's end");
    is_str(spec->identities[0].tags[1].key, "Cost Centre", "a key with a blank");
    is_str(spec->identities[0].tags[1].value, "4711", "without the blanks around it");
    is_str(spec->identities[0].tags[2].value, "", "no value");
    ok(spec->identities[0].create_resource_group, "the resource group is created");
}

/* LEN times TEXT. */
static const char *times(size_t len, const char *text)
{
    char *all = arena_alloc(arena, len * strlen(text) + 1, 1);
    size_t i;

    for (i = 0; i < len; i++)
        memcpy(all + i * strlen(text), text, strlen(text));
    return all;
}

/* The longest that is allowed; one more is in tests/bad-ini. */
static void test_bounds(void)
{
    static const char start[] = TENANT ORGANIZATION "[identity payments]\n";
    const char *text;
    struct strbuf buf;
    size_t i;

    text = arena_printf(arena,
                        "%s" PRINCIPAL "[connection %s]\n" TARGET "description = %s\n"
                        "audience = %s\nfederated_credential = %s\nproject = %s\n",
                        start, times(128, "\xC3\xA9"), times(1004, "\xC3\xA9"), times(600, "a"),
                        times(120, "c"), times(64, "\xC3\xA9"));
    ok(parse(text) != NULL, "the longest texts of a connection");
    text = arena_printf(arena,
                        "%stype = managed-identity\nname = %s\nresource_group = %s\n"
                        "location = westeurope\nsubscription_id = " SUB
                        "\n[connection a]\nsubscription_id = " SUB
                        "\nsubscription_name = %s\nroles = %s @ /subscriptions/" SUB
                        "/resourceGroups/%s/providers/N.S/t/n/u/m\n",
                        start, times(128, "i"), times(90, "r"), times(255, "\xF0\x9F\x9A\x80"),
                        times(512, "r"), times(90, "("));
    ok(parse(text) != NULL, "the longest names of Azure");
    strbuf_init(&buf, 1024 * 1024);
    strbuf_addf(&buf, "%s" MANAGED "tags =\n", start);
    for (i = 0; i < 49; i++)
        strbuf_addf(&buf, " %s%02zu = %s\n", times(510, "k"), i, times(256, "v"));
    for (i = 0; i < 20; i++)
        strbuf_addf(&buf, "[connection c%zu]\n" TARGET, i);
    ok(parse(buf.data) != NULL, "49 tags, 20 credentials");
    strbuf_clear(&buf);
    ok(parse(BASE "[connection c]\n" TARGET "pipelines = 2147483647\n") != NULL, "a pipeline id");
}

static void test_shared_credentials(void)
{
    const char *shares =
        "share_with = P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, "
        "P15, P16, P17, P18, P19, P20\n";

    ok(parse(arena_printf(arena, BASE "[connection c]\n" TARGET "%s", shares)) != NULL,
       "with the Entra issuer projects share one credential");
    ok(!parse(
           arena_printf(arena, BASE "[connection c]\nissuer = azure-devops\n" TARGET "%s", shares)),
       "with the Azure DevOps issuer each has its own");
    ok(findings(DIAG_INI_CREDENTIALS) == 1, "and that is the finding");
}

static void test_warnings(void)
{
    const struct connection *c = parse_one(
        BASE "[connection c]\n" TARGET "pipelines = all\nroles =\n"
             " owner @ /subscriptions/" SUB "/resourceGroups/a\n"
             " 18D7D88D-d35e-4fb5-a5c3-7773c20a72d9 @ /subscriptions/" SUB "/resourceGroups/a\n"
             " Role Based Access Control Administrator @ /subscriptions/" SUB "\n"
             " Reader @ /subscriptions/" SUB "/\n"
             " Reader @ /Providers/microsoft.management/ManagementGroups/mg\n"
             " Reader @ /subscriptions/" SUB "/resourceGroups/a\n");

    ok(c->pipelines == PIPELINES_ALL && diags.errors == 0, "warnings are no errors");
    ok(findings(DIAG_INI_BROAD_ROLE) == 3, "three broad roles, by name or GUID");
    ok(findings(DIAG_INI_BROAD_SCOPE) == 3, "three broad scopes");
    ok(findings(DIAG_INI_ALL_PIPELINES) == 1, "all pipelines");
    ok(c->n_roles == 6 && c->roles[1].is_guid && !c->roles[0].is_guid, "roles by name and GUID");
    ok(parse(BASE "[identity spare]\n" PRINCIPAL "[connection c]\nidentity = payments\n" TARGET) &&
           findings(DIAG_INI_UNUSED_IDENTITY) == 1,
       "an identity that no connection uses");
}

static void test_names(void)
{
    const struct connection *c =
        parse_one(BASE "[connection a @ b @ /c]\n" TARGET "roles = A @ /B @ /subscriptions/" SUB
                       "/resourceGroups/g\n");

    is_str(c->name.text, "a @ b @ /c", "a section's NAME is taken as it is");
    is_str(c->n_roles ? c->roles[0].role : NULL, "A @ /B", "a role is split at the last ' @ /'");
    c = parse_one(BASE "[connection c]\n" TARGET "name = a/b \"c\" \\d\n");
    is_str(c->name.text, "a/b \"c\" \\d", "with the Entra issuer a name may hold more");
    c = parse_one(TENANT "[organization]\nname = c\n[identity payments]\n" MANAGED
                         "[connection c]\nproject = Own\n" TARGET);
    is_str(c->project.text, "Own", "no default project when every connection has its own");
}

static void test_folders_apart(void)
{
    const struct spec *spec =
        parse(BASE "[connection a b]\n" TARGET "[connection A]\n" TARGET
                   "name = x\n[connection a]\nname = y\n" TARGET "[connection a-b]\n" TARGET
                   "[connection ../../.b]\n" TARGET);

    if (!ok(spec != NULL, "names whose folders meet"))
        return;
    is_str(spec->connections[0].folder, "a-b-c8687a08", "one that is no folder");
    is_str(spec->connections[1].folder, "A", "the first keeps it");
    is_str(spec->connections[2].folder, "a-ca978112", "the next is told apart");
    is_str(spec->connections[3].folder, "a-b", "one that is a folder keeps it");
    ok(!strncmp(spec->connections[4].folder, "b-", 2), "none is hidden or leads elsewhere");
}

static void test_limits(void)
{
    const struct diag *last;
    struct strbuf text;
    size_t i;

    strbuf_init(&text, 16 * 1024 * 1024);
    strbuf_adds(&text, BASE "[defaults]\n" TARGET);
    for (i = 0; i <= LIMIT_CONNECTIONS; i++)
        strbuf_addf(&text, "[connection %zu]\n", i);
    ok(!parse(text.data) && findings(DIAG_INI_TOO_MANY) == 1, "too many connections");
    strbuf_reset(&text);
    strbuf_adds(&text, TENANT ORGANIZATION "[connection x]\nidentity = a\n" TARGET);
    for (i = 0; i < 40; i++)
        strbuf_addf(&text, "[identity name-%02zu]\n" PRINCIPAL, i);
    ok(!parse(text.data) && findings(DIAG_INI_IDENTITY) == 1,
       "an unknown one among many identities");
    for (last = diags.items; last->id != DIAG_INI_IDENTITY;)
        last++;
    ok(last->hint && strstr(last->hint, "name-29, ...") && !strstr(last->hint, "name-30"),
       "a hint lists thirty names");
    ok(!parse(arena_printf(arena, BASE "[connection c]\n" TARGET "allowed_branches = %s\n",
                           times(100, "\xF0\x9F\x9A\x80"))) &&
           strstr(diags.items[0].text, "\x9A\x80...'"),
       "a long value is cut between characters");
    ok(!parse(arena_printf(arena, BASE "[connection c]\n" TARGET "allowed_branches = x%s\n",
                           times(100, "\xF0\x9F\x9A\x80"))) &&
           strstr(diags.items[0].text, "\x9A\x80...'"),
       "wherever they begin");
    strbuf_clear(&text);
}

/* No input may crash it, and none that it takes may break what a spec promises. */
static void test_mutations(void)
{
    size_t len = sizeof example - 1, i, bad = 0, loaded = 0;
    char text[sizeof example];
    struct arena *own;
    unsigned byte;

    for (i = 0; i < len; i++)
        for (byte = 0; byte <= 256; byte++) {
            struct diags found;
            const struct spec *spec;

            memcpy(text, example, sizeof text);
            if (byte < 256)
                text[i] = (char)byte;
            own = arena_new();
            found = DIAGS_INIT(own);
            spec = spec_parse(own, "t.ini", text, byte < 256 ? len : i, &found);
            loaded += spec != NULL;
            bad += (spec != NULL) == (found.errors > 0);
            bad += spec && (!spec->n_connections || !spec->connections[0].identity ||
                            !spec->connections[0].name.text || !spec->connections[0].project.text ||
                            !spec->connections[0].federated_credential.text);
            arena_free(own);
        }
    ok(!bad, "every prefix and every changed byte gives a spec or an error");
    ok(loaded > 10000, "and many a changed byte still gives a spec (%zu)", loaded);
}

int main(void)
{
    arena = arena_new();
    test_example();
    test_principal();
    test_clouds();
    test_defaults();
    test_connection_keys();
    test_existing_identities();
    test_tags();
    test_bounds();
    test_shared_credentials();
    test_warnings();
    test_names();
    test_folders_apart();
    test_limits();
    test_mutations();
    arena_free(arena);
    return done_testing();
}
