/*
 * The log: lines to stderr, where systemd, runit and a person at a terminal
 * all find them.  Four levels, as Postfix has them: fatal is the
 * environment's fault and only for start-up, panic would be ours and is an
 * assert instead.
 *
 *     backstopd: warning: zone bl.example: ...
 *
 * Under systemd (JOURNAL_STREAM names our stderr) the lines carry a "<N>"
 * syslog priority prefix.  Control characters become '?', so that outside
 * bytes cannot forge a line.  No trap address is ever logged.
 */
#ifndef BS_LOG_H
#define BS_LOG_H

#include <stdbool.h>
#include <stdio.h>

enum bs_log_level {
	BS_LOG_FATAL,
	BS_LOG_ERROR,
	BS_LOG_WARNING,
	BS_LOG_INFO,
	BS_LOG_DEBUG,
};

struct bs_log {
	const char *program;     /* borrowed: "backstopd" */
	enum bs_log_level level; /* what is less urgent is dropped */
	FILE *stream;            /* borrowed */
	bool priorities;         /* with <N> prefixes */
};

/* A log of info and above to stderr for a program (a literal: borrowed). */
struct bs_log bs_log_stderr(const char *program);

/* Writes one line, atomically as far as one write(2) is. Thread-safe. */
void bs_log(const struct bs_log *log, enum bs_log_level level,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
