/*
 * The history: what happened to each prefix, summed up by day where it is much.
 * Written by whatever a writer does, read by `backstopctl history`.  When it
 * goes is store_history_trim.c's.
 *
 * The newest entries stand behind the head, under the prefix alone; those of
 * earlier days in records of their own, where they are many.  What comes late
 * goes where its day is.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "history_pack.h"
#include "store_private.h"

/* --- records ------------------------------------------------------------ */

int
bs_writer_history_head(struct bs_writer *writer, MDB_val *key,
    struct bs_history_head *head_r, MDB_val *entries_r)
{
	MDB_val value;
	size_t used;
	int error = bs_writer_fetch(writer, BS_TABLE_HISTORY, key, &value);

	if (error != BS_OK)
		return error;
	if (bs_history_head_decode(
		value.mv_data, value.mv_size, head_r, &used) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	entries_r->mv_data = (uint8_t *)value.mv_data + used;
	entries_r->mv_size = value.mv_size - used;
	return BS_OK;
}

/* The first entry's day; an entry there must be. */
static int
first_day(struct bs_writer *writer, const MDB_val *entries, uint32_t *time_s_r)
{
	struct bs_history_reader reader;
	struct bs_history_entry entry;

	bs_history_read_begin(&reader, entries->mv_data, entries->mv_size);
	if (bs_history_read(&reader, &entry) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	*time_s_r = bs_history_day_s(entry.time_s);
	return BS_OK;
}

int
bs_writer_history_more(
    struct bs_writer *writer, const MDB_val *prefix, const MDB_val *entries)
{
	uint8_t key_bytes[BS_HISTORY_KEY_MAX], bytes[BS_HISTORY_VALUE_MAX];
	MDB_val key = {.mv_data = key_bytes}, value = {.mv_data = bytes};
	uint32_t day_s;
	int error = first_day(writer, entries, &day_s);

	if (error != BS_OK)
		return error;
	memcpy(key_bytes, prefix->mv_data, prefix->mv_size);
	key.mv_size = bs_history_key(key_bytes, prefix->mv_size, day_s);
	value.mv_size = bs_history_more_encode(bytes);
	memcpy(bytes + value.mv_size, entries->mv_data, entries->mv_size);
	value.mv_size += entries->mv_size;
	return bs_writer_put(writer, BS_TABLE_HISTORY, &key, &value, 0);
}

/* Puts whole days of a pack that is too large into records of their own, each
 * of at most so many bytes. */
static int
divide(struct bs_writer *writer, const MDB_val *prefix,
    struct bs_history_pack *pack, size_t most)
{
	struct bs_history_pack first;
	int error = BS_OK;

	while (error == BS_OK && bs_history_divide(pack, most, &first)) {
		const MDB_val entries = {first.size, first.bytes};

		error = bs_writer_history_more(writer, prefix, &entries);
	}
	return error;
}

int
bs_writer_history_put(struct bs_writer *writer, MDB_val *key,
    const struct bs_history_head *head, const MDB_val *entries)
{
	uint8_t bytes[BS_HISTORY_VALUE_MAX];
	MDB_val value = {.mv_data = bytes};

	value.mv_size = bs_history_head_encode(head, bytes);
	if (entries->mv_size > 0)
		memcpy(
		    bytes + value.mv_size, entries->mv_data, entries->mv_size);
	value.mv_size += entries->mv_size;
	return bs_writer_put(writer, BS_TABLE_HISTORY, key, &value, 0);
}

int
bs_writer_history_due(
    struct bs_writer *writer, const MDB_val *prefix, uint32_t due_s)
{
	struct bs_trim trim = {
	    .time_s = due_s, .kind = BS_TRIM_HISTORY, .size = prefix->mv_size};

	memcpy(trim.key, prefix->mv_data, prefix->mv_size);
	return bs_writer_trim_at(writer, &trim);
}

/* --- where an entry goes -------------------------------------------------- */

/* Whether a key is of one of the prefix's further records. */
static bool
is_more(const MDB_val *key, const MDB_val *prefix)
{
	return key->mv_size == prefix->mv_size + BS_HISTORY_TAIL &&
	       memcmp(key->mv_data, prefix->mv_data, prefix->mv_size) == 0;
}

/* The last record with days up to this one, and the first one behind it, as the
 * cursor finds them: sizes 0 where there is none. */
struct neighbours {
	MDB_val before, before_value;
	MDB_val behind, behind_value;
};

static int
find_neighbours(MDB_cursor *cursor, const MDB_val *prefix, uint32_t time_s,
    struct neighbours *found_r)
{
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	MDB_val key = {.mv_data = bytes}, value;
	int code;

	*found_r = (struct neighbours){.before = {0}};
	memcpy(bytes, prefix->mv_data, prefix->mv_size);
	key.mv_size = bs_history_key(
	    bytes, prefix->mv_size, bs_store_later(time_s, BS_DAY_S));
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
		return code;
	if (code == MDB_SUCCESS && is_more(&key, prefix)) {
		found_r->behind = key;
		found_r->behind_value = value;
	}
	code = mdb_cursor_get(
	    cursor, &key, &value, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST);
	if (code == MDB_SUCCESS && is_more(&key, prefix)) {
		found_r->before = key;
		found_r->before_value = value;
	}
	return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

/* The entries of a further record. */
static int
more_entries(const MDB_val *value, MDB_val *entries_r)
{
	size_t used;
	int error =
	    bs_history_more_decode(value->mv_data, value->mv_size, &used);

	if (error != BS_OK)
		return error;
	entries_r->mv_data = (uint8_t *)value->mv_data + used;
	entries_r->mv_size = value->mv_size - used;
	return BS_OK;
}

/* Finds the further record that an entry belongs to, and copies its entries
 * with that one more; BS_ENOTFOUND where there is none at all.  A record that
 * begins with it now is put under another key: the one that it had goes. */
static int
extend_more(struct bs_writer *writer, const MDB_val *prefix,
    const struct bs_history_entry *entry, struct bs_history_pack *pack_r)
{
	struct neighbours found;
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	MDB_val entries, *value = &found.before_value;
	MDB_val key = {.mv_data = bytes};
	MDB_cursor *cursor;
	int error = BS_OK;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_HISTORY], &cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	code = find_neighbours(cursor, prefix, entry->time_s, &found);
	mdb_cursor_close(cursor);
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	if (found.before.mv_size == 0)
		value = &found.behind_value;
	if (value->mv_size == 0)
		return BS_ENOTFOUND;
	error = more_entries(value, &entries);
	if (error == BS_OK)
		error = bs_history_insert(
		    entries.mv_data, entries.mv_size, entry, pack_r);
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	if (found.before.mv_size != 0)
		return BS_OK;
	key.mv_size = found.behind.mv_size;
	memcpy(bytes, found.behind.mv_data, key.mv_size);
	return bs_writer_del(writer, BS_TABLE_HISTORY, &key);
}

static int
insert_more(struct bs_writer *writer, const MDB_val *prefix,
    const struct bs_history_entry *entry)
{
	struct bs_history_pack pack;
	MDB_val entries;
	int error = extend_more(writer, prefix, entry, &pack);

	if (error == BS_OK)
		/* what comes late: with room for more of it */
		error = divide(writer, prefix, &pack, BS_HISTORY_FULL / 2);
	if (error != BS_OK)
		return error;
	entries = (MDB_val){pack.size, pack.bytes};
	return bs_writer_history_more(writer, prefix, &entries);
}

/* Whether an entry is older than those behind the head, or there are none. */
static int
is_older(struct bs_writer *writer, const MDB_val *entries,
    const struct bs_history_entry *entry, bool *older_r)
{
	uint32_t day_s;
	int error;

	*older_r = true;
	if (entries->mv_size == 0)
		return BS_OK;
	error = first_day(writer, entries, &day_s);
	*older_r = entry->time_s < day_s;
	return error;
}

int
bs_writer_history_insert(struct bs_writer *writer, MDB_val *prefix,
    const struct bs_history_entry *entry, uint32_t time_s)
{
	struct bs_history_pack pack;
	struct bs_history_head head;
	uint8_t none[1] = {0}; /* no arithmetic on NULL */
	MDB_val entries = {.mv_size = 0, .mv_data = none};
	bool older = false;
	int error = bs_writer_history_head(writer, prefix, &head, &entries);

	if (error == BS_ENOTFOUND) {
		head = (struct bs_history_head){
		    .due_s = bs_store_later(time_s, BS_HISTORY_KEEP_S)};
		error = bs_writer_history_due(writer, prefix, head.due_s);
	} else if (error == BS_OK) {
		error = is_older(writer, &entries, entry, &older);
	}
	if (error == BS_OK && older) {
		error = insert_more(writer, prefix, entry);
		if (error != BS_ENOTFOUND)
			return error;
		error = BS_OK;
	}
	if (error != BS_OK)
		return error;
	error =
	    bs_history_insert(entries.mv_data, entries.mv_size, entry, &pack);
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	error = divide(writer, prefix, &pack, BS_HISTORY_FULL);
	entries = (MDB_val){pack.size, pack.bytes};
	return error == BS_OK
		   ? bs_writer_history_put(writer, prefix, &head, &entries)
		   : error;
}

/* --- what happens --------------------------------------------------------- */

int
bs_writer_history_sighting(struct bs_writer *writer,
    const struct bs_prefix *prefix, enum bs_class class, uint32_t time_s,
    bool renewal)
{
	struct bs_history_entry entry = {
	    .kind = BS_HISTORY_DAY, .time_s = bs_history_day_s(time_s)};
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};

	entry.sum[bs_class_index(class)] =
	    (struct bs_history_sum){.sightings = 1, .renewals = renewal};
	return bs_writer_history_insert(writer, &key, &entry, time_s);
}

int
bs_writer_history(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_history_entry *entry)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};

	/* ending a listing must not need room where there is none; the journal
	 * still has it */
	if (writer->scarce ||
	    (writer->full && entry->kind == BS_HISTORY_EXPIRED))
		return BS_OK;
	(void)snprintf(entry->actor, sizeof(entry->actor), "%s", writer->actor);
	entry->time_s = writer->now_s;
	return bs_writer_history_insert(writer, &key, entry, writer->now_s);
}

