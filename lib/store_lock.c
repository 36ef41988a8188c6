/*
 * The lock file, made with all of its blocks before LMDB maps it: on a full
 * disk a hole in it would end the process with SIGBUS.  Called by store.c when
 * store_check.c has found folder and data well.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_private.h"

/* Room for the readers and more: LMDB takes as many as fit. */
#define LOCK_BYTES (((size_t)BS_STORE_READERS_MAX + 128) * 64)

/* A complete file under another name, then linked: never seen half made. */
static int
make_lock(const char *folder, const char *path)
{
	char temporary[PATH_MAX];
	int fd, number = 0;

	if (bs_store_file_name(
		folder, "lock.XXXXXX", temporary, sizeof(temporary)) != BS_OK)
		return ENAMETOOLONG;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (bs_store_share_file(fd, folder) != 0)
		number = errno;
	if (number == 0)
		number = posix_fallocate(fd, 0, (off_t)LOCK_BYTES);
	if (number == 0 && link(temporary, path) != 0 && errno != EEXIST)
		number = errno;
	(void)unlink(temporary);
	(void)close(fd);
	return number;
}

/* One that is there may have holes (LMDB made it): they get their blocks. */
static int
fill_lock(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return errno;
	if ((size_t)status.st_size >= LOCK_BYTES &&
	    (size_t)status.st_blocks * 512 >= (size_t)status.st_size)
		return 0;
	/* keeps what is there; where it can't be had there is nothing to do */
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)LOCK_BYTES) != 0 &&
	    errno == ENOSPC)
		return ENOSPC;
	return 0;
}

int
bs_store_prepare_lock(
    const char *folder, enum bs_store_access access, struct bs_message *message)
{
	char path[PATH_MAX];
	bool missing = false;
	int fd, number;

	if (bs_store_file_name(folder, "lock.mdb", path, sizeof(path)) != BS_OK)
		return BS_ETOOLONG;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		number = fill_lock(fd);
		(void)close(fd);
	} else {
		number = errno;
		missing = number == ENOENT;
		if (missing)
			number = make_lock(folder, path);
	}
	if (number == 0 || (number == EROFS && access == BS_STORE_READ))
		return BS_OK;
	if (number == EACCES || number == EPERM)
		return bs_store_refuse_rights(missing ? folder : path,
		    "take a lock (readers do, too)", message);
	errno = number;
	if (number == ENOSPC || number == EDQUOT) {
		bs_message_set(message,
		    "%s: no space left on the disk for the lock file: make "
		    "room (%zu bytes)",
		    path, LOCK_BYTES);
		return BS_EFULL;
	}
	return bs_store_refuse_system(path, "no lock file", message);
}
