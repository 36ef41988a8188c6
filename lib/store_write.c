/*
 * The writer: the one write transaction, and how one listing becomes another
 * in it, with its index, its count and its journal entry.  What a person does
 * with it is in store_manual.c, the feeder's sightings are in
 * store_sighting.c, what time does in store_expiry.c.
 *
 * An error of LMDB inside a transaction spoils it: all that follows returns
 * that error, commit forgets it, and the store goes on as it was before.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* --- LMDB calls --------------------------------------------------------- */

int
bs_writer_spoil(struct bs_writer *writer, int error, int lmdb_error)
{
	if (writer->failed == BS_OK) {
		writer->failed = error;
		writer->lmdb_error = lmdb_error;
	}
	return error;
}

static int
check(struct bs_writer *writer, int code)
{
	if (code == MDB_SUCCESS)
		return BS_OK;
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	return bs_writer_spoil(writer, bs_store_error(code), code);
}

int
bs_writer_put(struct bs_writer *writer, enum bs_table table, MDB_val *key,
    MDB_val *value, unsigned flags)
{
	int error = bs_writer_gather(writer, table, key);

	writer->sighting_changes += table == BS_TABLE_SIGHTING;
	if (error != BS_OK)
		return error;
	return check(writer,
	    mdb_put(writer->txn, writer->store->dbi[table], key, value, flags));
}

int
bs_writer_del(struct bs_writer *writer, enum bs_table table, MDB_val *key)
{
	int error = bs_writer_gather(writer, table, key);

	writer->sighting_changes += table == BS_TABLE_SIGHTING;
	if (error != BS_OK)
		return error;
	return check(
	    writer, mdb_del(writer->txn, writer->store->dbi[table], key, NULL));
}

int
bs_writer_fetch(struct bs_writer *writer, enum bs_table table, MDB_val *key,
    MDB_val *value_r)
{
	return check(writer,
	    mdb_get(writer->txn, writer->store->dbi[table], key, value_r));
}

int
bs_writer_first(
    struct bs_writer *writer, enum bs_table table, uint8_t *key, size_t *size)
{
	MDB_cursor *cursor;
	MDB_val found, value;
	int error = check(writer,
	    mdb_cursor_open(writer->txn, writer->store->dbi[table], &cursor));

	if (error != BS_OK)
		return error;
	error =
	    check(writer, mdb_cursor_get(cursor, &found, &value, MDB_FIRST));
	if (error == BS_OK && found.mv_size > *size)
		error = bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	if (error == BS_OK) {
		memcpy(key, found.mv_data, found.mv_size);
		*size = found.mv_size;
	}
	mdb_cursor_close(cursor);
	return error;
}

/* --- table meta --------------------------------------------------------- */

#define META_NAME_MAX 16

int
bs_writer_fetch_meta(
    struct bs_writer *writer, const char *name, MDB_val *value_r)
{
	char copy[META_NAME_MAX];
	MDB_val key = {.mv_size = strlen(name), .mv_data = copy};

	memcpy(copy, name, key.mv_size);
	return bs_writer_fetch(writer, BS_TABLE_META, &key, value_r);
}

int
bs_writer_put_meta(
    struct bs_writer *writer, const char *name, void *bytes, size_t size)
{
	char copy[META_NAME_MAX];
	MDB_val key = {.mv_size = strlen(name), .mv_data = copy};
	MDB_val value = {.mv_size = size, .mv_data = bytes};

	memcpy(copy, name, key.mv_size);
	return bs_writer_put(writer, BS_TABLE_META, &key, &value, 0);
}

/* --- begin, commit, abort ----------------------------------------------- */

