/*
 * Snapshots: what the query path, the tool and the transfers read.  Each is
 * one LMDB reader for one thread, renewed in place; its cursors are made once,
 * so that a batch of questions allocates nothing.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "store_private.h"

enum bs_table
bs_store_listing_table(uint8_t family)
{
	assert(family == BS_IPV4 || family == BS_IPV6);
	return family == BS_IPV4 ? BS_TABLE_LISTING4 : BS_TABLE_LISTING6;
}

int
bs_store_get_listing(const struct bs_store *store, MDB_txn *txn,
    const struct bs_prefix *prefix, struct bs_listing *listing_r)
{
	uint8_t bytes[BS_LISTING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_listing_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int code = mdb_get(txn,
	    store->dbi[bs_store_listing_table(prefix->addr.family)], &key,
	    &value);

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	return bs_listing_decode(
	    prefix, value.mv_data, value.mv_size, listing_r);
}

int
bs_store_get_state(
    const struct bs_store *store, MDB_txn *txn, struct bs_state *state_r)
{
	char name[] = BS_META_STATE;
	MDB_val key = {.mv_size = strlen(name), .mv_data = name}, value;
	int code = mdb_get(txn, store->dbi[BS_TABLE_META], &key, &value);

	if (code == MDB_NOTFOUND)
		return BS_ECORRUPT;
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	return bs_state_decode(value.mv_data, value.mv_size, state_r);
}

/* --- life --------------------------------------------------------------- */

static int
begin_txn(struct bs_snapshot *snapshot)
{
	struct bs_store *store = snapshot->store;
	int code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &snapshot->txn);

	if (code == MDB_READERS_FULL && bs_store_clear_readers(store) > 0)
		code =
		    mdb_txn_begin(store->env, NULL, MDB_RDONLY, &snapshot->txn);
	return code;
}

static int
renew_txn(struct bs_snapshot *snapshot)
{
	return mdb_txn_renew(snapshot->txn);
}

/* Begins a transaction; where another program's map is larger, ours becomes
 * as large first. */
static int
enter(struct bs_snapshot *snapshot, int (*begin)(struct bs_snapshot *snapshot))
{
	int code = MDB_MAP_RESIZED;

	for (int i = 0; code == MDB_MAP_RESIZED && i < BS_STORE_FOLLOW_TRIES;
	     i++) {
		if (bs_store_enter(snapshot->store)) {
			code = begin(snapshot);
			if (code == MDB_SUCCESS)
				return code;
			bs_store_leave(snapshot->store);
		}
		if (code == MDB_MAP_RESIZED)
			bs_store_follow_map(snapshot->store);
	}
	return code;
}

static int
open_cursors(struct bs_snapshot *snapshot)
{
	const MDB_dbi *dbi = snapshot->store->dbi;
	int code = mdb_cursor_open(
	    snapshot->txn, dbi[BS_TABLE_LISTING4], &snapshot->cursor[0]);

	if (code == MDB_SUCCESS)
		code = mdb_cursor_open(snapshot->txn, dbi[BS_TABLE_LISTING6],
		    &snapshot->cursor[1]);
	if (code == MDB_SUCCESS)
		code = mdb_cursor_open(snapshot->txn, dbi[BS_TABLE_EXEMPT],
		    &snapshot->exempt.cursor);
	if (code == MDB_SUCCESS)
		code = mdb_cursor_open(
		    snapshot->txn, dbi[BS_TABLE_JOURNAL], &snapshot->journal);
	return code;
}

int
bs_snapshot_new(struct bs_store *store, struct bs_snapshot **snapshot_r,
    struct bs_message *message)
{
	struct bs_snapshot *snapshot;
	int code, error = bs_store_check_process(store, message);

	if (error != BS_OK)
		return error;
	snapshot = calloc(1, sizeof(*snapshot));
	if (snapshot == NULL) {
		bs_message_set(message, "%s: out of memory", store->path);
		return BS_ENOMEM;
	}
	snapshot->store = store;
	code = enter(snapshot, begin_txn);
	snapshot->active = code == MDB_SUCCESS;
	if (code == MDB_SUCCESS)
		code = open_cursors(snapshot);
	if (code != MDB_SUCCESS) {
		bs_snapshot_free(&snapshot);
		return bs_store_explain(store, code, "no reader", message);
	}
	bs_snapshot_release(snapshot);
	snapshot->exempt.store = store;
	snapshot->exempt.txn = snapshot->txn;
	*snapshot_r = snapshot;
	return BS_OK;
}

