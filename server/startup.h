/*
 * Start-up: everything that has to be right before the first packet, for a
 * start and for -t alike.  Each mistake is logged in a line of its own, one
 * does not hide another.
 */
#ifndef SERVER_STARTUP_H
#define SERVER_STARTUP_H

#include "config.h"
#include "log.h"
#include "store.h"
#include "zone_table.h"

/* What a server needs to run; startup_free frees it. */
struct startup {
	struct bs_config *config;
	struct zone_table *zones;
	struct bs_store *store;
};

/*
 * Checks configuration, zones, endpoints and database, and changes nothing.
 * Returns the program's exit code.
 */
enum bs_exit startup_check(const struct bs_log *log, const char *path);

/*
 * The same for a start: opens the database for writing (makes it in an empty
 * folder), appends a reset to its journal where what is served without
 * listings has changed, and brings the configuration's exemptions into it.
 * *startup_r is filled on BS_EXIT_OK only.
 */
enum bs_exit startup_load(
    const struct bs_log *log, const char *path, struct startup *startup_r);

void startup_free(struct startup *startup);

#endif
