/*
 * Looks at the database's folder and files before LMDB maps them: LMDB trusts
 * its files, and a short or damaged one would end the process with SIGBUS.
 * Every finding is a line with a remedy.  Called by store.c only.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "folder.h"
#include "store_private.h"

/* --- whose is it? ------------------------------------------------------- */

#define NAME_MAX_SIZE 64

static void
user_name(uid_t uid, char name[NAME_MAX_SIZE])
{
	char buffer[4096];
	struct passwd entry, *found = NULL;

	if (getpwuid_r(uid, &entry, buffer, sizeof(buffer), &found) == 0 &&
	    found != NULL)
		(void)snprintf(name, NAME_MAX_SIZE, "%s", entry.pw_name);
	else
		(void)snprintf(name, NAME_MAX_SIZE, "%lu", (unsigned long)uid);
}

static void
group_name(gid_t gid, char name[NAME_MAX_SIZE])
{
	char buffer[16384];
	struct group entry, *found = NULL;

	if (getgrgid_r(gid, &entry, buffer, sizeof(buffer), &found) == 0 &&
	    found != NULL)
		(void)snprintf(name, NAME_MAX_SIZE, "%s", entry.gr_name);
	else
		(void)snprintf(name, NAME_MAX_SIZE, "%lu", (unsigned long)gid);
}

int
bs_store_refuse_rights(
    const char *path, const char *what, struct bs_message *message)
{
	char owner[NAME_MAX_SIZE], group[NAME_MAX_SIZE], self[NAME_MAX_SIZE];
	struct stat status;

	user_name(geteuid(), self);
	if (stat(path, &status) != 0) {
		bs_message_set(message,
		    "%s: no right to %s as user %s: %s: check the rights of "
		    "the folders above it",
		    path, what, self, strerror(errno));
		return BS_EACCES;
	}
	if (status.st_uid == geteuid()) { /* its mode alone is in the way */
		bs_message_set(message,
		    "%s: no right to %s as user %s: it belongs to that user, "
		    "with mode %04o: chmod u+rwX %s",
		    path, what, self, (unsigned)status.st_mode & 07777, path);
		return BS_EACCES;
	}
	if (status.st_gid == 0) { /* nobody should join root's group */
		bs_message_set(message,
		    "%s: no right to %s as user %s: it belongs to root: run as "
		    "root, or have root give it away: chown -R %s: %s",
		    path, what, self, self, path);
		return BS_EACCES;
	}
	user_name(status.st_uid, owner);
	group_name(status.st_gid, group);
	bs_message_set(message,
	    "%s: no right to %s as user %s: it belongs to %s:%s, mode %04o: "
	    "run as %s (sudo -u %s ...) or add %s to the group %s",
	    path, what, self, owner, group, (unsigned)status.st_mode & 07777,
	    owner, owner, self, group);
	return BS_EACCES;
}

int
bs_store_refuse_system(
    const char *path, const char *what, struct bs_message *message)
{
	int number = errno;

	bs_message_set(message, "%s: %s: %s: check the folder and its disk",
	    path, what, strerror(number));
	return bs_store_error(number);
}

static int
refuse_read_only(const char *path, struct bs_message *message)
{
	bs_message_set(message,
	    "%s: its file system is mounted read-only: mount it writable "
	    "(mount -o remount,rw), or use a folder on another one",
	    path);
	return BS_EACCES;
}

/* --- the folder --------------------------------------------------------- */

const char *
bs_store_network_name(uint32_t type)
{
	static const struct {
		uint32_t type;
		const char *name;
	} rows[] = {
	    {0x6969, "NFS"},
	    {0x517b, "SMB"},
	    {0xff534d42, "CIFS"},
	    {0xfe534d42, "SMB2"},
	    {0x65735546, "FUSE"},
	    {0x01021997, "9P"},
	    {0x00c36400, "Ceph"},
	    {0x5346414f, "AFS"},
	    {0x6b414653, "AFS"},
	    {0x73757245, "Coda"},
	    {0x0bd00bd0, "Lustre"},
	    {0x564c, "NCP"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].type == type)
			return rows[i].name;
	}
	return NULL;
}

