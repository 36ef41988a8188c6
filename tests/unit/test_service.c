/*
 * What programs have to do with who starts them: sockets that are handed over
 * (activation.c, inherited.c), pauses before one is started again, and whom a
 * crash makes suspect (supervisor.c).
 */
#include "autoconf.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "activation.h"
#include "inherited.h"
#include "supervisor.h"

static const struct {
	const char *name, *pid, *count;
	int result;
	size_t files;
} counts[] = {
    {"nothing", NULL, NULL, BS_OK, 0},
    {"no process", NULL, "2", BS_OK, 0},
    {"no count", "77", NULL, BS_OK, 0},
    {"two", "77", "2", BS_OK, 2},
    {"none", "77", "0", BS_OK, 0},
    {"another process's", "78", "2", BS_OK, 0},
    {"the most", "77", "128", BS_OK, INHERITED_MAX},
    {"one more", "77", "129", BS_ERANGE, 0},
    {"another's too many", "78", "129", BS_OK, 0},
    {"no number", "77", "two", BS_EINVAL, 0},
    {"an empty one", "77", "", BS_EINVAL, 0},
    {"a negative one", "77", "-1", BS_EINVAL, 0},
    {"a number and more", "77", "2x", BS_EINVAL, 0},
    {"nine digits", "77", "999999999", BS_ERANGE, 0},
    {"ten digits", "77", "4294967298", BS_EINVAL, 0},
    {"a process that is no number", "self", "2", BS_EINVAL, 0},
};

static void
test_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		size_t files;
		int result = bs_activation_count(
		    counts[i].pid, counts[i].count, 77, INHERITED_MAX, &files);

		if (result != counts[i].result || files != counts[i].files)
			fail_msg(
			    "%s: %d, %zu files", counts[i].name, result, files);
	}
}

static void
test_find(void **state)
{
	struct inherited inherited = {.count = 2};
	struct bs_endpoint endpoint = {.addr = {.family = BS_IPV4}, .port = 53};

	(void)state;
	inherited.item[0].endpoint = endpoint;
	inherited.item[1].endpoint = endpoint;
	inherited.item[1].endpoint.port = 54;
	assert_ptr_equal(
	    inherited_find(&inherited, &endpoint), &inherited.item[0]);
	endpoint.port = 54;
	assert_ptr_equal(
	    inherited_find(&inherited, &endpoint), &inherited.item[1]);
	endpoint.addr.family = BS_IPV6;
	assert_null(inherited_find(&inherited, &endpoint));
}

/* The first at once, five within two seconds, never longer than half a
 * minute. */
static void
test_pauses(void **state)
{
	static const unsigned first[] = {0, 100, 200, 400, 800, 1600};
	unsigned before = 0;

	(void)state;
	for (unsigned i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		assert_int_equal(bs_supervisor_pause_ms(i + 1), first[i]);
	for (unsigned crashes = 1; crashes < 100; crashes++) {
		unsigned pause_ms = bs_supervisor_pause_ms(crashes);

		assert_true(pause_ms >= before && pause_ms <= 30000);
		before = pause_ms;
	}
	assert_int_equal(bs_supervisor_pause_ms(4000000000u), 30000);
}

/* A status of waitpid as Linux has it: a signal, or an exit code << 8. */
static void
test_blame(void **state)
{
	static const struct {
		const char *name;
		int status;
		bool may_be;
	} ends[] = {
	    {"SIGSEGV", SIGSEGV, true},
	    {"SIGSEGV with a core", SIGSEGV | 0x80, true},
	    {"SIGBUS", SIGBUS, true},
	    {"SIGABRT", SIGABRT, true},
	    {"SIGFPE", SIGFPE, true},
	    {"SIGILL", SIGILL, true},
	    {"SIGKILL", SIGKILL, false},
	    {"SIGSYS", SIGSYS, false},
	    {"SIGTERM", SIGTERM, false},
	    {"SIGHUP", SIGHUP, false},
	    {"exit code 3", 3 << 8, false},
	    {"an exit code like a signal", SIGSEGV << 8, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (bs_supervisor_may_be_database(ends[i].status) !=
		    ends[i].may_be)
			fail_msg("%s", ends[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_pauses),
	    cmocka_unit_test(test_blame),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
