/*
 * Workers: a thread with an event loop, sockets of its own per endpoint and a
 * snapshot of its own.  Workers share only what never changes, so that none
 * ever waits for another.
 */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include <stdatomic.h>
#include <stddef.h>

#include <uv.h>

#include "counters.h"
#include "filter_keeper.h"
#include "generation.h"
#include "listen.h"
#include "store.h"
#include "tcp.h"

/* What workers answer from; never changes while one has it. */
struct serving {
	const struct generation *generation; /* borrowed */
	struct bs_store *store; /* borrowed; NULL: none, answer SERVFAIL */
	struct filter_keeper *filter; /* of the store, borrowed; NULL: none */
};

/* What all workers share. */
struct worker_shared {
	/* what to take on before the next batch; see worker_wake */
	_Atomic(const struct serving *) serving;
	uv_sem_t taken;        /* a worker posts when it has taken it on */
	struct tcp_limits tcp; /* of each worker */
	/* set by workers where the database could not be read; who watches
	 * (server.c) logs it */
	atomic_uint failures;
	atomic_int last_failure; /* enum bs_error */
	/* set by workers where a TCP connection could not be had */
	atomic_uint refused;
	atomic_int last_refusal; /* errno */
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

/* What it has counted; any thread may read it until worker_free. */
const struct counters *worker_counters(const struct worker *worker);

/* After shared->serving became another: a started worker takes it on within a
 * batch, uses the one before no more, and posts shared->taken once. */
void worker_wake(struct worker *worker);

/* Asks a started worker to end after the batch it is at, and waits for that;
 * frees it. */
void worker_free(struct worker **worker);

#endif
