/*
 * A database as a whole: backups, single files, replacing the file under
 * programs that have it open or wait for it, older schemas; and records that
 * are wrong, each of which is found.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "child.h"
#include "store_admin.h"
#include "store_fixture.h"

#define NEVER BS_LISTING_FOREVER

/* --- findings -------------------------------------------------------------- */

struct found {
	size_t count;
	char table[32], key[256], what[256];
};

static void
on_found(void *context, const struct bs_finding *finding)
{
	struct found *found = context;

	assert_true(finding->remedy[0] != '\0');
	if (found->count++ > 0)
		return;
	(void)snprintf(
	    found->table, sizeof(found->table), "%s", finding->table);
	(void)snprintf(found->key, sizeof(found->key), "%s", finding->key);
	(void)snprintf(found->what, sizeof(found->what), "%s", finding->what);
}

static struct found
verify_store(struct bs_store *store)
{
	struct found found = {0};
	struct bs_verify_progress progress;
	struct bs_verify verify = {
	    .found = on_found, .context = &found, .progress = &progress};

	assert_int_equal(bs_store_verify(store, &verify), BS_OK);
	assert_int_equal(progress.findings, found.count);
	return found;
}

static void
assert_clean(struct bs_store *store)
{
	struct found found = verify_store(store);

	if (found.count > 0)
		fail_msg("%zu: %s %s: %s", found.count, found.table, found.key,
		    found.what);
}

/* Copies the database to a file of that name beside it; its path and size. */
static uint64_t
back_up(struct fixture *fixture, const char *name, char path_r[128])
{
	uint64_t bytes;

	(void)snprintf(path_r, 128, "%s/%s", fixture->path, name);
	assert_int_equal(
	    bs_store_backup(fixture->store, path_r, &bytes, &fixture->message),
	    BS_OK);
	return bytes;
}

static void
close_and_remove(struct fixture *fixture)
{
	char command[128];

	bs_store_free(&fixture->store);
	(void)snprintf(
	    command, sizeof(command), "rm -f '%s'/*.mdb", fixture->path);
	assert_int_equal(system(command), 0);
}

/* Some of everything. */
static void
fill(struct fixture *fixture)
{
	add(fixture, T0, "198.51.100.1", BS_BOUNCE, T0 + DAY_S);
	add(fixture, T0, "198.51.100.0/24", BS_CALLOUT, NEVER);
	add(fixture, T0, "2001:db8::/48", BS_BOUNCE | BS_VIRUS, T0 + WEEK_S);
	for (unsigned i = 0; i < 5; i++)
		(void)see_new(fixture, T0, "192.0.2.9", BS_AUTOREPLY);
	(void)see_new(fixture, T0, "192.0.2.10", BS_BOUNCE);
	(void)see_new(fixture, T0, "192.0.2.11", BS_BOUNCE);
	remove_at(fixture, T0 + 10, "192.0.2.11");
	pass(fixture, T0 + DAY_S);
	{
		struct bs_writer *writer = begin_at(fixture, T0 + DAY_S);
		struct bs_prefix prefix = prefix_of("203.0.113.0/25");
		bool new;

		assert_int_equal(
		    bs_writer_exempt(writer, &prefix, "ours", &new), BS_OK);
		commit(writer);
	}
	pass(fixture, T0 + 10 * WEEK_S);
	(void)see_new(fixture, T0 + 10 * WEEK_S, "192.0.2.10", BS_VIRUS);
}

static void
sound(void **state)
{
	struct fixture *fixture = *state;

	assert_clean(fixture->store);
	fill(fixture);
	assert_clean(fixture->store);
}

