/*
 * Takes sightings back: those of a class, a feed, a prefix, a range of time.
 * What they alone had listed goes; what others support stays (store_rejudge.c).
 * In steps of bounded size; the caller commits each, or, to see what would
 * happen, does all of them in one transaction and forgets it.
 *
 * Called by `backstopctl purge`.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_private.h"

#define KEY_REST 13 /* class, time, identity: what follows a prefix in a key */

/* One step at work. */
struct purging {
	struct bs_writer *writer;
	const struct bs_purge *purge;
	struct bs_purge_walk *walk;
	MDB_cursor *cursor;
	bool touched; /* something of `seen` went */
	struct bs_seen seen;
};

/* --- which ones --------------------------------------------------------- */

static bool
matches(const struct bs_purge *purge, enum bs_class class, uint32_t time_s,
    const struct bs_sighting_record *record)
{
	return (purge->classes & class) != 0 && time_s >= purge->since_s &&
	       time_s < purge->until_s &&
	       (purge->feed[0] == '\0' ||
		   strcmp(purge->feed, record->feed) == 0);
}

/* Where a step begins: behind the last record, or at the prefix. */
static void
start_key(const struct bs_purge_walk *walk, const struct bs_purge *purge,
    MDB_val *key)
{
	uint8_t *bytes = key->mv_data;

	if (walk->size > 0) {
		memcpy(bytes, walk->key, walk->size);
		bytes[walk->size] = 0;
		key->mv_size = walk->size + 1;
	} else if (purge->has_prefix) {
		key->mv_size = bs_prefix_key(&purge->prefix, bytes);
	} else {
		bytes[0] = 0;
		key->mv_size = 1;
	}
}

/* --- judging anew ------------------------------------------------------- */

static bs_classes
classes_of(struct bs_writer *writer, const struct bs_prefix *prefix, int *error)
{
	struct bs_listing listing;

	if (*error != BS_OK)
		return 0;
	*error = bs_writer_get(writer, prefix, &listing);
	if (*error == BS_OK)
		return listing.classes;
	if (*error == BS_ENOTFOUND)
		*error = BS_OK;
	return 0;
}

/* Judges one prefix and class anew and tells what became of it. */
static int
judge_and_tell(struct purging *purging, const struct bs_seen *seen, bool wide)
{
	struct bs_writer *writer = purging->writer;
	struct bs_purge_change change = {
	    .prefix = seen->prefix, .class = seen->class};
	int error = BS_OK;

	change.old_classes = classes_of(writer, &seen->prefix, &error);
	if (error == BS_OK)
		error = wide ? bs_writer_rejudge_wide(writer, seen)
			     : bs_writer_rejudge(writer, seen);
	change.new_classes = classes_of(writer, &seen->prefix, &error);
	if (error != BS_OK ||
	    ((change.old_classes | change.new_classes) & seen->class) == 0)
		return error;
	if (change.old_classes == change.new_classes)
		purging->walk->stayed++;
	else
		purging->walk->ended++;
	purging->purge->told(purging->purge->context, &change);
	return BS_OK;
}

/* All of a prefix and class was looked at: what is left of it, and of what is
 * wide around it? */
static int
leave(struct purging *purging)
{
	static const uint8_t wider[] = {48, 32};
	struct bs_seen seen = purging->seen;
	bool waited;
	int error;

	if (!purging->touched)
		return BS_OK;
	purging->touched = false;
	error = judge_and_tell(purging, &seen, false);
	for (size_t i = 0; error == BS_OK && i < sizeof(wider) &&
			   seen.prefix.addr.family == BS_IPV6;
	     i++) {
		struct bs_listing listing;
		struct bs_prefix narrow = seen.prefix;

		if (wider[i] >= narrow.bits)
			continue;
		seen.prefix = bs_prefix_of(&narrow.addr, wider[i]);
		error = bs_writer_get(purging->writer, &seen.prefix, &listing);
		if (error == BS_OK &&
		    listing.class[bs_class_index(seen.class)].hits > 0)
			error = judge_and_tell(purging, &seen, true);
		/* what is to be wide is weighed anew with the next one */
		if (error == BS_OK || error == BS_ENOTFOUND)
			error = bs_writer_wait_no_more(
			    purging->writer, &seen.prefix, seen.class, &waited);
		seen.prefix = narrow;
	}
	return error;
}

/* --- walking ------------------------------------------------------------ */

/* Deletes a sighting, when it may go, and what is shown of it. */
static int
take_back(struct purging *purging, const MDB_val *key, uint32_t time_s,
    uint32_t until_s)
{
	struct bs_writer *writer = purging->writer;
	const struct bs_seen *seen = &purging->seen;
	struct bs_trim trim = {
	    .time_s = until_s, .kind = BS_TRIM_SIGHTING, .size = key->mv_size};
	int error;

	memcpy(trim.key, key->mv_data, key->mv_size);
	error = bs_writer_del(writer, BS_TABLE_SIGHTING,
	    &(MDB_val){.mv_size = trim.size, .mv_data = trim.key});
	if (error == BS_OK && until_s != 0)
		error = bs_writer_trim_not(writer, &trim);
	if (error == BS_OK)
		error = bs_writer_drop_evidence(
		    writer, &seen->prefix, seen->class, time_s);
	purging->walk->sightings++;
	purging->touched = true;
	return error;
}