static int
refuse_missing_folder(const char *path, struct bs_message *message)
{
	char self[NAME_MAX_SIZE];

	user_name(geteuid(), self);
	bs_message_set(message,
	    "%s: the database's folder does not exist: make it: "
	    "install -d -m 2770 %s (as root for a service: install -d -m 2770 "
	    "-o backstop -g backstop %s)",
	    path, path, path);
	return BS_ENOTFOUND;
}

int
bs_store_check_folder(
    const char *path, enum bs_store_access access, struct bs_message *message)
{
	/* a reader has a slot in lock.mdb, which LMDB makes when missing */
	int wanted = access == BS_STORE_READ ? X_OK : R_OK | W_OK | X_OK;
	struct stat status;
	struct statfs system;
	const char *name;

	if (stat(path, &status) != 0) {
		if (errno == ENOENT)
			return refuse_missing_folder(path, message);
		if (errno == EACCES)
			return bs_store_refuse_rights(
			    path, "look at it", message);
		return bs_store_refuse_system(path, "no such folder", message);
	}
	if (!S_ISDIR(status.st_mode)) {
		bs_message_set(message,
		    "%s: not a folder: `database` names the folder that holds "
		    "the database",
		    path);
		return BS_EINVAL;
	}
	if (faccessat(AT_FDCWD, path, wanted, AT_EACCESS) != 0) {
		if (errno == EROFS)
			return refuse_read_only(path, message);
		return bs_store_refuse_rights(path,
		    access == BS_STORE_READ ? "read it" : "write there",
		    message);
	}
	if (statfs(path, &system) != 0)
		return bs_store_refuse_system(path, "no file system", message);
	name = bs_store_network_name((uint32_t)system.f_type);
	if (name == NULL)
		return BS_OK;
	bs_message_set(message,
	    "%s: on a network file system (%s), where a shared map loses data: "
	    "use a folder on a local disk",
	    path, name);
	return BS_ESYSTEM;
}

int
bs_store_file_name(
    const char *folder, const char *name, char *name_r, size_t size)
{
	int length = snprintf(name_r, size, "%s/%s", folder, name);

	return length < 0 || (size_t)length >= size ? BS_ETOOLONG : BS_OK;
}

int
bs_store_share_file(int fd, const char *folder)
{
	return fchmod(fd, 0660) != 0 ? -1 : bs_folder_give(folder, fd);
}

/* --- data.mdb ----------------------------------------------------------- */

/*
 * LMDB 0.9's meta page on a 64-bit machine: a page header of 16 bytes, then
 * magic, version, address, map size, two table descriptors, last page,
 * transaction.  Its fields are in the byte order of the machine.
 */
_Static_assert(sizeof(size_t) == 8, "the map needs 64-bit addresses");

#define META_SIZE 152
#define META_MAGIC 0xBEEFC0DEu
#define META_MAGIC_SWAPPED 0xDEC0EFBEu
#define META_VERSION 1
#define PAGE_IS_META 0x08
#define FLAG_FIXED_MAP 0x01
#define PAGE_NONE UINT64_MAX

struct meta_page {
	uint16_t page_flags;
	uint32_t magic, version, page_bytes;
	uint16_t flags;
	uint64_t free_root, main_root, last_page, txn_id;
};

static struct meta_page
parse_meta(const uint8_t bytes[META_SIZE])
{
	struct meta_page meta;

	memcpy(&meta.page_flags, bytes + 10, 2);
	memcpy(&meta.magic, bytes + 16, 4);
	memcpy(&meta.version, bytes + 20, 4);
	memcpy(&meta.page_bytes, bytes + 40, 4);
	memcpy(&meta.flags, bytes + 44, 2);
	memcpy(&meta.free_root, bytes + 80, 8);
	memcpy(&meta.main_root, bytes + 128, 8);
	memcpy(&meta.last_page, bytes + 136, 8);
	memcpy(&meta.txn_id, bytes + 144, 8);
	return meta;
}

