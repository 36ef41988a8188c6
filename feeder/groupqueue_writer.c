/*
 * The thread of a queue that has the database: writes what there is in groups, and
 * several of them in one transaction.  Without load it puts each group on disk
 * itself.  Under load the thread beside it does, for mail should not wait for
 * what the database takes its time for: then this one follows, and takes in what
 * is on disk.  The rest of the time it keeps house.  Started by groupqueue.c.
 */
#include "autoconf.h"

#include "groupqueue_private.h"

/* So many without a pause are load. */
#define LOAD_MIN 200
/* So long a transaction waits for more of them. */
#define LINGER_NS ((uint64_t)3 * 1000000)

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

/* Up to where what there is may be taken, with the lock held. */
static uint64_t
takeable(const struct groupqueue *queue)
{
	if (!queue->follows)
		return queue->put;
	return queue->ends ? queue->end : queue->written;
}

/* All that came meanwhile, as far as there is room; what is on disk in any case. */
static void
take_more(struct groupqueue *queue)
{
	size_t more, room;

	(void)pthread_mutex_lock(&queue->lock);
	more = (size_t)(takeable(queue) - queue->applied) - queue->group_size;
	(void)pthread_mutex_unlock(&queue->lock);
	if (!queue->follows && !queue->refuses) {
		room = queue->setup.group_max - queue->size;
		more = more < room ? more : room;
	}
	queue->group_size += more;
	queue->size += more;
}

