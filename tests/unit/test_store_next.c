/*
 * Sightings that are put on disk beside a commit: each is in the database once,
 * whether the commit is made or not, and whenever the process dies.  Their file
 * as such is test_store_ahead.c's, the threads are test_groupbeside.c's.
 */
#include "autoconf.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ahead_fixture.h"
#include "store_admin.h"

/* A transaction with a batch of a host's, right before its commit. */
static struct bs_writer *
begin_with_batch(struct fixture *fixture, unsigned host)
{
	struct bs_writer *writer = begin_secured(fixture, host);

	assert_int_equal(bs_writer_open_next(writer), BS_OK);
	return writer;
}

/* --- the process dies ------------------------------------------------------- */

/* At any moment: before the commit, after it, in the next transaction, after
 * that. */
static void
dies(void **state)
{
	static const char *const moments[] = {"before the commit", "after it",
	    "in the next transaction", "after that"};
	struct fixture *fixture = *state;

	for (size_t moment = 0; moment < 4; moment++) {
		struct bs_writer *writer;

		print_message("# %s\n", moments[moment]);
		assert_int_equal(fixture_close(state), 0);
		assert_int_equal(fixture_open(state), 0);
		fixture = *state;
		write_ahead(fixture);
		writer = begin_with_batch(fixture, 1);
		assert_int_equal(beside(fixture, 2), BS_OK);
		assert_int_equal(beside(fixture, 3), BS_OK);
		if (moment == 0)
			bs_writer_abort(&writer);
		else
			commit(writer);
		if (moment >= 2) {
			fixture->identity = 1; /* the same messages */
			writer = begin_ahead(fixture);
			take_over(fixture, writer, 2);
			take_over(fixture, writer, 3);
			take_in(fixture, writer, 4);
			assert_int_equal(bs_writer_secure(writer), BS_OK);
			if (moment == 2)
				bs_writer_abort(&writer);
			else
				commit(writer);
		}
		for (int i = 0; i < 2; i++) {
			crash(fixture);
			recover(fixture);
			assert_listed(fixture, moment < 2 ? 3 : 4);
		}
	}
}

/* Of the transaction that was committed nothing comes again. */
static void
committed_is_over(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_with_batch(fixture, 1);
	assert_int_equal(beside(fixture, 2), BS_OK);
	commit(writer);
	remove_at(fixture, T0, "192.0.2.1");
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 0);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
	remove_at(fixture, T0, "192.0.2.2");
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 0);
}

/* Parts are used in turns, for as long as it goes on. */
static void
in_turns(void **state)
{
	struct fixture *fixture = *state;
	unsigned last = 0;

	write_ahead(fixture);
	for (unsigned i = 0; i < 9; i++) {
		struct bs_writer *writer = begin_with_batch(fixture, ++last);

		assert_int_equal(beside(fixture, ++last), BS_OK);
		/* of each third the commit is not made */
		if (i % 3 == 2)
			bs_writer_abort(&writer);
		else
			commit(writer);
		if (i % 3 == 1) {
			crash(fixture);
			write_ahead(fixture);
		} else if (i % 3 == 0) {
			writer = begin_ahead(fixture);
			fixture->identity--;
			take_over(fixture, writer, last);
			assert_int_equal(bs_writer_secure(writer), BS_OK);
			assert_int_equal(bs_writer_open_next(writer), BS_OK);
			assert_int_equal(beside(fixture, ++last), BS_OK);
			bs_writer_abort(&writer);
		}
		commit(begin_ahead(fixture));
		assert_listed(fixture, last);
	}
}

/* Of the next transaction's batches the disk has one in part. */
static void
half_a_batch(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_with_batch(fixture, 1);
	for (unsigned host = 2; host <= 4; host++)
		assert_int_equal(beside(fixture, host), BS_OK);
	bs_writer_abort(&writer);
	crash(fixture);
	damage(fixture, BS_AHEAD_PART + BS_AHEAD_BLOCK + 100);
	recover(fixture);
	assert_listed(fixture, 2);
}

/* --- the process goes on ----------------------------------------------------- */

/* The commit fails: both are taken in first, and nothing is written over them. */
static void
commit_fails(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_with_batch(fixture, 1);
	assert_int_equal(beside(fixture, 2), BS_OK);
	bs_writer_abort(&writer);
	assert_true(bs_store_ahead_is_due(fixture->store));
	assert_false(bs_store_ahead_is_foreign(fixture->store));
	for (int i = 0; i < 2; i++) {
		writer = begin_ahead(fixture);
		take_in(fixture, writer, 3);
		assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
		assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
		bs_writer_abort(&writer);
	}
	crash(fixture);
	write_ahead(fixture);
	commit(begin_ahead(fixture));
	assert_listed(fixture, 2);
	writer = begin_with_batch(fixture, 3);
	commit(writer);
	assert_listed(fixture, 3);
}

/* What the next transaction was to take over is not given to it again. */
static void
owed(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	bs_store_owe_next(fixture->store); /* no file */
	write_ahead(fixture);
	bs_store_owe_next(fixture->store);
	assert_false(bs_store_ahead_is_due(fixture->store));
	writer = begin_with_batch(fixture, 1);
	assert_int_equal(beside(fixture, 2), BS_OK);
	commit(writer);
	assert_false(bs_store_ahead_is_due(fixture->store));
	bs_store_owe_next(fixture->store);
	assert_true(bs_store_ahead_is_due(fixture->store));
	commit(begin_ahead(fixture));
	assert_listed(fixture, 2);
	assert_false(bs_store_ahead_is_due(fixture->store));
}

