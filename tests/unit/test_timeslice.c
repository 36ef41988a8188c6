/*
 * A thread's turns: what is asked is what the system has, for those that it
 * starts, too, and all else stays.
 */
#include "autoconf.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "timeslice.h"

#define SHORT_NS ((uint64_t)100000)

/* sched_getattr(2): size, policy, flags, nice, priority, runtime, ... */
static uint64_t
slice_now(void)
{
	uint64_t words[6];

	memset(words, 0, sizeof(words));
	assert_int_equal(
	    syscall(SYS_sched_getattr, 0, words, sizeof(words), 0), 0);
	return words[3];
}

static void *
look(void *slice)
{
	*(uint64_t *)slice = slice_now();
	return NULL;
}

static void
test_is_asked_for_threads_too(void **state)
{
	uint64_t before_ns = slice_now(), asked_ns, inherited_ns = 0;
	pthread_t thread;

	(void)state;
	bs_timeslice_ask(SHORT_NS);
	asked_ns = slice_now();
	assert_int_equal(pthread_create(&thread, NULL, look, &inherited_ns), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	bs_timeslice_ask(0);
	assert_int_equal(slice_now(), before_ns);
	if (before_ns == 0) /* an older Linux */
		skip();
	assert_int_equal(asked_ns, SHORT_NS);
	assert_int_equal(inherited_ns, SHORT_NS);
}

static void
test_changes_nothing_else(void **state)
{
	int policy = sched_getscheduler(0), niceness;

	(void)state;
	errno = 0;
	niceness = getpriority(PRIO_PROCESS, 0);
	bs_timeslice_ask(SHORT_NS);
	assert_int_equal(sched_getscheduler(0), policy);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), niceness);
	bs_timeslice_ask(0);
	assert_int_equal(sched_getscheduler(0), policy);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), niceness);
}

/* Who has the machine for himself stays as he is. */
static void
test_leaves_real_time_alone(void **state)
{
	const struct sched_param first = {.sched_priority = 1};
	const struct sched_param none = {.sched_priority = 0};

	(void)state;
	if (sched_setscheduler(0, SCHED_RR, &first) != 0)
		skip();
	bs_timeslice_ask(SHORT_NS);
	assert_int_equal(sched_getscheduler(0), SCHED_RR);
	assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &none), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_is_asked_for_threads_too),
	    cmocka_unit_test(test_changes_nothing_else),
	    cmocka_unit_test(test_leaves_real_time_alone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
