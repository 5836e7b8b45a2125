/* SPDX-License-Identifier: MIT
 * The sandbox: its folder, and the programs that run in it. */
#include "rehearse/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fsio.h"
#include "base/limits.h"
#include "base/strbuf.h"
#include "emit/folder.h"

enum { NAME_SIZE = 64, POLL_MS = 100, CHILDREN = 256 };

struct sandbox {
    struct arena *arena;
    int parent, fd;
    char name[NAME_SIZE];
    const char *path;
    long before[CHILDREN + 1]; /* children that were there before */
};

/* $TMPDIR counts only as a whole path: a relative one would be another folder for each program. */
static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");

    return folder && *folder == '/' ? folder : "/tmp";
}

/* The pids of our children into LIST, closed by 0. */
static void list_children(long list[CHILDREN + 1])
{
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    struct strbuf text;
    char *at, *end;
    size_t n = 0;

    list[0] = 0;
    if (fd < 0)
        return;
    strbuf_init(&text, 64 * 1024);
    fsio_read(fd, &text);
    close(fd);
    for (at = text.data; n < CHILDREN; at = end) {
        list[n] = strtol(at, &end, 10);
        if (end == at)
            break;
        n++;
    }
    list[n] = 0;
    strbuf_clear(&text);
}

static bool is_among(const long *list, long pid)
{
    for (; *list; list++)
        if (*list == pid)
            return true;
    return false;
}

struct sandbox *sandbox_open(struct arena *arena, const char **ret_why)
{
    struct sandbox *sandbox = ARENA_NEW(arena, struct sandbox);
    const char *above = temporary_folder();

    sandbox->arena = arena;
    sandbox->fd = -1;
    sandbox->parent = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (sandbox->parent >= 0 &&
        folder_make_temporary(sandbox->parent, "azdo-wif.", sandbox->name, NAME_SIZE))
        sandbox->fd = folder_open(sandbox->parent, sandbox->name);
    sandbox->path = arena_printf(arena, "%s/%s", above, sandbox->name);
    if (sandbox->fd >= 0) {
        list_children(sandbox->before);
        prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L); /* what its programs leave behind is ours */
        return sandbox;
    }
    *ret_why = arena_printf(arena, "no folder can be made in %s: %s", above, strerror(errno));
    if (sandbox->parent >= 0)
        close(sandbox->parent);
    return NULL;
}

const char *sandbox_folder(const struct sandbox *sandbox)
{
    return sandbox->path;
}

