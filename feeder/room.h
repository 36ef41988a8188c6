/*
 * The room behind the live doors: a message goes in with its envelope, is
 * judged (judgepool.h), committed (groupqueue.h), put where a person reads it
 * (maildrop.h), and comes back with what to answer.
 *
 *	door: envelope, bytes ---> judged ---> on disk ---> done: 250 or 451
 *
 * A message to traps is a sighting where it is backscatter and its source is
 * known; one to roles is delivered; one to both is both, in this order, so that one
 * which has to come again is delivered once.  What a judge died of
 * is judged by its header alone and set aside in the quarantine, at once where it
 * comes again.
 */
#ifndef FEED_ROOM_H
#define FEED_ROOM_H

#include <uv.h>

#include "config.h"
#include "envelope.h"
#include "log.h"
#include "nursery.h"
#include "servecount.h"
#include "spool.h"
#include "store.h"

struct room;

struct room_setup {
	uv_loop_t *loop;
	const struct bs_log *log;
	const struct bs_config *config; /* see room_set_config */
	const char *hostname;           /* ours */
	const struct nursery *nursery;
	struct bs_store *store;
	const struct bs_key *key; /* the traps'; copied */
	struct servecount *count; /* it adds to */
};

/* Makes the folders that mail is put into, where they are missing: before the
 * program is confined.  BS_EACCES, BS_EIO: `message` says why. */
int room_prepare(const struct bs_config *config, struct bs_message *message);

/* All else borrowed; from the loop's thread, as all that follows.  BS_ENOMEM,
 * BS_ESYSTEM, BS_EACCES, BS_EIO: `message` says why. */
int room_new(const struct room_setup *setup, struct room **room_r,
    struct bs_message *message);

/* Told once for each message, never from room_take. */
typedef void room_done(void *context, const struct envelope_result *result);

/*
 * Takes a message in.  Envelope and spool are borrowed until `done`.
 * BS_ENOMEM, BS_EBUSY (sendmail has enough to do, or judges died of the message
 * before and the quarantine is full): it is not in, and `done` is not called.
 */
int room_take(struct room *room, const struct envelope *envelope,
    const struct spool *spool, room_done *done, void *context);

/* A session that went without its message: maybe a callout.  The envelope is
 * borrowed during the call. */
void room_unused(struct room *room, const struct envelope *envelope);

/* How many messages are in it. */
size_t room_count(const struct room *room);

/* Fills what is about messages, sightings and judges. */
void room_look(const struct room *room, struct servecount_now *now);

/* Goes by another configuration (borrowed) from now on; the old one may be in use
 * as long as there are messages, or room_uses says so. */
void room_set_config(struct room *room, const struct bs_config *config);

/* Whether what is written to the database goes by that configuration. */
bool room_uses(const struct room *room, const struct bs_config *config);

/* No more comes in; what waits to be written is.  Whether that is over, so that
 * room_close has nothing to wait for: ask again. */
bool room_end(struct room *room);

/* Closes what it has on the loop, and writes what waits to be written; there
 * are no messages in it any more.  To be freed when the loop has run out. */
void room_close(struct room *room);
void room_free(struct room **room);

#endif
