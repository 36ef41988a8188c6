/*
 * The milter's door on the loop of `serve`: has its process (nursery.h) and
 * replaces it, takes the messages that come from there into the room, and
 * answers.
 */
#ifndef FEED_MILTERDOOR_H
#define FEED_MILTERDOOR_H

#include <uv.h>

#include "config.h"
#include "log.h"
#include "nursery.h"
#include "room.h"

struct milterdoor;

struct milterdoor_setup {
	uv_loop_t *loop;
	const struct bs_log *log;
	const struct bs_config *config; /* see milterdoor_set_config */
	const struct nursery *nursery;
	struct room *room;
	struct servecount *count;
};

/* All borrowed; serves from now on.  NULL: no memory. */
struct milterdoor *milterdoor_new(const struct milterdoor_setup *setup);

/* Goes by another configuration from now on, as does the process. */
void milterdoor_set_config(
    struct milterdoor *door, const struct bs_config *config);

/* Takes nothing more; messages that are in the room are answered. */
void milterdoor_end(struct milterdoor *door);
/* How many links its process has to serve. */
size_t milterdoor_links(const struct milterdoor *door);
/* How many of those messages there are. */
size_t milterdoor_count(const struct milterdoor *door);
/* Closes what it has on the loop; the process ends, which the loop waits for. */
void milterdoor_close(struct milterdoor *door);

/* When the loop has run out; *door may be NULL, as of milterdoor_end and all
 * others. */
void milterdoor_free(struct milterdoor **door);

#endif
