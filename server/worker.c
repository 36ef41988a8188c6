/*
 * The worker: waits for readable sockets, then batch by batch takes messages
 * in, takes on what is new of what is served, renews its snapshot and answers.
 * The snapshot is let go before it waits again, so that it never keeps old
 * pages of the database alive.  UDP is served
 * here; TCP, in tcp.c, gives way to it when its work takes long.  Called by
 * server.c.
 */
#include "autoconf.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

#include "snapshot_lookup.h"
#include "udp.h"
#include "udploop.h"
#include "worker.h"

#define BATCHES_PER_TURN 16 /* then the other sockets have theirs */
#define LAST_TURNS 16       /* of a socket, before it ends */

struct worker {
	struct worker_shared *shared;
	const struct serving *serving; /* taken on */
	struct bs_snapshot *snapshot;  /* NULL where there is no database */
	struct snapshot_lookup lookup;
	struct udp_batch *batch;
	struct counters *counters;
	struct udploop *udploop;
	struct tcp *tcp;
	struct listen_files *files;
	size_t file_count;
	uv_loop_t loop;
	uv_async_t stop, wake;
	uv_thread_t thread;
	bool has_loop, has_stop, has_wake, running;
};

/* --- on the query path --------------------------------------------------- */

static void
note_failure(struct worker_shared *shared, int error)
{
	atomic_store_explicit(
	    &shared->last_failure, error, memory_order_relaxed);
	atomic_fetch_add_explicit(&shared->failures, 1, memory_order_relaxed);
}

static void
let_go(struct worker *worker)
{
	if (worker->snapshot != NULL)
		snapshot_lookup_release(&worker->lookup);
}

/* A snapshot of the store that is served; where none can be had there is none,
 * which is told as a failure to read. */
static void
change_snapshot(struct worker *worker, const struct serving *serving)
{
	let_go(worker);
	filter_reader_give_back(&worker->lookup.reader);
	bs_snapshot_free(&worker->snapshot);
	if (serving->store == NULL)
		return;
	if (bs_snapshot_new(serving->store, &worker->snapshot, NULL) != BS_OK)
		note_failure(worker->shared, BS_ENOMEM);
	worker->lookup.snapshot = worker->snapshot;
	worker->lookup.reader = filter_reader_take(serving->filter);
}

/* Between batches, with no snapshot in use. */
static void
take_on(struct worker *worker, const struct serving *serving)
{
	struct bs_store *store =
	    worker->serving != NULL ? worker->serving->store : NULL;

	if (serving->store != store)
		change_snapshot(worker, serving);
	worker->serving = serving;
	if (worker->running)
		uv_sem_post(&worker->shared->taken);
}

static void
keep_up(struct worker *worker)
{
	const struct serving *serving = atomic_load_explicit(
	    &worker->shared->serving, memory_order_acquire);

	if (serving != worker->serving)
		take_on(worker, serving);
}

/* What a batch is answered by. */
static struct respond_context
renew(void *context)
{
	struct worker *worker = context;
	struct respond_context result = {
	    .now = bs_clock_moment(), .counters = worker->counters};

	keep_up(worker);
	result.zones = worker->serving->generation->zones;
	if (worker->snapshot != NULL)
		result.lookup = snapshot_lookup_renew(&worker->lookup);
	else
		result.lookup.error = BS_ENOTFOUND;
	return result;
}

/* After each batch. */
static void
end_batch(struct worker *worker)
{
	if (worker->snapshot != NULL && worker->lookup.failed != 0)
		note_failure(worker->shared, worker->lookup.failed);
}

/* Batches until nothing waits there, or (true) it is the other sockets' turn. */
static bool
serve_udp(void *context, int file)
{
	struct worker *worker = context;
	bool more = true;

	for (size_t i = 0; i < BATCHES_PER_TURN && more; i++) {
		size_t received = udp_receive(worker->batch, file);

		if (received > 0) {
			struct respond_context with = renew(worker);

			udp_answer(worker->batch, file, &with);
			end_batch(worker);
		}
		more = received == UDP_BATCH_MAX;
	}
	let_go(worker);
	return more;
}

/* --- what TCP needs of its worker (struct tcp_host) -------------------------- */

static void
release(void *context)
{
	struct worker *worker = context;

	end_batch(worker);
	let_go(worker);
}

static void
yield(void *context)
{
	struct worker *worker = context;

	for (size_t i = 0; i < worker->file_count; i++)
		(void)serve_udp(worker, worker->files[i].udp);
}

static void
refused(void *context, int reason)
{
	struct worker_shared *shared = ((struct worker *)context)->shared;

	atomic_store_explicit(
	    &shared->last_refusal, reason, memory_order_relaxed);
	atomic_fetch_add_explicit(&shared->refused, 1, memory_order_relaxed);
}

/* --- life ---------------------------------------------------------------- */

static void
close_handles(struct worker *worker)
{
	if (worker->tcp != NULL)
		tcp_close(worker->tcp);
	if (worker->udploop != NULL)
		udploop_close(worker->udploop);
	if (worker->has_stop)
		uv_close((uv_handle_t *)&worker->stop, NULL);
	worker->has_stop = false;
	if (worker->has_wake)
		uv_close((uv_handle_t *)&worker->wake, NULL);
	worker->has_wake = false;
}

