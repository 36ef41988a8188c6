/*
 * A ring of sightings and the threads that write them.  Marks go around it, each
 * behind the one before: put, written (on disk, ahead of the database or in it),
 * applied (in the database, or in a transaction that what is on disk outlives);
 * and behind these collected and settled, by the loop.  What lies between two
 * marks belongs to one side only, so entries are written in place and never
 * copied.  Called by the listeners.
 *
 * The writer has the database.  The thread beside it only works while the writer
 * commits under load, and then has the file that is ahead.
 */
#include "autoconf.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "groupqueue.h"
#include "housekeeping.h"
#include "timeslice.h"

#define TELL_AGAIN_NS ((uint64_t)60 * 1000000000)
/* So many without a pause like that are load. */
#define LOAD_MIN 200
#define PAUSE_NS ((uint64_t)100 * 1000000)
/* So long a transaction waits for more of them. */
#define LINGER_NS ((uint64_t)3 * 1000000)
/* The thread beside the writer looks up so often where nothing wakes it. */
#define IDLE_NS ((uint64_t)1000 * 1000000)
/* Both wait for the disk most of the time, and everybody for them. */
#define TURN_NS ((uint64_t)100 * 1000)

/* A thread. */
struct worker {
	pthread_t thread;
	pthread_cond_t work;
	uint64_t wakes_ns; /* it waits until then; 0: it does not */
};

struct groupqueue {
	struct groupqueue_setup setup;
	struct worker writer, beside;
	pthread_mutex_t lock;

	/* under lock */
	uint64_t put, written, applied, collected, settled;
	bool committing;   /* the thread beside the writer may work */
	bool securing;     /* and does */
	uint64_t since_ns; /* that some wait: no earlier than this */
	size_t coming;
	bool stop, over;
	int failing, told; /* what the last group failed with, what was told */
	uint64_t told_ns;  /* and when */
	struct bs_message message;
	bool has_note; /* of housekeeping */
	struct bs_message note;

	/* the writer's own */
	uint64_t start_ns; /* of the transaction */
	uint64_t ended_ns; /* the one before */
	size_t size;       /* of all its groups */
	uint64_t streak;   /* of all before it, without a pause */
	size_t group_size; /* of what is being taken in, behind `applied` */
	struct housekeeping keeping;

	struct group_entry ring[];
};

static struct group_entry *
slot(struct groupqueue *queue, uint64_t mark)
{
	return &queue->ring[mark % queue->setup.queue_max];
}

/* --- the writer's thread ------------------------------------------------- */

static uint64_t
transaction_ends_ns(const struct groupqueue *queue)
{
	return queue->start_ns + (uint64_t)queue->setup.group_ms * 1000000;
}

static bool
transaction_is_over(const struct groupqueue *queue)
{
	return queue->size >= queue->setup.group_max ||
	       bs_clock_monotonic_ns() >= transaction_ends_ns(queue);
}

/* All that came meanwhile, as far as there is room. */
static void
take_more(struct groupqueue *queue)
{
	size_t room = queue->setup.group_max - queue->size, more;

	(void)pthread_mutex_lock(&queue->lock);
	more = (size_t)(queue->put - queue->applied) - queue->group_size;
	(void)pthread_mutex_unlock(&queue->lock);
	if (more > room)
		more = room;
	queue->group_size += more;
	queue->size += more;
}

/* A group_source: what is in the group already, then what came meanwhile. */
static struct group_entry *
take(void *context, size_t i)
{
	struct groupqueue *queue = context;

	if (i >= queue->group_size && !transaction_is_over(queue))
		take_more(queue);
	/* `applied` changes in this thread only */
	return i < queue->group_size ? slot(queue, queue->applied + i) : NULL;
}

/* What another process left on disk, ahead of its commit, or a commit of ours
 * that failed. */
