/*
 * Judges that give way to new ones: at a reload, after so many messages and after
 * so long, one at a time, and none where there can be no new one.
 */
#include "autoconf.h"

#include "judgepool_fixture.h"

/* A reload replaces judges: who is busy, afterwards. */
static void
renewed(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 10);
	turn(trial);
	judgepool_renew(trial->pool, &never);
	turn(trial);
	assert_int_equal(trial->played_count, JUDGES + 1);
	assert_int_equal(hear(&trial->played[0], number, &file), 1);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	assert_int_equal(trial->played_count, JUDGES + 2);
	submit(trial, 1, 10);
	submit(trial, 2, 10);
	turn(trial);
	for (size_t i = JUDGES; i < JUDGES + 2; i++) {
		assert_int_equal(hear(&trial->played[i], number, &file), 1);
		say(trial, &trial->played[i], number, 1);
	}
	check_told(trial, 1, BS_OK);
	check_told(trial, 2, BS_OK);
}

/* New judges, which give way by themselves as `renewal` says. */
static struct played *
begin_again(struct trial *trial, const struct bs_config_judge *renewal)
{
	judgepool_renew(trial->pool, renewal);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	return trial->played + JUDGES;
}

/* The judge hears so many messages, from number `first` on, and answers. */
static void
judge_some(
    struct trial *trial, struct played *judge, size_t first, size_t count)
{
	size_t number[JOBS_MAX];
	bool file;

	assert_int_equal(hear(judge, number, &file), count);
	say(trial, judge, number, count);
	for (size_t i = 0; i < count; i++)
		check_told(trial, number[0] + i, BS_OK);
	assert_int_equal(number[0], first);
}

/* After so many messages one gives way, and another one only when it has said
 * that it is ready. */
static void
enough_messages(void **state)
{
	static const struct bs_config_judge two = {2, UINT32_MAX};
	struct trial *trial = *state;
	struct played *judge = begin_again(trial, &two);
	size_t number[2][JOBS_MAX];
	const char word = JUDGEWORK_READY;
	bool file;

	for (size_t i = 0; i < 4; i++)
		submit(trial, i, 10);
	turn(trial);
	assert_int_equal(hear(&judge[0], number[0], &file), 2);
	assert_int_equal(hear(&judge[1], number[1], &file), 2);
	say(trial, &judge[0], number[0], 1);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	trial->mute = true;
	say(trial, &judge[0], number[0] + 1, 1);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
	say(trial, &judge[1], number[1], 2);
	for (size_t i = 0; i < 4; i++)
		check_told(trial, i, BS_OK);
	/* the other one takes mail meanwhile, old as it is */
	submit(trial, 4, 10);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
	judge_some(trial, &judge[1], 4, 1);
	/* its turn */
	trial->mute = false;
	assert_int_equal(write(judge[2].socket, &word, 1), 1);
	turn(trial);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 2);
	submit(trial, 5, 10);
	submit(trial, 6, 10);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 2);
	for (size_t i = 2; i < 4; i++) {
		assert_int_equal(hear(&judge[i], number[0], &file), 1);
		say(trial, &judge[i], number[0], 1);
	}
	check_told(trial, 5, BS_OK);
	check_told(trial, 6, BS_OK);
}

/* After so long one that has judged any gives way, when it has nothing to do;
 * one that has not may stay. */
static void
long_enough(void **state)
{
	static const struct bs_config_judge minute = {UINT32_MAX, 60};
	struct trial *trial = *state;
	struct played *judge = begin_again(trial, &minute);

	submit(trial, 0, 10);
	turn(trial);
	judge_some(trial, &judge[0], 0, 1);
	trial->later_ms += 59999;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	submit(trial, 1, 10);
	turn(trial);
	trial->later_ms += 1;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	judge_some(trial, &judge[0], 1, 1);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
	trial->later_ms += 120000;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
}

/* There is no process to take its place: it stays, and takes mail; later there
 * is one. */
static void
no_other(void **state)
{
	static const struct bs_config_judge one = {1, UINT32_MAX};
	struct trial *trial = *state;
	struct played *judge = begin_again(trial, &one);
	int control = trial->nursery.control;
	size_t number[JOBS_MAX];
	bool file;

	trial->nursery.control = -1;
	for (size_t i = 0; i < 2; i++)
		submit(trial, i, 10);
	turn(trial);
	for (size_t i = 0; i < 2; i++)
		judge_some(trial, &judge[i], i, 1);
	turn(trial);
	submit(trial, 2, 10);
	submit(trial, 3, 10);
	turn(trial);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(hear(&judge[i], number, &file), 1);
		say(trial, &judge[i], number, 1);
	}
	check_told(trial, 2, BS_OK);
	check_told(trial, 3, BS_OK);
	/* nor at a reload */
	judgepool_renew(trial->pool, &one);
	submit(trial, 4, 10);
	turn(trial);
	judge_some(trial, &judge[0], 4, 1);
	trial->nursery.control = control;
	trial->later_ms += 9999;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	trial->later_ms += 1;
	turn(trial);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 2);
	assert_int_equal(judgepool_counts(trial->pool)->deaths, 0);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(renewed),
	    CASE(enough_messages),
	    CASE(long_enough),
	    CASE(no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
