/*
 * The feeder's housekeeping: a round when it is due and not before, what is
 * wrong is told once, and much that is overdue is taken off in steps with short
 * rests.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "group_fixture.h"
#include "housekeeping.h"

static void
rounds(void **state)
{
	struct fixture *fixture = *state;
	const struct bs_store_limits careful = {.map_bytes = 1u << 30,
	    .journal_entries = 1000,
	    .journal_s = DAY_S,
	    .leap_s = DAY_S};
	uint32_t now_s = T0;
	struct bs_clock clock = bs_clock_fixed(&now_s);
	struct housekeeping keeping = {.clock = &clock, .actor = "feeder"};
	struct bs_message line;
	uint64_t start_ns;

	bs_store_free(&fixture->store);
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &careful, &fixture->store, &fixture->message),
	    BS_OK);
	keeping.store = fixture->store;
	start_ns = bs_clock_monotonic_ns();
	assert_false(housekeeping_round(&keeping, &line));
	assert_true(keeping.due_ns > start_ns + 50000000000u);
	/* not due: nothing is looked at */
	now_s = T0 + 3 * DAY_S;
	assert_false(housekeeping_round(&keeping, &line));
	keeping.due_ns = 0;
	assert_true(housekeeping_round(&keeping, &line));
	assert_non_null(strstr(line.text, "--confirm"));
	/* once */
	keeping.due_ns = 0;
	assert_false(housekeeping_round(&keeping, &line));
	/* no files: once, too */
	assert_int_equal(unlink(file_in(fixture, "data.mdb")), 0);
	keeping.due_ns = 0;
	assert_true(housekeeping_round(&keeping, &line));
	assert_non_null(strstr(line.text, "removed or replaced"));
	keeping.due_ns = 0;
	assert_false(housekeeping_round(&keeping, &line));
}

/* Another process had it at the start: it is asked for again, each minute. */
static void
ahead_later(void **state)
{
	struct fixture *fixture = *state;
	struct housekeeping keeping = {.store = fixture->store};
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct bs_message line;
	uint64_t start_ns;
	int other = open(file_in(fixture, "ahead.log"), O_RDWR | O_CREAT, 0600);

	assert_int_equal(fcntl(other, F_OFD_SETLK, &lock), 0);
	assert_int_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message), BS_EBUSY);
	assert_non_null(strstr(fixture->message.text, "one `serve`"));
	start_ns = bs_clock_monotonic_ns();
	assert_false(housekeeping_ahead(&keeping, &line));
	assert_true(keeping.ahead_ns > start_ns);
	keeping.ahead_ns = 1;
	assert_false(housekeeping_ahead(&keeping, &line));
	assert_true(keeping.ahead_ns > start_ns);
	assert_int_equal(close(other), 0);
	assert_false(housekeeping_ahead(&keeping, &line));
	keeping.ahead_ns = 1;
	assert_true(housekeeping_ahead(&keeping, &line));
	assert_true(bs_store_writes_ahead(fixture->store));
	assert_false(housekeeping_ahead(&keeping, &line));
}

/* ahead.log is lost: told once, and again when there is one again. */
static void
ahead(void **state)
{
	struct fixture *fixture = *state;
	struct housekeeping keeping = {.store = fixture->store};
	struct bs_message line;
	uint64_t start_ns;

	assert_int_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message), BS_OK);
	assert_false(housekeeping_ahead(&keeping, &line));
	assert_int_equal(unlink(file_in(fixture, "ahead.log")), 0);
	assert_true(housekeeping_ahead(&keeping, &line));
	assert_non_null(strstr(line.text, "ahead.log: removed or replaced"));
	assert_false(housekeeping_ahead(&keeping, &line));
	/* nothing can be in its place */
	assert_int_equal(unlink(file_in(fixture, "ahead.log")), 0);
	assert_int_equal(mkdir(file_in(fixture, "ahead.log"), 0700), 0);
	assert_true(housekeeping_ahead(&keeping, &line));
	assert_non_null(strstr(line.text, "on without"));
	assert_false(housekeeping_ahead(&keeping, &line));
	keeping.ahead_ns = 1;
	start_ns = bs_clock_monotonic_ns();
	assert_false(housekeeping_ahead(&keeping, &line));
	assert_true(keeping.ahead_ns > start_ns);
	assert_int_equal(rmdir(file_in(fixture, "ahead.log")), 0);
	assert_false(housekeeping_ahead(&keeping, &line));
	keeping.ahead_ns = 1;
	assert_true(housekeeping_ahead(&keeping, &line));
	assert_non_null(strstr(line.text, "can be used now"));
	assert_false(housekeeping_ahead(&keeping, &line));
}

/* Much that is overdue: short rests, and a line when it takes long. */
static void
rounds_late(void **state)
{
	struct fixture *fixture = *state;
	uint32_t now_s = T0, told = 0;
	struct bs_clock clock = bs_clock_fixed(&now_s);
	struct housekeeping keeping = {
	    .store = fixture->store, .clock = &clock, .actor = "feeder"};
	struct bs_message line;

	for (uint32_t i = 0; i < 4 * BS_STORE_EXPIRY_STEP; i += 1000) {
		struct bs_writer *writer = begin_at(fixture, T0 - DAY_S);

		for (uint32_t j = i; j < i + 1000; j++) {
			struct bs_sighting sighting = numbered(fixture, j);
			struct bs_prefix prefix =
			    bs_prefix_single(&sighting.source);
			bool new;

			assert_int_equal(bs_writer_add(writer, &prefix,
					     BS_BOUNCE, T0, "", &new),
			    BS_OK);
		}
		commit(writer);
	}
	for (int i = 0; i < 5; i++) {
		keeping.due_ns = 0;
		told += housekeeping_round(&keeping, &line);
		if (i < 4)
			assert_true(keeping.due_ns <
				    bs_clock_monotonic_ns() + 50000000000u);
		now_s += HOUSEKEEPING_LATE_S;
	}
	assert_int_equal(told, 1);
	assert_non_null(strstr(line.text, "overdue"));
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(rounds),
	    CASE(rounds_late),
	    CASE(ahead),
	    CASE(ahead_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
