/*
 * Counts sightings for the policy: hits and different traps in the windows
 * that hold the one under judgement, those that end with a later sighting too,
 * so that mail read in another order than it came in ends in the same listings.
 * Each feed is counted by itself.
 * Called by store_sighting.c for a class that is not listed.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* What is counted, and what came of it. */
struct counting {
	const struct bs_seen *seen;
	const struct bs_policy_class *rule;
	struct bs_policy_facts *facts;
	uint32_t newest_s;
};

/* What one feed has seen from start_s to end_s. */
struct window {
	const char *feed_name;
	const struct bs_policy_feed *feed; /* NULL: with no rule of its own */
	uint32_t start_s, end_s;
	uint32_t hits, traps;
	uint8_t trap[BS_POLICY_HITS_MAX][BS_KEYHASH_SIZE];
};

int
bs_sightings_open(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_sightings *walk_r)
{
	struct bs_sightings walk = {
	    .writer = writer, .steps = BS_STORE_WINDOW_STEPS};
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_SIGHTING], &walk.cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	walk.group_size =
	    bs_sighting_group(&seen->prefix, seen->class, walk.key);
	*walk_r = walk;
	return BS_OK;
}

int
bs_sightings_step(struct bs_sightings *walk, MDB_cursor_op op, uint32_t start_s)
{
	MDB_val key = {.mv_size = walk->group_size + 4, .mv_data = walk->key};
	MDB_val value;
	int code;

	if (walk->steps == 0)
		return BS_ENOTFOUND;
	walk->steps--;
	bs_put_be32(walk->key + walk->group_size, start_s);
	code = mdb_cursor_get(walk->cursor, &key, &value, op);
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(
		    walk->writer, bs_store_error(code), code);
	if (key.mv_size != walk->group_size + 12 ||
	    memcmp(key.mv_data, walk->key, walk->group_size) != 0)
		return BS_ENOTFOUND;
	walk->tail = (const uint8_t *)key.mv_data + walk->group_size;
	walk->time_s = bs_get_be32(walk->tail);
	if (bs_sighting_decode(value.mv_data, value.mv_size, &walk->record) ==
	    BS_OK)
		return BS_OK;
	return bs_writer_spoil(walk->writer, BS_ECORRUPT, MDB_CORRUPTED);
}

static void
count_trap(struct window *window, const uint8_t trap[BS_KEYHASH_SIZE])
{
	for (uint32_t i = 0; i < window->traps; i++) {
		if (memcmp(window->trap[i], trap, BS_KEYHASH_SIZE) == 0)
			return;
	}
	if (window->traps < BS_POLICY_HITS_MAX)
		memcpy(window->trap[window->traps++], trap, BS_KEYHASH_SIZE);
}

static void
count_traps(struct window *window, const struct bs_sighting_record *record)
{
	count_trap(window, record->trap);
	for (size_t i = 0; i < record->more_count; i++)
		count_trap(window, record->more[i]);
}

/* Counts a feed's sightings, until there are enough. */
static int
count_window(struct bs_sightings *walk, const struct bs_policy_class *rule,
    struct window *window, bool *enough_r)
{
	int error = bs_sightings_step(walk, MDB_SET_RANGE, window->start_s);

