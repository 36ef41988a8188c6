/*
 * The history: what happened to each prefix, summed up by day where it is much.
 * Written by whatever a writer does, read by `backstopctl history`.
 *
 * Kept for BS_HISTORY_KEEP_S after a listing ends.  Table trim has one entry
 * for each prefix; when it is due, all of the prefix is looked through: what
 * ended long enough ago goes, and of a listing that goes on the sums of days
 * long past are added up in the head, so that a host that never stops does not
 * make the history grow for ever.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "history.h"
#include "store_private.h"

/* --- the head ----------------------------------------------------------- */

/* BS_ENOTFOUND: the prefix has no history yet. */
static int
get_head(struct bs_writer *writer, MDB_val *key, struct bs_history_head *head_r)
{
	MDB_val value;
	int error = bs_writer_fetch(writer, BS_TABLE_HISTORY, key, &value);

	if (error != BS_OK)
		return error;
	if (bs_history_head_decode(value.mv_data, value.mv_size, head_r) ==
	    BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

/* Writes the head, and when it is due. */
static int
put_head(
    struct bs_writer *writer, MDB_val *key, const struct bs_history_head *head)
{
	struct bs_trim trim = {.time_s = head->due_s,
	    .kind = BS_TRIM_HISTORY,
	    .size = key->mv_size};
	uint8_t bytes[BS_HISTORY_HEAD_VALUE_MAX];
	MDB_val value = {.mv_data = bytes};
	int error;

	value.mv_size = bs_history_head_encode(head, bytes);
	error = bs_writer_put(writer, BS_TABLE_HISTORY, key, &value, 0);
	memcpy(trim.key, key->mv_data, key->mv_size);
	return error == BS_OK ? bs_writer_trim_at(writer, &trim) : error;
}

static uint32_t
later(uint32_t time_s, uint32_t length_s)
{
	return time_s > UINT32_MAX - length_s ? UINT32_MAX : time_s + length_s;
}

static int
ensure_head(struct bs_writer *writer, MDB_val *key, uint32_t time_s)
{
	struct bs_history_head head;
	int error = get_head(writer, key, &head);

	if (error != BS_ENOTFOUND)
		return error;
	head =
	    (struct bs_history_head){.due_s = later(time_s, BS_HISTORY_KEEP_S)};
	return put_head(writer, key, &head);
}

/* --- writing ------------------------------------------------------------ */

static int
put_entry(struct bs_writer *writer, MDB_val *key,
    const struct bs_history_entry *entry)
{
	uint8_t bytes[BS_HISTORY_VALUE_MAX];
	MDB_val value = {.mv_data = bytes};

	value.mv_size = bs_history_encode(entry, bytes);
	return bs_writer_put(writer, BS_TABLE_HISTORY, key, &value, 0);
}

static int
get_entry(
    struct bs_writer *writer, MDB_val *key, struct bs_history_entry *entry_r)
{
	const uint8_t *bytes = key->mv_data;
	MDB_val value;
	int error = bs_writer_fetch(writer, BS_TABLE_HISTORY, key, &value);

	if (error != BS_OK)
		return error;
	if (bs_history_decode(bytes + key->mv_size - 5, value.mv_data,
		value.mv_size, entry_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

int
bs_writer_history_sighting(struct bs_writer *writer,
    const struct bs_prefix *prefix, enum bs_class class, uint32_t time_s,
    bool renewal)
{
	struct bs_history_sum more[BS_CLASS_COUNT] = {{0}};
	struct bs_history_entry entry = {.kind = BS_HISTORY_DAY};
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	size_t size = bs_prefix_key(prefix, bytes);
	MDB_val head_key = {.mv_size = size, .mv_data = bytes}, key = head_key;
	int error;

	more[bs_class_index(class)] =
	    (struct bs_history_sum){.sightings = 1, .renewals = renewal};
	key.mv_size = bs_history_key(bytes, size, bs_history_day_s(time_s), 0);
	error = get_entry(writer, &key, &entry);
	if (error == BS_ENOTFOUND)
		error = ensure_head(writer, &head_key, time_s);
	if (error != BS_OK)
		return error;
	bs_history_add(entry.sum, more);
	return put_entry(writer, &key, &entry);
}

/* The first order that is free in this second; the last one is used again. */
static int
find_order(struct bs_writer *writer, uint8_t bytes[BS_HISTORY_KEY_MAX],
    size_t size, size_t *size_r)
{
	for (unsigned order = 1; order <= UINT8_MAX; order++) {
		MDB_val key = {.mv_data = bytes}, value;
		int error;

		key.mv_size =
		    bs_history_key(bytes, size, writer->now_s, (uint8_t)order);
		*size_r = key.mv_size;
		error = bs_writer_fetch(writer, BS_TABLE_HISTORY, &key, &value);
		if (error == BS_ENOTFOUND)
			return BS_OK;
		if (error != BS_OK)
			return error;
	}
	return BS_OK;
}

int
bs_writer_history(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_history_entry *entry)
{
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	size_t size = bs_prefix_key(prefix, bytes);
	MDB_val key = {.mv_size = size, .mv_data = bytes};
	int error;

	/* ending a listing by time must not need room where there is none */
	if (writer->full && entry->kind == BS_HISTORY_EXPIRED)
		return BS_OK;
	(void)snprintf(entry->actor, sizeof(entry->actor), "%s", writer->actor);
	error = ensure_head(writer, &key, writer->now_s);
	if (error == BS_OK)
		error = find_order(writer, bytes, size, &key.mv_size);
	return error == BS_OK ? put_entry(writer, &key, entry) : error;
}

/* --- letting go --------------------------------------------------------- */

/* One look through the history of a prefix. */
struct looking {
	struct bs_writer *writer;
	MDB_cursor *cursor;
	const struct bs_trim *trim;
	size_t steps; /* left */
	bool live;    /* listed or exempt now */

	uint32_t gone_s; /* the last end that is long enough ago; 0: none */
	uint32_t end_s;  /* the last end of all */
	uint32_t kept_s; /* the oldest record that stays; 0: none */
	struct bs_history_head head;
	struct bs_history_entry entry;
};

/* The record at or after the prefix's head (MDB_SET_RANGE), or the next. */
static int
step(struct looking *looking, MDB_cursor_op op)
{
	const struct bs_trim *trim = looking->trim;
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	MDB_val key = {.mv_data = bytes}, value;
	int code;

	if (looking->steps == 0)
		return BS_ENOTFOUND;
	looking->steps--;
	memcpy(bytes, trim->key, trim->size);
	key.mv_size = bs_history_key(bytes, trim->size, 0, 0);
	code = mdb_cursor_get(looking->cursor, &key, &value, op);
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(
		    looking->writer, bs_store_error(code), code);
	if (key.mv_size != trim->size + 5 ||
	    memcmp(key.mv_data, trim->key, trim->size) != 0)
		return BS_ENOTFOUND;
	if (bs_history_decode((const uint8_t *)key.mv_data + trim->size,
		value.mv_data, value.mv_size, &looking->entry) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(looking->writer, BS_ECORRUPT, MDB_CORRUPTED);
}

static bool
is_past(const struct looking *looking, uint32_t time_s)
{
	return later(time_s, BS_HISTORY_KEEP_S) <= looking->writer->now_s;
}

static int
find_ends(struct looking *looking)
{
	int error = step(looking, MDB_SET_RANGE);

	for (; error == BS_OK; error = step(looking, MDB_NEXT)) {
		if (!bs_history_is_end(&looking->entry))
			continue;
		looking->end_s = looking->entry.time_s;
		if (is_past(looking, looking->end_s))
			looking->gone_s = looking->end_s;
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* Whether the record goes; a day of a listing that goes on is added up. */
static bool
goes(struct looking *looking)
{
	const struct bs_history_entry *entry = &looking->entry;

	if (entry->time_s <= looking->gone_s)
		return true;
	if (entry->time_s <= looking->end_s || !is_past(looking, entry->time_s))
		return false;
	if (!looking->live)
		return true;
	if (entry->kind != BS_HISTORY_DAY)
		return false;
	bs_history_add(looking->head.sum, entry->sum);
	if (looking->head.since_s == 0)
		looking->head.since_s = entry->time_s;
	return true;
}

static int
drop_old(struct looking *looking)
{
	int error = step(looking, MDB_SET_RANGE);

	for (; error == BS_OK; error = step(looking, MDB_NEXT)) {
		int code;

		if (!goes(looking)) {
			if (looking->kept_s == 0)
				looking->kept_s = looking->entry.time_s;
			continue;
		}
		code = mdb_cursor_del(looking->cursor, 0);
		if (code != MDB_SUCCESS)
			return bs_writer_spoil(
			    looking->writer, bs_store_error(code), code);
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* When to look again: when the oldest record may go, or some days on. */
static uint32_t
next_due(const struct looking *looking)
{
	uint32_t now_s = looking->writer->now_s;

	if (looking->kept_s != 0 && !is_past(looking, looking->kept_s))
		return later(looking->kept_s, BS_HISTORY_KEEP_S);
	return later(now_s, BS_STORE_HISTORY_AGAIN_S);
}

/* Without records there is no head, unless it sums up a listing's days. */
static int
renew_head(struct looking *looking, MDB_val *key)
{
	struct bs_writer *writer = looking->writer;

	if (looking->kept_s == 0 && !looking->live)
		return bs_writer_del(writer, BS_TABLE_HISTORY, key);
	/* sums of a listing that has ended say nothing of the next one */
	if (looking->gone_s > looking->head.since_s) {
		looking->head.since_s = 0;
		memset(looking->head.sum, 0, sizeof(looking->head.sum));
	}
	looking->head.due_s = next_due(looking);
	return put_head(writer, key, &looking->head);
}

static int
is_live(struct bs_writer *writer, const struct bs_prefix *prefix, bool *live_r)
{
	struct bs_listing listing;
	struct bs_exemption exemption;
	int error = bs_writer_get(writer, prefix, &listing);

	if (error == BS_ENOTFOUND)
		error = bs_writer_exempt_get(writer, prefix, &exemption);
	*live_r = error == BS_OK;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
look_through(struct looking *looking)
{
	struct bs_writer *writer = looking->writer;
	int error;
	int code = mdb_cursor_open(writer->txn,
	    writer->store->dbi[BS_TABLE_HISTORY], &looking->cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	looking->steps = BS_STORE_HISTORY_STEPS;
	error = find_ends(looking);
	looking->steps = BS_STORE_HISTORY_STEPS;
	if (error == BS_OK)
		error = drop_old(looking);
	mdb_cursor_close(looking->cursor);
	return error;
}

int
bs_writer_trim_history(struct bs_writer *writer, const struct bs_trim *trim)
{
	struct looking looking = {.writer = writer, .trim = trim};
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	MDB_val key = {.mv_size = trim->size, .mv_data = bytes};
	struct bs_prefix prefix;
	int error;

	if (bs_prefix_key_parse(trim->key, trim->size, &prefix) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	memcpy(bytes, trim->key, trim->size);
	error = get_head(writer, &key, &looking.head);
	/* an entry that its head does not know of is of no use */
	if (error == BS_ENOTFOUND || looking.head.due_s != trim->time_s)
		return error == BS_ENOTFOUND ? BS_OK : error;
	if (error == BS_OK)
		error = is_live(writer, &prefix, &looking.live);
	if (error == BS_OK)
		error = look_through(&looking);
	return error == BS_OK ? renew_head(&looking, &key) : error;
}

/* --- reading ------------------------------------------------------------ */

int
bs_snapshot_history_head(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, struct bs_history_head *head_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int code = mdb_get(snapshot->txn,
	    snapshot->store->dbi[BS_TABLE_HISTORY], &key, &value);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	return bs_history_head_decode(value.mv_data, value.mv_size, head_r);
}

/* The entry that the key leads to, if it is the prefix's. */
static int
read_entry(MDB_cursor *cursor, MDB_val *key, size_t size,
    struct bs_history_entry *entry_r)
{
	uint8_t prefix[BS_PREFIX_KEY_MAX];
	MDB_val value;
	int code;

	memcpy(prefix, key->mv_data, size);
	code = mdb_cursor_get(cursor, key, &value, MDB_SET_RANGE);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	if (key->mv_size != size + 5 || memcmp(key->mv_data, prefix, size) != 0)
		return BS_ENOTFOUND;
	return bs_history_decode((const uint8_t *)key->mv_data + size,
	    value.mv_data, value.mv_size, entry_r);
}

int
bs_snapshot_history_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, const struct bs_history_entry *after,
    struct bs_history_entry *entry_r)
{
	uint8_t bytes[BS_HISTORY_KEY_MAX + 1];
	size_t size = bs_prefix_key(prefix, bytes);
	MDB_val key = {.mv_data = bytes};
	MDB_cursor *cursor;
	int code, error;

	key.mv_size = after == NULL ? bs_history_key(bytes, size, 0, 0)
				    : bs_history_key(bytes, size, after->time_s,
					  after->order);
	if (after != NULL) /* the key behind it */
		bytes[key.mv_size++] = 0;
	code = mdb_cursor_open(
	    snapshot->txn, snapshot->store->dbi[BS_TABLE_HISTORY], &cursor);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	error = read_entry(cursor, &key, size, entry_r);
	mdb_cursor_close(cursor);
	return error;
}
