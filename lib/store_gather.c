/*
 * Has the pages that a commit writes lie next to each other.
 *
 * LMDB writes each page that changes to a free one, and takes those in the order
 * in which earlier transactions let go of them: all over the file, and a disk
 * is asked for each by itself while everybody waits.  Asked for room in one
 * piece it puts together what several of them left, and takes from that in the
 * order of the file from then on.  So before its first change a transaction
 * asks for such room, and gives it back at once.  What is in the database is
 * the same, and where there is any doubt nothing is asked for.
 *
 * Called by store_write.c before each change.
 */
#include "autoconf.h"

#include <string.h>
#include <sys/stat.h>

#include "store_private.h"

#define RUN_PAGES 32
#define NOT_FOR_DATA 64 /* LMDB's own in them, at most */
/* What a change of one key takes besides: the way down to it in two trees, each
 * page of it split and with a neighbour, and no tree is 12 pages high. */
#define WAY_PAGES_MAX 72
#define KEY_SIZE_MAX 510 /* LMDB's, less one */
/* LMDB writes its list of free pages anew where all of it was looked at: it may
 * be so long itself. */
#define LIST_PAGES_MAX 8
#define USED_PERCENT_MAX 50

static bool
is_worth_it(
    struct bs_writer *writer, const MDB_envinfo *info, size_t page_bytes)
{
	MDB_stat list;

	/* table 0 is the list of free pages */
	return mdb_stat(writer->txn, 0, &list) == MDB_SUCCESS &&
	       list.ms_leaf_pages + list.ms_overflow_pages <= LIST_PAGES_MAX &&
	       info->me_last_pgno + WAY_PAGES_MAX + RUN_PAGES <
		   info->me_mapsize / page_bytes * USED_PERCENT_MAX / 100;
}

/*
 * Where the room is taken at the end of the file, its last pages stay
 * unwritten: the file has to be as long all the same, and before, as on a full
 * disk it can't be made so after the commit.  Nothing has changed yet, so that
 * what was committed last tells where the end is.  Only this transaction adds
 * pages, and the file never gets shorter.
 */
static bool
is_long_enough(
    struct bs_writer *writer, const MDB_envinfo *info, size_t page_bytes)
{
	uint64_t wanted = (info->me_last_pgno + 1 + WAY_PAGES_MAX + RUN_PAGES) *
			  (uint64_t)page_bytes;
	struct stat status;
	mdb_filehandle_t fd;

	if (mdb_env_get_fd(writer->store->env, &fd) != MDB_SUCCESS)
		return false;
	bs_store_extend(fd, wanted);
	return fstat(fd, &status) == 0 && (uint64_t)status.st_size >= wanted;
}

int
bs_writer_gather(
    struct bs_writer *writer, enum bs_table table, const MDB_val *beside)
{
	uint8_t bytes[KEY_SIZE_MAX + 1];
	MDB_val key = {.mv_size = beside->mv_size + 1, .mv_data = bytes};
	MDB_val room = {0};
	MDB_envinfo info;
	MDB_stat stat;
	int code;

	if (writer->gathered)
		return BS_OK;
	writer->gathered = true;
	if (writer->tight || beside->mv_size > KEY_SIZE_MAX ||
	    mdb_env_info(writer->store->env, &info) != MDB_SUCCESS ||
	    mdb_env_stat(writer->store->env, &stat) != MDB_SUCCESS ||
	    !is_worth_it(writer, &info, stat.ms_psize) ||
	    !is_long_enough(writer, &info, stat.ms_psize))
		return BS_OK;
	/* in the page that changes anyway */
	memcpy(bytes, beside->mv_data, beside->mv_size);
	bytes[beside->mv_size] = 0;
	room.mv_size = RUN_PAGES * (size_t)stat.ms_psize - NOT_FOR_DATA;
	code = mdb_put(writer->txn, writer->store->dbi[table], &key, &room,
	    MDB_RESERVE | MDB_NOOVERWRITE);
	if (code == MDB_SUCCESS) {
		/* some of it may be written: it is memory that was used before,
		 * for mail too, which names traps */
		memset(room.mv_data, 0, room.mv_size);
		return bs_writer_del(writer, table, &key);
	}
	return code == MDB_KEYEXIST
		   ? BS_OK
		   : bs_writer_spoil(writer, bs_store_error(code), code);
}
