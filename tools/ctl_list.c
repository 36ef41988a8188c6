/*
 * backstopctl list: all listings in order, or those of a class or a prefix.
 *
 * Reads a batch, lets the snapshot go, prints the batch: who reads our output
 * may take hours, and a held snapshot would make the database grow.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_listing.h"

#define BATCH_LISTINGS 256

struct walk {
	bs_classes classes;      /* those with one of them */
	bool within;             /* only inside `prefix` */
	struct bs_prefix prefix; /* single addresses, too */
	struct bs_prefix last;   /* where the walk stands */
	bool started, ended;
	size_t count;
	struct bs_listing batch[BATCH_LISTINGS];
	bool exempt[BATCH_LISTINGS];
	struct bs_exemption exemption[BATCH_LISTINGS]; /* where exempt */
};

/* The next listing of the walk; the first of a prefix is the prefix itself,
 * since it sorts before all that lies inside it. */
static int
step(struct bs_snapshot *snapshot, struct walk *walk,
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

/* Takes what was read into the batch, with the exemption that hides it. */
static int
keep(struct bs_snapshot *snapshot, struct walk *walk)
{
	size_t at = walk->count++;
	int error = bs_snapshot_exempt(
	    snapshot, &walk->batch[at].prefix, &walk->exemption[at]);

	walk->exempt[at] = error == BS_OK;
	/* that nothing hides it is not the end of the walk */
	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
fill_batch(struct bs_snapshot *snapshot, struct walk *walk)
{
	int error = bs_snapshot_renew(snapshot);

	walk->count = 0;
	while (error == BS_OK && walk->count < BATCH_LISTINGS) {
		struct bs_listing *room = &walk->batch[walk->count];

		error = step(snapshot, walk, room);
		if (error != BS_OK)
			break;
		walk->started = true;
		walk->last = room->prefix;
		if ((room->classes & walk->classes) != 0)
			error = keep(snapshot, walk);
	}
	bs_snapshot_release(snapshot);
	walk->ended = error == BS_ENOTFOUND;
	return walk->ended ? BS_OK : error;
}

/* Stops at the first line that can't be written; main tells why. */
static void
write_batch(const struct walk *walk, bool as_json)
{
	for (size_t i = 0; i < walk->count && !ferror(stdout); i++) {
		const struct bs_prefix *exempt =
		    walk->exempt[i] ? &walk->exemption[i].prefix : NULL;
		char text[BS_PREFIX_TEXT_MAX];
		struct bs_json *json;

		if (!as_json) {
			ctl_listing_write_row(&walk->batch[i], exempt, stdout);
			continue;
		}
		json = ctl_listing_json(&walk->batch[i]);
		bs_json_text(json, "exempt",
		    exempt != NULL ? bs_prefix_format(exempt, text) : NULL);
		(void)bs_json_write(&json, stdout);
	}
}

static enum bs_exit
walk_all(struct ctl *ctl, struct walk *walk)
{
	while (!walk->ended && !ferror(stdout)) {
		int error = fill_batch(ctl->snapshot, walk);

		if (error != BS_OK)
			return ctl_store_failed(ctl, "reading", error);
		write_batch(walk, ctl->options->given[CTL_JSON]);
	}
	return BS_EXIT_OK;
}

enum bs_exit
ctl_list(struct ctl *ctl)
{
	const char *prefix = ctl->options->value[CTL_PREFIX];
	struct walk *walk = calloc(1, sizeof(*walk));
	enum bs_exit exit_code = BS_EXIT_NO;

	if (walk == NULL) {
		ctl_say("list: out of memory: try again");
		return BS_EXIT_ENVIRONMENT;
	}
	walk->within = prefix != NULL;
	if (!ctl_parse_classes(ctl, BS_CLASSES_ALL, &walk->classes) ||
	    (prefix != NULL && !ctl_parse_prefix(prefix, &walk->prefix)))
		goto out;
	exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);
	if (exit_code == BS_EXIT_OK)
		exit_code = walk_all(ctl, walk);
out:
	free(walk);
	return exit_code;
}
