/*
 * Judges a prefix and class anew by the sightings that are left, after some were
 * taken back (store_purge.c) or let through (store_held.c): plays them in the
 * order of time, as if only they had ever come in, and makes the listing what
 * comes out.
 *
 * What a person put on stays.  A wide listing stays where what is left inside
 * would widen to it; where it goes, what is left inside is listed by itself.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* What the sightings that are left amount to. */
struct left {
	uint32_t newest_s, expires_s; /* 0: nothing is to be listed */
	uint32_t hits;
};

static const struct bs_policy_class *
rule_of(const struct bs_seen *seen)
{
	return &seen->policy->class[bs_class_index(seen->class)];
}

/* --- playing ------------------------------------------------------------ */

/* One more sighting: lists, renews, or is too little. */
static int
play_one(struct bs_writer *writer, const struct bs_seen *seen,
    const struct bs_sightings *at, uint32_t removed_s, struct left *left)
{
	struct bs_policy_facts facts = {.received_s = at->time_s,
	    .removed_s = removed_s,
	    .now_s = writer->now_s,
	    .listed = left->expires_s > at->time_s};
	struct bs_seen one = *seen;
	uint32_t newest_s = at->time_s;
	bool held;
	int error;

	one.feed = at->record.feed;
	error = bs_writer_is_held(writer, one.feed, seen, &held);
	if (error != BS_OK || held)
		return error;
	if (!facts.listed)
		error = bs_writer_count(writer, &one, &facts, &newest_s);
	if (error != BS_OK || bs_policy_judge(seen->policy, seen->class,
				  &facts) != BS_VERDICT_LIST)
		return error;
	left->hits = facts.listed ? left->hits + 1 : facts.hits;
	if (left->newest_s < newest_s || !facts.listed)
		left->newest_s = newest_s;
	left->expires_s = bs_policy_expires_s(rule_of(seen), 0, left->newest_s);
	return BS_OK;
}

