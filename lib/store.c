/*
 * Opens the database: checks first, then LMDB, then the schema; makes a new one
 * where there is none.  Called once by each program at its start.
 *
 * A new database is made complete in a folder of its own and then linked into
 * place, so that no crash and no full disk leaves half of one.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "store_private.h"

static const char *const table_names[BS_TABLE_COUNT] = {
    [BS_TABLE_META] = "meta",
    [BS_TABLE_LISTING4] = "listing4",
    [BS_TABLE_LISTING6] = "listing6",
    [BS_TABLE_EXPIRY] = "expiry",
    [BS_TABLE_SIGHTING] = "sighting",
    [BS_TABLE_SEEN] = "seen",
    [BS_TABLE_REMOVED] = "removed",
    [BS_TABLE_PAST] = "past",
    [BS_TABLE_JOURNAL] = "journal",
    [BS_TABLE_TRIM] = "trim",
    [BS_TABLE_EXEMPT] = "exempt",
    [BS_TABLE_TAG] = "tag",
    [BS_TABLE_HISTORY] = "history",
    [BS_TABLE_SELF] = "self",
    [BS_TABLE_EVIDENCE] = "evidence",
    [BS_TABLE_HELD] = "held",
    [BS_TABLE_FEED] = "feed",
    [BS_TABLE_WAITING] = "waiting",
    [BS_TABLE_PUBLISH] = "publish",
};

const char *
bs_store_table_name(enum bs_table table)
{
	return table_names[table];
}

#define OPEN_TRIES 5 /* while others commit; see check_short */

/* --- making a new one --------------------------------------------------- */

static int
put_meta(
    MDB_txn *txn, MDB_dbi dbi, const char *name, uint8_t *bytes, size_t size)
{
	char copy[16];
	MDB_val key = {.mv_size = strlen(name), .mv_data = copy};
	MDB_val value = {.mv_size = size, .mv_data = bytes};

	memcpy(copy, name, key.mv_size);
	return mdb_put(txn, dbi, &key, &value, 0);
}

/* All tables, the schema and the first state. */
static int
fill_new(MDB_txn *txn, uint32_t now_s)
{
	struct bs_state state = {.number = 0, .offset = now_s};
	uint8_t bytes[BS_STATE_VALUE_MAX];
	MDB_dbi dbi[BS_TABLE_COUNT];
	size_t size;
	int code;

	for (size_t i = 0; i < BS_TABLE_COUNT; i++) {
		code = mdb_dbi_open(txn, table_names[i], MDB_CREATE, &dbi[i]);
		if (code != MDB_SUCCESS)
			return code;
	}
	size = bs_schema_encode(BS_STORE_SCHEMA, now_s, bytes);
	code = put_meta(txn, dbi[BS_TABLE_META], BS_META_SCHEMA, bytes, size);
	if (code != MDB_SUCCESS)
		return code;
	size = bs_state_encode(&state, bytes);
	return put_meta(txn, dbi[BS_TABLE_META], BS_META_STATE, bytes, size);
}

static int
write_new(MDB_env *env, const char *path, const char *folder)
{
	MDB_txn *txn;
	mdb_filehandle_t fd;
	int code;

	code = mdb_env_set_maxdbs(env, BS_STORE_TABLES_MAX);
	if (code == MDB_SUCCESS)
		/* nobody else knows of it: no lock file */
		code = mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600);
	if (code == MDB_SUCCESS)
		code = mdb_txn_begin(env, NULL, 0, &txn);
	if (code != MDB_SUCCESS)
		return code;
	code = fill_new(txn, bs_clock_now_s(&bs_clock_system));
	if (code != MDB_SUCCESS) {
		mdb_txn_abort(txn);
		return code;
	}
	code = mdb_txn_commit(txn);
	if (code == MDB_SUCCESS)
		code = mdb_env_get_fd(env, &fd);
	if (code == MDB_SUCCESS &&
	    (bs_store_share_file(fd, folder) != 0 || fsync(fd) != 0))
		code = errno;
	return code;
}