/* A group_source: what is in the group already, then what came meanwhile. */
static struct group_entry *
take(void *context, size_t i)
{
	struct groupqueue *queue = context;

	if (i >= queue->group_size &&
	    (queue->follows || queue->refuses || !transaction_is_over(queue)))
		take_more(queue);
	/* `applied` changes in this thread only */
	return i < queue->group_size
		   ? groupqueue_slot(queue, queue->applied + i)
		   : NULL;
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
	queue->policy = target.policy;
	(void)pthread_mutex_unlock(&queue->lock);
	error = group_recover(&target, &message);
	(void)pthread_mutex_lock(&queue->lock);
	queue->policy = NULL;
	if (error != BS_OK) {
		queue->failing = error;
		queue->message = message;
	}
	(void)pthread_mutex_unlock(&queue->lock);
	if (error != BS_OK)
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

/* Until something is to be done, or a time has come; the lock is let go of. */
static void
sleep_until(struct groupqueue *queue, uint64_t due_ns)
{
	const struct timespec until = {
	    .tv_sec = (time_t)(due_ns / 1000000000u),
	    .tv_nsec = (long)(due_ns % 1000000000u),
	};

	(void)pthread_cond_timedwait(&queue->writer.work, &queue->lock, &until);
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
	while (!groupqueue_is_time(queue) && bs_clock_monotonic_ns() < due_ns)
		groupqueue_wait(queue, &queue->writer, due_ns);
	more = queue->put > queue->written;
	(void)pthread_mutex_unlock(&queue->lock);
	return more && !transaction_is_over(queue);
}

/* --- what the other thread puts on disk -------------------------------------- */

/* A step.  Without load what comes is in the list before it is told of; and what
 * that thread would not take is this one's, or nothing would go on. */
static bool
begun(void *context)
{
	struct groupqueue *queue = context;
	bool may;

	queue->follows = false;
	(void)pthread_mutex_lock(&queue->lock);
	may = !queue->stop && !queue->refused;
	queue->refused = false;
	(void)pthread_mutex_unlock(&queue->lock);
	return may && queue->streak >= LOAD_MIN && !transaction_is_over(queue);
}

/* A step: the other thread may work. */
static void
opened(void *context)
{
	struct groupqueue *queue = context;

	if (!is_load(queue))
		return;
	(void)pthread_mutex_lock(&queue->lock);
	queue->opened = true;
	queue->is_long = false;
	(void)pthread_cond_signal(&queue->beside.work);
	(void)pthread_mutex_unlock(&queue->lock);
}

/* A step: this transaction follows it. */
static void
following(void *context)
{
	struct groupqueue *queue = context;

	queue->follows = true;
	queue->ends = false;
	(void)pthread_mutex_lock(&queue->lock);
	queue->group_size = (size_t)(queue->written - queue->applied);
	(void)pthread_mutex_unlock(&queue->lock);
	queue->size = queue->group_size;
	opened(queue);
}

/* Whether it should end, with the lock held. */
static bool
is_over(const struct groupqueue *queue)
{
	return queue->stop || !queue->opened || queue->is_long ||
	       transaction_is_over(queue);
}

/* A round without anything new is the end of it. */
static bool
wait_for_written(struct groupqueue *queue)
{
	uint64_t now_ns = bs_clock_monotonic_ns();
	uint64_t due_ns = now_ns + LINGER_NS;

	if (due_ns > transaction_ends_ns(queue))
		due_ns = transaction_ends_ns(queue);
	while (!is_over(queue) && bs_clock_monotonic_ns() < due_ns)
		sleep_until(queue, due_ns);
	return !is_over(queue) && queue->put > queue->applied;
}

/* A step: what was taken in is on disk, and a little later there is more. */
static bool
followed(void *context)
{
	struct groupqueue *queue = context;
	bool more;

	(void)pthread_mutex_lock(&queue->lock);
	queue->applied += queue->group_size;
	queue->group_size = 0;
	more = wait_for_written(queue);
	(void)pthread_mutex_unlock(&queue->lock);
	return more;
}

/* A step: waits for what the other thread is at. */
static void
closed(void *context)
{
	struct groupqueue *queue = context;

	(void)pthread_mutex_lock(&queue->lock);
	queue->opened = false;
	queue->awaited = true;
	while (queue->securing)
		(void)pthread_cond_wait(&queue->writer.work, &queue->lock);
	queue->awaited = false;
	queue->end = queue->written;
	(void)pthread_mutex_unlock(&queue->lock);
	queue->ends = true;
}

/* A step: all that waits is told so at once.  To find out took its time, with much
 * that is on disk and can't be taken in, and would take it again for each. */
static void
failed(void *context)
{
	struct groupqueue *queue = context;

	queue->follows = false;
	queue->refuses = true;
}

/* --- all of it --------------------------------------------------------------- */

/* Writes what there is, with the lock held around it only. */
static void
write_groups(struct groupqueue *queue)
{
	static const struct group_steps steps = {may_come, secured, begun,
	    following, followed, opened, closed, failed};
	struct group_target target = queue->setup.target;
	struct bs_message message;
	int error;

	/* all that the thread beside us has secured is of this transaction; one
	 * there is in any case, however slow we are */
	queue->group_size = (size_t)(queue->written - queue->applied);
	if (queue->group_size == 0)
		queue->group_size = 1;
	queue->size = queue->group_size;
	queue->follows = queue->refuses = false;
	queue->policy = target.policy;
	target.steps = &steps;
	(void)pthread_mutex_unlock(&queue->lock);
	queue->start_ns = bs_clock_monotonic_ns();
	if (queue->start_ns - queue->ended_ns >
	    (uint64_t)queue->setup.pause_ms * 1000000)
		queue->streak = 0;
	error = group_write(&target, take, queue, &message);
	(void)pthread_mutex_lock(&queue->lock);
	count_applied(queue, error);
	queue->policy = NULL;
	if (error != BS_OK)
		queue->message = message;
	queue->ended_ns = queue->since_ns;
	queue->streak += queue->size;
}

static bool
is_due(const struct groupqueue *queue)
{
	return queue->written > queue->applied || groupqueue_is_time(queue);
}

void *
groupqueue_write(void *context)
{
	struct groupqueue *queue = context;

	recover(queue);
	(void)pthread_mutex_lock(&queue->lock);
	while (queue->put > queue->applied || !queue->stop) {
		bool wake = is_due(queue);

		if (wake)
			write_groups(queue);
		else
			groupqueue_wait(
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
