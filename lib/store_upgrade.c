/*
 * Makes a database of an older schema one of this schema, in one transaction.
 * Called by store.c when the tool asks for it, on a file that nobody else has.
 *
 * Schema 4 had more tables than 3 (some builds on the way there had not all of
 * them): those that are missing are made.  Schema 5 has the history of a prefix
 * in one record: each record of an older one is taken out and put there.  A
 * sighting of schema 3 gets the time when it may go.  Schema 6 has two tables
 * more, of what waits to become public.
 */
#include "autoconf.h"

#include <string.h>

#include "clock.h"
#include "history4.h"
#include "store_private.h"

/* --- history -------------------------------------------------------------- */

/* The first record of table history at or behind a key; its key is copied. */
struct record {
	uint8_t key[BS_TRIM_KEY_MAX];
	size_t size;
	MDB_val value; /* until the next write */
};

static int
find(struct bs_writer *writer, struct record *record, MDB_cursor_op op)
{
	MDB_val key = {record->size, record->key};
	MDB_cursor *cursor;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_HISTORY], &cursor);

	if (code != MDB_SUCCESS)
		return code;
	code = mdb_cursor_get(cursor, &key, &record->value, op);
	mdb_cursor_close(cursor);
	if (code != MDB_SUCCESS)
		return code;
	if (key.mv_size >= sizeof(record->key))
		return MDB_CORRUPTED;
	memcpy(record->key, key.mv_data, key.mv_size);
	record->size = key.mv_size;
	return MDB_SUCCESS;
}

/* The key behind this one. */
static void
go_behind(struct record *record)
{
	record->key[record->size++] = 0;
}

static bool
is_entry(const struct record *record, const struct record *head)
{
	return record->size == head->size + BS_HISTORY4_TAIL &&
	       memcmp(record->key, head->key, head->size) == 0;
}

static int
move_entry(
    struct bs_writer *writer, struct record *record, const struct record *head)
{
	uint8_t prefix[BS_TRIM_KEY_MAX];
	MDB_val prefix_key = {head->size, prefix};
	MDB_val key = {record->size, record->key};
	struct bs_history_entry entry;
	int error;

	memcpy(prefix, head->key, head->size);
	if (bs_history4_decode(record->key + head->size, record->value.mv_data,
		record->value.mv_size, &entry) != BS_OK)
		return BS_ECORRUPT;
	error = bs_writer_del(writer, BS_TABLE_HISTORY, &key);
	return error == BS_OK ? bs_writer_history_insert(
				    writer, &prefix_key, &entry, entry.time_s)
			      : error;
}

static bool
is_new(const MDB_val *value)
{
	struct bs_history_head head;
	size_t used;

	return bs_history_head_decode(
		   value->mv_data, value->mv_size, &head, &used) == BS_OK;
}

/* Puts the head anew, then entry by entry behind it. */
static int
move_prefix(struct bs_writer *writer, const struct record *head)
{
	struct record record = *head;
	MDB_val key = {record.size, record.key}, none = {0};
	struct bs_history_head kept;
	int code, error = bs_history4_head_decode(
		      head->value.mv_data, head->value.mv_size, &kept);

	if (error == BS_EVERSION)
		return is_new(&head->value) ? BS_OK : BS_ECORRUPT;
	if (error != BS_OK)
		return error;
	error = bs_writer_history_put(writer, &key, &kept, &none);
	while (error == BS_OK) {
		go_behind(&record);
		code = find(writer, &record, MDB_SET_RANGE);
		if (code == MDB_NOTFOUND)
			return BS_OK;
		if (code != MDB_SUCCESS)
			return bs_writer_spoil(
			    writer, bs_store_error(code), code);
		if (record.size <= head->size ||
		    memcmp(record.key, head->key, head->size) != 0)
			return BS_OK;
		/* what is put has shorter keys */
		if (is_entry(&record, head))
			error = move_entry(writer, &record, head);
	}
	return error;
}

/* Prefix by prefix; those that this schema made are passed over. */
static int
move_history(struct bs_writer *writer)
{
	struct record record = {.size = 0};
	struct bs_prefix prefix;
	int error = BS_OK;
	int code = find(writer, &record, MDB_FIRST);

	while (code == MDB_SUCCESS && error == BS_OK) {
		if (bs_prefix_key_parse(record.key, record.size, &prefix) ==
		    BS_OK)
			error = move_prefix(writer, &record);
		go_behind(&record);
		if (error == BS_OK)
			code = find(writer, &record, MDB_SET_RANGE);
	}
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	return code == MDB_NOTFOUND
		   ? BS_OK
		   : bs_writer_spoil(writer, bs_store_error(code), code);
}

