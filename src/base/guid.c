/* SPDX-License-Identifier: MIT
 * GUIDs: their shape, and names that are derived instead of drawn. */
#include "base/guid.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"

/* Drawn once, for this project; never to change: role assignments out there are named with it. */
static const unsigned char namespace_azdo_wif[16] = {0x6e, 0x1c, 0x2f, 0x5b, 0x0a, 0x4d, 0x4e, 0x7b,
                                                     0x9c, 0x35, 0x8d, 0x21, 0x7f, 0xb0, 0x46, 0xe8};

bool guid_valid(const char *text)
{
    int i;

    for (i = 0; i < GUID_TEXT; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return text[GUID_TEXT] == '\0';
}

void guid_from_name(const char *name, char ret_guid[GUID_TEXT + 1])
{
    unsigned char h[SHA1_BYTES];

    digest_sha1(namespace_azdo_wif, sizeof namespace_azdo_wif, name, strlen(name), h);
    h[6] = (unsigned char)((h[6] & 0x0f) | 0x50);
    h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
    snprintf(ret_guid, GUID_TEXT + 1,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", h[0], h[1],
             h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14],
             h[15]);
}

static unsigned hex_value(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : tolower((unsigned char)c) - 'a' + 10);
}

void guid_code(const char *guid, char ret_code[GUID_CODE + 1])
{
    /* Where each byte's digits stand: the first three groups are little-endian. */
    static const unsigned char places[16] = {6,  4,  2,  0,  11, 9,  16, 14,
                                             19, 21, 24, 26, 28, 30, 32, 34};
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned bits = 0, held = 0;
    size_t i, len = 0;

    for (i = 0; i < 16; i++) {
        held = (held << 8 | hex_value(guid[places[i]]) << 4 | hex_value(guid[places[i] + 1])) & 0xffff;
        for (bits += 8; bits >= 6; bits -= 6)
            ret_code[len++] = digits[held >> (bits - 6) & 0x3f];
    }
    ret_code[len++] = digits[held << (6 - bits) & 0x3f];
    ret_code[len] = '\0';
}
