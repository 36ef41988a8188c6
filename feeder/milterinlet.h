/*
 * The links from the milter's process to `serve`: one for each session of a mail
 * server that has mail for traps.
 */
#ifndef FEED_MILTERINLET_H
#define FEED_MILTERINLET_H

#include <sys/queue.h>

#include <uv.h>

#include "config.h"
#include "log.h"
#include "room.h"

/* Messages that nobody waits for, in memory or in files, until they are judged
 * and kept; one more is dropped, and counted as not kept. */
#define MILTERINLET_UNWAITED_MAX 256

struct milterinlet;
TAILQ_HEAD(milterinlet_list, milterinlet);

/* What happened since it was last logged. */
struct milterinlet_counts {
	uint64_t messages, callouts, later;
};

/* What links share; filled by their owner but for the second part. */
struct milterinlets {
	uv_loop_t *loop;
	const struct bs_log *log;
	const struct bs_config *config;
	struct room *room;
	struct servecount *count;

	struct milterinlet_list list; /* TAILQ_INIT */
	size_t link_count;
	size_t parcels;  /* their messages on the way through the room */
	size_t unwaited; /* of those, that nobody waits for */
	bool ending, cut;
	struct milterinlet_counts counts;
	char read_buffer[65536]; /* of whoever is read from just now */
};

/* Serves a link; the file is taken. */
void milterinlet_open(struct milterinlets *all, int file);

/* No more messages: those in the room are answered, all other links close. */
void milterinlet_end(struct milterinlets *all);
/* Closes those that are left at once. */
void milterinlet_cut(struct milterinlets *all);

#endif
