/*
 * Where a commit's pages are written: next to each other, with nothing left
 * behind in the database, and with little more of the file while a reader keeps
 * pages from being used again.
 */
#include "autoconf.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store_fixture.h"

#define GROUP 10
#define PAGE 4096

/* A group of sightings with identities all over the table. */
static void
write_group(struct fixture *fixture, unsigned number)
{
	struct bs_writer *writer = begin_at(fixture, T0 + number / 10);

	for (unsigned i = 0; i < GROUP; i++) {
		unsigned each = number * GROUP + i;
		struct bs_sighting sighting = sighting_of(
		    fixture, "192.0.2.9", BS_BOUNCE, T0 + number / 10, each);
		uint64_t spread = (each + 1) * 0x9e3779b97f4a7c15u;
		enum bs_outcome outcome;

		memcpy(sighting.identity, &spread, sizeof(spread));
		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_OK);
	}
	commit(writer);
}

static uint8_t *
read_data(struct fixture *fixture, size_t *size_r)
{
	FILE *file = fopen(file_in(fixture, "data.mdb"), "rb");
	struct stat status;
	uint8_t *bytes;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*size_r = (size_t)status.st_size;
	bytes = malloc(*size_r);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *size_r, file), *size_r);
	(void)fclose(file);
	return bytes;
}

/* How many pages differ, and in how many places; meta pages are not counted. */
static void
compare(struct fixture *fixture, const uint8_t *before, size_t before_size,
    unsigned *pages_r, unsigned *places_r)
{
	size_t size;
	uint8_t *after = read_data(fixture, &size);
	bool was = false;

	*pages_r = *places_r = 0;
	for (size_t at = 2 * (size_t)PAGE; at + PAGE <= size; at += PAGE) {
		bool differs = at + PAGE > before_size ||
			       memcmp(before + at, after + at, PAGE) != 0;

		*pages_r += differs;
		*places_r += differs && !was;
		was = differs;
	}
	free(after);
}

static void
pages_lie_together(void **state)
{
	struct fixture *fixture = *state;
	unsigned pages = 0, places = 0;

	for (unsigned i = 0; i < 1000; i++)
		write_group(fixture, i);
	for (unsigned i = 1000; i < 1020; i++) {
		size_t size;
		uint8_t *before = read_data(fixture, &size);
		unsigned some, where;

		write_group(fixture, i);
		compare(fixture, before, size, &some, &where);
		free(before);
		pages += some;
		places += where;
	}
	/* without it there are nearly as many places as pages */
	assert_true(pages > 20 * 15);
	assert_true(places * 2 < pages);
}

static void
nothing_stays(void **state)
{
	struct fixture *fixture = *state;
	struct bs_snapshot *snapshot;
	MDB_cursor *cursor;
	MDB_val key, value;
	size_t count = 0;

	write_group(fixture, 0);
	write_group(fixture, 1);
	snapshot = snapshot_now(fixture);
	assert_int_equal(mdb_cursor_open(snapshot->txn,
			     fixture->store->dbi[BS_TABLE_TRIM], &cursor),
	    0);
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
		assert_int_equal(value.mv_size, 0);
		count++;
	}
	mdb_cursor_close(cursor);
	bs_snapshot_free(&snapshot);
	assert_true(count > 2 * GROUP);
}

/* Memory that was used before, with mail in it, is not written: here malloc fills
 * what it hands out, and a sanitizer's with the same byte. */