static int
load_state(struct bs_snapshot *snapshot)
{
	struct bs_state state;
	int error = bs_store_get_state(snapshot->store, snapshot->txn, &state);

	if (error != BS_OK)
		return error;
	snapshot->number = state.number;
	snapshot->offset = state.offset;
	bs_lengths_set(&snapshot->lengths[0], state.count4, 32);
	bs_lengths_set(&snapshot->lengths[1], state.count6, 128);
	bs_exempt_view_set(&snapshot->exempt, &state);
	return BS_OK;
}

int
bs_snapshot_renew(struct bs_snapshot *snapshot)
{
	size_t txn_id;
	int code, error;

	bs_snapshot_release(snapshot);
	code = enter(snapshot, renew_txn);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	snapshot->active = true;
	snapshot->cursor_renewed[0] = snapshot->cursor_renewed[1] = false;
	snapshot->exempt.cursor_ready = false;
	snapshot->journal_renewed = false;
	txn_id = mdb_txn_id(snapshot->txn);
	if (snapshot->loaded && txn_id == snapshot->txn_id)
		return BS_OK;
	snapshot->loaded = false;
	error = load_state(snapshot);
	if (error != BS_OK) {
		bs_snapshot_release(snapshot);
		return error;
	}
	snapshot->txn_id = txn_id;
	snapshot->loaded = true;
	return BS_OK;
}

void
bs_snapshot_release(struct bs_snapshot *snapshot)
{
	if (!snapshot->active)
		return;
	mdb_txn_reset(snapshot->txn);
	bs_store_leave(snapshot->store);
	snapshot->active = false;
}

void
bs_snapshot_free(struct bs_snapshot **snapshot)
{
	if (*snapshot == NULL)
		return;
	if ((*snapshot)->active)
		bs_store_leave((*snapshot)->store);
	for (int i = 0; i < 2; i++) {
		if ((*snapshot)->cursor[i] != NULL)
			mdb_cursor_close((*snapshot)->cursor[i]);
	}
	if ((*snapshot)->exempt.cursor != NULL)
		mdb_cursor_close((*snapshot)->exempt.cursor);
	if ((*snapshot)->journal != NULL)
		mdb_cursor_close((*snapshot)->journal);
	if ((*snapshot)->txn != NULL)
		mdb_txn_abort((*snapshot)->txn);
	free(*snapshot);
	*snapshot = NULL;
}

uint64_t
bs_snapshot_number(const struct bs_snapshot *snapshot)
{
	return snapshot->number;
}

uint32_t
bs_snapshot_serial(const struct bs_snapshot *snapshot)
{
	return (uint32_t)(snapshot->number + snapshot->offset);
}

/* --- listings ----------------------------------------------------------- */

int
bs_snapshot_seek(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    MDB_cursor **cursor_r, MDB_val *key_r, MDB_val *value_r)
{
	int family = prefix->addr.family == BS_IPV4 ? 0 : 1;
	MDB_cursor *cursor = snapshot->cursor[family];
	uint8_t bytes[BS_LISTING_KEY_MAX];
	int code = MDB_SUCCESS;

	assert(snapshot->active);
	*cursor_r = cursor;
	if (!snapshot->cursor_renewed[family])
		code = mdb_cursor_renew(snapshot->txn, cursor);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	snapshot->cursor_renewed[family] = true;
	key_r->mv_size = bs_listing_key(prefix, bytes);
	key_r->mv_data = bytes;
	code = mdb_cursor_get(cursor, key_r, value_r, MDB_SET_RANGE);
	return bs_store_error(code);
}

int
bs_snapshot_get(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    struct bs_listing *listing_r)
{
	assert(snapshot->active);
	return bs_store_get_listing(
	    snapshot->store, snapshot->txn, prefix, listing_r);
}

/* A place among the listings of a family, and what is there. */
struct pair {
	MDB_cursor *cursor;
	MDB_val key, value;
};

static int
next(struct pair *pair)
{
	return bs_store_error(
	    mdb_cursor_get(pair->cursor, &pair->key, &pair->value, MDB_NEXT));
}