/* Plays the last BS_STORE_WINDOW_STEPS sightings of the prefix. */
static int
play(struct bs_writer *writer, const struct bs_seen *seen, struct left *left)
{
	struct bs_sightings walk;
	uint32_t removed_s;
	int error = bs_writer_removed_s(writer, &seen->prefix, &removed_s);

	*left = (struct left){0};
	if (error == BS_OK)
		error = bs_sightings_open(writer, seen, &walk);
	if (error != BS_OK)
		return error;
	walk.steps = SIZE_MAX;
	error = bs_sightings_step(&walk, MDB_SET_RANGE,
	    bs_policy_oldest_s(rule_of(seen), writer->now_s));
	while (error == BS_OK) {
		if (walk.record.lists)
			error = play_one(writer, seen, &walk, removed_s, left);
		if (error == BS_OK)
			error = bs_sightings_step(&walk, MDB_NEXT, 0);
	}
	mdb_cursor_close(walk.cursor);
	if (left->expires_s <= writer->now_s)
		left->expires_s = 0;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* --- the listing becomes that ------------------------------------------- */

/* The class in the listing as it will be; false: it goes. */
static bool
renewed_class(const struct bs_seen *seen, const struct left *left, bool manual,
    struct bs_listing_class *class)
{
	uint32_t expires_s = 0;

	if (left->expires_s != 0)
		expires_s = bs_policy_expires_s(
		    rule_of(seen), class->repeats, left->newest_s);
	if (expires_s == 0 && !manual)
		return false;
	class->hits = left->hits;
	if (left->newest_s != 0)
		class->last_s = left->newest_s;
	/* nothing that a person put on ends earlier */
	if (!manual || class->expires_s < expires_s)
		class->expires_s = expires_s;
	return true;
}

/* Makes the class of a listing by sightings what they amount to now. */
static int
settle(struct bs_writer *writer, const struct bs_seen *seen,
    const struct bs_listing *old, const struct left *left)
{
	struct bs_listing new = *old;
	struct bs_listing_class *class =
	    &new.class[bs_class_index(seen->class)];

	bool by_hand = (bs_listing_by_hand(old) & seen->class) != 0;

	if (!renewed_class(seen, left, by_hand, class)) {
		memset(class, 0, sizeof(*class));
		bs_listing_keep(&new, (bs_classes)~seen->class);
	}
	return bs_writer_replace(writer, old, new.classes == 0 ? NULL : &new,
	    BS_HISTORY_PURGED, "purged");
}

/* Lists what is enough and is not listed, nor covered by something wide. */
static int
list_left(struct bs_writer *writer, const struct bs_seen *seen,
    const struct left *left)
{
	struct bs_seen listed = *seen;
	struct bs_listed done;
	struct bs_prefix wide;
	int error;

	if (left->expires_s == 0 ||
	    bs_policy_may_list(seen->policy, &seen->prefix) != BS_VERDICT_LIST)
		return BS_OK;
	error = bs_writer_find_wide(writer, seen, &wide);
	if (error != BS_ENOTFOUND)
		return error;
	listed.newest_s = left->newest_s;
	listed.hits = left->hits;
	listed.source = seen->prefix.addr;
	return bs_writer_list(writer, &listed, &done);
}

/* What waits to become public waits on as what is left, or no more; *waits_r:
 * whether any of it did. */
static int
settle_waiting(struct bs_writer *writer, const struct bs_seen *seen,
    const struct left *left, bool *waits_r)
{
	struct bs_waiting waiting;
	int error =
	    bs_writer_waits(writer, &seen->prefix, seen->class, &waiting);

	*waits_r = error == BS_OK;
	if (error != BS_OK)
		return error == BS_ENOTFOUND ? BS_OK : error;
	if (!renewed_class(seen, left, false, &waiting.as))
		return bs_writer_wait_no_more(
		    writer, &seen->prefix, seen->class, waits_r);
	waiting.exact = seen->prefix.addr;
	waiting.as.expires_s = bs_policy_expires_s(
	    rule_of(seen), waiting.as.repeats, left->newest_s);
	return bs_writer_wait_as(writer, &waiting);
}

int
bs_writer_rejudge(struct bs_writer *writer, const struct bs_seen *seen)
{
	bool waits;
	struct bs_listing listing;
	struct left left;
	int error = play(writer, seen, &left);

	if (error == BS_OK)
		error = settle_waiting(writer, seen, &left, &waits);
	if (error != BS_OK || waits)
		return error;
	error = bs_writer_get(writer, &seen->prefix, &listing);
	if (error == BS_OK &&
	    listing.class[bs_class_index(seen->class)].hits > 0)
		return settle(writer, seen, &listing, &left);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	return list_left(writer, seen, &left);
}

/* --- what is wide ------------------------------------------------------- */

/* What is left inside a wide listing: when what may widen to it was seen.  What
 * widens to a /32 are /48s, each by what is left inside it. */
struct inside {
	struct bs_writer *writer;
	const struct bs_seen *wide;
	uint32_t time_s[BS_STORE_WIDEN_STEPS];
	size_t count;
	struct bs_prefix block; /* the /48 at work */
	uint32_t block_time_s[BS_STORE_WIDEN_STEPS];
	size_t block_count;
};

/* The next prefix inside that has sightings of the class, after `from`;
 * BS_ENOTFOUND. */
static int
next_group(struct bs_writer *writer, const struct bs_seen *wide,
    struct bs_prefix *from, bool first)
{
	uint8_t bytes[BS_SIGHTING_KEY_MAX + 1];
	struct bs_prefix prefix;
	MDB_cursor *cursor;
	MDB_val key = {.mv_data = bytes}, value;
	int error = BS_OK;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_SIGHTING], &cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	key.mv_size = bs_prefix_key(from, bytes);
	if (!first) /* behind all of its classes */
		bytes[key.mv_size++] = UINT8_MAX;
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (code != MDB_SUCCESS)
		error = code == MDB_NOTFOUND ? BS_ENOTFOUND
					     : bs_writer_spoil(writer,
						   bs_store_error(code), code);
	else if (key.mv_size < 13 || bs_prefix_key_parse(key.mv_data,
					 key.mv_size - 13, &prefix) != BS_OK)
		error = bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	else if (!bs_prefix_covers(&wide->prefix, &prefix))
		error = BS_ENOTFOUND;
	else
		*from = prefix;
	mdb_cursor_close(cursor);
	return error;
}

