/* SPDX-License-Identifier: MIT
 * Text with holes: what a call says before its captured values are known.
 *
 * A captured value (an id that the service gives during the run, such as client_id) stands in a text
 * as CAPTURE_OPEN name CAPTURE_CLOSE. The two are control characters, and no INI value may hold one, so
 * nothing a user writes can be taken for a capture. Encoders turn a capture into what the language
 * calls a variable ("${client_id}" in a shell) and encode the text around it. */
#ifndef BASE_CAPTURE_H
#define BASE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

#define CAPTURE_OPEN  '\x01'
#define CAPTURE_CLOSE '\x02'

/* For string literals: "/subscriptions/" CAPTURE("subscription_id") */
#define CAPTURE(name) "\x01" name "\x02"

/* The next piece of *TEXT: a capture's name or a run of literal text, *RET_LEN bytes at the returned
 * place; moves *TEXT behind it. NULL at the end. */
const char *capture_next(const char **text, size_t *ret_len, bool *ret_is_capture);

#endif
