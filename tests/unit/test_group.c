/*
 * Group commit on a real database: what is acknowledged is on disk, in order,
 * and what is not was told why: database nearly full, map full in the middle,
 * files gone, no sighting at all.
 */
#include "autoconf.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "group.h"
#include "groupqueue.h"
#include "housekeeping.h"
#include "store_admin.h"
#include "store_fixture.h"

#define TRACK_MAX 20000

/* What `done` was told. */
struct track {
	struct fixture *fixture;
	size_t count, bad;
	int error[TRACK_MAX];
	size_t ticket[TRACK_MAX];
	int trouble;  /* the last one told; BS_OK: none */
	int wake[2];  /* a pipe */
	uint32_t now; /* the clock */
	struct bs_clock clock;
};

static struct track *
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

static void
track_free(struct track *track)
{
	(void)close(track->wake[0]);
	(void)close(track->wake[1]);
	free(track);
}

static struct group_target
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

/* A host of its own for each number. */
static struct bs_sighting
numbered(struct fixture *fixture, uint32_t i)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);

	bs_put_be32(sighting.source.octet, 0x0b000000u + i);
	return sighting;
}

static void
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

/* Also looks whether what is told to be on disk is there by now. */
static void
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

/* --- a thread of its own ------------------------------------------------- */

static void
on_wake(void *context)
{
	struct track *track = context;

	assert_int_equal(write(track->wake[1], "w", 1), 1);
}

static void
on_trouble(void *context, int error, const char *line)
{
	struct track *track = context;

	assert_true(line[0] != '\0');
	track->trouble = error;
}

static struct groupqueue_setup
setup_of(struct track *track, size_t queue_max, size_t group_max)
{
	return (struct groupqueue_setup){
	    .target = target_of(track),
	    .queue_max = queue_max,
	    .group_max = group_max,
	    .group_ms = GROUPQUEUE_GROUP_MS,
	    .wait_us = GROUPQUEUE_WAIT_US,
	    .wake = on_wake,
	    .done = on_done,
	    .trouble = on_trouble,
	    .context = track,
	};
}

static struct groupqueue *
queue_of(const struct groupqueue_setup *setup)
{
	struct groupqueue *queue;
	struct bs_message message;

	assert_int_equal(groupqueue_new(setup, &queue, &message), BS_OK);
	return queue;
}

static struct groupqueue *
queue_new(struct track *track, size_t queue_max, size_t group_max)
{
	const struct groupqueue_setup setup =
	    setup_of(track, queue_max, group_max);

	return queue_of(&setup);
}

/* Collects until `count` at least were told of. */
static void
collect(struct track *track, struct groupqueue *queue, size_t count)
{
	struct pollfd file = {.fd = track->wake[0], .events = POLLIN};
	char byte;

	while (track->count < count) {
		/* far longer than it takes: a wake that is missed fails */
		assert_int_equal(poll(&file, 1, 60000), 1);
		assert_int_equal(read(track->wake[0], &byte, 1), 1);
		(void)groupqueue_collect(queue);
	}
}

static void
through_the_queue(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track, 100, 30);
	size_t refused = 0;

	for (uint32_t i = 0; i < 2000;) {
		struct bs_sighting sighting = numbered(track->fixture, i);
		int error =
		    groupqueue_put(queue, &sighting, (void *)(uintptr_t)i);

		i += error == BS_OK;
		if (error == BS_OK)
			continue;
		assert_int_equal(error, BS_EBUSY);
		assert_true(groupqueue_count(queue) <= 100);
		refused++;
		collect(track, queue, track->count + 1);
	}
	collect(track, queue, 2000);
	assert_int_equal(track->count, 2000);
	assert_true(refused > 0);
	assert_int_equal(track->bad, 0);
	for (size_t i = 0; i < 2000; i++)
		assert_int_equal(track->ticket[i], i);
	assert_int_equal(groupqueue_count(queue), 0);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 2000);
	groupqueue_free(&queue);
	assert_null(queue);
	track_free(track);
}

/* --- ahead of the database ------------------------------------------------- */

