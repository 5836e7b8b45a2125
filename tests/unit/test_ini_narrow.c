/* SPDX-License-Identifier: MIT
 * INI syntax with a library whose switches were fixed when it was built: 200 bytes to a line, inline
 * comments. Debian's, left alone, behaves like that; so the reader is compiled here as for such a one,
 * and what that library cannot read whole must be refused with its line. */
#define INI_SOURCE_SWITCHES 0
#include "../../src/format/ini_source.c"

#include "test_ini_source.c"
