/*
 * Ownership and durability of files that are made in a folder and linked into
 * place: the key file's (keyhash.c) and the database's (store.c,
 * store_check.c).  What is in them is theirs to write and to sync.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

int
bs_folder_give(const char *folder, int fd)
{
	struct stat status;

	if (geteuid() != 0)
		return 0;
	if (stat(folder, &status) != 0)
		return -1;
	return fchown(fd, status.st_uid, status.st_gid);
}

void
bs_folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)close(fd);
}
