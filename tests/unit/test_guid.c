/* SPDX-License-Identifier: MIT
 * GUIDs: shape, names that are derived, and the tenant as subjects write it. */
#include "base/guid.h"

#include <string.h>

#include "tap.h"

/* Published pairs: tenants and what stands for them in subjects of the Entra issuer. */
static const struct {
    const char *guid, *code;
} pairs[] = {
    {"7f4f3591-5f6c-4f7b-a1bd-0a2dd8831218", "kTVPf2xfe0-hvQot2IMSGA"},
    {"d6676032-7674-4de8-bf51-42424d9e74bd", "MmBn1nR26E2_UUJCTZ50vQ"},
    {"244a3dcc-ae95-4959-a5ea-4b91a7c7e291", "zD1KJJWuWUml6kuRp8fikQ"},
    {"ff882432-09b0-437b-bd22-ca13c0037ded", "MiSI_7AJe0O9IsoTwAN97Q"},
    {"16b3c013-d300-468d-ac64-7eda0820b6d3", "E8CzFgDTjUasZH7aCCC20w"},
    {"499b84ac-1321-427f-aa17-267ca6975798", "rISbSSETf0KqFyZ8ppdXmA"},
    {"499B84AC-1321-427F-AA17-267CA6975798", "rISbSSETf0KqFyZ8ppdXmA"},
};

int main(void)
{
    char code[GUID_CODE + 1], one[GUID_TEXT + 1], other[GUID_TEXT + 1];
    size_t i;

    for (i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        guid_code(pairs[i].guid, code);
        is_str(code, pairs[i].code, pairs[i].guid);
    }
    guid_from_name("a", one);
    guid_from_name("b", other);
    ok(guid_valid(one) && guid_valid(other), "derived names are GUIDs");
    ok(strcmp(one, other) != 0, "of other names others");
    ok(one[14] == '5' && strchr("89ab", one[19]), "of version 5 and the RFC's variant");
    ok(!guid_valid("7f4f3591-5f6c-4f7b-a1bd-0a2dd883121"), "one digit short");
    ok(!guid_valid("{7f4f3591-5f6c-4f7b-a1bd-0a2dd883121}"), "braces");
    return done_testing();
}
