/*
 * How many sightings are on disk ahead of the database and not in it, for who
 * looks at the list while nobody takes them in: the process that wrote them was
 * killed.  Called by the tool; writing and taking in are store_ahead.c's.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "store_admin.h"
#include "store_ahead_record.h"
#include "store_private.h"

/* A file's content, and whether somebody has it. */
struct ahead_file {
	uint8_t *bytes; /* owned */
	size_t size;
	bool in_use;
};

static bool
is_locked(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* BS_ENOTFOUND: there is none; BS_ESYSTEM: errno says why. */
static int
read_file(const char *path, struct ahead_file *file_r)
{
	struct ahead_file file = {.bytes = malloc(BS_AHEAD_BYTES)};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int error = BS_ESYSTEM;

	if (fd < 0 && errno == ENOENT)
		error = BS_ENOTFOUND;
	if (fd >= 0 && file.bytes != NULL) {
		file.in_use = is_locked(fd);
		if (bs_ahead_read(fd, file.bytes, BS_AHEAD_BYTES, &file.size) ==
		    BS_OK)
			error = BS_OK;
	}
	if (error == BS_OK)
		*file_r = file;
	else
		free(file.bytes);
	if (fd >= 0)
		(void)close(fd);
	return error;
}

/* What does not decode is passed over by who takes it in, too. */
static uint64_t
count_batch(struct bs_rest *sightings)
{
	struct bs_sighting sighting;
	uint64_t count = 0;
	int error;

	while ((error = bs_ahead_next(sightings, &sighting)) != BS_ENOTFOUND)
		count += error == BS_OK;
	return count;
}

/* Of the transactions whose batches are behind an epoch. */
static int
count_all(
    const struct ahead_file *file, uint64_t after, struct bs_store_due *due_r)
{
	const struct bs_rest content = {file->bytes, file->size};
	struct bs_ahead_parts parts;
	struct bs_rest sightings;
	uint64_t count = 0;
	int error = bs_ahead_find_parts(&content, after, &parts);

	if (error != BS_OK)
		return error;
	if (parts.count == 0)
		return BS_OK;
	for (size_t i = 0; i < parts.count; i++) {
		struct bs_ahead_walk walk = parts.walk[i];

		while ((error = bs_ahead_walk_next(&walk, &sightings)) == BS_OK)
			count += count_batch(&sightings);
		if (error != BS_ENOTFOUND)
			return error;
	}
	*due_r = (struct bs_store_due){.sightings = count,
	    .in_use = file->in_use,
	    .foreign = bs_ahead_is_foreign(&parts, after)};
	return BS_OK;
}

static int
find_epoch(
    struct bs_store *store, uint64_t *epoch_r, struct bs_message *message)
{
	struct bs_snapshot *snapshot;
	int error = bs_snapshot_new(store, &snapshot, message);

	if (error != BS_OK)
		return error;
	error = bs_ahead_epoch(snapshot, epoch_r);
	bs_snapshot_free(&snapshot);
	if (error != BS_OK)
		bs_message_set(message,
		    "%s: table meta: can't be read: %s: see `backstopctl "
		    "check`",
		    store->path, bs_strerror((enum bs_error)error));
	return error;
}

/* First the file, then the database: what is committed between is not due. */
static int
compare(struct bs_store *store, const struct ahead_file *file,
    struct bs_store_due *due_r, struct bs_message *message)
{
	uint64_t epoch;
	int error = find_epoch(store, &epoch, message);

	if (error != BS_OK)
		return error;
	error = count_all(file, epoch, due_r);
	if (error != BS_OK)
		bs_message_set(message,
		    "%s/" BS_STORE_AHEAD_NAME
		    ": of another version: use the tool of that one, or have "
		    "its backstop-feed take in what is there",
		    store->path);
	return error;
}

int
bs_store_look_ahead(struct bs_store *store, struct bs_store_due *due_r,
    struct bs_message *message)
{
	struct ahead_file file;
	char path[PATH_MAX];
	int error;

	if (bs_store_file_name(store->path, BS_STORE_AHEAD_NAME, path,
		sizeof(path)) != BS_OK) {
		bs_message_set(message, "%s: too long a name", store->path);
		return BS_ETOOLONG;
	}
	*due_r = (struct bs_store_due){0};
	error = read_file(path, &file);
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK && (errno == EACCES || errno == EPERM))
		return bs_store_refuse_rights(path, "read it", message);
	if (error != BS_OK)
		return bs_store_refuse_system(path, "can't be read", message);
	error = compare(store, &file, due_r, message);
	free(file.bytes);
	return error;
}