/* Whether more than `limit` were seen within one window; the newest of them. */
static bool
widens(const struct bs_seen *wide, uint32_t *time_s, size_t count,
    uint32_t limit, uint32_t *newest_s_r)
{
	struct bs_policy_times times = {.time_s = time_s, .count = count};
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		uint32_t newest_s;

		times.seen_s = time_s[i];
		if (!bs_policy_widens(rule_of(wide), limit, &times, &newest_s))
			continue;
		if (!found || *newest_s_r < newest_s)
			*newest_s_r = newest_s;
		found = true;
	}
	return found;
}

/* The /48 at work is over: it counts if it would be listed. */
static void
end_block(struct inside *inside)
{
	uint32_t newest_s;

	if (widens(inside->wide, inside->block_time_s, inside->block_count,
		inside->wide->policy->widen_48, &newest_s))
		inside->time_s[inside->count++] = newest_s;
	inside->block_count = 0;
}

/* Notes what is left of one prefix. */
static void
note_inside(struct inside *inside, const struct bs_prefix *prefix,
    const struct left *left)
{
	struct bs_prefix block;

	if (inside->wide->prefix.bits == 48 || prefix->bits <= 48) {
		inside->time_s[inside->count++] = left->newest_s;
		return;
	}
	block = bs_prefix_of(&prefix->addr, 48);
	if (inside->block_count > 0 &&
	    bs_prefix_compare(&block, &inside->block) != 0)
		end_block(inside);
	inside->block = block;
	inside->block_time_s[inside->block_count++] = left->newest_s;
}

/* Walks the prefixes inside; `list` them where they are enough by themselves,
 * or else only notes them. */
static int
walk_inside(struct inside *inside, bool list)
{
	struct bs_prefix at = inside->wide->prefix;
	bool first = true;
	int error = BS_OK;

	for (size_t i = 0; i < BS_STORE_WIDEN_STEPS; i++) {
		struct bs_seen seen = *inside->wide;
		struct left left;

		error = next_group(inside->writer, inside->wide, &at, first);
		if (error != BS_OK)
			break;
		first = false;
		seen.prefix = at;
		error = play(inside->writer, &seen, &left);
		if (error == BS_OK && list)
			error = list_left(inside->writer, &seen, &left);
		if (error != BS_OK)
			break;
		if (left.expires_s != 0)
			note_inside(inside, &at, &left);
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

int
bs_writer_rejudge_wide(struct bs_writer *writer, const struct bs_seen *wide)
{
	uint32_t limit = wide->prefix.bits == 48 ? wide->policy->widen_48
						 : wide->policy->widen_32;
	struct inside inside = {.writer = writer, .wide = wide};
	struct left left = {0};
	struct bs_listing listing;
	int error = bs_writer_get(writer, &wide->prefix, &listing);

	if (error != BS_OK ||
	    listing.class[bs_class_index(wide->class)].hits == 0)
		return error == BS_ENOTFOUND ? BS_OK : error;
	error = walk_inside(&inside, false);
	if (error != BS_OK)
		return error;
	end_block(&inside);
	if (widens(wide, inside.time_s, inside.count, limit, &left.newest_s)) {
		left.hits = (uint32_t)inside.count;
		left.expires_s =
		    bs_policy_expires_s(rule_of(wide), 0, left.newest_s);
	}
	error = settle(writer, wide, &listing, &left);
	if (error != BS_OK || left.expires_s != 0)
		return error;
	inside.count = inside.block_count = 0;
	return walk_inside(&inside, true);
}
