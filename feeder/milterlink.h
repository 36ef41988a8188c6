/*
 * A thread's way from the milter's process to `serve`: messages go out by
 * milterwire.h, an answer comes back.  Waits, but never for long: real mail is
 * behind it.
 */
#ifndef FEED_MILTERLINK_H
#define FEED_MILTERLINK_H

#include "envelope.h"

/* Nothing is waited for longer than this. */
#define MILTERLINK_WAIT_MS 10000

struct milterlink;

/* A new one; its other end goes to serve over `control`.  NULL: it can't be had
 * now. */
struct milterlink *milterlink_new(int control);
void milterlink_free(struct milterlink **link);

/* Each: BS_OK, or BS_EIO: the link is of no use any more. */
int milterlink_envelope(
    struct milterlink *link, const struct envelope *envelope);
int milterlink_text(struct milterlink *link, const char *bytes, size_t size);
int milterlink_unused(struct milterlink *link);
int milterlink_drop(struct milterlink *link);

/* The end of the message.  BS_OK: it is on disk.  BS_EBUSY: it is not.
 * BS_EIO: nobody knows, and the link is of no use any more. */
int milterlink_end(struct milterlink *link, bool cut);

#endif