static int
decode(const struct pair *pair, struct bs_listing *listing_r)
{
	struct bs_prefix prefix;
	int error =
	    bs_listing_key_parse(pair->key.mv_data, pair->key.mv_size, &prefix);

	if (error != BS_OK)
		return error;
	return bs_listing_decode(
	    &prefix, pair->value.mv_data, pair->value.mv_size, listing_r);
}

/* To the first listing of a family at `from`, or after it. */
static int
seek_from(struct bs_snapshot *snapshot, const struct bs_prefix *from,
    bool after, struct pair *pair)
{
	uint8_t bytes[BS_LISTING_KEY_MAX];
	size_t size = bs_listing_key(from, bytes);
	int error = bs_snapshot_seek(
	    snapshot, from, &pair->cursor, &pair->key, &pair->value);

	if (error == BS_OK && after && pair->key.mv_size == size &&
	    memcmp(pair->key.mv_data, bytes, size) == 0)
		error = next(pair);
	return error;
}

static int
next_in_family(struct bs_snapshot *snapshot, const struct bs_prefix *from,
    bool after, struct bs_listing *listing_r)
{
	struct pair pair;
	int error = seek_from(snapshot, from, after, &pair);

	return error == BS_OK ? decode(&pair, listing_r) : error;
}

int
bs_snapshot_next(struct bs_snapshot *snapshot, const struct bs_prefix *after,
    struct bs_listing *listing_r)
{
	static const struct bs_prefix first[] = {
	    {.addr = {.family = BS_IPV4}}, {.addr = {.family = BS_IPV6}}};
	int error = BS_ENOTFOUND;

	if (after == NULL)
		error = next_in_family(snapshot, &first[0], false, listing_r);
	else if (after->addr.family == BS_IPV4)
		error = next_in_family(snapshot, after, true, listing_r);
	else
		return next_in_family(snapshot, after, true, listing_r);
	if (error != BS_ENOTFOUND)
		return error;
	return next_in_family(snapshot, &first[1], false, listing_r);
}

/* Those of a family from `from` on, or after it, while there is room. */
static int
prefixes_in_family(struct bs_snapshot *snapshot, const struct bs_prefix *from,
    bool after, struct bs_prefixes *list)
{
	struct pair pair;
	int error = seek_from(snapshot, from, after, &pair);

	while (error == BS_OK && list->count < BS_STORE_PREFIXES_MAX) {
		error = bs_listing_key_parse(pair.key.mv_data, pair.key.mv_size,
		    &list->prefix[list->count]);
		if (error != BS_OK)
			return error;
		list->classes[list->count++] =
		    bs_listing_classes(pair.value.mv_data, pair.value.mv_size);
		error = next(&pair);
	}
	return error;
}

int
bs_snapshot_prefixes(struct bs_snapshot *snapshot,
    const struct bs_prefix *after, struct bs_prefixes *list)
{
	static const struct bs_prefix first[] = {
	    {.addr = {.family = BS_IPV4}}, {.addr = {.family = BS_IPV6}}};
	int error = BS_ENOTFOUND;

	list->count = 0;
	if (after == NULL || after->addr.family == BS_IPV4) {
		error = prefixes_in_family(snapshot,
		    after != NULL ? after : &first[0], after != NULL, list);
		after = NULL;
	}
	if (error == BS_ENOTFOUND)
		error = prefixes_in_family(snapshot,
		    after != NULL ? after : &first[1], after != NULL, list);
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* --- journal ------------------------------------------------------------ */

int
bs_snapshot_journal(struct bs_snapshot *snapshot, uint64_t number,
    struct bs_journal_entry *entry_r)
{
	uint8_t bytes[8];
	MDB_val key = {.mv_size = sizeof(bytes), .mv_data = bytes}, value;
	int code = MDB_SUCCESS;

	assert(snapshot->active);
	bs_put_be64(bytes, number);
	if (!snapshot->journal_renewed)
		code = mdb_cursor_renew(snapshot->txn, snapshot->journal);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	snapshot->journal_renewed = true;
	code = mdb_cursor_get(snapshot->journal, &key, &value, MDB_SET_RANGE);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	if (key.mv_size != sizeof(bytes))
		return BS_ECORRUPT;
	return bs_journal_decode(
	    bs_get_be64(key.mv_data), value.mv_data, value.mv_size, entry_r);
}
