/*
 * Runs the workers; the main thread's own loop has the signals and two timers:
 * one watches the database and tells when it can't be read, one frees the
 * reader slots of processes that died.  Called by main.c when all is loaded and checked.
 */
#include "autoconf.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

#include "clock.h"
#include "filelimit.h"
#include "filter_keeper.h"
#include "listen.h"
#include "server.h"
#include "worker.h"

#define WATCH_MS 1000              /* between looks at the workers */
#define CLEAR_READERS_MS 60000     /* between clearings of dead readers */
#define COMPLAIN_NS 60000000000ull /* between lines about the same */
#define FILES_MAX 64               /* open beside sockets: database, log ... */
#define WORKER_FILES_MAX 8         /* of a worker's loop */

/* What was said of something that goes on. */
struct told {
	unsigned count;
	uint64_t at_ns; /* monotonic; 0: never */
};

struct server {
	const struct bs_log *log;
	struct startup *startup;
	struct worker_shared shared;
	struct worker **worker;
	size_t worker_count;

	uv_loop_t loop;
	uv_signal_t terminate, interrupt, hangup;
	uv_timer_t watch, clear;
	struct told failures, refused;
};

/* --- binding ------------------------------------------------------------- */

/* The sockets of one worker: all, or none.  The first worker's must be the only
 * ones, so that no other server has the endpoint; the others share them.  Where
 * the system chose a port, they share that one. */
static int
open_sockets(struct server *server, struct listen_files *files)
{
	struct bs_config *config = server->startup->config;
	enum netsocket_type failed;
	struct bs_message message;

	for (size_t i = 0; i < config->listen_count; i++) {
		if (listen_open(&config->listen[i].endpoint,
			server->worker_count > 0, &files[i], &failed) == BS_OK)
			continue;
		listen_explain(
		    config, &config->listen[i], failed, errno, &message);
		bs_log(server->log, BS_LOG_ERROR, "%s", message.text);
		while (i-- > 0)
			listen_close(&files[i]);
		return BS_ESYSTEM;
	}
	return BS_OK;
}

static int
make_worker(struct server *server)
{
	struct listen_files files[BS_CONFIG_LISTEN_MAX];
	struct worker **worker = &server->worker[server->worker_count];
	struct bs_message message;
	int result = open_sockets(server, files);

	if (result != BS_OK)
		return result;
	result = worker_new(&server->shared, files,
	    server->startup->config->listen_count, worker, &message);
	if (result != BS_OK)
		bs_log(server->log, BS_LOG_ERROR, "%s", message.text);
	else
		server->worker_count++;
	return result;
}

/* The cores that this process may run on. */
static size_t
core_count(void)
{
	cpu_set_t cores;

	if (sched_getaffinity(0, sizeof(cores), &cores) != 0)
		return 1;
	return (size_t)CPU_COUNT(&cores);
}

/* Shares `tcp-connections` out among the workers, as far as the system lets us
 * have so many files. */
static void
share_connections(struct server *server, size_t workers)
{
	const struct bs_config *config = server->startup->config;
	size_t others =
	    FILES_MAX + workers * (2 * config->listen_count + WORKER_FILES_MAX);
	size_t connections = config->tcp_connections;
	size_t files = filelimit_raise(others + connections);

	if (files < others + connections) {
		connections =
		    files > others + workers ? files - others : workers;
		bs_log(server->log, BS_LOG_WARNING,
		    "tcp-connections: %" PRIu32
		    ": only %zu as this process may "
		    "have no more than %zu open files: raise that limit "
		    "(LimitNOFILE of the service), or lower tcp-connections",
		    config->tcp_connections, connections, files);
	}
	server->shared.tcp = (struct tcp_limits){
	    .connections = (connections + workers - 1) / workers,
	    .idle_ms = config->tcp_idle_s * 1000,
	};
}