/* What has come in time is answered, with a bound, since more may come. */
static void
serve_last(struct worker *worker)
{
	for (size_t i = 0; i < LAST_TURNS * worker->file_count; i++)
		(void)serve_udp(
		    worker, worker->files[i % worker->file_count].udp);
}

static void
on_stop(uv_async_t *async)
{
	serve_last(async->data);
	close_handles(async->data);
}

static void
on_wake(uv_async_t *async)
{
	keep_up(async->data);
}

static void
run(void *argument)
{
	struct worker *worker = argument;
	sigset_t all;

	/* signals are the main thread's */
	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, NULL);
	(void)uv_run(&worker->loop, UV_RUN_DEFAULT);
}

/* libuv's errors are negative; 0 is success. */
static int
poll_udp(struct worker *worker)
{
	const struct udploop_host host = {
	    .loop = &worker->loop,
	    .serve = serve_udp,
	    .context = worker,
	};
	int files[BS_CONFIG_LISTEN_MAX];
	int result;

	for (size_t i = 0; i < worker->file_count; i++)
		files[i] = worker->files[i].udp;
	result =
	    udploop_new(&host, files, worker->file_count, &worker->udploop);
	return result != 0 ? result : udploop_start(worker->udploop);
}

static int
poll_tcp(struct worker *worker)
{
	const struct tcp_host host = {
	    .context = worker,
	    .loop = &worker->loop,
	    .renew = renew,
	    .release = release,
	    .yield = yield,
	    .refused = refused,
	};
	int files[BS_CONFIG_LISTEN_MAX];
	int result = tcp_new(&host, &worker->shared->tcp, &worker->tcp);

	if (result != 0)
		return result;
	for (size_t i = 0; i < worker->file_count; i++)
		files[i] = worker->files[i].tcp;
	return tcp_listen(worker->tcp, files, worker->file_count);
}

static int
make_loop(struct worker *worker)
{
	int result = uv_loop_init(&worker->loop);

	if (result != 0)
		return result;
	worker->has_loop = true;
	result = uv_async_init(&worker->loop, &worker->stop, on_stop);
	if (result != 0)
		return result;
	worker->has_stop = true;
	worker->stop.data = worker;
	result = uv_async_init(&worker->loop, &worker->wake, on_wake);
	if (result != 0)
		return result;
	worker->has_wake = true;
	worker->wake.data = worker;
	result = poll_udp(worker);
	return result != 0 ? result : poll_tcp(worker);
}

int
worker_new(struct worker_shared *shared, const struct listen_files *files,
    size_t count, struct worker **worker_r, struct bs_message *message)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	struct listen_files *taken = calloc(count, sizeof(*taken));
	int result = BS_ENOMEM;

	if (worker == NULL || taken == NULL) {
		for (size_t i = 0; i < count; i++)
			listen_close(&files[i]);
		free(worker);
		free(taken);
		bs_message_set(message, "worker: out of memory: add some");
		return BS_ENOMEM;
	}
	worker->shared = shared;
	memcpy(taken, files, count * sizeof(*taken));
	worker->files = taken;
	worker->file_count = count;
	bs_message_set(message, "worker: out of memory: add some");
	worker->batch = udp_batch_new();
	worker->counters = counters_new();
	if (worker->batch == NULL || worker->counters == NULL)
		goto out;
	keep_up(worker);
	result = make_loop(worker);
	if (result != 0) {
		bs_message_set(message,
		    "worker: %s: raise the limits of open "
		    "files and memory",
		    uv_strerror(result));
		result = BS_ESYSTEM;
	}
out:
	if (result == BS_OK)
		*worker_r = worker;
	else
		worker_free(&worker);
	return result;
}

int
worker_start(struct worker *worker, struct bs_message *message)
{
	int result;

	worker->running = true;
	result = uv_thread_create(&worker->thread, run, worker);
	if (result != 0) {
		worker->running = false;
		bs_message_set(message,
		    "worker: %s: raise the limit of threads, or set `workers`",
		    uv_strerror(result));
		return BS_ESYSTEM;
	}
	return BS_OK;
}

const struct counters *
worker_counters(const struct worker *worker)
{
	return worker->counters;
}

void
worker_wake(struct worker *worker)
{
	(void)uv_async_send(&worker->wake);
}

void
worker_free(struct worker **worker)
{
	struct worker *old = *worker;

	if (old == NULL)
		return;
	if (old->running) {
		(void)uv_async_send(&old->stop);
		(void)uv_thread_join(&old->thread);
	} else if (old->has_loop) {
		close_handles(old);
		(void)uv_run(&old->loop, UV_RUN_DEFAULT);
	}
	if (old->has_loop)
		(void)uv_loop_close(&old->loop);
	for (size_t i = 0; i < old->file_count; i++) {
		(void)close(old->files[i].udp);
		(void)close(old->files[i].tcp);
	}
	udploop_free(&old->udploop);
	tcp_free(&old->tcp);
	filter_reader_give_back(&old->lookup.reader);
	bs_snapshot_free(&old->snapshot);
	udp_batch_free(&old->batch);
	counters_free(&old->counters);
	free(old->files);
	free(old);
	*worker = NULL;
}