static bool
root_is_sound(uint64_t root, uint64_t last_page)
{
	return root == PAGE_NONE || (root >= 2 && root <= last_page);
}

static bool
meta_is_sound(const struct meta_page *meta)
{
	if ((meta->page_flags & PAGE_IS_META) == 0 || meta->magic != META_MAGIC)
		return false;
	if ((meta->flags & FLAG_FIXED_MAP) != 0)
		return false;
	if (meta->last_page < 1 || meta->last_page > (uint64_t)1 << 40)
		return false;
	return root_is_sound(meta->free_root, meta->last_page) &&
	       root_is_sound(meta->main_root, meta->last_page);
}

static int
refuse_data(
    const char *path, int error, const char *what, struct bs_message *message)
{
	bs_message_set(message, "%s: %s", path, what);
	return error;
}

/* What kind of file the first page says it is. */
static int
check_first_meta(
    const char *path, const struct meta_page *meta, struct bs_message *message)
{
	long page_bytes = sysconf(_SC_PAGESIZE);

	if (meta->magic == META_MAGIC_SWAPPED)
		return refuse_data(path, BS_EFOREIGN,
		    "made on a machine with another byte order: copy it by "
		    "`mdb_dump -a` there and `mdb_load` here",
		    message);
	if (meta->magic != META_MAGIC)
		return refuse_data(path, BS_EFOREIGN,
		    "not an LMDB database: another program's file? name "
		    "another folder, or restore a backup",
		    message);
	if (meta->version != META_VERSION) {
		bs_message_set(message,
		    "%s: LMDB data version %u, we know %u: copy it by "
		    "`mdb_dump -a` of the LMDB that made it and `mdb_load` "
		    "here",
		    path, meta->version, META_VERSION);
		return BS_EVERSION;
	}
	if (!meta_is_sound(meta))
		return refuse_data(path, BS_ECORRUPT,
		    "the first meta page is damaged: stop all programs and "
		    "restore a backup",
		    message);
	if (meta->page_bytes == (uint32_t)page_bytes)
		return BS_OK;
	bs_message_set(message,
	    "%s: made on a machine with pages of %u bytes, here they have %ld: "
	    "copy it by `mdb_dump -a` there and `mdb_load` here",
	    path, meta->page_bytes, page_bytes);
	return BS_EVERSION;
}

static int
refuse_short(const char *path, uint64_t size, uint64_t wanted,
    struct bs_message *message)
{
	bs_message_set(message,
	    "%s: truncated, %llu bytes of %llu: stop all programs and restore "
	    "a backup",
	    path, (unsigned long long)size, (unsigned long long)wanted);
	return BS_ECORRUPT;
}

void
bs_store_extend(int fd, uint64_t size_bytes)
{
	struct stat status;

	if (fstat(fd, &status) != 0 || (uint64_t)status.st_size >= size_bytes)
		return;
	/* only ever makes longer, whatever another process does meanwhile */
	(void)fallocate(fd, 0, (off_t)size_bytes - 1, 1);
}

/*
 * A file shorter than the newest meta page says is truncated, unless a process
 * died between its commit and bs_store_extend, and what is missing was never
 * written.  Where all that the other meta page says is there, the latter may
 * be: the file is made as long, and store.c looks whether its missing pages
 * are free ones.
 */
static int
check_length(int fd, const char *path, const struct meta_page meta[2],
    struct bs_short *short_r, struct bs_message *message)
{
	int newest = meta[1].txn_id > meta[0].txn_id;
	uint64_t wanted =
	    (meta[newest].last_page + 1) * meta[newest].page_bytes;
	uint64_t before =
	    (meta[!newest].last_page + 1) * meta[!newest].page_bytes;
	struct stat status;
	uint64_t size;

	*short_r = (struct bs_short){0};
	if (fstat(fd, &status) != 0)
		return bs_store_refuse_system(path, "no status", message);
	size = (uint64_t)status.st_size;
	if (size >= wanted)
		return BS_OK;
	if (size >= before)
		bs_store_extend(fd, wanted);
	if (fstat(fd, &status) != 0 || (uint64_t)status.st_size < wanted)
		return refuse_short(path, size, wanted, message);
	*short_r = (struct bs_short){size, meta[newest].txn_id};
	return BS_OK;
}

