/*
 * What people are told of sightings that are on disk ahead of the database only:
 * how many, whose, and where that can't be said.
 */
#include "autoconf.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ahead_fixture.h"
#include "store_admin.h"

static void
counted(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	assert_int_equal(due_ahead(fixture).sightings, 0); /* no file */
	write_ahead(fixture);
	assert_int_equal(due_ahead(fixture).sightings, 0);
	writer = begin_ahead(fixture);
	for (unsigned host = 1; host <= 5; host++) {
		take_in(fixture, writer, host);
		if (host % 2 == 0)
			assert_int_equal(bs_writer_secure(writer), BS_OK);
	}
	/* it is on its way */
	assert_int_equal(due_ahead(fixture).sightings, 4);
	assert_true(due_ahead(fixture).in_use);
	bs_writer_abort(&writer);
	crash(fixture);
	assert_int_equal(due_ahead(fixture).sightings, 4);
	assert_false(due_ahead(fixture).in_use);
	assert_false(due_ahead(fixture).foreign);
	recover(fixture);
	assert_int_equal(due_ahead(fixture).sightings, 0);
	crash(fixture);
	assert_int_equal(due_ahead(fixture).sightings, 0);
	/* nor has looking changed anything */
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 4);
}

static void
counted_of_another_database(void **state)
{
	struct fixture *fixture = *state;

	put_back(fixture, 3);
	assert_int_equal(due_ahead(fixture).sightings, 4);
	assert_true(due_ahead(fixture).foreign);
	commit(begin_ahead(fixture));
	assert_int_equal(due_ahead(fixture).sightings, 0);
}

static void
not_to_be_counted(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_due due;

	write_ahead(fixture);
	leave_due(fixture, 1);
	crash(fixture);
	damage(fixture, 7);
	assert_int_equal(
	    bs_store_look_ahead(fixture->store, &due, &fixture->message),
	    BS_EVERSION);
	assert_non_null(strstr(fixture->message.text, "ahead.log: of another"));
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_equal(mkdir(file_in(fixture, BS_STORE_AHEAD_NAME), 0700), 0);
	assert_int_not_equal(
	    bs_store_look_ahead(fixture->store, &due, &fixture->message),
	    BS_OK);
	assert_non_null(strstr(fixture->message.text, "ahead.log: can't"));
	assert_int_equal(rmdir(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(counted),
	    CASE(counted_of_another_database),
	    CASE(not_to_be_counted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
