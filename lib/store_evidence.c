/*
 * Evidence in the store: the newest few sightings of each prefix, one record of
 * bounded size, to show to whom it concerns.  It lives as long as what it speaks
 * for: it goes when the listing is taken off, and when the sightings are of no
 * use any more.
 *
 * Kept by store_sighting.c for each sighting that counts; what of a sighting may
 * be kept is evidence.h's.
 */
#include "autoconf.h"

#include <string.h>

#include "store_private.h"

/* --- the record --------------------------------------------------------- */

static int
get_list(
    struct bs_writer *writer, MDB_val *key, struct bs_evidence_list *list_r)
{
	MDB_val value;
	int error = bs_writer_fetch(writer, BS_TABLE_EVIDENCE, key, &value);

	if (error != BS_OK)
		return error;
	if (bs_evidence_decode(value.mv_data, value.mv_size, list_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

/* The same, not decoded. */
static int
get_value(
    struct bs_writer *writer, MDB_val *key, struct bs_evidence_value *value_r)
{
	MDB_val value;
	int error = bs_writer_fetch(writer, BS_TABLE_EVIDENCE, key, &value);

	if (error != BS_OK)
		return error;
	if (value.mv_size > sizeof(value_r->bytes))
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	memcpy(value_r->bytes, value.mv_data, value.mv_size);
	value_r->size = value.mv_size;
	return BS_OK;
}

static int
put_list(
    struct bs_writer *writer, MDB_val *key, const struct bs_evidence_list *list)
{
	uint8_t bytes[BS_EVIDENCE_VALUE_MAX];
	MDB_val value = {.mv_data = bytes};

	value.mv_size = bs_evidence_encode(list, bytes);
	return bs_writer_put(writer, BS_TABLE_EVIDENCE, key, &value, 0);
}

/* When the record is due. */
static struct bs_trim
trim_of(const MDB_val *key, uint32_t due_s)
{
	struct bs_trim trim = {
	    .time_s = due_s, .kind = BS_TRIM_EVIDENCE, .size = key->mv_size};

	memcpy(trim.key, key->mv_data, key->mv_size);
	return trim;
}

static int
put_due(struct bs_writer *writer, const MDB_val *key, uint32_t due_s)
{
	struct bs_trim trim = trim_of(key, due_s);

	return bs_writer_trim_at(writer, &trim);
}

/* --- keeping ------------------------------------------------------------ */

int
bs_writer_keep_evidence(struct bs_writer *writer,
    const struct bs_prefix *prefix, const struct bs_evidence *evidence,
    size_t max, uint32_t until_s)
{
	struct bs_evidence_value list;
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int error;

	if (max == 0)
		return BS_OK;
	error = get_value(writer, &key, &list);
	if (error == BS_ENOTFOUND) {
		const struct bs_evidence_list none = {.due_s = until_s};

		list.size = bs_evidence_encode(&none, list.bytes);
		error = put_due(writer, &key, until_s);
	}
	if (error != BS_OK)
		return error;
	if (bs_evidence_put(&list, evidence, max, until_s) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	value = (MDB_val){.mv_size = list.size, .mv_data = list.bytes};
	return bs_writer_put(writer, BS_TABLE_EVIDENCE, &key, &value, 0);
}

/* The record goes, and what says when it may. */
static int
forget(struct bs_writer *writer, MDB_val *key, uint32_t due_s)
{
	struct bs_trim trim = trim_of(key, due_s);
	int error = bs_writer_trim_not(writer, &trim);

	return error == BS_OK ? bs_writer_del(writer, BS_TABLE_EVIDENCE, key)
			      : error;
}

int
bs_writer_forget_evidence(
    struct bs_writer *writer, const struct bs_prefix *prefix)
{
	struct bs_evidence_list list;
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	int error = get_list(writer, &key, &list);

	if (error == BS_ENOTFOUND)
		return BS_OK;
	return error == BS_OK ? forget(writer, &key, list.due_s) : error;
}

int
bs_writer_drop_evidence(struct bs_writer *writer,
    const struct bs_prefix *prefix, enum bs_class class, uint32_t time_s)
{
	struct bs_evidence_list list;
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	int error = get_list(writer, &key, &list);

	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK || !bs_evidence_drop(&list, class, time_s))
		return error;
	if (list.count == 0)
		return forget(writer, &key, list.due_s);
	return put_list(writer, &key, &list);
}

/* --- letting go --------------------------------------------------------- */

/* Until when what is listed there lasts; 0: nothing is. */
static int
listed_until(struct bs_writer *writer, const struct bs_prefix *prefix,
    uint32_t *until_s_r)
{
	struct bs_listing listing;
	int error = bs_writer_get(writer, prefix, &listing);

	*until_s_r = 0;
	if (error == BS_OK)
		*until_s_r = bs_listing_expires_last_s(&listing);
	return error == BS_ENOTFOUND ? BS_OK : error;
}

int
bs_writer_trim_evidence(struct bs_writer *writer, const struct bs_trim *trim)
{
	struct bs_evidence_list list;
	uint8_t bytes[BS_SIGHTING_KEY_MAX];
	MDB_val key = {.mv_size = trim->size, .mv_data = bytes};
	struct bs_prefix prefix;
	uint32_t until_s;
	int error;

	if (bs_prefix_key_parse(trim->key, trim->size, &prefix) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	memcpy(bytes, trim->key, trim->size);
	error = get_list(writer, &key, &list);
	/* of a record that went, and perhaps came again, this says nothing */
	if (error == BS_ENOTFOUND ||
	    (error == BS_OK && list.due_s != trim->time_s))
		return BS_OK;
	if (error == BS_OK)
		error = listed_until(writer, &prefix, &until_s);
	if (error != BS_OK)
		return error;
	if (until_s < list.until_s)
		until_s = list.until_s;
	if (until_s <= writer->now_s)
		return bs_writer_del(writer, BS_TABLE_EVIDENCE, &key);
	list.due_s = until_s;
	error = put_list(writer, &key, &list);
	return error == BS_OK ? put_due(writer, &key, until_s) : error;
}

/* --- reading ------------------------------------------------------------ */

int
bs_snapshot_evidence_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *from, bool after, struct bs_prefix *prefix_r,
    struct bs_evidence_list *list_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX + 1];
	MDB_val key = {.mv_size = bs_prefix_key(from, bytes), .mv_data = bytes};
	MDB_val value;
	MDB_cursor *cursor;
	int error;
	int code = mdb_cursor_open(
	    snapshot->txn, snapshot->store->dbi[BS_TABLE_EVIDENCE], &cursor);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	if (after) /* the key behind it */
		bytes[key.mv_size++] = 0;
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	error = bs_store_error(code);
	if (error == BS_OK)
		error = bs_prefix_key_parse(key.mv_data, key.mv_size, prefix_r);
	if (error == BS_OK)
		error =
		    bs_evidence_decode(value.mv_data, value.mv_size, list_r);
	mdb_cursor_close(cursor);
	return error;
}