/* Without a filter all is answered from the database: no reason to end. */
static void
make_filter(struct server *server)
{
	struct filter_keeper *filter = NULL;
	struct bs_message message;

	if (filter_keeper_new(server->startup->store, &filter, &message) !=
	    BS_OK)
		bs_log(server->log, BS_LOG_WARNING, "%s", message.text);
	server->shared.filter = filter;
}

static int
make_workers(struct server *server)
{
	size_t wanted = server->startup->config->workers;
	int result = BS_OK;

	if (wanted == 0)
		wanted = core_count();
	if (wanted > BS_CONFIG_WORKERS_MAX)
		wanted = BS_CONFIG_WORKERS_MAX;
	server->worker = calloc(wanted, sizeof(*server->worker));
	if (server->worker == NULL) {
		bs_log(server->log, BS_LOG_ERROR,
		    "workers: out of memory: add some, or set `workers` lower");
		return BS_ENOMEM;
	}
	share_connections(server, wanted);
	make_filter(server);
	while (result == BS_OK && server->worker_count < wanted)
		result = make_worker(server);
	return result;
}

static int
start_workers(struct server *server)
{
	struct bs_message message;

	for (size_t i = 0; i < server->worker_count; i++) {
		int result = worker_start(server->worker[i], &message);

		if (result != BS_OK) {
			bs_log(server->log, BS_LOG_ERROR, "%s", message.text);
			return result;
		}
	}
	if (server->shared.filter != NULL &&
	    filter_keeper_start(server->shared.filter, &message) != BS_OK)
		bs_log(server->log, BS_LOG_WARNING, "%s", message.text);
	return BS_OK;
}

/* --- what is said -------------------------------------------------------- */

/* Appends to a list, with a comma between. */
static void
append(struct bs_message *list, const char *text)
{
	size_t size = strlen(list->text);

	(void)snprintf(list->text + size, sizeof(list->text) - size, "%s%s",
	    size > 0 ? ", " : "", text);
}

static void
log_serving(const struct server *server)
{
	const struct bs_config *config = server->startup->config;
	struct bs_message zones = {""}, where = {""}, message;
	struct bs_snapshot *snapshot = NULL;
	uint64_t listings = 0;
	uint32_t serial = 0;

	for (size_t i = 0; i < server->startup->zones->count; i++)
		append(&zones, server->startup->zones->zone[i]->text);
	for (size_t i = 0; i < config->listen_count; i++) {
		char text[BS_ENDPOINT_TEXT_MAX];

		append(&where,
		    bs_endpoint_format(&config->listen[i].endpoint, text));
	}
	if (bs_snapshot_new(server->startup->store, &snapshot, &message) ==
		BS_OK &&
	    bs_snapshot_renew(snapshot) == BS_OK) {
		listings = bs_snapshot_listings(snapshot);
		serial = bs_snapshot_serial(snapshot);
	}
	bs_snapshot_free(&snapshot);
	bs_log(server->log, BS_LOG_INFO,
	    "serving %s on %s (UDP and TCP): serial %" PRIu32 ", %" PRIu64
	    " listings, %zu workers",
	    zones.text, where.text, serial, listings, server->worker_count);
	if (config->policy.documentation_space)
		bs_log(server->log, BS_LOG_WARNING,
		    "documentation-space is on: for trials only");
}

/* --- the main loop ------------------------------------------------------- */

static void
on_end(uv_signal_t *handle, int number)
{
	const struct server *server = handle->data;

	bs_log(server->log, BS_LOG_INFO, "%s: ending",
	    number == SIGINT ? "SIGINT" : "SIGTERM");
	uv_stop(handle->loop);
}

static void
on_hangup(uv_signal_t *handle, int number)
{
	const struct server *server = handle->data;

	(void)number;
	bs_log(server->log, BS_LOG_WARNING,
	    "SIGHUP: configuration and zone files are read at start only: "
	    "restart to have them read; listings need no reload");
}

