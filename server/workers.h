/*
 * All workers together: made, started, handed something new to serve, ended.
 */
#ifndef SERVER_WORKERS_H
#define SERVER_WORKERS_H

#include "listeners.h"
#include "log.h"
#include "worker.h"

struct workers {
	const struct bs_log *log; /* borrowed */
	struct worker_shared shared;
	struct serving *serving; /* what they answer from */
	struct worker **worker;
	const struct counters **counters; /* of each */
	size_t count;
};

/*
 * Makes one for each worker that `listeners` has sockets for, which are taken
 * in any case, and starts them.  They answer from `first`, which is copied, what
 * it names is borrowed.  Every failure is logged.  workers_free is needed in any
 * case.
 */
int workers_start(struct workers *workers, const struct bs_log *log,
    const struct serving *first, struct listeners *listeners);

/*
 * Has all of them answer from `next` from now on.  When it returns no worker
 * uses what was there before, which may be freed.  No worker waits for it.
 * BS_ENOMEM: all stays as it is.
 */
int workers_hand_over(struct workers *workers, const struct serving *next);

/* Ends them when they have answered what has come. */
void workers_free(struct workers *workers);

#endif
