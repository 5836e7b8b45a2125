/* SPDX-License-Identifier: MIT
 * What a service answers on a bad day, in the shape of that service, instead of doing anything. */
#ifndef SIMULATOR_TROUBLE_H
#define SIMULATOR_TROUBLE_H

#include "simulator/call.h"

/* Answers with call->trouble, which is 403 (the caller has no right), 429 (too many requests) or
 * 500. Hosts that are no service of these have 500 only. */
void trouble_answer(struct sim_call *call);

#endif
