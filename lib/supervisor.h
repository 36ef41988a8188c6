/*
 * The supervisor: a process that does nothing but have another one serve, and
 * start it again when it crashes.  The sockets stay open in it, so that
 * clients wait for the next one instead of being turned away.
 */
#ifndef BS_SUPERVISOR_H
#define BS_SUPERVISOR_H

#include <stdbool.h>

#include "error.h"
#include "log.h"

/* What the process that serves is told. */
struct bs_supervisor_orders {
	bool again; /* another one served before it */
	bool doubt; /* those before crashed so often that the database is in
		       doubt */
	int report; /* for bs_supervisor_report */
};

struct bs_supervised {
	/* the whole life of the process that serves; returns its exit code */
	enum bs_exit (*serve)(
	    void *context, const struct bs_supervisor_orders *orders);
	void *context;
	int notify;        /* of notify.h */
	const char *doubt; /* what doubt makes of it, for the log: "SERVFAIL is
			      answered"; NULL: nothing */
};

/* So many crashes that may be the database's fault, each within
 * BS_SUPERVISOR_CRASH_S of its start, cast doubt on it. */
#define BS_SUPERVISOR_CRASHES 3
#define BS_SUPERVISOR_CRASH_S 60

/*
 * Has `serve` run in a process of its own until SIGTERM or SIGINT, which it is
 * handed, as SIGHUP is.  Returns the program's exit code: that of a first one
 * that never came to serve, too.
 */
enum bs_exit bs_supervisor_run(
    const struct bs_log *log, const struct bs_supervised *what);

/* Called by who serves, with an enum bs_notify_event: the supervisor passes it
 * on. */
void bs_supervisor_report(int report, int event);

/* Whether a process that ended so (a status of waitpid) may have died of a
 * damaged database: by a signal that a program brings upon itself. */
bool bs_supervisor_may_be_database(int status);

/* How long to wait before one that crashed for the nth time (1 or more) in a
 * row is started again, in milliseconds. */
unsigned bs_supervisor_pause_ms(unsigned crashes);

#endif
