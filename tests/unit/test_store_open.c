/*
 * Opening: what is looked at before LMDB maps a file.  Each row damages a good
 * database in one way and names what the message must say.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "store_fixture.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static int
try_open(struct fixture *fixture, const char *path, enum bs_store_access access)
{
	struct bs_store *store = NULL;
	int error;

	fixture->message.text[0] = '\0';
	error = bs_store_open(path, access, &store, &fixture->message);
	bs_store_free(&store);
	return error;
}

/* The message is one line that names the path and says `says`. */
static void
assert_says(struct fixture *fixture, const char *name, const char *says)
{
	const char *text = fixture->message.text;

	if (strncmp(text, fixture->path, strlen(fixture->path)) != 0 ||
	    strstr(text, says) == NULL || strchr(text, '\n') != NULL)
		fail_msg("%s: %s", name, text);
}

/* A database with some pages, closed again; the file is no longer than the
 * newest meta page says. */
static void
make_database(struct fixture *fixture)
{
	struct bs_writer *writer;
	MDB_envinfo info;

	fixture->store = open_store(fixture);
	writer = begin_at(fixture, T0);
	for (uint8_t i = 0; i < 200; i++) {
		struct bs_prefix prefix = {
		    .addr = {BS_IPV4, {198, 51, 100, i}}, .bits = 32};
		bool new;

		assert_int_equal(bs_writer_add(writer, &prefix, BS_BOUNCE,
				     BS_LISTING_FOREVER, "x", &new),
		    BS_OK);
	}
	commit(writer);
	/* both meta pages know of them */
	add(fixture, T0, "203.0.113.1", BS_BOUNCE, BS_LISTING_FOREVER);
	assert_int_equal(mdb_env_info(fixture->store->env, &info), 0);
	bs_store_free(&fixture->store);
	assert_int_equal(
	    truncate(file_in(fixture, "data.mdb"),
		(off_t)(info.me_last_pgno + 1) * sysconf(_SC_PAGESIZE)),
	    0);
}

static void
patch(struct fixture *fixture, off_t at, const void *bytes, size_t size)
{
	int fd = open(file_in(fixture, "data.mdb"), O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, size, at), size);
	assert_int_equal(close(fd), 0);
}

static void
read_at(struct fixture *fixture, off_t at, void *bytes, size_t size)
{
	int fd = open(file_in(fixture, "data.mdb"), O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, bytes, size, at), size);
	assert_int_equal(close(fd), 0);
}

static void
damaged_meta_pages(void **state)
{
	/* `at` of the second page, whose place depends on the machine */
	enum { SECOND = 4096 };
	static const struct {
		const char *name;
		off_t at;
		size_t size;
		uint8_t bytes[8];
		int error;
		const char *says;
	} rows[] = {
	    {"another magic", 16, 4, {1, 2, 3, 4}, BS_EFOREIGN,
		"not an LMDB database"},
	    {"other byte order", 16, 4, {0xbe, 0xef, 0xc0, 0xde}, BS_EFOREIGN,
		"another byte order"},
	    {"data version 2", 20, 4, {2}, BS_EVERSION,
		"LMDB data version 2, we know 1"},
	    {"pages of 128 KiB", 40, 4, {0, 0, 2, 0}, BS_EVERSION,
		"pages of 131072 bytes"},
	    {"pages of 0 bytes", 40, 4, {0}, BS_EVERSION, "pages of 0 bytes"},
	    {"no meta page", 10, 2, {0}, BS_ECORRUPT, "first meta page"},
	    {"a fixed address", 44, 2, {9}, BS_ECORRUPT, "first meta page"},
	    {"freelist beyond the file", 80, 8, {0, 0, 0, 1}, BS_ECORRUPT,
		"first meta page"},
	    {"root in a meta page", 128, 8, {1}, BS_ECORRUPT,
		"first meta page"},
	    {"root beyond the file", 128, 8, {0, 0, 0, 0, 1}, BS_ECORRUPT,
		"first meta page"},
	    {"no last page", 136, 8, {0}, BS_ECORRUPT, "first meta page"},
	    {"last page past all", 136, 8,
		{255, 255, 255, 255, 255, 255, 255, 255}, BS_ECORRUPT,
		"first meta page"},
	    {"second: magic", SECOND + 16, 4, {1, 2, 3, 4}, BS_ECORRUPT,
		"second meta page"},
	    {"second: version", SECOND + 20, 4, {2}, BS_ECORRUPT,
		"second meta page"},
	    {"second: page size", SECOND + 40, 4, {0, 32}, BS_ECORRUPT,
		"second meta page"},
	    {"second: root", SECOND + 128, 8, {0, 0, 0, 1}, BS_ECORRUPT,
		"second meta page"},
	};
	struct fixture *fixture = *state;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *good = malloc(2 * page);

	assert_non_null(good);
	make_database(fixture);
	read_at(fixture, 0, good, 2 * page);
	for (size_t i = 0; i < COUNT(rows); i++) {
		off_t at = rows[i].at;

		if (at >= SECOND)
			at += (off_t)page - SECOND;
		patch(fixture, at, rows[i].bytes, rows[i].size);
		if (try_open(fixture, fixture->path, BS_STORE_WRITE) !=
		    rows[i].error)
			fail_msg("%s: %s", rows[i].name, fixture->message.text);
		assert_says(fixture, rows[i].name, rows[i].says);
		if (try_open(fixture, fixture->path, BS_STORE_READ) !=
		    rows[i].error)
			fail_msg("%s: reading", rows[i].name);
		patch(fixture, 0, good, 2 * page);
	}
	free(good);
	assert_int_equal(
	    try_open(fixture, fixture->path, BS_STORE_READ), BS_OK);
}

