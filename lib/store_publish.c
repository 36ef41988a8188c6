/*
 * What `publish-delay` is for: who sends one candidate address a message at a time,
 * and looks after each whether the host that sent it is listed, learns which are
 * traps.  So what is newly listed by sightings waits a while that an outsider can't
 * foretell, and only then becomes a listing, with its change in the journal: until
 * then no answer, transfer or export has any of it.
 *
 * Further sightings of what waits add to it and move nothing; what is listed
 * already is renewed as ever, and a person adds, removes and releases at once.
 * Called by store_sighting.c for what is new, and by each writer's first step for
 * what has waited long enough.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* --- records ------------------------------------------------------------ */

int
bs_writer_waits(struct bs_writer *writer, const struct bs_prefix *prefix,
    enum bs_class class, struct bs_waiting *waiting_r)
{
	struct bs_waiting waiting = {.prefix = *prefix, .class = class};
	uint8_t bytes[BS_WAITING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_waiting_key(prefix, class, bytes), .mv_data = bytes};
	MDB_val value;
	int error = bs_writer_fetch(writer, BS_TABLE_WAITING, &key, &value);

	if (error != BS_OK)
		return error;
	if (bs_waiting_decode(value.mv_data, value.mv_size, &waiting) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	*waiting_r = waiting;
	return BS_OK;
}

static int
put(struct bs_writer *writer, const struct bs_waiting *waiting)
{
	uint8_t key_bytes[BS_WAITING_KEY_MAX], bytes[BS_WAITING_VALUE_MAX];
	MDB_val key = {.mv_size = bs_waiting_key(
			   &waiting->prefix, waiting->class, key_bytes),
	    .mv_data = key_bytes};
	MDB_val value = {
	    .mv_size = bs_waiting_encode(waiting, bytes), .mv_data = bytes};

	return bs_writer_put(writer, BS_TABLE_WAITING, &key, &value, 0);
}

static int
put_due(struct bs_writer *writer, const struct bs_waiting *waiting)
{
	uint8_t bytes[BS_WAITING_DUE_MAX];
	MDB_val key = {
	    .mv_size = bs_waiting_due(waiting, bytes), .mv_data = bytes};
	MDB_val nothing = {0};

	return bs_writer_put(writer, BS_TABLE_PUBLISH, &key, &nothing, 0);
}

static int
drop_due(struct bs_writer *writer, const struct bs_waiting *waiting)
{
	uint8_t bytes[BS_WAITING_DUE_MAX];
	MDB_val key = {
	    .mv_size = bs_waiting_due(waiting, bytes), .mv_data = bytes};
	int error = bs_writer_del(writer, BS_TABLE_PUBLISH, &key);

	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
drop(struct bs_writer *writer, const struct bs_waiting *waiting)
{
	uint8_t bytes[BS_WAITING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_waiting_key(&waiting->prefix, waiting->class, bytes),
	    .mv_data = bytes};
	int error = bs_writer_del(writer, BS_TABLE_WAITING, &key);

	return error == BS_OK ? drop_due(writer, waiting) : error;
}

/* --- waiting ------------------------------------------------------------ */

/* After the clock was set back, or the delay made shorter: not for longer than
 * one that begins now. */
static int
hasten(struct bs_writer *writer, const struct bs_policy *policy,
    struct bs_waiting *waiting)
{
	uint32_t most_s =
	    bs_store_later(writer->now_s, policy->publish_delay_s);
	int error;

	if (waiting->publish_s <= most_s)
		return BS_OK;
	error = drop_due(writer, waiting);
	waiting->publish_s = most_s;
	return error == BS_OK ? put_due(writer, waiting) : error;
}

int
bs_writer_wait(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_listed *listed_r)
{
	struct bs_waiting waiting;
	struct bs_listed listed = {.waits = true};
	int error =
	    bs_writer_waits(writer, &seen->prefix, seen->class, &waiting);

	if (error == BS_ENOTFOUND) {
		waiting = (struct bs_waiting){.prefix = seen->prefix,
		    .class = seen->class,
		    .publish_s = bs_store_later(writer->now_s, seen->delay_s)};
		error = bs_writer_look_back(writer, seen, &waiting.as);
		if (error == BS_OK)
			error = put_due(writer, &waiting);
	} else if (error == BS_OK) {
		listed.before_s = waiting.as.last_s;
		error = hasten(writer, seen->policy, &waiting);
	}
	if (error != BS_OK)
		return error;
	bs_seen_renew(seen, &waiting.as);
	waiting.exact = seen->source;
	listed.expires_s = waiting.as.expires_s;
	error = put(writer, &waiting);
	if (error == BS_OK)
		*listed_r = listed;
	return error;
}

int
bs_writer_wait_no_more(struct bs_writer *writer, const struct bs_prefix *prefix,
    bs_classes classes, bool *any_r)
{
	bool any = false;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		struct bs_waiting waiting;
		int error;

		if ((classes & bs_class_at(i)) == 0)
			continue;
		error =
		    bs_writer_waits(writer, prefix, bs_class_at(i), &waiting);
		if (error == BS_ENOTFOUND)
			continue;
		if (error == BS_OK)
			error = drop(writer, &waiting);
		if (error != BS_OK)
			return error;
		any = true;
	}
	*any_r = any;
	return BS_OK;
}

int
bs_writer_wait_as(struct bs_writer *writer, const struct bs_waiting *waiting)
{
	return put(writer, waiting);
}

/* --- becoming public ---------------------------------------------------- */

static void
merge(struct bs_listing_class *into, const struct bs_listing_class *from)
{
	if (into->last_s < from->last_s)
		into->last_s = from->last_s;
	if (into->expires_s < from->expires_s)
		into->expires_s = from->expires_s;
	if (into->repeats < from->repeats)
		into->repeats = from->repeats;
	into->hits = into->hits > UINT32_MAX - from->hits
			 ? UINT32_MAX
			 : into->hits + from->hits;
}

/* Lists it, or adds it to what was listed meanwhile. */
static int
publish(struct bs_writer *writer, const struct bs_waiting *waiting)
{
	struct bs_listing old, new;
	int error = bs_writer_get(writer, &waiting->prefix, &old);
	bool has = error == BS_OK;

	if (error != BS_OK && error != BS_ENOTFOUND)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	if (has)
		new = old;
	else
		new = (struct bs_listing){
		    .prefix = waiting->prefix, .first_s = writer->now_s};
	merge(&new.class[bs_class_index(waiting->class)], &waiting -> as);
	new.classes |= waiting->class;
	new.exact = waiting->exact;
	return bs_writer_replace(
	    writer, has ? &old : NULL, &new, BS_HISTORY_LISTED, "sighting");
}

/* What is over by now, or was taken off around it, is not listed any more. */
static int
publish_one(struct bs_writer *writer, const struct bs_waiting *waiting)
{
	uint32_t removed_s;
	int error = drop(writer, waiting);

	if (error == BS_OK)
		error =
		    bs_writer_removed_s(writer, &waiting->prefix, &removed_s);
	if (error != BS_OK || waiting->as.expires_s <= writer->now_s ||
	    (removed_s != 0 && waiting->as.last_s <= removed_s))
		return error;
	return publish(writer, waiting);
}

/* The first one that is due: BS_ENOTFOUND. */
static int
first_due(struct bs_writer *writer, struct bs_waiting *due_r)
{
	uint8_t key[BS_WAITING_DUE_MAX];
	size_t size = sizeof(key);
	int error = bs_writer_first(writer, BS_TABLE_PUBLISH, key, &size);

	if (error != BS_OK)
		return error;
	if (bs_waiting_due_parse(key, size, due_r) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	return due_r->publish_s <= writer->now_s ? BS_OK : BS_ENOTFOUND;
}

/* Also while the clock is doubted: what is public a little early is no harm. */
int
bs_writer_publish_step(struct bs_writer *writer, size_t max)
{
	for (size_t i = 0; i < max; i++) {
		struct bs_waiting due, waiting;
		int error = first_due(writer, &due);

		if (error == BS_ENOTFOUND)
			return BS_OK;
		if (error == BS_OK)
			error = bs_writer_waits(
			    writer, &due.prefix, due.class, &waiting);
		if (error == BS_OK && waiting.publish_s == due.publish_s)
			error = publish_one(writer, &waiting);
		else if (error == BS_OK || error == BS_ENOTFOUND)
			/* an entry without its record: only the entry goes */
			error = drop_due(writer, &due);
		if (error != BS_OK)
			return error;
		writer->tidied.published++;
	}
	writer->tidied.more = writer->tidied.more || max > 0;
	return BS_OK;
}

/* --- reading ------------------------------------------------------------ */

int
bs_snapshot_waits(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    enum bs_class class, struct bs_waiting *waiting_r)
{
	struct bs_waiting waiting = {.prefix = *prefix, .class = class};
	uint8_t bytes[BS_WAITING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_waiting_key(prefix, class, bytes), .mv_data = bytes};
	MDB_val value;
	int code = mdb_get(snapshot->txn,
	    snapshot->store->dbi[BS_TABLE_WAITING], &key, &value);
	int error = bs_store_error(code);

	if (error == BS_OK)
		error =
		    bs_waiting_decode(value.mv_data, value.mv_size, &waiting);
	if (error == BS_OK)
		*waiting_r = waiting;
	return error;
}
