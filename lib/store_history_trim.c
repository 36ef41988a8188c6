/*
 * Lets old history go.
 *
 * Kept for BS_HISTORY_KEEP_S after a listing ends.  Table trim has one entry
 * for each prefix; when it is due, all of the prefix is looked through: what
 * ended long enough ago goes, and of a listing that goes on the sums of days
 * long past are added up in the head, so that a host that never stops does not
 * make the history grow for ever.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "history_pack.h"
#include "store_private.h"

/* One look through the history of a prefix. */
struct looking {
	struct bs_writer *writer;
	MDB_val prefix;
	size_t steps; /* entries that may still be looked at */
	bool live;    /* listed or exempt now */

	uint32_t gone_s; /* the last end that is long enough ago; 0: none */
	uint32_t end_s;  /* the last end of all */
	uint32_t kept_s; /* the oldest entry that stays; 0: none */
	struct bs_history_head head;
	struct bs_history_pack from, kept; /* entries of one record */
};

static bool
is_past(const struct looking *looking, uint32_t time_s)
{
	return bs_store_later(time_s, BS_HISTORY_KEEP_S) <=
	       looking->writer->now_s;
}

/* --- records ------------------------------------------------------------ */

static int
spoil(struct looking *looking)
{
	return bs_writer_spoil(looking->writer, BS_ECORRUPT, MDB_CORRUPTED);
}

/* Copies the entries behind the head. */
static int
load_head(struct looking *looking, struct bs_history_head *head_r)
{
	MDB_val entries;
	int error = bs_writer_history_head(
	    looking->writer, &looking->prefix, head_r, &entries);

	if (error != BS_OK)
		return error;
	memcpy(looking->from.bytes, entries.mv_data, entries.mv_size);
	looking->from.size = entries.mv_size;
	return BS_OK;
}

/* Copies the entries of the first further record from day *day on, which
 * becomes its day; BS_ENOTFOUND. */
static int
load_more(struct looking *looking, uint32_t *day)
{
	struct bs_writer *writer = looking->writer;
	size_t size = looking->prefix.mv_size, used;
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	MDB_val key = {.mv_data = bytes}, value;
	MDB_cursor *cursor;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_HISTORY], &cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	memcpy(bytes, looking->prefix.mv_data, size);
	key.mv_size = bs_history_key(bytes, size, *day * BS_DAY_S);
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	mdb_cursor_close(cursor);
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	if (key.mv_size != size + BS_HISTORY_TAIL ||
	    memcmp(key.mv_data, looking->prefix.mv_data, size) != 0)
		return BS_ENOTFOUND;
	if (bs_history_more_decode(value.mv_data, value.mv_size, &used) !=
	    BS_OK)
		return spoil(looking);
	looking->from.size = value.mv_size - used;
	memcpy(looking->from.bytes, (const uint8_t *)value.mv_data + used,
	    looking->from.size);
	*day = bs_get_be16((const uint8_t *)key.mv_data + size);
	return BS_OK;
}

/* Calls `look` for each record, the head's last; *day_r is the record's day. */
static int
each_record(struct looking *looking,
    int (*look)(struct looking *looking, const uint32_t *day))
{
	struct bs_history_head head;
	uint32_t day = 0;
	int error;

	looking->steps = BS_STORE_HISTORY_STEPS;
	while ((error = load_more(looking, &day)) == BS_OK) {
		error = look(looking, &day);
		if (error != BS_OK)
			return error;
		day++;
	}
	if (error == BS_ENOTFOUND)
		error = load_head(looking, &head);
	return error == BS_OK ? look(looking, NULL) : error;
}

/* --- what goes ---------------------------------------------------------- */

static int
find_ends(struct looking *looking, const uint32_t *day)
{
	struct bs_history_reader reader;
	struct bs_history_entry entry;
	int error;

	(void)day;
	bs_history_read_begin(&reader, looking->from.bytes, looking->from.size);
	while ((error = bs_history_read(&reader, &entry)) == BS_OK) {
		if (looking->steps == 0)
			return BS_OK;
		looking->steps--;
		if (!bs_history_is_end(&entry))
			continue;
		looking->end_s = entry.time_s;
		if (is_past(looking, looking->end_s))
			looking->gone_s = looking->end_s;
	}
	return error == BS_ENOTFOUND ? BS_OK : spoil(looking);
}

