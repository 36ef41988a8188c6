/*
 * LMDB's errors become ours here, once, with the line that tells a person what
 * to do.  Called by the files of the store wherever LMDB or the system says no.
 */
#include "autoconf.h"

#include <errno.h>
#include <sys/statvfs.h>

#include "store_private.h"

struct error_row {
	int code;
	int error;
	const char *remedy;
};

static const char restore[] =
    "the database is damaged: stop all programs and restore a backup";
static const char disk_full[] =
    "make room on its disk; nothing that was acknowledged is lost";
static const char map_full[] =
    "the database has reached its maximum: remove listings, or shorten "
    "`expire`";

static const struct error_row error_table[] = {
    {MDB_NOTFOUND, BS_ENOTFOUND, restore},
    {MDB_MAP_FULL, BS_EFULL, map_full},
    {ENOSPC, BS_EFULL, disk_full},
    {EDQUOT, BS_EFULL, disk_full},
    {EFBIG, BS_EFULL, "raise the limit of file sizes (ulimit -f)"},
    {MDB_MAP_RESIZED, BS_EBUSY,
	"another program has a larger map: start this program again"},
    {MDB_TXN_FULL, BS_ESYSTEM, "commit in smaller groups"},
    {MDB_READERS_FULL, BS_EBUSY, "too many readers: end some programs"},
    {EAGAIN, BS_EBUSY, "try again"},
    {EBUSY, BS_EBUSY, "try again"},
    {MDB_CORRUPTED, BS_ECORRUPT, restore},
    {MDB_PAGE_NOTFOUND, BS_ECORRUPT, restore},
    {MDB_PANIC, BS_ECORRUPT, restore},
    {MDB_INVALID, BS_ECORRUPT, restore},
    {MDB_INCOMPATIBLE, BS_EFOREIGN, "name another folder"},
    {MDB_VERSION_MISMATCH, BS_EVERSION,
	"it was made by another version of LMDB: copy it by `mdb_dump -a` "
	"there and `mdb_load` here"},
    {ENOMEM, BS_ENOMEM, "raise the limit of memory (ulimit -v unlimited)"},
    {EACCES, BS_EACCES, "run as the user that owns it"},
    {EPERM, BS_EACCES, "run as the user that owns it"},
    {EROFS, BS_EACCES, "its file system is mounted read-only"},
    {EIO, BS_EIO, "check the disk (dmesg)"},
};

#define ERROR_COUNT (sizeof(error_table) / sizeof(error_table[0]))

static const struct error_row *
find_row(int code)
{
	for (size_t i = 0; i < ERROR_COUNT; i++) {
		if (error_table[i].code == code)
			return &error_table[i];
	}
	return NULL;
}

int
bs_store_error(int code)
{
	const struct error_row *row;

	if (code == MDB_SUCCESS)
		return BS_OK;
	row = find_row(code);
	return row == NULL ? BS_ESYSTEM : row->error;
}

/*
 * LMDB says "I/O error" for a write that was cut short, which is how a disk
 * begins to be full.  It writes up to 256 KiB at once.
 */
#define WRITE_BYTES ((uint64_t)1 << 20)

static bool
disk_is_full(const char *path)
{
	struct statvfs status;

	return statvfs(path, &status) == 0 &&
	       (uint64_t)status.f_bavail * status.f_frsize < WRITE_BYTES;
}

int
bs_store_explain(const struct bs_store *store, int code, const char *doing,
    struct bs_message *message)
{
	const struct error_row *row;

	if (code == EIO && disk_is_full(store->path))
		code = ENOSPC;
	row = find_row(code);
	bs_message_set(message, "%s: %s: %s: %s", store->path, doing,
	    mdb_strerror(code),
	    row == NULL ? "check the folder and its disk" : row->remedy);
	return row == NULL ? BS_ESYSTEM : row->error;
}