	window->hits = window->traps = 0;
	*enough_r = false;
	while (error == BS_OK && walk->time_s <= window->end_s) {
		if (walk->record.lists &&
		    strcmp(walk->record.feed, window->feed_name) == 0) {
			window->hits++;
			count_traps(window, &walk->record);
		}
		*enough_r = bs_policy_is_enough(
		    rule, window->feed, window->hits, window->traps);
		if (*enough_r)
			return BS_OK;
		error = bs_sightings_step(walk, MDB_NEXT, window->start_s);
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* The feed number i: the one that saw the sighting, our own traps, then those
 * of the configuration.  NULL: no more, or no other one matters. */
static const char *
feed_at(const struct counting *counting, size_t i)
{
	const struct bs_policy *policy = counting->seen->policy;

	if (i == 0)
		return counting->seen->feed;
	if (counting->rule->feeds <= 1 || i > policy->feed_count + 1)
		return NULL;
	return i == 1 ? BS_FEED_LOCAL : policy->feed[i - 2].name;
}

/* Counts the feeds that have seen enough from start_s to end_s. */
static int
count_feeds(struct counting *counting, struct bs_sightings *walk,
    uint32_t start_s, uint32_t end_s)
{
	const struct bs_policy *policy = counting->seen->policy;
	struct bs_policy_facts *facts = counting->facts;
	struct window window = {.start_s = start_s, .end_s = end_s};
	const char *name;

	facts->feeds = facts->hits = facts->traps = 0;
	for (size_t i = 0; (name = feed_at(counting, i)) != NULL; i++) {
		bool enough, held = false;
		int error;

		if (i > 0 && strcmp(name, counting->seen->feed) == 0)
			continue;
		/* what is held of another feed says nothing yet */
		error = i == 0 ? BS_OK
			       : bs_writer_is_held(
				     walk->writer, name, counting->seen, &held);
		if (error != BS_OK)
			return error;
		if (held)
			continue;
		window.feed_name = name;
		window.feed = bs_policy_feed(policy, name);
		error = count_window(walk, counting->rule, &window, &enough);
		if (error != BS_OK)
			return error;
		if (!enough)
			continue;
		facts->feeds++;
		facts->hits += window.hits;
		if (facts->traps < window.traps)
			facts->traps = window.traps;
	}
	return BS_OK;
}

/* A window begins where it may, but after the last removal. */
static uint32_t
window_start(const struct counting *counting, uint32_t end_s)
{
	uint32_t window_s = counting->rule->window_s;
	uint32_t start_s = end_s > window_s ? end_s - window_s : 0;

	if (counting->facts->removed_s >= start_s &&
	    counting->facts->removed_s != 0)
		return counting->facts->removed_s + 1;
	return start_s;
}

/* The time of the next sighting that lists, after `after_s` and within the
 * window of the one under judgement; BS_ENOTFOUND. */
static int
next_end(struct bs_sightings *walk, const struct counting *counting,
    uint32_t after_s, uint32_t *end_s_r)
{
	int error;

	if (after_s == UINT32_MAX)
		return BS_ENOTFOUND;
	error = bs_sightings_step(walk, MDB_SET_RANGE, after_s + 1);
	while (error == BS_OK && !walk->record.lists)
		error = bs_sightings_step(walk, MDB_NEXT, after_s + 1);
	if (error != BS_OK)
		return error;
	if (window_start(counting, walk->time_s) > counting->facts->received_s)
		return BS_ENOTFOUND;
	*end_s_r = walk->time_s;
	return BS_OK;
}

/* The window that ends with this sighting, then those with later ones. */
static int
count_windows(struct counting *counting, struct bs_sightings *walk)
{
	uint32_t end_s = counting->facts->received_s;
	int error;

	do {
		error = count_feeds(
		    counting, walk, window_start(counting, end_s), end_s);
		if (error != BS_OK)
			return error;
		counting->newest_s = end_s;
		if (counting->facts->feeds >= counting->rule->feeds)
			return BS_OK;
		error = next_end(walk, counting, end_s, &end_s);
	} while (error == BS_OK);
	return error == BS_ENOTFOUND ? BS_OK : error;
}

int
bs_writer_count(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_policy_facts *facts, uint32_t *newest_s_r)
{
	struct counting counting = {
	    .seen = seen,
	    .rule = &seen->policy->class[bs_class_index(seen->class)],
	    .facts = facts,
	    .newest_s = facts->received_s,
	};
	struct bs_sightings walk;
	int error;

	*newest_s_r = facts->received_s;
	if (counting.rule->feeds <= 1 &&
	    bs_policy_is_enough(counting.rule,
		bs_policy_feed(seen->policy, seen->feed), 1, 1)) {
		facts->hits = facts->traps = facts->feeds = 1;
		return BS_OK;
	}
	error = bs_sightings_open(writer, seen, &walk);
	if (error != BS_OK)
		return error;
	error = count_windows(&counting, &walk);
	mdb_cursor_close(walk.cursor);
	*newest_s_r = counting.newest_s;
	return error;
}