static void
recover(struct groupqueue *queue)
{
	/* the policy's pointer may change meanwhile */
	struct group_target target;
	struct bs_message message;
	int error;

	(void)pthread_mutex_lock(&queue->lock);
	target = queue->setup.target;
	(void)pthread_mutex_unlock(&queue->lock);
	error = group_recover(&target, &message);
	if (error == BS_OK)
		return;
	(void)pthread_mutex_lock(&queue->lock);
	queue->failing = error;
	queue->message = message;
	(void)pthread_mutex_unlock(&queue->lock);
	queue->setup.wake(queue->setup.context);
}

/* With the lock held around it only; whether there is something to tell. */
static bool
keep_house(struct groupqueue *queue)
{
	struct bs_message line;
	bool has_line;

	(void)pthread_mutex_unlock(&queue->lock);
	has_line = housekeeping_round(&queue->keeping, &line);
	recover(queue);
	has_line = has_line || housekeeping_ahead(&queue->keeping, &line);
	(void)pthread_mutex_lock(&queue->lock);
	if (has_line)
		queue->note = line;
	queue->has_note = queue->has_note || has_line;
	return has_line;
}

/* When those that wait are written, whatever is still coming. */
static uint64_t
patience_ends_ns(const struct groupqueue *queue)
{
	return queue->since_ns + (uint64_t)queue->setup.wait_us * 1000;
}

/* Whether to write what waits without waiting for more. */
static bool
is_enough(const struct groupqueue *queue)
{
	uint64_t waiting = queue->put - queue->written;

	return waiting > 0 &&
	       (waiting >= queue->coming || waiting >= queue->setup.group_max ||
		   queue->stop);
}

static bool
is_time(const struct groupqueue *queue)
{
	return is_enough(queue) ||
	       (queue->put > queue->written &&
		   bs_clock_monotonic_ns() >= patience_ends_ns(queue));
}

/* Until something is put, or a time has come. */
static void
wait_for_work(struct groupqueue *queue, struct worker *worker, uint64_t due_ns)
{
	struct timespec until;

	if (queue->put > queue->written && patience_ends_ns(queue) < due_ns)
		due_ns = patience_ends_ns(queue);
	until = (struct timespec){
	    .tv_sec = (time_t)(due_ns / 1000000000u),
	    .tv_nsec = (long)(due_ns % 1000000000u),
	};
	worker->wakes_ns = due_ns;
	(void)pthread_cond_timedwait(&worker->work, &queue->lock, &until);
	worker->wakes_ns = 0;
}

/* --- a transaction of groups ----------------------------------------------- */

static bool
is_load(const struct groupqueue *queue)
{
	return queue->streak + queue->size >= LOAD_MIN;
}

/*
 * A step.  Where nothing is being judged any more, what there is is committed:
 * who sends a few messages and looks then finds them all in the list.  Under load
 * there always is more.
 */
static bool
may_come(void *context)
{
	struct groupqueue *queue = context;
	bool more;

	if (is_load(queue))
		return true;
	if (transaction_is_over(queue))
		return false;
	(void)pthread_mutex_lock(&queue->lock);
	more = queue->coming > 0 ||
	       queue->put > queue->applied + queue->group_size;
	(void)pthread_mutex_unlock(&queue->lock);
	return more;
}

/* What was taken in is safe. */
static void
count_applied(struct groupqueue *queue, int error)
{
	queue->applied += queue->group_size;
	if (queue->written < queue->applied)
		queue->written = queue->applied;
	queue->group_size = 0;
	queue->failing = error;
	queue->since_ns = bs_clock_monotonic_ns();
}

/* A step: tells of those that are on disk, and waits for others. */
static bool
secured(void *context)
{
	struct groupqueue *queue = context;
	uint64_t due_ns;
	bool more;

	(void)pthread_mutex_lock(&queue->lock);
	count_applied(queue, BS_OK);
	due_ns = queue->since_ns + LINGER_NS;
	(void)pthread_mutex_unlock(&queue->lock);
	queue->setup.wake(queue->setup.context);
	if (due_ns > transaction_ends_ns(queue))
		due_ns = transaction_ends_ns(queue);
	(void)pthread_mutex_lock(&queue->lock);
	while (!is_time(queue) && bs_clock_monotonic_ns() < due_ns)
		wait_for_work(queue, &queue->writer, due_ns);
	more = queue->put > queue->written;
	(void)pthread_mutex_unlock(&queue->lock);
	return more && !transaction_is_over(queue);
}

