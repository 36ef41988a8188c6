/*
 * Has the pages that a commit writes lie next to each other.
 *
 * LMDB writes each page that changes to a free one, and takes those in the order
 * in which earlier transactions let go of them: all over the file, and a disk
 * is asked for each by itself while everybody waits.  Asked for room in one
 * piece it puts together what several of them left, and takes from that in the
 * order of the file from then on.  So a writer of sightings asks for such room,
 * and gives it back at once.  What is in the database is the same.
 *
 * Called by store_sighting.c before the first sighting of a transaction that is
 * kept.
 */
#include "autoconf.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_private.h"

#define RUN_PAGES 32
#define NOT_FOR_DATA 64 /* LMDB's own in them, at most */
/* LMDB writes its list of free pages anew where all of it was looked at: it may
 * be so long itself. */
#define LIST_PAGES_MAX 8
#define USED_PERCENT_MAX 50

static bool
is_worth_it(struct bs_writer *writer, size_t *page_bytes_r)
{
	MDB_envinfo info;
	MDB_stat list;

	/* table 0 is the list of free pages */
	if (mdb_env_info(writer->store->env, &info) != MDB_SUCCESS ||
	    mdb_stat(writer->txn, 0, &list) != MDB_SUCCESS)
		return false;
	*page_bytes_r = list.ms_psize;
	return list.ms_leaf_pages + list.ms_overflow_pages <= LIST_PAGES_MAX &&
	       info.me_last_pgno + RUN_PAGES <
		   info.me_mapsize / list.ms_psize * USED_PERCENT_MAX / 100;
}

/*
 * Where the room was taken at the end of the file, its last pages stay
 * unwritten: the file has to be as long all the same, and by now, as on a full
 * disk it can't be made so after the commit.  LMDB's header stands before the
 * bytes: the page's number, four bytes, how many pages there are.
 */
static int
lengthen(struct bs_writer *writer, const MDB_val *room, size_t page_bytes)
{
	const uint8_t *bytes = room->mv_data;
	struct stat status;
	mdb_filehandle_t fd;
	uint32_t count;
	size_t first;

	memcpy(&count, bytes - sizeof(count), sizeof(count));
	memcpy(
	    &first, bytes - 2 * sizeof(count) - sizeof(first), sizeof(first));
	if (count != RUN_PAGES ||
	    mdb_env_get_fd(writer->store->env, &fd) != MDB_SUCCESS ||
	    fstat(fd, &status) != 0)
		return bs_writer_spoil(writer, BS_EIO, EIO);
	/* nobody else writes now, so that this makes it longer only */
	if ((uint64_t)status.st_size >= (first + count) * page_bytes ||
	    ftruncate(fd, (off_t)((first + count) * page_bytes)) == 0)
		return BS_OK;
	return bs_writer_spoil(writer, bs_store_error(errno), errno);
}

int
bs_writer_gather(struct bs_writer *writer, const struct bs_trim *trim)
{
	uint8_t bytes[BS_TRIM_KEY_MAX + 1];
	MDB_val key = {.mv_data = bytes}, room = {0};
	size_t page_bytes;
	int error;

	if (writer->gathered)
		return BS_OK;
	writer->gathered = true;
	if (!is_worth_it(writer, &page_bytes))
		return BS_OK;
	/* beside what comes into the table: no other page is changed for it */
	key.mv_size = bs_trim_key(trim, bytes);
	bytes[key.mv_size++] = 0;
	room.mv_size = RUN_PAGES * page_bytes - NOT_FOR_DATA;
	error = bs_writer_put(writer, BS_TABLE_TRIM, &key, &room, MDB_RESERVE);
	if (error == BS_OK)
		error = lengthen(writer, &room, page_bytes);
	return error == BS_OK ? bs_writer_del(writer, BS_TABLE_TRIM, &key)
			      : error;
}
