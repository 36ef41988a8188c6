/*
 * The pool of judges on a loop, with judges that the test itself plays: what
 * goes together and what alone, whose answer is whose, and what becomes of
 * messages when a judge dies.
 */
#include "autoconf.h"

#include "judgepool_fixture.h"

/* Each goes to who has least to do. */
static void
shared_out(void **state)
{
	struct trial *trial = *state;
	size_t number[JUDGES][JOBS_MAX];
	bool file;

	for (size_t i = 0; i < 10; i++)
		submit(trial, i, 100 * i);
	turn(trial);
	for (size_t k = 0; k < JUDGES; k++) {
		assert_int_equal(hear(&trial->played[k], number[k], &file), 5);
		assert_false(file);
		for (size_t i = 0; i < 5; i++)
			assert_int_equal(number[k][i], 2 * i + k);
	}
	say(trial, &trial->played[1], number[1], 2);
	submit(trial, 10, 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number[0] + 5, &file), 0);
	assert_int_equal(hear(&trial->played[1], number[1] + 5, &file), 1);
	say(trial, &trial->played[0], number[0], 5);
	say(trial, &trial->played[1], number[1] + 2, 4);
	for (size_t i = 0; i < 11; i++)
		check_told(trial, i, BS_OK);
	assert_int_equal(judgepool_counts(trial->pool)->deaths, 0);
}

/* Who takes long over a message gets no other one behind it. */
static void
slow(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 1);
	submit(trial, 1, 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 1);
	assert_int_equal(hear(&trial->played[1], number, &file), 1);
	trial->later_ms = 100;
	submit(trial, 2, 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 0);
	assert_int_equal(hear(&trial->played[1], number, &file), 0);
	say(trial, &trial->played[1], (size_t[]){1}, 1);
	assert_int_equal(hear(&trial->played[1], number, &file), 1);
	say(trial, &trial->played[1], (size_t[]){2}, 1);
	say(trial, &trial->played[0], (size_t[]){0}, 1);
	for (size_t i = 0; i < 3; i++)
		check_told(trial, i, BS_OK);
}

/* An answer that nobody was told of is found in the next turn of the loop. */
static void
unheard(void **state)
{
	struct trial *trial = *state;
	struct played *judge = &trial->played[0];
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 1);
	turn(trial);
	assert_int_equal(hear(judge, number, &file), 1);
	atomic_store(&judge->shared->serve_waits, 0);
	say(trial, judge, number, 1);
	check_told(trial, 0, BS_OK);
}

/* No more than JUDGERING_SLOTS at a time, none beside a large one, and what is
 * in a file comes with it. */
static void
large_ones_alone(void **state)
{
	static const struct {
		size_t size;
		bool small, file;
	} rows[] = {
	    {0, true, false},
	    {JUDGEPOOL_SMALL_MAX, true, false},
	    {JUDGEPOOL_SMALL_MAX + 1, false, false},
	    {SPOOL_MEMORY_MAX, false, false},
	    {SPOOL_MEMORY_MAX + 1, false, true},
	};
	struct trial *trial = *state;
	size_t number[JOBS_MAX], mails = 0;
	bool file;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t first = mails;

		submit(trial, mails++, rows[i].size);
		submit(trial, mails++, 1);
		submit(trial, mails++, 1);
		turn(trial);
		assert_int_equal(hear(&trial->played[0], number, &file),
		    rows[i].small ? 2 : 1);
		assert_int_equal(file, rows[i].file);
		say(trial, &trial->played[0], number, rows[i].small ? 2 : 1);
		assert_int_equal(hear(&trial->played[1], number, &file),
		    rows[i].small ? 1 : 2);
		assert_false(file);
		say(trial, &trial->played[1], number, rows[i].small ? 1 : 2);
		for (; first < mails; first++)
			check_told(trial, first, BS_OK);
	}
	for (size_t i = 0; i < 20; i++)
		submit(trial, mails + i, 1);
	turn(trial);
	for (size_t k = 0; k < JUDGES; k++)
		assert_int_equal(hear(&trial->played[k],
				     number + k * JUDGERING_SLOTS, &file),
		    JUDGERING_SLOTS);
	say(trial, &trial->played[0], number, 3);
	assert_int_equal(hear(&trial->played[0], number + 16, &file), 3);
	say(trial, &trial->played[1], number + 8, 8);
	assert_int_equal(hear(&trial->played[1], number + 19, &file), 1);
	say(trial, &trial->played[0], number + 3, 5);
	say(trial, &trial->played[0], number + 16, 3);
	say(trial, &trial->played[1], number + 19, 1);
	for (size_t i = 0; i < 20; i++)
		check_told(trial, mails + i, BS_OK);
}

/* Of those that a judge had when it died only the one that kills it alone is
 * given up; what was answered before is. */
static void
one_kills(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < 10; i++)
		submit(trial, i, 10);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 5);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	die(trial, &trial->played[0]);
	assert_int_equal(trial->played_count, JUDGES + 1);
	/* the next one has them one by one */
	for (size_t i = 2; i < 10; i += 2) {
		struct played *judge = &trial->played[trial->played_count - 1];

		assert_int_equal(hear(judge, number, &file), 1);
		assert_int_equal(number[0], i);
		if (i == 4)
			die(trial, judge);
		else
			say(trial, judge, number, 1);
		check_told(trial, i, i == 4 ? BS_EIO : BS_OK);
	}
	assert_int_equal(judgepool_counts(trial->pool)->deaths, 2);
	assert_int_equal(hear(&trial->played[1], number, &file), 5);
	say(trial, &trial->played[1], number, 5);
	for (size_t i = 1; i < 10; i += 2)
		check_told(trial, i, BS_OK);
}

