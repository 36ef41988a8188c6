/*
 * The nursery: a small process, forked before `serve` has threads, a database
 * or a client, that makes processes for it later on: judges, the milter, runs of
 * sendmail(1), which must keep their privileges where it is set-group-ID.
 */
#ifndef FEED_NURSERY_H
#define FEED_NURSERY_H

#include <sys/types.h>

#include "config.h"
#include "confine.h"
#include "log.h"

/* A run of sendmail takes no longer. */
#define NURSERY_SENDMAIL_TIME_S 60

struct nursery {
	int control; /* -1: none */
	pid_t pid;
};

/* What it has to know; borrowed: the child has it as it is now. */
struct nursery_setup {
	const struct bs_log *log;
	const struct bs_config *config;
	const char *hostname;
	const struct bs_confine_user *user; /* whom it becomes; NULL: nobody */
};

/*
 * Forks it, with none of this process's files but the standard ones; before
 * libuv is used, whose files each fork renews, and before the user is dropped:
 * it binds the milter's socket.  BS_ESYSTEM: logged.
 */
int nursery_start(const struct nursery_setup *setup, struct nursery *nursery_r);

/* Ends it, and waits for that; its judges end with their sockets. */
void nursery_stop(struct nursery *nursery);

/* A new judge that shares `memory` (judgering.h's file, borrowed); *socket_r
 * (non-blocking, owned) is the way to wake it.  BS_ESYSTEM. */
int nursery_judge(const struct nursery *nursery, int memory, int *socket_r);

/* A process that runs the milter (milterwork.h); *socket_r (packets,
 * non-blocking, owned) is the way to it, and is closed there when it ends.
 * BS_ESYSTEM. */
int nursery_milter(const struct nursery *nursery, int *socket_r);

/*
 * Runs sendmail for the configuration's role.to, with `file` (to be read from
 * its start, borrowed) as its input and the null sender: a mail server that can't
 * deliver it in the end must not bounce it to whoever was named as its sender.  *socket_r (non-blocking,
 * owned) says one byte when it has ended: 0, or its exit code, at most 255;
 * closed without one: it failed.  BS_ESYSTEM.
 */
int nursery_sendmail(const struct nursery *nursery, int file, int *socket_r);

/* It reads the configuration's file again; processes that are made later go by
 * that. */
void nursery_reload(const struct nursery *nursery);

#endif
