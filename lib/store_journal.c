/*
 * The journal of a writer: numbers each change of an answer and keeps the
 * journal within its limits.  Reading it is store_read.c's, its bytes are
 * journal.c's.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* The number and time of the oldest entry; BS_ENOTFOUND. */
static int
oldest(struct bs_writer *writer, uint64_t *number_r, uint32_t *time_s_r)
{
	struct bs_journal_entry entry;
	uint8_t bytes[8];
	size_t size = sizeof(bytes);
	MDB_val key = {.mv_size = sizeof(bytes), .mv_data = bytes}, value;
	int error = bs_writer_first(writer, BS_TABLE_JOURNAL, bytes, &size);

	if (error == BS_OK)
		error = bs_writer_fetch(writer, BS_TABLE_JOURNAL, &key, &value);
	if (error != BS_OK)
		return error;
	*number_r = bs_get_be64(bytes);
	/* one that does not decode is of no use to anybody: let it go first */
	if (size != sizeof(bytes) || bs_journal_decode(*number_r, value.mv_data,
					 value.mv_size, &entry) != BS_OK)
		entry.time_s = 0;
	*time_s_r = entry.time_s;
	return BS_OK;
}

/* --- what secondaries need ----------------------------------------------- */

static int
load_keep(struct bs_writer *writer)
{
	MDB_val value;
	int error;

	if (writer->keep_known)
		return BS_OK;
	error = bs_writer_fetch_meta(writer, BS_META_KEEP, &value);
	if (error == BS_ENOTFOUND)
		writer->keep = (struct bs_keep){0};
	else if (error != BS_OK)
		return error;
	else if (bs_keep_decode(value.mv_data, value.mv_size, &writer->keep) !=
		 BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	writer->keep_known = true;
	return BS_OK;
}

static int
put_keep(struct bs_writer *writer)
{
	uint8_t bytes[BS_KEEP_VALUE_SIZE];

	bs_keep_encode(&writer->keep, bytes);
	return bs_writer_put_meta(writer, BS_META_KEEP, bytes, sizeof(bytes));
}

int
bs_writer_journal_keep(struct bs_writer *writer, uint64_t number)
{
	int error = writer->failed;

	if (error == BS_OK)
		error = load_keep(writer);
	if (error != BS_OK || writer->keep.number == number)
		return error;
	writer->keep = (struct bs_keep){.number = number};
	return put_keep(writer);
}

/* Notes that an entry goes although it is asked for. */
static int
note_lost(struct bs_writer *writer, uint64_t number)
{
	writer->keep.lost = number;
	writer->tidied.journal_lost++;
	return put_keep(writer);
}

/* --- trimming ------------------------------------------------------------- */

/* Whether it has more than `times` the entries, or an entry of that time is
 * `times` too old. */
static bool
is_over(const struct bs_writer *writer, uint64_t entries, uint32_t time_s,
    uint64_t times)
{
	const struct bs_store_limits *limits = &writer->store->limits;

	return entries > limits->journal_entries * times ||
	       time_s + limits->journal_s * times <= writer->now_s;
}

/* Whether the oldest entry may go; its number, and whether it is asked for. */
static int
look_at_oldest(
    struct bs_writer *writer, uint64_t *number_r, bool *goes_r, bool *lost_r)
{
	uint32_t time_s;
	MDB_stat stat;
	int error, code = mdb_stat(writer->txn,
		       writer->store->dbi[BS_TABLE_JOURNAL], &stat);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	*goes_r = *lost_r = false;
	if (stat.ms_entries == 0 ||
	    (writer->journal_first_known &&
		!is_over(writer, stat.ms_entries, writer->journal_first_s, 1)))
		return BS_OK;
	error = oldest(writer, number_r, &time_s);
	if (error == BS_OK)
		error = load_keep(writer);
	if (error != BS_OK)
		return error;
	writer->journal_first_s = time_s;
	writer->journal_first_known = true;
	*lost_r = writer->keep.number != 0 && *number_r >= writer->keep.number;
	*goes_r = *number_r != writer->state.number &&
		  is_over(writer, stat.ms_entries, time_s,
		      *lost_r ? BS_STORE_KEEP_TIMES : 1);
	return BS_OK;
}

int
bs_writer_journal_trim(struct bs_writer *writer, size_t max)
{
	for (size_t i = 0; i < max && !writer->tidied.held; i++) {
		uint8_t bytes[8];
		MDB_val key = {.mv_size = sizeof(bytes), .mv_data = bytes};
		uint64_t number = 0;
		bool goes, lost;
		int error = look_at_oldest(writer, &number, &goes, &lost);

		if (error != BS_OK || !goes)
			return error;
		if (lost)
			error = note_lost(writer, number);
		if (error != BS_OK)
			return error;
		bs_put_be64(bytes, number);
		error = bs_writer_del(writer, BS_TABLE_JOURNAL, &key);
		if (error != BS_OK)
			return error;
		writer->journal_first_known = false;
		writer->tidied.journal_trimmed++;
	}
	return BS_OK;
}

int
bs_writer_journal(struct bs_writer *writer, struct bs_journal_entry *entry)
{
	uint8_t key_bytes[8], bytes[BS_JOURNAL_VALUE_MAX];
	MDB_val key = {.mv_size = sizeof(key_bytes), .mv_data = key_bytes};
	MDB_val value = {.mv_data = bytes};
	int error;

	entry->number = writer->state.number + 1;
	entry->time_s = writer->now_s;
	(void)snprintf(entry->actor, sizeof(entry->actor), "%s", writer->actor);
	bs_put_be64(key_bytes, entry->number);
	value.mv_size = bs_journal_encode(entry, bytes);
	error =
	    bs_writer_put(writer, BS_TABLE_JOURNAL, &key, &value, MDB_APPEND);
	if (error != BS_OK)
		return error;
	writer->state.number = entry->number;
	writer->state_changed = true;
	return bs_writer_journal_trim(writer, BS_STORE_TRIM_EACH);
}
