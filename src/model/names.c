/* SPDX-License-Identifier: MIT
 * Names that were seen: a hash table with open addressing. */
#include "model/names.h"

#include <stdint.h>
#include <string.h>

struct names {
    struct arena *arena;
    struct name *slots; /* text NULL: free */
    size_t size;        /* a power of 2, or 0 */
    size_t used;        /* never more than half of them, so that a search ends */
};

static uint64_t hash(const char *text)
{
    uint64_t h = 14695981039346656037u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return h ^ h >> 32;
}

/* Where TEXT is, or would be. */
static struct name *slot(const struct names *names, const char *text)
{
    size_t i = (size_t)hash(text) & (names->size - 1);

    while (names->slots[i].text && strcmp(names->slots[i].text, text))
        i = (i + 1) & (names->size - 1);
    return &names->slots[i];
}

static void grow(struct names *names)
{
    struct names larger = {.arena = names->arena, .size = names->size ? names->size * 2 : 16};
    size_t i;

    larger.slots = ARENA_ARRAY(names->arena, larger.size, struct name);
    larger.used = names->used;
    for (i = 0; i < names->size; i++)
        if (names->slots[i].text)
            *slot(&larger, names->slots[i].text) = names->slots[i];
    *names = larger;
}

struct names *names_new(struct arena *arena)
{
    struct names *names = ARENA_NEW(arena, struct names);

    names->arena = arena;
    return names;
}

const struct name *names_add(struct names *names, const char *text, struct loc loc,
                             const void *data)
{
    struct name *found;

    if (names->used * 2 >= names->size)
        grow(names);
    found = slot(names, text);
    if (found->text)
        return found;
    *found = (struct name){text, loc, data};
    names->used++;
    return NULL;
}

const struct name *names_find(const struct names *names, const char *text)
{
    const struct name *found = names->size ? slot(names, text) : NULL;

    return found && found->text ? found : NULL;
}

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char *names_fold(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text), *p;

    for (p = copy; *p; p++)
        *p = folded(*p);
    return copy;
}

bool names_equal(const char *a, const char *b)
{
    while (*a && folded(*a) == folded(*b)) {
        a++;
        b++;
    }
    return folded(*a) == folded(*b);
}
