/*
 * Memory that `serve` shares with one judge: a ring of requests with their
 * messages, and one of answers, in the same order.
 *
 *	serve: put, show ---> look, next, answer :judge
 *	       take <---
 *
 * Neither side calls the system for that.  Who has nothing to do says so in the
 * memory and waits at the socket between the two, where the other one then sends
 * a byte; while both are busy none is sent.
 *
 * A judge may be anybody's by now, and writes all of the memory.  `serve` reads
 * nothing of it but answers, which it copies before it looks at them, and how
 * many there are.
 */
#ifndef FEED_JUDGERING_H
#define FEED_JUDGERING_H

#include "judgewire.h"
#include "spool.h"

#define JUDGERING_SLOTS 8 /* requests without an answer; a power of two */

struct judgering;

/* --- the side of `serve` -------------------------------------------------- */

/* *file_r (owned) is for the judge, and as large as it will ever be: nobody can
 * cut it short under us.  BS_ENOMEM, BS_ESYSTEM (errno). */
int judgering_new(struct judgering **ring_r, int *file_r);

/* Puts a request and, where the spool is in memory, its message in, to be seen
 * after judgering_show.  No more than JUDGERING_SLOTS are without an answer.
 * Sizes in `request` are filled. */
void judgering_put(struct judgering *ring, struct judgewire_request *request,
    const struct spool *spool);

/* Lets the judge see what was put.  True: it waits, so send it a byte. */
bool judgering_show(struct judgering *ring);

/* The next answer.  BS_OK, BS_EBUSY: there is none yet; BS_EIO: what is there
 * is none, or it claims more than it was asked. */
int judgering_take(struct judgering *ring, struct judgewire_answer *answer_r);

/* The judge is to send a byte when it has answered.  False: it has already. */
bool judgering_await(struct judgering *ring);

/* That is no longer needed; judgering_show says so too. */
void judgering_awake(struct judgering *ring);

/* So many bytes came from the judge.  BS_EIO: more than it had answers to tell
 * of. */
int judgering_heard(struct judgering *ring, size_t bytes);

/* --- the judge's side ----------------------------------------------------- */

/* The file (borrowed) that judgering_new made.  BS_ENOMEM, BS_ESYSTEM. */
int judgering_join(int file, struct judgering **ring_r);

/* How many requests there are that have no answer. */
size_t judgering_look(struct judgering *ring);

/* The next one of them.  *message_r is borrowed until it is answered, and NULL
 * where it comes as a file.  BS_ECORRUPT. */
int judgering_next(struct judgering *ring, struct judgewire_request *request_r,
    const char **message_r);

void judgering_answer(
    struct judgering *ring, const struct judgewire_answer *answer);

/* Whether `serve` waits for answers, so send it a byte. */
bool judgering_tell(struct judgering *ring);

/* `serve` is to send a byte when there is something to do.  False: there is
 * already. */
bool judgering_rest(struct judgering *ring);

/* --- both ----------------------------------------------------------------- */

void judgering_free(struct judgering **ring);

#endif
