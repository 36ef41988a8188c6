/*
 * The supervisor: a process that does nothing but have another one serve, and
 * start it again when it crashes.  The sockets stay open in it, so that
 * questions wait for the next one instead of being lost.
 */
#ifndef SERVER_SUPERVISOR_H
#define SERVER_SUPERVISOR_H

#include <stdbool.h>

#include "error.h"
#include "log.h"

/* What the process that serves is told. */
struct supervisor_orders {
	bool again; /* another one served before it */
	bool doubt; /* those before crashed so often that the database is in
		       doubt */
	int report; /* for supervisor_report */
};

struct supervised {
	/* the whole life of the process that serves; returns its exit code */
	enum bs_exit (*serve)(
	    void *context, const struct supervisor_orders *orders);
	void *context;
	int notify; /* of notify.h */
};

/* So many crashes, each within SUPERVISOR_CRASH_S of its start, cast doubt on
 * the database. */
#define SUPERVISOR_CRASHES 3
#define SUPERVISOR_CRASH_S 60

/*
 * Has `serve` run in a process of its own until SIGTERM or SIGINT, which it is
 * handed, as SIGHUP is.  Returns the program's exit code: that of a first one
 * that never came to serve, too.
 */
enum bs_exit supervisor_run(
    const struct bs_log *log, const struct supervised *what);

/* Called by who serves, with an enum notify_event: the supervisor passes it
 * on. */
void supervisor_report(int report, int event);

/* How long to wait before one that crashed for the nth time (1 or more) in a
 * row is started again, in milliseconds. */
unsigned supervisor_pause_ms(unsigned crashes);

#endif
