/*
 * Batches of sightings as they go to the file: those of the transaction, by its
 * writer or by another thread, and while it is being committed those of the next
 * one, by that thread.  What takes its time in the database, a commit above all,
 * which writes pages all over it and waits for the disk twice, is nothing that
 * mail has to wait for then.
 *
 * Called by store_ahead.c and by the feeder.  Which epochs there are and what
 * becomes of them is store_ahead.c's.
 */
#include "autoconf.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "store_ahead_file.h"

void
bs_ahead_run_begin(struct bs_ahead_run *run, size_t offset)
{
	run->index = 0;
	run->offset = offset;
	run->end = offset + BS_AHEAD_PART;
	run->used = BS_AHEAD_HEAD_SIZE;
}

bool
bs_ahead_run_add(struct bs_ahead_run *run, const struct bs_sighting *sighting)
{
	uint8_t *at = run->batch + run->used;
	size_t size;

	if (BS_AHEAD_BATCH_MAX - run->used <
	    BS_AHEAD_SIZE_SIZE + BS_AHEAD_SIGHTING_MAX)
		return false;
	size = bs_ahead_encode(sighting, at + BS_AHEAD_SIZE_SIZE);
	bs_put_be16(at, (uint16_t)size);
	run->used += BS_AHEAD_SIZE_SIZE + size;
	return true;
}

bool
bs_ahead_run_is_empty(const struct bs_ahead_run *run)
{
	return run->used == BS_AHEAD_HEAD_SIZE;
}

/* In whole blocks. */
static size_t
size_of(const struct bs_ahead_run *run)
{
	return (run->used + BS_AHEAD_BLOCK - 1) / BS_AHEAD_BLOCK *
	       BS_AHEAD_BLOCK;
}

bool
bs_ahead_run_fits(const struct bs_ahead_run *run)
{
	return size_of(run) <= run->end - run->offset;
}

int
bs_ahead_run_write(const struct bs_store *store, struct bs_ahead_run *run)
{
	const struct bs_ahead_head head = {.epoch = run->epoch,
	    .index = run->index,
	    .size = run->used - BS_AHEAD_HEAD_SIZE};
	size_t size = size_of(run);
	int fd = store->ahead->fd;
	int number;

	memset(run->batch + run->used, 0, size - run->used);
	number = bs_ahead_seal(&head, run->batch) == BS_OK
		     ? bs_ahead_write_all(fd, run->batch, size, run->offset)
		     : EINVAL;
	if (number == 0 && fdatasync(fd) != 0)
		number = errno;
	if (number != 0) {
		store->ahead->number = number;
		return BS_EIO;
	}
	run->index++;
	run->offset += size;
	run->used = BS_AHEAD_HEAD_SIZE;
	/* nobody would find it there: only the commit counts */
	return bs_ahead_has_name(store) ? BS_OK : BS_EBUSY;
}

/* --- beside a transaction --------------------------------------------------- */

int
bs_writer_open_this(struct bs_writer *writer)
{
	struct bs_ahead *ahead = writer->store->ahead;
	int error = writer->failed;

	if (error == BS_OK &&
	    (ahead == NULL || writer->full || !bs_ahead_may_write(ahead) ||
		!bs_ahead_run_is_empty(&ahead->now)))
		error = BS_EBUSY;
	if (error == BS_OK)
		error = bs_ahead_own_epoch(writer);
	if (error == BS_OK)
		ahead->beside = &ahead->now;
	return error;
}

int
bs_writer_open_next(struct bs_writer *writer)
{
	struct bs_ahead *ahead = writer->store->ahead;
	bool second;

	/* without batches of its own a file with the next ones only would be
	 * taken for another database's, if its commit fails; and what is owed is
	 * taken in however full the database is */
	if (ahead == NULL || !writer->secured || writer->failed != BS_OK ||
	    writer->full || ahead->broken || ahead->now.index == 0 ||
	    !bs_ahead_run_is_empty(&ahead->now))
		return BS_EBUSY;
	second = ahead->now.end == BS_AHEAD_PART;
	bs_ahead_run_begin(&ahead->next, second ? BS_AHEAD_PART : 0);
	ahead->next.epoch = ahead->epoch + 1;
	ahead->beside = &ahead->next;
	return BS_OK;
}

int
bs_store_add_beside(struct bs_store *store, const struct bs_sighting *sighting)
{
	if (!bs_sighting_is_sound(sighting))
		return BS_EINVAL;
	return bs_ahead_run_add(store->ahead->beside, sighting) ? BS_OK
								: BS_EFULL;
}

int
bs_store_secure_beside(struct bs_store *store)
{
	struct bs_ahead *ahead = store->ahead;
	struct bs_ahead_run *run = ahead->beside;
	int error = BS_EBUSY;

	if (!ahead->broken && bs_ahead_run_fits(run))
		error = bs_ahead_run_write(store, run);
	run->used = BS_AHEAD_HEAD_SIZE;
	ahead->broken = ahead->broken || error == BS_EIO;
	return error;
}

bool
bs_store_is_long_beside(const struct bs_store *store)
{
	const struct bs_ahead_run *run = store->ahead->beside;

	return run->end - run->offset < BS_AHEAD_BATCH_MAX;
}

void
bs_store_owe_next(struct bs_store *store)
{
	if (store->ahead != NULL && store->ahead->next.index > 0)
		store->ahead->due = true;
}
