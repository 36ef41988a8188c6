/*
 * Confines `serve` (confine.h) to the paths of its configuration.  Called by
 * serve.c when all is open that its user could not open later.
 */
#include "autoconf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "confine.h"
#include "serveconfine.h"

/* Paths for the confinement; texts are owned. */
struct paths {
	struct bs_confine_path path[BS_CONFINE_PATHS_MAX];
	size_t count;
};

static void
allow(struct paths *paths, char *path, unsigned rights)
{
	if (path != NULL && paths->count < BS_CONFINE_PATHS_MAX)
		paths->path[paths->count++] =
		    (struct bs_confine_path){path, rights};
	else
		free(path);
}

/* The folder of a file: who changes a file may replace it by another. */
static void
allow_folder(struct paths *paths, const char *file, unsigned rights)
{
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;

	if (file == NULL)
		return;
	if (slash == NULL)
		allow(paths, strdup("."), rights);
	else if (slash == file)
		allow(paths, strdup("/"), rights);
	else
		allow(paths, strndup(file, (size_t)(slash - file)), rights);
}

/* What a reload reads, what mail is written to, and the sockets that are removed
 * at the end. */
static void
gather_paths(const struct bs_config *config, struct paths *paths)
{
	const unsigned all =
	    BS_CONFINE_READ | BS_CONFINE_WRITE | BS_CONFINE_MAKE;
	const struct bs_config_door *doors[] = {
	    config->smtp_listen, config->lmtp_listen, config->milter_listen};
	const size_t counts[] = {config->smtp_listen_count,
	    config->lmtp_listen_count, config->milter_listen_count};

	/* libuv's file to spare, for when there are no more */
	allow(paths, strdup("/dev/null"), BS_CONFINE_READ);
	allow(paths, strdup(config->database), all);
	if (config->role_sendmail == NULL)
		allow(paths, strdup(config->role_maildir), all);
	allow_folder(paths, config->path, BS_CONFINE_READ);
	allow_folder(paths, config->smtp_certificate, BS_CONFINE_READ);
	allow_folder(paths, config->smtp_key, BS_CONFINE_READ);
	allow_folder(paths, config->tag_key, BS_CONFINE_READ);
	for (size_t i = 0; i < config->rule_file_count; i++)
		allow_folder(
		    paths, config->rule_files[i].path, BS_CONFINE_READ);
	for (size_t i = 0; i < config->exempt_file_count; i++)
		allow_folder(
		    paths, config->exempt_files[i].path, BS_CONFINE_READ);
	allow_folder(paths, config->feed_control, BS_CONFINE_MAKE);
	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < counts[i]; k++)
			allow_folder(paths, doors[i][k].path, BS_CONFINE_MAKE);
	}
}

bool
serveconfine(const struct bs_log *log, const struct bs_config *config)
{
	struct paths *paths = calloc(1, sizeof(*paths));
	static const int calls[] = {SYS_memfd_create}; /* for a new judge */
	struct bs_confine want = {
	    .groups =
		BS_CONFINE_FILES | BS_CONFINE_SOCKETS | BS_CONFINE_CHILDREN,
	    .call = calls,
	    .call_count = sizeof(calls) / sizeof(calls[0]),
	};
	bool confined = false;

	if (paths != NULL) {
		gather_paths(config, paths);
		want.path = paths->path;
		want.path_count = paths->count;
		confined = bs_confine_apply(log, &want);
	}
	for (size_t i = 0; paths != NULL && i < paths->count; i++)
		free((char *)(uintptr_t)paths->path[i].path);
	free(paths);
	return confined;
}
