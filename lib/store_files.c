/*
 * Whether the files that are open are still those in the folder.  LMDB goes on
 * with files that were removed or replaced: a reader would answer from the old
 * list for ever, a writer would acknowledge what is lost; and with another
 * lock file readers and writers no longer see each other, so that pages are
 * written anew while they are read.  A folder that this user may not look into
 * any more is as bad, but nothing in it has to be put back.  Called by store.c at
 * the opening, by the writer for each transaction, by store_ahead.c and by the
 * server's clock.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "store_private.h"

static const char *const file_names[BS_STORE_FILES] = {"data.mdb", "lock.mdb"};

static struct bs_file_id
find_by_stat(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return (struct bs_file_id){0};
	return (struct bs_file_id){status.st_dev, status.st_ino};
}

/*
 * Not stat(2): where somebody has asked for a file's times Linux gives it new
 * ones with the very next write, and waits for its inode to be on the disk, too,
 * when that is synced.  But a container's filter of system calls that is older than
 * statx(2) says EPERM to it (Docker's before 20.10, libseccomp's before 2.4.2),
 * which that never says of a file.
 */
struct bs_file_id
bs_store_find_file(const struct bs_store *store, const char *name)
{
	char path[PATH_MAX];
	struct statx status;

	if (bs_store_file_name(store->path, name, path, sizeof(path)) != BS_OK)
		return (struct bs_file_id){0};
	if (statx(AT_FDCWD, path, 0, STATX_INO, &status) != 0)
		return errno == EPERM || errno == ENOSYS
			   ? find_by_stat(path)
			   : (struct bs_file_id){0};
	return (struct bs_file_id){
	    makedev(status.stx_dev_major, status.stx_dev_minor),
	    status.stx_ino};
}

void
bs_store_note_files(struct bs_store *store)
{
	for (size_t i = 0; i < BS_STORE_FILES; i++)
		store->file[i] = bs_store_find_file(store, file_names[i]);
}

static bool
is_hidden(const char *folder)
{
	return faccessat(AT_FDCWD, folder, X_OK, AT_EACCESS) != 0 &&
	       errno == EACCES;
}

int
bs_store_check_files(const struct bs_store *store, struct bs_message *message)
{
	for (size_t i = 0; i < BS_STORE_FILES; i++) {
		struct bs_file_id now =
		    bs_store_find_file(store, file_names[i]);

		if (now.device == store->file[i].device &&
		    now.inode == store->file[i].inode)
			continue;
		if (is_hidden(store->path))
			return bs_store_refuse_rights(
			    store->path, "look at its files", message);
		bs_message_set(message,
		    "%s/%s: removed or replaced while it was open: start this "
		    "program again",
		    store->path, file_names[i]);
		return BS_EIO;
	}
	return BS_OK;
}
