/*
 * Workers: a thread with an event loop, sockets of its own per endpoint and a
 * snapshot of its own.  Workers share only what never changes, so that none
 * ever waits for another.
 */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include <stdatomic.h>
#include <stddef.h>

#include "filter_keeper.h"
#include "listen.h"
#include "store.h"
#include "tcp.h"
#include "zone_table.h"

/* What all workers share. */
struct worker_shared {
	struct bs_store *store;         /* borrowed */
	struct filter_keeper *filter;   /* borrowed; NULL: none */
	const struct zone_table *zones; /* borrowed */
	struct tcp_limits tcp;          /* of each worker */
	/* set by workers where the database could not be read; who watches
	 * (server.c) logs it */
	atomic_uint failures;
	atomic_int last_failure; /* enum bs_error */
	/* set by workers where a TCP connection could not be had */
	atomic_uint refused;
	atomic_int last_refusal; /* errno */
	/* set by who watches: while it is not BS_OK the open database is not
	 * the list any more, and nothing is answered from it */
	atomic_int lost;
};

struct worker;

/*
 * Makes a worker that serves `count` endpoints (files, which it takes and closes
 * in any case).  `shared` is borrowed until worker_free.  On failure `message`
 * says why.
 */
int worker_new(struct worker_shared *shared, const struct listen_files *files,
    size_t count, struct worker **worker_r, struct bs_message *message);

/* Starts its thread. */
int worker_start(struct worker *worker, struct bs_message *message);

/* Asks a started worker to end after the batch it is at, and waits for that;
 * frees it. */
void worker_free(struct worker **worker);

#endif
