/*
 * Stopping on request: SIGINT and SIGTERM, asked for where stopping is safe
 * instead of striking anywhere.  No handler, no global: a signalfd.
 */
#ifndef FEED_STOP_H
#define FEED_STOP_H

#include <stdbool.h>

#include "error.h"

struct stop {
	int fd; /* -1: nothing is watched, stop_asked is never true */
};

/* Blocks both signals and watches them.  BS_ESYSTEM (errno says why). */
int stop_open(struct stop *stop_r);

/* Lets the signals do what they did before. */
void stop_close(struct stop *stop);

/* Whether one has arrived.  Stays true. */
bool stop_asked(const struct stop *stop);

/* Waits until `fd` can be read or a stop is asked for; true for the latter. */
bool stop_wait(const struct stop *stop, int fd);

#endif
