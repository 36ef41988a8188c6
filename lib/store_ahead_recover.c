/*
 * What is in the file that is written ahead of the database, and not in that:
 * found at the opening, and taken in before anything else.  Called by
 * store_ahead.c and by the feeder.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "store_ahead_file.h"

/* All of it; *bytes_r is the caller's to free. */
static int
load(const struct bs_ahead *ahead, uint64_t after,
    struct bs_ahead_parts *parts_r, uint8_t **bytes_r)
{
	uint8_t *bytes = malloc(BS_AHEAD_BYTES);
	struct bs_rest file = {bytes, 0};
	int error;

	if (bytes == NULL)
		return BS_ENOMEM;
	error = bs_ahead_read(ahead->fd, bytes, BS_AHEAD_BYTES, &file.size);
	if (error == BS_OK)
		error = bs_ahead_find_parts(&file, after, parts_r);
	if (error == BS_OK)
		*bytes_r = bytes;
	else
		free(bytes);
	return error;
}

int
bs_ahead_look(struct bs_ahead *ahead)
{
	struct bs_ahead_parts parts;
	uint8_t *bytes;
	int error = load(ahead, 0, &parts, &bytes);

	if (error != BS_OK)
		return error;
	free(bytes);
	if (parts.count > 0) {
		ahead->epoch = parts.walk[parts.count - 1].epoch;
		ahead->due = true;
	}
	return BS_OK;
}

bool
bs_store_ahead_is_foreign(struct bs_store *store)
{
	struct bs_ahead_parts parts;
	struct bs_snapshot *snapshot;
	struct bs_message message;
	uint64_t epoch;
	uint8_t *bytes;
	bool foreign = false;

	if (!bs_store_ahead_is_due(store) ||
	    bs_snapshot_new(store, &snapshot, &message) != BS_OK)
		return false;
	if (bs_ahead_epoch(snapshot, &epoch) == BS_OK &&
	    load(store->ahead, epoch, &parts, &bytes) == BS_OK) {
		foreign = bs_ahead_is_foreign(&parts, epoch);
		free(bytes);
	}
	bs_snapshot_free(&snapshot);
	return foreign;
}

/* --- taking in again ------------------------------------------------------- */

static int
fetch_epoch(struct bs_writer *writer, uint64_t *epoch_r)
{
	MDB_val value;
	int error = bs_writer_fetch_meta(writer, BS_META_AHEAD, &value);

	*epoch_r = 0;
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_epoch_decode(value.mv_data, value.mv_size, epoch_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

/* One that does not decode is passed over: nobody could mend it.  Only where there
 * is no room at all the others wait. */
static int
take_in_batch(struct bs_writer *writer, const struct bs_policy *policy,
    struct bs_rest *sightings)
{
	struct bs_recovered *recovering = &writer->store->ahead->recovering;
	struct bs_sighting sighting;
	enum bs_outcome outcome;
	int error;

	while ((error = bs_ahead_next(sightings, &sighting)) != BS_ENOTFOUND) {
		if (error == BS_OK)
			error = bs_writer_sighting_owed(
			    writer, policy, &sighting, &outcome);
		if (error == BS_OK && outcome != BS_OUTCOME_REPEAT) {
			recovering->sightings++;
			recovering->listings += outcome == BS_OUTCOME_LISTED;
		}
		if (error == BS_EFULL || writer->failed != BS_OK)
			return error;
	}
	return BS_OK;
}

static int
take_in(struct bs_writer *writer, const struct bs_policy *policy,
    struct bs_ahead_walk *walk)
{
	struct bs_rest sightings;
	int error;

	while ((error = bs_ahead_walk_next(walk, &sightings)) == BS_OK) {
		error = take_in_batch(writer, policy, &sightings);
		if (error != BS_OK)
			return error;
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* No batch of another database's may look like one of ours later on. */
static int
recover(
    struct bs_writer *writer, const struct bs_policy *policy, uint64_t epoch)
{
	const struct bs_ahead *ahead = writer->store->ahead;
	struct bs_ahead_parts parts;
	uint8_t *bytes;
	int error = load(ahead, epoch, &parts, &bytes);

	if (error != BS_OK)
		return error;
	if (!bs_ahead_is_foreign(&parts, epoch)) {
		for (size_t i = 0; error == BS_OK && i < parts.count; i++)
			error = take_in(writer, policy, &parts.walk[i]);
	}
	free(bytes);
	return error == BS_OK ? bs_ahead_put_epoch(writer, ahead->epoch)
			      : error;
}

/* What was put on disk beside the commit before is this transaction's. */
static int
adopt_next(struct bs_writer *writer)
{
	struct bs_ahead *ahead = writer->store->ahead;
	struct bs_ahead_run *now = &ahead->now, *next = &ahead->next;
	int error = bs_ahead_put_epoch(writer, next->epoch);

	if (error != BS_OK)
		return error;
	bs_ahead_run_begin(now, next->end - BS_AHEAD_PART);
	ahead->epoch = now->epoch = next->epoch;
	now->index = next->index;
	now->offset = next->offset;
	next->index = 0;
	writer->secured = true;
	return BS_OK;
}

int
bs_writer_recover(struct bs_writer *writer, const struct bs_policy *policy)
{
	struct bs_ahead *ahead = writer->store->ahead;
	uint64_t epoch;
	int error = writer->failed;

	if (error != BS_OK || ahead == NULL)
		return error;
	if (ahead->loaded && !ahead->due)
		return ahead->next.index > 0 ? adopt_next(writer) : BS_OK;
	error = fetch_epoch(writer, &epoch);
	if (error != BS_OK)
		return error;
	if (ahead->next.index > 0) {
		/* the commit that it was beside has failed */
		ahead->epoch = ahead->next.epoch;
		ahead->next.index = 0;
	}
	if (ahead->due && ahead->epoch > epoch) {
		writer->recovered = true;
		ahead->recovering = (struct bs_recovered){0, 0};
		error = recover(writer, policy, epoch);
	} else {
		ahead->due = false;
		ahead->epoch = epoch;
	}
	if (error == BS_OK)
		ahead->loaded = true;
	/* what is in the file already needs no batch */
	bs_ahead_begin(ahead);
	return error;
}
