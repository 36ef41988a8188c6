/*
 * Files with a secret.  One is made under another name and moved into place, by
 * link where it must be the first: whoever comes second finds the first one's,
 * and a full disk leaves the old one as it is.
 *
 * What is in them is for the callers to know: keyhash.c, tagkeys.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "secretfile.h"

static int
system_error(int number)
{
	switch (number) {
	case EACCES:
	case EPERM:
	case EROFS:
		return BS_EACCES;
	case ENOSPC:
	case EDQUOT:
		return BS_EFULL;
	case EIO:
		return BS_EIO;
	case ENOMEM:
		return BS_ENOMEM;
	default:
		return BS_ESYSTEM;
	}
}

int
bs_secretfile_fail(const char *path, const char *what, const char *remedy,
    struct bs_message *message)
{
	int number = errno;

	bs_message_set(message, "%.600s: %s: %s: %s", path, what,
	    strerror(number), remedy);
	return system_error(number);
}

/* --- reading --------------------------------------------------------------- */

/* Whether the open file may be trusted with a secret. */
static int
check(int fd, const char *path, const char *what, struct bs_message *message)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return bs_secretfile_fail(
		    path, "no status", "check the disk", message);
	if (!S_ISREG(status.st_mode)) {
		bs_message_set(message,
		    "%.600s: no regular file, as %s must be in: name a file",
		    path, what);
		return BS_EINVAL;
	}
	if ((status.st_mode & 077) != 0) {
		bs_message_set(message,
		    "%.400s: others may read %s (mode %04o): chmod 600 %.400s",
		    path, what, (unsigned)status.st_mode & 07777, path);
		return BS_EACCES;
	}
	return BS_OK;
}

int
bs_secretfile_open(
    const char *path, const char *what, int *fd_r, struct bs_message *message)
{
	/* O_NONBLOCK: a FIFO must not hang us */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct bs_message title;
	int error;

	if (fd < 0 && errno == ENOENT)
		return BS_ENOTFOUND;
	if (fd < 0) {
		int number = errno;

		bs_message_set(&title, "%s can't be read", what);
		errno = number;
		return bs_secretfile_fail(path, title.text,
		    "run as the user that owns the file", message);
	}
	error = check(fd, path, what, message);
	if (error == BS_OK)
		*fd_r = fd;
	else
		(void)close(fd);
	return error;
}

/* --- making ---------------------------------------------------------------- */

/* The file has its place; false with errno. */
static bool
place(const char *temporary, const char *path, bool replaces)
{
	if (replaces)
		return rename(temporary, path) == 0;
	if (link(temporary, path) != 0 && errno != EEXIST)
		return false;
	(void)unlink(temporary);
	return true;
}

bool
bs_secretfile_make(const char *path, const struct bs_secretfile_making *making)
{
	char copy[PATH_MAX], temporary[PATH_MAX];
	const char *folder;
	bool done;
	int fd, number;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy) ||
	    snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
		(int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return false;
	}
	folder = dirname(copy);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return false;
	done = fchmod(fd, 0600) == 0 && making->write(fd, making->context) &&
	       bs_folder_give(folder, fd) == 0 &&
	       place(temporary, path, making->replaces);
	number = errno;
	if (!done)
		(void)unlink(temporary);
	(void)close(fd);
	if (done)
		bs_folder_sync(folder);
	errno = number;
	return done;
}