static void
on_done_ahead(void *context, const struct group_entry *entry)
{
	struct track *track = context;
	size_t at = track->count++;

	track->ticket[at] = (size_t)(uintptr_t)entry->ticket;
	track->bad += entry->error != BS_OK;
}

static void
write_ahead(struct fixture *fixture)
{
	assert_int_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message), BS_OK);
	assert_int_equal(
	    access(file_in(fixture, BS_STORE_AHEAD_NAME), R_OK), 0);
}

/* Many groups in a transaction: in order, and all of them in the end. */
static void
through_the_queue_ahead(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue_setup setup;
	struct groupqueue *queue;

	write_ahead(track->fixture);
	setup = setup_of(track, 100, 300);
	setup.done = on_done_ahead;
	queue = queue_of(&setup);
	for (uint32_t i = 0; i < 2000;) {
		struct bs_sighting sighting = numbered(track->fixture, i);

		if (groupqueue_put(queue, &sighting, (void *)(uintptr_t)i) ==
		    BS_OK)
			i++;
		else
			collect(track, queue, track->count + 1);
	}
	collect(track, queue, 2000);
	assert_int_equal(track->bad, 0);
	for (size_t i = 0; i < 2000; i++)
		assert_int_equal(track->ticket[i], i);
	groupqueue_free(&queue);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 2000);
	track_free(track);
}

/* Who sends a few and looks then finds them: the last group is committed before
 * anybody is told of it. */
static void
a_few_are_there(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue_setup setup;
	struct groupqueue *queue;

	write_ahead(track->fixture);
	setup = setup_of(track, 100, 300);
	setup.done = on_done_ahead;
	queue = queue_of(&setup);
	for (uint32_t i = 0; i < 20; i++) {
		for (uint32_t k = 0; k < 7; k++) {
			struct bs_sighting sighting =
			    numbered(track->fixture, i * 7 + k);

			assert_int_equal(
			    groupqueue_put(queue, &sighting, NULL), BS_OK);
		}
		collect(track, queue, (i + 1) * (size_t)7);
		assert_int_equal(stats_at(track->fixture, T0).listings_ipv4,
		    (i + 1) * (uint64_t)7);
	}
	assert_int_equal(track->bad, 0);
	groupqueue_free(&queue);
	track_free(track);
}

/* A transaction of three groups of two. */
struct steps {
	struct fixture *fixture;
	struct group_entry entry[2];
	size_t left, asked, secured;
	bool may_come;
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

struct steps_row {
	const char *name;
	bool ahead, may_come;
	size_t asked, secured;
	uint64_t listings;
};

static const struct steps_row steps_rows[] = {
    {"three groups, then nothing comes", true, true, 3, 3, 6},
    {"no more may come", true, false, 1, 0, 2},
    {"no file", false, true, 1, 0, 2},
};

static void
groups_of_a_transaction(void **state)
{
	static const struct group_steps calls = {steps_may_come, steps_secured};
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
	track_free(track);
}

/* --- waiting, ending ------------------------------------------------------- */

static void
put_first(struct track *track, struct groupqueue *queue, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct bs_sighting sighting = numbered(track->fixture, i);

		assert_int_equal(groupqueue_put(queue, &sighting, NULL), BS_OK);
	}
}

/* With a patience that no test waits for: what is enough is written. */
static void
waits_for_more(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue_setup setup = setup_of(track, 500, 40);
	struct groupqueue *queue;

	setup.wait_us = 3600u * 1000000;
	queue = queue_of(&setup);
	groupqueue_expect(queue, 10);
	put_first(track, queue, 9);
	assert_int_equal(groupqueue_collect(queue), 0);
	put_first(track, queue, 1); /* as many as are coming */
	collect(track, queue, 10);
	put_first(track, queue, 3);
	groupqueue_expect(queue, 3); /* the others were nothing */
	collect(track, queue, 13);
	groupqueue_expect(queue, 1000);
	put_first(track, queue, 40); /* a full group */
	collect(track, queue, 53);
	put_first(track, queue, 2);
	groupqueue_free(&queue);
	assert_int_equal(track->count, 55);
	track_free(track);
}

