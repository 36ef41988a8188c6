/*
 * Opens the sockets of all workers, at the start, when there may be rights that
 * are given up later.  Of each endpoint the first socket must be the only one,
 * so that no other server has it; the other workers' share it.  Called by
 * main.c.
 */
#include "autoconf.h"

#include <errno.h>
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

/* Of one worker; every failure is told, and what is open stays so. */
static int
open_for_worker(const struct bs_log *log, const struct bs_config *config,
    struct listeners *listeners, size_t worker)
{
	struct listen_files *files =
	    listeners->files + worker * listeners->endpoint_count;
	struct bs_message message;
	int result = BS_OK;

	for (size_t i = 0; i < listeners->endpoint_count; i++) {
		enum netsocket_type failed;

		if (listen_open(&listeners->endpoint[i], worker > 0, &files[i],
			&failed) == BS_OK)
			continue;
		listen_explain(
		    config, &config->listen[i], failed, errno, &message);
		bs_log(log, BS_LOG_ERROR, "%s", message.text);
		files[i] = (struct listen_files){-1, -1};
		result = BS_ESYSTEM;
	}
	listeners->worker_count = worker + 1;
	return result;
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
    struct listeners *listeners_r)
{
	struct listeners listeners = {.endpoint_count = config->listen_count};
	size_t workers = workers_wanted(config);
	int result;

	if (config->listen_count == 0) {
		bs_log(log, BS_LOG_ERROR, LISTEN_NONE, config->path);
		return BS_ECONFIG;
	}
	for (size_t i = 0; i < config->listen_count; i++)
		listeners.endpoint[i] = config->listen[i].endpoint;
	result = make_room(&listeners, workers);
	if (result != BS_OK)
		bs_log(log, BS_LOG_ERROR,
		    "workers: out of memory: add some, or set `workers` lower");
	for (size_t i = 0; i < workers && result == BS_OK; i++)
		result = open_for_worker(log, config, &listeners, i);
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
