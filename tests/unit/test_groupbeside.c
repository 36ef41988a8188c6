/*
 * What is put on disk while a transaction is committed, and what is told where
 * the disk refuses a batch or a commit: the queue of test_groupqueue.c with a
 * commit that stands still and a disk that fails.
 */
#include "autoconf.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "group_fixture.h"
#include "groupqueue.h"

#define FIRST 250u /* more than is load */

/* The linker has libbackstop call these (--wrap). */
int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);
int __real_fdatasync(int file);
int __wrap_fdatasync(int file);

/* What is done to them; under lock. */
static struct disk {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool holds;      /* the next commit stands still */
	bool held;       /* it does */
	int code;        /* what it fails with then; 0: it is made */
	bool refuses;    /* each batch */
	size_t refusals; /* so many were */
} disk = {
    .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

int
__wrap_mdb_txn_commit(MDB_txn *txn)
{
	int code;

	(void)pthread_mutex_lock(&disk.lock);
	disk.held = disk.holds;
	(void)pthread_cond_broadcast(&disk.changed);
	while (disk.holds)
		(void)pthread_cond_wait(&disk.changed, &disk.lock);
	disk.held = false;
	(void)pthread_cond_broadcast(&disk.changed);
	code = disk.code;
	disk.code = 0;
	(void)pthread_mutex_unlock(&disk.lock);
	if (code == 0)
		return __real_mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return code;
}

int
__wrap_fdatasync(int file)
{
	bool refuses;

	(void)pthread_mutex_lock(&disk.lock);
	refuses = disk.refuses;
	disk.refusals += refuses;
	(void)pthread_cond_broadcast(&disk.changed);
	(void)pthread_mutex_unlock(&disk.lock);
	if (!refuses)
		return __real_fdatasync(file);
	errno = EIO;
	return -1;
}

static void
hold_commit(void)
{
	(void)pthread_mutex_lock(&disk.lock);
	disk.holds = true;
	(void)pthread_mutex_unlock(&disk.lock);
}

/* The one that stands still goes on, and the one behind it does not. */
static void
hold_next_commit(void)
{
	(void)pthread_mutex_lock(&disk.lock);
	while (disk.held)
		(void)pthread_cond_wait(&disk.changed, &disk.lock);
	disk.holds = true;
	(void)pthread_mutex_unlock(&disk.lock);
}

static void
wait_for_commit(void)
{
	(void)pthread_mutex_lock(&disk.lock);
	while (!disk.held)
		(void)pthread_cond_wait(&disk.changed, &disk.lock);
	(void)pthread_mutex_unlock(&disk.lock);
}

/* It goes on, and fails with a code of the system, unless that is 0. */
static void
release_commit(int code)
{
	(void)pthread_mutex_lock(&disk.lock);
	disk.holds = false;
	disk.code = code;
	(void)pthread_cond_broadcast(&disk.changed);
	(void)pthread_mutex_unlock(&disk.lock);
}

static void
refuse_batches(bool refuses)
{
	(void)pthread_mutex_lock(&disk.lock);
	disk.refuses = refuses;
	disk.refusals = 0;
	(void)pthread_mutex_unlock(&disk.lock);
}

static void
wait_for_refusal(void)
{
	(void)pthread_mutex_lock(&disk.lock);
	while (disk.refusals == 0)
		(void)pthread_cond_wait(&disk.changed, &disk.lock);
	(void)pthread_mutex_unlock(&disk.lock);
}

/* --- the queue ------------------------------------------------------------- */

static void
on_told(void *context, const struct group_entry *entry)
{
	struct track *track = context;

	track->count++;
	track->bad += entry->error != BS_OK;
	track->error[0] = entry->error;
}

static void
on_known(void *context, const struct group_entry *entry)
{
	struct track *track = context;

	track->known += entry->outcome == BS_OUTCOME_LISTED;
}

static void
put(struct track *track, struct groupqueue *queue, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct bs_sighting sighting = numbered(
		    track->fixture, (uint32_t)track->fixture->identity);

		assert_int_equal(groupqueue_put(queue, &sighting, NULL), BS_OK);
	}
}

