/* SPDX-License-Identifier: MIT
 * Text with holes. */
#include "base/capture.h"

#include <string.h>

#include "base/arena.h"

const char *capture_next(const char **text, size_t *ret_len, bool *ret_is_capture)
{
    const char *start = *text;

    if (!*start)
        return NULL;
    *ret_is_capture = *start == CAPTURE_OPEN;
    if (*ret_is_capture) {
        const char *close = strchr(start, CAPTURE_CLOSE);

        if (!close)
            BUG("a capture without an end");
        *ret_len = (size_t)(close - start - 1);
        *text = close + 1;
        return start + 1;
    }
    *ret_len = strcspn(start, "\x01");
    *text = start + *ret_len;
    return start;
}
