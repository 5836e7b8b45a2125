/* SPDX-License-Identifier: MIT
 * The kinds of faults, by name: also for a program without a simulator, and for the manual. */
#ifndef REHEARSE_FAULT_NAMES_H
#define REHEARSE_FAULT_NAMES_H

enum fault_kind {
    FAULT_LOST_REPLY,
    FAULT_THROTTLED,
    FAULT_SERVER_ERROR,
    FAULT_RESET,
    FAULT_SLOW,
    FAULT_KILLED,
    FAULT_INTERRUPTED,
    FAULT_ROLE_ENDED,
    FAULT_SECOND_PERSON,
    FAULT_EDITED,
    FAULT_KINDS
};

const char *fault_name(enum fault_kind kind);    /* "lost-reply" */
const char *fault_text(enum fault_kind kind);    /* what happens at the write */
const char *fault_promise(enum fault_kind kind); /* what the script must do then */

#endif
