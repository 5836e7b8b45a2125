/* SPDX-License-Identifier: MIT
 * Memory that lives as long as one command: allocated piecemeal, freed at once.
 *
 * Nothing in an arena is freed on its own. Allocation never returns NULL: a one-shot program gains
 * nothing from limping on without memory, so it says so in one line and exits. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* Frees everything that was allocated in it. Accepts NULL. */
void arena_free(struct arena *arena);

/* COUNT zeroed objects of SIZE bytes, aligned for any type; an overflowing product is fatal. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_alloc((arena), (count), sizeof(type)))

/* Appends ITEM to ARRAY, which holds *COUNT items, growing it in ARENA by doubling. */
#define ARENA_PUSH(arena, array, count, item)                                                      \
    do {                                                                                           \
        (array) = arena_grow((arena), (array), (count), sizeof *(array));                          \
        (array)[(count)++] = (item);                                                               \
    } while (0)

/* Room for one more than COUNT objects: ITEMS itself, or a larger copy when COUNT is a power of 2. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size);

/* malloc family for what outlives an arena; fatal when there is no memory. */
void *xrealloc(void *old, size_t count, size_t size);
void out_of_memory(void) __attribute__((noreturn));

/* A defect of this program, not of its input: says where, and aborts. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
void bug_at(const char *file, int line, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));

#endif