/* How much of the map is used, in percent; exactly only where it is much. */
static unsigned
used_percent(struct bs_store *store)
{
	MDB_envinfo info;
	MDB_stat stat;
	MDB_txn *reader;
	uint64_t used, total, unused = 0;

	if (mdb_env_info(store->env, &info) != MDB_SUCCESS ||
	    mdb_env_stat(store->env, &stat) != MDB_SUCCESS)
		return 0;
	used = info.me_last_pgno + 1;
	total = info.me_mapsize / stat.ms_psize;
	if (used * 100 < total * BS_STORE_FULL_PERCENT)
		return (unsigned)(used * 100 / total);
	/* what a dead reader holds on to is free, too */
	(void)bs_store_clear_readers(store);
	/* the file never shrinks: what is free in it counts as room */
	if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &reader) != MDB_SUCCESS)
		return 100;
	(void)bs_store_free_pages(reader, 0, &unused);
	mdb_txn_abort(reader);
	return (unsigned)((used - unused) * 100 / total);
}

/* Where a process died between its commit and this, see store_check.c. */
static void
extend_file(struct bs_store *store)
{
	mdb_filehandle_t fd;
	MDB_envinfo info;
	MDB_stat stat;

	if (mdb_env_info(store->env, &info) != MDB_SUCCESS ||
	    mdb_env_stat(store->env, &stat) != MDB_SUCCESS ||
	    mdb_env_get_fd(store->env, &fd) != MDB_SUCCESS)
		return;
	bs_store_extend(fd, (info.me_last_pgno + 1) * (uint64_t)stat.ms_psize);
}

/* Ends up to `step` listings, and lets go of as many old records. */
static int
tidy(struct bs_writer *writer, size_t step)
{
	size_t records = step < BS_STORE_TRIM_STEP ? step : BS_STORE_TRIM_STEP;
	int error = bs_writer_expire_step(writer, step, NULL);

	if (error == BS_OK)
		error = bs_writer_publish_step(writer, step);
	if (error == BS_OK)
		error = bs_writer_trim_step(writer, records);
	if (error == BS_OK)
		error = bs_writer_journal_trim(writer, records);
	return error;
}

/* Where another program's map is larger, ours becomes as large first. */
static int
begin_txn(struct bs_store *store, MDB_txn **txn_r)
{
	int code = MDB_MAP_RESIZED;

	for (int i = 0; code == MDB_MAP_RESIZED && i < BS_STORE_FOLLOW_TRIES;
	     i++) {
		if (bs_store_enter(store)) {
			code = mdb_txn_begin(store->env, NULL, 0, txn_r);
			if (code == MDB_SUCCESS)
				return code;
			bs_store_leave(store);
		}
		if (code == MDB_MAP_RESIZED)
			bs_store_follow_map(store);
	}
	return code;
}

/* Begins, and tidies up to `step` listings and some records. */
static int
begin(struct bs_writer *writer, size_t step)
{
	struct bs_store *store = writer->store;
	int code = begin_txn(store, &writer->txn);
	unsigned percent;
	int error;

	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	extend_file(store);
	percent = used_percent(store);
	writer->full = writer->tight || percent >= BS_STORE_FULL_PERCENT;
	writer->scarce = writer->tight || percent >= BS_STORE_SCARCE_PERCENT;
	error = bs_store_get_state(store, writer->txn, &writer->state);
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	writer->exempt =
	    (struct bs_exempt_view){.store = store, .txn = writer->txn};
	bs_exempt_view_set(&writer->exempt, &writer->state);
	/* where there is no room at all, not for that either */
	error = bs_writer_check_clock(writer, step > 0);
	return error == BS_OK && step > 0 ? tidy(writer, step) : error;
}

static void
give_up(struct bs_writer *writer)
{
	if (writer->txn != NULL) {
		mdb_txn_abort(writer->txn);
		bs_store_leave(writer->store);
	}
	writer->txn = NULL;
	if (writer->store->ahead != NULL)
		bs_ahead_end(writer, false);
	writer->failed = BS_OK;
	writer->state_changed = false;
	writer->journal_first_known = false;
	writer->keep_known = false;
	writer->gathered = false;
	/* of another transaction */
	free(writer->day);
	writer->day = NULL;
	writer->tidied = (struct bs_tidied){0};
}