/* A queue that is past its first round of housekeeping. */
static struct groupqueue *
queue_start(struct track *track, unsigned group_ms)
{
	const struct groupqueue_setup setup = {
	    .target = target_of(track),
	    .queue_max = 1000,
	    .group_max = FIRST,
	    .group_ms = group_ms,
	    .wait_us = 3600u * 1000000,
	    .pause_ms = 3600u * 1000,
	    .wake = on_wake,
	    .done = on_told,
	    .known = on_known,
	    .trouble = on_trouble,
	    .context = track,
	};
	struct groupqueue *queue;
	struct bs_message message;

	write_ahead(track->fixture);
	assert_int_equal(groupqueue_new(&setup, &queue, &message), BS_OK);
	put(track, queue, 1);
	collect(track, queue, 1);
	return queue;
}

static struct groupqueue *
queue_new(struct track *track)
{
	return queue_start(track, 3600u * 1000);
}

/* A full transaction that is on disk, and stands still in its commit. */
static void
fill_and_hold(struct track *track, struct groupqueue *queue)
{
	hold_commit();
	groupqueue_expect(queue, FIRST);
	put(track, queue, FIRST);
	groupqueue_expect(queue, 0);
	collect(track, queue, 1 + FIRST);
	wait_for_commit();
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 1);
}

/* The same again, by a transaction that follows what another thread puts on
 * disk. */
static void
follow_and_hold(struct track *track, struct groupqueue *queue)
{
	size_t count = track->count;

	release_commit(0);
	hold_next_commit();
	put(track, queue, FIRST);
	collect(track, queue, count + FIRST);
	wait_for_commit();
}

/* The transaction that is under way has come to its end, and so has the thread
 * beside it: the next one goes by another policy. */
static void
wait_for_end(struct track *track, struct groupqueue *queue,
    const struct bs_policy *other)
{
	groupqueue_set_policy(queue, other);
	while (groupqueue_uses(queue, &track->fixture->policy))
		(void)sched_yield();
}

static void
wait_for_listed(struct track *track, size_t count)
{
	while (stats_at(track->fixture, T0).listings_ipv4 < count)
		(void)sched_yield();
}

/* All that was put is listed, and told. */
static void
assert_all(struct track *track, size_t count)
{
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, count);
	assert_int_equal(stats_at(track->fixture, T0).sightings, count);
	assert_int_equal(track->count, count);
	assert_int_equal(track->bad, 0);
}

struct row {
	const char *name;
	bool follows; /* all of it was put by the other thread */
	int code;     /* of the commit that stood still */
};

static const struct row rows[] = {
    {"it is made", false, 0},
    {"it is made at the second try", false, ENOSPC},
    {"it fails", false, EIO},
    {"the one that follows is made", true, 0},
    {"... at the second try", true, ENOSPC},
    {"... fails", true, EIO},
};

static void
beside_a_commit(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct track *track;
		struct groupqueue *queue;
		struct bs_policy other;
		size_t before, listed;

		print_message("# %s\n", rows[i].name);
		assert_int_equal(fixture_close(state), 0);
		assert_int_equal(fixture_open(state), 0);
		track = track_new(*state);
		queue = queue_new(track);
		fill_and_hold(track, queue);
		if (rows[i].follows)
			follow_and_hold(track, queue);
		before = track->count;
		listed = before - FIRST;
		for (size_t k = 1; k <= 3; k++) {
			put(track, queue, 10);
			collect(track, queue, before + k * 10);
		}
		/* told, and in nobody's list yet */
		assert_int_equal(
		    stats_at(track->fixture, T0).listings_ipv4, listed);
		release_commit(rows[i].code);
		/* what comes while all is being refused is refused as well */
		other = track->fixture->policy;
		if (rows[i].code == EIO)
			wait_for_end(track, queue, &other);
		put(track, queue, 1);
		collect(track, queue, before + 31);
		groupqueue_free(&queue);
		assert_all(track, before + 31);
		if (rows[i].code == 0)
			assert_int_equal(track->known, before + 31);
		track_free(track);
	}
}

/* All of it was told, and its commit stands still: it goes by the old policy, in
 * case it has to be taken in once more. */
static void
reloaded_beside(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track);
	const struct bs_policy *old = &track->fixture->policy;
	const struct bs_policy other = *old;

	fill_and_hold(track, queue);
	groupqueue_set_policy(queue, &other);
	assert_int_equal(groupqueue_count(queue), 0);
	assert_true(groupqueue_uses(queue, old));
	assert_true(groupqueue_uses(queue, &other));
	release_commit(ENOSPC);
	wait_for_listed(track, 1 + FIRST);
	while (groupqueue_uses(queue, old))
		(void)sched_yield();
	assert_true(groupqueue_uses(queue, &other));
	groupqueue_free(&queue);
	assert_all(track, 1 + FIRST);
	track_free(track);
}

