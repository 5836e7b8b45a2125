/* SPDX-License-Identifier: MIT
 * Other people: one who runs the same scripts, and one who edits by hand, in a portal, what a
 * script has made. */
#include <string.h>

#include "rehearse/fault_parts.h"

/* A second person */

const char *fault_invite(struct fault *fault)
{
    struct rehearsing *r = fault->r;
    struct desk mine = r->desks[PERSON_EVERYTHING];
    const char *work = r->work[PERSON_EVERYTHING], *why = NULL;

    if (!fault->second_work) {
        why = scene_desk(r, PERSON_EVERYTHING, "desk-second");
        fault->second_desk = r->desks[PERSON_EVERYTHING];
        fault->second_work = why ? NULL : r->work[PERSON_EVERYTHING];
        r->desks[PERSON_EVERYTHING] = mine;
        r->work[PERSON_EVERYTHING] = work;
    }
    return why;
}

/* On a thread of the server, while the one who rehearses waits for a reply: nothing is shared but
 * the lab. What becomes of this run does not matter, only what the other makes of it. */
void fault_second_person(struct fault *fault)
{
    struct arena *arena = arena_new();
    struct rehearsal_request request = *fault->r->request;
    struct rehearsal result;
    struct rehearsing other = *fault->r;

    rehearsal_init(&result);
    request.split = false;
    other.arena = other.lab.arena = arena;
    other.request = &request;
    other.result = &result;
    other.signal = NULL;
    other.desks[PERSON_EVERYTHING] = fault->second_desk;
    other.work[PERSON_EVERYTHING] = fault->second_work;
    pthread_mutex_init(&other.lock, NULL);
    if (fault->back)
        scene_roll_back(&other);
    else
        scene_provision(&other, PHASE_PROVISION);
    pthread_mutex_destroy(&other.lock);
    rehearsal_release(&result);
    arena_free(arena);
}

/* One who edits */

static const char edited[] = "edited by somebody";

/* What people edit, by the list that it stands in. */
static const struct {
    const char *list, *member;
} editable[] = {{"federatedCredentials", "subject"},
                {"references", "description"},
                {"applications", "displayName"}};

static bool had(const json *before, const json *item)
{
    const json *child;

    if (!before)
        return false;
    if (json_equal(before, item))
        return true;
    for (child = json_first(before); child; child = json_next(child))
        if (had(child, item))
            return true;
    return false;
}

static const char *member_of(const char *list)
{
    size_t i;

    for (i = 0; i < sizeof editable / sizeof *editable; i++)
        if (list && !strcmp(list, editable[i].list))
            return editable[i].member;
    return NULL;
}

char *fault_edit(json *world, const json *before)
{
    const char *member;
    json *child, *item;
    char *original = NULL;

    for (child = json_first_of(world); child && !original; child = json_next_of(child)) {
        member = json_kind(child) == JSON_ARRAY ? member_of(json_key(child)) : NULL;
        for (item = member ? json_first_of(child) : NULL; item && !original;
             item = json_next_of(item))
            if (*json_text_of(item, member) && !had(before, item)) {
                original = strdup(json_text_of(item, member));
                json_put_text(item, member, edited);
            }
        if (!original && (json_kind(child) == JSON_ARRAY || json_kind(child) == JSON_OBJECT))
            original = fault_edit(child, before);
    }
    return original;
}

void fault_unedit(json *world, const char *original)
{
    json *child;
    size_t i;

    for (i = 0; i < sizeof editable / sizeof *editable; i++)
        if (!strcmp(json_text_of(world, editable[i].member), edited))
            json_put_text(world, editable[i].member, original);
    for (child = json_first_of(world); child; child = json_next_of(child))
        if (json_kind(child) == JSON_ARRAY || json_kind(child) == JSON_OBJECT)
            fault_unedit(child, original);
}