int
bs_writer_begin(struct bs_store *store, uint32_t now_s, const char *actor,
    struct bs_writer **writer_r, struct bs_message *message)
{
	/* where the map is full, tidying may need more pages than there are:
	 * once more without dead readers and without what only adds to the
	 * database, then with ever smaller steps */
	static const size_t steps[] = {
	    BS_STORE_EXPIRY_STEP, BS_STORE_EXPIRY_STEP, 50, 0};
	struct bs_writer *writer;
	int error = bs_store_check_process(store, message);

	if (error != BS_OK)
		return error;
	writer = calloc(1, sizeof(*writer));
	if (writer == NULL) {
		bs_message_set(message, "%s: out of memory", store->path);
		return BS_ENOMEM;
	}
	writer->store = store;
	writer->now_s = now_s;
	(void)snprintf(writer->actor, sizeof(writer->actor), "%s", actor);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		error = begin(writer, steps[i]);
		if (error != BS_EFULL)
			break;
		give_up(writer);
		writer->tight = true;
		(void)bs_store_clear_readers(store);
	}
	if (error != BS_OK) {
		(void)bs_store_explain(
		    store, writer->lmdb_error, "can't be written", message);
		bs_writer_abort(&writer);
		return error;
	}
	error = bs_store_check_files(store, message);
	if (error != BS_OK) {
		bs_writer_abort(&writer);
		return error;
	}
	if (store->ahead != NULL)
		bs_ahead_begin(store->ahead);
	*writer_r = writer;
	return BS_OK;
}

static int
put_state(struct bs_writer *writer)
{
	uint8_t bytes[BS_STATE_VALUE_MAX];
	size_t size = bs_state_encode(&writer->state, bytes);

	return bs_writer_put_meta(writer, BS_META_STATE, bytes, size);
}

int
bs_writer_commit(struct bs_writer **writer, struct bs_message *message)
{
	struct bs_writer *self = *writer;
	struct bs_store *store = self->store;
	int error = self->failed, code = self->lmdb_error;

	if (error == BS_OK && self->state_changed) {
		error = put_state(self);
		if (error == BS_OK && store->ahead != NULL)
			error = bs_ahead_count(self);
		code = self->lmdb_error;
	}
	if (error == BS_OK) {
		code = mdb_txn_commit(self->txn);
		self->txn = NULL; /* freed, whatever it returned */
		bs_store_leave(store);
		error = bs_store_error(code);
	}
	if (error == BS_OK && store->ahead != NULL)
		bs_ahead_end(self, true);
	if (error == BS_OK)
		extend_file(store);
	else
		error = bs_store_explain(
		    store, code, "nothing of this was written", message);
	bs_writer_abort(writer);
	return error;
}

void
bs_writer_abort(struct bs_writer **writer)
{
	if (*writer == NULL)
		return;
	give_up(*writer);
	free(*writer);
	*writer = NULL;
}

void
bs_writer_tidied(const struct bs_writer *writer, struct bs_tidied *tidied_r)
{
	*tidied_r = writer->tidied;
}

/* --- a listing becomes another one -------------------------------------- */

static int
index_expiry(struct bs_writer *writer, const struct bs_prefix *prefix,
    uint32_t old_s, uint32_t new_s)
{
	uint8_t bytes[BS_EXPIRY_KEY_MAX];
	MDB_val key = {.mv_data = bytes}, nothing = {0};
	int error = BS_OK;

	if (old_s == new_s)
		return BS_OK;
	if (old_s != BS_LISTING_FOREVER) {
		key.mv_size = bs_expiry_key(old_s, prefix, bytes);
		error = bs_writer_del(writer, BS_TABLE_EXPIRY, &key);
		if (error == BS_ENOTFOUND)
			error = BS_OK;
	}
	if (error == BS_OK && new_s != BS_LISTING_FOREVER) {
		key.mv_size = bs_expiry_key(new_s, prefix, bytes);
		error =
		    bs_writer_put(writer, BS_TABLE_EXPIRY, &key, &nothing, 0);
	}
	return error;
}

