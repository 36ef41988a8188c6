/*
 * Opens the sockets of all workers, at the start, when there may be rights that
 * are given up later.  Of each endpoint the first socket must be the only one,
 * so that no other server has it; the other workers' share it.  Called by
 * main.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

#include "filelimit.h"
#include "listeners.h"

#define FILES_MAX 64 /* open beside sockets: database, log ... */

/* The cores that this process may run on. */
static size_t
core_count(void)
{
	cpu_set_t cores;

	if (sched_getaffinity(0, sizeof(cores), &cores) != 0)
		return 1;
	return (size_t)CPU_COUNT(&cores);
}

static size_t
workers_wanted(const struct bs_config *config)
{
	size_t wanted = config->workers > 0 ? config->workers : core_count();

	return wanted < BS_CONFIG_WORKERS_MAX ? wanted : BS_CONFIG_WORKERS_MAX;
}

/* What is opened, for whom. */
struct opening {
	const struct bs_log *log;
	const struct bs_config *config;
	const struct inherited *inherited;
	bool configured; /* what `listen` names, too */
};

/* What is opened at an endpoint; the line is 0 where it is inherited. */
static struct bs_config_listen
wanted_at(const struct opening *opening, const struct bs_endpoint *endpoint)
{
	const struct bs_config *config = opening->config;

	for (size_t i = 0; i < config->listen_count; i++) {
		const struct bs_config_listen *listen = &config->listen[i];

		if (listen->endpoint.port == endpoint->port &&
		    bs_addr_compare(&listen->endpoint.addr, &endpoint->addr) ==
			0)
			return *listen;
	}
	return (struct bs_config_listen){.endpoint = *endpoint};
}

static void
explain(const struct opening *opening, const struct bs_endpoint *endpoint,
    enum netsocket_type failed, int reason)
{
	struct bs_config_listen wanted = wanted_at(opening, endpoint);
	struct bs_message message;

	listen_explain(opening->config, &wanted, failed, reason, &message);
	bs_log(opening->log, BS_LOG_ERROR, "%s", message.text);
}

/* A worker's own descriptor of an inherited socket, or a socket of its own
 * where only the other type was inherited. */
static int
share_or_open(enum netsocket_type type, int inherited,
    const struct bs_endpoint *endpoint, bool share, int *file_r)
{
	if (inherited < 0)
		return listen_open_one(type, endpoint, share, file_r);
	*file_r = fcntl(inherited, F_DUPFD_CLOEXEC, 0);
	return *file_r >= 0 ? BS_OK : BS_ESYSTEM;
}

static int
open_inherited(const struct inherited_endpoint *item, bool share,
    struct listen_files *files_r, enum netsocket_type *failed_r)
{
	*failed_r = NETSOCKET_UDP;
	if (share_or_open(NETSOCKET_UDP, item->files.udp, &item->endpoint,
		share, &files_r->udp) != BS_OK)
		return BS_ESYSTEM;
	*failed_r = NETSOCKET_TCP;
	return share_or_open(NETSOCKET_TCP, item->files.tcp, &item->endpoint,
	    share, &files_r->tcp);
}

/* Of one worker; every failure is told, and what is open stays so. */
static int
open_for_worker(
    const struct opening *opening, struct listeners *listeners, size_t worker)
{
	struct listen_files *files =
	    listeners->files + worker * listeners->endpoint_count;
	int result = BS_OK;

	for (size_t i = 0; i < listeners->endpoint_count; i++) {
		struct bs_endpoint *endpoint = &listeners->endpoint[i];
		const struct inherited_endpoint *item =
		    inherited_find(opening->inherited, endpoint);
		struct bs_endpoint asked = *endpoint;
		enum netsocket_type failed;
		int opened;

		files[i] = (struct listen_files){-1, -1};
		opened =
		    item != NULL
			? open_inherited(item, worker > 0, &files[i], &failed)
			: listen_open(endpoint, worker > 0, &files[i], &failed);
		if (opened == BS_OK)
			continue;
		explain(opening, &asked, failed, errno);
		result = BS_ESYSTEM;
	}
	listeners->worker_count = worker + 1;
	return result;
}

/* Which endpoints there are: each once. */
static void
gather(const struct opening *opening, struct listeners *listeners)
{
	const struct inherited *inherited = opening->inherited;
	size_t count = 0;

	for (size_t i = 0; i < inherited->count; i++)
		listeners->endpoint[count++] = inherited->item[i].endpoint;
	for (size_t i = 0;
	     opening->configured && i < opening->config->listen_count &&
	     count < BS_CONFIG_LISTEN_MAX;
	     i++) {
		const struct bs_endpoint *endpoint =
		    &opening->config->listen[i].endpoint;

		if (inherited_find(inherited, endpoint) == NULL)
			listeners->endpoint[count++] = *endpoint;
	}
	listeners->endpoint_count = count;
}

static int
make_room(struct listeners *listeners, size_t workers)
{
	size_t count = workers * listeners->endpoint_count;

	(void)filelimit_raise(FILES_MAX + 2 * count);
	listeners->files = calloc(count, sizeof(*listeners->files));
	return listeners->files == NULL ? BS_ENOMEM : BS_OK;
}

int
listeners_open(const struct bs_log *log, const struct bs_config *config,
    const struct inherited *inherited, struct listeners *listeners_r)
{
	/* a default stands in no line */
	const struct opening opening = {log, config, inherited,
	    inherited->count == 0 ||
		(config->listen_count > 0 && config->listen[0].line > 0)};
	struct listeners listeners = {0};
	size_t workers = workers_wanted(config);
	int result;

	gather(&opening, &listeners);
	if (listeners.endpoint_count == 0) {
		bs_log(log, BS_LOG_ERROR, LISTEN_NONE, config->path);
		return BS_ECONFIG;
	}
	result = make_room(&listeners, workers);
	if (result != BS_OK)
		bs_log(log, BS_LOG_ERROR,
		    "workers: out of memory: add some, or set `workers` lower");
	for (size_t i = 0; i < workers && result == BS_OK; i++)
		result = open_for_worker(&opening, &listeners, i);
	if (result == BS_OK)
		*listeners_r = listeners;
	else
		listeners_close(&listeners);
	return result;
}

const struct listen_files *
listeners_of(const struct listeners *listeners, size_t worker)
{
	return listeners->files + worker * listeners->endpoint_count;
}

void
listeners_close(struct listeners *listeners)
{
	size_t count = listeners->worker_count * listeners->endpoint_count;

	for (size_t i = 0; i < count; i++)
		listen_close(&listeners->files[i]);
	listeners_forget(listeners);
}

void
listeners_forget(struct listeners *listeners)
{
	free(listeners->files);
	*listeners = (struct listeners){0};
}
