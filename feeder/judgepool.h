/*
 * The pool of judges: processes that judge messages while the loop goes on.
 * One that dies is replaced, and who asked it is told.
 */
#ifndef FEED_JUDGEPOOL_H
#define FEED_JUDGEPOOL_H

#include <sys/queue.h>

#include <uv.h>

#include "judgewire.h"
#include "log.h"
#include "nursery.h"
#include "spool.h"

/* A message that is larger goes to a judge alone: others would wait for it. */
#define JUDGEPOOL_SMALL_MAX ((size_t)16 * 1024)

struct judgepool;

/*
 * What becomes of a job: BS_OK with an answer; BS_EIO: its judge died of it, or
 * took too long; BS_EBUSY: there was none for too long.  Never called from
 * judgepool_submit.
 */
typedef void judgepool_done(
    void *context, int rc, const struct judgewire_answer *answer);

/* One message to judge; the owner keeps it until it is done. */
struct judgepool_job {
	struct judgewire_request request; /* sizes are filled by the pool */
	const struct spool *spool;
	judgepool_done *done;
	void *context;
	/* the pool's */
	TAILQ_ENTRY(judgepool_job) in_queue;
	uint64_t since_ms;
	bool alone; /* no other one goes with it */
};

struct judgepool_setup {
	uv_loop_t *loop;
	const struct bs_log *log;
	const struct nursery *nursery;
	size_t judges;
	struct bs_config_judge renewal;
};

/* All borrowed.  BS_ENOMEM, BS_ESYSTEM. */
int judgepool_new(
    const struct judgepool_setup *setup, struct judgepool **pool_r);

void judgepool_submit(struct judgepool *pool, struct judgepool_job *job);

/* Replaces all judges, each when it has nothing to do; later on each by itself,
 * in turns, when `renewal` says so. */
void judgepool_renew(
    struct judgepool *pool, const struct bs_config_judge *renewal);

/* What became of judges so far. */
struct judgepool_counts {
	uint64_t deaths;   /* died of a message, or took too long */
	uint64_t gone;     /* ended, or were killed, with no message */
	uint64_t renewals; /* gave way to a new one, as `renewal` or SIGHUP
			      says */
};

/* Valid as long as the pool. */
const struct judgepool_counts *judgepool_counts(const struct judgepool *pool);

/* Closes what it has on the loop; to be freed when the loop has run out.  No
 * job may be left. */
void judgepool_close(struct judgepool *pool);
void judgepool_free(struct judgepool **pool);

#endif
