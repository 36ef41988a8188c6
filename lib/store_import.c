/*
 * A listing comes in whole, from an export of another database: it is merged
 * into what is there, and nothing ends earlier by it.  Called by the tool.
 *
 * Who has seen a prefix is asked here, too: the tool lists by feed.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "store_private.h"
#include "testpoint.h"

static void
merge_class(struct bs_listing_class *into, const struct bs_listing_class *from)
{
	if (into->last_s < from->last_s)
		into->last_s = from->last_s;
	if (into->expires_s < from->expires_s)
		into->expires_s = from->expires_s;
	if (into->hits < from->hits)
		into->hits = from->hits;
	if (into->repeats < from->repeats)
		into->repeats = from->repeats;
}

static void
merge(struct bs_listing *into, const struct bs_listing *from)
{
	into->by_hand = bs_listing_by_hand(into) | bs_listing_by_hand(from);
	into->manual = into->by_hand != 0;
	into->classes |= from->classes;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((from->classes & bs_class_at(i)) != 0)
			merge_class(&into->class[i], &from -> class[i]);
	}
	if (from->first_s < into->first_s)
		into->first_s = from->first_s;
	if (into->exact.family == 0)
		into->exact = from->exact;
	if (into->reason[0] == '\0')
		memcpy(into->reason, from->reason, sizeof(into->reason));
}

int
bs_writer_import(
    struct bs_writer *writer, const struct bs_listing *listing, bool *new_r)
{
	struct bs_listing old, new, from = *listing;
	int error = bs_writer_get(writer, &listing->prefix, &old);
	bool listed = error == BS_OK;

	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	if (bs_testpoint_never(&listing->prefix))
		return BS_ERESERVED;
	if (writer->full)
		return BS_EFULL;
	if (listed)
		new = old;
	else
		new = (struct bs_listing){
		    .prefix = listing->prefix, .first_s = writer->now_s};
	/* only the classes whose time is not over */
	bs_listing_keep(&from, bs_listing_left(&from, writer->now_s));
	merge(&new, &from);
	if (new.classes == 0)
		return BS_ERANGE;
	error = bs_writer_replace(
	    writer, listed ? &old : NULL, &new, BS_HISTORY_ADDED, "imported");
	if (error == BS_OK)
		*new_r = !listed || old.classes != new.classes;
	return error;
}

/* --- who has seen it ---------------------------------------------------------- */

/* Sightings of a prefix, and of those inside it, lie behind its key. */
static int
find_feed(MDB_cursor *cursor, const struct bs_prefix *prefix, const char *feed,
    bool *seen_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);

	*seen_r = false;
	while (code == MDB_SUCCESS) {
		struct bs_sighting_record record;
		struct bs_prefix of;
		size_t size = bs_family_octets(prefix->addr.family) + 2;

		if (key.mv_size < size ||
		    bs_prefix_key_parse(key.mv_data, size, &of) != BS_OK ||
		    !bs_prefix_covers(prefix, &of))
			return BS_OK;
		if (bs_sighting_decode(value.mv_data, value.mv_size, &record) !=
		    BS_OK)
			return BS_ECORRUPT;
		*seen_r = strcmp(record.feed, feed) == 0;
		if (*seen_r)
			return BS_OK;
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	return code == MDB_NOTFOUND ? BS_OK : bs_store_error(code);
}

int
bs_snapshot_seen_by(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, const char *feed, bool *seen_r)
{
	MDB_cursor *cursor;
	bool seen;
	int error, code = mdb_cursor_open(snapshot->txn,
		       snapshot->store->dbi[BS_TABLE_SIGHTING], &cursor);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	error = find_feed(cursor, prefix, feed, &seen);
	mdb_cursor_close(cursor);
	if (error == BS_OK)
		*seen_r = seen;
	return error;
}
