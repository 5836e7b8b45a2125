/* SPDX-License-Identifier: MIT
 * The output folder: whatever fails, and wherever, it is as before.
 *
 * The linker puts __wrap_renameat2 and __wrap_write (-Wl,--wrap) between the library and the
 * system, so that each of their calls can be made to fail in turn. */
#include "emit/outdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsio.h"
#include "emit/folder.h"
#include "emit/stamp.h"
#include "tap.h"

int __real_renameat2(int from, const char *old, int to, const char *new, unsigned flags);
int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags);
ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);

static struct {
    unsigned renames, writes; /* how many there were */
    unsigned fail_rename;     /* this one fails, from 1; 0: none */
    unsigned fail_write;
    unsigned stop_at_rename; /* a signal comes during this one */
    bool no_flags; /* a file system that knows no RENAME_EXCHANGE and no RENAME_NOREPLACE */
} world;

static volatile sig_atomic_t stop;

int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    if (world.no_flags && flags) {
        errno = EINVAL;
        return -1;
    }
    world.renames++;
    if (world.renames == world.stop_at_rename)
        stop = 1;
    if (world.renames == world.fail_rename) {
        errno = EIO;
        return -1;
    }
    return __real_renameat2(from, old, to, new, flags);
}

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    if (++world.writes == world.fail_write) {
        errno = ENOSPC;
        return -1;
    }
    return __real_write(fd, data, len);
}

static char top[] = "/tmp/azdo-wif-outdir-XXXXXX";

/* Appends every entry below PATH: name, mode, modification time and content. */
static void describe(const char *path, struct strbuf *out)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort), i;

    for (i = 0; i < count; i++) {
        struct strbuf name;
        struct stat info;

        strbuf_init(&name, 4096);
        strbuf_addf(&name, "%s/%s", path, entries[i]->d_name);
        if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0 &&
            lstat(name.data, &info) == 0) {
            strbuf_addf(out, "%s %o %lld\n", name.data, info.st_mode,
                        S_ISREG(info.st_mode) ? (long long)info.st_mtim.tv_nsec : 0);
            if (S_ISREG(info.st_mode)) {
                int fd = open(name.data, O_RDONLY);

                fsio_read(fd, out);
                close(fd);
            } else if (S_ISDIR(info.st_mode)) {
                describe(name.data, out);
            }
        }
        strbuf_clear(&name);
        free(entries[i]);
    }
    free(entries);
}

/* All that is below TOP, in ARENA. */
static const char *snapshot(struct arena *arena)
{
    struct strbuf out;
    const char *text;

    strbuf_init(&out, 1 << 20);
    describe(".", &out);
    text = arena_strndup(arena, out.data, out.len);
    strbuf_clear(&out);
    return text;
}

/* The files of a run, in their order. */
struct output_files {
    struct output_file *items;
    size_t count;
};

static void add_file(struct arena *arena, struct output_files *files, const char *path,
                     const char *text)
{
    char *data = arena_printf(arena,
                              "# azdo-wif 0 ini sha256:" STAMP_PLACEHOLDER
                              " body sha256:" STAMP_PLACEHOLDER "\n%s\n",
                              text);

    struct output_file file = {
        .path = path, .data = data, .len = strlen(data), .executable = strstr(path, ".sh") != NULL};

    stamp_seal(data, file.len);
    ARENA_PUSH(arena, files->items, files->count, file);
}

static struct output_files version_1(struct arena *arena)
{
    struct output_files files = {0};

    add_file(arena, &files, "README.md", "first index");
    add_file(arena, &files, "a/provision.sh", "first");
    add_file(arena, &files, "a/plan.json", "same in both");
    add_file(arena, &files, "gone/provision.sh", "only in the first");
    add_file(arena, &files, "gone/verify.sh", "only in the first");
    return files;
}

static struct output_files version_2(struct arena *arena)
{
    struct output_files files = {0};

    add_file(arena, &files, "README.md", "second index");
    add_file(arena, &files, "a/provision.sh", "second");
    add_file(arena, &files, "a/plan.json", "same in both");
    add_file(arena, &files, "a/4-roles.sh", "new");
    add_file(arena, &files, "b/provision.sh", "new folder");
    add_file(arena, &files, "b/verify.sh", "new folder");
    return files;
}

static bool write_request(struct arena *arena, const struct outdir_request *request,
                          const struct output_files *files, struct outdir_result *result,
                          struct diags *diags)
{
    struct outdir *outdir = outdir_open(arena, request, diags);
    bool complete = true;
    size_t i;

    for (i = 0; outdir && complete && i < files->count; i++)
        complete = outdir_put(outdir, &files->items[i]);
    return outdir && outdir_close(outdir, complete, result);
}

