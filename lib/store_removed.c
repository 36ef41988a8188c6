/*
 * What a person took off, and when: mail received before never lists it again.
 * Table removed, a record for each prefix.  Noted by store_manual.c and
 * store_carry.c, asked for by store_sighting.c and store_widen.c.
 */
#include "autoconf.h"

#include <string.h>

#include "store_private.h"

/* The removal of exactly this prefix; 0: none. */
static int
get_removed(struct bs_writer *writer, const struct bs_prefix *prefix,
    uint32_t *removed_s_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int error = bs_writer_fetch(writer, BS_TABLE_REMOVED, &key, &value);

	*removed_s_r = 0;
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_time_decode(value.mv_data, value.mv_size, removed_s_r) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	return BS_OK;
}

int
bs_writer_removed_s(struct bs_writer *writer, const struct bs_prefix *prefix,
    uint32_t *removed_s_r)
{
	static const uint8_t wider[] = {48, 32};
	uint32_t latest_s;
	int error = get_removed(writer, prefix, &latest_s);

	if (error == BS_OK && prefix->addr.family == BS_IPV6) {
		for (size_t i = 0; error == BS_OK && i < sizeof(wider); i++) {
			struct bs_prefix wide;
			uint32_t removed_s;

			if (wider[i] >= prefix->bits)
				continue;
			wide = bs_prefix_of(&prefix->addr, wider[i]);
			error = get_removed(writer, &wide, &removed_s);
			if (error == BS_OK && removed_s > latest_s)
				latest_s = removed_s;
		}
	}
	if (error == BS_OK)
		*removed_s_r = latest_s;
	return error;
}

/* --- inside a wider prefix ---------------------------------------------- */

/* Walks the records inside a prefix, its own first. */
struct walk {
	struct bs_writer *writer;
	MDB_cursor *cursor;
	const struct bs_prefix *prefix;
	bool begun;
};

/* Moves to the next one; BS_ENOTFOUND. */
static int
step(struct walk *walk, struct bs_prefix *inner_r)
{
	struct bs_writer *writer = walk->writer;
	const struct bs_prefix *prefix = walk->prefix;
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int code = mdb_cursor_get(
	    walk->cursor, &key, &value, walk->begun ? MDB_NEXT : MDB_SET_RANGE);

	walk->begun = true;
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	if (bs_prefix_key_parse(key.mv_data, key.mv_size, inner_r) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	return bs_prefix_covers(prefix, inner_r) ? BS_OK : BS_ENOTFOUND;
}

/* Stops at the first one that is not listed again; too many count as such. */
static int
find_unlisted(struct walk *walk, bool *found_r)
{
	for (size_t i = 0; i < BS_STORE_WIDEN_REMOVED_STEPS; i++) {
		struct bs_prefix inner;
		struct bs_listing listing;
		int error = step(walk, &inner);

		*found_r = false;
		if (error != BS_OK)
			return error == BS_ENOTFOUND ? BS_OK : error;
		/* its own removal only says from when on sightings count */
		if (inner.bits == walk->prefix->bits)
			continue;
		error = bs_writer_get(walk->writer, &inner, &listing);
		*found_r = error == BS_ENOTFOUND;
		if (error != BS_OK)
			return error == BS_ENOTFOUND ? BS_OK : error;
	}
	*found_r = true;
	return BS_OK;
}

int
bs_writer_removed_inside(
    struct bs_writer *writer, const struct bs_prefix *prefix, bool *inside_r)
{
	struct walk walk = {.writer = writer, .prefix = prefix};
	int error;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_REMOVED], &walk.cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	error = find_unlisted(&walk, inside_r);
	mdb_cursor_close(walk.cursor);
	return error;
}

/* --- noting ------------------------------------------------------------- */

static struct bs_trim
trim_of(const MDB_val *key, uint32_t removed_s)
{
	struct bs_trim trim = {.kind = BS_TRIM_REMOVED, .size = key->mv_size};

	trim.time_s = bs_store_later(removed_s, BS_STORE_REMOVED_S);
	memcpy(trim.key, key->mv_data, key->mv_size);
	return trim;
}

static int
note(struct bs_writer *writer, const struct bs_prefix *prefix,
    uint32_t removed_s)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX], time[BS_TIME_VALUE_SIZE];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value = {.mv_size = sizeof(time), .mv_data = time};
	struct bs_trim trim;
	uint32_t before_s;
	int error = get_removed(writer, prefix, &before_s);

	if (error == BS_OK && before_s != 0) {
		trim = trim_of(&key, before_s);
		error = bs_writer_trim_not(writer, &trim);
	}
	if (error != BS_OK)
		return error;
	bs_time_encode(removed_s, time);
	error = bs_writer_put(writer, BS_TABLE_REMOVED, &key, &value, 0);
	trim = trim_of(&key, removed_s);
	return error == BS_OK ? bs_writer_trim_at(writer, &trim) : error;
}

int
bs_writer_note_removed(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	return note(writer, prefix, writer->now_s);
}

int
bs_writer_note_removed_then(struct bs_writer *writer,
    const struct bs_prefix *prefix, uint32_t removed_s, bool *new_r)
{
	uint32_t before_s;
	int error = get_removed(writer, prefix, &before_s);

	if (error != BS_OK)
		return error;
	*new_r = before_s < removed_s;
	return *new_r ? note(writer, prefix, removed_s) : BS_OK;
}