/* What comes does not come: the rest is written all the same. */
static void
waits_not_for_ever(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track, 500, 100);

	groupqueue_expect(queue, 10);
	put_first(track, queue, 3);
	collect(track, queue, 3);
	groupqueue_free(&queue);
	track_free(track);
}

/* Ending writes what is in it and tells of it. */
static void
ends_with_all(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track, 500, 100);

	put_first(track, queue, 500);
	groupqueue_free(&queue);
	assert_int_equal(track->count, 500);
	assert_int_equal(track->bad, 0);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 500);
	track_free(track);
}

/* A full queue never blocks; a full database is told to each, and once. */
static void
full_behind_the_queue(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue;
	uint32_t put = 0;

	reopen_small(track->fixture, 1u << 20);
	queue = queue_new(track, 200, 50);
	while (track->trouble == BS_OK && put < TRACK_MAX) {
		struct bs_sighting sighting = numbered(track->fixture, put);

		if (groupqueue_put(queue, &sighting, NULL) == BS_OK)
			put++;
		else
			(void)groupqueue_collect(queue);
	}
	assert_int_equal(track->trouble, BS_EFULL);
	groupqueue_free(&queue);
	assert_int_equal(track->count, put);
	assert_true(track->bad > 0);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4,
	    track->count - track->bad);
	track_free(track);
}

/* Many doors at once; a reload in between. */
#define DOORS 4
#define EACH 500

struct door {
	pthread_t thread;
	struct groupqueue *queue;
	struct fixture *fixture;
	uint32_t first;
};

static void *
put_some(void *context)
{
	struct door *door = context;
	struct fixture own = *door->fixture;

	own.identity = (uint64_t)door->first << 32 | 1;
	for (uint32_t i = 0; i < EACH; i++) {
		struct bs_sighting sighting = numbered(&own, door->first + i);

		if (groupqueue_put(door->queue, &sighting, NULL) != BS_OK)
			return door; /* sized for all of them */
	}
	return NULL;
}

static void
many_doors(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track, DOORS * EACH, 100);
	struct bs_policy other = track->fixture->policy;
	struct door door[DOORS];

	for (uint32_t i = 0; i < DOORS; i++) {
		door[i] = (struct door){.queue = queue,
		    .fixture = track->fixture,
		    .first = (i + 1) * EACH};
		assert_int_equal(
		    pthread_create(&door[i].thread, NULL, put_some, &door[i]),
		    0);
	}
	groupqueue_set_policy(queue, &other);
	for (uint32_t i = 0; i < DOORS; i++) {
		void *failed;

		assert_int_equal(pthread_join(door[i].thread, &failed), 0);
		assert_null(failed);
	}
	/* what is in it is written before it is over */
	while (!groupqueue_end(queue))
		(void)sched_yield();
	assert_int_equal(
	    stats_at(track->fixture, T0).listings_ipv4, DOORS * EACH);
	groupqueue_free(&queue);
	assert_int_equal(track->count, DOORS * EACH);
	assert_int_equal(track->bad, 0);
	assert_int_equal(
	    stats_at(track->fixture, T0).listings_ipv4, DOORS * EACH);
	track_free(track);
}

/* Time goes on though no sighting comes, and what is wrong with it is told. */
static void
housekeeping(void **state)
{
	struct track *track = track_new(*state);
	struct fixture *fixture = track->fixture;
	struct groupqueue *queue;

	add(fixture, T0 - DAY_S, "198.51.100.1", BS_BOUNCE, T0);
	add(fixture, T0 - DAY_S, "198.51.100.2", BS_BOUNCE, T0 + 1);
	queue = queue_new(track, 10, 10);
	/* its first round is at once */
	for (int i = 0; i < 600 && stats_at(fixture, T0).listings_ipv4 != 1;
	     i++)
		(void)poll(NULL, 0, 100);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 1);
	groupqueue_free(&queue);
	assert_int_equal(track->trouble, BS_OK);
	track_free(track);
}