static void
truncated_at_many_lengths(void **state)
{
	struct fixture *fixture = *state;
	struct stat status;

	make_database(fixture);
	assert_int_equal(stat(file_in(fixture, "data.mdb"), &status), 0);
	for (off_t size = status.st_size - 1; size > 0; size -= 3777) {
		int error;

		assert_int_equal(
		    truncate(file_in(fixture, "data.mdb"), size), 0);
		error = try_open(fixture, fixture->path, BS_STORE_WRITE);
		if (size < 152)
			assert_int_equal(error, BS_EFOREIGN);
		else
			assert_int_equal(error, BS_ECORRUPT);
		assert_says(fixture, "truncated",
		    size < 152 ? "too short" : "truncated");
	}
	assert_int_equal(truncate(file_in(fixture, "data.mdb"), 0), 0);
	assert_int_equal(
	    try_open(fixture, fixture->path, BS_STORE_WRITE), BS_ECORRUPT);
	assert_says(fixture, "empty", "empty (0 bytes)");
}

/* A commit that LMDB leaves shorter than its meta page says: pages that it
 * takes and gives back are not written.  Returns the length it should have. */
static off_t
commit_short(struct bs_store *store)
{
	uint8_t bytes[100] = {0};
	MDB_val key = {.mv_size = 8, .mv_data = bytes};
	MDB_val value = {.mv_size = sizeof(bytes), .mv_data = bytes};
	MDB_txn *txn;
	MDB_envinfo info;

	assert_int_equal(mdb_txn_begin(store->env, NULL, 0, &txn), 0);
	for (uint64_t i = 0; i < 2000; i++) {
		bs_put_be64(bytes, i);
		assert_int_equal(
		    mdb_put(txn, store->dbi[BS_TABLE_SEEN], &key, &value, 0),
		    0);
	}
	for (uint64_t i = 2000; i-- > 0;) {
		bs_put_be64(bytes, i);
		assert_int_equal(
		    mdb_del(txn, store->dbi[BS_TABLE_SEEN], &key, NULL), 0);
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
	assert_int_equal(mdb_env_info(store->env, &info), 0);
	return (off_t)(info.me_last_pgno + 1) * sysconf(_SC_PAGESIZE);
}

/*
 * A process died after such a commit, before the file was made as long:
 * nothing is missing.
 */
static void
unwritten_last_pages(void **state)
{
	struct fixture *fixture = *state;
	struct stat before, after;
	const char *path;
	off_t wanted;

	make_database(fixture);
	fixture->store = open_store(fixture);
	wanted = commit_short(fixture->store);
	path = file_in(fixture, "data.mdb");
	assert_int_equal(stat(path, &before), 0);
	assert_true(before.st_size < wanted);
	bs_store_free(&fixture->store);
	fixture->store = open_store(fixture);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, wanted);
	bs_store_free(&fixture->store);
	/* a page less, and it is truncated, however often it is tried */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(truncate(path, before.st_size - 4096), 0);
		assert_int_equal(
		    try_open(fixture, fixture->path, BS_STORE_WRITE),
		    BS_ECORRUPT);
		assert_says(fixture, "a page less", "truncated");
		assert_int_equal(stat(path, &after), 0);
		assert_int_equal(after.st_size, before.st_size - 4096);
	}
}