static bool write_files(struct arena *arena, const struct output_files *files, bool prune,
                        struct outdir_result *result, struct diags *diags)
{
    struct outdir_request request = {.dir = "out/x", .prune = prune, .stop = &stop};

    stop = 0;
    world.renames = world.writes = 0;
    return write_request(arena, &request, files, result, diags);
}

/* Starts over with version 1 in the folder, and a file of somebody else. */
static const char *set_up(struct arena *arena)
{
    struct diags diags = DIAGS_INIT(arena);
    struct outdir_result result;
    struct output_files files = version_1(arena);
    int fd;

    folder_remove(AT_FDCWD, "out");
    memset(&world, 0, sizeof world);
    if (!write_files(arena, &files, false, &result, &diags))
        ok(false, "set up");
    fd = open("out/x/a/notes.txt", O_WRONLY | O_CREAT, 0600);
    fsio_write(fd, "mine\n", 5);
    close(fd);
    return snapshot(arena);
}

/* How many renames a run without a fault takes from version 1 to 2. */
static unsigned count_renames(struct arena *arena, bool no_flags, bool prune)
{
    struct output_files files = version_2(arena);
    struct diags diags = DIAGS_INIT(arena);
    struct outdir_result result;

    set_up(arena);
    world.no_flags = no_flags;
    ok(write_files(arena, &files, prune, &result, &diags), "a run without a fault");
    return world.renames;
}

static void test_create(void)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct output_files files = version_1(arena);
    struct outdir_result result = {0};
    struct stat info;
    unsigned fault;
    mode_t old_mask = umask(0077);

    folder_remove(AT_FDCWD, "out");
    memset(&world, 0, sizeof world);
    ok(write_files(arena, &files, false, &result, &diags), "a new folder, with the one above it");
    umask(old_mask);
    ok(result.written == 5 && result.unchanged == 0, "five files are written");
    ok(stat("out/x/a/provision.sh", &info) == 0 && (info.st_mode & 07777) == 0755, "script: 0755");
    ok(stat("out/x/README.md", &info) == 0 && (info.st_mode & 07777) == 0644, "text: 0644");
    ok(stat("out/x/a", &info) == 0 && (info.st_mode & 07777) == 0755, "folder: 0755");
    ok(stat("out/x", &info) == 0 && (info.st_mode & 07777) == 0755, "output folder: 0755");
    for (fault = 1; fault <= 5; fault++) {
        diags = DIAGS_INIT(arena);
        folder_remove(AT_FDCWD, "out");
        world.fail_write = fault;
        ok(!write_files(arena, &files, false, &result, &diags) && diags.errors == 1,
           "a full disk at write %u is a finding", fault);
        is_str(snapshot(arena), "", "and leaves nothing, not even the folder above");
    }
    arena_free(arena);
}

static void test_same(void)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    const char *before = set_up(arena);
    struct output_files files = version_1(arena);
    struct outdir_result result = {0};

    ok(write_files(arena, &files, true, &result, &diags), "the same again");
    ok(result.written == 0 && result.unchanged == 5, "writes nothing");
    is_str(snapshot(arena), before, "and touches nothing");
    ok(chmod("out/x/a/provision.sh", 0644) == 0, "without its execute bit");
    ok(write_files(arena, &files, false, &result, &diags) && result.written == 1,
       "a script is written again");
    arena_free(arena);
}

/* Every rename in turn fails, or is the moment of a signal: then all is as before. */
static void test_faults(bool no_flags, bool prune)
{
    const char *mode = no_flags ? "plain renames" : "exchanging";
    struct arena *arena = arena_new();
    unsigned renames = count_renames(arena, no_flags, prune), fault, kind;

    ok(renames >= 5, "%s, prune %d: there are %u renames", mode, prune, renames);
    for (fault = 1; fault <= renames; fault++) {
        for (kind = 0; kind < 2; kind++) {
            struct output_files files = version_2(arena);
            struct diags diags = DIAGS_INIT(arena);
            struct outdir_result result = {0};
            const char *before = set_up(arena), *now;
            bool done, last_signal;

            world.no_flags = no_flags;
            *(kind ? &world.stop_at_rename : &world.fail_rename) = fault;
            done = write_files(arena, &files, prune, &result, &diags);
            now = snapshot(arena);
            last_signal = kind && done && fault == renames; /* too late to stop anything */
            ok(last_signal || (!done && strcmp(now, before) == 0 && diags.errors == !kind),
               "%s, prune %d: %s at rename %u of %u", mode, prune, kind ? "signal" : "error", fault,
               renames);
        }
    }
    arena_free(arena);
}

