/*
 * How the store asks for exemptions, of a snapshot or of a writer: which one
 * holds a prefix, whether several leave nothing of it, how far around it there
 * is none.  By the few prefix lengths that they have, or by a cursor that the
 * snapshot has made already: nothing is allocated on the query path.
 *
 * What comes and goes is store_exempt.c's, what that means for an answer
 * store_cover.c's.
 */
#include "autoconf.h"

#include <string.h>

#include "store_private.h"

int
bs_family_index(uint8_t family)
{
	return family == BS_IPV4 ? 0 : 1;
}

void
bs_lengths_set(
    struct bs_lengths *lengths, const uint64_t *counts, unsigned most)
{
	lengths->count = 0;
	for (unsigned bits = 0; bits <= most; bits++) {
		if (counts[bits] != 0)
			lengths->bits[lengths->count++] = (uint8_t)bits;
	}
}

void
bs_exempt_view_set(struct bs_exempt_view *view, const struct bs_state *state)
{
	bs_lengths_set(&view->lengths[0], state->exempt4, 32);
	bs_lengths_set(&view->lengths[1], state->exempt6, 128);
}

int
bs_exempt_covering(struct bs_exempt_view *view, const struct bs_prefix *prefix,
    struct bs_prefix *widest_r)
{
	const struct bs_lengths *lengths =
	    &view->lengths[bs_family_index(prefix->addr.family)];

	for (size_t i = 0; i < lengths->count; i++) {
		uint8_t bytes[BS_PREFIX_KEY_MAX];
		MDB_val key = {.mv_data = bytes}, value;
		struct bs_prefix wider;
		int code;

		if (lengths->bits[i] > prefix->bits)
			break;
		wider = bs_prefix_of(&prefix->addr, lengths->bits[i]);
		key.mv_size = bs_prefix_key(&wider, bytes);
		code = mdb_get(
		    view->txn, view->store->dbi[BS_TABLE_EXEMPT], &key, &value);
		if (code == MDB_SUCCESS)
			*widest_r = wider;
		if (code != MDB_NOTFOUND)
			return bs_store_error(code);
	}
	return BS_ENOTFOUND;
}

static int
ready_cursor(struct bs_exempt_view *view)
{
	int code = MDB_SUCCESS;

	if (view->cursor == NULL)
		code = mdb_cursor_open(view->txn,
		    view->store->dbi[BS_TABLE_EXEMPT], &view->cursor);
	else if (!view->cursor_ready)
		code = mdb_cursor_renew(view->txn, view->cursor);
	view->cursor_ready = code == MDB_SUCCESS;
	return bs_store_error(code);
}

/* The first exemption, of any family, at or after an address and a length. */
static int
seek(struct bs_exempt_view *view, const struct bs_addr *addr, uint8_t bits,
    struct bs_prefix *found_r)
{
	const struct bs_prefix from = {.addr = *addr, .bits = bits};
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(&from, bytes), .mv_data = bytes};
	MDB_val value;
	int error = ready_cursor(view);

	if (error != BS_OK)
		return error;
	error = bs_store_error(
	    mdb_cursor_get(view->cursor, &key, &value, MDB_SET_RANGE));
	if (error == BS_OK)
		error = bs_prefix_key_parse(key.mv_data, key.mv_size, found_r);
	return error;
}

/* The one before what seek found, or the last one where it found none. */
static int
before(struct bs_exempt_view *view, bool found, struct bs_prefix *found_r)
{
	MDB_val key, value;
	int error = bs_store_error(mdb_cursor_get(
	    view->cursor, &key, &value, found ? MDB_PREV : MDB_LAST));

	if (error != BS_OK)
		return error;
	return bs_prefix_key_parse(key.mv_data, key.mv_size, found_r);
}

static void
step_forward(struct bs_addr *addr)
{
	for (size_t i = bs_family_octets(addr->family); i-- > 0;) {
		if (++addr->octet[i] != 0)
			return;
	}
}

/* Whether exemptions inside the prefix follow each other without a gap. */
static int
is_filled(
    struct bs_exempt_view *view, const struct bs_prefix *prefix, bool *filled_r)
{
	struct bs_addr at = prefix->addr, end = bs_prefix_last(prefix);

	*filled_r = false;
	for (int i = 0; i < BS_STORE_INSIDE_STEPS; i++) {
		struct bs_prefix found;
		int error = seek(view, &at, 0, &found);

		if (error == BS_ENOTFOUND ||
		    (error == BS_OK && bs_addr_compare(&found.addr, &at) != 0))
			return BS_OK;
		if (error != BS_OK)
			return error;
		at = bs_prefix_last(&found);
		if (bs_addr_compare(&at, &end) >= 0) {
			*filled_r = true;
			return BS_OK;
		}
		step_forward(&at);
	}
	return BS_OK;
}

int
bs_exempt_hides(
    struct bs_exempt_view *view, const struct bs_prefix *prefix, bool *hides_r)
{
	const struct bs_lengths *lengths =
	    &view->lengths[bs_family_index(prefix->addr.family)];
	struct bs_prefix widest;
	int error = bs_exempt_covering(view, prefix, &widest);

	*hides_r = error == BS_OK;
	if (error != BS_ENOTFOUND)
		return error;
	if (lengths->count == 0 ||
	    lengths->bits[lengths->count - 1] <= prefix->bits)
		return BS_OK;
	return is_filled(view, prefix, hides_r);
}

int
bs_exempt_seek(struct bs_exempt_view *view, const struct bs_prefix *from,
    bool after, struct bs_exemption *exemption_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	size_t size = bs_prefix_key(from, bytes);
	MDB_val key = {.mv_size = size, .mv_data = bytes}, value;
	struct bs_prefix found;
	int error = ready_cursor(view);

	if (error != BS_OK)
		return error;
	error = bs_store_error(
	    mdb_cursor_get(view->cursor, &key, &value, MDB_SET_RANGE));
	if (error == BS_OK && after && key.mv_size == size &&
	    memcmp(key.mv_data, bytes, size) == 0)
		error = bs_store_error(
		    mdb_cursor_get(view->cursor, &key, &value, MDB_NEXT));
	if (error == BS_OK)
		error = bs_prefix_key_parse(key.mv_data, key.mv_size, &found);
	if (error != BS_OK)
		return error;
	return bs_exemption_decode(
	    &found, value.mv_data, value.mv_size, exemption_r);
}

/* From so many bits on the prefix around it does without another one. */
static unsigned
clear_of(const struct bs_prefix *prefix, const struct bs_prefix *other)
{
	if (prefix->addr.family != other->addr.family)
		return 0;
	return 1 + bs_addr_common_bits(&prefix->addr, &other->addr);
}

/* The one before and the one after share the most bits with it. */
int
bs_exempt_clear(struct bs_exempt_view *view, const struct bs_prefix *prefix,
    unsigned *clear_r)
{
	struct bs_prefix found;
	unsigned clear = 0;
	int error = seek(view, &prefix->addr, prefix->bits, &found);
	bool after = error == BS_OK;

	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	if (after && bs_prefix_covers(prefix, &found)) {
		*clear_r = prefix->bits + 1u;
		return BS_OK;
	}
	if (after)
		clear = clear_of(prefix, &found);
	error = before(view, after, &found);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	if (error == BS_OK && clear_of(prefix, &found) > clear)
		clear = clear_of(prefix, &found);
	*clear_r = clear;
	return BS_OK;
}
