/*
 * IPv6 sources that use a network an address at a time: where too many of the
 * prefixes inside a wider one are listed by sightings of one window, the wider
 * one is, and what it covers renews it from then on.  The policy says what is
 * wider and how many are too many; here they are found, in bounded steps.
 *
 * The listings inside stay as they are and end in their own time.  Nothing
 * widens across an exemption, reserved space, or what a person took off.
 */
#include "autoconf.h"

#include <string.h>

#include "store_private.h"

static bool
by_sightings(const struct bs_listing *listing, enum bs_class class)
{
	return (listing->classes & class) != 0 &&
	       listing->class[bs_class_index(class)].hits > 0;
}

/* Whether the policy and the exemptions by command let it be listed. */
static int
may_widen(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_prefix *wide, bool *may_r)
{
	struct bs_exemption inside;
	struct bs_prefix around;
	int error = bs_exempt_covering(&writer->exempt, wide, &around);

	*may_r = false;
	if (!bs_policy_may_widen(policy, wide) || error == BS_OK)
		return BS_OK;
	if (error == BS_ENOTFOUND)
		error = bs_exempt_seek(&writer->exempt, wide, false, &inside);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	*may_r =
	    error == BS_ENOTFOUND || !bs_prefix_covers(wide, &inside.prefix);
	return BS_OK;
}

int
bs_writer_find_wide(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_prefix *wide_r)
{
	struct bs_prefix narrow = seen->prefix, wide;
	uint32_t limit;
	bool found = false;

	while (bs_policy_wider(seen->policy, &narrow, &wide, &limit)) {
		struct bs_listing listing;
		bool may = false;
		int error = bs_writer_get(writer, &wide, &listing);

		/* may be exempt by now */
		if (error == BS_OK && by_sightings(&listing, seen->class))
			error = may_widen(writer, seen->policy, &wide, &may);
		if (error != BS_OK && error != BS_ENOTFOUND)
			return bs_writer_spoil(writer, error, MDB_CORRUPTED);
		if (may)
			*wide_r = wide;
		found = found || may;
		narrow = wide;
	}
	return found ? BS_OK : BS_ENOTFOUND;
}

/* --- looking inside ----------------------------------------------------- */

/* Walks the blocks of `bits` inside a prefix that have a listing of their own. */
struct walk {
	struct bs_writer *writer;
	MDB_cursor *cursor;
	const struct bs_prefix *inside;
	struct bs_prefix block; /* the next one to look for */
	bool end;
};

/* The block after this one. */
static void
next_block(struct walk *walk)
{
	unsigned bits = walk->block.bits;
	uint8_t *octet = walk->block.addr.octet;
	unsigned carry = 1u << (7 - (bits - 1) % 8);

	for (size_t i = (bits - 1) / 8 + 1; i-- > 0 && carry != 0;) {
		carry += octet[i];
		octet[i] = (uint8_t)carry;
		carry >>= 8;
	}
	walk->end = carry != 0 || !bs_prefix_covers(walk->inside, &walk->block);
}