/* A database that was removed or replaced answers nothing any more. */
static void
watch_files(struct server *server)
{
	struct bs_message message;
	int lost = bs_store_check_files(server->startup->store, &message);

	if (lost == atomic_exchange(&server->shared.lost, lost))
		return;
	if (lost != BS_OK)
		bs_log(server->log, BS_LOG_ERROR, "answering SERVFAIL: %s",
		    message.text);
	else
		bs_log(server->log, BS_LOG_INFO,
		    "%s: the database is back: answering again",
		    server->startup->config->database);
}

/* Whether `count` moved and a line may be written about it: one a minute, so
 * that no log fills. */
static bool
is_news(struct told *told, unsigned count)
{
	uint64_t now_ns;

	if (count == told->count)
		return false;
	now_ns = bs_clock_monotonic_ns();
	if (told->at_ns != 0 && now_ns - told->at_ns < COMPLAIN_NS)
		return false;
	*told = (struct told){.count = count, .at_ns = now_ns};
	return true;
}

/* What workers could not read. */
static void
watch_failures(struct server *server)
{
	if (!is_news(&server->failures, atomic_load(&server->shared.failures)))
		return;
	bs_log(server->log, BS_LOG_ERROR,
	    "%s: database cannot be read: %s: answering SERVFAIL: stop all "
	    "programs and restore a backup",
	    server->startup->config->database,
	    bs_strerror(atomic_load(&server->shared.last_failure)));
}

/* Connections that they could not have. */
static void
watch_refused(struct server *server)
{
	if (!is_news(&server->refused, atomic_load(&server->shared.refused)))
		return;
	bs_log(server->log, BS_LOG_WARNING,
	    "TCP: %s: idle connections are closed early: raise the limit of "
	    "open files (LimitNOFILE) and memory, or lower tcp-connections",
	    strerror(atomic_load(&server->shared.last_refusal)));
}

static void
on_watch(uv_timer_t *timer)
{
	watch_files(timer->data);
	watch_failures(timer->data);
	watch_refused(timer->data);
}

static void
on_clear(uv_timer_t *timer)
{
	struct server *server = timer->data;

	(void)bs_store_clear_readers(server->startup->store);
}

static void
start_signal(struct server *server, uv_signal_t *handle, uv_signal_cb callback,
    int number)
{
	(void)uv_signal_init(&server->loop, handle);
	handle->data = server;
	(void)uv_signal_start(handle, callback, number);
}

static void
start_timer(struct server *server, uv_timer_t *handle, uv_timer_cb callback,
    uint64_t every_ms)
{
	(void)uv_timer_init(&server->loop, handle);
	handle->data = server;
	(void)uv_timer_start(handle, callback, every_ms, every_ms);
}

static void
close_handle(uv_handle_t *handle, void *argument)
{
	(void)argument;
	uv_close(handle, NULL);
}

/* Until a signal ends it. */
static void
run_loop(struct server *server)
{
	start_signal(server, &server->terminate, on_end, SIGTERM);
	start_signal(server, &server->interrupt, on_end, SIGINT);
	start_signal(server, &server->hangup, on_hangup, SIGHUP);
	start_timer(server, &server->watch, on_watch, WATCH_MS);
	start_timer(server, &server->clear, on_clear, CLEAR_READERS_MS);
	log_serving(server);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
	uv_walk(&server->loop, close_handle, NULL);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
}

enum bs_exit
server_run(const struct bs_log *log, struct startup *startup)
{
	struct server server = {
	    .log = log,
	    .startup = startup,
	    .shared = {.store = startup->store, .zones = startup->zones},
	};
	enum bs_exit result = BS_EXIT_ENVIRONMENT;

	if (uv_loop_init(&server.loop) != 0) {
		bs_log(log, BS_LOG_ERROR,
		    "event loop: the system refused it: "
		    "raise the limit of open files");
		return result;
	}
	if (make_workers(&server) == BS_OK && start_workers(&server) == BS_OK) {
		run_loop(&server);
		result = BS_EXIT_OK;
	}
	for (size_t i = 0; i < server.worker_count; i++)
		worker_free(&server.worker[i]);
	filter_keeper_free(&server.shared.filter);
	free(server.worker);
	(void)uv_loop_close(&server.loop);
	return result;
}
