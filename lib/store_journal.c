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

/* Whether there are too many entries, or the oldest is too old. */
static int
over_limit(struct bs_writer *writer, bool *over_r, uint64_t *number_r)
{
	const struct bs_store_limits *limits = &writer->store->limits;
	uint32_t time_s;
	MDB_stat stat;
	int code, error;

	code =
	    mdb_stat(writer->txn, writer->store->dbi[BS_TABLE_JOURNAL], &stat);
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	if (stat.ms_entries <= limits->journal_entries &&
	    writer->journal_first_known &&
	    (uint64_t)writer->journal_first_s + limits->journal_s >
		writer->now_s) {
		*over_r = false;
		return BS_OK;
	}
	error = oldest(writer, number_r, &time_s);
	if (error != BS_OK)
		return error;
	writer->journal_first_s = time_s;
	writer->journal_first_known = true;
	*over_r = stat.ms_entries > limits->journal_entries ||
		  (uint64_t)time_s + limits->journal_s <= writer->now_s;
	return BS_OK;
}

/* Lets go of up to BS_STORE_TRIM_EACH old entries, never of the newest. */
static int
trim_journal(struct bs_writer *writer)
{
	for (int i = 0; i < BS_STORE_TRIM_EACH; i++) {
		uint8_t bytes[8];
		MDB_val key = {.mv_size = sizeof(bytes), .mv_data = bytes};
		uint64_t number = 0;
		bool over = false;
		int error = over_limit(writer, &over, &number);

		if (error != BS_OK || !over || number == writer->state.number)
			return error;
		bs_put_be64(bytes, number);
		error = bs_writer_del(writer, BS_TABLE_JOURNAL, &key);
		if (error != BS_OK)
			return error;
		writer->journal_first_known = false;
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
	return trim_journal(writer);
}