/* A step.  Without load what comes is in the list before it is told of. */
static void
committing(void *context)
{
	struct groupqueue *queue = context;

	if (!is_load(queue))
		return;
	(void)pthread_mutex_lock(&queue->lock);
	queue->committing = true;
	(void)pthread_cond_signal(&queue->beside.work);
	(void)pthread_mutex_unlock(&queue->lock);
}

/* A step: waits for what the other thread is at. */
static void
committed(void *context)
{
	struct groupqueue *queue = context;

	(void)pthread_mutex_lock(&queue->lock);
	queue->committing = false;
	while (queue->securing)
		(void)pthread_cond_wait(&queue->writer.work, &queue->lock);
	(void)pthread_mutex_unlock(&queue->lock);
}

/* Writes what there is, with the lock held around it only. */
static void
write_groups(struct groupqueue *queue)
{
	static const struct group_steps steps = {
	    may_come, secured, committing, committed};
	struct group_target target = queue->setup.target;
	struct bs_message message;
	int error;

	/* all that the thread beside us has secured is of this transaction; one
	 * there is in any case, however slow we are */
	queue->group_size = (size_t)(queue->written - queue->applied);
	if (queue->group_size == 0)
		queue->group_size = 1;
	queue->size = queue->group_size;
	target.steps = &steps;
	(void)pthread_mutex_unlock(&queue->lock);
	queue->start_ns = bs_clock_monotonic_ns();
	if (queue->start_ns - queue->ended_ns > PAUSE_NS)
		queue->streak = 0;
	error = group_write(&target, take, queue, &message);
	(void)pthread_mutex_lock(&queue->lock);
	count_applied(queue, error);
	if (error != BS_OK)
		queue->message = message;
	queue->ended_ns = queue->since_ns;
	queue->streak += queue->size;
}

static bool
is_due(const struct groupqueue *queue)
{
	return queue->written > queue->applied || is_time(queue);
}

static void *
run(void *context)
{
	struct groupqueue *queue = context;

	recover(queue);
	(void)pthread_mutex_lock(&queue->lock);
	while (queue->put > queue->applied || !queue->stop) {
		bool wake = is_due(queue);

		if (wake)
			write_groups(queue);
		else
			wait_for_work(
			    queue, &queue->writer, queue->keeping.due_ns);
		wake = keep_house(queue) || wake;
		if (!wake)
			continue;
		(void)pthread_mutex_unlock(&queue->lock);
		queue->setup.wake(queue->setup.context);
		(void)pthread_mutex_lock(&queue->lock);
	}
	queue->over = true;
	(void)pthread_cond_signal(&queue->beside.work);
	(void)pthread_mutex_unlock(&queue->lock);
	return NULL;
}

/* --- the thread beside it ---------------------------------------------------- */

/* Puts on disk what was put until `to`, as far as there is room; how much that
 * was.  0: the writer does it. */
static size_t
secure_some(struct groupqueue *queue, uint64_t from, uint64_t to)
{
	struct bs_store *store = queue->setup.target.store;
	uint64_t mark = from;

	while (mark < to &&
	       bs_store_add_next(store, &slot(queue, mark)->sighting) == BS_OK)
		mark++;
	if (mark == from || bs_store_secure_next(store) != BS_OK)
		return 0;
	for (to = mark, mark = from; mark < to; mark++) {
		slot(queue, mark)->error = BS_OK;
		slot(queue, mark)->secured = true;
	}
	return (size_t)(to - from);
}