/* One seek: *found_r whether there is a listing of the block it comes to. */
static int
step(struct walk *walk, bool *found_r, struct bs_listing *listing_r)
{
	struct bs_writer *writer = walk->writer;
	uint8_t bytes[BS_LISTING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_listing_key(&walk->block, bytes), .mv_data = bytes};
	MDB_val value;
	struct bs_prefix prefix;
	uint8_t bits = walk->block.bits;
	int code = mdb_cursor_get(walk->cursor, &key, &value, MDB_SET_RANGE);

	*found_r = false;
	walk->end = code == MDB_NOTFOUND;
	if (walk->end)
		return BS_OK;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	if (bs_listing_key_parse(key.mv_data, key.mv_size, &prefix) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	walk->end = !bs_prefix_covers(walk->inside, &prefix);
	if (walk->end)
		return BS_OK;
	walk->block = bs_prefix_of(&prefix.addr, bits);
	/* a wider one stands before the first of its blocks */
	if (prefix.bits < bits)
		return BS_OK;
	next_block(walk);
	if (prefix.bits > bits)
		return BS_OK;
	*found_r = true;
	if (bs_listing_decode(
		&prefix, value.mv_data, value.mv_size, listing_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

/* Collects when listings inside `wide` were last seen, after its removal. */
static int
collect(struct walk *walk, enum bs_class class, struct bs_policy_times *times)
{
	uint32_t removed_s;
	int error = bs_writer_removed_s(walk->writer, walk->inside, &removed_s);

	for (size_t i = 0; i < BS_STORE_WIDEN_STEPS; i++) {
		struct bs_listing listing;
		uint32_t last_s;
		bool found;

		if (error != BS_OK || walk->end)
			return error;
		error = step(walk, &found, &listing);
		if (error != BS_OK || !found || !by_sightings(&listing, class))
			continue;
		last_s = listing.class[bs_class_index(class)].last_s;
		if (last_s > removed_s)
			times->time_s[times->count++] = last_s;
	}
	return error;
}

/* --- listing what is wider ---------------------------------------------- */

/* Whether more than `limit` inside `wide` were seen within one window; then
 * how many there are, and the newest of them. */
static int
look_inside(struct bs_writer *writer, const struct bs_seen *narrow,
    const struct bs_prefix *wide, struct bs_policy_times *times)
{
	struct walk walk = {.writer = writer, .inside = wide};
	int error;
	int code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_LISTING6], &walk.cursor);

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	walk.block = bs_prefix_of(&wide->addr, narrow->prefix.bits);
	error = collect(&walk, narrow->class, times);
	mdb_cursor_close(walk.cursor);
	return error;
}

/* Whether the prefix around `narrow` is to be listed: BS_OK, *wider_r says how;
 * BS_ENOTFOUND.  waits: it is no listing yet itself, and counts as one. */
static int
find_due(struct bs_writer *writer, const struct bs_seen *narrow, bool waits,
    struct bs_seen *wider_r)
{
	uint32_t time_s[BS_STORE_WIDEN_STEPS + 1], limit;
	struct bs_policy_times times = {
	    .seen_s = narrow->newest_s, .time_s = time_s};
	struct bs_seen wider = *narrow;
	bool may, removed_inside;
	int error;

	if (!bs_policy_wider(
		narrow->policy, &narrow->prefix, &wider.prefix, &limit))
		return BS_ENOTFOUND;
	error = may_widen(writer, narrow->policy, &wider.prefix, &may);
	if (error == BS_OK && !may)
		return BS_ENOTFOUND;
	if (error == BS_OK)
		error = look_inside(writer, narrow, &wider.prefix, &times);
	if (error != BS_OK)
		return error;
	if (waits)
		times.time_s[times.count++] = narrow->newest_s;
	wider.hits = (uint32_t)times.count;
	if (!bs_policy_widens(
		&narrow->policy->class[bs_class_index(narrow->class)], limit,
		&times, &wider.newest_s))
		return BS_ENOTFOUND;
	error =
	    bs_writer_removed_inside(writer, &wider.prefix, &removed_inside);
	if (error != BS_OK)
		return error;
	*wider_r = wider;
	return removed_inside ? BS_ENOTFOUND : BS_OK;
}

int
bs_writer_widen(struct bs_writer *writer, const struct bs_seen *seen,
    const struct bs_listed *listed)
{
	const struct bs_policy_class *rule =
	    &seen->policy->class[bs_class_index(seen->class)];
	struct bs_seen narrow = *seen, wider;
	struct bs_listed now_listed = *listed;
	int error = BS_OK;

	/* one that was seen within the window already changes no count */
	while (
	    now_listed.before_s == 0 ||
	    (uint64_t)now_listed.before_s + rule->window_s < narrow.newest_s) {
		error = find_due(writer, &narrow, now_listed.waits, &wider);
		if (error == BS_OK)
			error = bs_writer_list(writer, &wider, &now_listed);
		if (error != BS_OK)
			break;
		narrow = wider;
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}