/* Whether the entry goes; a day of a listing that goes on is added up. */
static bool
goes(struct looking *looking, const struct bs_history_entry *entry)
{
	if (looking->steps == 0)
		return false;
	looking->steps--;
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

/* What stays of a record's entries. */
static int
choose(struct looking *looking)
{
	struct bs_history_reader reader;
	struct bs_history_entry entry;
	uint32_t after = 0;
	int error;

	looking->kept.size = 0;
	bs_history_read_begin(&reader, looking->from.bytes, looking->from.size);
	while ((error = bs_history_read(&reader, &entry)) == BS_OK) {
		if (goes(looking, &entry))
			continue;
		if (looking->kept_s == 0)
			looking->kept_s = entry.time_s;
		bs_history_append(&looking->kept, &entry, after);
		after = reader.day;
	}
	return error == BS_ENOTFOUND ? BS_OK : spoil(looking);
}

/* Lets go what goes of one record; that of the head is put by renew_head. */
static int
drop_old(struct looking *looking, const uint32_t *day)
{
	uint8_t bytes[BS_HISTORY_KEY_MAX];
	MDB_val key = {.mv_data = bytes};
	MDB_val entries = {.mv_data = looking->kept.bytes};
	size_t size = looking->prefix.mv_size;
	int error = choose(looking);

	entries.mv_size = looking->kept.size;
	if (error != BS_OK || day == NULL ||
	    entries.mv_size == looking->from.size)
		return error;
	memcpy(bytes, looking->prefix.mv_data, size);
	key.mv_size = bs_history_key(bytes, size, *day * BS_DAY_S);
	error = bs_writer_del(looking->writer, BS_TABLE_HISTORY, &key);
	if (error != BS_OK || entries.mv_size == 0)
		return error;
	return bs_writer_history_more(
	    looking->writer, &looking->prefix, &entries);
}

/* When to look again: when the oldest entry may go, or some days on. */
static uint32_t
next_due(const struct looking *looking)
{
	uint32_t now_s = looking->writer->now_s;

	if (looking->kept_s != 0 && !is_past(looking, looking->kept_s))
		return bs_store_later(looking->kept_s, BS_HISTORY_KEEP_S);
	return bs_store_later(now_s, BS_STORE_HISTORY_AGAIN_S);
}

/* Without entries there is no head, unless it sums up a listing's days. */
static int
renew_head(struct looking *looking)
{
	struct bs_writer *writer = looking->writer;
	const MDB_val entries = {looking->kept.size, looking->kept.bytes};
	int error;

	if (looking->kept_s == 0 && !looking->live)
		return bs_writer_del(
		    writer, BS_TABLE_HISTORY, &looking->prefix);
	/* sums of a listing that has ended say nothing of the next one */
	if (looking->gone_s > looking->head.since_s) {
		looking->head.since_s = 0;
		memset(looking->head.sum, 0, sizeof(looking->head.sum));
	}
	looking->head.due_s = next_due(looking);
	error = bs_writer_history_put(
	    writer, &looking->prefix, &looking->head, &entries);
	return error == BS_OK ? bs_writer_history_due(writer, &looking->prefix,
				    looking->head.due_s)
			      : error;
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

int
bs_writer_trim_history(struct bs_writer *writer, const struct bs_trim *trim)
{
	uint8_t bytes[BS_SIGHTING_KEY_MAX];
	struct looking looking = {.writer = writer,
	    .prefix = {.mv_size = trim->size, .mv_data = bytes}};
	struct bs_prefix prefix;
	int error;

	if (bs_prefix_key_parse(trim->key, trim->size, &prefix) != BS_OK)
		return spoil(&looking);
	memcpy(bytes, trim->key, trim->size);
	error = load_head(&looking, &looking.head);
	/* an entry that its head does not know of is of no use */
	if (error == BS_ENOTFOUND || looking.head.due_s != trim->time_s)
		return error == BS_ENOTFOUND ? BS_OK : error;
	error = is_live(writer, &prefix, &looking.live);
	if (error == BS_OK)
		error = each_record(&looking, find_ends);
	if (error == BS_OK)
		error = each_record(&looking, drop_old);
	return error == BS_OK ? renew_head(&looking) : error;
}