/* With the lock held around it only. */
static void
secure_beside(struct groupqueue *queue)
{
	uint64_t from = queue->written, to = queue->put;
	size_t count;

	queue->securing = true;
	(void)pthread_mutex_unlock(&queue->lock);
	count = secure_some(queue, from, to);
	(void)pthread_mutex_lock(&queue->lock);
	queue->securing = false;
	queue->written += count;
	queue->since_ns = bs_clock_monotonic_ns();
	if (count == 0)
		queue->committing = false; /* not beside this one any more */
	(void)pthread_cond_signal(&queue->writer.work);
	(void)pthread_mutex_unlock(&queue->lock);
	if (count > 0)
		queue->setup.wake(queue->setup.context);
	(void)pthread_mutex_lock(&queue->lock);
}

static void *
run_beside(void *context)
{
	struct groupqueue *queue = context;

	(void)pthread_mutex_lock(&queue->lock);
	while (!queue->over) {
		if (!queue->committing)
			(void)pthread_cond_wait(
			    &queue->beside.work, &queue->lock);
		else if (is_time(queue))
			secure_beside(queue);
		else
			wait_for_work(queue, &queue->beside,
			    bs_clock_monotonic_ns() + IDLE_NS);
	}
	(void)pthread_mutex_unlock(&queue->lock);
	return NULL;
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
	bs_timeslice_ask(TURN_NS);
	code = pthread_create(&queue->writer.thread, NULL, run, queue);
	if (code == 0) {
		code = pthread_create(
		    &queue->beside.thread, NULL, run_beside, queue);
		if (code != 0) {
			(void)groupqueue_end(queue);
			(void)pthread_join(queue->writer.thread, NULL);
		}
	}
	bs_timeslice_ask(0);
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
	return queue->committing ? &queue->beside : &queue->writer;
}

/* Where there is enough, or it would sleep longer than those that are there wait
 * for others. */
static void
wake_taker(struct groupqueue *queue)
{
	struct worker *worker = taker(queue);
	uint64_t due_ns = patience_ends_ns(queue);

	if (!is_enough(queue) && worker->wakes_ns <= due_ns)
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
		*slot(queue, queue->put) = (struct group_entry){
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
	if (is_enough(queue))
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

/* Tells of trouble and notes, outside of the lock. */
static void
tell(struct groupqueue *queue)
{
	const struct groupqueue_setup *setup = &queue->setup;
	struct bs_message message, note;
	bool trouble, has_note;
	int error;

	(void)pthread_mutex_lock(&queue->lock);
	error = queue->failing;
	trouble = take_trouble(queue, &message);
	has_note = queue->has_note;
	if (has_note)
		note = queue->note;
	queue->has_note = false;
	(void)pthread_mutex_unlock(&queue->lock);
	if (trouble)
		setup->trouble(setup->context, error, message.text);
	if (has_note)
		setup->trouble(setup->context, BS_OK, note.text);
}

size_t
groupqueue_collect(struct groupqueue *queue)
{
	const struct groupqueue_setup *setup = &queue->setup;
	uint64_t collected, written, settled, applied;

	tell(queue);
	(void)pthread_mutex_lock(&queue->lock);
	collected = queue->collected;
	written = queue->written;
	settled = queue->settled;
	applied = queue->applied;
	(void)pthread_mutex_unlock(&queue->lock);
	for (uint64_t mark = settled; mark < applied; mark++) {
		const struct group_entry *entry = slot(queue, mark);

		if (setup->known != NULL && entry->error == BS_OK &&
		    entry->known)
			setup->known(setup->context, entry);
	}
	for (uint64_t mark = collected; mark < written; mark++)
		setup->done(setup->context, slot(queue, mark));
	/* only now may their slots be used again */
	(void)pthread_mutex_lock(&queue->lock);
	queue->collected = written;
	queue->settled = applied;
	(void)pthread_mutex_unlock(&queue->lock);
	return (size_t)(written - collected);
}

void
groupqueue_set_policy(struct groupqueue *queue, const struct bs_policy *policy)
{
	(void)pthread_mutex_lock(&queue->lock);
	queue->setup.target.policy = policy;
	(void)pthread_mutex_unlock(&queue->lock);
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
