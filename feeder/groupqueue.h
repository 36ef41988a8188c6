/*
 * Group commit for live doors: a thread that writes sightings in groups while
 * the doors go on reading.  Sightings go in by groupqueue_put, each comes back
 * by groupqueue_collect after its commit is on disk, in the same order.
 *
 *	wake (any thread) ---> uv_async_send ---> the loop ---> collect ---> done
 *
 * The thread commits when no more sightings wait, when the group is full, or
 * when it has worked at it for a while, whichever is first: an idle trap's mail
 * is acknowledged at once, a busy one's in large groups.  Before that it waits a
 * moment where more sightings are coming than are there: a commit costs the same
 * for one as for many.
 *
 * Under load a second thread puts on disk what comes, and the first one only takes
 * it in and commits: that is told by `done` as ever, and what became of it by
 * `known` when a transaction has it.
 */
#ifndef FEED_GROUPQUEUE_H
#define FEED_GROUPQUEUE_H

#include <stddef.h>

#include "group.h"

#define GROUPQUEUE_MAX 4096      /* sightings in it, by default */
#define GROUPQUEUE_GROUP_MS 100u /* a group is closed after that, by default */
#define GROUPQUEUE_WAIT_US 4000u /* for more that are coming, by default */
#define GROUPQUEUE_PAUSE_MS 100u /* ends what is load, by default */

struct groupqueue_setup {
	struct group_target target; /* what it names is borrowed */
	size_t queue_max;           /* waiting, being written, not collected */
	size_t group_max;           /* in one transaction */
	unsigned group_ms;          /* a group stays open for so long at most */
	unsigned wait_us; /* what waits is written then, whatever is coming */
	unsigned
	    pause_ms; /* so long without a transaction is no load any more */
	/* From the writer's thread: there is something to collect. */
	void (*wake)(void *context);
	/* From groupqueue_collect, for each sighting: it is on disk, or it is
	 * not.  Its outcome may not be there yet. */
	group_done done;
	/* The same for each that is in the database, or on its way: its outcome
	 * is.  Before or after `done`.  NULL: nobody asks. */
	group_done known;
	/* From groupqueue_collect: what the operator should read; told when
	 * writing begins to fail or fails otherwise, and each minute while it
	 * does.  With
	 * BS_OK it is a warning of housekeeping.h, which the thread does. */
	void (*trouble)(void *context, int error, const char *line);
	void *context;
};

struct groupqueue;

/* Starts the thread.  BS_EINVAL for a size of 0, BS_ENOMEM, BS_ESYSTEM. */
int groupqueue_new(const struct groupqueue_setup *setup,
    struct groupqueue **queue_r, struct bs_message *message);

/* Puts a sighting (copied) in; any thread.  BS_EBUSY when queue_max are in it:
 * then tell the peer to come again (SMTP: 451). */
int groupqueue_put(
    struct groupqueue *queue, const struct bs_sighting *sighting, void *ticket);

/* How many more sightings may be put soon, as far as the caller knows: mail that
 * is being judged.  From the thread that puts them; 0 at the beginning. */
void groupqueue_expect(struct groupqueue *queue, size_t coming);

/* Tells `done` and `known` of all that are through, in the caller's thread; only one thread
 * may collect.  Returns how many. */
size_t groupqueue_collect(struct groupqueue *queue);

/* Takes another policy (borrowed) from the next transaction on; on reload.  The old
 * one may be in use for longer than groupqueue_count tells of what is in it. */
void groupqueue_set_policy(
    struct groupqueue *queue, const struct bs_policy *policy);

/* Whether it goes by that policy, or the writer still does. */
bool groupqueue_uses(struct groupqueue *queue, const struct bs_policy *policy);

/* How many are in it that `done` was not told of. */
size_t groupqueue_count(struct groupqueue *queue);

/* No more comes in: what is in it is written, as soon as the database lets us.
 * Whether that is over, so that groupqueue_free has nothing to wait for. */
bool groupqueue_end(struct groupqueue *queue);

/* Writes what is in it, ends the thread, collects all, frees. */
void groupqueue_free(struct groupqueue **queue);

#endif
