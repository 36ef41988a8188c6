/*
 * How many sightings are kept.  A host that bounces a million messages a day is
 * listed by the first ones: of a prefix, class, feed and day the newest stay,
 * those of different traps before others, as many as any verdict can ask for.
 * All are in the history's sums, and each identity is remembered (table seen),
 * so that a repeat is a repeat still.
 *
 * What is taken off takes its sightings with it: they count for nothing any more.
 * Where the map is nearly at its end, taking off must go on, and what it notes
 * needs room: evidence and sightings of others make it.
 * Called by store_sighting.c and store_manual.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "store_private.h"

#define TAIL_SIZE 12 /* time, identity: what follows a group in a key */
#define MOST BS_POLICY_HITS_MAX
#define TRAPS_MAX (1 + BS_POLICY_MORE_TRAPS_MAX) /* of one sighting */

/* One that was found. */
struct kept {
	uint8_t tail[TAIL_SIZE];
	uint32_t until_s;
	size_t traps_end; /* of all until here, the first one's first */
};

/* Which ones are counted together. */
struct head {
	size_t most; /* that stay */
	size_t group_size;
	uint8_t group[BS_SIGHTING_KEY_MAX];
	char feed[BS_FEED_NAME_MAX + 1];
	bool lists;
	uint32_t start_s;
};

/*
 * Those of one feed and day, in the order of their keys.  Kept until the next
 * sighting of the transaction: of a busy host that is one more of the same day,
 * and where nothing else has changed in the table they need not be read again.
 */
struct bs_day {
	struct head head;
	bool known; /* these are all, after so many changes of the table */
	uint64_t changes;
	size_t count;
	struct kept kept[MOST + 1]; /* one more than the most */
	/* the keyed hashes of traps are random: a half tells them apart */
	uint64_t trap[(MOST + 1) * TRAPS_MAX];
};

/* Traps: a hash table of places in a day's. */
#define SLOTS 16384u

struct traps {
	const uint64_t *trap;
	size_t mask;
	uint16_t slot[SLOTS]; /* a place and 1; 0: free */
};

_Static_assert(SLOTS >= 2 * (MOST + 1) * TRAPS_MAX,
    "the table must never be more than half full");

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* As many as a verdict may ask for. */
static size_t
most_of(const struct bs_seen *seen)
{
	const struct bs_policy_class *rule =
	    &seen->policy->class[bs_class_index(seen->class)];
	const struct bs_policy_feed *feed =
	    bs_policy_feed(seen->policy, seen->feed);

	return larger(BS_STORE_SIGHTINGS_DAY,
	    larger(rule->hits, bs_policy_traps(rule, feed)));
}

static void
take(struct bs_day *day, const struct bs_sightings *walk)
{
	const struct bs_sighting_record *record = &walk->record;
	struct kept *kept = &day->kept[day->count];
	size_t end = day->count > 0 ? kept[-1].traps_end : 0;

	day->trap[end++] = bs_get_be64(record->trap);
	for (size_t i = 0; i < record->more_count; i++)
		day->trap[end++] = bs_get_be64(record->more[i]);
	memcpy(kept->tail, walk->tail, TAIL_SIZE);
	kept->until_s = record->until_s;
	kept->traps_end = end;
	day->count++;
}