/* --- reading ------------------------------------------------------------ */

/* The head's record, and where its entries are; BS_ENOTFOUND. */
static int
read_head(struct bs_snapshot *snapshot, MDB_val *key,
    struct bs_history_head *head_r, MDB_val *entries_r)
{
	MDB_val value;
	size_t used;
	int error = bs_store_error(mdb_get(snapshot->txn,
	    snapshot->store->dbi[BS_TABLE_HISTORY], key, &value));

	if (error == BS_OK)
		error = bs_history_head_decode(
		    value.mv_data, value.mv_size, head_r, &used);
	if (error != BS_OK)
		return error;
	entries_r->mv_data = (uint8_t *)value.mv_data + used;
	entries_r->mv_size = value.mv_size - used;
	return BS_OK;
}

int
bs_snapshot_history_head(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, struct bs_history_head *head_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val entries;

	return read_head(snapshot, &key, head_r, &entries);
}

/* The first of these entries behind `after`, or of all; BS_ENOTFOUND. */
static int
next_of(const MDB_val *entries, const struct bs_history_entry *after,
    struct bs_history_entry *entry_r)
{
	struct bs_history_reader reader;
	struct bs_history_entry entry;
	int error;

	bs_history_read_begin(&reader, entries->mv_data, entries->mv_size);
	do
		error = bs_history_read(&reader, &entry);
	while (
	    error == BS_OK && after != NULL &&
	    (entry.time_s < after->time_s || (entry.time_s == after->time_s &&
						 entry.order <= after->order)));
	if (error == BS_OK)
		*entry_r = entry;
	return error;
}

