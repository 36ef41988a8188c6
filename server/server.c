/*
 * Runs the workers; the main thread's own loop has the signals and two timers:
 * one watches the database and tells when it can't be read, one frees the
 * reader slots of processes that died.  Called by main.c when all is loaded,
 * checked and bound.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "clock.h"
#include "controlled.h"
#include "notify.h"
#include "served.h"
#include "server.h"

#define WATCH_MS 1000              /* between looks at the workers */
#define CLEAR_READERS_MS 60000     /* between clearings of dead readers */
#define COMPLAIN_NS 60000000000ull /* between lines about the same */

/* What was said of something that goes on. */
struct told {
	unsigned count;
	uint64_t at_ns; /* monotonic; 0: never */
};

struct server {
	const struct bs_log *log;
	struct served served;
	void (*notify)(int to, int event);
	int notify_to;
	size_t endpoint_count;
	struct bs_endpoint endpoint[BS_CONFIG_LISTEN_MAX];

	struct bs_controller *controller; /* NULL: there is none */
	uv_loop_t loop;
	uv_signal_t terminate, interrupt, hangup;
	uv_timer_t watch, clear;
	struct told failures, refused_clients;
};

/* --- what is said -------------------------------------------------------- */

/* Appends to a list, with a comma between. */
static void
append(struct bs_message *list, const char *text)
{
	size_t size = strlen(list->text);

	(void)snprintf(list->text + size, sizeof(list->text) - size, "%s%s",
	    size > 0 ? ", " : "", text);
}

/* What the database holds, if there is one. */
static void
describe_database(struct bs_store *store, struct bs_message *text)
{
	struct bs_snapshot *snapshot = NULL;

	bs_message_set(text, "no database");
	if (store != NULL && bs_snapshot_new(store, &snapshot, NULL) == BS_OK &&
	    bs_snapshot_renew(snapshot) == BS_OK)
		bs_message_set(text, "serial %" PRIu32 ", %" PRIu64 " listings",
		    bs_snapshot_serial(snapshot),
		    bs_snapshot_listings(snapshot));
	bs_snapshot_free(&snapshot);
}

static void
log_serving(const struct server *server)
{
	const struct served *served = &server->served;
	const struct zone_table *table = served->generation->zones;
	struct bs_message zones = {""}, where = {""}, holds;

	for (size_t i = 0; i < table->count; i++)
		append(&zones, table->zone[i]->text);
	for (size_t i = 0; i < server->endpoint_count; i++) {
		char text[BS_ENDPOINT_TEXT_MAX];

		append(&where, bs_endpoint_format(&server->endpoint[i], text));
	}
	describe_database(served->database.store, &holds);
	bs_log(server->log, BS_LOG_INFO,
	    "serving %s on %s (UDP and TCP): %s, %zu workers", zones.text,
	    where.text, holds.text, served->workers.count);
	if (served->generation->config->policy.documentation_space)
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
	server->notify(server->notify_to, BS_NOTIFY_STOPPING);
	uv_stop(handle->loop);
}

static void
on_hangup(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;

	(void)number;
	bs_log(server->log, BS_LOG_INFO, "SIGHUP: reloading");
	server->notify(server->notify_to, BS_NOTIFY_RELOADING);
	(void)served_reload(&server->served, NULL, NULL);
	server->notify(server->notify_to, BS_NOTIFY_READY);
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
	struct worker_shared *shared = &server->served.workers.shared;

	if (!is_news(&server->failures, atomic_load(&shared->failures)))
		return;
	bs_log(server->log, BS_LOG_ERROR,
	    "%s: database cannot be read: %s: answering SERVFAIL: stop all "
	    "programs and restore a backup",
	    server->served.generation->config->database,
	    bs_strerror(atomic_load(&shared->last_failure)));
}

/* Connections that they could not have. */
static void
watch_refused(struct server *server)
{
	struct worker_shared *shared = &server->served.workers.shared;

	if (!is_news(&server->refused_clients, atomic_load(&shared->refused)))
		return;
	bs_log(server->log, BS_LOG_WARNING,
	    "TCP: %s: idle connections are closed early: raise the limit of "
	    "open files (LimitNOFILE) and memory, or lower tcp-connections",
	    strerror(atomic_load(&shared->last_refusal)));
}

static void
on_watch(uv_timer_t *timer)
{
	struct server *server = timer->data;

	served_watch(&server->served);
	watch_failures(timer->data);
	watch_refused(timer->data);
}

static void
on_clear(uv_timer_t *timer)
{
	struct server *server = timer->data;
	struct bs_store *store = server->served.database.store;

	if (store != NULL)
		(void)bs_store_clear_readers(store);
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
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void
start_controller(struct server *server, int file)
{
	if (file < 0)
		return;
	server->controller =
	    controlled_start(&server->loop, file, &server->served);
	if (server->controller == NULL)
		bs_log(server->log, BS_LOG_ERROR,
		    "control: out of memory or files: add some, backstopctl "
		    "can't reach this server");
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
	server->notify(server->notify_to, BS_NOTIFY_READY);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
	bs_controller_close(server->controller);
	uv_walk(&server->loop, close_handle, NULL);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
}

/* Takes what the start left. */
static void
set_up(struct server *server, const struct bs_log *log,
    const struct server_start *start)
{
	const struct listeners *listeners = start->listeners;
	struct served *served = &server->served;

	*server = (struct server){
	    .log = log, .notify = start->notify, .notify_to = start->notify_to};
	server->endpoint_count = listeners->endpoint_count;
	for (size_t i = 0; i < listeners->endpoint_count; i++)
		server->endpoint[i] = listeners->endpoint[i];
	served->log = log;
	served->path = start->path;
	served->generation = start->generation;
	served->generations = 1;
	served->started_ns = bs_clock_monotonic_ns();
	database_init(&served->database, log,
	    start->generation->config->database, start->make, start->doubt);
}

enum bs_exit
server_run(const struct bs_log *log, const struct server_start *start)
{
	enum bs_exit result = BS_EXIT_ENVIRONMENT;
	struct server server;
	struct served *served = &server.served;
	struct serving first;

	set_up(&server, log, start);
	if (uv_loop_init(&server.loop) != 0) {
		bs_log(log, BS_LOG_ERROR,
		    "event loop: the system refused it: "
		    "raise the limit of open files");
		listeners_close(start->listeners);
		served_free(served);
		return result;
	}
	(void)database_open(&served->database, served->generation);
	/* before there are workers nobody has counted anything */
	(void)counting_assign(&served->counting, NULL,
	    served->generation->zones, &(struct counting_from){NULL, 0});
	first = (struct serving){.generation = served->generation,
	    .store = served->database.store,
	    .filter = served->database.filter};
	if (workers_start(&served->workers, log, &first, start->listeners) ==
	    BS_OK) {
		start_controller(&server, start->control);
		run_loop(&server);
		result = BS_EXIT_OK;
	}
	workers_free(&served->workers);
	served_free(served);
	(void)uv_loop_close(&server.loop);
	bs_controller_free(&server.controller);
	return result;
}
