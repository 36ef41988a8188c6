/*
 * A transaction that follows what another thread puts on disk: each sighting is
 * in the database once, whether it is committed or not, and whenever the process
 * dies.  What is put beside its commit is test_store_next.c's.
 */
#include "autoconf.h"

#include "ahead_fixture.h"

#define PAIRS 9

/* A transaction that follows. */
static struct bs_writer *
begin_following(struct fixture *fixture)
{
	struct bs_writer *writer = begin_ahead(fixture);

	assert_int_equal(bs_writer_open_this(writer), BS_OK);
	return writer;
}

/* A host's is put on disk, and taken in. */
static void
follow(struct fixture *fixture, struct bs_writer *writer, unsigned host)
{
	assert_int_equal(beside(fixture, host), BS_OK);
	fixture->identity--; /* the same message */
	take_over(fixture, writer, host);
}

/* --- the process dies ------------------------------------------------------- */

enum moment {
	NOTHING_TAKEN_IN,
	SOME_TAKEN_IN,
	BESIDE_THE_COMMIT,
	AFTER_IT,
	IN_THE_NEXT,
	AFTER_THAT,
	MOMENTS
};

static const struct {
	const char *name;
	unsigned acknowledged;
} moments[MOMENTS] = {
    [NOTHING_TAKEN_IN] = {"nothing is taken in yet", 2},
    [SOME_TAKEN_IN] = {"one of two is", 2},
    [BESIDE_THE_COMMIT] = {"beside the commit", 3},
    [AFTER_IT] = {"after it", 3},
    [IN_THE_NEXT] = {"in the next transaction", 4},
    [AFTER_THAT] = {"after that", 4},
};

/* What happens in the next one, after a commit. */
static void
go_on(struct fixture *fixture, enum moment moment)
{
	struct bs_writer *writer = begin_following(fixture);

	fixture->identity--;
	take_over(fixture, writer, 3);
	follow(fixture, writer, 4);
	if (moment == IN_THE_NEXT)
		bs_writer_abort(&writer);
	else
		commit(writer);
}

static void
happen(struct fixture *fixture, enum moment moment)
{
	struct bs_writer *writer = begin_following(fixture);

	assert_int_equal(beside(fixture, 1), BS_OK);
	fixture->identity--;
	if (moment > NOTHING_TAKEN_IN)
		take_over(fixture, writer, 1);
	else
		fixture->identity++;
	if (moment <= SOME_TAKEN_IN) {
		assert_int_equal(beside(fixture, 2), BS_OK);
		bs_writer_abort(&writer);
		return;
	}
	follow(fixture, writer, 2);
	assert_int_equal(bs_writer_open_next(writer), BS_OK);
	assert_int_equal(beside(fixture, 3), BS_OK);
	if (moment == BESIDE_THE_COMMIT) {
		bs_writer_abort(&writer);
		return;
	}
	commit(writer);
	if (moment > AFTER_IT)
		go_on(fixture, moment);
}

static void
dies(void **state)
{
	for (enum moment moment = 0; moment < MOMENTS; moment++) {
		struct fixture *fixture;

		print_message("# %s\n", moments[moment].name);
		assert_int_equal(fixture_close(state), 0);
		assert_int_equal(fixture_open(state), 0);
		fixture = *state;
		write_ahead(fixture);
		commit(begin_ahead(fixture));
		happen(fixture, moment);
		for (int i = 0; i < 2; i++) {
			crash(fixture);
			recover(fixture);
			assert_listed(fixture, moments[moment].acknowledged);
		}
	}
}

/* --- the process goes on ----------------------------------------------------- */

/* For as long as it goes on, and of each third the commit is not made. */
static void
in_turns(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	unsigned last = 0;

	write_ahead(fixture);
	commit(begin_ahead(fixture));
	for (unsigned i = 0; i < PAIRS; i++) {
		writer = begin_following(fixture);
		if (i % 3 != 0) {
			fixture->identity--;
			take_over(fixture, writer, last);
		}
		follow(fixture, writer, ++last);
		assert_int_equal(bs_writer_open_next(writer), BS_OK);
		assert_int_equal(beside(fixture, ++last), BS_OK);
		if (i % 3 != 2) {
			commit(writer);
			continue;
		}
		bs_writer_abort(&writer);
		assert_true(bs_store_ahead_is_due(fixture->store));
		/* nothing is put over what is due */
		writer = begin_ahead(fixture);
		assert_int_equal(bs_writer_open_this(writer), BS_EBUSY);
		commit(writer);
		assert_listed(fixture, last);
	}
}

/* Then it has its own batches again. */
static void
goes_on_without(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	commit(begin_ahead(fixture));
	writer = begin_following(fixture);
	follow(fixture, writer, 1);
	take_in(fixture, writer, 2);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	crash(fixture);
	recover(fixture);
	assert_listed(fixture, 2);
}

/* --- what it is not done for --------------------------------------------------- */

static void
not_followed(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_ahead(fixture);

	/* no file */
	assert_int_equal(bs_writer_open_this(writer), BS_EBUSY);
	bs_writer_abort(&writer);
	write_ahead(fixture);
	/* what is in it was not looked at */
	writer = begin_at(fixture, T0);
	assert_int_equal(bs_writer_open_this(writer), BS_EBUSY);
	bs_writer_abort(&writer);
	commit(begin_ahead(fixture));
	/* some are in no batch */
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_open_this(writer), BS_EBUSY);
	commit(writer);
	/* the disk refused some */
	leave_due(fixture, 2);
	writer = begin_ahead(fixture);
	assert_int_equal(bs_writer_open_this(writer), BS_EBUSY);
	commit(writer);
	assert_listed(fixture, 2);
}

/* With the next one's batches alone the file would be another database's. */
static void
nothing_came(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	commit(begin_ahead(fixture));
	for (int i = 0; i < 2; i++) {
		writer = begin_following(fixture);
		assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
		if (i == 0)
			commit(writer);
		else
			bs_writer_abort(&writer);
	}
	commit(begin_ahead(fixture));
	assert_false(bs_store_ahead_is_due(fixture->store));
	writer = begin_following(fixture);
	follow(fixture, writer, 1);
	bs_writer_abort(&writer);
	assert_false(bs_store_ahead_is_foreign(fixture->store));
	crash(fixture);
	recover(fixture);
	assert_listed(fixture, 1);
}

/* It should be committed while there is room for more. */
static void
long_enough(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	unsigned blocks = 0;

	write_ahead(fixture);
	commit(begin_ahead(fixture));
	writer = begin_following(fixture);
	while (!bs_store_is_long_beside(fixture->store)) {
		assert_true(blocks < BS_AHEAD_PART / BS_AHEAD_BLOCK);
		follow(fixture, writer, ++blocks);
	}
	assert_int_equal(bs_writer_open_next(writer), BS_OK);
	assert_false(bs_store_is_long_beside(fixture->store));
	commit(writer);
	assert_listed(fixture, blocks);
	assert_int_equal(
	    blocks, (BS_AHEAD_PART - BS_AHEAD_BATCH_MAX) / BS_AHEAD_BLOCK + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(dies),
	    CASE(in_turns),
	    CASE(goes_on_without),
	    CASE(not_followed),
	    CASE(nothing_came),
	    CASE(long_enough),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
