/*
 * Group commit on a real database, in one thread: what is acknowledged is on
 * disk, in order, and what is not was told why: database nearly full, map full
 * in the middle, files gone, no sighting at all.  Several groups in a
 * transaction, each on disk ahead of it.
 */
#include "autoconf.h"

#include <string.h>
#include <unistd.h>

#include "group.h"
#include "group_fixture.h"
#include "housekeeping.h"

/* --- one thread ---------------------------------------------------------- */

static void
in_groups(void **state)
{
	struct track *track = track_new(*state);
	struct group_target target = target_of(track);
	struct bs_message message;
	struct group *group;

	assert_int_equal(group_new(&target, 10, on_done, track, &group), BS_OK);
	for (uint32_t i = 0; i < 25; i++) {
		struct bs_sighting sighting = numbered(track->fixture, i);

		assert_int_equal(
		    group_add(group, &sighting, (void *)(uintptr_t)i, &message),
		    BS_OK);
		assert_int_equal(track->count, (i + 1) / 10 * 10);
	}
	assert_int_equal(group_flush(group, &message), BS_OK);
	assert_int_equal(group_flush(group, &message), BS_OK);
	assert_int_equal(track->count, 25);
	assert_int_equal(track->bad, 0);
	for (size_t i = 0; i < 25; i++)
		assert_int_equal(track->ticket[i], i);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 25);
	group_free(&group);
	assert_null(group);
	track_free(track);
}

/* One that is no sighting does not take the others with it. */
static void
one_bad(void **state)
{
	struct track *track = track_new(*state);
	struct group_target target = target_of(track);
	struct bs_message message;
	struct group *group;

	assert_int_equal(group_new(&target, 3, on_done, track, &group), BS_OK);
	for (uint32_t i = 0; i < 3; i++) {
		struct bs_sighting sighting = numbered(track->fixture, i);

		if (i == 1)
			sighting.feed[0] = '\0';
		assert_int_equal(group_add(group, &sighting, NULL, &message),
		    i < 2 ? BS_OK : BS_EINVAL);
	}
	assert_int_equal(track->error[0], BS_OK);
	assert_int_equal(track->error[1], BS_EINVAL);
	assert_int_equal(track->error[2], BS_OK);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 2);
	group_free(&group);
	track_free(track);
}

/* A map that gets full: who is acknowledged is there, all others know. */
static void
full_with_groups_of(struct fixture *fixture, size_t size)
{
	struct track *track = track_new(fixture);
	struct group_target target;
	struct bs_message message;
	struct group *group;
	int error = BS_OK;

	reopen_small(fixture, 1u << 20);
	target = target_of(track);
	assert_int_equal(
	    group_new(&target, size, on_done, track, &group), BS_OK);
	for (uint32_t i = 0; error == BS_OK && i < TRACK_MAX; i++) {
		struct bs_sighting sighting = numbered(fixture, i);

		error = group_add(group, &sighting, NULL, &message);
	}
	assert_int_equal(error, BS_EFULL);
	assert_non_null(strstr(message.text, fixture->path));
	assert_true(track->count % size == 0);
	for (size_t i = 0; i < track->count; i++)
		assert_true(
		    track->error[i] == BS_OK || track->error[i] == BS_EFULL);
	assert_true(track->bad > 0);
	assert_int_equal(
	    stats_at(fixture, T0).listings_ipv4, track->count - track->bad);
	group_free(&group);
	track_free(track);
}

static void
nearly_full(void **state)
{
	full_with_groups_of(*state, 10);
}

static void
full_in_the_middle(void **state)
{
	full_with_groups_of(*state, 2000);
}

/* The database was taken away: nobody is acknowledged. */
static void
files_gone(void **state)
{
	struct track *track = track_new(*state);
	struct group_target target = target_of(track);
	struct bs_sighting sighting = numbered(track->fixture, 1);
	struct bs_message message;
	struct group *group;

	assert_int_equal(group_new(&target, 2, on_done, track, &group), BS_OK);
	assert_int_equal(unlink(file_in(track->fixture, "data.mdb")), 0);
	assert_int_equal(group_add(group, &sighting, NULL, &message), BS_OK);
	assert_int_equal(group_add(group, &sighting, NULL, &message), BS_EIO);
	assert_non_null(strstr(message.text, "removed or replaced"));
	assert_int_equal(track->bad, 2);
	assert_int_equal(track->error[0], BS_EIO);
	group_free(&group);
	track_free(track);
}

/* --- ahead of the database ------------------------------------------------- */

/* A transaction of three groups of two. */
struct steps {
	struct fixture *fixture;
	struct group_entry entry[2];
	size_t left, asked, secured, opened, closed;
	bool may_come, failed;
};

static struct group_entry *
next_entry(void *context, size_t i)
{
	struct steps *steps = context;

	if (i == 2 || steps->left == 0)
		return NULL;
	steps->entry[i] = (struct group_entry){
	    .sighting =
		numbered(steps->fixture, (uint32_t)(steps->left * 2 + i))};
	return &steps->entry[i];
}

static bool
steps_may_come(void *context)
{
	struct steps *steps = context;

	steps->asked++;
	return steps->may_come;
}

/* There is no other thread. */
static bool
steps_begun(void *context)
{
	(void)context;
	return false;
}

