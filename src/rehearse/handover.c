/* SPDX-License-Identifier: MIT
 * Hand-over files between the folders in which people work. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fsio.h"
#include "base/limits.h"
#include "rehearse/stage.h"

static const char *path_of(struct rehearsing *r, const struct connection *connection,
                           enum person person)
{
    return arena_printf(r->arena, "%s/%s.handover", r->work[person], connection->folder);
}

void forget_handover(struct rehearsing *r, const struct connection *connection)
{
    enum person person;

    for (person = 0; person < PERSON_COUNT; person++)
        if (r->work[person])
            unlink(path_of(r, connection, person));
}

/* To everybody but FROM. */
static bool hand_out(struct rehearsing *r, const struct connection *connection, enum person from,
                     const char *data, size_t len)
{
    enum person person;

    for (person = 0; person < PERSON_COUNT; person++)
        if (person != from && r->work[person] &&
            !fsio_replace(path_of(r, connection, person), data, len))
            return false;
    return true;
}

bool pass_handover(struct rehearsing *r, const struct connection *connection, enum person from)
{
    const char *path = path_of(r, connection, from), *data;
    struct diags diags = DIAGS_INIT(r->arena);
    size_t len = 0;

    if (access(path, F_OK) && errno == ENOENT)
        return true; /* the last script hands nothing on */
    data = fsio_load(r->arena, path, LIMIT_HANDOVER, &len, &diags);
    if (data && hand_out(r, connection, from, data, len))
        return true;
    return phase_end(r, phase_begin(r, PHASE_PROVISION, connection, from, "the hand-over"),
                     diags.count ? diags.items[0].text : strerror(errno));
}

void keep_handovers(struct rehearsing *r)
{
    const struct spec *spec = r->request->spec;
    struct diags unread = DIAGS_INIT(r->arena);
    size_t i;

    for (i = 0; r->request->split && i < spec->n_connections; i++) {
        const struct connection *connection = &spec->connections[i];
        struct handover handover = {.connection = connection};

        if (!scene_is_chosen(r, connection))
            continue;
        handover.data = fsio_load(r->arena, path_of(r, connection, PERSON_IDENTITY), LIMIT_HANDOVER,
                                  &handover.len, &unread);
        if (handover.data)
            ARENA_PUSH(r->arena, r->result->handovers, r->result->n_handovers, handover);
    }
}

bool restore_handovers(struct rehearsing *r, const struct rehearsal *from)
{
    size_t i;

    for (i = 0; i < from->n_handovers; i++)
        if (!hand_out(r, from->handovers[i].connection, PERSON_COUNT, from->handovers[i].data,
                      from->handovers[i].len))
            return false;
    return true;
}
