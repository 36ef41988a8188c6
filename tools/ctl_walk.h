/*
 * Walking listings for `list` and `export`: in order, filtered, a batch at a
 * time with the snapshot let go in between, so that who reads our output may
 * take hours.
 */
#ifndef CTL_WALK_H
#define CTL_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl.h"

#define CTL_WALK_BATCH 256

struct ctl_walk {
	/* filters, from the options */
	bs_classes classes;      /* those with one of them */
	bool within;             /* only inside `prefix` */
	struct bs_prefix prefix; /* single addresses, too */
	uint32_t since_s;        /* last seen then or later */
	const char *feed;        /* seen by it; NULL: by anybody */

	/* where the walk stands */
	bool started, ended;
	struct bs_prefix last;

	/* the batch */
	size_t count;
	struct bs_listing listing[CTL_WALK_BATCH];
	bool exempt[CTL_WALK_BATCH];
	struct bs_exemption exemption[CTL_WALK_BATCH]; /* where exempt */
};

/* The options that filter. */
#define CTL_WALK_TAKES                                                         \
	(CTL_TAKES(CTL_CLASS) | CTL_TAKES(CTL_PREFIX) | CTL_TAKES(CTL_SINCE) | \
	    CTL_TAKES(CTL_FEED))

/* A new walk by the options; NULL after having said what is wrong with them
 * (*exit_r is set).  Free it with free(). */
struct ctl_walk *ctl_walk_new(const struct ctl *ctl, enum bs_exit *exit_r);

/* Fills the next batch from ctl->snapshot; sets `ended` with the last one.
 * BS_OK or the error of reading. */
int ctl_walk_batch(const struct ctl *ctl, struct ctl_walk *walk);

#endif
