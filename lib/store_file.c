/*
 * A data file on its own: a backup, or one that is about to become the
 * database.  Nobody else has it, so there is no lock file.  Checks and tables
 * are those of store_check.c and store.c; upgrading an older schema is
 * store_upgrade.c's.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_admin.h"
#include "store_private.h"

static int
check_file(
    const char *path, struct bs_short *short_r, struct bs_message *message)
{
	struct stat status;
	int error, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && (errno == EACCES || errno == EPERM))
		return bs_store_refuse_rights(path, "read it", message);
	if (fd < 0)
		return bs_store_refuse_system(path, "can't be opened", message);
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		bs_message_set(message,
		    "%s: not a regular file: name the file that `backstopctl "
		    "backup` made",
		    path);
		error = BS_EFOREIGN;
	} else {
		error = bs_store_check_content(fd, path, short_r, message);
	}
	(void)close(fd);
	return error;
}

/* --- opening -------------------------------------------------------------- */

static int
open_env(struct bs_store *store, struct bs_message *message)
{
	unsigned flags = MDB_NOTLS | MDB_NOSUBDIR | MDB_NOLOCK;
	int code = mdb_env_create(&store->env);

	if (store->access == BS_STORE_READ)
		flags |= MDB_RDONLY;
	if (code == MDB_SUCCESS)
		code = mdb_env_set_mapsize(store->env, store->limits.map_bytes);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_maxdbs(store->env, BS_STORE_TABLES_MAX);
	if (code == MDB_SUCCESS)
		code = mdb_env_open(store->env, store->path, flags, 0660);
	if (code == MDB_SUCCESS)
		return BS_OK;
	return bs_store_explain(store, code, "can't be opened", message);
}

int
bs_store_open_file(const char *path, enum bs_store_access access, bool upgrade,
    struct bs_store **store_r, struct bs_message *message)
{
	struct bs_short found_short;
	struct bs_store *store;
	int error = check_file(path, &found_short, message);

	if (error != BS_OK)
		return error;
	error = bs_store_new(path, access, &store, message);
	if (error != BS_OK)
		return error;
	store->upgrade = upgrade;
	store->limits = bs_store_limits_default();
	store->found_short = found_short;
	error = open_env(store, message);
	if (error == BS_OK)
		error = bs_store_open_schema(store, message);
	if (error != BS_OK) {
		bs_store_free(&store);
		return error;
	}
	*store_r = store;
	return BS_OK;
}

/* --- in brief ------------------------------------------------------------- */

int
bs_store_brief(struct bs_store *store, struct bs_store_brief *brief_r)
{
	struct bs_store_brief brief = {.schema = BS_STORE_SCHEMA};
	struct bs_snapshot *snapshot;
	struct bs_journal_entry entry;
	int error = bs_snapshot_new(store, &snapshot, NULL);

	if (error != BS_OK)
		return error;
	error = bs_snapshot_renew(snapshot);
	if (error == BS_OK) {
		brief.serial = bs_snapshot_serial(snapshot);
		brief.number = bs_snapshot_number(snapshot);
		brief.listings = bs_snapshot_listings(snapshot);
		if (brief.number > 0 && bs_snapshot_journal(snapshot,
					    brief.number, &entry) == BS_OK)
			brief.written_s = entry.time_s;
		*brief_r = brief;
	}
	bs_snapshot_free(&snapshot);
	return error;
}