/* Makes data.mdb; one that somebody else made meanwhile is as good. */
static int
make_data(const char *folder)
{
	char temporary[PATH_MAX], path[PATH_MAX];
	MDB_env *env = NULL;
	int fd, code;

	if (bs_store_file_name(
		folder, "new.XXXXXX", temporary, sizeof(temporary)) != BS_OK ||
	    bs_store_file_name(folder, "data.mdb", path, sizeof(path)) != BS_OK)
		return ENAMETOOLONG;
	/* an empty file is what LMDB takes for a new one */
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return errno;
	(void)close(fd);
	code = mdb_env_create(&env);
	if (code == MDB_SUCCESS)
		code = write_new(env, temporary, folder);
	mdb_env_close(env);
	if (code == MDB_SUCCESS && link(temporary, path) == 0)
		bs_store_forget_ahead(folder);
	else if (code == MDB_SUCCESS && errno != EEXIST)
		code = errno;
	(void)unlink(temporary);
	if (code == MDB_SUCCESS)
		bs_folder_sync(folder);
	return code;
}

/* --- opening ------------------------------------------------------------ */

static int
check_schema(struct bs_store *store, MDB_txn *txn, struct bs_message *message)
{
	char name[] = BS_META_SCHEMA;
	MDB_val key = {.mv_size = strlen(name), .mv_data = name}, value;
	uint32_t schema;
	int code = mdb_get(txn, store->dbi[BS_TABLE_META], &key, &value);

	if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
		return bs_store_explain(store, code, "not readable", message);
	if (code == MDB_NOTFOUND ||
	    bs_schema_decode(value.mv_data, value.mv_size, &schema) != BS_OK) {
		bs_message_set(message,
		    "%s: an LMDB database of another program: name another "
		    "folder in `database`",
		    store->path);
		return BS_EFOREIGN;
	}
	if (schema == BS_STORE_SCHEMA)
		return BS_OK;
	if (schema < BS_STORE_SCHEMA && schema >= BS_STORE_SCHEMA_OLDEST) {
		bs_message_set(message,
		    "%s: the database has schema %u, this program %u: stop all "
		    "programs and run `backstopctl upgrade`",
		    store->path, schema, BS_STORE_SCHEMA);
		return BS_EVERSION;
	}
	store->upgrade = false; /* no way from there */
	bs_message_set(message,
	    "%s: the database has schema %u, this program knows schema "
	    "%u: have the version that made it write its listings "
	    "(backstopctl list --json >FILE), and import them here "
	    "into a new folder (backstopctl import FILE)",
	    store->path, schema, BS_STORE_SCHEMA);
	return BS_EVERSION;
}

static int
open_tables(struct bs_store *store, MDB_txn *txn, struct bs_message *message)
{
	int code, error;

	code = mdb_dbi_open(
	    txn, table_names[BS_TABLE_META], 0, &store->dbi[BS_TABLE_META]);
	if (code == MDB_NOTFOUND || code == MDB_INCOMPATIBLE) {
		bs_message_set(message,
		    "%s: an LMDB database of another program: name another "
		    "folder in `database`",
		    store->path);
		return BS_EFOREIGN;
	}
	if (code != MDB_SUCCESS)
		return bs_store_explain(store, code, "not readable", message);
	error = check_schema(store, txn, message);
	if (error == BS_EVERSION && store->upgrade)
		return error;
	for (size_t i = 0; error == BS_OK && i < BS_TABLE_COUNT; i++) {
		code = mdb_dbi_open(txn, table_names[i], 0, &store->dbi[i]);
		if (code == MDB_NOTFOUND)
			code = MDB_CORRUPTED;
		if (code != MDB_SUCCESS)
			error = bs_store_explain(
			    store, code, "a table is missing", message);
	}
	return error;
}

/*
 * The file was shorter than it says.  Where the missing pages are free ones,
 * nothing is missing; else it is cut again, as the next one should see it, but
 * only if nobody has committed since it was measured: BS_EBUSY, measure again.
 */
