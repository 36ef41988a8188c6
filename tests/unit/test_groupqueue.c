/*
 * Group commit behind a queue, in a thread of its own: in order, nothing lost,
 * a full queue never blocks, waiting for more ends, ending writes all, and time
 * goes on though no sighting comes.
 */
#include "autoconf.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>

#include "group_fixture.h"
#include "groupqueue.h"

/* --- a thread of its own ------------------------------------------------- */

static void
on_known(void *context, const struct group_entry *entry)
{
	struct track *track = context;

	assert_true(entry->known);
	assert_int_equal(entry->error, BS_OK);
	track->known++;
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
	    .pause_ms = GROUPQUEUE_PAUSE_MS,
	    .wake = on_wake,
	    .done = on_done,
	    .known = on_known,
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
			collect_some(track, queue);
	}
	collect(track, queue, 2000);
	assert_int_equal(track->bad, 0);
	for (size_t i = 0; i < 2000; i++)
		assert_int_equal(track->ticket[i], i);
	groupqueue_free(&queue);
	assert_int_equal(track->known, 2000);
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
	const struct CMUnitTest tests[] = {
	    CASE(through_the_queue),
	    CASE(through_the_queue_ahead),
	    CASE(a_few_are_there),
	    CASE(waits_for_more),
	    CASE(waits_not_for_ever),
	    CASE(ends_with_all),
	    CASE(full_behind_the_queue),
	    CASE(many_doors),
	    CASE(housekeeping),
	    CASE(sizes_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
