/*
 * Group commit: many sightings, one transaction, each acknowledged only after
 * its commit is on disk.  A commit waits for the disk; shared by a thousand
 * sightings that costs each of them next to nothing.
 *
 * Two ways to use it: struct group here, for one thread that reads files
 * (scan, import), and groupqueue.h, a thread of its own for live doors.
 */
#ifndef FEED_GROUP_H
#define FEED_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "clock.h"
#include "error.h"
#include "policy.h"
#include "store.h"

#define GROUP_MAX 1000 /* sightings in one write transaction, by default */

/* Asked by group_write when its source has no more, so that a transaction may go
 * on for other groups; see groupqueue.c. */
struct group_steps {
	/* whether more may come soon: then these are put on disk ahead of the
	 * commit, where the store does that */
	bool (*may_come)(void *context);
	/* all that the source gave until now are on disk; waits.  Whether there
	 * are more: they are asked for from 0 on */
	bool (*secured)(void *context);
	/* A transaction has begun: whether another thread is to put on disk
	 * what comes, ahead of it (bs_writer_open_this) */
	bool (*begun)(void *context);
	/* That thread may begin: from now on the source gives what it has put on
	 * disk (bs_store_add_beside, bs_store_secure_beside), `secured` set */
	void (*following)(void *context);
	/* All that the source gave until now are in the transaction; waits.
	 * Whether there are more: they are asked for from 0 on. */
	bool (*followed)(void *context);
	/* Another thread may put on disk what is the next transaction's
	 * (bs_writer_open_next); where it followed, the source gives no more
	 * than was there before */
	void (*opened)(void *context);
	/* No more of either when this returns. */
	void (*closed)(void *context);
	/* Nothing can be written: all that the source gives now is refused */
	void (*failed)(void *context);
};

/* Where sightings go; all borrowed. */
struct group_target {
	struct bs_store *store;
	const struct bs_policy *policy;
	const struct bs_clock *clock;
	const char *database;            /* its folder, for messages */
	const char *actor;               /* for the journal: "feeder" */
	const struct group_steps *steps; /* NULL: a group, a transaction */
};

struct group_entry {
	struct bs_sighting sighting;
	void *ticket; /* the caller's: who waits for it */
	/*
	 * BS_OK: on disk, and outcome is set.  Else nothing of it was written:
	 * BS_EFULL (the database or its disk is full), BS_EINVAL (no sighting
	 * that can be), or what the database failed with.
	 */
	int error;
	enum bs_outcome outcome;
	/* its error is BS_OK and stays so: it is on disk, and its transaction
	 * comes; see group_steps */
	bool secured;
	bool known; /* outcome is set */
};

/* The entry number i (from 0) of a group, NULL: that is all.  Asked in order;
 * where a transaction must be begun again, from 0 again. */
typedef struct group_entry *(*group_source)(void *context, size_t i);

/*
 * Writes what `source` gives in one transaction, begun anew once where LMDB
 * ran out of room or was busy (dead readers are cleared between).  Fills error
 * and outcome of each entry.  BS_OK, or what was wrong with one of them, with a
 * message: the others may be on disk nevertheless, their own `error` tells.
 * With steps, several groups in one transaction: what was secured stays so,
 * whatever becomes of the rest.
 */
int group_write(const struct group_target *target, group_source source,
    void *context, struct bs_message *message);

/* Takes in what was put on disk ahead of a commit that was never made.  BS_OK
 * also where there is nothing; else a message, and each later group tries again
 * first. */
int group_recover(
    const struct group_target *target, struct bs_message *message);

/* Told of each entry after its commit, in the order they were added.  The
 * entry is borrowed and must not be kept. */
typedef void (*group_done)(void *context, const struct group_entry *entry);

/* Gathers up to `max` sightings, then writes them. */
struct group;

/* target's and context's things are borrowed.  BS_ENOMEM. */
int group_new(const struct group_target *target, size_t max, group_done done,
    void *context, struct group **group_r);
/* Frees; what is gathered and not flushed is forgotten. */
void group_free(struct group **group);

/*
 * Gathers a sighting (copied), and flushes when there are `max`.  What
 * group_flush returns; `done` is called for all of them before it returns.
 */
int group_add(struct group *group, const struct bs_sighting *sighting,
    void *ticket, struct bs_message *message);
/* Writes what is gathered, as group_write does, and tells `done`. */
int group_flush(struct group *group, struct bs_message *message);

#endif
