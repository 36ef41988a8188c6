/*
 * A feed gone mad: what it would newly list beyond its limit of an hour is held
 * back, until the operator releases or drops it.  What is listed already is
 * renewed as ever, and what other feeds see is listed as ever.
 *
 * Asked by store_sighting.c before a new listing; the sightings are kept all the
 * same, and what is held counts for nothing (store_window.c, store_rejudge.c).
 * Bounded: past BS_STORE_HELD_MAX of a feed, what is new is only counted, and
 * what nobody decides about goes BS_STORE_HELD_S after its last sighting.
 */
#include "autoconf.h"

#include <string.h>

#include "store_private.h"

#define HOUR_S 3600u

/* --- records ------------------------------------------------------------ */

static int
get_state(
    struct bs_writer *writer, const char *feed, struct bs_feed_state *state_r)
{
	char name[BS_HELD_FEED_MAX + 1];
	MDB_val key = {.mv_size = strlen(feed), .mv_data = name}, value;
	int error;

	memcpy(name, feed, key.mv_size);
	error = bs_writer_fetch(writer, BS_TABLE_FEED, &key, &value);
	*state_r = (struct bs_feed_state){0};
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_feed_state_decode(value.mv_data, value.mv_size, state_r) ==
	    BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

static int
put_state(struct bs_writer *writer, const char *feed,
    const struct bs_feed_state *state)
{
	char name[BS_HELD_FEED_MAX + 1];
	uint8_t bytes[BS_FEED_STATE_SIZE];
	MDB_val key = {.mv_size = strlen(feed), .mv_data = name};
	MDB_val value = {.mv_size = sizeof(bytes), .mv_data = bytes};

	memcpy(name, feed, key.mv_size);
	bs_feed_state_encode(state, bytes);
	return bs_writer_put(writer, BS_TABLE_FEED, &key, &value, 0);
}

/* BS_ENOTFOUND: it is not held. */
static int
get_held(struct bs_writer *writer, const char *feed,
    const struct bs_prefix *prefix, enum bs_class class, struct bs_held *held_r)
{
	uint8_t bytes[BS_HELD_KEY_MAX];
	MDB_val key = {.mv_data = bytes}, value;
	int error;

	key.mv_size = bs_held_key(feed, prefix, class, bytes);
	error = bs_writer_fetch(writer, BS_TABLE_HELD, &key, &value);
	if (error != BS_OK)
		return error;
	if (bs_held_key_parse(bytes, key.mv_size, held_r) == BS_OK &&
	    bs_held_decode(value.mv_data, value.mv_size, held_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

static int
put_held(struct bs_writer *writer, const struct bs_held *held)
{
	uint8_t key_bytes[BS_HELD_KEY_MAX], bytes[BS_HELD_VALUE_SIZE];
	MDB_val key = {.mv_data = key_bytes};
	MDB_val value = {.mv_size = sizeof(bytes), .mv_data = bytes};

	key.mv_size =
	    bs_held_key(held->feed, &held->prefix, held->class, key_bytes);
	bs_held_encode(held, bytes);
	return bs_writer_put(writer, BS_TABLE_HELD, &key, &value, 0);
}

/* A day's end, so that many sightings move it once a day. */
struct bs_trim
bs_store_held_trim(const struct bs_held *held)
{
	struct bs_trim trim = {.kind = BS_TRIM_HELD,
	    .time_s = bs_store_later(
		bs_history_day_s(held->last_s), BS_DAY_S + BS_STORE_HELD_S)};

	trim.size =
	    bs_held_key(held->feed, &held->prefix, held->class, trim.key);
	return trim;
}

/* --- holding ------------------------------------------------------------ */

int
bs_writer_is_held(struct bs_writer *writer, const char *feed,
    const struct bs_seen *seen, bool *held_r)
{
	struct bs_held held;
	int error = BS_ENOTFOUND;

	/* our own traps never are */
	if (bs_policy_feed(seen->policy, feed) != NULL)
		error =
		    get_held(writer, feed, &seen->prefix, seen->class, &held);
	*held_r = error == BS_OK;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
hold(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_feed_state *state)
{
	struct bs_held held = {.prefix = seen->prefix,
	    .class = seen->class,
	    .first_s = seen->newest_s,
	    .last_s = seen->newest_s,
	    .hits = seen->hits};
	struct bs_trim trim;
	int error = BS_OK;

	memcpy(held.feed, seen->feed, strlen(seen->feed) + 1);
	state->alarm_s = writer->now_s;
	if (state->held < writer->store->limits.held) {
		state->held++;
		trim = bs_store_held_trim(&held);
		error = bs_writer_trim_at(writer, &trim);
		if (error == BS_OK)
			error = put_held(writer, &held);
	} else {
		state->lost++;
	}
	return error == BS_OK ? put_state(writer, seen->feed, state) : error;
}

/* One more sighting of what is held. */
static int
hold_on(
    struct bs_writer *writer, const struct bs_seen *seen, struct bs_held *held)
{
	struct bs_trim before = bs_store_held_trim(held), after;
	int error = BS_OK;

	if (held->last_s < seen->newest_s)
		held->last_s = seen->newest_s;
	if (held->hits < UINT32_MAX)
		held->hits++;
	after = bs_store_held_trim(held);
	if (after.time_s != before.time_s)
		error = bs_writer_trim_not(writer, &before);
	if (error == BS_OK && after.time_s != before.time_s)
		error = bs_writer_trim_at(writer, &after);
	return error == BS_OK ? put_held(writer, held) : error;
}

int
bs_writer_hold(
    struct bs_writer *writer, const struct bs_seen *seen, bool *held_r)
{
	const struct bs_policy_feed *feed =
	    bs_policy_feed(seen->policy, seen->feed);
	struct bs_feed_state state;
	struct bs_held held;
	int error;

	*held_r = false;
	if (feed == NULL || feed->max_new_per_hour == 0)
		return BS_OK;
	error = get_held(writer, seen->feed, &seen->prefix, seen->class, &held);
	*held_r = error == BS_OK;
	if (error == BS_OK)
		return hold_on(writer, seen, &held);
	if (error != BS_ENOTFOUND)
		return error;
	error = get_state(writer, seen->feed, &state);
	if (error != BS_OK)
		return error;
	if (state.hour_s != writer->now_s - writer->now_s % HOUR_S) {
		state.hour_s = writer->now_s - writer->now_s % HOUR_S;
		state.listed = 0;
	}
	*held_r = state.listed >= feed->max_new_per_hour;
	if (*held_r)
		return hold(writer, seen, &state);
	state.listed++;
	return put_state(writer, seen->feed, &state);
}

/* --- letting go --------------------------------------------------------- */

/* The first one of a feed after *after (NULL: of all); BS_ENOTFOUND. */
static int
next_held(const struct bs_store *store, MDB_txn *txn, const char *feed,
    const struct bs_held *after, struct bs_held *held_r)
{
	uint8_t bytes[BS_HELD_KEY_MAX + 1];
	MDB_val key = {.mv_data = bytes}, value;
	MDB_cursor *cursor;
	int code = mdb_cursor_open(txn, store->dbi[BS_TABLE_HELD], &cursor);
	int error;

	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	key.mv_size = after == NULL ? bs_held_key(feed, NULL, 0, bytes)
				    : bs_held_key(feed, &after->prefix,
					  after->class, bytes);
	if (after != NULL) /* the key behind it */
		bytes[key.mv_size++] = 0;
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	error = bs_store_error(code);
	if (error == BS_OK)
		error = bs_held_key_parse(key.mv_data, key.mv_size, held_r);
	if (error == BS_OK)
		error = bs_held_decode(value.mv_data, value.mv_size, held_r);
	mdb_cursor_close(cursor);
	if (error == BS_OK && strcmp(held_r->feed, feed) != 0)
		return BS_ENOTFOUND;
	return error;
}

static int
forget(struct bs_writer *writer, const struct bs_held *held)
{
	const struct bs_trim trim = bs_store_held_trim(held);
	struct bs_feed_state state;
	uint8_t bytes[BS_HELD_KEY_MAX];
	MDB_val key = {.mv_data = bytes};
	int error = get_state(writer, held->feed, &state);

	key.mv_size =
	    bs_held_key(held->feed, &held->prefix, held->class, bytes);
	if (error == BS_OK)
		error = bs_writer_del(writer, BS_TABLE_HELD, &key);
	if (error == BS_OK)
		error = bs_writer_trim_not(writer, &trim);
	if (error != BS_OK)
		return error;
	if (state.held > 0)
		state.held--;
	return put_state(writer, held->feed, &state);
}

int
bs_writer_trim_held(struct bs_writer *writer, const struct bs_trim *trim)
{
	struct bs_held name, held;
	int error;

	if (bs_held_key_parse(trim->key, trim->size, &name) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	error = get_held(writer, name.feed, &name.prefix, name.class, &held);
	if (error != BS_OK)
		return error;
	return forget(writer, &held);
}

static void
tell_nobody(void *context, const struct bs_purge_change *change)
{
	(void)context;
	(void)change;
}

/* The feed's sightings of it go. */
static int
drop(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_held *held)
{
	struct bs_purge purge = {.policy = policy,
	    .classes = held->class,
	    .has_prefix = true,
	    .prefix = held->prefix,
	    .until_s = UINT32_MAX,
	    .told = tell_nobody};
	struct bs_purge_walk walk = {.done = false};
	int error = BS_OK;

	memcpy(purge.feed, held->feed, strlen(held->feed) + 1);
	while (error == BS_OK && !walk.done)
		error = bs_writer_purge(writer, &purge, &walk, SIZE_MAX);
	return error;
}

int
bs_writer_let_go(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_held *held, bool release)
{
	struct bs_seen seen = {.policy = policy,
	    .class = held->class,
	    .prefix = held->prefix,
	    .source = held->prefix.addr,
	    .feed = held->feed};
	int error = writer->failed;

	if (error == BS_OK)
		error = forget(writer, held);
	if (error != BS_OK)
		return error;
	return release ? bs_writer_rejudge(writer, &seen)
		       : drop(writer, policy, held);
}

int
bs_writer_held_next(struct bs_writer *writer, const char *feed,
    const struct bs_held *after, struct bs_held *held_r)
{
	if (writer->failed != BS_OK)
		return writer->failed;
	return next_held(writer->store, writer->txn, feed, after, held_r);
}

/* --- reading ------------------------------------------------------------ */

int
bs_snapshot_held_next(struct bs_snapshot *snapshot, const char *feed,
    const struct bs_held *after, struct bs_held *held_r)
{
	return next_held(snapshot->store, snapshot->txn, feed, after, held_r);
}

int
bs_snapshot_feed(struct bs_snapshot *snapshot, const char *feed,
    struct bs_feed_state *state_r)
{
	char name[BS_HELD_FEED_MAX + 1];
	MDB_val key = {.mv_size = strlen(feed), .mv_data = name}, value;
	int code;

	memcpy(name, feed, key.mv_size);
	code = mdb_get(
	    snapshot->txn, snapshot->store->dbi[BS_TABLE_FEED], &key, &value);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	return bs_feed_state_decode(value.mv_data, value.mv_size, state_r);
}