static int
check_short(struct bs_store *store, MDB_txn *txn, struct bs_message *message)
{
	const struct bs_short *found = &store->found_short;
	char path[PATH_MAX];
	MDB_envinfo info;
	MDB_stat stat;
	uint64_t first, missing, unused;

	if (mdb_env_info(store->env, &info) != MDB_SUCCESS ||
	    mdb_env_stat(store->env, &stat) != MDB_SUCCESS)
		return BS_EIO;
	if (mdb_txn_id(txn) != found->txn_id)
		return BS_EBUSY;
	first = found->bytes / stat.ms_psize;
	missing = info.me_last_pgno + 1 - first;
	if (bs_store_free_pages(txn, first, &unused) == BS_OK &&
	    unused == missing)
		return BS_OK;
	bs_message_set(message,
	    "%s/data.mdb: truncated, %llu pages are missing: stop all programs "
	    "and restore a backup",
	    store->path, (unsigned long long)missing);
	/* by its name: LMDB's descriptor can't where it only reads */
	if (bs_store_file_name(store->path, "data.mdb", path, sizeof(path)) !=
		BS_OK ||
	    truncate(path, (off_t)found->bytes) != 0)
		return BS_EIO;
	return BS_ECORRUPT;
}

static int
open_schema_once(struct bs_store *store, struct bs_message *message)
{
	struct bs_state state;
	MDB_txn *txn;
	int code, error;

	code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
	if (code == MDB_READERS_FULL && bs_store_clear_readers(store) > 0)
		code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
	if (code != MDB_SUCCESS)
		return bs_store_explain(store, code, "not readable", message);
	error = store->found_short.bytes == 0
		    ? BS_OK
		    : check_short(store, txn, message);
	if (error == BS_OK)
		error = open_tables(store, txn, message);
	if (error == BS_OK && bs_store_get_state(store, txn, &state) != BS_OK)
		error = bs_store_explain(
		    store, MDB_CORRUPTED, "its state does not decode", message);
	if (error != BS_OK) {
		mdb_txn_abort(txn);
		return error;
	}
	/* keeps the tables' handles; a reader has nothing else to commit */
	code = mdb_txn_commit(txn);
	if (code != MDB_SUCCESS)
		return bs_store_explain(store, code, "not readable", message);
	return BS_OK;
}

int
bs_store_open_schema(struct bs_store *store, struct bs_message *message)
{
	int error = open_schema_once(store, message);

	if (error != BS_EVERSION || !store->upgrade)
		return error;
	if (store->access == BS_STORE_READ)
		return BS_OK; /* to be copied: its tables are not looked at */
	error = bs_store_upgrade(store, message);
	return error == BS_OK ? open_schema_once(store, message) : error;
}

static int
open_env(struct bs_store *store, struct bs_message *message)
{
	unsigned flags = MDB_NOTLS;
	int code;

	if (store->access == BS_STORE_READ)
		flags |= MDB_RDONLY;
	code = mdb_env_create(&store->env);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_mapsize(store->env, store->limits.map_bytes);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_maxreaders(store->env, BS_STORE_READERS_MAX);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_maxdbs(store->env, BS_STORE_TABLES_MAX);
	if (code == MDB_SUCCESS)
		code = mdb_env_open(store->env, store->path, flags, 0660);
	if (code == ENOMEM) {
		bs_message_set(message,
		    "%s: the system refuses to map %zu GiB of address space: "
		    "lift the limit (ulimit -v unlimited, LimitAS=infinity)",
		    store->path, store->limits.map_bytes >> 30);
		return BS_ENOMEM;
	}
	if (code != MDB_SUCCESS)
		return bs_store_explain(
		    store, code, "can't be opened", message);
	bs_store_note_files(store);
	(void)bs_store_clear_readers(store);
	return bs_store_open_schema(store, message);
}

/* All that is looked at, or made, before LMDB maps the database. */
static int
prepare(const char *path, enum bs_store_access access, struct bs_short *short_r,
    struct bs_message *message)
{
	int error = bs_store_check_folder(path, access, message);

