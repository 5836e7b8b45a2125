/* SPDX-License-Identifier: MIT
 * One [identity NAME]. */
#include "model/derive.h"
#include "model/load.h"

static unsigned situation_of(int type, bool existing)
{
    if (type == IDENTITY_MANAGED)
        return existing ? WHEN_OLD_MANAGED : WHEN_NEW_MANAGED;
    if (type == IDENTITY_SERVICE_PRINCIPAL)
        return existing ? WHEN_OLD_PRINCIPAL : WHEN_NEW_PRINCIPAL;
    return 0;
}

static void read_tags(struct loader *ld, struct setting_list items, struct identity *identity)
{
    size_t i;

    for (i = 0; i < items.count; i++) {
        struct tag tag;

        if (items.items[i].text && tag_read(ld->arena, &items.items[i], &tag))
            ARENA_PUSH(ld->arena, identity->tags, identity->n_tags, tag);
    }
    if (identity->n_tags > TAGS_MAX) {
        complain(ld, DIAG_INI_TOO_MANY, identity->tags[TAGS_MAX].loc,
                 "'tags' has %zu items; %d are allowed", identity->n_tags, (int)TAGS_MAX);
        remedy(ld, "Azure takes 50 tags, and one of them is azdo-wif's own");
    }
}

static void check_managed(struct loader *ld, const struct fields *fields,
                          const struct identity *identity)
{
    if (ld->spec->cloud && !ld->spec->cloud->managed_identities) {
        complain(ld, DIAG_INI_CLOUD, fields_one(fields, KEY_IDENTITY_TYPE).loc,
                 "%s has no managed identities", ld->spec->cloud->name);
        remedy(ld, "write type = service-principal");
    } else if (identity->name.text) {
        value_is_managed_identity_name(ld, &identity->name);
    }
}

void load_identity(struct loader *ld, const char *name, const struct ini_section *source,
                   struct identity *identity)
{
    const char *tenant = ld->spec->tenant_id.text, *organization = ld->spec->organization.text, *seed;
    struct fields f;
    int type;

    fields_read(ld, SECTION_IDENTITY, source, &f);
    type = fields_choice(&f, KEY_IDENTITY_TYPE);
    identity->key = *name ? name : "identity";
    identity->loc = source->loc;
    identity->existing = fields_given(&f, KEY_CLIENT_ID);
    fields_settle(ld, &f, situation_of(type, identity->existing));
    identity->type =
        type == IDENTITY_SERVICE_PRINCIPAL ? IDENTITY_SERVICE_PRINCIPAL : IDENTITY_MANAGED;
    identity->client_id = fields_one(&f, KEY_CLIENT_ID);
    identity->name = fields_one(&f, KEY_IDENTITY_NAME);
    identity->resource_group = fields_one(&f, KEY_RESOURCE_GROUP);
    identity->subscription_id = fields_one(&f, KEY_IDENTITY_SUBSCRIPTION);
    identity->location = fields_one(&f, KEY_LOCATION);
    identity->create_resource_group = fields_choice(&f, KEY_CREATE_RESOURCE_GROUP) == 1;
    identity->unique_name = fields_one(&f, KEY_UNIQUE_NAME);
    identity->service_management_reference = fields_one(&f, KEY_SERVICE_MANAGEMENT_REFERENCE);
    identity->owners = fields_list(&f, KEY_OWNERS);
    read_tags(ld, fields_list(&f, KEY_TAGS), identity);
    if (type == IDENTITY_MANAGED)
        check_managed(ld, &f, identity);
    if (!tenant)
        return;
    /* Without a NAME the key is the same in every description: what else names it must tell. */
    seed = *name ? identity->key
                 : arena_printf(ld->arena, "%s/%s/%s", identity->key, organization ? organization : "",
                                identity->name.text ? identity->name.text : "");
    identity->mark = derive_mark(ld->arena, tenant, seed);
    if (type == IDENTITY_SERVICE_PRINCIPAL && !identity->existing &&
        !fields_given(&f, KEY_UNIQUE_NAME))
        identity->unique_name.text = derive_unique_name(ld->arena, tenant, seed);
}
