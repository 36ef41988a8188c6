/*
 * What is written ahead of a database, with an empty one or another one in its
 * place: of what it has nothing is taken in.
 */
#include "autoconf.h"

#include <unistd.h>

#include "ahead_fixture.h"
#include "store_admin.h"

/* Who takes the database away to start an empty list gets an empty one. */
static void
a_new_database(void **state)
{
	struct fixture *fixture = *state;

	write_ahead(fixture);
	leave_due(fixture, 1);
	bs_store_free(&fixture->store);
	assert_int_equal(unlink(file_in(fixture, "data.mdb")), 0);
	assert_int_equal(unlink(file_in(fixture, "lock.mdb")), 0);
	fixture->store = open_store(fixture);
	assert_int_equal(
	    access(file_in(fixture, BS_STORE_AHEAD_NAME), F_OK), -1);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

/* What a backup is restored over is not taken in again. */
static void
a_database_restored(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_hold *hold;

	write_ahead(fixture);
	leave_due(fixture, 1);
	bs_store_free(&fixture->store);
	assert_int_equal(
	    bs_store_hold_new(fixture->path, &hold, &fixture->message), BS_OK);
	bs_store_hold_forget_ahead(hold);
	bs_store_hold_free(&hold);
	fixture->store = open_store(fixture);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

static void
a_backup_by_hand(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned commits = 2; commits < 5; commits++) {
		assert_int_equal(fixture_close(state), 0);
		assert_int_equal(fixture_open(state), 0);
		fixture = *state;
		put_back(fixture, commits);
		assert_true(bs_store_ahead_is_foreign(fixture->store));
		commit(begin_ahead(fixture));
		assert_false(bs_store_ahead_is_foreign(fixture->store));
		assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
		/* nor with what is written over it */
		for (unsigned host = 100; host < 105; host++) {
			leave_due(fixture, host);
			crash(fixture);
			write_ahead(fixture);
			assert_false(bs_store_ahead_is_foreign(fixture->store));
			commit(begin_ahead(fixture));
			assert_int_equal(
			    stats_at(fixture, T0).listings_ipv4, host - 99);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_new_database),
	    CASE(a_database_restored),
	    CASE(a_backup_by_hand),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
