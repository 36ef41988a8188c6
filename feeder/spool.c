/*
 * Keeps the bytes of one message.  Filled by smtpconn.c and milterinlet.c, written
 * by spoolwrite.c, read by the judges' pool (judgepool.c) and by deliveries to a
 * person (maildrop.c).
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fileio.h"
#include "reserve.h"
#include "spool.h"

#define FIRST_ROOM 4096

struct spool {
	const char *folder;
	char *bytes; /* owned; what `file` has not */
	size_t room, used;
	size_t size; /* of all */
	int file;    /* -1: there is none */
	int error;   /* of a write */
};

struct spool *
spool_new(const char *folder)
{
	struct spool *spool = calloc(1, sizeof(*spool));

	if (spool == NULL)
		return NULL;
	spool->folder = folder;
	spool->file = -1;
	return spool;
}

void
spool_free(struct spool **spool)
{
	struct spool *old = *spool;

	if (old == NULL)
		return;
	if (old->file >= 0)
		(void)close(old->file);
	free(old->bytes);
	free(old);
	*spool = NULL;
}

/* A file that nobody else can open; without O_TMPFILE, as on some file
 * systems, one whose name goes at once. */
int
spool_open_unnamed(const char *folder)
{
	int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *path;

	if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return file;
	if (asprintf(&path, "%s/spool.XXXXXX", folder) < 0)
		return -1;
	file = mkostemp(path, O_CLOEXEC);
	if (file >= 0)
		(void)unlink(path);
	free(path);
	return file;
}

static int
reserve(struct spool *spool, size_t size)
{
	size_t room = spool->room > 0 ? spool->room : FIRST_ROOM;
	char *more;

	while (room - spool->used < size)
		room *= 2;
	if (room == spool->room)
		return BS_OK;
	more = realloc(spool->bytes, room);
	if (more == NULL)
		return BS_ENOMEM;
	spool->bytes = more;
	spool->room = room;
	return BS_OK;
}

int
spool_add(struct spool *spool, const char *bytes, size_t size)
{
	int rc = spool->error;

	if (rc == BS_OK)
		rc = reserve(spool, size);
	if (rc != BS_OK)
		return rc;
	memcpy(spool->bytes + spool->used, bytes, size);
	spool->used += size;
	spool->size += size;
	return BS_OK;
}

bool
spool_is_due(const struct spool *spool, bool complete)
{
	return spool->error == BS_OK &&
	       (spool->used > SPOOL_MEMORY_MAX ||
		   (complete && spool->file >= 0 && spool->used > 0));
}

static int
write_out(struct spool *spool)
{
	if (!reserve_allows(spool->folder, spool->used))
		return BS_EFULL;
	if (spool->file < 0)
		spool->file = spool_open_unnamed(spool->folder);
	if (spool->file < 0)
		return bs_fileio_error(errno);
	return bs_fileio_write(spool->file, spool->bytes, spool->used);
}

int
spool_write(struct spool *spool)
{
	spool->error = write_out(spool);
	free(spool->bytes);
	spool->bytes = NULL;
	spool->room = 0;
	spool->used = 0;
	return spool->error;
}

size_t
spool_size(const struct spool *spool)
{
	return spool->size;
}

const char *
spool_bytes(const struct spool *spool)
{
	if (spool->file >= 0)
		return NULL;
	return spool->bytes != NULL ? spool->bytes : "";
}

int
spool_file(const struct spool *spool)
{
	return spool->file;
}

/* The system's way to a file that has no name. */
int
spool_lend(const struct spool *spool)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	int file = -1;

	if (spool->file < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", spool->file);
	do
		file = open(path, O_RDONLY | O_CLOEXEC);
	while (file < 0 && errno == EINTR);
	return file;
}

int
spool_read(const struct spool *spool, size_t offset, char *bytes, size_t size,
    size_t *size_r)
{
	ssize_t got;

	if (size > spool->size - offset)
		size = spool->size - offset;
	if (spool->file < 0) {
		memcpy(bytes, spool_bytes(spool) + offset, size);
		*size_r = size;
		return BS_OK;
	}
	do
		got = pread(spool->file, bytes, size, (off_t)offset);
	while (got < 0 && errno == EINTR);
	if (got < 0 || (got == 0 && size > 0))
		return BS_EIO;
	*size_r = (size_t)got;
	return BS_OK;
}