static int
put_listing(struct bs_writer *writer, const struct bs_listing *listing)
{
	uint8_t key_bytes[BS_LISTING_KEY_MAX];
	uint8_t bytes[BS_LISTING_VALUE_MAX];
	MDB_val key = {.mv_size = bs_listing_key(&listing->prefix, key_bytes),
	    .mv_data = key_bytes};
	MDB_val value = {
	    .mv_size = bs_listing_encode(listing, bytes), .mv_data = bytes};

	return bs_writer_put(writer,
	    bs_store_listing_table(listing->prefix.addr.family), &key, &value,
	    0);
}

static int
del_listing(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	uint8_t bytes[BS_LISTING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_listing_key(prefix, bytes), .mv_data = bytes};

	return bs_writer_del(
	    writer, bs_store_listing_table(prefix->addr.family), &key);
}

static void
count_listing(
    struct bs_writer *writer, const struct bs_prefix *prefix, bool more)
{
	uint64_t *count = prefix->addr.family == BS_IPV4
			      ? &writer->state.count4[prefix->bits]
			      : &writer->state.count6[prefix->bits];

	if (more)
		++*count;
	else if (*count > 0)
		--*count;
	writer->state_changed = true;
}

/* The change of answer, as the journal has it: what is exempt has none. */
static int
record_change(struct bs_writer *writer, const struct bs_prefix *prefix,
    bs_classes old_classes, bs_classes new_classes, const char *reason)
{
	struct bs_journal_entry entry = {
	    .kind = BS_JOURNAL_CHANGE,
	    .prefix = *prefix,
	    .old_classes = old_classes,
	    .new_classes = new_classes,
	};
	bool hidden;
	int error;

	error = bs_exempt_hides(&writer->exempt, prefix, &hidden);
	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	if (hidden)
		return BS_OK;
	(void)snprintf(entry.reason, sizeof(entry.reason), "%s", reason);
	return bs_writer_journal(writer, &entry);
}

/* The same for the history, exempt or not. */
static int
record_history(struct bs_writer *writer, const struct bs_prefix *prefix,
    const struct bs_history_entry *event, const char *reason)
{
	struct bs_history_entry entry = *event;

	(void)snprintf(entry.reason, sizeof(entry.reason), "%s", reason);
	return bs_writer_history(writer, prefix, &entry);
}

int
bs_writer_replace(struct bs_writer *writer, const struct bs_listing *old,
    const struct bs_listing *new, enum bs_history_kind kind, const char *reason)
{
	const struct bs_history_entry event = {.kind = kind,
	    .old_classes = old != NULL ? old->classes : 0,
	    .new_classes = new != NULL ? new->classes : 0};
	const struct bs_prefix *prefix =
	    new != NULL ? &new->prefix : &old->prefix;
	int error;

	error = index_expiry(writer, prefix,
	    old != NULL ? bs_listing_expires_first_s(old) : BS_LISTING_FOREVER,
	    new != NULL ? bs_listing_expires_first_s(new) : BS_LISTING_FOREVER);
	if (error == BS_OK)
		error = new != NULL ? put_listing(writer, new)
				    : del_listing(writer, prefix);
	if (error != BS_OK)
		return error;
	if ((old == NULL) != (new == NULL))
		count_listing(writer, prefix, new != NULL);
	if (event.old_classes == event.new_classes)
		return BS_OK;
	/* by time it goes in its own time, which is the same */
	if (new == NULL && kind != BS_HISTORY_EXPIRED)
		error = bs_writer_forget_evidence(writer, prefix);
	if (error != BS_OK)
		return error;
	error = record_change(
	    writer, prefix, event.old_classes, event.new_classes, reason);
	return error == BS_OK ? record_history(writer, prefix, &event, reason)
			      : error;
}

int
bs_writer_get(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_listing *listing_r)
{
	if (writer->failed != BS_OK)
		return writer->failed;
	return bs_store_get_listing(
	    writer->store, writer->txn, prefix, listing_r);
}
