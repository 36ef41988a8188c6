/*
 * A ring of sightings and the threads that write them.  Marks go around it, each
 * behind the one before: put, written (on disk, ahead of the database or in it),
 * applied (in the database, or in a transaction that what is on disk outlives);
 * and behind these collected and settled, by the loop.  What lies between two
 * marks belongs to one side only, so entries are written in place and never
 * copied.  Called by the listeners.
 *
 * The writer (groupqueue_writer.c) has the database.  The thread beside it
 * (groupqueue_beside.c) only works under load, and then has the file that is
 * ahead.
 */
#include "autoconf.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "groupqueue_private.h"
#include "timeslice.h"

#define TELL_AGAIN_NS ((uint64_t)60 * 1000000000)
/* The thread beside the writer waits for the disk most of the time, and everybody
 * for it. */
#define TURN_NS ((uint64_t)100 * 1000)

struct group_entry *
groupqueue_slot(struct groupqueue *queue, uint64_t mark)
{
	return &queue->ring[mark % queue->setup.queue_max];
}

/* --- when -------------------------------------------------------------------- */

uint64_t
groupqueue_patience_ns(const struct groupqueue *queue)
{
	return queue->since_ns + (uint64_t)queue->setup.wait_us * 1000;
}

bool
groupqueue_is_enough(const struct groupqueue *queue)
{
	uint64_t waiting = queue->put - queue->written;

	return waiting > 0 &&
	       (waiting >= queue->coming || waiting >= queue->setup.group_max ||
		   queue->stop);
}

bool
groupqueue_is_time(const struct groupqueue *queue)
{
	return groupqueue_is_enough(queue) ||
	       (queue->put > queue->written &&
		   bs_clock_monotonic_ns() >= groupqueue_patience_ns(queue));
}

void
groupqueue_wait(
    struct groupqueue *queue, struct worker *worker, uint64_t due_ns)
{
	struct timespec until;

	if (queue->put > queue->written &&
	    groupqueue_patience_ns(queue) < due_ns)
		due_ns = groupqueue_patience_ns(queue);
	until = (struct timespec){
	    .tv_sec = (time_t)(due_ns / 1000000000u),
	    .tv_nsec = (long)(due_ns % 1000000000u),
	};
	worker->wakes_ns = due_ns;
	(void)pthread_cond_timedwait(&worker->work, &queue->lock, &until);
	worker->wakes_ns = 0;
}

/* --- life ---------------------------------------------------------------- */

