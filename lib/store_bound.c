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

#include <string.h>

#include "bytes.h"
#include "store_private.h"

#define TAIL_SIZE 12 /* time, identity: what follows a group in a key */

/* One that was found. */
struct kept {
	uint8_t tail[TAIL_SIZE];
	uint8_t trap[BS_KEYHASH_SIZE];
	uint32_t until_s;
};

/* Those of one feed and day, in the order of time. */
struct day {
	struct bs_writer *writer;
	const struct bs_seen *seen;
	bool lists;
	uint32_t start_s;
	size_t most, count;
	struct kept *kept; /* room for one more than the most */
};

static size_t
most_of(const struct bs_seen *seen)
{
	const struct bs_policy_class *rule =
	    &seen->policy->class[bs_class_index(seen->class)];

	return rule->hits > BS_STORE_SIGHTINGS_DAY ? rule->hits
						   : BS_STORE_SIGHTINGS_DAY;
}

static void
take(struct day *day, const MDB_val *key, size_t group_size,
    const struct bs_sighting_record *record)
{
	struct kept *kept = &day->kept[day->count++];

	memcpy(
	    kept->tail, (const uint8_t *)key->mv_data + group_size, TAIL_SIZE);
	memcpy(kept->trap, record->trap, sizeof(kept->trap));
	kept->until_s = record->until_s;
}

/* Gathers the day's, until they are too many. */
static int
gather(struct day *day)
{
	struct bs_writer *writer = day->writer;
	uint8_t bytes[BS_SIGHTING_KEY_MAX];
	size_t group =
	    bs_sighting_group(&day->seen->prefix, day->seen->class, bytes);
	MDB_val key = {.mv_size = group + 4, .mv_data = bytes}, value;
	MDB_cursor *cursor;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_SIGHTING], &cursor);
	int error = BS_OK;

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	bs_put_be32(bytes + group, day->start_s);
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	while (
	    code == MDB_SUCCESS && day->count <= day->most &&
	    key.mv_size == group + TAIL_SIZE &&
	    memcmp(key.mv_data, bytes, group) == 0 &&
	    bs_get_be32((const uint8_t *)key.mv_data + group) - day->start_s <
		BS_HISTORY_DAY_S) {
		struct bs_sighting_record record;

		error =
		    bs_sighting_decode(value.mv_data, value.mv_size, &record);
		if (error != BS_OK)
			break;
		if (record.lists == day->lists &&
		    strcmp(record.feed, day->seen->feed) == 0)
			take(day, &key, group, &record);
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	if (code == MDB_SUCCESS || code == MDB_NOTFOUND)
		return BS_OK;
	return bs_writer_spoil(writer, bs_store_error(code), code);
}

/* The oldest whose trap a later one has too, or the oldest of all. */
static const struct kept *
choose(const struct day *day)
{
	for (size_t i = 0; i < day->count; i++) {
		for (size_t j = i + 1; j < day->count; j++) {
			if (memcmp(day->kept[i].trap, day->kept[j].trap,
				BS_KEYHASH_SIZE) == 0)
				return &day->kept[i];
		}
	}
	return &day->kept[0];
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

int
bs_writer_bound(struct bs_writer *writer, const struct bs_seen *seen,
    bool lists, uint32_t received_s)
{
	struct kept kept[BS_POLICY_HITS_MAX + 1];
	struct day day = {.writer = writer,
	    .kept = kept,
	    .seen = seen,
	    .lists = lists,
	    .start_s = bs_history_day_s(received_s),
	    .most = most_of(seen)};
	uint8_t bytes[BS_SIGHTING_KEY_MAX];
	MDB_val key = {.mv_data = bytes};
	const struct kept *goes;
	int error = gather(&day);

	if (error != BS_OK || day.count <= day.most)
		return error;
	goes = choose(&day);
	key.mv_size = bs_sighting_group(&seen->prefix, seen->class, bytes);
	memcpy(bytes + key.mv_size, goes->tail, TAIL_SIZE);
	key.mv_size += TAIL_SIZE;
	return drop(writer, &key, goes->until_s);
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
