/*
 * Reads the messages of one open file and hands them on.
 */
#ifndef FEED_MAILREAD_H
#define FEED_MAILREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailfiles.h"

/* An open file and how to read it. */
struct mailread {
	const struct mailfiles_handler *handler; /* borrowed */
	const struct stop *stop;                 /* borrowed, or NULL */
	const char *path;                        /* for messages, borrowed */
	int fd;                                  /* stays the caller's */
	bool single;     /* one message, whatever it looks like */
	bool named;      /* for the handler */
	uint32_t file_s; /* the file's time, 0: unknown */
	size_t size_max;
};

/* BS_OK, errors of the file included: the handler was told.  Else as
 * mailfiles_read. */
int mailread(const struct mailread *mailread);

#endif
