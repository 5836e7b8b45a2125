/* SPDX-License-Identifier: MIT
 * simulate: in the foreground until Ctrl-C, around one command, or in the background for a shell.
 */
#include "cli/simulation.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/observed.h"
#include "cli/report.h"
#include "cli/simulate_env.h"
#include "cli/term.h"
#include "cli/worlds.h"
#include "encode/encode.h"

extern char **environ;

enum { IDLE_MINUTES = 60, IDLE_MAX = 7 * 24 * 60, WAIT_MS = 200 };

struct simulation {
    struct arena *arena;
    const struct options *options;
    struct lab lab;
    struct desk desk;
    const volatile sig_atomic_t *stop;
    _Atomic(FILE *) shown;  /* where calls go; NULL: nowhere */
    atomic_llong last_call; /* when */
    long idle_minutes;
};

static void observe(void *to, const struct observation *seen)
{
    struct simulation *simulation = to;

    FILE *shown = simulation->shown;

    simulation->last_call = seen->at;
    if (shown)
        observed_print(shown, seen);
}

/* Opens the lab and signs az in, where there is one. STATE is taken over. */
static enum status begin(struct simulation *simulation, json *state)
{
    struct sign_in sign_in = {0};
    const char *why = "";

    worlds_sign_in(state, &sign_in);

    simulation->last_call = world_now();
    if (!lab_open(simulation->arena, state, observe, simulation, simulation->stop, &simulation->lab,
                  &why)) {
        report_note("the simulation does not start: %s", why);
        return STATUS_REMOTE;
    }
    if (!simulation->options->quiet && simulation->lab.az_folder)
        report_note("signing az in");
    if (!lab_desk(&simulation->lab, "desk", &sign_in, &simulation->desk, &why)) {
        if (*simulation->stop)
            return STATUS_REMOTE;
        report_note("az is not signed in: %s", why);
    }
    return simulation->desk.home ? STATUS_DONE : STATUS_REMOTE;
}

/* Saves what is to be saved, and takes everything down. */
static enum status end(struct simulation *simulation, enum status status)
{
    const char *file = simulation->options->save;

    if (file && simulation->lab.world && !worlds_save(simulation->lab.world, file)) {
        report_note("%s: %s", file, strerror(errno));
        status = STATUS_OUTPUT;
    }
    lab_close(&simulation->lab);
    return status;
}

static void wait_a_moment(void)
{
    static const struct timespec moment = {.tv_nsec = WAIT_MS * 1000 * 1000};

    nanosleep(&moment, NULL);
}

static enum status watch(struct simulation *simulation)
{
    struct strbuf text;
    const char *file;

    strbuf_init(&text, LIMIT_ENV_TEXT);
    simulate_env_text(&simulation->lab, &simulation->desk, 0, &text);
    file = sandbox_write(simulation->lab.sandbox, "env.sh", text.data, text.len, false);
    strbuf_clear(&text);
    if (!file)
        return STATUS_REMOTE;
    strbuf_init(&text, LIMIT_ENV_TEXT);
    encode_shell(&text, file);
    printf("Proxy: http://127.0.0.1:%u\nIn another shell: . %s\nCtrl-C ends it.\n",
           server_port(simulation->lab.server), text.data);
    strbuf_clear(&text);
    fflush(stdout);
    while (!*simulation->stop)
        wait_a_moment();
    return STATUS_DONE;
}

/* The command's own status, also when it is none of enum status. */
static enum status run_command(struct simulation *simulation, char *const *command)
{
    struct program program = {
        .environment = simulate_environment(&simulation->lab, &simulation->desk, environ),
        .stop = simulation->stop};
    union {
        char *const *in;
        const char *const *out;
    } argv = {.in = command};
    int status;

    program.argv = argv.out;
    status = sandbox_run(simulation->lab.sandbox, &program);
    if (status != PROGRAM_NOT_STARTED)
        return (enum status)status;
    report_note("%s: %s", command[0], strerror(errno));
    return (enum status)(errno == ENOENT ? 127 : 126);
}

static enum status in_foreground(struct simulation *simulation, json *state, char *const *command)
{
    enum status status;

    simulation->stop = term_catch_signals();
    simulation->shown = simulation->options->quiet ? NULL : *command ? stderr : stdout;
    status = begin(simulation, state);
    if (status == STATUS_DONE && !*simulation->stop)
        status = *command ? run_command(simulation, command) : watch(simulation);
    return end(simulation, status);
}