static void
nothing_else_is_written(void **state)
{
	struct fixture *fixture = *state;
	size_t size, run = 0, longest = 0;
	uint8_t *bytes;

	(void)mallopt(M_PERTURB, 0xbe ^ 0xff);
	write_group(fixture, 0);
	write_group(fixture, 1);
	(void)mallopt(M_PERTURB, 0);
	bytes = read_data(fixture, &size);
	for (size_t i = 0; i < size; i++) {
		run = bytes[i] == 0xbe ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	free(bytes);
	assert_in_range(longest, 0, 32);
}

/* Not even a key that the room would have. */
static void
nothing_is_replaced(void **state)
{
	struct fixture *fixture = *state;
	char name[] = "ab", text[] = "text";
	MDB_val key = {.mv_size = 2, .mv_data = name};
	MDB_val with_0 = {.mv_size = 3, .mv_data = name}, value;
	struct bs_writer *writer = begin_at(fixture, T0);

	value = (MDB_val){.mv_size = sizeof(text), .mv_data = text};
	assert_int_equal(
	    bs_writer_put(writer, BS_TABLE_FEED, &with_0, &value, 0), BS_OK);
	commit(writer);
	writer = begin_at(fixture, T0);
	assert_false(writer->gathered);
	assert_int_equal(
	    bs_writer_put(writer, BS_TABLE_FEED, &key, &value, 0), BS_OK);
	assert_true(writer->gathered);
	commit(writer);
	writer = begin_at(fixture, T0);
	assert_int_equal(
	    bs_writer_fetch(writer, BS_TABLE_FEED, &with_0, &value), BS_OK);
	assert_int_equal(value.mv_size, sizeof(text));
	assert_memory_equal(value.mv_data, text, sizeof(text));
	bs_writer_abort(&writer);
}

static uint64_t
last_page(const struct fixture *fixture)
{
	MDB_envinfo info;

	assert_int_equal(mdb_env_info(fixture->store->env, &info), 0);
	return info.me_last_pgno;
}

static uint64_t
file_bytes(struct fixture *fixture)
{
	struct stat status;

	assert_int_equal(stat(file_in(fixture, "data.mdb"), &status), 0);
	return (uint64_t)status.st_size;
}

/* Room at the end of the file is there before the commit that takes it, as it
 * could not be made behind it on a full disk. */
static void
the_file_is_long_enough(void **state)
{
	struct fixture *fixture = *state;
	unsigned grew = 0;

	for (unsigned i = 0; i < 50; i++) {
		uint64_t before = last_page(fixture), ready;
		struct bs_writer *writer = begin_at(fixture, T0 + i);
		struct bs_sighting sighting =
		    sighting_of(fixture, "192.0.2.9", BS_BOUNCE, T0 + i, i);
		enum bs_outcome outcome;

		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_OK);
		ready = file_bytes(fixture);
		commit(writer);
		if (last_page(fixture) < before + 32)
			continue;
		grew++;
		assert_true(ready >= (before + 32) * PAGE);
	}
	assert_true(grew > 0);
}

/* A map with less room than that takes sightings as before. */
static void
a_small_map_goes_without(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_limits limits = bs_store_limits_default();

	limits.map_bytes = 60 * (size_t)PAGE;
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &limits, &fixture->store, &fixture->message),
	    BS_OK);
	assert_int_equal(
	    see_new(fixture, T0, "192.0.2.9", BS_BOUNCE), BS_OUTCOME_LISTED);
	assert_true(last_page(fixture) < 40);
}

/* Nor is it asked for where the file can't be made as long. */
static void
a_full_disk_goes_without(void **state)
{
	struct fixture *fixture = *state;
	struct rlimit limit, before;
	uint64_t last = last_page(fixture);

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	limit = before;
	limit.rlim_cur = (last + 60) * PAGE;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(
	    see_new(fixture, T0, "192.0.2.9", BS_BOUNCE), BS_OUTCOME_LISTED);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(last_page(fixture) < last + 32);
}

/* A group changes more than 20 pages. */
static void
a_reader_costs_little(void **state)
{
	struct fixture *fixture = *state;
	MDB_txn *reader;
	uint64_t before;

	for (unsigned i = 0; i < 100; i++)
		write_group(fixture, i);
	assert_int_equal(
	    mdb_txn_begin(fixture->store->env, NULL, MDB_RDONLY, &reader), 0);
	/* what was free before it is used first */
	for (unsigned i = 100; i < 300; i++)
		write_group(fixture, i);
	before = last_page(fixture);
	for (unsigned i = 300; i < 380; i++)
		write_group(fixture, i);
	assert_true(last_page(fixture) - before < 80 * 28);
	mdb_txn_abort(reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		pages_lie_together, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		nothing_stays, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		nothing_else_is_written, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		nothing_is_replaced, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		the_file_is_long_enough, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		a_small_map_goes_without, fixture_folder, fixture_close),
	    cmocka_unit_test_setup_teardown(
		a_full_disk_goes_without, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		a_reader_costs_little, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests_name("store_gather", tests, NULL, NULL);
}
