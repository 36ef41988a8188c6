/*
 * The walk over listings: filters, order, batches.  Prints nothing but what is
 * wrong with the options; ctl_list.c and ctl_export.c print.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "ctl_walk.h"

static bool
parse_since(const struct ctl *ctl, uint32_t *since_s_r)
{
	const char *text = ctl->options->value[CTL_SINCE];
	uint32_t age_s;

	*since_s_r = 0;
	if (text == NULL || bs_time_parse(text, since_s_r) == BS_OK)
		return true;
	if (bs_duration_parse(text, &age_s) == BS_OK) {
		*since_s_r = age_s < ctl->now_s ? ctl->now_s - age_s : 0;
		return true;
	}
	ctl_say("--since: %s: not a time: write 2026-11-22T03:00:00Z, or how "
		"long ago: 90m, 12h, 3d or 4w",
	    text);
	return false;
}

static bool
parse_feed(const struct ctl *ctl, const char **feed_r)
{
	*feed_r = ctl->options->value[CTL_FEED];
	if (*feed_r == NULL || bs_feed_is_sound(*feed_r))
		return true;
	ctl_say("--feed: %s: not a feed's name: write the one of the "
		"configuration, or " BS_FEED_LOCAL " for our own traps",
	    *feed_r);
	return false;
}

struct ctl_walk *
ctl_walk_new(const struct ctl *ctl, enum bs_exit *exit_r)
{
	const char *prefix = ctl->options->value[CTL_PREFIX];
	struct ctl_walk *walk = calloc(1, sizeof(*walk));

	if (walk == NULL) {
		ctl_say("out of memory: try again");
		*exit_r = BS_EXIT_ENVIRONMENT;
		return NULL;
	}
	walk->within = prefix != NULL;
	if (ctl_parse_classes(ctl, BS_CLASSES_ALL, &walk->classes) &&
	    (prefix == NULL || ctl_parse_prefix(prefix, &walk->prefix)) &&
	    parse_since(ctl, &walk->since_s) && parse_feed(ctl, &walk->feed))
		return walk;
	free(walk);
	*exit_r = BS_EXIT_NO;
	return NULL;
}

/* The next listing of the walk; the first of a prefix is the prefix itself,
 * since it sorts before all that lies inside it. */
static int
step(struct bs_snapshot *snapshot, struct ctl_walk *walk,
    struct bs_listing *listing_r)
{
	const struct bs_prefix *after = walk->started ? &walk->last : NULL;
	int error;

	if (walk->within && !walk->started) {
		error = bs_snapshot_get(snapshot, &walk->prefix, listing_r);
		if (error != BS_ENOTFOUND)
			return error;
		after = &walk->prefix;
	}
	error = bs_snapshot_next(snapshot, after, listing_r);
	if (error == BS_OK && walk->within &&
	    !bs_prefix_covers(&walk->prefix, &listing_r->prefix))
		return BS_ENOTFOUND;
	return error;
}

/* Whether the filters want it; the cheap ones first. */
static int
is_wanted(struct bs_snapshot *snapshot, const struct ctl_walk *walk,
    const struct bs_listing *listing, bool *wanted_r)
{
	bool wanted = (listing->classes & walk->classes) != 0 &&
		      bs_listing_last_s(listing) >= walk->since_s;
	int error = BS_OK;

	if (wanted && walk->feed != NULL)
		error = bs_snapshot_seen_by(
		    snapshot, &listing->prefix, walk->feed, &wanted);
	if (error == BS_OK)
		*wanted_r = wanted;
	return error;
}

/* Takes what was read into the batch, with the exemption that hides it. */
static int
keep(struct bs_snapshot *snapshot, struct ctl_walk *walk)
{
	size_t at = walk->count++;
	int error = bs_snapshot_exempt(
	    snapshot, &walk->listing[at].prefix, &walk->exemption[at]);

	walk->exempt[at] = error == BS_OK;
	/* that nothing hides it is not the end of the walk */
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* A snapshot is not held for longer than this many listings take. */
#define STEPS_MAX 10000

int
ctl_walk_batch(const struct ctl *ctl, struct ctl_walk *walk)
{
	struct bs_snapshot *snapshot = ctl->snapshot;
	int error = bs_snapshot_renew(snapshot);

	walk->count = 0;
	for (size_t i = 0;
	     error == BS_OK && walk->count < CTL_WALK_BATCH && i < STEPS_MAX;
	     i++) {
		struct bs_listing *room = &walk->listing[walk->count];
		bool wanted = false;

		error = step(snapshot, walk, room);
		if (error != BS_OK)
			break;
		walk->started = true;
		walk->last = room->prefix;
		error = is_wanted(snapshot, walk, room, &wanted);
		if (error == BS_OK && wanted)
			error = keep(snapshot, walk);
	}
	bs_snapshot_release(snapshot);
	walk->ended = error == BS_ENOTFOUND;
	return walk->ended ? BS_OK : error;
}