/* Tells the waiting parent what a shell evaluates, lets go of the terminal, and serves. */
static enum status serve_in_background(struct simulation *simulation, int to_parent)
{
    struct strbuf text;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), fd;
    const char *log;

    strbuf_init(&text, LIMIT_ENV_TEXT);
    simulate_env_text(&simulation->lab, &simulation->desk, getpid(), &text);
    if (null < 0 || text.overflow || !fsio_write(to_parent, text.data, text.len))
        return STATUS_REMOTE;
    strbuf_clear(&text);
    log = sandbox_write(simulation->lab.sandbox, "calls.log", "", 0, false);
    simulation->shown = log ? fopen(log, "ae") : NULL;
    for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(null, fd);
    close(null);
    close(to_parent);
    while (!*simulation->stop &&
           world_now() - simulation->last_call < simulation->idle_minutes * 60000LL)
        wait_a_moment();
    return STATUS_DONE;
}

static enum status background(struct simulation *simulation, json *state, int to_parent)
{
    enum status status;

    setsid();
    simulation->stop = term_catch_signals();
    status = begin(simulation, state);
    if (status == STATUS_DONE)
        status = serve_in_background(simulation, to_parent);
    status = end(simulation, status);
    if (simulation->shown)
        fclose(simulation->shown);
    return status;
}

/* What the background process says goes to standard output, but only whole. */
static enum status wait_for(pid_t child, int from_child)
{
    struct strbuf text;
    int status = 0;
    bool whole;

    strbuf_init(&text, LIMIT_ENV_TEXT);
    whole = fsio_read(from_child, &text) && text.len;
    if (whole && (fwrite(text.data, 1, text.len, stdout) != text.len || fflush(stdout)))
        kill(child, SIGTERM); /* nobody would know of it */
    strbuf_clear(&text);
    if (whole)
        return STATUS_DONE;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) ? (enum status)WEXITSTATUS(status)
                                                    : STATUS_REMOTE;
}

static enum status in_background(struct simulation *simulation, json *state)
{
    enum status status;
    pid_t child;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) || (child = fork()) < 0) { /* there is no thread yet */
        report_note("no process can be started: %s", strerror(errno));
        json_free(state);
        return STATUS_REMOTE;
    }
    if (child == 0) {
        close(ends[0]);
        return background(simulation, state, ends[1]);
    }
    close(ends[1]);
    json_free(state);
    status = wait_for(child, ends[0]);
    close(ends[0]);
    return status;
}

static bool take_idle(struct simulation *simulation)
{
    const char *text = simulation->options->idle;
    char *rest;

    simulation->idle_minutes = IDLE_MINUTES;
    if (!text)
        return true;
    errno = 0;
    simulation->idle_minutes = strtol(text, &rest, 10);
    if (!errno && !*rest && simulation->idle_minutes > 0 && simulation->idle_minutes <= IDLE_MAX)
        return true;
    report_usage(NULL, "--idle is a number of minutes from 1 to %d", IDLE_MAX);
    return false;
}

/* How the options do not go together; NULL: they do. */
static const char *contradiction(const struct options *options, char *const *command)
{
    if (options->env && *command)
        return "--env goes on in the background, so it takes no command";
    if (options->idle && !options->env)
        return "--idle goes with --env only";
    if (options->state && options->fit)
        return "--state and --fit both say with which world to begin";
    return NULL;
}

/* With which world it begins; NULL with findings. */
static json *first_world(struct simulation *simulation)
{
    const struct options *options = simulation->options;
    struct diags diags = DIAGS_INIT(simulation->arena);
    json *state = options->state ? worlds_load(simulation->arena, options->state, &diags)
                                 : worlds_fit(simulation->arena, options->fit, &diags);

    report_findings(&diags, "there is no world to simulate");
    return state;
}

static enum status simulate(struct simulation *simulation, char *const *command)
{
    const struct options *options = simulation->options;
    const char *wrong = contradiction(options, command);
    json *state;

    if (wrong) {
        report_usage("see 'azdo-wif simulate --help'", "%s", wrong);
        return STATUS_USAGE;
    }
    if (!take_idle(simulation))
        return STATUS_USAGE;
    if (options->save && !worlds_can_save(options->save)) {
        report_note("%s: %s", options->save, strerror(errno));
        return STATUS_OUTPUT;
    }
    state = first_world(simulation);
    if (!state)
        return STATUS_INPUT;
    return options->env ? in_background(simulation, state)
                        : in_foreground(simulation, state, command);
}

enum status simulation_simulate(const struct options *options, char *const *operands)
{
    struct simulation simulation = {.arena = arena_new(), .options = options};
    enum status status;

    term_ignore_broken_pipes();
    status = simulate(&simulation, operands);
    arena_free(simulation.arena);
    return status;
}
