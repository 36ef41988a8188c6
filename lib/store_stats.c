/*
 * Counts: what the database holds, by walking it, and how much room it takes,
 * by asking LMDB.  Called by the tool, and by the writer for the pages that are
 * free; reading listings is store_read.c's.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>

#include "bytes.h"
#include "store_private.h"

/* Of one record of the freelist: a count, then page numbers, downwards. */
static uint64_t
count_pages(const MDB_val *value, uint64_t first)
{
	size_t room = value->mv_size / sizeof(size_t), count, page;
	const uint8_t *at = value->mv_data;
	uint64_t found = 0;

	if (room == 0)
		return 0;
	memcpy(&count, at, sizeof(count));
	if (first == 0)
		return count;
	for (size_t i = 1; i <= count && i < room; i++) {
		memcpy(&page, at + i * sizeof(page), sizeof(page));
		if (page < first)
			break;
		found++;
	}
	return found;
}

int
bs_store_free_pages(MDB_txn *txn, uint64_t first, uint64_t *count_r)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	/* table 0 is LMDB's freelist: a record per transaction */
	int code = mdb_cursor_open(txn, 0, &cursor);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	*count_r = 0;
	code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (code == MDB_SUCCESS) {
		*count_r += count_pages(&value, first);
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? BS_OK : bs_store_error(code);
}

static uint64_t
count_entries(struct bs_snapshot *snapshot, enum bs_table table)
{
	MDB_stat stat;

	if (mdb_stat(snapshot->txn, snapshot->store->dbi[table], &stat) !=
	    MDB_SUCCESS)
		return 0;
	return stat.ms_entries;
}

uint64_t
bs_snapshot_listings_of(struct bs_snapshot *snapshot, uint8_t family)
{
	assert(snapshot->active);
	return count_entries(snapshot, bs_store_listing_table(family));
}

uint64_t
bs_snapshot_listings(struct bs_snapshot *snapshot)
{
	return bs_snapshot_listings_of(snapshot, BS_IPV4) +
	       bs_snapshot_listings_of(snapshot, BS_IPV6);
}

static int
count_classes(struct bs_snapshot *snapshot, uint64_t counts[BS_CLASS_COUNT])
{
	struct bs_listing listing;
	int error = bs_snapshot_next(snapshot, NULL, &listing);

	while (error == BS_OK) {
		struct bs_prefix prefix = listing.prefix;

		for (size_t i = 0; i < BS_CLASS_COUNT; i++)
			counts[i] += (listing.classes & bs_class_at(i)) != 0;
		error = bs_snapshot_next(snapshot, &prefix, &listing);
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
count_overdue(struct bs_snapshot *snapshot, uint32_t now_s, uint64_t *count_r)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	uint64_t count = 0;
	int code;

	code = mdb_cursor_open(
	    snapshot->txn, snapshot->store->dbi[BS_TABLE_EXPIRY], &cursor);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (code == MDB_SUCCESS && key.mv_size >= 4 &&
	       bs_get_be32(key.mv_data) <= now_s) {
		count++;
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	*count_r = count;
	return code == MDB_SUCCESS || code == MDB_NOTFOUND
		   ? BS_OK
		   : bs_store_error(code);
}

/* Of the file and its map, not of the content. */
static int
measure(struct bs_snapshot *snapshot, struct bs_store_stats *stats)
{
	MDB_env *env = snapshot->store->env;
	mdb_filehandle_t fd;
	struct stat status;
	MDB_envinfo info;
	MDB_stat stat;
	uint64_t free_pages = 0;
	int error = bs_store_free_pages(snapshot->txn, 0, &free_pages);

	if (error != BS_OK)
		return error;
	if (mdb_env_info(env, &info) != MDB_SUCCESS ||
	    mdb_env_stat(env, &stat) != MDB_SUCCESS ||
	    mdb_env_get_fd(env, &fd) != MDB_SUCCESS || fstat(fd, &status) != 0)
		return BS_EIO;
	stats->file_bytes = (uint64_t)status.st_size;
	stats->used_bytes =
	    (info.me_last_pgno + 1 - free_pages) * stat.ms_psize;
	stats->map_bytes = info.me_mapsize;
	stats->readers = info.me_numreaders;
	return BS_OK;
}

/* A record of table meta; false where there is none. */
static bool
get_meta(struct bs_snapshot *snapshot, const char *name, MDB_val *value_r)
{
	char copy[16];
	MDB_val key = {.mv_size = strlen(name), .mv_data = copy};

	memcpy(copy, name, key.mv_size);
	return mdb_get(snapshot->txn, snapshot->store->dbi[BS_TABLE_META], &key,
		   value_r) == MDB_SUCCESS;
}

/* Clock and journal; what is not there is 0. */
static int
read_meta(struct bs_snapshot *snapshot, struct bs_store_stats *stats)
{
	struct bs_clock_record clock = {0};
	struct bs_keep keep = {0};
	struct bs_journal_entry entry;
	MDB_val value;
	int error = BS_OK;

	if (get_meta(snapshot, BS_META_CLOCK, &value))
		error = bs_clock_decode(value.mv_data, value.mv_size, &clock);
	if (error == BS_OK && get_meta(snapshot, BS_META_KEEP, &value))
		error = bs_keep_decode(value.mv_data, value.mv_size, &keep);
	if (error != BS_OK)
		return error;
	stats->written_s = clock.written_s;
	stats->leap_s = clock.leap_s;
	stats->journal_keep = keep.number;
	stats->journal_lost = keep.lost;
	error = bs_snapshot_journal(snapshot, 0, &entry);
	if (error == BS_OK)
		stats->journal_first = entry.number;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

int
bs_snapshot_stats(struct bs_snapshot *snapshot, uint32_t now_s,
    struct bs_store_stats *stats_r)
{
	struct bs_store_stats stats = {0};
	int error;

	assert(snapshot->active);
	stats.listings_ipv4 = count_entries(snapshot, BS_TABLE_LISTING4);
	stats.listings_ipv6 = count_entries(snapshot, BS_TABLE_LISTING6);
	stats.sightings = count_entries(snapshot, BS_TABLE_SIGHTING);
	stats.seen = count_entries(snapshot, BS_TABLE_SEEN);
	stats.past = count_entries(snapshot, BS_TABLE_PAST);
	stats.exemptions = count_entries(snapshot, BS_TABLE_EXEMPT);
	stats.evidence = count_entries(snapshot, BS_TABLE_EVIDENCE);
	stats.held = count_entries(snapshot, BS_TABLE_HELD);
	stats.waiting = count_entries(snapshot, BS_TABLE_WAITING);
	stats.history = count_entries(snapshot, BS_TABLE_HISTORY);
	stats.journal_entries = count_entries(snapshot, BS_TABLE_JOURNAL);
	stats.journal_number = snapshot->number;
	stats.serial = bs_snapshot_serial(snapshot);
	stats.removed = count_entries(snapshot, BS_TABLE_REMOVED);
	stats.trim = count_entries(snapshot, BS_TABLE_TRIM);
	error = read_meta(snapshot, &stats);
	if (error == BS_OK)
		error = count_classes(snapshot, stats.listings_class);
	if (error == BS_OK)
		error = count_overdue(snapshot, now_s, &stats.overdue);
	if (error == BS_OK)
		error = measure(snapshot, &stats);
	if (error == BS_OK)
		*stats_r = stats;
	return error;
}