/* Puts or deletes bytes behind the store's back. */
static void
tamper(struct fixture *fixture, enum bs_table table, const char *key_hex,
    const char *value_hex)
{
	uint8_t key_bytes[128], value_bytes[512];
	MDB_val key = {.mv_data = key_bytes}, value = {.mv_data = value_bytes};
	struct bs_store *store = fixture->store;
	MDB_txn *txn;

	for (const char *at = key_hex; *at != '\0'; at += 2)
		(void)sscanf(at, "%2hhx", &key_bytes[key.mv_size++]);
	for (const char *at = value_hex; at != NULL && *at != '\0'; at += 2)
		(void)sscanf(at, "%2hhx", &value_bytes[value.mv_size++]);
	assert_int_equal(mdb_txn_begin(store->env, NULL, 0, &txn), 0);
	if (value_hex != NULL)
		assert_int_equal(
		    mdb_put(txn, store->dbi[table], &key, &value, 0), 0);
	else
		assert_int_equal(
		    mdb_del(txn, store->dbi[table], &key, NULL), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static const struct {
	const char *name;
	enum bs_table table;
	const char *key, *value; /* value NULL: deleted */
	const char *found_table, *found_what;
} wrong_rows[] = {
    {"listing: bytes", BS_TABLE_LISTING4, "c633640120", "02ff", "listing4",
	"does not decode"},
    {"listing: version", BS_TABLE_LISTING4, "c633640120", "09", "listing4",
	"does not decode"},
    {"listing: key", BS_TABLE_LISTING4, "c63364", "02", "listing4",
	"no prefix"},
    {"listing: of the other family", BS_TABLE_LISTING6, "c633640120", "02",
	"listing6", "no prefix"},
    {"listing: host bits", BS_TABLE_LISTING4, "c633640118", "02", "listing4",
	"no prefix"},
    {"listing: gone", BS_TABLE_LISTING4, "c633640120", NULL, "expiry",
	"no listing ends then"},
    {"expiry: gone", BS_TABLE_EXPIRY, "6b4b238004c633640120", NULL, "listing4",
	"not in the index"},
    {"expiry: stray", BS_TABLE_EXPIRY, "6b4b238004c633640220", "", "expiry",
	"no listing ends then"},
    {"expiry: key", BS_TABLE_EXPIRY, "6b4b2380", "", "expiry",
	"no time and prefix"},
    {"sighting: bytes", BS_TABLE_SIGHTING, "01", "ff", "sighting",
	"does not decode"},
    {"seen: key", BS_TABLE_SEEN, "01", "016b49d200", "seen", "does not decode"},
    {"removed: bytes", BS_TABLE_REMOVED, "04c633640120", "01", "removed",
	"does not decode"},
    {"removed: without its end", BS_TABLE_REMOVED, "04c633640120", "016b49d200",
	"removed", "times when they may go"},
    {"past: bytes", BS_TABLE_PAST, "04c63364012004", "01", "past",
	"does not decode"},
    {"journal: bytes", BS_TABLE_JOURNAL, "0000000000000001", "01", "journal",
	"does not decode"},
    {"journal: a hole", BS_TABLE_JOURNAL, "0000000000000001", NULL, NULL, NULL},
    {"journal: a hole inside", BS_TABLE_JOURNAL, "0000000000000002", NULL,
	"journal", "does not follow"},
    {"journal: the last is missing", BS_TABLE_JOURNAL, "0000000000000003", NULL,
	"journal", "number of the newest"},
    {"journal: key", BS_TABLE_JOURNAL, "01", "01", "journal", "no number"},
    {"trim: stray", BS_TABLE_TRIM, "6b49d2000304c633640120", "", "trim",
	"not there"},
    {"trim: key", BS_TABLE_TRIM, "6b49d200", "", "trim", "does not decode"},
    {"exempt: bytes", BS_TABLE_EXEMPT, "04c633640120", "ff", "exempt",
	"does not decode"},
    {"exempt: key", BS_TABLE_EXEMPT, "05", "ff", "exempt", "no prefix"},
    {"meta: state", BS_TABLE_META, "7374617465", "ff", "meta",
	"does not decode"},
    {"meta: clock", BS_TABLE_META, "636c6f636b", "ff", "meta",
	"does not decode"},
    {"meta: keep", BS_TABLE_META, "6b656570", "01", "meta", "does not decode"},
};

static void
wrong_records(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(wrong_rows) / sizeof(wrong_rows[0]);
	     i++) {
		struct found found;

		close_and_remove(fixture);
		fixture->store = open_store(fixture);
		add(fixture, T0, "198.51.100.1", BS_BOUNCE, T0 + DAY_S);
		add(fixture, T0, "198.51.100.2", BS_BOUNCE, NEVER);
		add(fixture, T0, "198.51.100.3", BS_BOUNCE, NEVER);
		assert_clean(fixture->store);
		tamper(fixture, wrong_rows[i].table, wrong_rows[i].key,
		    wrong_rows[i].value);
		found = verify_store(fixture->store);
		if (wrong_rows[i].found_table == NULL) {
			assert_int_equal(found.count, 0);
			continue;
		}
		if (found.count == 0 ||
		    strcmp(found.table, wrong_rows[i].found_table) != 0 ||
		    strstr(found.what, wrong_rows[i].found_what) == NULL)
			fail_msg("%s: %zu: %s %s: %s", wrong_rows[i].name,
			    found.count, found.table, found.key, found.what);
	}
}

/* 127.0.0.1 got in by no way of ours. */
static void
never_listed(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing = {.classes = BS_BOUNCE,
	    .class[0] = {.last_s = T0, .expires_s = NEVER}};
	uint8_t bytes[BS_LISTING_VALUE_MAX];
	char hex[2 * BS_LISTING_VALUE_MAX + 1];
	struct found found;
	size_t size;

	listing.prefix = prefix_of("127.0.0.1");
	size = bs_listing_encode(&listing, bytes);
	for (size_t i = 0; i < size; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	tamper(fixture, BS_TABLE_LISTING4, "7f00000120", hex);
	found = verify_store(fixture->store);
	assert_string_equal(found.key, "127.0.0.1");
	assert_non_null(strstr(found.what, "never"));
}

/* --- backups ---------------------------------------------------------------- */

static void
backup(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store *copy;
	struct bs_store_brief brief, own;
	struct stat status;
	char path[128];
	uint64_t bytes;

	fill(fixture);
	bytes = back_up(fixture, "backup", path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0660);
	assert_int_equal(status.st_size, bytes);
	/* what comes later is not in it; over an older one */
	add(fixture, T0 + 10 * WEEK_S, "198.51.100.77", BS_BOUNCE, NEVER);
	assert_int_equal(bs_store_open_file(path, BS_STORE_READ, false, &copy,
			     &fixture->message),
	    BS_OK);
	assert_clean(copy);
	assert_int_equal(bs_store_brief(copy, &brief), BS_OK);
	assert_int_equal(bs_store_brief(fixture->store, &own), BS_OK);
	assert_int_equal(brief.listings, own.listings - 1);
	assert_int_equal(brief.serial, own.serial - 1);
	assert_int_equal(own.written_s, T0 + 10 * WEEK_S);
	bs_store_free(&copy);
	(void)back_up(fixture, "backup", path);
	/* nowhere, and over a folder: nothing is left behind */
	assert_int_equal(bs_store_backup(fixture->store, "/nowhere/backup",
			     &bytes, &fixture->message),
	    BS_ESYSTEM);
	assert_int_equal(bs_store_backup(fixture->store, fixture->path, &bytes,
			     &fixture->message),
	    BS_ESYSTEM);
	assert_non_null(strstr(fixture->message.text, fixture->path));
	(void)snprintf(
	    path, sizeof(path), "test $(ls '%s' | wc -l) = 3", fixture->path);
	assert_int_equal(system(path), 0);
}

static void
files_that_are_none(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store *store;
	char path[128];

	assert_int_equal(bs_store_open_file("/nowhere", BS_STORE_READ, false,
			     &store, &fixture->message),
	    BS_ESYSTEM);
	assert_int_equal(bs_store_open_file(fixture->path, BS_STORE_READ, false,
			     &store, &fixture->message),
	    BS_EFOREIGN);
	(void)snprintf(path, sizeof(path), "%s", file_in(fixture, "backup"));
	write_file(path, "", 0);
	assert_int_equal(bs_store_open_file(path, BS_STORE_READ, false, &store,
			     &fixture->message),
	    BS_ECORRUPT);
	write_file(path, "no database", 11);
	assert_int_equal(bs_store_open_file(path, BS_STORE_READ, false, &store,
			     &fixture->message),
	    BS_EFOREIGN);
}

/* --- replacing -------------------------------------------------------------- */

static void
in_use(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_hold *hold = NULL;
	pid_t child;
	int status;

	/* the lock is a process's: another one has to ask */
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int error =
		    bs_store_hold_new(fixture->path, &hold, &fixture->message);

		_exit(error == BS_EBUSY &&
			      strstr(fixture->message.text, "in use") != NULL
			  ? 0
			  : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* A program that starts meanwhile waits, and has the new file then. */
static void
replaced(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_hold *hold;
	char path[128];
	int status;
	pid_t child;

	add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
	(void)back_up(fixture, "other", path);
	for (uint32_t i = 0; i < 7; i++)
		add(fixture, T0 + i, "198.51.100.2", BS_BOUNCE, NEVER);
	bs_store_free(&fixture->store);
	assert_int_equal(
	    bs_store_hold_new(fixture->path, &hold, &fixture->message), BS_OK);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct bs_store_brief brief;

		fixture->store = open_store(fixture);
		add(fixture, T0, "198.51.100.3", BS_BOUNCE, NEVER);
		_exit(bs_store_brief(fixture->store, &brief) == BS_OK &&
			      brief.listings == 2
			  ? 0
			  : 1);
	}
	(void)usleep(50000); /* it waits by now, or comes later: both do */
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	assert_int_equal(
	    bs_store_hold_replace(hold, path, &fixture->message), BS_OK);
	bs_store_hold_free(&hold);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	fixture->store = open_store(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 2);
	assert_int_equal(cover(fixture, "198.51.100.2"), 0);
	assert_clean(fixture->store);
	/* and what it was */
	bs_store_free(&fixture->store);
	(void)snprintf(
	    path, sizeof(path), "%s/" BS_STORE_OLD_NAME, fixture->path);
	assert_int_equal(bs_store_open_file(path, BS_STORE_READ, false,
			     &fixture->store, &fixture->message),
	    BS_OK);
	assert_int_equal(cover(fixture, "198.51.100.2"), BS_BOUNCE);
}

/* Into an empty folder, too. */
static void
restored_anew(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_hold *hold;
	char path[128], name[128];

	add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
	(void)back_up(fixture, "other", path);
	close_and_remove(fixture);
	assert_int_equal(
	    bs_store_hold_new(fixture->path, &hold, &fixture->message), BS_OK);
	assert_int_equal(
	    bs_store_hold_file(hold, name, sizeof(name), &fixture->message),
	    BS_OK);
	assert_int_equal(rename(path, name), 0);
	assert_int_equal(
	    bs_store_hold_replace(hold, name, &fixture->message), BS_OK);
	bs_store_hold_free(&hold);
	fixture->store = open_store(fixture);
	assert_int_equal(cover(fixture, "198.51.100.1"), BS_BOUNCE);
}

/* --- schemas ---------------------------------------------------------------- */

static void
put_schema(struct fixture *fixture, uint32_t schema)
{
	uint8_t bytes[BS_SCHEMA_SIZE];
	char hex[2 * BS_SCHEMA_SIZE + 1];
	size_t size = bs_schema_encode(schema, T0, bytes);

	for (size_t i = 0; i < size; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	tamper(fixture, BS_TABLE_META, "6261636b73746f70", hex);
}

static void
older_schema(void **state)
{
	struct fixture *fixture = *state;
	char path[128];

	add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
	put_schema(fixture, BS_STORE_SCHEMA_OLDEST);
	bs_store_free(&fixture->store);
	(void)snprintf(path, sizeof(path), "%s/data.mdb", fixture->path);
	if (BS_STORE_SCHEMA_OLDEST < BS_STORE_SCHEMA) {
		assert_int_equal(bs_store_open(fixture->path, BS_STORE_WRITE,
				     &fixture->store, &fixture->message),
		    BS_EVERSION);
		assert_non_null(
		    strstr(fixture->message.text, "backstopctl upgrade"));
	}
	assert_int_equal(bs_store_open_file(path, BS_STORE_WRITE, true,
			     &fixture->store, &fixture->message),
	    BS_OK);
	assert_clean(fixture->store);
	bs_store_free(&fixture->store);
	fixture->store = open_store(fixture);
	assert_int_equal(cover(fixture, "198.51.100.1"), BS_BOUNCE);
}

static void
other_schemas(void **state)
{
	struct fixture *fixture = *state;
	static const uint32_t schemas[] = {
	    BS_STORE_SCHEMA + 1, BS_STORE_SCHEMA_OLDEST - 1};

	for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
		struct bs_store *store;
		char path[128];

		put_schema(fixture, schemas[i]);
		bs_store_free(&fixture->store);
		(void)snprintf(
		    path, sizeof(path), "%s/data.mdb", fixture->path);
		assert_int_equal(bs_store_open(fixture->path, BS_STORE_WRITE,
				     &store, &fixture->message),
		    BS_EVERSION);
		assert_non_null(
		    strstr(fixture->message.text, "backstopctl import"));
		assert_int_equal(bs_store_open_file(path, BS_STORE_WRITE, true,
				     &store, &fixture->message),
		    BS_EVERSION);
		(void)unlink(file_in(fixture, "data.mdb"));
		(void)unlink(file_in(fixture, "lock.mdb"));
		fixture->store = open_store(fixture);
	}
}

/* --- children -------------------------------------------------------------- */

static int
ends_well(void *context)
{
	*(int *)context = 42;
	return 7;
}

static int
crashes(void *context)
{
	*(int *)context = 43;
	(void)kill(getpid(), SIGBUS);
	return 0;
}

static void
in_children(void **state)
{
	int *shared = bs_child_share(sizeof(*shared));
	struct bs_child_end end;

	(void)state;
	assert_non_null(shared);
	assert_int_equal(bs_child_run(ends_well, shared, &end), BS_OK);
	assert_false(end.crashed);
	assert_int_equal(end.code, 7);
	assert_int_equal(*shared, 42);
	assert_int_equal(bs_child_run(crashes, shared, &end), BS_OK);
	assert_true(end.crashed);
	assert_int_equal(end.signal, SIGBUS);
	assert_int_equal(*shared, 43);
	bs_child_unshare(shared, sizeof(*shared));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(sound),
	    CASE(wrong_records),
	    CASE(never_listed),
	    CASE(backup),
	    CASE(files_that_are_none),
	    CASE(in_use),
	    CASE(replaced),
	    CASE(restored_anew),
	    CASE(older_schema),
	    CASE(other_schemas),
	    cmocka_unit_test(in_children),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
