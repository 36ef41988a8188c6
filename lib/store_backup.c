/*
 * Backups: LMDB copies a snapshot, page by page and without the free ones, into
 * a file beside the one that is wanted; it takes the name when it is on disk.
 * Called by the tool.
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
#include "store_admin.h"
#include "store_private.h"

static int
refuse(const char *path, int number, struct bs_message *message)
{
	if (number == ENOSPC || number == EDQUOT)
		bs_message_set(message,
		    "%s: no space left on its disk: make room, or name a file "
		    "on another disk",
		    path);
	else if (bs_store_error(number) == BS_ECORRUPT)
		bs_message_set(message,
		    "%s: not written: the database is damaged: see "
		    "`backstopctl check`",
		    path);
	else
		bs_message_set(message,
		    "%s: not written: %s: check its folder and disk", path,
		    mdb_strerror(number));
	return bs_store_error(number);
}

/* The copy, on disk under its temporary name; 0 or what went wrong. */
static int
copy(struct bs_store *store, int fd, const char *folder, uint64_t *bytes_r)
{
	struct stat status;
	int code = mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);

	if (code != MDB_SUCCESS)
		return code;
	if (bs_store_share_file(fd, folder) != 0 || fsync(fd) != 0 ||
	    fstat(fd, &status) != 0)
		return errno;
	*bytes_r = (uint64_t)status.st_size;
	return 0;
}

int
bs_store_backup(struct bs_store *store, const char *path, uint64_t *bytes_r,
    struct bs_message *message)
{
	char temporary[PATH_MAX], parent[PATH_MAX];
	const char *folder;
	uint64_t bytes = 0;
	int fd, code,
	    length = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);

	if (length < 0 || (size_t)length >= sizeof(temporary))
		return refuse(path, ENAMETOOLONG, message);
	(void)snprintf(parent, sizeof(parent), "%s", path);
	folder = dirname(parent);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return refuse(path, errno, message);
	code = copy(store, fd, folder, &bytes);
	if (close(fd) != 0 && code == 0)
		code = errno;
	if (code == 0 && rename(temporary, path) != 0)
		code = errno;
	if (code != 0) {
		(void)unlink(temporary);
		return refuse(path, code, message);
	}
	bs_folder_sync(folder);
	*bytes_r = bytes;
	return BS_OK;
}
