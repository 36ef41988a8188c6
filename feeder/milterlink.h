/*
 * A thread's way from the milter's process to `serve`: messages go out by
 * milterwire.h, an answer comes back where one is waited for.  Waits, but never
 * for long: real mail is behind it.
 */
#ifndef FEED_MILTERLINK_H
#define FEED_MILTERLINK_H

#include "envelope.h"

/* Nothing is waited for longer than this; where no answer is, that serve takes
 * the bytes no longer than the other. */
#define MILTERLINK_WAIT_MS 10000
#define MILTERLINK_BRIEF_MS 1000

struct milterlink;

/* A new one; its other end goes to serve over `control`.  NULL: it can't be had
 * now. */
struct milterlink *milterlink_new(int control);
void milterlink_free(struct milterlink **link);

/* Each: BS_OK, or BS_EIO: the link is of no use any more.  An envelope says
 * whether the end of its message will be waited for. */
int milterlink_envelope(
    struct milterlink *link, const struct envelope *envelope, bool waited);
int milterlink_text(struct milterlink *link, const char *bytes, size_t size);
int milterlink_unused(struct milterlink *link);
int milterlink_drop(struct milterlink *link);

/* The end of the message.  Where that is waited for, BS_OK: it is on disk;
 * BS_EBUSY: it is not.  Else BS_OK: serve has it.  BS_EIO: nobody knows, and the
 * link is of no use any more. */
int milterlink_end(struct milterlink *link, bool cut);

#endif
