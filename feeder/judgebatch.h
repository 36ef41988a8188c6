/*
 * What is on its way to one judge: up to JUDGEBATCH_MAX messages that are sent
 * together, so that small ones share system calls and wake-ups, and the answers
 * as they come back.
 */
#ifndef FEED_JUDGEBATCH_H
#define FEED_JUDGEBATCH_H

#include "judgewire.h"
#include "spool.h"

#define JUDGEBATCH_MAX 8
/* A message that is larger goes alone: others would wait for it. */
#define JUDGEBATCH_MESSAGE_MAX ((size_t)16 * 1024)
/* Of all requests together, and so what a judge reads at once. */
#define JUDGEBATCH_BYTES_MAX (SPOOL_MEMORY_MAX + JUDGEWIRE_REQUEST_MAX)

struct judgepool_job;

struct judgebatch {
	struct judgepool_job *job[JUDGEBATCH_MAX]; /* borrowed */
	size_t count, answered;

	uint8_t out[JUDGEBATCH_BYTES_MAX];
	size_t out_size, sent;
	int file; /* borrowed, goes with the first byte; -1: none */

	uint8_t in[JUDGEBATCH_MAX * JUDGEWIRE_ANSWER_MAX];
	size_t in_size, in_used;
};

/* Empties it. */
void judgebatch_reset(struct judgebatch *batch);

/* Whether others may go along with a message. */
bool judgebatch_is_small(const struct spool *spool);

/* Whether a message may go along with those that are there. */
bool judgebatch_fits(const struct judgebatch *batch, const struct spool *spool);

/* Adds what fits, or the first one; nothing has been sent.  Sizes in `request`
 * are filled; the file of a spool is borrowed until all is sent. */
void judgebatch_add(struct judgebatch *batch, struct judgepool_job *job,
    struct judgewire_request *request, const struct spool *spool);

/* Sends what is left.  BS_OK: all is sent; BS_EBUSY: more later; BS_EIO. */
int judgebatch_send(struct judgebatch *batch, int socket);

/* Reads what is there.  BS_OK, BS_EBUSY: nothing now; BS_EIO: the other end is
 * closed, or said more than it was asked. */
int judgebatch_receive(struct judgebatch *batch, int socket);

/* The next answer of those that were read, and whose it is.  BS_OK, BS_EBUSY:
 * there is no whole one; BS_EIO: what came is none. */
int judgebatch_next(struct judgebatch *batch, struct judgepool_job **job_r,
    struct judgewire_answer *answer_r);

#endif
