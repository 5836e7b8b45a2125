/* SPDX-License-Identifier: MIT
 * Worlds to begin with. */
#include "cli/worlds.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsio.h"
#include "base/limits.h"
#include "encode/encode.h"
#include "model/spec.h"
#include "rehearse/fit.h"

/* That of README.md and examples/contoso.ini. */
static const char example[] =
    "[tenant]\n"
    "id = 11111111-1111-1111-1111-111111111111\n"
    "[organization]\n"
    "name = contoso\n"
    "project = Payments\n"
    "[identity payments]\n"
    "type = managed-identity\n"
    "name = id-payments-prod\n"
    "resource_group = rg-identities\n"
    "location = westeurope\n"
    "subscription_id = 22222222-2222-2222-2222-222222222222\n"
    "[connection payments-prod]\n"
    "subscription_id = 22222222-2222-2222-2222-222222222222\n"
    "subscription_name = Payments Production\n"
    "roles =\n"
    " Contributor @ "
    "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-payments\n"
    " Reader @ /subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-secrets\n"
    "pipelines = 12, 47\n";

json *worlds_load(struct arena *arena, const char *file, struct diags *diags)
{
    size_t len = 0;
    const char *data = fsio_load(arena, file, LIMIT_JSON_FILE, &len, diags);
    json *world = data ? json_parse(file, data, len, diags) : NULL;

    if (world && world_check(file, world, diags))
        return world;
    json_free(world);
    return NULL;
}

json *worlds_fit(struct arena *arena, const char *file, struct diags *diags)
{
    const struct spec *spec = file ? spec_load(arena, file, diags)
                                   : spec_parse(arena, "example", example, strlen(example), diags);

    return spec ? fit_world(spec) : NULL;
}

static const json *first_of(const json *parent, const char *key)
{
    const json *list = json_member(parent, key);

    return list ? json_first(list) : NULL;
}

void worlds_sign_in(const json *world, struct sign_in *ret)
{
    const json *tenant = first_of(world, "tenants"), *user = first_of(tenant, "users");
    const char *devops = json_text_of(first_of(world, "organizations"), "tenantId");

    if (!user)
        return;
    *ret = (struct sign_in){.user = json_text_of(user, "name"),
                            .tenant = json_text_of(tenant, "id"),
                            .cloud = json_text_of(tenant, "cloud")};
    if (!*ret->cloud)
        ret->cloud = "AzureCloud";
    if (*devops && (strcasecmp(devops, ret->tenant) != 0 || strcmp(ret->cloud, "AzureCloud") != 0))
        ret->devops_tenant = devops;
}

const char *worlds_organization(const json *world)
{
    return json_text_of(first_of(world, "organizations"), "name");
}

const char *worlds_project(const json *world)
{
    return json_text_of(first_of(first_of(world, "organizations"), "projects"), "name");
}

bool worlds_can_save(const char *file)
{
    const char *slash = strrchr(file, '/');
    struct arena *arena = arena_new();
    struct stat status;
    bool can;

    errno = 0;
    if (!stat(file, &status) && !S_ISREG(status.st_mode))
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    can = errno != EISDIR && errno != EINVAL &&
          !access(!slash          ? "."
                  : slash == file ? "/"
                                  : arena_strndup(arena, file, (size_t)(slash - file)),
                  W_OK);
    arena_free(arena);
    return can;
}

bool worlds_save(struct world *world, const char *file)
{
    struct strbuf out;
    bool done;

    strbuf_init(&out, LIMIT_JSON_FILE);
    world_lock(world);
    json_print(&out, world_root(world), encode_json_data);
    world_unlock(world);
    strbuf_addc(&out, '\n');
    errno = EFBIG;
    done = !out.overflow && fsio_replace(file, out.data, out.len);
    strbuf_clear(&out);
    return done;
}
