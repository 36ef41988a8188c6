/*
 * What is carried over where a backup becomes the database: who was taken off
 * since it was made, or exempt, was promised that, and must not be listed again
 * because a disk broke.  All else is as the backup has it.
 *
 * Called by the tool's restore.
 */
#include "autoconf.h"

#include "store_admin.h"
#include "store_private.h"

/* --- removals ----------------------------------------------------------- */

/* Ends what is listed from before the removal, and remembers that. */
static int
carry_removal(struct bs_writer *writer, const struct bs_prefix *prefix,
    uint32_t removed_s, bool *new_r)
{
	struct bs_listing listing;
	int error =
	    bs_writer_note_removed_then(writer, prefix, removed_s, new_r);

	if (error != BS_OK || !*new_r)
		return error;
	error = bs_writer_get(writer, prefix, &listing);
	if (error == BS_OK && bs_listing_last_s(&listing) <= removed_s)
		error = bs_writer_remove(
		    writer, prefix, "removed before a backup was restored");
	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
carry_removals(
    struct bs_writer *writer, MDB_cursor *cursor, uint64_t *carried_r)
{
	MDB_val key, value;
	int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);

	for (; code == MDB_SUCCESS;
	     code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
		struct bs_prefix prefix;
		uint32_t removed_s;
		bool new = false;
		int error =
		    bs_prefix_key_parse(key.mv_data, key.mv_size, &prefix);

		if (error == BS_OK)
			error = bs_time_decode(
			    value.mv_data, value.mv_size, &removed_s);
		if (error == BS_OK)
			error = carry_removal(writer, &prefix, removed_s, &new);
		if (error != BS_OK)
			return error;
		*carried_r += new;
	}
	return code == MDB_NOTFOUND ? BS_OK : bs_store_error(code);
}

static int
carry_all_removals(
    struct bs_writer *writer, struct bs_snapshot *snapshot, uint64_t *carried_r)
{
	MDB_cursor *cursor;
	int error, code = mdb_cursor_open(snapshot->txn,
		       snapshot->store->dbi[BS_TABLE_REMOVED], &cursor);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	error = carry_removals(writer, cursor, carried_r);
	mdb_cursor_close(cursor);
	return error;
}

/* --- exemptions --------------------------------------------------------- */

static int
carry_exemptions(
    struct bs_writer *writer, struct bs_snapshot *snapshot, uint64_t *carried_r)
{
	struct bs_exemption exemption, known;
	struct bs_prefix after;
	int error = bs_snapshot_exempt_next(snapshot, NULL, &exemption);

	while (error == BS_OK) {
		bool new = false;

		error = bs_writer_exempt_get(writer, &exemption.prefix, &known);
		if (error == BS_ENOTFOUND)
			known.by = 0;
		else if (error != BS_OK)
			return error;
		error = BS_OK;
		if ((exemption.by & ~known.by & BS_EXEMPT_COMMAND) != 0)
			error = bs_writer_exempt(
			    writer, &exemption.prefix, exemption.reason, &new);
		*carried_r += new;
		after = exemption.prefix;
		if (error == BS_OK)
			error = bs_snapshot_exempt_next(
			    snapshot, &after, &exemption);
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* --- both --------------------------------------------------------------- */

int
bs_writer_carry(struct bs_writer *writer, struct bs_store *from,
    struct bs_store_carried *carried_r)
{
	struct bs_store_carried carried = {0};
	struct bs_snapshot *snapshot = NULL;
	struct bs_message message;
	int error = bs_snapshot_new(from, &snapshot, &message);

	if (error == BS_OK)
		error = bs_snapshot_renew(snapshot);
	if (error == BS_OK)
		error = carry_all_removals(writer, snapshot, &carried.removals);
	if (error == BS_OK)
		error = carry_exemptions(writer, snapshot, &carried.exemptions);
	bs_snapshot_free(&snapshot);
	if (error == BS_OK)
		*carried_r = carried;
	return error;
}
