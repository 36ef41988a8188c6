/*
 * The workers as one.  What is new to serve is handed over by one pointer, which
 * each worker looks at before each batch; who has nothing to do is woken.  The
 * main thread waits until all have taken it on, so that it may free what they
 * had; they never wait.  Called by server.c and reload.c.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdlib.h>

#include "filelimit.h"
#include "workers.h"

#define FILES_MAX 64       /* open beside sockets: database, log ... */
#define WORKER_FILES_MAX 8 /* of a worker's loop */

/* Shares `tcp-connections` out among the workers, as far as the system lets us
 * have so many files. */
static void
share_connections(struct workers *workers, const struct bs_config *config,
    const struct listeners *listeners)
{
	size_t count = listeners->worker_count;
	size_t others = FILES_MAX + count * (2 * listeners->endpoint_count +
						WORKER_FILES_MAX);
	size_t connections = config->tcp_connections;
	size_t files = filelimit_raise(others + connections);

	if (files < others + connections) {
		connections = files > others + count ? files - others : count;
		bs_log(workers->log, BS_LOG_WARNING,
		    "tcp-connections: %" PRIu32
		    ": only %zu as this process may "
		    "have no more than %zu open files: raise that limit "
		    "(LimitNOFILE of the service), or lower tcp-connections",
		    config->tcp_connections, connections, files);
	}
	workers->shared.tcp = (struct tcp_limits){
	    .connections = (connections + count - 1) / count,
	    .idle_ms = config->tcp_idle_s * 1000,
	};
}

static int
make_worker(struct workers *workers, const struct listeners *listeners)
{
	struct bs_message message;
	int result = worker_new(&workers->shared,
	    listeners_of(listeners, workers->count), listeners->endpoint_count,
	    &workers->worker[workers->count], &message);

	if (result != BS_OK)
		bs_log(workers->log, BS_LOG_ERROR, "%s", message.text);
	return result;
}

/* Those that can't be made leave sockets that nobody has taken. */
static void
close_rest(const struct listeners *listeners, size_t worker)
{
	for (; worker < listeners->worker_count; worker++) {
		const struct listen_files *files =
		    listeners_of(listeners, worker);

		for (size_t i = 0; i < listeners->endpoint_count; i++)
			listen_close(&files[i]);
	}
}

static int
make_workers(struct workers *workers, const struct listeners *listeners)
{
	size_t taken = 0;
	int result = BS_OK;

	while (result == BS_OK && taken < listeners->worker_count) {
		result = make_worker(workers, listeners);
		taken++;
		if (result != BS_OK)
			break;
		workers->counters[workers->count] =
		    worker_counters(workers->worker[workers->count]);
		workers->count++;
	}
	close_rest(listeners, taken);
	return result;
}

static int
start_all(struct workers *workers)
{
	struct bs_message message;

	for (size_t i = 0; i < workers->count; i++) {
		int result = worker_start(workers->worker[i], &message);

		if (result != BS_OK) {
			bs_log(workers->log, BS_LOG_ERROR, "%s", message.text);
			return result;
		}
	}
	return BS_OK;
}

int
workers_start(struct workers *workers, const struct bs_log *log,
    const struct serving *first, struct listeners *listeners)
{
	struct serving *serving = calloc(1, sizeof(*serving));
	int result = BS_ENOMEM;

	*workers = (struct workers){.log = log};
	workers->worker =
	    calloc(listeners->worker_count, sizeof(*workers->worker));
	workers->counters =
	    calloc(listeners->worker_count, sizeof(*workers->counters));
	if (serving == NULL || workers->worker == NULL ||
	    workers->counters == NULL ||
	    uv_sem_init(&workers->shared.taken, 0) != 0) {
		free(serving);
		bs_log(log, BS_LOG_ERROR,
		    "workers: out of memory: add some, or set `workers` lower");
		listeners_close(listeners);
		return result;
	}
	*serving = *first;
	workers->serving = serving;
	atomic_store(&workers->shared.serving, serving);
	share_connections(workers, first->generation->config, listeners);
	result = make_workers(workers, listeners);
	listeners_forget(listeners);
	return result == BS_OK ? start_all(workers) : result;
}

int
workers_hand_over(struct workers *workers, const struct serving *next)
{
	struct serving *serving = calloc(1, sizeof(*serving));

	if (serving == NULL)
		return BS_ENOMEM;
	*serving = *next;
	atomic_store_explicit(
	    &workers->shared.serving, serving, memory_order_release);
	for (size_t i = 0; i < workers->count; i++)
		worker_wake(workers->worker[i]);
	for (size_t i = 0; i < workers->count; i++)
		uv_sem_wait(&workers->shared.taken);
	free(workers->serving);
	workers->serving = serving;
	return BS_OK;
}

void
workers_free(struct workers *workers)
{
	for (size_t i = 0; i < workers->count; i++)
		worker_free(&workers->worker[i]);
	if (workers->serving != NULL)
		uv_sem_destroy(&workers->shared.taken);
	free(workers->worker);
	free(workers->counters);
	free(workers->serving);
	*workers = (struct workers){0};
}
