/*
 * The thread beside a queue's writer: under load it puts on disk what comes, ahead
 * of the database (bs_writer_open_this, bs_writer_open_next), while the writer
 * takes in and commits what is there already.  Started by groupqueue.c.
 */
#include "autoconf.h"

#include "groupqueue_private.h"

/* It looks up so often where nothing wakes it. */
#define IDLE_NS ((uint64_t)1000 * 1000000)

/* Puts on disk what was put until `to`, as far as there is room; how much that
 * was.  0: the writer does it. */
static size_t
secure_some(struct groupqueue *queue, uint64_t from, uint64_t to)
{
	struct bs_store *store = queue->setup.target.store;
	uint64_t mark = from;

	while (
	    mark < to && bs_store_add_beside(store,
			     &groupqueue_slot(queue, mark)->sighting) == BS_OK)
		mark++;
	if (mark == from || bs_store_secure_beside(store) != BS_OK)
		return 0;
	for (to = mark, mark = from; mark < to; mark++) {
		groupqueue_slot(queue, mark)->error = BS_OK;
		groupqueue_slot(queue, mark)->secured = true;
	}
	return (size_t)(to - from);
}

/* With the lock held around it only. */
static void
secure_beside(struct groupqueue *queue)
{
	uint64_t from = queue->written, to = queue->put;
	size_t count;
	bool is_long;

	queue->securing = true;
	(void)pthread_mutex_unlock(&queue->lock);
	count = secure_some(queue, from, to);
	is_long = bs_store_is_long_beside(queue->setup.target.store);
	(void)pthread_mutex_lock(&queue->lock);
	queue->securing = false;
	queue->written += count;
	queue->since_ns = bs_clock_monotonic_ns();
	queue->is_long = is_long;
	queue->refused = count == 0;
	if (queue->refused)
		queue->opened = false; /* not beside this one any more */
	if (queue->refused || is_long || queue->awaited)
		(void)pthread_cond_signal(&queue->writer.work);
	(void)pthread_mutex_unlock(&queue->lock);
	if (count > 0)
		queue->setup.wake(queue->setup.context);
	(void)pthread_mutex_lock(&queue->lock);
}

void *
groupqueue_secure(void *context)
{
	struct groupqueue *queue = context;

	(void)pthread_mutex_lock(&queue->lock);
	while (!queue->over) {
		if (!queue->opened)
			(void)pthread_cond_wait(
			    &queue->beside.work, &queue->lock);
		else if (groupqueue_is_time(queue))
			secure_beside(queue);
		else
			groupqueue_wait(queue, &queue->beside,
			    bs_clock_monotonic_ns() + IDLE_NS);
	}
	(void)pthread_mutex_unlock(&queue->lock);
	return NULL;
}
