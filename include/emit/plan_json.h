/* SPDX-License-Identifier: MIT
 * plan.json: the plan as data, for review gates and tests.
 *
 * Schema version 1, documented in azdo-wif(1), PLAN.JSON. A captured value appears as ${name}; a
 * "${" that somebody wrote in the INI appears as "$${". */
#ifndef EMIT_PLAN_JSON_H
#define EMIT_PLAN_JSON_H

#include "base/strbuf.h"
#include "format/json.h"
#include "plan/plan.h"

/* One plan; STAMP is its first field. For json_free by the caller. */
json *plan_json(const struct plan *plan, const char *stamp);

#endif
