/*
 * Files that hold a secret: mode 0600, opened only where nobody else may read
 * them, written so that nobody ever reads half of one.
 */
#ifndef BS_SECRETFILE_H
#define BS_SECRETFILE_H

#include <stdbool.h>

#include "error.h"

/* Says what of the file failed, by errno, and what to do; returns the error. */
int bs_secretfile_fail(const char *path, const char *what, const char *remedy,
    struct bs_message *message);

/*
 * Opens a file for reading, if it may be trusted with a secret: *fd_r, which is
 * the caller's to close.  `what` it is called in messages: "the trap key".
 * BS_ENOTFOUND without a message: there is none; BS_EINVAL: no regular file;
 * BS_EACCES: others may read it, or we may not; BS_ESYSTEM and others.
 */
int bs_secretfile_open(
    const char *path, const char *what, int *fd_r, struct bs_message *message);

/* How a file is made: `write` puts all of it into fd and on disk, or returns
 * false with errno. */
struct bs_secretfile_making {
	bool (*write)(int fd, const void *context);
	const void *context;
	bool replaces; /* false: one that is there stays, and is as good */
};

/* Makes the file under another name and moves it into place.  False with errno,
 * and what was there is as it was. */
bool bs_secretfile_make(
    const char *path, const struct bs_secretfile_making *making);

#endif
