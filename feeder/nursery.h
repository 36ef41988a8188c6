/*
 * The nursery: a small process, forked before `serve` has threads, a database
 * or a client, that makes processes for it later on: judges, and runs of
 * sendmail(1), which must keep their privileges where it is set-group-ID.
 */
#ifndef FEED_NURSERY_H
#define FEED_NURSERY_H

#include <sys/types.h>

#include "config.h"
#include "log.h"

/* A run of sendmail takes no longer. */
#define NURSERY_SENDMAIL_TIME_S 60

struct nursery {
	int control; /* -1: none */
	pid_t pid;
};

/*
 * Forks it, with none of this process's files but the standard ones; before
 * libuv is used, whose files each fork renews.  `log`, `config` and `hostname` are borrowed: the child has them
 * as they are now.  BS_ESYSTEM: `message` says why.
 */
int nursery_start(const struct bs_log *log, const struct bs_config *config,
    const char *hostname, struct nursery *nursery_r,
    struct bs_message *message);

/* Ends it, and waits for that; its judges end with their sockets. */
void nursery_stop(struct nursery *nursery);

/* A new judge; *socket_r (non-blocking, owned) is its requests' and answers'
 * way.  BS_ESYSTEM. */
int nursery_judge(const struct nursery *nursery, int *socket_r);

/*
 * Runs sendmail for `sender` and the configuration's role.to, with `file` (to
 * be read from its start, borrowed) as its input.  *socket_r (non-blocking,
 * owned) says one byte when it has ended: 0, or its exit code, at most 255;
 * closed without one: it failed.  BS_ESYSTEM.
 */
int nursery_sendmail(
    const struct nursery *nursery, const char *sender, int file, int *socket_r);

/* It reads the configuration's file again; processes that are made later go by
 * that. */
void nursery_reload(const struct nursery *nursery);

#endif