/* The last one of several, whose judge may have used up its time on another one,
 * is judged once more. */
static void
last_of_several(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < 4; i++)
		submit(trial, i, 10);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 2);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	die(trial, &trial->played[0]);
	assert_int_equal(trial->mail[2].told, 0);
	assert_int_equal(hear(&trial->played[JUDGES], number, &file), 1);
	assert_int_equal(number[0], 2);
	die(trial, &trial->played[JUDGES]);
	check_told(trial, 2, BS_EIO);
	assert_int_equal(judgepool_counts(trial->pool)->deaths, 2);
	assert_int_equal(hear(&trial->played[1], number, &file), 2);
	say(trial, &trial->played[1], number, 2);
	check_told(trial, 1, BS_OK);
	check_told(trial, 3, BS_OK);
}

/* A judge that is somebody else's by now is believed nothing. */
static void
nonsense(void **state)
{
	static const struct {
		const char *name;
		size_t size;
		const char *bytes;
		unsigned answers; /* it claims */
		bool right;       /* the first one is an answer */
	} rows[] = {
	    {"too long", 4, "\377\377\377\377", 1, false},
	    {"one byte longer than any", 4, "\0\0\7\375", 1, false},
	    {"empty", 4, "\0\0\0\0", 1, false},
	    {"no answer", 8, "\0\0\0\4abcd", 1, false},
	    {"one more than it was asked", 0, "", 2, true},
	    {"less than none", 0, "", -1u, true},
	    {"many", 0, "", JUDGERING_SLOTS + 1, true},
	};
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct judgewire_answer answer = {.class = BS_BOUNCE};
		struct played *judge = NULL;

		submit(trial, i, 10);
		turn(trial);
		for (size_t k = 0; k < trial->played_count; k++) {
			if (trial->played[k].socket >= 0 &&
			    hear(&trial->played[k], number, &file) == 1)
				judge = &trial->played[k];
		}
		assert_non_null(judge);
		(void)judgewire_put_answer(&answer, answer_slot(judge));
		if (!rows[i].right)
			memcpy(answer_slot(judge), rows[i].bytes, rows[i].size);
		judge->answered += rows[i].answers;
		tell(trial, judge);
		if (trial->mail[i].told != 1)
			fail_msg("%s: it is believed", rows[i].name);
		check_told(trial, i, BS_EIO);
		assert_int_equal(judgepool_counts(trial->pool)->deaths, i + 1);
		die(trial, judge);
	}
}

/* It wakes the loop no more often than it has answered. */
static void
too_loud(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 10);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 1);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	for (size_t k = 0; k < JUDGES; k++)
		assert_int_equal(write(trial->played[k].socket, "AA", 2), 2);
	turn(trial);
	/* both are gone, neither of a message */
	assert_int_equal(judgepool_counts(trial->pool)->deaths, 0);
	assert_int_equal(read(trial->played[0].socket, number, 1), 0);
	assert_int_equal(read(trial->played[1].socket, number, 1), 0);
	assert_int_equal(judgepool_counts(trial->pool)->gone, JUDGES);
}

/* One that ends before it is ready, as its rules can't be read, say, did not die
 * of a message: that waits for one that can. */
static void
never_ready(void **state)
{
	struct trial *trial = *state;
	const char word = JUDGEWORK_READY;
	size_t number[JOBS_MAX];
	bool file;

	trial->mute = true;
	judgepool_renew(trial->pool, &never);
	submit(trial, 0, 10);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	for (size_t i = JUDGES; i < 2 * JUDGES; i++)
		assert_int_equal(hear(&trial->played[i], number, &file), 0);
	die(trial, &trial->played[JUDGES]);
	assert_int_equal(trial->mail[0].told, 0);
	assert_int_equal(judgepool_counts(trial->pool)->deaths, 0);
	assert_int_equal(judgepool_counts(trial->pool)->gone, 1);
	assert_int_equal(judgepool_counts(trial->pool)->renewals, JUDGES);
	assert_int_equal(trial->played_count, 2 * JUDGES); /* not at once */
	assert_int_equal(write(trial->played[JUDGES + 1].socket, &word, 1), 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[JUDGES + 1], number, &file), 1);
	say(trial, &trial->played[JUDGES + 1], number, 1);
	check_told(trial, 0, BS_OK);
}

/* Nor did one that was gone before the message came. */
static void
gone_before(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < JUDGES; i++) {
		(void)close(trial->played[i].socket);
		trial->played[i].socket = -1;
		submit(trial, i, 10);
	}
	turn(trial);
	assert_int_equal(judgepool_counts(trial->pool)->deaths, 0);
	assert_int_equal(judgepool_counts(trial->pool)->gone, JUDGES);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	turn(trial);
	for (size_t i = 0; i < JUDGES; i++)
		assert_int_equal(trial->mail[i].told, 0);
	for (size_t i = 0; i < JUDGES; i++) {
		struct played *judge = &trial->played[JUDGES + i];

		assert_int_equal(hear(judge, number, &file), 1);
		say(trial, judge, number, 1);
	}
	check_told(trial, 0, BS_OK);
	check_told(trial, 1, BS_OK);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(shared_out),
	    CASE(slow),
	    CASE(unheard),
	    CASE(large_ones_alone),
	    CASE(one_kills),
	    CASE(last_of_several),
	    CASE(nonsense),
	    CASE(too_loud),
	    CASE(never_ready),
	    CASE(gone_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
