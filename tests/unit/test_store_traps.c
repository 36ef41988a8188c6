/*
 * What LMDB gets wrong or leaves to its users (and no other test of the store
 * has): a map that is full to the last page, all reader slots taken, two
 * programs with maps of different sizes, children of a process that has the
 * database open, a reader killed while it holds a snapshot for long.
 *
 * Elsewhere: files truncated, foreign, empty, damaged, on network file systems,
 * without rights (test_store_open), killed readers and writers
 * (test_store_write), full disks (tests/system/lmdb), any instant of a kill
 * (tests/system/crash).
 */
#include "autoconf.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "store_admin.h"
#include "store_fixture.h"

#define NEVER BS_LISTING_FOREVER

static void
reopen_with(struct fixture *fixture, size_t map_bytes)
{
	const struct bs_store_limits limits = {.map_bytes = map_bytes,
	    .journal_entries = 1000,
	    .journal_s = 30 * DAY_S,
	    .changes = BS_STORE_CHANGES};

	bs_store_free(&fixture->store);
	if (bs_store_open_with(fixture->path, BS_STORE_WRITE, &limits,
		&fixture->store, &fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
}

static struct bs_prefix
host(uint32_t i)
{
	struct bs_addr addr = {.family = BS_IPV4};

	bs_put_be32(addr.octet, 0x0b000000u + i);
	return bs_prefix_single(&addr);
}

/* Lists hosts in groups of 100 from `from` on, until that fails; how many are
 * there then. */
static uint32_t
fill(struct fixture *fixture, uint32_t from, uint32_t expires_s)
{
	for (;;) {
		struct bs_writer *writer = begin_at(fixture, T0);
		int error = BS_OK;

		for (int i = 0; error == BS_OK && i < 100; i++) {
			struct bs_prefix prefix = host(from);
			bool new;

			error = bs_writer_add(
			    writer, &prefix, BS_BOUNCE, expires_s, "", &new);
			from += error == BS_OK;
		}
		commit(writer);
		if (error != BS_OK) {
			assert_int_equal(error, BS_EFULL);
			return from;
		}
	}
}

/* --- a full map -------------------------------------------------------------- */

/* Fills the map with sightings in groups of 100, each of a host of its own; how
 * many there are. */
static uint32_t
fill_seen(struct fixture *fixture)
{
	uint32_t count = 0;

	for (;;) {
		struct bs_writer *writer = begin_at(fixture, T0);
		int error = BS_OK;

		for (int i = 0; error == BS_OK && i < 100; i++) {
			struct bs_sighting sighting = sighting_of(
			    fixture, "192.0.2.1", BS_BOUNCE, T0, count);
			enum bs_outcome outcome;

			sighting.source = host(count).addr;
			error = bs_writer_sighting(
			    writer, &fixture->policy, &sighting, &outcome);
			count += error == BS_OK;
		}
		commit(writer);
		if (error != BS_OK) {
			assert_int_equal(error, BS_EFULL);
			return count;
		}
	}
}

/* At 90 %, taken off one by one, in no order, to the last: the file goes no
 * further, and there is room again in the end. */
static void
removed_one_by_one(void **state)
{
	struct fixture *fixture = *state;
	uint32_t count, most = 0;

	reopen_with(fixture, 8u << 20);
	count = fill_seen(fixture);
	assert_true(count > 1000);
	for (uint32_t i = 0; i < count; i++) {
		/* an odd prime above all factors that may be */
		struct bs_prefix prefix =
		    host((uint32_t)((uint64_t)i * 1000003 % count));
		struct bs_writer *writer = begin_at(fixture, T0 + 1);

		if (bs_writer_remove(writer, &prefix, "asked") != BS_OK)
			fail_msg("%u of %u", i, count);
		commit(writer);
		if (i % 100 == 0 && stats_at(fixture, T0).used_bytes > most)
			most = (uint32_t)stats_at(fixture, T0).used_bytes;
	}
	assert_true(most < (8u << 20) / 100 * 98);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
	assert_int_equal(stats_at(fixture, T0).sightings, 0);
	assert_int_equal(see_new(fixture, T0 + 2, "198.51.100.2", BS_BOUNCE),
	    BS_OUTCOME_LISTED);
}

/* Lists so many hosts, in groups of 100. */
static void
list_many(struct fixture *fixture, uint32_t count)
{
	for (uint32_t i = 0; i < count; i += 100) {
		struct bs_writer *writer = begin_at(fixture, T0);

		for (uint32_t j = i; j < i + 100; j++) {
			struct bs_prefix prefix = host(j);
			bool new;

			assert_int_equal(bs_writer_add(writer, &prefix,
					     BS_BOUNCE, NEVER, "", &new),
			    BS_OK);
		}
		commit(writer);
	}
}

/* At 90 % all that makes it larger is refused, one by one; what a person takes
 * off goes, and what time ends until nothing is left. */
static void
nothing_new(void **state)
{
	struct fixture *fixture = *state;
	struct bs_prefix prefix = prefix_of("198.51.100.1");
	struct bs_listing listing = {.prefix = prefix,
	    .classes = BS_BOUNCE,
	    .class[0] = {.last_s = T0, .expires_s = NEVER}};
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.2", BS_BOUNCE, T0, 1);
	struct bs_writer *writer;
	enum bs_outcome outcome;
	uint32_t count;
	bool new;

	reopen_with(fixture, 4u << 20);
	count = fill(fixture, 0, T0 + DAY_S);
	writer = begin_at(fixture, T0);
	assert_int_equal(
	    bs_writer_add(writer, &prefix, BS_BOUNCE, NEVER, "", &new),
	    BS_EFULL);
	assert_int_equal(bs_writer_import(writer, &listing, &new), BS_EFULL);
	assert_int_equal(bs_writer_exempt(writer, &prefix, "", &new), BS_EFULL);
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_EFULL);
	commit(writer);
	for (uint32_t i = 0; i < 100; i++) {
		writer = begin_at(fixture, T0);
		prefix = host(i);
		assert_int_equal(bs_writer_remove(writer, &prefix, ""), BS_OK);
		commit(writer);
	}
	for (uint32_t i = 0; i < count; i += BS_STORE_EXPIRY_STEP)
		pass(fixture, T0 + DAY_S);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
	add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
}

/*
 * To the last page: a transaction that ignores the limit, as one of an earlier
 * version might have, and a reader that keeps all pages.  Expiry and removal go
 * on as soon as the reader has gone.
 */
static void
to_the_last_page(void **state)
{
	struct fixture *fixture = *state;
	struct bs_snapshot *reader;
	uint32_t count;
	int error = BS_OK;

	reopen_with(fixture, 4u << 20);
	count = fill(fixture, 0, T0 + DAY_S);
	reader = snapshot_now(fixture);
	/* each commit needs pages that the reader does not let go */
	for (int i = 0; error == BS_OK && i < 1000; i++) {
		uint8_t key_bytes[8] = {1}, value_bytes[3000] = {0};
		MDB_val key = {sizeof(key_bytes), key_bytes};
		MDB_val value = {sizeof(value_bytes), value_bytes};
		struct bs_writer *writer = begin_at(fixture, T0);

		bs_put_be64(key_bytes, (uint64_t)i);
		error = bs_writer_put(writer, BS_TABLE_SEEN, &key, &value, 0);
		if (error == BS_OK)
			error = bs_writer_commit(&writer, &fixture->message);
		else
			bs_writer_abort(&writer);
	}
	assert_int_equal(error, BS_EFULL);
	bs_snapshot_free(&reader);
	remove_at(fixture, T0, "11.0.0.1");
	assert_int_equal(cover(fixture, "11.0.0.1"), 0);
	assert_true(get(fixture, "11.0.0.2", &(struct bs_listing){0}));
	for (uint32_t i = 0; i < count; i += 50)
		pass(fixture, T0 + DAY_S);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

/* --- readers ----------------------------------------------------------------- */

/* All slots of the lock file. */
static void
too_many_readers(void **state)
{
	struct fixture *fixture = *state;
	static struct bs_snapshot *reader[BS_STORE_READERS_MAX + 256];
	size_t count = 0;
	int error = BS_OK;

	add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
	while (error == BS_OK && count < sizeof(reader) / sizeof(reader[0])) {
		error = bs_snapshot_new(
		    fixture->store, &reader[count], &fixture->message);
		if (error == BS_OK)
			error = bs_snapshot_renew(reader[count++]);
	}
	assert_int_equal(error, BS_EBUSY);
	assert_true(count >= BS_STORE_READERS_MAX - 1);
	assert_non_null(strstr(fixture->message.text, "too many readers"));
	/* who writes needs no slot */
	add(fixture, T0, "198.51.100.2", BS_BOUNCE, NEVER);
	bs_snapshot_free(&reader[--count]);
	assert_int_equal(cover(fixture, "198.51.100.2"), BS_BOUNCE);
	while (count > 0)
		bs_snapshot_free(&reader[--count]);
}

/* Processes that were killed had taken all of them: they are cleared. */
static void
dead_readers(void **state)
{
	struct fixture *fixture = *state;
	int ready[2], status;
	char byte;
	pid_t child;

	add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
	bs_store_free(&fixture->store);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct bs_snapshot *reader;

		fixture->store = open_store(fixture);
		for (int i = 0; i < BS_STORE_READERS_MAX + 256; i++) {
			if (bs_snapshot_new(fixture->store, &reader, NULL) !=
				BS_OK ||
			    bs_snapshot_renew(reader) != BS_OK)
				break;
		}
		_exit(write(ready[1], "r", 1) == 1 && pause() ? 1 : 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	/* a program that has it open already finds no slot while they live */
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	fixture->store = open_store(fixture);
	assert_int_equal(cover(fixture, "198.51.100.1"), BS_BOUNCE);
	assert_int_equal(bs_store_clear_readers(fixture->store), 0);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

/* --- maps of different sizes -------------------------------------------------- */

static void
smaller_map(void **state)
{
	struct fixture *fixture = *state;
	int to[2], from[2], status;
	char byte = 'x';
	pid_t child;

	bs_store_free(&fixture->store);
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		/* the one with the smaller map, before and after */
		reopen_with(fixture, 1u << 20);
		add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
		if (write(from[1], &byte, 1) != 1 || read(to[0], &byte, 1) != 1)
			_exit(2);
		add(fixture, T0, "198.51.100.2", BS_BOUNCE, NEVER);
		_exit(cover(fixture, "11.0.0.1") == BS_BOUNCE ? 0 : 3);
	}

	assert_int_equal(read(from[0], &byte, 1), 1);
	reopen_with(fixture, 64u << 20);
	list_many(fixture, 20000);
	assert_int_equal(write(to[1], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(cover(fixture, "198.51.100.2"), BS_BOUNCE);
	for (int i = 0; i < 2; i++) {
		(void)close(to[i]);
		(void)close(from[i]);
	}
}

/* The same with snapshots, as a server has them: those that are released go
 * along, in a reader and in a writer; one that is held keeps the map. */
static void
smaller_map_with_snapshots(void **state)
{
	struct fixture *fixture = *state;
	struct bs_snapshot *snapshot, *held;
	struct bs_cover covered;
	struct bs_addr addr = addr_of("11.0.0.1");
	int to[2], status;
	char byte = 'x';
	pid_t child;

	bs_store_free(&fixture->store);
	assert_int_equal(pipe(to), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (read(to[0], &byte, 1) != 1)
			_exit(2);
		reopen_with(fixture, 64u << 20);
		list_many(fixture, 20000);
		_exit(0);
	}
	reopen_with(fixture, 1u << 20);
	assert_int_equal(
	    bs_snapshot_new(fixture->store, &snapshot, NULL), BS_OK);
	assert_int_equal(bs_snapshot_new(fixture->store, &held, NULL), BS_OK);
	assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
	assert_int_equal(bs_snapshot_renew(held), BS_OK);
	bs_snapshot_release(snapshot);
	assert_int_equal(write(to[1], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	(void)close(to[0]);
	(void)close(to[1]);
	/* pages that are in use are not moved */
	assert_int_equal(bs_snapshot_renew(snapshot), BS_EBUSY);
	assert_int_equal(
	    bs_snapshot_cover(held, &addr, BS_CLASSES_ALL, &covered), BS_OK);
	assert_int_equal(covered.classes, 0);
	bs_snapshot_release(held);
	assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
	assert_int_equal(
	    bs_snapshot_cover(snapshot, &addr, BS_CLASSES_ALL, &covered),
	    BS_OK);
	add(fixture, T0, "198.51.100.2", BS_BOUNCE, NEVER);
	assert_int_equal(bs_snapshot_renew(held), BS_OK);
	assert_int_equal(covered.classes, BS_BOUNCE);
	addr = addr_of("198.51.100.2");
	assert_int_equal(
	    bs_snapshot_cover(held, &addr, BS_CLASSES_ALL, &covered), BS_OK);
	assert_int_equal(covered.classes, BS_BOUNCE);
	bs_snapshot_free(&snapshot);
	bs_snapshot_free(&held);
}

/* --- children ----------------------------------------------------------------- */

/* A child can't use it, and its end takes nothing from its parent. */
static void
no_use_in_children(void **state)
{
	struct fixture *fixture = *state;
	struct bs_snapshot *reader;
	int status;
	pid_t child;

	add(fixture, T0, "198.51.100.1", BS_BOUNCE, NEVER);
	reader = snapshot_now(fixture);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct bs_writer *writer;
		struct bs_snapshot *other;
		bool good = bs_writer_begin(fixture->store, T0, "child",
				&writer, &fixture->message) == BS_ESYSTEM &&
			    strstr(fixture->message.text, "child") != NULL &&
			    bs_snapshot_new(fixture->store, &other,
				&fixture->message) == BS_ESYSTEM;

		bs_store_free(&fixture->store);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* the parent's snapshot is still its own: what it holds stays */
	for (uint32_t i = 0; i < 50; i++)
		add(fixture, T0, "198.51.100.2", BS_BOUNCE, T0 + 10 + i);
	assert_true(stats_at(fixture, T0).readers >= 1);
	{
		struct bs_listing listing;
		struct bs_prefix prefix = prefix_of("198.51.100.2");

		assert_int_equal(
		    bs_snapshot_get(reader, &prefix, &listing), BS_ENOTFOUND);
	}
	bs_snapshot_free(&reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(nothing_new),
	    CASE(removed_one_by_one),
	    CASE(to_the_last_page),
	    CASE(too_many_readers),
	    CASE(dead_readers),
	    CASE(smaller_map),
	    CASE(smaller_map_with_snapshots),
	    CASE(no_use_in_children),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
