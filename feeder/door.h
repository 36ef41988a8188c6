/*
 * A place where mail is taken (smtp.listen, lmtp.listen, milter.listen), as a
 * socket: bound, described, and what is wrong where it can't be.
 */
#ifndef FEED_DOOR_H
#define FEED_DOOR_H

#include "config.h"
#include "log.h"

/*
 * Binds a non-blocking socket and listens; a UNIX socket gets mode 0660, and one
 * that a process that is gone has left there is removed.  -1: errno says why.
 */
int door_open(const struct bs_config_door *door);

/* "unix:PATH" or "ADDRESS@PORT". */
void door_describe(const struct bs_config_door *door, char *text, size_t size);

/* Logs that it can't be had: "FILE:LINE: KEY: PLACE: why: what to do". */
void door_complain(const struct bs_log *log, const char *config_path,
    const char *key, const struct bs_config_door *door, int reason);

#endif
