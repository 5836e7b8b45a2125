/* SPDX-License-Identifier: MIT
 * The process and its terminal: standard streams, signals, a sign of life. */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include <signal.h>
#include <stdbool.h>

/* To be called first: a standard stream that the caller closed must not become the number of a file
 * that is opened later, or messages would be written into it. */
void term_keep_streams(void);

/* To be called last: NULL, or why something that was printed on standard output is lost. */
const char *term_close_stdout(void);

/* May FD be written in colours? */
bool term_colours(int fd);

/* From here on SIGINT, SIGTERM, SIGHUP and SIGQUIT set what is returned instead of ending the process. */
const volatile sig_atomic_t *term_catch_signals(void);

/* From here on a reader that is gone is an error of writing, and does not end the process. */
void term_ignore_broken_pipes(void);

/* From here on they end the process again, at once if one came in the meantime. */
void term_release_signals(void);

/* After two seconds, and then every second, says on a terminal that work goes on, until it stops.
 */
void term_progress_start(void);
void term_progress_stop(void);

#endif