/* Makes the folders of NAME up to its last '/'. */
static bool make_above(struct sandbox *sandbox, const char *name)
{
    const char *slash;

    for (slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/'))
        if (!folder_make(sandbox->fd,
                         arena_strndup(sandbox->arena, name, (size_t)(slash - name))) &&
            errno != EEXIST)
            return false;
    return true;
}

const char *sandbox_make_folder(struct sandbox *sandbox, const char *name)
{
    if (!make_above(sandbox, name) || (!folder_make(sandbox->fd, name) && errno != EEXIST))
        return NULL;
    return arena_printf(sandbox->arena, "%s/%s", sandbox->path, name);
}

const char *sandbox_write(struct sandbox *sandbox, const char *name, const char *data, size_t len,
                          bool executable)
{
    if (!make_above(sandbox, name) || !folder_write(sandbox->fd, name, data, len, executable))
        return NULL;
    return arena_printf(sandbox->arena, "%s/%s", sandbox->path, name);
}

/* Children: a program's whole group, and what left it but came back to us as its reaper. */

/* Returns how many there were. Those that were there before us, as a shell's that became us, are
 * not ours. */
static size_t kill_children(const struct sandbox *sandbox)
{
    long list[CHILDREN + 1], *pid;
    size_t count = 0;

    list_children(list);
    for (pid = list; *pid; pid++)
        if (!is_among(sandbox->before, *pid)) {
            kill((pid_t)*pid, SIGKILL);
            count++;
        }
    return count;
}

static void reap(const struct sandbox *sandbox)
{
    static const struct timespec moment = {.tv_nsec = 5 * 1000 * 1000};
    int i;

    for (i = 0; i < 100 && kill_children(sandbox); i++) {
        nanosleep(&moment, NULL);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
    }
}

void sandbox_close(struct sandbox *sandbox)
{
    if (!sandbox)
        return;
    reap(sandbox);
    close(sandbox->fd);
    folder_remove(sandbox->parent, sandbox->name);
    close(sandbox->parent);
}

/* Running */

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Where the program's own PATH, not ours, has it. */
static bool find_program(const struct program *program, char ret_path[PATH_MAX])
{
    static const char name[] = "PATH=";
    char *const *variable = program->environment;
    const char *at = "";

    if (strchr(program->argv[0], '/'))
        return snprintf(ret_path, PATH_MAX, "%s", program->argv[0]) < PATH_MAX;
    for (; *variable; variable++)
        if (!strncmp(*variable, name, strlen(name)))
            at = *variable + strlen(name);
    for (; *at; at += *at == ':') {
        int len = (int)strcspn(at, ":");

        if (snprintf(ret_path, PATH_MAX, "%.*s/%s", len, at, program->argv[0]) < PATH_MAX &&
            !access(ret_path, X_OK))
            return true;
        at += len;
    }
    return false;
}

/* Starts the program; -1 with errno. OUTPUT is -1 when it writes where we do. */
static pid_t start(const struct program *program, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char path[PATH_MAX];
    sigset_t all;
    pid_t pid = -1;
    int error;
    union {
        const char *const *in;
        char *const *out;
    } argv = {.in = program->argv};

    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(
        &attributes, (short)(POSIX_SPAWN_SETSIGDEF | (output < 0 ? 0 : POSIX_SPAWN_SETSID)));
    if (output >= 0) {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_adddup2(&actions, output, 2);
        posix_spawn_file_actions_addclosefrom_np(&actions, 3); /* what the caller left open */
    }
    if (program->folder)
        posix_spawn_file_actions_addchdir_np(&actions, program->folder);
    error = find_program(program, path)
                ? posix_spawn(&pid, path, &actions, &attributes, argv.out, program->environment)
                : ENOENT;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    errno = error;
    return error ? -1 : pid;
}

/* Gives whole lines of what came to the program's reader; what is too long for one comes in pieces.
 */
static void give_lines(const struct program *program, struct strbuf *pending, bool all)
{
    char *line = pending->data, *end;

    while ((end = strchr(line, '\n'))) {
        *end = '\0';
        program->line(program->to, line);
        line = end + 1;
    }
    if (*line && (all || strlen(line) > LIMIT_PROGRAM_LINE)) {
        program->line(program->to, line);
        line += strlen(line);
    }
    pending->len = strlen(line);
    memmove(pending->data, line, pending->len + 1);
}

static void take_output(struct strbuf *pending, const char *piece, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        strbuf_addc(pending, piece[i] ? piece[i] : '?'); /* a NUL would hide what follows */
}

/* Sends the group of PID what the program is to get; true from then on. */
static bool send_signal(const struct program *program, pid_t pid)
{
    if (!program->signal || !*program->signal)
        return false;
    kill(-pid, *program->signal);
    return true;
}

/* Reads until the other end is closed, time is up, or we are told to stop: then why. */
static int follow(const struct program *program, int fd, pid_t pid, int *ret_status)
{
    long long until = program->seconds ? now_ms() + program->seconds * 1000LL : 0;
    struct strbuf pending;
    char piece[16 * 1024];
    int why = 0;
    bool ended = false, signalled = false;

    strbuf_init(&pending, LIMIT_PROGRAM_LINE + sizeof piece + 1);
    while (!why) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int ready = poll(&poll_fd, 1, POLL_MS);
        ssize_t got = ready > 0 ? read(fd, piece, sizeof piece) : -1;

        if (got > 0) {
            take_output(&pending, piece, (size_t)got);
            give_lines(program, &pending, false);
        }
        if (got == 0 || (ready == 0 && ended))
            break;
        /* what it left in the background may hold the other end open for ever */
        ended = ended || waitpid(pid, ret_status, WNOHANG) == pid;
        signalled = signalled || send_signal(program, pid);
        if (program->stop && *program->stop)
            why = PROGRAM_STOPPED;
        else if (until && now_ms() > until)
            why = PROGRAM_TIMED_OUT;
    }
    if (why)
        kill(-pid, SIGKILL);
    give_lines(program, &pending, true);
    strbuf_clear(&pending);
    while (!ended && waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
        continue;
    return why;
}

static int exit_status(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_captured(const struct sandbox *sandbox, const struct program *program)
{
    int ends[2], status = 0, why;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC))
        return PROGRAM_NOT_STARTED;
    pid = start(program, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        int error = errno;

        close(ends[0]);
        errno = error;
        return PROGRAM_NOT_STARTED;
    }
    why = follow(program, ends[0], pid, &status);
    close(ends[0]);
    kill(-pid, SIGKILL); /* whoever is left of its group */
    reap(sandbox);
    return why ? why : exit_status(status);
}

int sandbox_run(const struct sandbox *sandbox, const struct program *program)
{
    pid_t pid;
    int status = 0;

    if (program->line)
        return run_captured(sandbox, program);
    pid = start(program, -1);
    if (pid < 0)
        return PROGRAM_NOT_STARTED;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        if (program->stop && *program->stop && *program->stop != SIGINT &&
            *program->stop != SIGQUIT)
            kill(pid, *program->stop); /* those two came to it from the terminal as well */
    return exit_status(status);
}