/* Gathers the day's, until they are too many. */
static int
gather(struct bs_day *day, struct bs_writer *writer, const struct bs_seen *seen)
{
	struct bs_sightings walk;
	bool more;
	int error = bs_sightings_open(writer, seen, &walk);

	if (error != BS_OK)
		return error;
	day->count = 0;
	walk.steps = SIZE_MAX; /* others' are bounded as well */
	error = bs_sightings_step(&walk, MDB_SET_RANGE, day->head.start_s);
	while ((more = error == BS_OK &&
		       walk.time_s - day->head.start_s < BS_DAY_S) &&
	       day->count <= day->head.most) {
		if (walk.record.lists == day->head.lists &&
		    strcmp(walk.record.feed, day->head.feed) == 0)
			take(day, &walk);
		error = bs_sightings_step(&walk, MDB_NEXT, day->head.start_s);
	}
	mdb_cursor_close(walk.cursor);
	day->known = !more;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* --- a day that is known ---------------------------------------------------- */

/* Where its traps begin. */
static size_t
traps_of(const struct bs_day *day, size_t at)
{
	return at > 0 ? day->kept[at - 1].traps_end : 0;
}

static void
take_out(struct bs_day *day, size_t at)
{
	size_t from = traps_of(day, at), to = day->kept[at].traps_end;

	memmove(day->trap + from, day->trap + to,
	    (traps_of(day, day->count) - to) * sizeof(day->trap[0]));
	day->count--;
	for (size_t i = at; i < day->count; i++) {
		day->kept[i] = day->kept[i + 1];
		day->kept[i].traps_end -= to - from;
	}
}

/* Makes room at a place for one with so many traps. */
static void
make_place(struct bs_day *day, size_t at, size_t traps)
{
	size_t from = traps_of(day, at);

	memmove(day->trap + from + traps, day->trap + from,
	    (traps_of(day, day->count) - from) * sizeof(day->trap[0]));
	for (size_t i = day->count; i > at; i--) {
		day->kept[i] = day->kept[i - 1];
		day->kept[i].traps_end += traps;
	}
	day->kept[at].traps_end = from + traps;
	day->count++;
}

/* Puts one in as the table has it. */
static void
put_in(struct bs_day *day, const struct bs_kept *new)
{
	const struct bs_sighting *sighting = new->sighting;
	uint8_t tail[TAIL_SIZE];
	size_t at = day->count;
	uint64_t *trap;

	bs_put_be32(tail, new->received_s);
	memcpy(tail + 4, sighting->identity, TAIL_SIZE - 4);
	while (at > 0 && memcmp(day->kept[at - 1].tail, tail, TAIL_SIZE) >= 0)
		at--;
	/* the one that it has replaced */
	if (at < day->count && memcmp(day->kept[at].tail, tail, TAIL_SIZE) == 0)
		take_out(day, at);
	make_place(day, at, 1 + sighting->more_count);
	memcpy(day->kept[at].tail, tail, TAIL_SIZE);
	day->kept[at].until_s = new->until_s;
	trap = day->trap + traps_of(day, at);
	*trap++ = bs_get_be64(sighting->trap);
	for (size_t i = 0; i < sighting->more_count; i++)
		*trap++ = bs_get_be64(sighting->more[i]);
}

/* Which day a sighting is of. */
static struct head
head_of(const struct bs_seen *seen, const struct bs_kept *new)
{
	struct head head = {.most = most_of(seen),
	    .lists = new->sighting->lists,
	    .start_s = bs_history_day_s(new->received_s)};

	head.group_size =
	    bs_sighting_group(&seen->prefix, seen->class, head.group);
	(void)snprintf(head.feed, sizeof(head.feed), "%s", seen->feed);
	return head;
}

/* Whether it is the same day, and nothing but these puts has changed since. */
static bool
is_known(const struct bs_writer *writer, const struct head *head,
    const struct bs_kept *new)
{
	const struct bs_day *day = writer->day;

	return day->known &&
	       day->changes + new->puts == writer->sighting_changes &&
	       day->head.most == head->most &&
	       day->head.start_s == head->start_s &&
	       day->head.lists == head->lists &&
	       day->head.group_size ==
		   head->group_size &&memcmp(
		       day->head.group, head->group, head->group_size) == 0 &&
	       strcmp(day->head.feed, head->feed) == 0;
}

/* --- which one goes --------------------------------------------------------- */

/* An empty table with room for all of a day's. */
static void
clear(struct traps *traps, const struct bs_day *day)
{
	size_t slots = 2;

	while (slots < 2 * day->kept[day->count - 1].traps_end)
		slots *= 2;
	traps->trap = day->trap;
	traps->mask = slots - 1;
	memset(traps->slot, 0, slots * sizeof(traps->slot[0]));
}

/* Puts in the trap of a place; false: it is there. */
static bool
add(struct traps *traps, size_t place)
{
	uint64_t trap = traps->trap[place];
	size_t at = (size_t)trap & traps->mask;

	while (traps->slot[at] != 0) {
		if (traps->trap[traps->slot[at] - 1] == trap)
			return false;
		at = (at + 1) & traps->mask;
	}
	traps->slot[at] = (uint16_t)(place + 1);
	return true;
}

/* The oldest whose traps later ones have too, or the oldest of all. */
static size_t
choose(const struct bs_day *day)
{
	size_t goes = 0;
	struct traps traps;

	clear(&traps, day);
	for (size_t i = day->count; i > 0; i--) {
		size_t at = i > 1 ? day->kept[i - 2].traps_end : 0;
		bool has_own = false;

		for (; at < day->kept[i - 1].traps_end; at++)
			has_own |= add(&traps, at);
		if (!has_own)
			goes = i - 1;
	}
	return goes;
}

/* A sighting goes, and what says when it may. */
static int
drop(struct bs_writer *writer, const MDB_val *key, uint32_t until_s)
{
	struct bs_trim trim = {
	    .kind = BS_TRIM_SIGHTING, .time_s = until_s, .size = key->mv_size};
	MDB_val own = {.mv_size = key->mv_size, .mv_data = trim.key};
	int error;

	memcpy(trim.key, key->mv_data, key->mv_size);
	error = bs_writer_del(writer, BS_TABLE_SIGHTING, &own);
	/* of schema 3 it is not known when */
	return error == BS_OK && until_s != 0
		   ? bs_writer_trim_not(writer, &trim)
		   : error;
}

/* The day of a sighting, with it, as far as it is of use. */
static int
find_day(struct bs_writer *writer, const struct bs_seen *seen,
    const struct bs_kept *new)
{
	struct bs_day *day = writer->day;
	struct head head;

	if (day == NULL) {
		day = writer->day = malloc(sizeof(*day));
		if (day == NULL)
			return bs_writer_spoil(writer, BS_ENOMEM, ENOMEM);
		day->known = false;
	}
	head = head_of(seen, new);
	if (is_known(writer, &head, new)) {
		put_in(day, new);
		return BS_OK;
	}
	day->head = head;
	return gather(day, writer, seen);
}

int
bs_writer_bound(struct bs_writer *writer, const struct bs_seen *seen,
    const struct bs_kept *new)
{
	uint8_t bytes[BS_SIGHTING_KEY_MAX];
	MDB_val key = {.mv_data = bytes};
	struct bs_day *day;
	size_t goes;
	int error = find_day(writer, seen, new);

	if (error != BS_OK)
		return error;
	day = writer->day;
	if (day->count > day->head.most) {
		goes = choose(day);
		key.mv_size = day->head.group_size + TAIL_SIZE;
		memcpy(bytes, day->head.group, day->head.group_size);
		memcpy(bytes + day->head.group_size, day->kept[goes].tail,
		    TAIL_SIZE);
		error = drop(writer, &key, day->kept[goes].until_s);
		take_out(day, goes);
	}
	day->changes = writer->sighting_changes;
	return error;
}

/* The first sighting of a prefix, its key copied; BS_ENOTFOUND. */
static int
first_of(struct bs_writer *writer, const MDB_val *prefix,
    uint8_t bytes[BS_SIGHTING_KEY_MAX], MDB_val *key,
    struct bs_sighting_record *record_r)
{
	MDB_cursor *cursor;
	MDB_val value;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_SIGHTING], &cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	*key = *prefix;
	code = mdb_cursor_get(cursor, key, &value, MDB_SET_RANGE);
	mdb_cursor_close(cursor);
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	if (key->mv_size != prefix->mv_size + 1 + TAIL_SIZE ||
	    memcmp(key->mv_data, prefix->mv_data, prefix->mv_size) != 0)
		return BS_ENOTFOUND;
	if (bs_sighting_decode(value.mv_data, value.mv_size, record_r) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	memcpy(bytes, key->mv_data, key->mv_size);
	key->mv_data = bytes;
	return BS_OK;
}

int
bs_writer_forget_sightings(
    struct bs_writer *writer, const struct bs_prefix *prefix)
{
	uint8_t prefix_bytes[BS_PREFIX_KEY_MAX], bytes[BS_SIGHTING_KEY_MAX];
	const MDB_val all = {.mv_size = bs_prefix_key(prefix, prefix_bytes),
	    .mv_data = prefix_bytes};

	for (size_t i = 0; i < BS_STORE_WINDOW_STEPS; i++) {
		struct bs_sighting_record record;
		MDB_val key;
		int error = first_of(writer, &all, bytes, &key, &record);

		if (error == BS_OK)
			error = drop(writer, &key, record.until_s);
		if (error != BS_OK)
			return error == BS_ENOTFOUND ? BS_OK : error;
	}
	return BS_OK;
}

/* The prefix that a table's first key begins with; BS_ENOTFOUND: it is empty. */
static int
first_prefix(struct bs_writer *writer, enum bs_table table, size_t tail_size,
    struct bs_prefix *prefix_r)
{
	uint8_t bytes[BS_SIGHTING_KEY_MAX];
	size_t size = sizeof(bytes);
	int error = bs_writer_first(writer, table, bytes, &size);

	if (error != BS_OK)
		return error;
	if (size > tail_size &&
	    bs_prefix_key_parse(bytes, size - tail_size, prefix_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

int
bs_writer_make_room(struct bs_writer *writer)
{
	for (int i = 0; writer->scarce && i < BS_STORE_SCARCE_EACH; i++) {
		struct bs_prefix prefix;
		int error = first_prefix(writer, BS_TABLE_EVIDENCE, 0, &prefix);

		if (error == BS_OK) {
			error = bs_writer_forget_evidence(writer, &prefix);
		} else if (error == BS_ENOTFOUND) {
			error = first_prefix(
			    writer, BS_TABLE_SIGHTING, 1 + TAIL_SIZE, &prefix);
			if (error == BS_OK)
				error =
				    bs_writer_forget_sightings(writer, &prefix);
		}
		if (error != BS_OK)
			return error == BS_ENOTFOUND ? BS_OK : error;
	}
	return BS_OK;
}
