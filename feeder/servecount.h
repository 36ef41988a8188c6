/*
 * What `serve` has counted since it started, for the log's line a minute and for
 * `backstopctl stats`.  Plain additions, on the loop's thread alone.
 */
#ifndef FEED_SERVECOUNT_H
#define FEED_SERVECOUNT_H

#include "judge.h"
#include "log.h"

enum servecount_door {
	SERVECOUNT_SMTP,
	SERVECOUNT_LMTP,
	SERVECOUNT_MILTER,
};
#define SERVECOUNT_DOORS 3

struct servecount {
	/* of the milter a connection is one of a session with mail for traps */
	uint64_t connections[SERVECOUNT_DOORS];
	uint64_t refused[SERVECOUNT_DOORS]; /* connections: sent away at once */
	uint64_t messages[SERVECOUNT_DOORS]; /* that went to be judged, or to a
						person */
	uint64_t replies[2]; /* of smtp_sink: SMTP's and LMTP's */

	uint64_t verdicts[JUDGE_KIND_COUNT]; /* what judges said */
	uint64_t unread; /* verdicts that there was no judge left to say */
	uint64_t roles;  /* messages for a person */
	uint64_t later;  /* messages that could not be kept */
	uint64_t callouts, sightings;
	uint64_t callouts_lost; /* of those, that could not be kept */
	uint64_t listed;        /* new listings */
};

/* How things are just now. */
struct servecount_now {
	uint64_t pid, uptime_s;
	uint64_t connections, links; /* open: SMTP and LMTP; the milter's */
	uint64_t messages; /* on their way: being judged, written, delivered */
	uint64_t judging;  /* of those, with judges or waiting for one */
	uint64_t writing;  /* sightings that wait to be written, callouts too */
	/* since the start: each died of a message; with none; gave way */
	uint64_t judges_replaced, judges_gone, judges_renewed;
	uint64_t callouts; /* of those that wait; nobody sends them again */
	uint64_t ahead_refused; /* of ahead.log, see bs_store_ahead_refused */
};

/* Called with each number: "messages", "smtp", 12. */
typedef void servecount_take(
    void *context, const char *group, const char *name, uint64_t number);

/* All of it, group by group, what is 0 as well. */
void servecount_tell(const struct servecount *count,
    const struct servecount_now *now, servecount_take *take, void *context);

/* A line of what was counted since it was `old`, if there is anything, and one of
 * callouts that were lost meanwhile. */
void servecount_log(const struct bs_log *log, const struct servecount *now,
    const struct servecount *old);

/* All messages, whatever door they came by. */
uint64_t servecount_messages(const struct servecount *count);

#endif
