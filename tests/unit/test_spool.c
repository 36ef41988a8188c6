/*
 * Spools of messages: in memory up to a bound, then in a file that has no name,
 * written at once or in a thread.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "reserve.h"
#include "spoolwrite.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* The same file, and nothing can be written by way of it. */
static void
check_lent(const struct spool *spool, bool in_file)
{
	int file = spool_lend(spool);
	struct stat lent, own;

	if (!in_file) {
		assert_int_equal(file, -1);
		return;
	}
	assert_int_equal(fstat(file, &lent), 0);
	assert_int_equal(fstat(spool_file(spool), &own), 0);
	assert_true(lent.st_dev == own.st_dev && lent.st_ino == own.st_ino);
	assert_int_equal(write(file, "x", 1), -1);
	assert_int_equal(ftruncate(file, 0), -1);
	assert_int_equal(close(file), 0);
}

static void
check_spool(const struct spool *spool, size_t size)
{
	char byte;
	size_t got;

	assert_int_equal(spool_size(spool), size);
	assert_int_equal(spool_bytes(spool) == NULL, size > SPOOL_MEMORY_MAX);
	assert_int_equal(spool_file(spool) >= 0, size > SPOOL_MEMORY_MAX);
	check_lent(spool, size > SPOOL_MEMORY_MAX);
	for (size_t at = 0; at < size; at += 1001) {
		assert_int_equal(spool_read(spool, at, &byte, 1, &got), BS_OK);
		assert_int_equal(got, 1);
		assert_int_equal((unsigned char)byte, at % 251);
	}
}

static void
test_spool(void **state)
{
	static const size_t sizes[] = {0, 1, 4096, 4097, SPOOL_MEMORY_MAX,
	    SPOOL_MEMORY_MAX + 1, 5 * SPOOL_MEMORY_MAX};

	(void)state;
	for (size_t i = 0; i < ROWS(sizes); i++) {
		struct spool *spool = spool_new("/tmp");

		assert_non_null(spool);
		for (size_t at = 0; at < sizes[i]; at++) {
			char byte = (char)(at % 251);

			assert_int_equal(spool_add(spool, &byte, 1), BS_OK);
			if (spool_is_due(spool, at + 1 == sizes[i]))
				assert_int_equal(spool_write(spool), BS_OK);
		}
		assert_false(spool_is_due(spool, true));
		check_spool(spool, sizes[i]);
		spool_free(&spool);
		assert_null(spool);
	}
}

static void
test_spool_without_folder(void **state)
{
	struct spool *spool = spool_new("/nonexistent");
	static char bytes[SPOOL_MEMORY_MAX];

	(void)state;
	assert_int_equal(spool_add(spool, bytes, sizeof(bytes)), BS_OK);
	assert_false(spool_is_due(spool, true));
	assert_int_equal(spool_add(spool, bytes, 1), BS_OK);
	assert_true(spool_is_due(spool, false));
	assert_int_equal(spool_write(spool), BS_EIO);
	/* that is what it says from now on, and there is no other try */
	assert_int_equal(spool_add(spool, "", 0), BS_EIO);
	assert_false(spool_is_due(spool, true));
	spool_free(&spool);
}

/* A loop, and what it has come to. */
struct writing {
	uv_loop_t loop;
	struct spool *spool;
	int done;
};

static void
on_spooled(void *context)
{
	struct writing *writing = context;

	writing->done++;
}

static void
test_spool_in_a_thread(void **state)
{
	static char bytes[SPOOL_MEMORY_MAX + 1];
	static const char *const folders[] = {"/tmp", "/nonexistent"};
	static const int results[] = {BS_OK, BS_EIO};

	(void)state;
	for (size_t i = 0; i < ROWS(folders); i++) {
		struct writing writing = {.spool = spool_new(folders[i])};

		assert_int_equal(uv_loop_init(&writing.loop), 0);
		assert_int_equal(
		    spool_add(writing.spool, bytes, sizeof(bytes)), BS_OK);
		assert_int_equal(spoolwrite_start(&writing.loop, writing.spool,
				     on_spooled, &writing),
		    BS_OK);
		assert_int_equal(writing.done, 0);
		assert_int_equal(uv_run(&writing.loop, UV_RUN_DEFAULT), 0);
		assert_int_equal(writing.done, 1);
		assert_int_equal(spool_add(writing.spool, "", 0), results[i]);
		assert_int_equal(
		    spool_file(writing.spool) >= 0, results[i] == BS_OK);
		spool_free(&writing.spool);
		assert_int_equal(uv_loop_close(&writing.loop), 0);
	}
}

/* Mail that would take what is left for the database is not written. */
static void
test_reserve(void **state)
{
	uint64_t spare = reserve_spare("/tmp");

	(void)state;
	assert_true(reserve_allows("/tmp", 0));
	assert_true(spare > 0);
	/* more than there is, whatever others write meanwhile */
	assert_false(reserve_allows("/tmp", spare + RESERVE_MAX));
	assert_true(reserve_spare("/nonexistent") == UINT64_MAX);
	assert_true(reserve_allows("/nonexistent", UINT64_MAX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reserve),
	    cmocka_unit_test(test_spool),
	    cmocka_unit_test(test_spool_without_folder),
	    cmocka_unit_test(test_spool_in_a_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
