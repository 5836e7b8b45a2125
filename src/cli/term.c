/* SPDX-License-Identifier: MIT
 * The process and its terminal. */
#include "cli/term.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static struct sigaction before[sizeof caught / sizeof *caught];
static volatile sig_atomic_t came; /* the signal, or 0 */
static volatile sig_atomic_t seconds;

void term_keep_streams(void)
{
    int fd;

    /* The wrong direction on purpose: using such a stream stays an error. */
    for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            abort();
}

const char *term_close_stdout(void)
{
    bool lost = ferror(stdout) != 0;

    errno = 0;
    if (fclose(stdout) == 0 && !lost)
        return NULL;
    return errno ? strerror(errno) : "some of it was lost";
}

bool term_colours(int fd)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(fd) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

static void on_signal(int signal)
{
    came = signal;
}

const volatile sig_atomic_t *term_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    size_t i;

    for (i = 0; i < sizeof caught / sizeof *caught; i++) {
        sigaction(caught[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) /* nohup and background jobs stay as they are */
            sigaction(caught[i], &action, NULL);
    }
    return &came;
}

void term_ignore_broken_pipes(void)
{
    signal(SIGPIPE, SIG_IGN);
}

void term_release_signals(void)
{
    size_t i;

    for (i = 0; i < sizeof caught / sizeof *caught; i++)
        sigaction(caught[i], &before[i], NULL);
    if (came)
        raise(came); /* the caller shall see that a signal ended this, and which */
}

/* Only what a signal handler may call. */
static void on_alarm(int signal)
{
    char text[] = "\razdo-wif: still working, 0000 s ";
    int saved = errno, rest = seconds, i;

    (void)signal;
    for (i = 0; i < 4; i++, rest /= 10)
        text[sizeof text - 5 - (size_t)i] = (char)(i && !rest ? ' ' : '0' + rest % 10);
    if (write(STDERR_FILENO, text, sizeof text - 1) > 0)
        seconds = seconds + 1;
    errno = saved;
}

static void set_timer(time_t first, time_t then)
{
    struct itimerval timer = {.it_value.tv_sec = first, .it_interval.tv_sec = then};

    setitimer(ITIMER_REAL, &timer, NULL);
}

void term_progress_start(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};

    if (!isatty(STDERR_FILENO))
        return;
    seconds = 2;
    sigaction(SIGALRM, &action, NULL);
    set_timer(2, 1);
}

void term_progress_stop(void)
{
    set_timer(0, 0);
    if (seconds > 2)
        fputs("\r\033[K", stderr);
    seconds = 0;
}
