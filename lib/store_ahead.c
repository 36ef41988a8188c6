/*
 * Sightings written ahead of the database, so that under load many groups are
 * on disk long before one commit has all of them: a commit writes pages all over
 * the file and waits for the disk twice, a batch here is a few blocks in a row
 * of a file that is as long as it ever gets, and one wait.
 *
 * The batches of a transaction have an epoch, and the transaction puts that into
 * table meta, as each other one of the same process puts its own.  So after a
 * crash a file with the very next epoch has what was acknowledged and is not in
 * the database: bs_writer_recover takes it in again, before anything else, and
 * identities see to it that nothing counts twice.  One that is further on was
 * written ahead of a database that somebody put a backup in the place of, and
 * is not taken in.  A batch that is not there as a whole was acknowledged to
 * nobody.
 *
 * Called by the feeder; one process at a time has the file, others do without.
 */
#include "autoconf.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "folder.h"
#include "store_admin.h"
#include "store_ahead_file.h"

#define TAKE_TRIES 21
#define TAKE_STEP_MS 50

/* --- opening --------------------------------------------------------------- */

/* One that was killed may wait for its disk still: it has a second. */
int
bs_ahead_take_file(int fd, int tries)
{
	static const struct timespec step = {.tv_nsec = TAKE_STEP_MS * 1000000};
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int number = EAGAIN;

	for (int i = 0; number == EAGAIN && i < tries; i++) {
		if (i > 0)
			(void)nanosleep(&step, NULL);
		number = fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
	}
	return number;
}

int
bs_ahead_write_all(int fd, const uint8_t *bytes, size_t size, size_t offset)
{
	while (size > 0) {
		ssize_t written = pwrite(fd, bytes, size, (off_t)offset);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? errno : EIO;
		bytes += written;
		size -= (size_t)written;
		offset += (size_t)written;
	}
	return 0;
}

/* As long as it will ever be, and no block of it is still to be found: then a
 * batch waits for itself only. */
static int
fill_file(int fd, const char *folder)
{
	static const uint8_t nothing[BS_AHEAD_BLOCK];
	struct stat status;
	size_t at, size;

	if (fstat(fd, &status) != 0)
		return errno;
	if (!S_ISREG(status.st_mode))
		return EINVAL;
	if ((size_t)status.st_size >= BS_AHEAD_BYTES)
		return 0;
	if (bs_store_share_file(fd, folder) != 0)
		return errno;
	for (at = (size_t)status.st_size; at < BS_AHEAD_BYTES; at += size) {
		int number;

		size = BS_AHEAD_BLOCK - at % BS_AHEAD_BLOCK;
		number = bs_ahead_write_all(fd, nothing, size, at);

		if (number != 0)
			return number;
	}
	return fsync(fd) == 0 ? 0 : errno;
}

int
bs_ahead_read(int fd, uint8_t *bytes, size_t size, size_t *used_r)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = pread(fd, bytes + used, size - used, (off_t)used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return BS_EIO;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	*used_r = used;
	return BS_OK;
}

static int
open_file(
    struct bs_ahead *ahead, const struct bs_store *store, const char *path)
{
	const char *folder = store->path;
	struct stat status;
	int number;