/* The same of the further records. */
static int
next_more(struct bs_snapshot *snapshot, const MDB_val *prefix,
    const struct bs_history_entry *after, struct bs_history_entry *entry_r)
{
	struct neighbours found;
	MDB_cursor *cursor;
	MDB_val entries;
	int error = BS_ENOTFOUND;
	int code = mdb_cursor_open(
	    snapshot->txn, snapshot->store->dbi[BS_TABLE_HISTORY], &cursor);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	code = find_neighbours(
	    cursor, prefix, after != NULL ? after->time_s : 0, &found);
	if (code != MDB_SUCCESS) {
		error = bs_store_error(code);
		goto out;
	}
	if (found.before.mv_size != 0) {
		error = more_entries(&found.before_value, &entries);
		if (error == BS_OK)
			error = next_of(&entries, after, entry_r);
	}
	if (error == BS_ENOTFOUND && found.behind.mv_size != 0) {
		error = more_entries(&found.behind_value, &entries);
		if (error == BS_OK)
			error = next_of(&entries, after, entry_r);
	}
out:
	mdb_cursor_close(cursor);
	return error;
}

int
bs_snapshot_history_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, const struct bs_history_entry *after,
    struct bs_history_entry *entry_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	struct bs_history_head head;
	MDB_val entries;
	int error = next_more(snapshot, &key, after, entry_r);

	if (error != BS_ENOTFOUND)
		return error;
	error = read_head(snapshot, &key, &head, &entries);
	return error == BS_OK ? next_of(&entries, after, entry_r) : error;
}