/* Looks at one record; judges anew what was before it where it begins another
 * prefix or class.  BS_ENOTFOUND: it is past the prefix. */
static int
look(struct purging *purging, const MDB_val *key, const MDB_val *value)
{
	const uint8_t *bytes = key->mv_data;
	const struct bs_purge *purge = purging->purge;
	struct bs_sighting_record record;
	struct bs_seen seen = {.policy = purge->policy};
	uint32_t time_s;
	int error = BS_OK;

	if (key->mv_size < KEY_REST ||
	    bs_prefix_key_parse(bytes, key->mv_size - KEY_REST, &seen.prefix) !=
		BS_OK ||
	    bs_sighting_decode(value->mv_data, value->mv_size, &record) !=
		BS_OK)
		return bs_writer_spoil(
		    purging->writer, BS_ECORRUPT, MDB_CORRUPTED);
	if (purge->has_prefix &&
	    !bs_prefix_covers(&purge->prefix, &seen.prefix))
		return BS_ENOTFOUND;
	seen.class = (enum bs_class)bytes[key->mv_size - KEY_REST];
	time_s = bs_get_be32(bytes + key->mv_size - KEY_REST + 1);
	memcpy(purging->walk->key, bytes, key->mv_size);
	purging->walk->size = key->mv_size;
	if (seen.class != purging->seen.class ||
	    bs_prefix_compare(&seen.prefix, &purging->seen.prefix) != 0) {
		error = leave(purging);
		purging->seen = seen;
	}
	if (error == BS_OK && matches(purge, seen.class, time_s, &record))
		error = take_back(purging,
		    &(MDB_val){.mv_size = purging->walk->size,
			.mv_data = purging->walk->key},
		    time_s, record.until_s);
	return error;
}

/* One record: found anew each time, since what it does may move all others. */
static int
step(struct purging *purging)
{
	uint8_t bytes[BS_SIGHTING_KEY_MAX + 1];
	MDB_val key = {.mv_data = bytes}, value;
	int code;

	start_key(purging->walk, purging->purge, &key);
	code = mdb_cursor_get(purging->cursor, &key, &value, MDB_SET_RANGE);
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(
		    purging->writer, bs_store_error(code), code);
	return look(purging, &key, &value);
}

int
bs_writer_purge(struct bs_writer *writer, const struct bs_purge *purge,
    struct bs_purge_walk *walk, size_t max)
{
	struct purging purging = {
	    .writer = writer, .purge = purge, .walk = walk};
	int error = writer->failed, code;

	if (error != BS_OK)
		return error;
	code = mdb_cursor_open(writer->txn,
	    writer->store->dbi[BS_TABLE_SIGHTING], &purging.cursor);
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	for (size_t i = 0; error == BS_OK && i < max; i++)
		error = step(&purging);
	if (error == BS_OK || error == BS_ENOTFOUND) {
		int last = leave(&purging);

		walk->done = error == BS_ENOTFOUND;
		error = last;
	}
	mdb_cursor_close(purging.cursor);
	return error;
}

/* --- reading ------------------------------------------------------------ */

static int
read_seen(
    const MDB_val *key, const MDB_val *value, struct bs_sighting_seen *seen_r)
{
	const uint8_t *bytes = key->mv_data;
	struct bs_sighting_seen seen = {.key_size = key->mv_size};
	struct bs_sighting_record record;

	if (key->mv_size < KEY_REST || key->mv_size > sizeof(seen.key) ||
	    bs_prefix_key_parse(bytes, key->mv_size - KEY_REST, &seen.prefix) !=
		BS_OK ||
	    bs_sighting_decode(value->mv_data, value->mv_size, &record) !=
		BS_OK)
		return BS_ECORRUPT;
	memcpy(seen.key, bytes, key->mv_size);
	seen.class = (enum bs_class)bytes[key->mv_size - KEY_REST];
	seen.received_s = bs_get_be32(bytes + key->mv_size - KEY_REST + 1);
	seen.lists = record.lists;
	memcpy(seen.trap, record.trap, sizeof(seen.trap));
	memcpy(seen.feed, record.feed, sizeof(seen.feed));
	*seen_r = seen;
	return BS_OK;
}

int
bs_snapshot_sighting_next(
    struct bs_snapshot *snapshot, struct bs_sighting_seen *seen)
{
	uint8_t bytes[sizeof(seen->key) + 1];
	MDB_val key = {.mv_size = seen->key_size + 1, .mv_data = bytes};
	MDB_val value;
	MDB_cursor *cursor;
	int error;
	int code = mdb_cursor_open(
	    snapshot->txn, snapshot->store->dbi[BS_TABLE_SIGHTING], &cursor);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	memcpy(bytes, seen->key, seen->key_size);
	bytes[seen->key_size] = 0; /* the key behind it */
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	error = code == MDB_SUCCESS ? read_seen(&key, &value, seen)
				    : bs_store_error(code);
	mdb_cursor_close(cursor);
	return error;
}
