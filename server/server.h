/*
 * The running server: workers, the database, signals and the clock.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "generation.h"
#include "listeners.h"
#include "log.h"

struct server_start {
	const char *path;              /* of the configuration, borrowed */
	struct generation *generation; /* taken */
	struct listeners *listeners;   /* taken */
	int control; /* listening socket, borrowed; -1: none */
	/* told of an enum bs_notify_event (notify.h) */
	void (*notify)(int to, int event);
	int notify_to;
	bool make;  /* a database where the folder is empty */
	bool doubt; /* don't open the database that is there now */
};

/* Serves until SIGTERM or SIGINT.  Returns the program's exit code. */
enum bs_exit server_run(
    const struct bs_log *log, const struct server_start *start);

#endif
