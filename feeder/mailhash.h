/*
 * The bytes of a message on their way to a keyed hash: as they are whatever
 * mailbox it lay in.
 */
#ifndef FEED_MAILHASH_H
#define FEED_MAILHASH_H

#include <stddef.h>

#include "keyhash.h"

/* The size of an mbox's From_ line, which is none of the message; 0: there is
 * none. */
size_t mailhash_from_line(const char *bytes, size_t size);

/*
 * Adds a message to a hash that was started: its lines, each ended by LF, without
 * the From_ line, so many of its topmost Received fields, the fields that mailbox
 * programs add, change and drop, and the empty lines at its end.
 */
void mailhash_add(struct bs_keyhash *hash, const char *bytes, size_t size,
    size_t received_ours);

#endif