static void
rounds(void **state)
{
	struct fixture *fixture = *state;
	const struct bs_store_limits careful = {.map_bytes = 1u << 30,
	    .journal_entries = 1000,
	    .journal_s = DAY_S,
	    .leap_s = DAY_S};
	uint32_t now_s = T0;
	struct bs_clock clock = bs_clock_fixed(&now_s);
	struct housekeeping keeping = {.clock = &clock, .actor = "feeder"};
	struct bs_message line;

	bs_store_free(&fixture->store);
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &careful, &fixture->store, &fixture->message),
	    BS_OK);
	keeping.store = fixture->store;
	assert_false(housekeeping_round(&keeping, &line));
	assert_true(keeping.due_ns > bs_clock_monotonic_ns() + 50000000000u);
	/* not due: nothing is looked at */
	now_s = T0 + 3 * DAY_S;
	assert_false(housekeeping_round(&keeping, &line));
	keeping.due_ns = 0;
	assert_true(housekeeping_round(&keeping, &line));
	assert_non_null(strstr(line.text, "--confirm"));
	/* once */
	keeping.due_ns = 0;
	assert_false(housekeeping_round(&keeping, &line));
	/* no files: once, too */
	assert_int_equal(unlink(file_in(fixture, "data.mdb")), 0);
	keeping.due_ns = 0;
	assert_true(housekeeping_round(&keeping, &line));
	assert_non_null(strstr(line.text, "removed or replaced"));
	keeping.due_ns = 0;
	assert_false(housekeeping_round(&keeping, &line));
}

/* Much that is overdue: short rests, and a line when it takes long. */
static void
rounds_late(void **state)
{
	struct fixture *fixture = *state;
	uint32_t now_s = T0, told = 0;
	struct bs_clock clock = bs_clock_fixed(&now_s);
	struct housekeeping keeping = {
	    .store = fixture->store, .clock = &clock, .actor = "feeder"};
	struct bs_message line;

	for (uint32_t i = 0; i < 4 * BS_STORE_EXPIRY_STEP; i += 1000) {
		struct bs_writer *writer = begin_at(fixture, T0 - DAY_S);

		for (uint32_t j = i; j < i + 1000; j++) {
			struct bs_sighting sighting = numbered(fixture, j);
			struct bs_prefix prefix =
			    bs_prefix_single(&sighting.source);
			bool new;

			assert_int_equal(bs_writer_add(writer, &prefix,
					     BS_BOUNCE, T0, "", &new),
			    BS_OK);
		}
		commit(writer);
	}
	for (int i = 0; i < 5; i++) {
		keeping.due_ns = 0;
		told += housekeeping_round(&keeping, &line);
		if (i < 4)
			assert_true(keeping.due_ns <
				    bs_clock_monotonic_ns() + 50000000000u);
		now_s += HOUSEKEEPING_LATE_S;
	}
	assert_int_equal(told, 1);
	assert_non_null(strstr(line.text, "overdue"));
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

static void
sizes_of_nothing(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue_setup setup = {.target = target_of(track)};
	struct groupqueue *queue = NULL;
	struct bs_message message;

	assert_int_equal(groupqueue_new(&setup, &queue, &message), BS_EINVAL);
	assert_null(queue);
	groupqueue_free(&queue);
	track_free(track);
}

int
main(void)
{
#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
	const struct CMUnitTest tests[] = {
	    CASE(in_groups),
	    CASE(one_bad),
	    CASE(nearly_full),
	    CASE(full_in_the_middle),
	    CASE(files_gone),
	    CASE(through_the_queue),
	    CASE(through_the_queue_ahead),
	    CASE(a_few_are_there),
	    CASE(groups_of_a_transaction),
	    CASE(taken_in_at_the_start),
	    CASE(waits_for_more),
	    CASE(waits_not_for_ever),
	    CASE(ends_with_all),
	    CASE(full_behind_the_queue),
	    CASE(many_doors),
	    CASE(housekeeping),
	    CASE(rounds),
	    CASE(rounds_late),
	    CASE(sizes_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
