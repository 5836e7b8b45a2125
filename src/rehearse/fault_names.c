/* SPDX-License-Identifier: MIT
 * The kinds of faults: the master copy of names and promises, which fault_kinds.c keeps. */
#include "rehearse/fault_names.h"

static const char over[] = "The script waits, looks, goes on, and ends with 0.";

static const struct {
    const char *name, *text, *promise;
} rows[FAULT_KINDS] = {
    [FAULT_LOST_REPLY] = {"lost-reply", "the write is done, and the reply is lost", over},
    [FAULT_THROTTLED] = {"throttled", "429, too many requests; nothing is done", over},
    [FAULT_SERVER_ERROR] = {"server-error", "500, internal server error; nothing is done", over},
    [FAULT_RESET] = {"reset", "the connection is reset; nothing is done", over},
    [FAULT_SLOW] = {"slow", "the write is done, and the reply takes 12 seconds", over},
    [FAULT_KILLED] = {"killed", "the write is done, and the script is killed before it knows",
                      "The script ends by SIGKILL."},
    [FAULT_INTERRUPTED] = {"interrupted",
                           "the write is done, and somebody presses Ctrl-C before the script knows",
                           "The script ends with 130 and leaves no temporary file."},
    [FAULT_ROLE_ENDED] = {"role-ended", "from this write on the person may not write any more: 403",
                          "The script stops with 4 and names the right."},
    [FAULT_SECOND_PERSON] =
        {"second-person", "just before it, somebody else runs the same scripts to their end",
         "The script gets over it, or stops and says what it found; what is there "
         "twice is told by every later run."},
    [FAULT_EDITED] = {"edited", "the write is done, and somebody edits by hand what it made",
                      "The script, and every later run, says what differs, and leaves it alone."},
};

const char *fault_name(enum fault_kind kind)
{
    return rows[kind].name;
}

const char *fault_text(enum fault_kind kind)
{
    return rows[kind].text;
}

const char *fault_promise(enum fault_kind kind)
{
    return rows[kind].promise;
}