	ahead->fd = open(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (ahead->fd < 0)
		return errno;
	number = fstat(ahead->fd, &status) == 0 ? 0 : errno;
	if (number == 0)
		number = bs_ahead_take_file(
		    ahead->fd, store->ahead_asked ? 1 : TAKE_TRIES);
	if (number == 0)
		number = fill_file(ahead->fd, folder);
	if (number != 0)
		return number;
	bs_folder_sync(folder);
	ahead->file = (struct bs_file_id){status.st_dev, status.st_ino};
	return 0;
}

bool
bs_ahead_has_name(const struct bs_store *store)
{
	struct bs_file_id now = bs_store_find_file(store, BS_STORE_AHEAD_NAME);

	return now.device == store->ahead->file.device &&
	       now.inode == store->ahead->file.inode;
}

static int
explain(const char *path, int number, struct bs_message *message)
{
	if (number == EAGAIN) {
		bs_message_set(message,
		    "%s: another process writes to it: have one `serve` for "
		    "each database; as long as it does, what is in it waits, "
		    "and this one does without",
		    path);
		return BS_EBUSY;
	}
	if (number == EACCES || number == EPERM)
		return bs_store_refuse_rights(path, "write to it", message);
	if (number == ENOSPC || number == EDQUOT) {
		bs_message_set(message,
		    "%s: no space left on the disk: make room (%zu bytes)",
		    path, BS_AHEAD_BYTES);
		return BS_EFULL;
	}
	errno = number;
	return bs_store_refuse_system(path, "can't be used", message);
}

static void
ahead_free(struct bs_ahead **ahead)
{
	if ((*ahead)->fd >= 0)
		(void)close((*ahead)->fd);
	free(*ahead);
	*ahead = NULL;
}

int
bs_store_write_ahead(struct bs_store *store, struct bs_message *message)
{
	char path[PATH_MAX];
	struct bs_ahead *ahead;
	int number, error;

	assert(store->ahead == NULL);
	if (bs_store_file_name(
		store->path, BS_STORE_AHEAD_NAME, path, sizeof(path)) != BS_OK)
		return BS_ETOOLONG;
	ahead = calloc(1, sizeof(*ahead));
	if (ahead == NULL) {
		bs_message_set(message, "%s: out of memory", path);
		return BS_ENOMEM;
	}
	number = open_file(ahead, store, path);
	store->ahead_asked = true;
	error =
	    number == 0 ? bs_ahead_look(ahead) : explain(path, number, message);
	if (number == 0 && error != BS_OK)
		bs_message_set(message,
		    "%s: not readable, or of another version, which has to "
		    "take in what is there: start that once, or remove the "
		    "file (what it alone has is lost then)",
		    path);
	if (error != BS_OK) {
		ahead_free(&ahead);
		return error;
	}
	store->ahead = ahead;
	return BS_OK;
}

bool
bs_store_ahead_is_due(const struct bs_store *store)
{
	return store->ahead != NULL && store->ahead->due;
}

struct bs_recovered
bs_store_recovered(struct bs_store *store)
{
	struct bs_recovered recovered = {0, 0};

	if (store->ahead == NULL)
		return recovered;
	recovered = store->ahead->recovered;
	store->ahead->recovered = (struct bs_recovered){0, 0};
	return recovered;
}

int
bs_ahead_epoch(struct bs_snapshot *snapshot, uint64_t *epoch_r)
{
	char name[] = BS_META_AHEAD;
	MDB_val key = {.mv_size = strlen(name), .mv_data = name}, value;
	int error = bs_snapshot_renew(snapshot);

	if (error == BS_OK)
		error = bs_store_error(mdb_get(snapshot->txn,
		    snapshot->store->dbi[BS_TABLE_META], &key, &value));
	if (error == BS_OK)
		return bs_epoch_decode(value.mv_data, value.mv_size, epoch_r);
	*epoch_r = 0;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

void
bs_ahead_wipe(int fd)
{
	static const uint8_t nothing[BS_AHEAD_HEAD_SIZE];

	for (size_t at = 0; at < BS_AHEAD_BYTES; at += BS_AHEAD_PART)
		(void)bs_ahead_write_all(fd, nothing, sizeof(nothing), at);
}

void
bs_store_end_ahead(struct bs_store *store)
{
	if (store->ahead == NULL)
		return;
	/* all of it is in the database: not to be looked at again */
	if (store->ahead->loaded && !store->ahead->due &&
	    store->ahead->next.index == 0)
		bs_ahead_wipe(store->ahead->fd);
	ahead_free(&store->ahead);
}

bool
bs_store_writes_ahead(const struct bs_store *store)
{
	return store->ahead != NULL;
}

void
bs_store_forget_ahead(const char *folder)
{
	char path[PATH_MAX];

	if (bs_store_file_name(
		folder, BS_STORE_AHEAD_NAME, path, sizeof(path)) == BS_OK &&
	    unlink(path) == 0)
		bs_folder_sync(folder);
}

/* --- a transaction --------------------------------------------------------- */

void
bs_ahead_begin(struct bs_ahead *ahead)
{
	bs_ahead_run_begin(&ahead->now, 0);
	ahead->spilled = false;
}

void
bs_ahead_end(struct bs_writer *writer, bool committed)
{
	struct bs_ahead *ahead = writer->store->ahead;

	if (committed && writer->recovered) {
		ahead->recovered.sightings += ahead->recovering.sightings;
		ahead->recovered.listings += ahead->recovering.listings;
	}
	if (committed && (writer->recovered || writer->secured))
		ahead->due = false;
	else if (writer->secured)
		ahead->due = true;
	if (committed && writer->counted)
		ahead->epoch++;
	writer->secured = writer->recovered = writer->counted = false;
}

void
bs_ahead_note(struct bs_writer *writer, const struct bs_sighting *sighting)
{
	struct bs_ahead *ahead = writer->store->ahead;

	if (!ahead->spilled && !bs_ahead_run_add(&ahead->now, sighting))
		ahead->spilled = true;
}

int
bs_ahead_put_epoch(struct bs_writer *writer, uint64_t epoch)
{
	uint8_t bytes[BS_EPOCH_VALUE_SIZE];

	bs_epoch_encode(epoch, bytes);
	return bs_writer_put_meta(writer, BS_META_AHEAD, bytes, sizeof(bytes));
}

int
bs_ahead_count(struct bs_writer *writer)
{
	const struct bs_ahead *ahead = writer->store->ahead;
	int error;

	/* `next` is another thread's where there are batches */
	if (writer->secured || writer->recovered || !ahead->loaded ||
	    ahead->due || ahead->next.index > 0)
		return BS_OK;
	error = bs_ahead_put_epoch(writer, ahead->epoch + 1);
	writer->counted = error == BS_OK;
	return error;
}

bool
bs_ahead_may_write(const struct bs_ahead *ahead)
{
	return ahead->loaded && !ahead->due && !ahead->broken;
}

int
bs_ahead_own_epoch(struct bs_writer *writer)
{
	struct bs_ahead *ahead = writer->store->ahead;
	int error;

	if (writer->secured)
		return BS_OK;
	error = bs_ahead_put_epoch(writer, ahead->epoch + 1);
	if (error != BS_OK)
		return error;
	ahead->now.epoch = ++ahead->epoch;
	writer->secured = true;
	return BS_OK;
}

int
bs_writer_secure(struct bs_writer *writer)
{
	struct bs_ahead *ahead = writer->store->ahead;
	int error = writer->failed;

	if (error != BS_OK)
		return error;
	if (ahead == NULL || !bs_ahead_may_write(ahead) || ahead->spilled)
		return BS_EBUSY;
	if (bs_ahead_run_is_empty(&ahead->now))
		return BS_OK;
	if (!bs_ahead_run_fits(&ahead->now))
		return BS_EBUSY;
	error = bs_ahead_own_epoch(writer);
	if (error != BS_OK)
		return error;
	error = bs_ahead_run_write(writer->store, &ahead->now);
	ahead->broken = error == BS_EIO;
	return error;
}