/* A writer that begins mends it, too. */
static void
unwritten_last_pages_while_open(void **state)
{
	struct fixture *fixture = *state;
	struct stat status;
	off_t wanted;

	make_database(fixture);
	fixture->store = open_store(fixture);
	wanted = commit_short(fixture->store);
	pass(fixture, T0);
	assert_int_equal(stat(file_in(fixture, "data.mdb"), &status), 0);
	assert_int_equal(status.st_size, wanted);
}

static void
folders(void **state)
{
	struct fixture *fixture = *state;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/none", fixture->path);
	assert_int_equal(try_open(fixture, path, BS_STORE_WRITE), BS_ENOTFOUND);
	assert_says(fixture, "missing", "make it: install -d -m 2770 /");
	write_file(path, "x", 1);
	assert_int_equal(try_open(fixture, path, BS_STORE_WRITE), BS_EINVAL);
	assert_says(fixture, "a file", "not a folder");
	assert_int_equal(
	    try_open(fixture, fixture->path, BS_STORE_READ), BS_ENOTFOUND);
	assert_says(fixture, "empty folder", "no database yet: run");
}

static void
things_named_data(void **state)
{
	static const struct {
		const char *name, *content;
		int error;
		const char *says;
	} rows[] = {
	    {"text",
		"a text that is long enough for the head of a page, "
		"though it is none: ..................................."
		"...........................................................",
		BS_EFOREIGN, "not an LMDB database"},
	    {"short text", "hello\n", BS_EFOREIGN, "too short"},
	    {"empty", "", BS_ECORRUPT, "empty (0 bytes)"},
	};
	struct fixture *fixture = *state;
	char *path = strdup(file_in(fixture, "data.mdb"));

	for (size_t i = 0; i < COUNT(rows); i++) {
		write_file(path, rows[i].content, strlen(rows[i].content));
		assert_int_equal(
		    try_open(fixture, fixture->path, BS_STORE_WRITE),
		    rows[i].error);
		assert_says(fixture, rows[i].name, rows[i].says);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(
	    try_open(fixture, fixture->path, BS_STORE_WRITE), BS_EFOREIGN);
	assert_says(fixture, "a folder", "not a regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(
	    try_open(fixture, fixture->path, BS_STORE_WRITE), BS_EFOREIGN);
	assert_says(fixture, "a FIFO", "not a regular file");
	assert_int_equal(unlink(path), 0);
	write_file(file_in(fixture, "lock.mdb"), "", 0);
	assert_int_equal(
	    try_open(fixture, fixture->path, BS_STORE_WRITE), BS_ECORRUPT);
	assert_says(fixture, "gone", "is gone");
	assert_says(fixture, "gone", "lock.mdb to start an empty list");
	free(path);
}

/* Another program's LMDB: tables of these names with these records. */
static void
make_foreign(struct fixture *fixture, const char *table, const char *name,
    const uint8_t *bytes, size_t size)
{
	MDB_val key = {.mv_size = strlen(name), .mv_data = strdup(name)};
	MDB_val value = {.mv_size = size, .mv_data = malloc(size)};
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	memcpy(value.mv_data, bytes, size);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
	assert_int_equal(mdb_env_open(env, fixture->path, MDB_NOLOCK, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(
	    mdb_dbi_open(txn, table, table == NULL ? 0 : MDB_CREATE, &dbi), 0);
	assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
	free(key.mv_data);
	free(value.mv_data);
}

static void
foreign_databases(void **state)
{
	static const struct {
		const char *name, *table, *key;
		uint8_t bytes[BS_SCHEMA_SIZE];
		size_t size;
		int error;
		const char *says;
	} rows[] = {
	    {"no tables", NULL, "hello", "world", 5, BS_EFOREIGN,
		"another program"},
	    {"meta is no table", NULL, "meta", "world", 5, BS_EFOREIGN,
		"another program"},
	    {"another meta", "meta", "version", "1", 1, BS_EFOREIGN,
		"another program"},
	    {"no signature", "meta", "backstop", "0123456789012345\0\0\0\1", 20,
		BS_EFOREIGN, "another program"},
	    {"short signature", "meta", "backstop", "Backstop listing", 16,
		BS_EFOREIGN, "another program"},
	    {"schema 2", "meta", "backstop", "Backstop listing\0\0\0\2", 20,
		BS_EVERSION, "schema 2, this program knows schema 6"},
	    {"schema 7", "meta", "backstop", "Backstop listing\0\0\0\7", 20,
		BS_EVERSION, "schema 7, this program knows schema 6"},
	    {"a build between 3 and 4, without all tables", "meta", "backstop",
		"Backstop listing\0\0\0\4", 20, BS_EVERSION,
		"run `backstopctl upgrade`"},
	    {"no tables of ours", "meta", "backstop",
		"Backstop listing\0\0\0\6", 20, BS_ECORRUPT,
		"a table is missing"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		make_foreign(fixture, rows[i].table, rows[i].key, rows[i].bytes,
		    rows[i].size);
		assert_int_equal(
		    try_open(fixture, fixture->path, BS_STORE_WRITE),
		    rows[i].error);
		assert_says(fixture, rows[i].name, rows[i].says);
		assert_int_equal(unlink(file_in(fixture, "data.mdb")), 0);
		(void)unlink(file_in(fixture, "lock.mdb"));
	}
}

static void
file_systems(void **state)
{
	static const struct {
		uint32_t type;
		const char *name;
	} rows[] = {
	    {0x6969, "NFS"}, {0xff534d42, "CIFS"}, {0x65735546, "FUSE"},
	    {0xef53, NULL},     /* ext4 */
	    {0x01021994, NULL}, /* tmpfs */
	    {0x58465342, NULL}, /* XFS */
	    {0x9123683e, NULL}, /* Btrfs */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *name = bs_store_network_name(rows[i].type);

		if (rows[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, rows[i].name);
	}
}

/* 0660 whatever the umask, and no debris. */
static void
modes(void **state)
{
	static const char *const files[] = {"data.mdb", "lock.mdb"};
	struct fixture *fixture = *state;
	mode_t before = umask(0077);
	struct stat status;
	char command[128];

	fixture->store = open_store(fixture);
	(void)umask(before);
	for (size_t i = 0; i < COUNT(files); i++) {
		assert_int_equal(stat(file_in(fixture, files[i]), &status), 0);
		assert_int_equal(status.st_mode & 07777, 0660);
		/* no holes: a full disk can't make the map's writes fail */
		assert_true(i == 0 || status.st_blocks * 512 >= status.st_size);
		assert_true(status.st_nlink == 1);
	}
	(void)snprintf(command, sizeof(command),
	    "test \"$(ls -A %s | tr '\\n' ' ')\" = 'data.mdb lock.mdb '",
	    fixture->path);
	assert_int_equal(system(command), 0);
}

/* Runs `check` in a child that is nobody, or at least not root. */
static void
as_nobody(
    struct fixture *fixture, enum bs_store_access access, const char *says)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 &&
		    (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(2);
		if (try_open(fixture, fixture->path, access) != BS_EACCES)
			_exit(3);
		_exit(strstr(fixture->message.text, says) == NULL ||
		      strstr(fixture->message.text, "belongs to") == NULL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
no_rights(void **state)
{
	struct fixture *fixture = *state;
	mode_t others;

	assert_int_equal(chmod(fixture->path, 0500), 0);
	as_nobody(fixture, BS_STORE_WRITE, "no right to write there as user");
	/* what is the user's own needs no other owner */
	if (geteuid() == 0)
		assert_int_equal(chown(fixture->path, 65534, 0), 0);
	as_nobody(fixture, BS_STORE_WRITE, "mode 0500: chmod u+rwX ");
	if (geteuid() == 0)
		assert_int_equal(chown(fixture->path, 0, 0), 0);
	assert_int_equal(chmod(fixture->path, 0700), 0);
	make_database(fixture);
	others = geteuid() == 0 ? 0777 : 0700;
	assert_int_equal(chmod(fixture->path, others), 0);
	assert_int_equal(chmod(file_in(fixture, "data.mdb"), 0400), 0);
	as_nobody(fixture, BS_STORE_WRITE, "data.mdb: no right to write it");
	assert_int_equal(chmod(file_in(fixture, "data.mdb"), 0666), 0);
	assert_int_equal(chmod(file_in(fixture, "lock.mdb"), 0400), 0);
	as_nobody(fixture, BS_STORE_WRITE, "lock.mdb: no right to take a lock");
	/* a reader makes the lock file, where nobody did before */
	assert_int_equal(unlink(file_in(fixture, "lock.mdb")), 0);
	assert_int_equal(chmod(fixture->path, others & 0555), 0);
	as_nobody(fixture, BS_STORE_READ, "no right to take a lock");
	/* else only root could remove it */
	assert_int_equal(chmod(fixture->path, 0700), 0);
}

/* A map that finds no room in the address space is named, with what helps. */
static void
address_space(void **state)
{
	static const struct bs_store_limits limits = {
	    .map_bytes = (size_t)1 << 60,
	    .journal_entries = BS_STORE_JOURNAL_ENTRIES,
	    .journal_s = BS_STORE_JOURNAL_S,
	};
	struct fixture *fixture = *state;
	struct bs_store *store = NULL;

	make_database(fixture);
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &limits, &store, &fixture->message),
	    BS_ENOMEM);
	assert_null(store);
	assert_non_null(strstr(fixture->message.text, "address space"));
	assert_non_null(strstr(fixture->message.text, "ulimit -v"));
}

static void
reopened(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store *reader;
	uint32_t serial;

	make_database(fixture);
	fixture->store = open_store(fixture);
	serial = stats_at(fixture, T0).serial;
	bs_store_free(&fixture->store);
	assert_int_equal(bs_store_open(fixture->path, BS_STORE_READ, &reader,
			     &fixture->message),
	    BS_OK);
	fixture->store = reader;
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
	assert_int_equal(stats_at(fixture, T0).serial, serial);
}

/* Files that go, or become others, under a process that has them open. */
static void
replaced_files(void **state)
{
	static const struct {
		const char *name;
		const char *file;
		bool other; /* another file takes the name */
	} rows[] = {
	    {"data removed", "data.mdb", false},
	    {"data replaced", "data.mdb", true},
	    {"lock removed", "lock.mdb", false},
	    {"lock replaced", "lock.mdb", true},
	};
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	char path[128], away[sizeof(path) + 8];

	make_database(fixture);
	fixture->store = open_store(fixture);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(
		    path, sizeof(path), "%s", file_in(fixture, rows[i].file));
		(void)snprintf(away, sizeof(away), "%s.away", path);
		assert_int_equal(
		    bs_store_check_files(fixture->store, &fixture->message),
		    BS_OK);
		assert_int_equal(rename(path, away), 0);
		if (rows[i].other)
			write_file(path, "other", 5);
		assert_int_equal(
		    bs_store_check_files(fixture->store, &fixture->message),
		    BS_EIO);
		assert_says(fixture, rows[i].name, "removed or replaced");
		assert_says(fixture, rows[i].name, rows[i].file);
		assert_int_equal(bs_writer_begin(fixture->store, T0, "test",
				     &writer, &fixture->message),
		    BS_EIO);
		assert_says(fixture, rows[i].name, "start this program again");
		assert_int_equal(rename(away, path), 0);
		pass(fixture, T0); /* all is well again */
	}
}

/* Files that this user may not look at any more are not gone. */
static void
hidden_files(void **state)
{
	struct fixture *fixture = *state;
	uid_t user = geteuid();
	int error;

	make_database(fixture);
	fixture->store = open_store(fixture);
	if (user == 0) /* whom no mode stops */
		assert_int_equal(seteuid(65534), 0);
	else
		assert_int_equal(chmod(fixture->path, 0), 0);
	error = bs_store_check_files(fixture->store, &fixture->message);
	assert_int_equal(
	    user == 0 ? seteuid(0) : chmod(fixture->path, 0700), 0);
	assert_int_equal(error, BS_EACCES);
	assert_says(fixture, "hidden", "no right to look at its files");
	pass(fixture, T0);
}

int
main(void)
{
#define FOLDER_CASE(name) \
	cmocka_unit_test_setup_teardown(name, fixture_folder, fixture_close)
	const struct CMUnitTest tests[] = {
	    FOLDER_CASE(damaged_meta_pages),
	    FOLDER_CASE(truncated_at_many_lengths),
	    FOLDER_CASE(unwritten_last_pages),
	    FOLDER_CASE(unwritten_last_pages_while_open),
	    FOLDER_CASE(folders),
	    FOLDER_CASE(things_named_data),
	    FOLDER_CASE(foreign_databases),
	    FOLDER_CASE(file_systems),
	    FOLDER_CASE(modes),
	    FOLDER_CASE(no_rights),
	    FOLDER_CASE(address_space),
	    FOLDER_CASE(reopened),
	    FOLDER_CASE(replaced_files),
	    FOLDER_CASE(hidden_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
