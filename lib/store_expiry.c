/*
 * What time does: classes and listings end, and records that nobody needs any
 * more go, in bounded steps that every writer runs first.
 *
 * Table expiry has each listing under the time its first class ends; table trim
 * has sightings, identities, removals, past listings and histories under the
 * time they may go.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* --- listings ----------------------------------------------------------- */

static void
drop_classes(struct bs_listing *listing, bs_classes left)
{
	bs_listing_keep(listing, left);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((left & bs_class_at(i)) == 0)
			memset(
			    &listing->class[i], 0, sizeof(listing->class[i]));
	}
}

/* Remembers the classes that end. */
static int
note_ended(
    struct bs_writer *writer, const struct bs_listing *old, bs_classes left)
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		enum bs_class class = bs_class_at(i);
		int error;

		if ((old->classes & ~left & class) == 0)
			continue;
		error = bs_writer_note_past(writer, old, class);
		if (error != BS_OK)
			return error;
	}
	return BS_OK;
}

static int
end_listing(struct bs_writer *writer, const struct bs_listing *old)
{
	struct bs_listing new = *old;
	bs_classes left = bs_listing_left(old, writer->now_s);
	int error = note_ended(writer, old, left);

	if (error != BS_OK)
		return error;
	drop_classes(&new, left);
	return bs_writer_replace(writer, old, new.classes == 0 ? NULL : &new,
	    BS_HISTORY_EXPIRED, "expired");
}

/* Handles the entry of the index that is due. */
static int
expire_one(struct bs_writer *writer, const uint8_t *bytes, size_t size)
{
	struct bs_prefix prefix;
	struct bs_listing old;
	uint32_t time_s;
	uint8_t copy[BS_EXPIRY_KEY_MAX];
	MDB_val key = {.mv_size = size, .mv_data = copy};
	int error;

	if (bs_expiry_key_parse(bytes, size, &time_s, &prefix) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	error = bs_writer_get(writer, &prefix, &old);
	if (error == BS_OK && bs_listing_expires_first_s(&old) == time_s)
		return end_listing(writer, &old);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	/* an entry without its listing: only the entry goes */
	memcpy(copy, bytes, size);
	return bs_writer_del(writer, BS_TABLE_EXPIRY, &key);
}

int
bs_writer_expire_step(struct bs_writer *writer, size_t max, size_t *ended_r)
{
	size_t ended = 0;
	int error = BS_OK;

	while (ended < max && !writer->tidied.held) {
		uint8_t key[BS_EXPIRY_KEY_MAX];
		size_t size = sizeof(key);

		error = bs_writer_first(writer, BS_TABLE_EXPIRY, key, &size);
		if (error != BS_OK || size < 4 ||
		    bs_get_be32(key) > writer->now_s)
			break;
		error = expire_one(writer, key, size);
		if (error != BS_OK)
			return error;
		ended++;
	}
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	writer->tidied.ended += ended;
	writer->tidied.more = max > 0 && ended == max;
	if (ended_r != NULL)
		*ended_r = ended;
	return BS_OK;
}

static int
count_overdue(struct bs_writer *writer, uint64_t *left_r)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_EXPIRY], &cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	*left_r = 0;
	code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (code == MDB_SUCCESS && key.mv_size >= 4 &&
	       bs_get_be32(key.mv_data) <= writer->now_s &&
	       *left_r < BS_STORE_OVERDUE_STEPS) {
		++*left_r;
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	if (code == MDB_SUCCESS || code == MDB_NOTFOUND)
		return BS_OK;
	return bs_writer_spoil(writer, bs_store_error(code), code);
}

int
bs_writer_expire(
    struct bs_writer *writer, size_t max, size_t *ended_r, uint64_t *left_r)
{
	int error = writer->failed;

	if (error == BS_OK)
		error = bs_writer_expire_step(writer, max, ended_r);
	if (error == BS_OK)
		error = count_overdue(writer, left_r);
	return error;
}

/* --- other records ------------------------------------------------------ */

int
bs_writer_trim_at(struct bs_writer *writer, const struct bs_trim *trim)
{
	uint8_t bytes[BS_TRIM_KEY_MAX];
	MDB_val key = {.mv_size = bs_trim_key(trim, bytes), .mv_data = bytes};
	MDB_val nothing = {0};

	return bs_writer_put(writer, BS_TABLE_TRIM, &key, &nothing, 0);
}

int
bs_writer_trim_not(struct bs_writer *writer, const struct bs_trim *trim)
{
	uint8_t bytes[BS_TRIM_KEY_MAX];
	MDB_val key = {.mv_size = bs_trim_key(trim, bytes), .mv_data = bytes};
	int error = bs_writer_del(writer, BS_TABLE_TRIM, &key);

	return error == BS_ENOTFOUND ? BS_OK : error;
}

enum bs_table
bs_store_trimmed_table(enum bs_trim_kind kind)
{
	switch (kind) {
	case BS_TRIM_SIGHTING:
		return BS_TABLE_SIGHTING;
	case BS_TRIM_SEEN:
		return BS_TABLE_SEEN;
	case BS_TRIM_REMOVED:
		return BS_TABLE_REMOVED;
	case BS_TRIM_PAST:
		return BS_TABLE_PAST;
	case BS_TRIM_TAG:
		return BS_TABLE_TAG;
	case BS_TRIM_SELF:
		return BS_TABLE_SELF;
	case BS_TRIM_HISTORY:
		return BS_TABLE_HISTORY;
	case BS_TRIM_EVIDENCE:
		return BS_TABLE_EVIDENCE;
	case BS_TRIM_HELD:
		return BS_TABLE_HELD;
	}
	assert(!"a kind that bs_trim_key_parse lets pass");
	return BS_TABLE_SEEN;
}

/* Deletes a record whose time has come, and its entry. */
static int
trim_one(struct bs_writer *writer, const uint8_t *bytes, size_t size)
{
	MDB_val record;
	struct bs_trim trim;
	int error;

	if (bs_trim_key_parse(bytes, size, &trim) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	record.mv_size = trim.size;
	record.mv_data = trim.key;
	if (trim.kind == BS_TRIM_HISTORY)
		error = bs_writer_trim_history(writer, &trim);
	else if (trim.kind == BS_TRIM_EVIDENCE)
		error = bs_writer_trim_evidence(writer, &trim);
	else if (trim.kind == BS_TRIM_HELD)
		error = bs_writer_trim_held(writer, &trim);
	else
		error = bs_writer_del(
		    writer, bs_store_trimmed_table(trim.kind), &record);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	return bs_writer_trim_not(writer, &trim);
}

int
bs_writer_trim_step(struct bs_writer *writer, size_t max)
{
	for (size_t i = 0; i < max && !writer->tidied.held; i++) {
		uint8_t key[BS_TRIM_KEY_MAX];
		size_t size = sizeof(key);
		int error = bs_writer_first(writer, BS_TABLE_TRIM, key, &size);

		if (error == BS_ENOTFOUND)
			return BS_OK;
		if (error != BS_OK)
			return error;
		if (size < 4 || bs_get_be32(key) > writer->now_s)
			return BS_OK;
		error = trim_one(writer, key, size);
		if (error != BS_OK)
			return error;
	}
	return BS_OK;
}
