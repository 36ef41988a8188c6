/*
 * The end of `serve`: no more clients, those that are there are served to the end
 * of their message, and that takes no longer than session.shutdown-time, whatever
 * holds up judges, disk or database.
 */
#ifndef FEED_ENDING_H
#define FEED_ENDING_H

#include "milterdoor.h"
#include "smtpserver.h"

/* After the time is over, for answers to go out. */
#define ENDING_LINGER_MS 1000u

struct ending {
	struct smtpserver *smtp;
	struct milterdoor *milter; /* NULL: there is none */
	uint32_t time_s;
	/*
	 * Told once.  `clean`: nothing is under way any more, so all may be
	 * closed and freed.  Else what is left has been answered with 421 and
	 * is in use by threads or judges: the process is to end as it is.
	 */
	void (*over)(void *context, bool clean);
	void *context;
	/* its own */
	uv_timer_t timer;
	uint64_t start_ms;
	bool given_up;
};

/* Begins; the struct stays where it is until `over`. */
void ending_begin(struct ending *ending);

#endif
