/* SPDX-License-Identifier: MIT
 * The cells of a fault table, in processes of their own.
 *
 * Each worker is a fork with a lab of its own. It is told a cell and tells what came of it, over a
 * socket of messages; when that is closed, or this process ends, the worker ends. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rehearse/fault_parts.h"

enum { WORKERS_MAX = 32, POLL_MS = 500, NO_CELL = -1 };

struct worker {
    pid_t pid;
    int socket; /* -1: it is gone */
    long cell;  /* that it does; NO_CELL: none */
};

struct work {
    struct arena *arena; /* of the table */
    const struct rehearsal_request *request;
    const struct rehearsal *base;
    const struct fault_watcher *watcher;
    struct fault_table *table;
    struct worker workers[WORKERS_MAX];
    size_t n_workers;
    size_t next; /* the first cell that nobody has begun */
    double started;
};

/* A worker */

static void do_cells(struct work *work, struct fault *fault, int socket)
{
    const struct fault_table *table = work->table;
    struct fault_result result;
    uint32_t index;

    while (recv(socket, &index, sizeof index, 0) == sizeof index) {
        const struct fault_cell *cell = &table->cells[index];
        size_t at = cell->write, first;
        bool back = table->writes[at - 1].phase == PHASE_ROLLBACK;
        double started = stage_now();

        for (first = 0; back && table->writes[first].phase != PHASE_ROLLBACK; first++)
            at--;
        fault_do_cell(fault, work->base, cell->kind, back, at, &result);
        result.seconds = stage_now() - started;
        if (send(socket, &result, sizeof result, 0) != sizeof result)
            return;
    }
}

/* Never returns. */
static void be_worker(struct work *work, int socket)
{
    struct rehearsal_request request = *work->request;
    struct rehearsal result;
    struct rehearsing r = {.arena = arena_new(), .request = &request, .result = &result};
    struct fault fault;

    prctl(PR_SET_PDEATHSIG, (unsigned long)SIGTERM, 0L, 0L, 0L);
    request.watcher = (struct rehearsal_watcher){.to = NULL};
    rehearsal_init(&result);
    if (scene_open(&r) && scene_sign_in(&r)) {
        fault_init(&fault, &r);
        do_cells(work, &fault, socket);
    }
    scene_close(&r);
    _exit(0); /* what is buffered is the parent's */
}

/* The parent */

static bool start_worker(struct work *work)
{
    int ends[2];
    pid_t pid;
    size_t i;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return false;
    pid = fork();
    if (pid == 0) {
        for (i = 0; i < work->n_workers; i++)
            close(work->workers[i].socket);
        close(ends[0]);
        be_worker(work, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    work->workers[work->n_workers++] = (struct worker){pid, ends[0], NO_CELL};
    return true;
}

/* Gives the worker a cell; without one that is left, it may go. */
static void give_cell(struct work *work, struct worker *worker)
{
    const struct fault_table *table = work->table;
    size_t count = table->n_writes * FAULT_KINDS;
    uint32_t index;

    while (work->next < count && !table->cells[work->next].wanted)
        work->next++;
    worker->cell = NO_CELL;
    index = (uint32_t)work->next;
    if (work->next < count && send(worker->socket, &index, sizeof index, MSG_NOSIGNAL) > 0) {
        worker->cell = index;
        work->next++;
        return;
    }
    close(worker->socket);
    worker->socket = -1;
}

static double seconds_left(const struct work *work)
{
    const struct fault_table *table = work->table;

    if (!table->n_done)
        return -1;
    return (stage_now() - work->started) / (double)table->n_done *
           (double)(table->n_wanted - table->n_done);
}

static void tell(const struct work *work, const struct fault_cell *cell)
{
    if (work->watcher->told)
        work->watcher->told(work->watcher->to, work->table, cell, seconds_left(work));
}

static void note_result(struct work *work, struct fault_cell *cell,
                        const struct fault_result *result)
{
    struct fault_table *table = work->table;

    cell->done = true;
    cell->good = result->good;
    cell->status = result->status;
    cell->seconds = result->seconds;
    cell->why = arena_strdup(work->arena, result->why);
    cell->outcome = result->nothing_edited ? "nothing that people edit"
                    : !result->status
                        ? "came through"
                        : arena_printf(work->arena, "ended with %d, then done", result->status);
    table->n_done++;
    table->n_bad += !cell->good;
    tell(work, cell);
}

/* What a worker has done; one that is gone has failed. */
static void take_result(struct work *work, struct worker *worker)
{
    static const struct fault_result gone = {
        .why = "the process that tried it has ended; does its sign-in fail?"};
    struct fault_result result;
    bool whole = recv(worker->socket, &result, sizeof result, 0) == sizeof result;

    if (worker->cell != NO_CELL)
        note_result(work, &work->table->cells[worker->cell], whole ? &result : &gone);
    if (whole) {
        give_cell(work, worker);
        return;
    }
    close(worker->socket);
    worker->socket = -1;
}

/* True while somebody works. */
static bool wait_for_cells(struct work *work)
{
    struct pollfd polled[WORKERS_MAX];
    size_t i, alive = 0;

    for (i = 0; i < work->n_workers; i++) {
        polled[i] = (struct pollfd){.fd = work->workers[i].socket, .events = POLLIN};
        alive += polled[i].fd >= 0;
    }
    if (!alive)
        return false;
    poll(polled, work->n_workers, POLL_MS);
    for (i = 0; i < work->n_workers; i++)
        if (polled[i].fd >= 0 && polled[i].revents)
            take_result(work, &work->workers[i]);
    tell(work, NULL);
    return true;
}

static void end_workers(struct work *work, bool stopped)
{
    size_t i;

    for (i = 0; i < work->n_workers; i++) {
        if (stopped)
            kill(work->workers[i].pid, SIGTERM);
        if (work->workers[i].socket >= 0)
            close(work->workers[i].socket);
    }
    for (i = 0; i < work->n_workers; i++)
        while (waitpid(work->workers[i].pid, NULL, 0) < 0 && errno == EINTR)
            continue;
}

void fault_run(struct arena *arena, const struct rehearsal_request *request,
               const struct rehearsal *base, const struct fault_watcher *watcher,
               struct fault_table *table)
{
    struct work work = {arena, request, base, watcher, table, .started = stage_now()};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    fflush(NULL);
    while (work.n_workers < WORKERS_MAX && work.n_workers < table->n_wanted &&
           (long)work.n_workers < processors && start_worker(&work))
        give_cell(&work, &work.workers[work.n_workers - 1]);
    while (!(request->stop && *request->stop) && wait_for_cells(&work))
        continue;
    end_workers(&work, request->stop && *request->stop);
    if (request->stop && *request->stop)
        table->why = "interrupted";
    else if (!work.n_workers)
        table->why = "no process can be started";
    table->good = !*table->why && !table->n_bad && table->n_done == table->n_wanted;
}
