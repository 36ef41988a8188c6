/*
 * Writes all of a buffer, over as many write(2) as it takes, and tells a full
 * disk from one that fails: who keeps mail answers the two differently.
 * The feeder's spool and Maildir call it.
 */
#include "autoconf.h"

#include <errno.h>
#include <unistd.h>

#include "error.h"
#include "fileio.h"

int
bs_fileio_error(int reason)
{
	return reason == ENOSPC || reason == EDQUOT ? BS_EFULL : BS_EIO;
}

int
bs_fileio_write(int file, const void *bytes, size_t size)
{
	const char *next = bytes;

	while (size > 0) {
		ssize_t written = write(file, next, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return bs_fileio_error(errno);
		next += written;
		size -= (size_t)written;
	}
	return BS_OK;
}
