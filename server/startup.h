/*
 * Start-up: everything that has to be right before the first packet, for a
 * start and for -t alike.  Each mistake is logged in a line of its own, one
 * does not hide another.
 */
#ifndef SERVER_STARTUP_H
#define SERVER_STARTUP_H

#include "generation.h"
#include "listeners.h"
#include "log.h"

/* What a server needs to run. */
struct startup {
	struct generation *generation;
	struct listeners listeners;
};

/*
 * Checks configuration, zones, endpoints and database, and changes nothing.
 * Returns the program's exit code.
 */
enum bs_exit startup_check(const struct bs_log *log, const char *path);

/*
 * Reads configuration and zones and opens all sockets that are not inherited.
 * *startup_r is filled on BS_EXIT_OK only.
 */
enum bs_exit startup_load(const struct bs_log *log, const char *path,
    const struct inherited *inherited, struct startup *startup_r);

/* Reads configuration and zones only, for a server that runs again; `startup`
 * gets what was read in the place of what it has on BS_EXIT_OK only. */
enum bs_exit startup_read_again(
    const struct bs_log *log, const char *path, struct startup *startup);

void startup_free(struct startup *startup);

#endif
