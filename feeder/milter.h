/*
 * The milter: the door beside Postfix or Sendmail, in a process of its own.
 *
 * libmilter has one listener in a process, a thread for each mail server's
 * session, and a main loop and signals of its own: so it is opened by the
 * nursery (nursery.h), which keeps the socket, and run by processes that the
 * nursery forks, one after the other.
 */
#ifndef FEED_MILTER_H
#define FEED_MILTER_H

#include "config.h"
#include "log.h"
#include "miltersession.h"

/*
 * Binds the socket of milter.listen, with milter.group, and removes what a
 * process that is gone has left there: before the user is dropped, once in a
 * process and before it has threads.  BS_ESYSTEM: logged.
 */
int milter_open(const struct bs_log *log, const struct bs_config *config);

/* What all sessions of the process share. */
struct milter_shared {
	struct milterrules_box *box;
	int control; /* to serve */
	const struct bs_log *log;
};

/*
 * Serves mail servers on the socket that this process or its parent has opened;
 * `shared` is borrowed.  Returns only where libmilter gives up.
 */
void milter_run(struct milter_shared *shared);

#endif
