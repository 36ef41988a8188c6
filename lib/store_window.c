/*
 * Counts sightings for the policy: hits and different traps in the windows
 * that hold the one under judgement, those that end with a later sighting too,
 * so that mail read in another order than it came in ends in the same listings.
 * Called by store_sighting.c for a class that is not listed.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* What is counted, and what came of it. */
struct counting {
	const struct bs_policy_class *rule;
	struct bs_policy_facts *facts;
	uint32_t newest_s;
};

/* Walks the sightings of one prefix and class in the order of time. */
struct walk {
	struct bs_writer *writer;
	MDB_cursor *cursor;
	uint8_t key[BS_SIGHTING_KEY_MAX]; /* the group, then the start */
	size_t group_size;
	size_t steps; /* left */
	uint32_t time_s;
	struct bs_sighting_record record;
};

struct window {
	uint32_t hits, traps;
	uint8_t trap[BS_POLICY_HITS_MAX][BS_KEYHASH_SIZE];
};

/* The first one at or after start_s (MDB_SET_RANGE), or the next one
 * (MDB_NEXT); BS_ENOTFOUND after the last one of the group. */
static int
step(struct walk *walk, MDB_cursor_op op, uint32_t start_s)
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
	walk->time_s =
	    bs_get_be32((const uint8_t *)key.mv_data + walk->group_size);
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

static bool
is_enough(const struct bs_policy_class *rule, const struct window *window)
{
	return window->hits >= rule->hits && window->traps >= rule->traps;
}

/* Counts the sightings from start_s to end_s, until there are enough. */
static int
count_window(struct walk *walk, const struct bs_policy_class *rule,
    uint32_t start_s, uint32_t end_s, struct window *window)
{
	int error = step(walk, MDB_SET_RANGE, start_s);

	window->hits = window->traps = 0;
	while (error == BS_OK && walk->time_s <= end_s) {
		if (walk->record.lists) {
			window->hits++;
			count_trap(window, walk->record.trap);
		}
		if (is_enough(rule, window))
			return BS_OK;
		error = step(walk, MDB_NEXT, start_s);
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
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
next_end(struct walk *walk, const struct counting *counting, uint32_t after_s,
    uint32_t *end_s_r)
{
	int error;

	if (after_s == UINT32_MAX)
		return BS_ENOTFOUND;
	error = step(walk, MDB_SET_RANGE, after_s + 1);
	while (error == BS_OK && !walk->record.lists)
		error = step(walk, MDB_NEXT, after_s + 1);
	if (error != BS_OK)
		return error;
	if (window_start(counting, walk->time_s) > counting->facts->received_s)
		return BS_ENOTFOUND;
	*end_s_r = walk->time_s;
	return BS_OK;
}

/* The window that ends with this sighting, then those with later ones. */
static int
count_windows(struct counting *counting, struct walk *walk)
{
	struct window window;
	uint32_t end_s = counting->facts->received_s;
	int error;

	do {
		error = count_window(walk, counting->rule,
		    window_start(counting, end_s), end_s, &window);
		if (error != BS_OK)
			return error;
		counting->facts->hits = window.hits;
		counting->facts->traps = window.traps;
		counting->newest_s = end_s;
		if (is_enough(counting->rule, &window))
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
	    .rule = &seen->policy->class[bs_class_index(seen->class)],
	    .facts = facts,
	    .newest_s = facts->received_s,
	};
	struct walk walk = {.writer = writer, .steps = BS_STORE_WINDOW_STEPS};
	int code, error;

	*newest_s_r = facts->received_s;
	if (counting.rule->hits <= 1 && counting.rule->traps <= 1) {
		facts->hits = facts->traps = 1;
		return BS_OK;
	}
	walk.group_size =
	    bs_sighting_group(&seen->prefix, seen->class, walk.key);
	code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_SIGHTING], &walk.cursor);
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	error = count_windows(&counting, &walk);
	mdb_cursor_close(walk.cursor);
	*newest_s_r = counting.newest_s;
	return error;
}
