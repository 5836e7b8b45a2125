/* SPDX-License-Identifier: MIT
 * GUIDs: their shape, and names that are derived instead of drawn. */
#ifndef BASE_GUID_H
#define BASE_GUID_H

#include <stdbool.h>

enum { GUID_TEXT = 36 };

/* 8-4-4-4-12 hexadecimal digits, either case, no braces. */
bool guid_valid(const char *text);

/* UUID version 5 (RFC 4122, section 4.3) of NAME in azdo-wif's own namespace: the same for the same
 * name, on every machine and in every version. */
void guid_from_name(const char *name, char ret_guid[GUID_TEXT + 1]);

/* GUID as Entra writes it in subjects: unpadded base64url of its bytes in mixed-endian order. */
enum { GUID_CODE = 22 };
void guid_code(const char *guid, char ret_code[GUID_CODE + 1]);

#endif
