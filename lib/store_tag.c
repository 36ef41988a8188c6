/*
 * How often a tag came back: table tag has a record for each message that bore
 * it, by the tag's id and the message's identity, so that a message that is
 * scanned again counts once.  No tag has more of them than the limit, and they
 * go after BS_STORE_TAG_S.  Only tags that our keys made get here (batv.c,
 * headertag.c).  Called by store_sighting.c.
 */
#include "autoconf.h"

#include <string.h>

#include "store_private.h"

#define IDENTITY_SIZE 12
#define KEY_SIZE (BS_KEYHASH_SIZE + IDENTITY_SIZE)

_Static_assert(KEY_SIZE <= BS_SIGHTING_KEY_MAX, "a trim key has no room");

/* Counts the records of a tag, up to `limit`; *known_r: one is the message's
 * own. */
static int
count_uses(struct bs_writer *writer, const uint8_t wanted[KEY_SIZE],
    uint32_t limit, uint32_t *uses_r, bool *known_r)
{
	uint8_t start[BS_KEYHASH_SIZE];
	MDB_val key = {.mv_size = sizeof(start), .mv_data = start}, value;
	MDB_cursor *cursor;
	uint32_t uses = 0;
	bool known = false;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_TAG], &cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	memcpy(start, wanted, sizeof(start));
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	while (code == MDB_SUCCESS && key.mv_size == KEY_SIZE &&
	       memcmp(key.mv_data, wanted, BS_KEYHASH_SIZE) == 0) {
		uses++;
		known = known || memcmp(key.mv_data, wanted, KEY_SIZE) == 0;
		if (known || uses >= limit)
			break;
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	*uses_r = uses;
	*known_r = known;
	return BS_OK;
}

static int
note_use(struct bs_writer *writer, uint8_t bytes[KEY_SIZE])
{
	uint8_t time[BS_TIME_VALUE_SIZE];
	MDB_val key = {.mv_size = KEY_SIZE, .mv_data = bytes};
	MDB_val value = {.mv_size = sizeof(time), .mv_data = time};
	struct bs_trim trim = {.kind = BS_TRIM_TAG, .size = KEY_SIZE};
	int error;

	trim.time_s = bs_store_later(writer->now_s, BS_STORE_TAG_S);
	memcpy(trim.key, bytes, KEY_SIZE);
	bs_time_encode(writer->now_s, time);
	error = bs_writer_put(writer, BS_TABLE_TAG, &key, &value, 0);
	return error == BS_OK ? bs_writer_trim_at(writer, &trim) : error;
}

int
bs_writer_tag(struct bs_writer *writer, const struct bs_sighting *sighting,
    uint32_t limit, bool *proof_r)
{
	uint8_t bytes[KEY_SIZE];
	uint32_t uses = 0;
	bool known = false;
	int error;

	memcpy(bytes, sighting->tag, BS_KEYHASH_SIZE);
	memcpy(bytes + BS_KEYHASH_SIZE, sighting->identity, IDENTITY_SIZE);
	error = bs_writer_trim_step(writer, BS_STORE_TRIM_EACH);
	if (error == BS_OK)
		error = count_uses(writer, bytes, limit, &uses, &known);
	if (error == BS_OK && !known && uses < limit)
		error = writer->full ? BS_EFULL : note_use(writer, bytes);
	if (error == BS_OK)
		*proof_r = known || uses < limit;
	return error;
}