static void test_prune(void)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct output_files files = version_2(arena);
    struct outdir_result result = {0};
    int fd;

    set_up(arena);
    ok(write_files(arena, &files, false, &result, &diags), "without prune");
    ok(result.leftovers.count == 2 && access("out/x/gone/verify.sh", F_OK) == 0,
       "files that are no longer described stay");
    is_str(result.leftovers.count ? result.leftovers.items[0].path : NULL, "gone/provision.sh",
           "and are named, sorted");
    fd = open("out/x/gone/verify.sh", O_WRONLY | O_APPEND);
    ok(fsio_write(fd, "# mine\n", 7), "one is edited");
    close(fd);
    result = (struct outdir_result){0};
    ok(write_files(arena, &files, true, &result, &diags), "with prune");
    ok(access("out/x/gone/provision.sh", F_OK) != 0, "the other is removed");
    ok(access("out/x/gone/verify.sh", F_OK) == 0 && result.leftovers.items[1].edited,
       "the edited one stays, and is marked");
    ok(access("out/x/a/notes.txt", F_OK) == 0, "somebody else's file stays");
    arena_free(arena);
}

static void test_only_folder(void)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct output_files all = version_2(arena), one = {0};
    struct outdir_result result = {0};
    struct outdir_request request = {.dir = "out/x", .only_folder = "b", .prune = true};

    set_up(arena);
    one.items = ARENA_ARRAY(arena, 2, struct output_file);
    one.items[one.count++] = all.items[0];
    one.items[one.count++] = all.items[4];
    ok(write_request(arena, &request, &one, &result, &diags) && result.written == 2, "one folder only");
    ok(access("out/x/gone/verify.sh", F_OK) == 0 && result.leftovers.count == 0,
       "others are neither pruned nor reported");
    arena_free(arena);
}

/* What is wrong shows with the last file, or the run is given up: nothing is left of those before. */
static void test_given_up(void)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct output_files files = version_2(arena);
    struct outdir_request request = {.dir = "out/x", .stop = &stop};
    struct outdir_result result = {0};
    const char *before;
    struct outdir *outdir;
    int fd;

    set_up(arena);
    fd = open("out/x/b", O_WRONLY | O_CREAT, 0600);
    close(fd);
    before = snapshot(arena);
    ok(!write_files(arena, &files, false, &result, &diags) && diags.errors == 1,
       "a file where a folder belongs, with the last files, said once");
    is_str(snapshot(arena), before, "and nothing is changed");
    diags = DIAGS_INIT(arena);
    before = set_up(arena);
    outdir = outdir_open(arena, &request, &diags);
    ok(outdir && outdir_put(outdir, &files.items[0]) && outdir_put(outdir, &files.items[1]),
       "two files are put");
    ok(!outdir_close(outdir, false, &result) && !diags.errors, "then the run is given up");
    is_str(snapshot(arena), before, "and nothing is changed");
    outdir = outdir_open(arena, &request, &diags);
    ok(outdir && outdir_put(outdir, &files.items[0]), "a file is put");
    stop = 1;
    ok(!outdir_put(outdir, &files.items[1]), "a signal comes: no further one is taken");
    ok(!outdir_close(outdir, true, &result) && !diags.errors, "the run ends");
    is_str(snapshot(arena), before, "and nothing is changed");
    stop = 0;
    arena_free(arena);
}

/* Another run makes the folder while this one is under way. */
static void test_race(void)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT(arena);
    struct output_files first = version_1(arena), second = version_2(arena);
    struct outdir_request request = {.dir = "out/x"};
    struct outdir_result result = {0};
    struct outdir *outdir;
    const char *now;
    size_t i, len;

    set_up(arena);
    folder_remove(AT_FDCWD, "out");
    outdir = outdir_open(arena, &request, &diags);
    for (i = 0; i < second.count; i++)
        ok(outdir_put(outdir, &second.items[i]), "put %zu", i);
    ok(write_files(arena, &first, false, &result, &diags), "another run is faster");
    ok(outdir_close(outdir, true, &result), "this one replaces its files");
    ok(result.written == 5 && result.unchanged == 1, "those that differ");
    now = fsio_load(arena, "out/x/a/provision.sh", 4096, &len, &diags);
    ok(now && strstr(now, "\nsecond\n"), "as if it had come after it");
    ok(result.leftovers.count == 2, "whose other files stay");
    arena_free(arena);
}

int main(void)
{
    int i;

    if (!mkdtemp(top) || chdir(top) != 0)
        return 1;
    test_create();
    test_same();
    for (i = 0; i < 4; i++)
        test_faults(i & 1, i & 2);
    test_prune();
    test_only_folder();
    test_given_up();
    test_race();
    if (chdir("/") == 0)
        folder_remove(AT_FDCWD, top);
    return done_testing();
}
