/*
 * What the threads of a queue share.  For groupqueue*.c only.
 */
#ifndef FEED_GROUPQUEUE_PRIVATE_H
#define FEED_GROUPQUEUE_PRIVATE_H

#include <pthread.h>

#include "groupqueue.h"
#include "housekeeping.h"

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
	bool opened;       /* the thread beside the writer may work */
	bool securing;     /* and does */
	bool awaited;      /* the writer waits until it does not */
	bool is_long;      /* it has put so much: commit that */
	bool refused;      /* it could not put any: the writer does it */
	uint64_t end;      /* all that is the transaction's, once it `ends` */
	uint64_t since_ns; /* that some wait: no earlier than this */
	size_t coming;
	bool stop, over;
	int failing, told; /* what the last group failed with, what was told */
	uint64_t told_ns;  /* and when */
	struct bs_message message;
	const struct bs_policy *policy; /* the writer goes by it now, or NULL */
	bool has_note;                  /* of housekeeping */
	struct bs_message note;

	/* the writer's own */
	uint64_t start_ns; /* of the transaction */
	uint64_t ended_ns; /* the one before */
	size_t size;       /* of all its groups */
	uint64_t streak;   /* of all before it, without a pause */
	size_t group_size; /* of what is being taken in, behind `applied` */
	bool follows; /* it takes in what the other thread has put on disk */
	bool ends;    /* and what that puts now is the next one's */
	bool refuses; /* nothing can be written: all is told so */
	struct housekeeping keeping;

	struct group_entry ring[];
};

/* --- groupqueue.c, all but the first with the lock held -------------------- */

struct group_entry *groupqueue_slot(struct groupqueue *queue, uint64_t mark);
/* When those that wait are written, whatever is still coming. */
uint64_t groupqueue_patience_ns(const struct groupqueue *queue);
/* Whether to write what waits without waiting for more. */
bool groupqueue_is_enough(const struct groupqueue *queue);
/* The same, or it has waited long enough. */
bool groupqueue_is_time(const struct groupqueue *queue);
/* Until something is put, or a time has come; the lock is let go of. */
void groupqueue_wait(
    struct groupqueue *queue, struct worker *worker, uint64_t due_ns);

/* --- the threads; `queue` is a struct groupqueue --------------------------- */

void *groupqueue_write(void *queue);
void *groupqueue_secure(void *queue);

#endif
