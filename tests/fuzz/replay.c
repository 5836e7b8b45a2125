/* SPDX-License-Identifier: MIT
 * Runs a fuzzer over the files of its corpus: tests/fuzz/corpus/NAME, where NAME is the program's own
 * behind "fuzz_". Prints TAP. */
#include "fuzz.h"

#include <dirent.h>

#include "base/fsio.h"

enum { FILE_MAX = 64 * 1024 };

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    const char *source = getenv("SRCDIR");
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct dirent **entries = NULL;
    const char *folder;
    int count, i;

    if (argc > 2 || !source || strncmp(name, "fuzz_", 5) != 0)
        return 2;
    folder = argc == 2 ? argv[1] : arena_printf(arena, "%s/tests/fuzz/corpus/%s", source, name + 5);
    count = scandir(folder, &entries, is_file, alphasort);
    for (i = 0; i < count; i++) {
        size_t len = 0;
        const char *data = fsio_load(arena, arena_printf(arena, "%s/%s", folder, entries[i]->d_name),
                                     FILE_MAX, &len, &diags);

        if (data)
            LLVMFuzzerTestOneInput((const uint8_t *)data, len);
        printf("%sok %d - %s\n", data ? "" : "not ", i + 1, entries[i]->d_name);
        fflush(stdout);
        free(entries[i]);
    }
    free(entries);
    printf("1..%d\n", count > 0 ? count : 1);
    arena_free(arena);
    return count > 0 && !diags.errors ? 0 : 1;
}