/* Signals are the main thread's. */
static int
start_threads(struct groupqueue *queue)
{
	sigset_t all, before;
	int code;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(
	    &queue->writer.thread, NULL, groupqueue_write, queue);
	if (code == 0) {
		bs_timeslice_ask(TURN_NS);
		code = pthread_create(
		    &queue->beside.thread, NULL, groupqueue_secure, queue);
		bs_timeslice_ask(0);
		if (code != 0) {
			(void)groupqueue_end(queue);
			(void)pthread_join(queue->writer.thread, NULL);
		}
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

/* Wait by the clock that bs_clock_monotonic_ns reads. */
static void
init_conditions(struct groupqueue *queue)
{
	pthread_condattr_t attributes;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&queue->writer.work, &attributes);
	(void)pthread_cond_init(&queue->beside.work, &attributes);
	(void)pthread_condattr_destroy(&attributes);
}

static void
destroy(struct groupqueue *queue)
{
	(void)pthread_cond_destroy(&queue->writer.work);
	(void)pthread_cond_destroy(&queue->beside.work);
	(void)pthread_mutex_destroy(&queue->lock);
	free(queue);
}

int
groupqueue_new(const struct groupqueue_setup *setup,
    struct groupqueue **queue_r, struct bs_message *message)
{
	struct groupqueue *queue;
	int code;

	if (setup->queue_max == 0 || setup->group_max == 0) {
		bs_message_set(message,
		    "writing sightings: a queue or group of 0: give them room");
		return BS_EINVAL;
	}
	queue = calloc(
	    1, sizeof(*queue) + setup->queue_max * sizeof(queue->ring[0]));
	if (queue == NULL) {
		bs_message_set(message,
		    "writing sightings: out of memory: close other programs");
		return BS_ENOMEM;
	}
	queue->setup = *setup;
	queue->keeping = (struct housekeeping){.store = setup->target.store,
	    .clock = setup->target.clock,
	    .actor = setup->target.actor};
	(void)pthread_mutex_init(&queue->lock, NULL);
	init_conditions(queue);
	code = start_threads(queue);
	if (code != 0) {
		bs_message_set(message,
		    "writing sightings: no thread: %s: raise the limit of "
		    "threads (ulimit -u)",
		    strerror(code));
		destroy(queue);
		return BS_ESYSTEM;
	}
	*queue_r = queue;
	return BS_OK;
}

bool
groupqueue_end(struct groupqueue *queue)
{
	bool over;

	(void)pthread_mutex_lock(&queue->lock);
	queue->stop = true;
	over = queue->over;
	(void)pthread_cond_signal(&queue->writer.work);
	(void)pthread_mutex_unlock(&queue->lock);
	return over;
}

void
groupqueue_free(struct groupqueue **queue)
{
	struct groupqueue *self = *queue;

	if (self == NULL)
		return;
	(void)groupqueue_end(self);
	(void)pthread_join(self->writer.thread, NULL);
	(void)pthread_join(self->beside.thread, NULL);
	(void)groupqueue_collect(self);
	destroy(self);
	*queue = NULL;
}

/* --- in and out ---------------------------------------------------------- */

/* Who takes what is put. */
static struct worker *
taker(struct groupqueue *queue)
{
	return queue->opened ? &queue->beside : &queue->writer;
}

/* Where there is enough, or it would sleep longer than those that are there wait
 * for others. */
static void
wake_taker(struct groupqueue *queue)
{
	struct worker *worker = taker(queue);
	uint64_t due_ns = groupqueue_patience_ns(queue);

	if (!groupqueue_is_enough(queue) && worker->wakes_ns <= due_ns)
		return;
	if (worker->wakes_ns > due_ns)
		worker->wakes_ns = due_ns; /* for this one it is woken */
	(void)pthread_cond_signal(&worker->work);
}

int
groupqueue_put(
    struct groupqueue *queue, const struct bs_sighting *sighting, void *ticket)
{
	int error = BS_EBUSY;

	(void)pthread_mutex_lock(&queue->lock);
	if (queue->put - queue->settled < queue->setup.queue_max) {
		*groupqueue_slot(queue, queue->put) = (struct group_entry){
		    .sighting = *sighting,
		    .ticket = ticket,
		    .error = BS_ESYSTEM, /* until it is written */
		};
		if (queue->put++ == queue->written)
			queue->since_ns = bs_clock_monotonic_ns();
		wake_taker(queue);
		error = BS_OK;
	}
	(void)pthread_mutex_unlock(&queue->lock);
	return error;
}

void
groupqueue_expect(struct groupqueue *queue, size_t coming)
{
	(void)pthread_mutex_lock(&queue->lock);
	queue->coming = coming;
	if (groupqueue_is_enough(queue))
		(void)pthread_cond_signal(&taker(queue)->work);
	(void)pthread_mutex_unlock(&queue->lock);
}

/* Whether there is something new to tell of failing: on a disk that is nearly
 * full groups fail and succeed in turns, and that is one trouble. */
static bool
take_trouble(struct groupqueue *queue, struct bs_message *message_r)
{
	uint64_t now_ns = bs_clock_monotonic_ns();

	if (queue->failing == BS_OK ||
	    (queue->failing == queue->told &&
		now_ns - queue->told_ns < TELL_AGAIN_NS))
		return false;
	queue->told = queue->failing;
	queue->told_ns = now_ns;
	*message_r = queue->message;
	return true;
}

/* What is new: read under the lock, told outside of it. */
struct news {
	uint64_t collected, written, settled, applied;
	bool has_trouble, has_note;
	int error;
	struct bs_message trouble, note;
};

/* Of one moment: who is told that writing failed was told why. */
static void
read_news(struct groupqueue *queue, struct news *news)
{
	(void)pthread_mutex_lock(&queue->lock);
	news->collected = queue->collected;
	news->written = queue->written;
	news->settled = queue->settled;
	news->applied = queue->applied;
	news->error = queue->failing;
	news->has_trouble = take_trouble(queue, &news->trouble);
	news->has_note = queue->has_note;
	if (news->has_note)
		news->note = queue->note;
	queue->has_note = false;
	(void)pthread_mutex_unlock(&queue->lock);
}

static void
tell(const struct groupqueue_setup *setup, const struct news *news)
{
	if (news->has_trouble)
		setup->trouble(setup->context, news->error, news->trouble.text);
	if (news->has_note)
		setup->trouble(setup->context, BS_OK, news->note.text);
}

size_t
groupqueue_collect(struct groupqueue *queue)
{
	const struct groupqueue_setup *setup = &queue->setup;
	struct news news;

	read_news(queue, &news);
	tell(setup, &news);
	for (uint64_t mark = news.settled; mark < news.applied; mark++) {
		const struct group_entry *entry = groupqueue_slot(queue, mark);

		if (setup->known != NULL && entry->error == BS_OK &&
		    entry->known)
			setup->known(setup->context, entry);
	}
	for (uint64_t mark = news.collected; mark < news.written; mark++)
		setup->done(setup->context, groupqueue_slot(queue, mark));
	/* only now may their slots be used again */
	(void)pthread_mutex_lock(&queue->lock);
	queue->collected = news.written;
	queue->settled = news.applied;
	(void)pthread_mutex_unlock(&queue->lock);
	return (size_t)(news.written - news.collected);
}

void
groupqueue_set_policy(struct groupqueue *queue, const struct bs_policy *policy)
{
	(void)pthread_mutex_lock(&queue->lock);
	queue->setup.target.policy = policy;
	(void)pthread_mutex_unlock(&queue->lock);
}

bool
groupqueue_uses(struct groupqueue *queue, const struct bs_policy *policy)
{
	bool uses;

	(void)pthread_mutex_lock(&queue->lock);
	uses = queue->setup.target.policy == policy || queue->policy == policy;
	(void)pthread_mutex_unlock(&queue->lock);
	return uses;
}

size_t
groupqueue_count(struct groupqueue *queue)
{
	size_t count;

	(void)pthread_mutex_lock(&queue->lock);
	count = (size_t)(queue->put - queue->collected);
	(void)pthread_mutex_unlock(&queue->lock);
	return count;
}