/* Calls `change` for each record of a table, which leaves that table alone. */
typedef int change_record(
    struct bs_writer *writer, const MDB_val *key, const MDB_val *value);

static int
change_each(
    struct bs_writer *writer, enum bs_table table, change_record *change)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	int error = BS_OK;
	int code =
	    mdb_cursor_open(writer->txn, writer->store->dbi[table], &cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (code == MDB_SUCCESS && error == BS_OK) {
		error = change(writer, &key, &value);
		if (error == BS_OK)
			code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	if (error != BS_OK || code == MDB_NOTFOUND)
		return error;
	return bs_writer_spoil(writer, bs_store_error(code), code);
}

/* --- sightings -------------------------------------------------------------- */

/* Schema 3 said only in table trim when a sighting may go: who takes one back
 * has to find that there. */
static int
date_sighting(struct bs_writer *writer, const struct bs_trim *trim)
{
	uint8_t key_bytes[BS_TRIM_KEY_MAX], bytes[BS_SIGHTING_VALUE_MAX];
	MDB_val key = {.mv_size = trim->size, .mv_data = key_bytes};
	MDB_val value;
	struct bs_sighting_record record;
	int error;

	memcpy(key_bytes, trim->key, trim->size);
	error = bs_writer_fetch(writer, BS_TABLE_SIGHTING, &key, &value);
	if (error != BS_OK)
		return error == BS_ENOTFOUND ? BS_OK : error;
	if (bs_sighting_decode(value.mv_data, value.mv_size, &record) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	if (record.until_s != 0)
		return BS_OK;
	record.until_s = trim->time_s;
	value.mv_size = bs_sighting_encode(&record, bytes);
	value.mv_data = bytes;
	return bs_writer_put(writer, BS_TABLE_SIGHTING, &key, &value, 0);
}

static int
date_by_trim(struct bs_writer *writer, const MDB_val *key, const MDB_val *value)
{
	struct bs_trim trim;
	int error = bs_trim_key_parse(key->mv_data, key->mv_size, &trim);

	(void)value;
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	return trim.kind == BS_TRIM_SIGHTING ? date_sighting(writer, &trim)
					     : BS_OK;
}

/* --- what is held ----------------------------------------------------------- */

/* Schema 4 had no time for it to go. */
static int
note_held(struct bs_writer *writer, const MDB_val *key, const MDB_val *value)
{
	struct bs_held held;
	struct bs_trim trim;
	int error = bs_held_key_parse(key->mv_data, key->mv_size, &held);

	if (error == BS_OK)
		error = bs_held_decode(value->mv_data, value->mv_size, &held);
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	trim = bs_store_held_trim(&held);
	return bs_writer_trim_at(writer, &trim);
}

/* --- all of it ------------------------------------------------------------ */

/* Opens all tables; those that are not there are made. */
static int
make_tables(struct bs_writer *writer)
{
	int code = MDB_SUCCESS;

	for (size_t i = 0; code == MDB_SUCCESS && i < BS_TABLE_COUNT; i++)
		code = mdb_dbi_open(writer->txn,
		    bs_store_table_name((enum bs_table)i),
		    i == BS_TABLE_META ? 0 : MDB_CREATE,
		    &writer->store->dbi[i]);
	return code == MDB_SUCCESS
		   ? BS_OK
		   : bs_writer_spoil(writer, bs_store_error(code), code);
}

static int
put_schema(struct bs_writer *writer)
{
	uint8_t bytes[BS_SCHEMA_SIZE];
	size_t size = bs_schema_encode(
	    BS_STORE_SCHEMA, bs_clock_now_s(&bs_clock_system), bytes);

	return bs_writer_put_meta(writer, BS_META_SCHEMA, bytes, size);
}

int
bs_store_upgrade(struct bs_store *store, struct bs_message *message)
{
	struct bs_writer writer = {.store = store};
	int error;
	int code = mdb_txn_begin(store->env, NULL, 0, &writer.txn);

	if (code != MDB_SUCCESS)
		return bs_store_explain(store, code, "not upgraded", message);
	error = make_tables(&writer);
	if (error == BS_OK)
		error = move_history(&writer);
	if (error == BS_OK)
		error = change_each(&writer, BS_TABLE_TRIM, date_by_trim);
	if (error == BS_OK)
		error = change_each(&writer, BS_TABLE_HELD, note_held);
	if (error == BS_OK)
		error = put_schema(&writer);
	if (error != BS_OK) {
		mdb_txn_abort(writer.txn);
		return bs_store_explain(
		    store, writer.lmdb_error, "not upgraded", message);
	}
	code = mdb_txn_commit(writer.txn);
	return code == MDB_SUCCESS
		   ? BS_OK
		   : bs_store_explain(store, code, "not upgraded", message);
}
