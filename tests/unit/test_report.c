/* SPDX-License-Identifier: MIT
 * The document of a rehearsal and its page: what is not shown of a call, and hostile text. */
#include <stdlib.h>

#include "base/limits.h"
#include "cli/rehearse.h"
#include "cli/rehearse_report.h"
#include "emit/shape.h"
#include "tap.h"
#include "template/data.h"

static const char ini[] = "[tenant]\nid = 11111111-1111-1111-1111-111111111111\n"
                          "[organization]\nname = contoso\nproject = Payments\n"
                          "[identity]\ntype = managed-identity\nname = id-payments\n"
                          "client_id = 33333333-3333-3333-3333-333333333333\n"
                          "resource_group = rg\n"
                          "subscription_id = 22222222-2222-2222-2222-222222222222\n"
                          "[connection one]\nidentity = identity\npipelines = all\n"
                          "subscription_id = 22222222-2222-2222-2222-222222222222\n"
                          "subscription_name = P\n"
                          "[connection two]\nidentity = identity\n"
                          "subscription_id = 22222222-2222-2222-2222-222222222222\n"
                          "subscription_name = P\n"
                          "roles = Reader @ /subscriptions/22222222-2222-2222-2222-222222222222\n";

static struct arena *arena;

static const struct spec *load(void)
{
    struct diags diags = DIAGS_INIT(arena);
    const struct spec *spec = spec_parse(arena, "t.ini", ini, strlen(ini), &diags);

    if (!spec) {
        printf("Bail out! %s\n", diags.count ? diags.items[0].text : "does not load");
        exit(1);
    }
    return spec;
}

/* Of a rehearsal in which one call has BODY; for json_free. */
static json *document(const char *body, bool not_kept, bool only_two)
{
    const struct spec *spec = load();
    struct seen_call call = {.method = "PUT",
                             .host = "management.azure.com",
                             .target = "/x?\x01id",
                             .who = "\x01<b>\x02",
                             .code = "\xff",
                             .body = body,
                             .body_not_kept = not_kept,
                             .status = 409,
                             .write = true,
                             .change = true};
    struct phase phase = {.kind = PHASE_AGAIN,
                          .title = "once more",
                          .why = "it wrote \x02 again",
                          .output = "",
                          .job_note = "",
                          .n_calls = 1,
                          .n_writes = 1};
    struct rehearsal rehearsal = {
        .phases = &phase, .n_phases = 1, .calls = &call, .n_calls = 1, .difference = "", .why = ""};
    struct rehearsal_request request = {.spec = spec,
                                        .only = only_two ? &spec->connections[1] : NULL};
    struct isolation isolation = {.why_not_network = "no", .why_not_home = "no"};

    return rehearse_document(&request, &isolation, &rehearsal, NULL);
}

static const json *call_of(const json *root)
{
    return json_first(json_member(json_first(json_member(root, "phases")), "calls"));
}

static void bodies(void)
{
    static const struct {
        const char *name, *body, *shown, *note;
    } table[] = {
        {"a body is laid out", "{\"a\":{\"b\":[1]}}",
         "{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}", ""},
        {"a secret in it is not shown", "{\"x\":[{\"password\":{\"y\":\"s3\"}}]}",
         "{\n  \"x\": [\n    {\n      \"password\": \"(not shown)\"\n    }\n  ]\n}", ""},
        {"what is no JSON is not shown", "grant_type=x&client_secret=s3", "",
         "A body that is no JSON, which is not shown."},
        {"no body", "", "", ""},
    };
    size_t i;

    for (i = 0; i < sizeof table / sizeof *table; i++) {
        json *root = document(table[i].body, false, false);

        is_str(json_text_of(call_of(root), "body"), table[i].shown, table[i].name);
        is_str(json_text_of(call_of(root), "body_note"), table[i].note, "and its note");
        json_free(root);
    }
}

static void body_not_kept(void)
{
    json *root = document("", true, false);

    is_str(json_text_of(call_of(root), "body_note"), "A longer body than is kept.",
           "a long body is missed");
    json_free(root);
}

static void reviews(void)
{
    json *root = document("", false, false);
    const json *one = json_first(json_member(root, "review")), *two = json_next(one);

    is_str(json_text_of(one, "pipelines"), "all of the project", "all pipelines, in words");
    ok(json_flag_of(one, "identity_exists"), "the identity exists");
    ok(json_count(json_member(one, "attention")) == 3,
       "all pipelines, an existing identity and a shared one are weighed");
    ok(json_count(json_member(two, "attention")) == 3, "a broad scope is weighed, too");
    ok(!json_next(two), "there are two connections");
    json_free(root);
    root = document("", false, true);
    is_str(json_text_of(root, "only"), "two", "one connection alone");
    ok(json_count(json_member(root, "review")) == 1, "and only that is reviewed");
    json_free(root);
}

/* The built-in template with a document that lacks what a failed rehearsal lacks. */
static void page(void)
{
    struct diags diags = DIAGS_INIT(arena);
    const struct template *template =
        template_load(arena, &template_builtin, "html/report.html", NULL, shape_report, &diags);
    json *root = document("{\"a\":\"\\u0001<i>\"}", false, false);
    struct strbuf text;

    strbuf_init(&text, LIMIT_RENDER);
    ok(template &&
           template_render(template, data_by_shape(arena, root, shape_report), &text, &diags),
       "a page of what a failed rehearsal has");
    ok(strstr(text.data, "https://management.azure.com/x?U+0001id"), "a mark of a capture is text");
    ok(strstr(text.data, "U+0001&lt;b&gt;U+0002"),
       "and a pair of them is no way around the encoder");
    ok(strstr(text.data, "it wrote U+0002 again"), "wherever it stands");
    ok(strstr(text.data, "\\u0001&lt;i&gt;"), "a body has them as JSON has them");
    ok(strstr(text.data, "\xef\xbf\xbd") || strstr(text.data, "\\xff"), "no byte is lost unseen");
    ok(strstr(text.data, "did not come so far"), "no end state");
    strbuf_clear(&text);
    json_free(root);
}

int main(void)
{
    arena = arena_new();
    bodies();
    body_not_kept();
    reviews();
    page();
    arena_free(arena);
    return done_testing();
}
