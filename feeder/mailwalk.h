/*
 * A walk under way, for mailfiles.c alone: where it is, what it says about
 * places, how it reads a file.
 */
#ifndef FEED_MAILWALK_H
#define FEED_MAILWALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailfiles.h"

struct mailwalk {
	struct mailfiles_handler handler;
	const struct stop *stop; /* borrowed, or NULL */
	size_t size_max;
	bool measuring; /* adds up sizes, opens and says nothing */
	uint64_t measured_bytes;

	unsigned depth; /* 0: the path that was asked for */
	char path[MAILFILES_PATH_MAX];
	size_t path_size;
};

/* A file or folder by its name in an open folder. */
struct place {
	int folder_fd;
	const char *name;
};

/* Appends "/NAME" to the path; false when it gets too long. */
bool mailwalk_push(struct mailwalk *walk, const char *name);

/* Shortens the path to what it was. */
void mailwalk_cut(struct mailwalk *walk, size_t size);

/* Tells the handler that the path is skipped. */
void mailwalk_skip(struct mailwalk *walk, enum mail_skip why);

/* Tells the handler that the path can't be read, from errno; what went away
 * since its folder was listed is skipped. */
void mailwalk_fail(struct mailwalk *walk);

/* Whether a stop was asked for. */
bool mailwalk_stopping(const struct mailwalk *walk);

/*
 * Opens what was a regular file a moment ago and reads it; `single` as in
 * mailstream_new.  With missing_r, a file that is gone is not reported but
 * sets *missing_r.  As mailfiles_read.
 */
int mailwalk_read(
    struct mailwalk *walk, struct place place, bool single, bool *missing_r);

/* Reads standard input, as the path "-". */
int mailwalk_read_stdin(struct mailwalk *walk);

#endif
