/* SPDX-License-Identifier: MIT
 * Is a file recognised as ours, and every change of it noticed? */
#include "emit/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "tap.h"

#define INI_DIGEST "1111111111111111111111111111111111111111111111111111111111111111"
#define STAMP      "azdo-wif 0.1.0 from contoso.ini, ini sha256:" INI_DIGEST ", body sha256:"

static enum stamp_state check(const char *text)
{
    return stamp_check(text, strlen(text));
}

static void test_seal(void)
{
    char text[] =
        "#!/bin/sh\n# " STAMP STAMP_PLACEHOLDER " (see README.md)\necho " STAMP_PLACEHOLDER "\n";
    char blank[sizeof text], want[SHA256_HEX + 1];

    memcpy(blank, text, sizeof text);
    digest_sha256(blank, strlen(blank), want);
    stamp_seal(text, strlen(text));
    ok(strstr(text, want) == strstr(text, "body sha256:") + 12,
       "the digest is that of the file with zeros in its place");
    ok(strstr(text, "echo " STAMP_PLACEHOLDER), "zeros elsewhere are left alone");
    ok(check(text) == STAMP_OURS, "a sealed file is ours");
}

static void test_every_byte(void)
{
    char text[] = "{\n  \"generator\": \"" STAMP STAMP_PLACEHOLDER "\",\n  \"steps\": []\n}\n";
    size_t len = strlen(text), i, missed = 0;

    stamp_seal(text, len);
    for (i = 0; i < len; i++) {
        char saved = text[i];

        text[i] = saved == 'a' ? 'b' : 'a';
        missed += stamp_check(text, len) == STAMP_OURS;
        text[i] = saved;
    }
    ok(missed == 0, "a change of any one byte is noticed (%zu of %zu are not)", missed, len);
    ok(stamp_check(text, len - 1) == STAMP_EDITED, "so is a missing last byte");
    ok(stamp_check(text, len + 1) == STAMP_EDITED, "so is one more, even a NUL");
    ok(stamp_check(text, len) == STAMP_OURS, "and the file itself is still ours");
}

static void test_foreign(void)
{
    static const char *const foreign[] = {
        "",
        "\n",
        "#!/bin/sh\necho azdo-wif\n",
        STAMP, /* without its digits */
        "azdo-wif 1 ini sha256:12 body sha256:" STAMP_PLACEHOLDER,
        "ini sha256:" INI_DIGEST " body sha256:" STAMP_PLACEHOLDER "\n", /* no name */
        "azdo-wif 0.1.0 ini sha256:" INI_DIGEST "\nbody sha256:" STAMP_PLACEHOLDER
        "\n", /* 2 lines */
        "azdo-wif 0.1.0 body sha256:" STAMP_PLACEHOLDER " ini sha256:" INI_DIGEST "\n",
        "azdo-wif 0.1.0 ini sha256:" INI_DIGEST " body sha256:" INI_DIGEST + 1,
    };
    size_t i;

    for (i = 0; i < sizeof foreign / sizeof *foreign; i++)
        ok(check(foreign[i]) == STAMP_FOREIGN, "foreign text %zu is foreign", i);
    ok(check(STAMP STAMP_PLACEHOLDER) == STAMP_EDITED, "a stamp that was never sealed is edited");
}

static void test_head(void)
{
    static char text[2 * STAMP_HEAD];
    size_t line = strlen(STAMP STAMP_PLACEHOLDER);

    memset(text, '\n', sizeof text);
    memcpy(text + STAMP_HEAD - line, STAMP STAMP_PLACEHOLDER, line);
    stamp_seal(text, sizeof text);
    ok(stamp_check(text, sizeof text) == STAMP_OURS, "a stamp at the end of the head counts");
    ok(stamp_check(text, STAMP_HEAD) == STAMP_EDITED, "the head alone shows whose file it is");
    memset(text, '\n', sizeof text);
    memcpy(text + STAMP_HEAD - line + 1, STAMP STAMP_PLACEHOLDER, line);
    ok(stamp_check(text, sizeof text) == STAMP_FOREIGN, "one behind the head does not");
}

static void test_two_stamps(void)
{
    char text[] = "# " STAMP STAMP_PLACEHOLDER "\n# " STAMP STAMP_PLACEHOLDER "\n";

    stamp_seal(text, strlen(text));
    ok(check(text) == STAMP_OURS, "of two stamps the first counts");
}

static void test_unsealed(void)
{
    char without[] = "no stamp at all\n";
    char twice[] = "# " STAMP STAMP_PLACEHOLDER "\n";

    ok(!stamp_seal(without, strlen(without)), "a file without a stamp cannot be sealed");
    stamp_seal(twice, strlen(twice));
    ok(!stamp_seal(twice, strlen(twice)), "nor one that is sealed");
}

int main(void)
{
    test_seal();
    test_every_byte();
    test_foreign();
    test_head();
    test_two_stamps();
    test_unsealed();
    return done_testing();
}
