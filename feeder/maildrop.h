/*
 * Puts a message into a Maildir: mail for a person, and what a judge could not
 * read.
 */
#ifndef FEED_MAILDROP_H
#define FEED_MAILDROP_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "envelope.h"
#include "spool.h"

/* Makes a Maildir, mode 0700, with its parts, where it is missing.  BS_EACCES,
 * BS_EIO: `message` says why. */
int maildrop_make(const char *folder, struct bs_message *message);

/* Whether the program that takes the mail instead (role.sendmail, which is set) is
 * one, as far as its file tells.  BS_EIO: `message` says why not. */
int maildrop_check_program(
    const struct bs_config *config, struct bs_message *message);

/*
 * Writes the message with a Return-Path, a Delivered-To for each role and a
 * Received line by the host `by` to tmp/, syncs it, moves it to new/ and syncs that.  Where it returns BS_OK the
 * message is on disk.  BS_EFULL: the disk is, or it would have no reserve left (reserve.h);
 * BS_EIO.  Any thread.
 */
int maildrop_put(const char *folder, const char *by,
    const struct envelope *envelope, const struct spool *spool);

/* How many messages are in new/; 0 where it can't be read. */
size_t maildrop_count(const char *folder);

/* Writes the same bytes, with LF as line ends, to a file. */
int maildrop_write(int file, const char *by, const struct envelope *envelope,
    const struct spool *spool);

#endif