	if (error != BS_OK)
		return error;
	*short_r = (struct bs_short){0};
	error = bs_store_check_data(path, access, short_r, message);
	if (error == BS_ENOTFOUND && access == BS_STORE_WRITE) {
		const struct bs_store unmade = {.path = strdup(path)};
		int code;

		if (unmade.path == NULL)
			return BS_ENOMEM;
		code = make_data(path);
		error = code == 0 ? BS_OK
				  : bs_store_explain(&unmade, code,
					"no database can be made", message);
		free(unmade.path);
	}
	if (error != BS_OK)
		return error;
	return bs_store_prepare_lock(path, access, message);
}

int
bs_store_new(const char *path, enum bs_store_access access,
    struct bs_store **store_r, struct bs_message *message)
{
	struct bs_store *store = calloc(1, sizeof(*store));

	if (store != NULL)
		store->path = strdup(path);
	if (store == NULL || store->path == NULL) {
		free(store);
		bs_message_set(message, "%s: out of memory", path);
		return BS_ENOMEM;
	}
	store->pid = getpid();
	store->access = access;
	*store_r = store;
	return BS_OK;
}

static int
open_once(const char *path, enum bs_store_access access,
    const struct bs_store_limits *limits, struct bs_store **store_r,
    struct bs_message *message)
{
	struct bs_store *store;
	struct bs_short found_short;
	int error = prepare(path, access, &found_short, message);

	if (error != BS_OK)
		return error;
	error = bs_store_new(path, access, &store, message);
	if (error != BS_OK)
		return error;
	store->limits = *limits;
	store->found_short = found_short;
	error = open_env(store, message);
	if (error != BS_OK) {
		bs_store_free(&store);
		return error;
	}
	*store_r = store;
	return BS_OK;
}

int
bs_store_open_with(const char *path, enum bs_store_access access,
    const struct bs_store_limits *limits, struct bs_store **store_r,
    struct bs_message *message)
{
	int error = BS_EBUSY;

	bs_message_set(message,
	    "%s: written to all the time while it was looked at: try again",
	    path);
	for (int i = 0; i < OPEN_TRIES && error == BS_EBUSY; i++)
		error = open_once(path, access, limits, store_r, message);
	return error;
}

struct bs_store_limits
bs_store_limits_default(void)
{
	return (struct bs_store_limits){
	    .map_bytes = BS_STORE_MAP_BYTES,
	    .journal_entries = BS_STORE_JOURNAL_ENTRIES,
	    .journal_s = BS_STORE_JOURNAL_S,
	    .changes = BS_STORE_CHANGES,
	    .held = BS_STORE_HELD_MAX,
	    .leap_s = BS_STORE_LEAP_S,
	};
}

int
bs_store_open(const char *path, enum bs_store_access access,
    struct bs_store **store_r, struct bs_message *message)
{
	const struct bs_store_limits limits = bs_store_limits_default();

	return bs_store_open_with(path, access, &limits, store_r, message);
}

void
bs_store_limit_journal(struct bs_store *store, uint64_t entries, uint32_t age_s)
{
	store->limits.journal_entries = entries;
	store->limits.journal_s = age_s;
}

void
bs_store_free(struct bs_store **store)
{
	if (*store == NULL)
		return;
	/* in a child that would free the parent's reader slots */
	if ((*store)->pid == getpid()) {
		bs_store_end_ahead(*store);
		mdb_env_close((*store)->env);
	}
	free((*store)->path);
	free(*store);
	*store = NULL;
}

int
bs_store_check_process(const struct bs_store *store, struct bs_message *message)
{
	if (store->pid == getpid())
		return BS_OK;
	bs_message_set(message,
	    "%s: opened by process %ld, used by its child: every process has "
	    "to open it itself",
	    store->path, (long)store->pid);
	return BS_ESYSTEM;
}

unsigned
bs_store_clear_readers(struct bs_store *store)
{
	int dead = 0;

	if (mdb_reader_check(store->env, &dead) != MDB_SUCCESS || dead < 0)
		return 0;
	return (unsigned)dead;
}
