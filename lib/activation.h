/*
 * Sockets that a service manager opened for us and handed over (systemd's
 * socket activation: $LISTEN_PID, $LISTEN_FDS, files from 3 on).
 */
#ifndef BS_ACTIVATION_H
#define BS_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "log.h"

#define BS_ACTIVATION_FIRST 3 /* the first file */

/*
 * How many files the two variables hand to the process `pid`: 0 where they are
 * NULL or another's.  BS_EINVAL for what is no number, BS_ERANGE for more than
 * `max`.  Pure.
 */
int bs_activation_count(const char *pid_text, const char *count_text, long pid,
    size_t max, size_t *count_r);

/*
 * How many are handed over to this process, up to `max`.  What starts from here
 * does not see the variables any more.  BS_ECONFIG: they are wrong, which is
 * logged.
 */
int bs_activation_take(const struct bs_log *log, size_t max, size_t *count_r);

/* A number that getsockopt(2) has of a socket (SO_DOMAIN, SO_TYPE …); -1: it is
 * none. */
int bs_activation_option(int file, int option);

#endif
