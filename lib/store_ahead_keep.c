/*
 * Sees to the file that is written ahead of the database, after transactions:
 * that it is the one of its name, which alone the next start would find, and that
 * the disk has taken all that was written.  Called by the feeder.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "store_admin.h"
#include "store_ahead_file.h"

uint64_t
bs_store_ahead_refused(const struct bs_store *store)
{
	return store->ahead_refused;
}

/* Whether only the file has what somebody was told is kept. */
static bool
is_needed(const struct bs_ahead *ahead)
{
	return ahead->due || ahead->next.index > 0;
}

/* --- the disk refused a batch ---------------------------------------------- */

/* The name goes first: no new descriptor of the same file is ever taken for a
 * sound one. */
static int
give_up(struct bs_store *store, const char *path, struct bs_message *message)
{
	int number = store->ahead->number;
	bool told = store->ahead->told;

	if (bs_ahead_has_name(store) && unlink(path) != 0 && errno != ENOENT) {
		store->ahead->told = true;
		return told ? BS_OK
			    : bs_store_refuse_system(path,
				  "the disk refused what was written, and it "
				  "can't be removed, so all goes on without",
				  message);
	}
	bs_folder_sync(store->path);
	store->ahead_refused++;
	bs_store_end_ahead(store);
	if (told)
		return BS_OK;
	bs_message_set(message,
	    "%s: the disk refused what was written (%s): see the kernel's log, "
	    "and whether the disk is sound; all goes on without, under load "
	    "slower, and a new file is tried each minute",
	    path, strerror(number));
	return BS_EIO;
}

/* --- it is not found under its name ------------------------------------------ */

/* Nothing depends on it. */
static int
replace(struct bs_store *store, const char *path, struct bs_message *message)
{
	struct bs_message why;
	int error;

	bs_store_end_ahead(store);
	error = bs_store_write_ahead(store, &why);
	if (error == BS_OK)
		bs_message_set(message,
		    "%s: removed or replaced while it was in use: there is a "
		    "new one, and what was in it is in the database: leave it "
		    "where it is",
		    path);
	else
		bs_message_set(message,
		    "%s: removed or replaced while it was in use, and all goes "
		    "on without, under load slower, as there can't be a new "
		    "one: %s",
		    path, why.text);
	return error == BS_OK ? BS_ENOTFOUND : error;
}

/* All of a file that has no name any more; 0 or errno. */
static int
copy(int from, int to)
{
	uint8_t *bytes = malloc(BS_AHEAD_BYTES);
	size_t size;
	int number = bytes != NULL ? 0 : ENOMEM;

	if (number == 0 &&
	    bs_ahead_read(from, bytes, BS_AHEAD_BYTES, &size) != BS_OK)
		number = EIO;
	if (number == 0)
		number = bs_ahead_write_all(to, bytes, size, 0);
	if (number == 0 && fsync(to) != 0)
		number = errno;
	free(bytes);
	return number;
}

/* Makes the file anew; 0 or errno.  Half of one, where this process is killed, has
 * whole batches and one that is not there. */
static int
put_back(struct bs_store *store, const char *path)
{
	struct bs_ahead *ahead = store->ahead;
	int number,
	    fd = open(
		path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat status;

	if (fd < 0)
		return errno;
	number = bs_ahead_take_file(fd, 1);
	if (number == 0 && bs_store_share_file(fd, store->path) != 0)
		number = errno;
	if (number == 0)
		number = copy(ahead->fd, fd);
	if (number == 0 && fstat(fd, &status) != 0)
		number = errno;
	if (number != 0) {
		(void)unlink(path);
		(void)close(fd);
		return number;
	}
	bs_folder_sync(store->path);
	bs_ahead_wipe(ahead->fd);
	(void)close(ahead->fd);
	ahead->fd = fd;
	ahead->file = (struct bs_file_id){status.st_dev, status.st_ino};
	return 0;
}

/* What is in it is nowhere else: a commit has failed. */
static int
rescue(struct bs_store *store, const char *path, struct bs_message *message)
{
	bool told = store->ahead->told;
	int number = put_back(store, path);

	store->ahead->told = number != 0;
	if (number == 0) {
		bs_message_set(message,
		    "%s: removed while what is in it was in no database: it is "
		    "there again: leave it where it is",
		    path);
		return BS_ENOTFOUND;
	}
	if (told)
		return BS_OK;
	bs_message_set(message,
	    "%s: removed or replaced while what is in it is in no database, "
	    "and it can't be put back: %s: let this process run until the "
	    "database can be written, or what was acknowledged is lost",
	    path, strerror(number));
	return BS_EIO;
}

int
bs_store_keep_ahead(struct bs_store *store, struct bs_message *message)
{
	char path[PATH_MAX];

	if (store->ahead == NULL ||
	    bs_store_file_name(
		store->path, BS_STORE_AHEAD_NAME, path, sizeof(path)) != BS_OK)
		return BS_OK;
	if (store->ahead->broken && !is_needed(store->ahead))
		return give_up(store, path, message);
	if (bs_ahead_has_name(store))
		return BS_OK;
	if (store->ahead->due)
		return rescue(store, path, message);
	return is_needed(store->ahead) ? BS_OK : replace(store, path, message);
}
