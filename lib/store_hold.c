/*
 * Keeps all programs off a database while its file is replaced.  LMDB takes a
 * shared lock on the first byte of lock.mdb for as long as an environment is
 * open, and an exclusive one for a moment as it begins; held by us, the latter
 * says that nobody has it, and makes who comes wait.
 *
 * What waits then finds the lock file's content made for the new file: before
 * letting go we open and close it once as LMDB's first user does.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "store_admin.h"
#include "store_private.h"

struct bs_store_hold {
	char *folder;
	int lock;
	bool replaced;
};

static struct flock
first_byte(short type)
{
	return (struct flock){
	    .l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
}

static int
take_lock(struct bs_store_hold *hold, struct bs_message *message)
{
	struct flock lock = first_byte(F_WRLCK);

	if (fcntl(hold->lock, F_SETLK, &lock) == 0)
		return BS_OK;
	if (errno != EAGAIN && errno != EACCES)
		return bs_store_refuse_system(hold->folder, "no lock", message);
	if (fcntl(hold->lock, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
		lock.l_pid = 0;
	bs_message_set(message,
	    "%s: in use by process %ld: stop backstopd and backstop-feed "
	    "first, then run this again",
	    hold->folder, (long)lock.l_pid);
	return BS_EBUSY;
}

static int
open_lock(struct bs_store_hold *hold, struct bs_message *message)
{
	char path[PATH_MAX];
	int error =
	    bs_store_prepare_lock(hold->folder, BS_STORE_WRITE, message);

	if (error != BS_OK)
		return error;
	if (bs_store_file_name(hold->folder, "lock.mdb", path, sizeof(path)) !=
	    BS_OK)
		return BS_ETOOLONG;
	hold->lock = open(path, O_RDWR | O_CLOEXEC);
	if (hold->lock < 0)
		return bs_store_refuse_system(path, "no lock file", message);
	return take_lock(hold, message);
}

int
bs_store_hold_new(const char *folder, struct bs_store_hold **hold_r,
    struct bs_message *message)
{
	struct bs_store_hold *hold;
	int error = bs_store_check_folder(folder, BS_STORE_WRITE, message);

	if (error != BS_OK)
		return error;
	hold = calloc(1, sizeof(*hold));
	if (hold == NULL || (hold->folder = strdup(folder)) == NULL) {
		free(hold);
		bs_message_set(message, "%s: out of memory", folder);
		return BS_ENOMEM;
	}
	hold->lock = -1;
	error = open_lock(hold, message);
	if (error != BS_OK) {
		bs_store_hold_free(&hold);
		return error;
	}
	*hold_r = hold;
	return BS_OK;
}

/* As the first user: LMDB writes the lock file anew for the file that is. */
static void
renew_lock_file(const struct bs_store_hold *hold)
{
	MDB_env *env;

	if (mdb_env_create(&env) != MDB_SUCCESS)
		return;
	(void)mdb_env_set_mapsize(env, BS_STORE_MAP_BYTES);
	(void)mdb_env_set_maxreaders(env, BS_STORE_READERS_MAX);
	(void)mdb_env_open(env, hold->folder, MDB_NOTLS, 0660);
	mdb_env_close(env);
}

void
bs_store_hold_free(struct bs_store_hold **hold)
{
	struct bs_store_hold *self = *hold;

	if (self == NULL)
		return;
	if (self->replaced)
		renew_lock_file(self);
	if (self->lock >= 0)
		(void)close(self->lock);
	free(self->folder);
	free(self);
	*hold = NULL;
}

int
bs_store_hold_file(struct bs_store_hold *hold, char *name_r, size_t size,
    struct bs_message *message)
{
	int fd;

	if (bs_store_file_name(hold->folder, "data.XXXXXX", name_r, size) !=
	    BS_OK)
		return BS_ETOOLONG;
	fd = mkostemp(name_r, O_CLOEXEC);
	if (fd < 0 || bs_store_share_file(fd, hold->folder) != 0) {
		int error = bs_store_refuse_system(
		    hold->folder, "no file can be made", message);

		if (fd >= 0) {
			(void)close(fd);
			(void)unlink(name_r);
		}
		return error;
	}
	(void)close(fd);
	return BS_OK;
}

/* The old file gets a second name first, so that there is one at any time. */
int
bs_store_hold_replace(
    struct bs_store_hold *hold, const char *name, struct bs_message *message)
{
	char data[PATH_MAX], old[PATH_MAX];

	if (bs_store_file_name(hold->folder, "data.mdb", data, sizeof(data)) !=
		BS_OK ||
	    bs_store_file_name(
		hold->folder, BS_STORE_OLD_NAME, old, sizeof(old)) != BS_OK)
		return BS_ETOOLONG;
	if (unlink(old) != 0 && errno != ENOENT)
		return bs_store_refuse_system(old, "can't go", message);
	if (link(data, old) != 0 && errno != ENOENT)
		return bs_store_refuse_system(old, "can't be kept", message);
	if (rename(name, data) != 0)
		return bs_store_refuse_system(
		    data, "can't be replaced", message);
	bs_folder_sync(hold->folder);
	hold->replaced = true;
	return BS_OK;
}

void
bs_store_hold_forget_ahead(struct bs_store_hold *hold)
{
	bs_store_forget_ahead(hold->folder);
}
