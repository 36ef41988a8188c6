/*
 * What the tests of group commit share: see group_fixture.h.  Errors that a
 * test did not ask for end it there.  Linked into test_group, test_groupqueue,
 * test_groupbeside and test_housekeeping.
 */
#include "autoconf.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "group_fixture.h"
#include "store_admin.h"

struct track *
track_new(struct fixture *fixture)
{
	struct track *track = calloc(1, sizeof(*track));

	assert_non_null(track);
	track->fixture = fixture;
	track->now = T0;
	track->clock = bs_clock_fixed(&track->now);
	assert_int_equal(pipe(track->wake), 0);
	return track;
}

void
track_free(struct track *track)
{
	(void)close(track->wake[0]);
	(void)close(track->wake[1]);
	free(track);
}

struct group_target
target_of(struct track *track)
{
	return (struct group_target){
	    .store = track->fixture->store,
	    .policy = &track->fixture->policy,
	    .clock = &track->clock,
	    .database = track->fixture->path,
	    .actor = "feeder",
	};
}

struct bs_sighting
numbered(struct fixture *fixture, uint32_t i)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);

	bs_put_be32(sighting.source.octet, 0x0b000000u + i);
	return sighting;
}

void
reopen_small(struct fixture *fixture, size_t map_bytes)
{
	const struct bs_store_limits limits = {
	    .map_bytes = map_bytes,
	    .journal_entries = 1000,
	    .journal_s = DAY_S,
	    .changes = BS_STORE_CHANGES,
	};

	bs_store_free(&fixture->store);
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &limits, &fixture->store, &fixture->message),
	    BS_OK);
}

void
on_done(void *context, const struct group_entry *entry)
{
	struct track *track = context;
	size_t at = track->count++;

	assert_true(at < TRACK_MAX);
	track->error[at] = entry->error;
	track->ticket[at] = (size_t)(uintptr_t)entry->ticket;
	track->bad += entry->error != BS_OK;
	if (entry->error == BS_OK && at % 100 == 0) {
		struct bs_prefix prefix =
		    bs_prefix_single(&entry->sighting.source);
		char text[BS_PREFIX_TEXT_MAX];
		struct bs_listing listing;

		assert_true(get(
		    track->fixture, bs_prefix_format(&prefix, text), &listing));
	}
}

void
write_ahead(struct fixture *fixture)
{
	assert_int_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message), BS_OK);
	assert_int_equal(
	    access(file_in(fixture, BS_STORE_AHEAD_NAME), R_OK), 0);
}

void
on_wake(void *context)
{
	struct track *track = context;

	assert_int_equal(write(track->wake[1], "w", 1), 1);
}

void
on_trouble(void *context, int error, const char *line)
{
	struct track *track = context;

	assert_true(line[0] != '\0');
	if (error != BS_OK) /* else a note */
		track->trouble = error;
}

void
collect_some(struct track *track, struct groupqueue *queue)
{
	struct pollfd file = {.fd = track->wake[0], .events = POLLIN};
	char byte;

	/* far longer than it takes: a wake that is missed fails */
	assert_int_equal(poll(&file, 1, 60000), 1);
	assert_int_equal(read(track->wake[0], &byte, 1), 1);
	(void)groupqueue_collect(queue);
}

void
collect(struct track *track, struct groupqueue *queue, size_t count)
{
	while (track->count < count)
		collect_some(track, queue);
}
