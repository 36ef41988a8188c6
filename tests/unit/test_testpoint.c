/* Test points: which addresses are, which prefixes hold one or never may. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "address_fixture.h"
#include "testpoint.h"

static const struct {
	const char *addr;
	bs_classes served;
	int classes; /* -1: no test point */
} points[] = {
    {"127.0.0.2", BS_CALLOUT, 0},
    {"127.0.0.6", BS_CLASSES_ALL, BS_BOUNCE},
    {"127.0.0.6", BS_CALLOUT, -1},
    {"127.0.0.66", BS_CALLOUT, BS_CALLOUT},
    {"127.0.0.130", BS_CLASSES_ALL, BS_SUBSCRIBE},
    {"127.0.0.14", BS_CLASSES_ALL, -1},
    {"127.0.0.0", BS_CLASSES_ALL, -1},
    {"127.0.0.1", BS_CLASSES_ALL, -1},
    {"127.0.0.3", BS_CLASSES_ALL, -1},
    {"127.0.1.2", BS_CLASSES_ALL, -1},
    {"::ffff:127.0.0.2", BS_CALLOUT, 0},
    {"::ffff:127.0.0.10", BS_CLASSES_ALL, BS_AUTOREPLY},
    {"::ffff:127.0.0.1", BS_CLASSES_ALL, -1},
    {"::127.0.0.2", BS_CLASSES_ALL, -1},
};

static void
test_points(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		struct bs_addr addr = addr_of(points[i].addr);
		bs_classes classes = 1;
		bool is = bs_testpoint_find(&addr, points[i].served, &classes);

		print_message("%s\n", points[i].addr);
		assert_int_equal(is, points[i].classes >= 0);
		if (is)
			assert_int_equal(classes, points[i].classes);
	}
}

/* What no list may ever list, alone or in a range. */
static void
never(void **state)
{
	static const struct {
		const char *prefix;
		bool never;
	} nevers[] = {
	    {"127.0.0.1", true},
	    {"127.0.0.0/31", true},
	    {"127.0.0.0/8", true},
	    {"0.0.0.0/0", true},
	    {"127.0.0.0", false},
	    {"127.0.0.2", false},
	    {"127.0.1.1", false},
	    {"::ffff:127.0.0.1", true},
	    {"::ffff:0:0/96", true},
	    {"::/0", true},
	    {"::127.0.0.1", false},
	    {"::1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(nevers) / sizeof(*nevers); i++) {
		struct bs_prefix prefix = prefix_of(nevers[i].prefix);

		print_message("%s\n", nevers[i].prefix);
		assert_int_equal(bs_testpoint_never(&prefix), nevers[i].never);
	}
}

static const struct {
	const char *prefix;
	bs_classes served;
	bool inside;
} above[] = {
    {"127.0.0.0/8", BS_CALLOUT, true},
    {"127.0.0.0/24", BS_CALLOUT, true},
    {"127.1.0.0/16", BS_CALLOUT, false},
    {"::/4", BS_CALLOUT, true},
    {"::/16", BS_CALLOUT, true},
    {"::ffff:7f00:0/124", BS_CALLOUT, true},
    {"::ffff:7f00:10/124", BS_CALLOUT, false},
    {"::ffff:7f00:10/124", BS_CHALLENGE, true},
    {"::ffff:7f00:40/124", BS_CALLOUT, true},
    {"1000::/4", BS_CLASSES_ALL, false},
};

static void
above_test_points(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(above) / sizeof(*above); i++) {
		struct bs_prefix prefix = prefix_of(above[i].prefix);

		print_message("%s\n", above[i].prefix);
		assert_int_equal(bs_testpoint_inside(&prefix, above[i].served),
		    above[i].inside);
	}
}

/* In the order of addresses, each one found. */
static void
all_of_a_family(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * BS_TESTPOINT_COUNT; i++) {
		uint8_t family = i < BS_TESTPOINT_COUNT ? BS_IPV4 : BS_IPV6;
		unsigned index = i % BS_TESTPOINT_COUNT;
		struct bs_addr addr = bs_testpoint_at(family, index);
		struct bs_addr before = index > 0
					    ? bs_testpoint_at(family, index - 1)
					    : bs_testpoint_opposite(family);
		struct bs_prefix single = bs_prefix_single(&addr);
		bs_classes classes;

		assert_true(bs_testpoint_find(&addr, BS_CLASSES_ALL, &classes));
		assert_int_equal(
		    classes, index > 0 ? bs_class_at(index - 1) : 0);
		assert_true(bs_addr_compare(&before, &addr) < 0);
		assert_false(bs_testpoint_never(&single));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_points),
	    cmocka_unit_test(never),
	    cmocka_unit_test(above_test_points),
	    cmocka_unit_test(all_of_a_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