/* Transactions between that know nothing of it, and the end of the store. */
static void
others_between(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_with_batch(fixture, 1);
	assert_int_equal(beside(fixture, 2), BS_OK);
	commit(writer);
	for (int i = 0; i < 3; i++) {
		add(fixture, T0, "198.51.100.1", BS_BOUNCE, T0 + DAY_S);
		remove_at(fixture, T0, "198.51.100.1");
	}
	assert_int_equal(
	    bs_store_keep_ahead(fixture->store, &fixture->message), BS_OK);
	bs_store_free(&fixture->store);
	fixture->store = open_store(fixture);
	recover(fixture);
	assert_listed(fixture, 2);
	/* now all of it is over */
	bs_store_free(&fixture->store);
	fixture->store = open_store(fixture);
	write_ahead(fixture);
	assert_false(bs_store_ahead_is_due(fixture->store));
}

/* A file that goes then: nothing more is said to be on disk. */
static void
a_file_without_a_name(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_with_batch(fixture, 1);
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_equal(beside(fixture, 2), BS_EBUSY);
	commit(writer);
	writer = begin_ahead(fixture);
	fixture->identity--;
	take_in(fixture, writer, 2);
	commit(writer);
	assert_int_equal(bs_store_keep_ahead(fixture->store, &fixture->message),
	    BS_ENOTFOUND);
	assert_listed(fixture, 2);
}

/* --- what it is not done for --------------------------------------------------- */

static void
not_beside(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_ahead(fixture);

	/* no file */
	assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
	bs_writer_abort(&writer);
	write_ahead(fixture);
	/* no batches, and sightings that are not in one */
	writer = begin_ahead(fixture);
	assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	take_in(fixture, writer, 2);
	assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
	commit(writer);
	assert_listed(fixture, 2);
}

/* Up to the end of its part, and of a batch. */
static void
no_more_room(void **state)
{
	struct fixture *fixture = *state;
	const unsigned blocks = BS_AHEAD_PART / BS_AHEAD_BLOCK;
	struct bs_writer *writer;
	struct bs_sighting sighting;
	unsigned count = 0;
	int error;

	write_ahead(fixture);
	writer = begin_with_batch(fixture, 1);
	for (unsigned i = 0; i < blocks; i++)
		assert_int_equal(beside(fixture, i + 2), BS_OK);
	assert_int_equal(beside(fixture, blocks + 2), BS_EBUSY);
	bs_writer_abort(&writer);
	crash(fixture);
	recover(fixture);
	assert_listed(fixture, blocks + 1);

	writer = begin_with_batch(fixture, 200);
	do {
		sighting = of_host(fixture, 201);
		error = bs_store_add_beside(fixture->store, &sighting);
	} while (error == BS_OK && ++count < 10000);
	assert_int_equal(error, BS_EFULL);
	assert_int_equal(bs_store_secure_beside(fixture->store), BS_OK);
	sighting.feed[0] = '\0';
	assert_int_equal(
	    bs_store_add_beside(fixture->store, &sighting), BS_EINVAL);
	commit(writer);
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.201"), count);
}

/* The disk refuses a batch: it is not said to be there, and there are no more. */
static void
disk_refuses(void **state)
{
	static const struct rlimit none = {0, RLIM_INFINITY};
	static const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	(void)signal(SIGXFSZ, SIG_IGN);
	for (int next = 0; next < 2; next++) {
		assert_int_equal(fixture_close(state), 0);
		assert_int_equal(fixture_open(state), 0);
		fixture = *state;
		write_ahead(fixture);
		writer = begin_with_batch(fixture, 1);
		if (next)
			assert_int_equal(beside(fixture, 2), BS_OK);
		else
			take_in(fixture, writer, 2);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
		assert_int_equal(
		    next ? beside(fixture, 3) : bs_writer_secure(writer),
		    BS_EIO);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
		/* it may be there by half */
		assert_int_equal(
		    next ? beside(fixture, 4) : bs_writer_secure(writer),
		    BS_EBUSY);
		assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
		commit(writer);
		/* what was said to be there is; all else is committed */
		crash(fixture);
		recover(fixture);
		assert_listed(fixture, 2);
	}
}

/* --- what people are told of it ------------------------------------------------ */

static void
counted(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_with_batch(fixture, 1);
	assert_int_equal(beside(fixture, 2), BS_OK);
	assert_int_equal(beside(fixture, 3), BS_OK);
	assert_int_equal(due_ahead(fixture).sightings, 3);
	assert_false(due_ahead(fixture).foreign);
	commit(writer);
	assert_int_equal(due_ahead(fixture).sightings, 2);
	assert_false(due_ahead(fixture).foreign);
	crash(fixture);
	recover(fixture);
	assert_int_equal(due_ahead(fixture).sightings, 0);
}

/* A copy of before is put in the place of the database by hand: neither part is
 * taken in. */
static void
a_backup_by_hand(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	copy_database(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 9);
	commit(writer);
	writer = begin_with_batch(fixture, 1);
	assert_int_equal(beside(fixture, 2), BS_OK);
	bs_writer_abort(&writer);
	put_copy_back(fixture);
	assert_true(bs_store_ahead_is_foreign(fixture->store));
	commit(begin_ahead(fixture));
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
	crash(fixture);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(dies),
	    CASE(committed_is_over),
	    CASE(in_turns),
	    CASE(half_a_batch),
	    CASE(commit_fails),
	    CASE(owed),
	    CASE(others_between),
	    CASE(a_file_without_a_name),
	    CASE(not_beside),
	    CASE(no_more_room),
	    CASE(disk_refuses),
	    CASE(counted),
	    CASE(a_backup_by_hand),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
