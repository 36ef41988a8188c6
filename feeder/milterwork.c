/*
 * Limits and confines the milter's process, listens to serve in a thread, and
 * runs libmilter (milter.c) in this one.  Forked by nursery.c, asked for by
 * milterdoor.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "confine.h"
#include "milter.h"
#include "milterwork.h"

#define MEMORY_MAX ((rlim_t)1 << 30)
/* libmilter starts a thread for each session of a mail server; a session has a
 * file here and one to serve */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#	define STACK_SIZE ((size_t)1 << 20)
#else
#	define STACK_SIZE ((size_t)256 << 10)
#endif
#define WATCH_STACK_SIZE ((size_t)2 << 20) /* it reads configurations */
#define SESSIONS_MIN 1000
#define OTHER_FILES 64
#define PATHS_MAX (BS_CONFIG_FILES_MAX + 1)

/* --- limits -------------------------------------------------------------- */

static void
limit_process(const struct bs_config *config)
{
	rlim_t sessions = config->session.connections > SESSIONS_MIN
			      ? config->session.connections
			      : SESSIONS_MIN;
	struct rlimit files;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	struct rlimit memory = {MEMORY_MAX, MEMORY_MAX};

	(void)setrlimit(RLIMIT_AS, &memory);
#endif
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = 2 * sessions + OTHER_FILES;
		if (files.rlim_cur > files.rlim_max)
			files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	(void)mallopt(M_ARENA_MAX, 2); /* address space for each */
}

static void
limit_stacks(void)
{
	pthread_attr_t attributes;

	if (pthread_attr_init(&attributes) != 0)
		return;
	if (pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0)
		(void)pthread_setattr_default_np(&attributes);
	(void)pthread_attr_destroy(&attributes);
}

/* The folder of a file: who changes a file may replace it by another. */
static char *
folder_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		return strdup(".");
	return slash == file ? strdup("/")
			     : strndup(file, (size_t)(slash - file));
}

/* What a reload reads, and nothing else; no file is written here. */
static bool
confine(const struct bs_log *log, const struct bs_config *config)
{
	struct bs_confine_path paths[PATHS_MAX];
	struct bs_confine want = {
	    .path = paths,
	    .groups = BS_CONFINE_FILES | BS_CONFINE_SOCKETS,
	};
	char *folder[PATHS_MAX] = {folder_of(config->path)};
	size_t count = 1;
	bool confined;

	for (size_t i = 0; i < config->exempt_file_count; i++)
		folder[count++] = folder_of(config->exempt_files[i].path);
	for (size_t i = 0; i < count; i++) {
		if (folder[i] != NULL)
			paths[want.path_count++] = (struct bs_confine_path){
			    folder[i], BS_CONFINE_READ};
	}
	confined = bs_confine_apply(log, &want);
	for (size_t i = 0; i < count; i++)
		free(folder[i]);
	return confined;
}

/* --- serve's word -------------------------------------------------------- */

/* Answers of messages that serve has just given are on their way to the mail
 * servers. */
static void
end_process(void)
{
	struct timespec pause = {0, MILTERWORK_GRACE_MS / 2 * 1000000L};

	(void)nanosleep(&pause, NULL);
	_exit(0);
}

static void *
watch(void *context)
{
	const struct milter_shared *shared = context;
	char word;

	for (;;) {
		ssize_t got = recv(shared->control, &word, 1, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			end_process();
		if (word == MILTERWORK_RELOAD && milterrules_renew(shared->box))
			bs_log(shared->log, BS_LOG_INFO,
			    "milter: configuration read again");
	}
	return NULL;
}

static bool
start_watch(struct milter_shared *shared)
{
	pthread_attr_t attributes;
	pthread_t thread;
	bool started;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	started =
	    pthread_attr_setstacksize(&attributes, WATCH_STACK_SIZE) == 0 &&
	    pthread_create(&thread, &attributes, watch, shared) == 0 &&
	    pthread_detach(thread) == 0;
	(void)pthread_attr_destroy(&attributes);
	return started;
}

void
milterwork_run(const struct bs_log *log, const struct bs_config *config,
    const char *hostname, int control)
{
	struct milter_shared shared = {
	    milterrules_new(config, hostname), control, log};
	struct bs_log own = *log;

	own.level = BS_LOG_WARNING; /* each is confined alike */
	if (shared.box == NULL)
		return;
	limit_process(config);
	limit_stacks();
	if (confine(&own, config) && start_watch(&shared))
		milter_run(&shared);
	/* threads of libmilter may still use what is shared */
	_exit(1);
}