/* On disk, and nobody sees them yet. */
static bool
steps_secured(void *context)
{
	struct steps *steps = context;

	assert_int_equal(steps->entry[1].error, BS_OK);
	assert_int_equal(stats_at(steps->fixture, T0).listings_ipv4, 0);
	steps->secured++;
	return --steps->left > 0;
}

static void
steps_opened(void *context)
{
	struct steps *steps = context;

	assert_int_equal(stats_at(steps->fixture, T0).listings_ipv4, 0);
	steps->opened++;
}

static void
steps_closed(void *context)
{
	struct steps *steps = context;

	assert_int_equal(stats_at(steps->fixture, T0).listings_ipv4, 6);
	steps->closed++;
}

static void
steps_failed(void *context)
{
	struct steps *steps = context;

	steps->failed = true;
}

struct steps_row {
	const char *name;
	bool ahead, may_come;
	size_t asked, secured, opened;
	uint64_t listings;
};

static const struct steps_row steps_rows[] = {
    {"three groups, then nothing comes", true, true, 3, 3, 1, 6},
    {"no more may come", true, false, 1, 0, 0, 2},
    {"no file", false, true, 1, 0, 0, 2},
};

static void
groups_of_a_transaction(void **state)
{
	static const struct group_steps calls = {.may_come = steps_may_come,
	    .secured = steps_secured,
	    .begun = steps_begun,
	    .opened = steps_opened,
	    .closed = steps_closed,
	    .failed = steps_failed};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(steps_rows) / sizeof(steps_rows[0]);
	     i++) {
		const struct steps_row *row = &steps_rows[i];
		struct steps steps = {
		    .fixture = fixture, .left = 3, .may_come = row->may_come};
		struct track *track = track_new(fixture);
		struct group_target target;
		struct bs_message message;

		print_message("# %s\n", row->name);
		assert_int_equal(fixture_close(state), 0);
		assert_int_equal(fixture_open(state), 0);
		steps.fixture = track->fixture = fixture = *state;
		if (row->ahead)
			write_ahead(fixture);
		target = target_of(track);
		target.steps = &calls;
		if (row->ahead)
			assert_int_equal(
			    group_recover(&target, &message), BS_OK);
		assert_int_equal(
		    group_write(&target, next_entry, &steps, &message), BS_OK);
		assert_int_equal(steps.asked, row->asked);
		assert_int_equal(steps.secured, row->secured);
		assert_int_equal(steps.opened, row->opened);
		assert_int_equal(steps.closed, row->opened);
		assert_false(steps.failed);
		assert_int_equal(
		    stats_at(fixture, T0).listings_ipv4, row->listings);
		track_free(track);
	}
}

/* What another process left on disk is taken in at the start. */
static void
taken_in_at_the_start(void **state)
{
	struct track *track = track_new(*state);
	struct group_target target;
	struct bs_message message;
	struct bs_sighting sighting = numbered(track->fixture, 1);
	struct bs_writer *writer;
	enum bs_outcome outcome;
	struct housekeeping keeping = {0};

	write_ahead(track->fixture);
	target = target_of(track);
	assert_int_equal(group_recover(&target, &message), BS_OK);
	writer = begin_at(track->fixture, T0);
	assert_int_equal(bs_writer_recover(writer, target.policy), BS_OK);
	assert_int_equal(
	    bs_writer_sighting(writer, target.policy, &sighting, &outcome),
	    BS_OK);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	bs_store_free(&track->fixture->store);
	track->fixture->store = open_store(track->fixture);
	write_ahead(track->fixture);
	target = target_of(track);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 0);
	assert_int_equal(group_recover(&target, &message), BS_OK);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 1);
	/* the log, which has a line of each listing, says that this has none */
	keeping.store = track->fixture->store;
	assert_true(housekeeping_ahead(&keeping, &message));
	assert_non_null(strstr(message.text, "ahead.log: 1 sightings "));
	assert_non_null(strstr(message.text, "the 1 new listings of them "));
	assert_false(housekeeping_ahead(&keeping, &message));
	track_free(track);
}

/* There is no room for it: the line says what to do, and it waits. */
static void
no_room_at_the_start(void **state)
{
	struct track *track = track_new(*state);
	struct group_target target;
	struct bs_message message;
	struct bs_writer *writer;
	enum bs_outcome outcome;

	write_ahead(track->fixture);
	target = target_of(track);
	writer = begin_at(track->fixture, T0);
	assert_int_equal(bs_writer_recover(writer, target.policy), BS_OK);
	for (uint32_t i = 0; i < 250; i++) {
		struct bs_sighting sighting = numbered(track->fixture, i);

		assert_int_equal(bs_writer_sighting(writer, target.policy,
				     &sighting, &outcome),
		    BS_OK);
	}
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	reopen_small(track->fixture, (size_t)45 * 4096);
	write_ahead(track->fixture);
	target = target_of(track);
	assert_int_equal(group_recover(&target, &message), BS_EFULL);
	assert_non_null(strstr(message.text, "ahead.log"));
	assert_non_null(strstr(message.text, "backstopctl remove or purge"));
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 0);
	reopen_small(track->fixture, (size_t)16 << 20);
	write_ahead(track->fixture);
	target = target_of(track);
	assert_int_equal(group_recover(&target, &message), BS_OK);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 250);
	track_free(track);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(in_groups),
	    CASE(one_bad),
	    CASE(nearly_full),
	    CASE(full_in_the_middle),
	    CASE(files_gone),
	    CASE(groups_of_a_transaction),
	    CASE(taken_in_at_the_start),
	    CASE(no_room_at_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
