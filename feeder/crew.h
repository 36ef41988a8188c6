/*
 * A crew: processes that each do one piece of work at a time, so that what
 * kills one of them costs that piece alone, and several cores can work.
 *
 * Pieces go out in order and come back in order, whichever is done first.
 * Memory is bounded: each process has one piece, and CREW_AHEAD answers for each
 * of them wait at most.  For one thread; signals are the caller's.
 */
#ifndef FEED_CREW_H
#define FEED_CREW_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define CREW_JOBS_MAX 64
#define CREW_AHEAD 4   /* answers that wait for one before them, per job */
#define CREW_CPU_S 60  /* a piece that takes more ends its process */
#define CREW_STOPPED 1 /* beside enum bs_error: `done` said so */

/* One piece of work; the bytes are sent, not shared. */
struct crew_piece {
	const char *bytes; /* borrowed until crew_put returns */
	size_t size;
	uint64_t kind; /* for `work`, to tell one sort from another */
	void *ticket;  /* for `done` */
};

/* Runs in a process of its own: bytes in, an answer of answer_size bytes out,
 * zeroed before.  What it changes is lost. */
typedef void crew_work(
    void *context, const struct crew_piece *piece, void *answer);

/*
 * Told of each piece in the order they were put, from crew_put and crew_drain;
 * `answer` (borrowed) is NULL where its process died of it: then `why` says
 * how, "signal 11".  CREW_STOPPED ends it all.
 */
typedef int crew_done(
    void *context, void *ticket, const void *answer, const char *why);

struct crew_setup {
	size_t jobs; /* processes, 1 to CREW_JOBS_MAX */
	size_t answer_size;
	crew_work *work;
	crew_done *done;
	/* told of pieces that `done` never is: the ticket is the caller's */
	void (*dropped)(void *context, void *ticket);
	void *context; /* of all three */
};

struct crew;

/* Starts the processes: before files and databases are opened that they should
 * not see.  BS_ENOMEM, BS_ESYSTEM (errno). */
int crew_new(const struct crew_setup *setup, struct crew **crew_r);

/* Hands out a piece, waiting for a process that is free.  Its ticket is told of
 * in any case.  BS_OK; CREW_STOPPED, then all later calls say so too;
 * BS_ESYSTEM: a process that died can't be replaced. */
int crew_put(struct crew *crew, const struct crew_piece *piece);

/* Waits for all that is out; as crew_put. */
int crew_drain(struct crew *crew);

/* Ends the processes; of what is out, `dropped` is told. */
void crew_free(struct crew **crew);

#endif
