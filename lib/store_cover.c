/*
 * What is served: listings, without what is exempt.  The query path asks for
 * addresses and for the names above them; writers ask whether what they change
 * alters an answer at all.
 *
 * An exemption of any length beats any listing.  It is looked for by the few
 * prefix lengths that exemptions have, and only where there is a listing; where
 * there are no exemptions it costs nothing.  Nothing here allocates for a
 * snapshot.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "store_private.h"

/* One byte more than any prefix length: after all prefixes of an address. */
#define PAST_LENGTHS 0xff

/* --- what covers -------------------------------------------------------- */

static int
get_classes(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    bs_classes *classes_r)
{
	enum bs_table table = bs_store_listing_table(prefix->addr.family);
	uint8_t bytes[BS_LISTING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_listing_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int code =
	    mdb_get(snapshot->txn, snapshot->store->dbi[table], &key, &value);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	*classes_r = bs_listing_classes(value.mv_data, value.mv_size);
	return *classes_r == 0 ? BS_ECORRUPT : BS_OK;
}

/* The listings that hold all of a prefix, exempt or not. */
static int
cover_listed(struct bs_snapshot *snapshot, const struct bs_prefix *covered,
    bs_classes wanted, struct bs_cover *cover_r)
{
	const struct bs_lengths *lengths =
	    &snapshot->lengths[bs_family_index(covered->addr.family)];
	struct bs_cover cover = {0};

	assert(snapshot->active);
	for (size_t i = 0;
	     i < lengths->count && lengths->bits[i] <= covered->bits; i++) {
		struct bs_prefix prefix =
		    bs_prefix_of(&covered->addr, lengths->bits[i]);
		bs_classes classes;
		int error = get_classes(snapshot, &prefix, &classes);

		if (error == BS_ENOTFOUND)
			continue;
		if (error != BS_OK)
			return error;
		if ((classes & wanted) == 0)
			continue;
		if (cover.classes == 0)
			cover.widest = prefix;
		cover.narrowest = prefix;
		cover.classes |= classes & wanted;
	}
	*cover_r = cover;
	return BS_OK;
}

int
bs_snapshot_cover(struct bs_snapshot *snapshot, const struct bs_addr *addr,
    bs_classes wanted, struct bs_cover *cover_r)
{
	struct bs_prefix single = bs_prefix_single(addr), exempt;
	struct bs_cover cover;
	int error = cover_listed(snapshot, &single, wanted, &cover);

	if (error != BS_OK)
		return error;
	if (cover.classes != 0) {
		error = bs_exempt_covering(&snapshot->exempt, &single, &exempt);
		if (error == BS_OK)
			cover = (struct bs_cover){0};
		else if (error != BS_ENOTFOUND)
			return error;
	}
	*cover_r = cover;
	return BS_OK;
}

int
bs_snapshot_cover_prefix(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, bs_classes wanted, struct bs_cover *cover_r,
    unsigned *clear_r)
{
	struct bs_exempt_view *view = &snapshot->exempt;
	struct bs_cover cover;
	unsigned clear = 0;
	bool hidden;
	int error = cover_listed(snapshot, prefix, wanted, &cover);

	if (error == BS_OK && cover.classes != 0 &&
	    view->lengths[bs_family_index(prefix->addr.family)].count > 0) {
		error = bs_exempt_hides(view, prefix, &hidden);
		if (error == BS_OK && hidden)
			cover = (struct bs_cover){0};
		else if (error == BS_OK)
			error = bs_exempt_clear(view, prefix, &clear);
	}
	if (error != BS_OK)
		return error;
	*cover_r = cover;
	*clear_r = clear;
	return BS_OK;
}

/* --- what is inside ----------------------------------------------------- */

/* BS_OK: the pair is a listing inside the prefix; BS_ENOTFOUND: it is none,
 * and so is none that follows. */
static int
check_inside(const struct bs_prefix *prefix, const MDB_val *key,
    const MDB_val *value, struct bs_prefix *found_r)
{
	int error = bs_listing_key_parse(key->mv_data, key->mv_size, found_r);

	if (error == BS_OK && !bs_prefix_covers(prefix, found_r))
		return BS_ENOTFOUND;
	if (error == BS_OK &&
	    bs_listing_classes(value->mv_data, value->mv_size) == 0)
		return BS_ECORRUPT;
	return error;
}

/* Where the walk goes on after a listing that is not served: after all that
 * an exemption holds, or with the next one. */
static int
pass_over(struct bs_snapshot *snapshot, const struct bs_prefix *listing,
    MDB_cursor *cursor, MDB_val *key, MDB_val *value)
{
	struct bs_prefix exempt, after = {.bits = PAST_LENGTHS};
	uint8_t bytes[BS_LISTING_KEY_MAX];
	int error = bs_exempt_covering(&snapshot->exempt, listing, &exempt);

	if (error == BS_ENOTFOUND)
		return bs_store_error(
		    mdb_cursor_get(cursor, key, value, MDB_NEXT));
	if (error != BS_OK)
		return error;
	after.addr = bs_prefix_last(&exempt);
	key->mv_size = bs_listing_key(&after, bytes);
	key->mv_data = bytes;
	return bs_store_error(
	    mdb_cursor_get(cursor, key, value, MDB_SET_RANGE));
}

static int
walk_inside(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    bs_classes wanted, bool *any_r)
{
	struct bs_prefix found;
	MDB_cursor *cursor;
	MDB_val key, value;
	int error = bs_snapshot_seek(snapshot, prefix, &cursor, &key, &value);

	/* what lies inside follows the prefix's own key without a gap */
	for (int i = 0; error == BS_OK; i++) {
		bool hidden = false;

		error = check_inside(prefix, &key, &value, &found);
		if (error == BS_OK &&
		    (bs_listing_classes(value.mv_data, value.mv_size) &
			wanted) != 0) {
			error =
			    bs_exempt_hides(&snapshot->exempt, &found, &hidden);
			*any_r = error == BS_OK && !hidden;
		}
		if (error != BS_OK || *any_r)
			return error;
		if (i == BS_STORE_INSIDE_STEPS) {
			*any_r = true;
			return BS_OK;
		}
		error = pass_over(snapshot, &found, cursor, &key, &value);
	}
	return error;
}

int
bs_snapshot_any_inside(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, bs_classes wanted, bool *any_r)
{
	struct bs_prefix exempt;
	bool any = false;
	int error = bs_exempt_covering(&snapshot->exempt, prefix, &exempt);

	assert(snapshot->active);
	if (error == BS_ENOTFOUND)
		error = walk_inside(snapshot, prefix, wanted, &any);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	*any_r = any;
	return BS_OK;
}

/* --- exemptions of a snapshot ------------------------------------------- */

int
bs_snapshot_exempt(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    struct bs_exemption *exemption_r)
{
	struct bs_prefix widest;
	int error;

	assert(snapshot->active);
	error = bs_exempt_covering(&snapshot->exempt, prefix, &widest);
	if (error != BS_OK)
		return error;
	return bs_exempt_seek(&snapshot->exempt, &widest, false, exemption_r);
}

int
bs_snapshot_exempt_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *after, struct bs_exemption *exemption_r)
{
	static const struct bs_prefix first = {.addr = {.family = BS_IPV4}};

	assert(snapshot->active);
	return bs_exempt_seek(&snapshot->exempt, after != NULL ? after : &first,
	    after != NULL, exemption_r);
}
