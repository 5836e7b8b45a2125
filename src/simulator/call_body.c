/* SPDX-License-Identifier: MIT
 * The body of a call: is it JSON, and of the right shape? */
#include "simulator/call.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "format/json_shape.h"

/* What a body holds becomes part of the world and of replies, which can then still be read. */
enum { BODY_DEPTH = LIMIT_JSON_DEPTH / 2 };

static bool is_deeper(const json *value, int most)
{
    const json *item = json_first(value);

    for (; item && most; item = json_next(item))
        if (is_deeper(item, most - 1))
            return true;
    return item != NULL;
}

json *call_json(struct sim_call *call, bool list, call_refuse *refuse)
{
    const char *type = call_header(call, "Content-Type");
    struct diags diags = DIAGS_INIT(call->arena);
    json *body;

    if (!call->body_len) {
        refuse(call, 400, "The request has no body.");
        return NULL;
    }
    if (!type || strncasecmp(type, "application/json", 16) != 0) {
        refuse(call, 415, "The content type of the body is not application/json.");
        return NULL;
    }
    body = json_parse("body", call->body, call->body_len, &diags);
    if (body && is_deeper(body, BODY_DEPTH))
        diag_add(&diags, DIAG_JSON_LIMIT, (struct loc){"body", 0, 0},
                 "lists and objects are nested too deep");
    else if (body && json_kind(body) == (list ? JSON_ARRAY : JSON_OBJECT))
        return body;
    json_free(body);
    refuse(call, 400,
           call_text(call, "The request content is invalid: %s.",
                     diags.count ? diags.items[0].text
                     : list      ? "the body is not a list"
                                 : "the body is not an object"));
    return NULL;
}

bool call_shape(struct sim_call *call, const json *value, const char *fields, const char *where,
                call_refuse *refuse)
{
    const char *flaw = json_shape_flaw(call->arena, value, fields, where);

    if (flaw)
        refuse(call, 400, flaw);
    return !flaw;
}