/* The disk refuses a batch beside it: its mail waits for the next commit. */
static void
batch_refused_beside(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track);

	fill_and_hold(track, queue);
	put(track, queue, 5);
	collect(track, queue, 1 + FIRST + 5);
	refuse_batches(true);
	put(track, queue, 5);
	wait_for_refusal();
	assert_int_equal(groupqueue_collect(queue), 0);
	release_commit(0);
	collect(track, queue, 1 + FIRST + 10);
	refuse_batches(false);
	groupqueue_free(&queue);
	assert_all(track, 1 + FIRST + 10);
	track_free(track);
}

/* What the other thread does not take is the writer's; and an end comes at any
 * time. */
static void
not_taken_beside(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track);
	struct bs_sighting unsound = numbered(track->fixture, 0);

	fill_and_hold(track, queue);
	release_commit(0);
	unsound.feed[0] = '\0';
	for (size_t i = 1; i <= 3; i++) {
		put(track, queue, 5);
		assert_int_equal(groupqueue_put(queue, &unsound, NULL), BS_OK);
		collect(track, queue, 1 + FIRST + i * 6);
		assert_int_equal(track->bad, i);
	}
	track->count -= track->bad;
	track->bad = 0;
	groupqueue_expect(queue, 1000); /* none is written by itself */
	put(track, queue, 5);
	groupqueue_free(&queue);
	assert_all(track, 1 + FIRST + 20);
	track_free(track);
}

/* No transaction can be begun any more, after one that followed: who sent it is
 * told so. */
static void
none_begins(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track);
	const struct bs_policy other = track->fixture->policy;

	fill_and_hold(track, queue);
	follow_and_hold(track, queue);
	release_commit(0);
	wait_for_listed(track, 1 + 2 * FIRST);
	wait_for_end(track, queue, &other);
	assert_int_equal(unlink(file_in(track->fixture, "data.mdb")), 0);
	put(track, queue, 5);
	collect(track, queue, 1 + 2 * FIRST + 5);
	assert_int_equal(track->bad, 5);
	assert_int_equal(track->trouble, BS_EIO);
	groupqueue_free(&queue);
	track_free(track);
}

/* All that waits is refused together, however long it took to find out. */
static void
refused_together(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_start(track, 0);

	assert_int_equal(unlink(file_in(track->fixture, "data.mdb")), 0);
	groupqueue_expect(queue, 100);
	put(track, queue, 100);
	while (track->count == 1)
		collect_some(track, queue);
	assert_int_equal(track->count, 101);
	assert_int_equal(track->bad, 100);
	groupqueue_free(&queue);
	track_free(track);
}

/* The disk refuses batches only: all is committed, as without them. */
static void
batch_refused(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track);

	refuse_batches(true);
	groupqueue_expect(queue, 10);
	put(track, queue, 10); /* as many as are still coming */
	collect(track, queue, 11);
	wait_for_refusal();
	refuse_batches(false);
	assert_all(track, 11);
	assert_int_equal(track->trouble, BS_OK);
	groupqueue_free(&queue);
	track_free(track);
}

/* ... and a commit: who sent it is told to come again, and does. */
static void
all_refused(void **state)
{
	struct track *track = track_new(*state);
	struct groupqueue *queue = queue_new(track);

	refuse_batches(true);
	release_commit(EIO); /* none stands still: the next one fails */
	groupqueue_expect(queue, 10);
	put(track, queue, 10);
	collect(track, queue, 11);
	assert_int_equal(track->bad, 10);
	assert_int_equal(track->error[0], BS_EIO);
	assert_int_equal(track->trouble, BS_EIO);
	refuse_batches(false);
	groupqueue_expect(queue, 0);
	/* the same again: what the disk had nevertheless counts once */
	track->fixture->identity = 1;
	put(track, queue, 10);
	collect(track, queue, 21);
	assert_int_equal(track->bad, 10);
	assert_int_equal(stats_at(track->fixture, T0).listings_ipv4, 11);
	assert_int_equal(stats_at(track->fixture, T0).sightings, 11);
	groupqueue_free(&queue);
	track_free(track);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(beside_a_commit),
	    CASE(reloaded_beside),
	    CASE(batch_refused_beside),
	    CASE(not_taken_beside),
	    CASE(none_begins),
	    CASE(refused_together),
	    CASE(batch_refused),
	    CASE(all_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