/* Reads both meta pages, first the pages, then the length: it only grows. */
int
bs_store_check_content(int fd, const char *path, struct bs_short *short_r,
    struct bs_message *message)
{
	uint8_t bytes[META_SIZE];
	struct meta_page meta[2];
	int error;
	ssize_t size = pread(fd, bytes, sizeof(bytes), 0);

	if (size < 0)
		return bs_store_refuse_system(path, "not readable", message);
	if (size == 0)
		return refuse_data(path, BS_ECORRUPT,
		    "empty (0 bytes): restore a backup, or remove it and "
		    "lock.mdb to start an empty list",
		    message);
	if (size < (ssize_t)sizeof(bytes))
		return refuse_data(path, BS_EFOREIGN,
		    "too short for an LMDB database: restore a backup, or name "
		    "another folder",
		    message);
	meta[0] = parse_meta(bytes);
	error = check_first_meta(path, &meta[0], message);
	if (error != BS_OK)
		return error;
	size = pread(fd, bytes, sizeof(bytes), meta[0].page_bytes);
	if (size < (ssize_t)sizeof(bytes))
		return refuse_data(path, BS_ECORRUPT,
		    "truncated within its first pages: restore a backup",
		    message);
	meta[1] = parse_meta(bytes);
	if (!meta_is_sound(&meta[1]) || meta[1].version != meta[0].version ||
	    meta[1].page_bytes != meta[0].page_bytes)
		return refuse_data(path, BS_ECORRUPT,
		    "the second meta page is damaged: stop all programs and "
		    "restore a backup",
		    message);
	return check_length(fd, path, meta, short_r, message);
}

/* There is no data.mdb: was there one? */
static int
check_missing(
    const char *folder, enum bs_store_access access, struct bs_message *message)
{
	char lock[PATH_MAX], data[PATH_MAX];
	struct stat status;

	if (bs_store_file_name(folder, "lock.mdb", lock, sizeof(lock)) != BS_OK)
		return BS_ETOOLONG;
	if (lstat(lock, &status) == 0) {
		/* both may have been made since data.mdb was missed, by
		 * another process and in this order: look again */
		if (bs_store_file_name(
			folder, "data.mdb", data, sizeof(data)) == BS_OK &&
		    lstat(data, &status) == 0)
			return BS_EBUSY;
		bs_message_set(message,
		    "%s/data.mdb: is gone, though its lock.mdb is there: "
		    "restore a backup, or remove %s to start an empty list",
		    folder, lock);
		return BS_ECORRUPT;
	}
	if (access == BS_STORE_READ)
		bs_message_set(message,
		    "%s: no database yet: run `backstop-feed scan` or "
		    "`backstopctl add` first",
		    folder);
	return BS_ENOTFOUND;
}

int
bs_store_check_data(const char *folder, enum bs_store_access access,
    struct bs_short *short_r, struct bs_message *message)
{
	char path[PATH_MAX];
	struct stat status;
	int fd, error;

	if (bs_store_file_name(folder, "data.mdb", path, sizeof(path)) != BS_OK)
		return refuse_data(folder, BS_ETOOLONG,
		    "the path is too long: name a shorter one", message);
	/* O_NONBLOCK: a FIFO must not hang us */
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && access == BS_STORE_READ && errno != EISDIR)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return check_missing(folder, access, message);
	if (fd < 0 && (errno == EACCES || errno == EPERM))
		return bs_store_refuse_rights(path,
		    access == BS_STORE_READ ? "read it" : "write it", message);
	if (fd < 0 && errno != EISDIR)
		return bs_store_refuse_system(path, "can't be opened", message);
	if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		error = refuse_data(path, BS_EFOREIGN,
		    "not a regular file: name another folder", message);
	else
		error = bs_store_check_content(fd, path, short_r, message);
	if (fd >= 0)
		(void)close(fd);
	return error;
}
