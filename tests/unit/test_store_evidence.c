/*
 * Evidence in the store: how much is kept, and when it goes.
 */
#include "autoconf.h"

#include <string.h>

#include "store_fixture.h"

#define ADDRESS "192.0.2.99"
#define HOUR BS_EVIDENCE_HOUR_S

/* What is kept of a prefix. */
static struct bs_evidence_list
evidence(struct fixture *fixture, const char *text)
{
	struct bs_prefix prefix = prefix_of(text), found;
	struct bs_evidence_list list = {.count = 0};
	struct bs_snapshot *snapshot;
	int error;

	snapshot = snapshot_now(fixture);
	error =
	    bs_snapshot_evidence_next(snapshot, &prefix, false, &found, &list);
	assert_true(error == BS_OK || error == BS_ENOTFOUND);
	if (error == BS_OK && bs_prefix_compare(&prefix, &found) != 0)
		list.count = 0;
	bs_snapshot_free(&snapshot);
	return list;
}

static void
newest_few(void **state)
{
	struct fixture *fixture = *state;
	struct bs_evidence_list list;

	for (uint32_t i = 0; i < 100; i++) {
		struct bs_sighting sighting = sighting_of(
		    fixture, ADDRESS, BS_BOUNCE, T0 + i * HOUR + 77, 1);

		(void)strcpy(sighting.facts.status, "5.1.1");
		(void)see(fixture, T0 + i * HOUR + 77, &sighting);
	}
	list = evidence(fixture, ADDRESS);
	assert_int_equal(list.count, fixture->policy.evidence);
	assert_int_equal(list.item[list.count - 1].hour_s,
	    (T0 + 99 * HOUR + 77) / HOUR * HOUR);
	assert_string_equal(list.item[0].facts.status, "5.1.1");
	assert_int_equal(stats_at(fixture, T0).evidence, 1);
}

static void
ends_with_the_listing(void **state)
{
	struct fixture *fixture = *state;

	/* by time */
	see_new(fixture, T0, ADDRESS, BS_BOUNCE);
	see_new(fixture, T0 + WEEK_S, ADDRESS, BS_BOUNCE);
	pass(fixture, T0 + 5 * WEEK_S - 1);
	assert_int_equal(evidence(fixture, ADDRESS).count, 2);
	pass(fixture, T0 + 5 * WEEK_S);
	assert_int_equal(evidence(fixture, ADDRESS).count, 0);
	/* by hand */
	see_new(fixture, T0 + 6 * WEEK_S, ADDRESS, BS_BOUNCE);
	assert_int_equal(evidence(fixture, ADDRESS).count, 1);
	remove_at(fixture, T0 + 6 * WEEK_S, ADDRESS);
	assert_int_equal(stats_at(fixture, T0).evidence, 0);
	/* what is due by then is about the one before */
	see_new(fixture, T0 + 9 * WEEK_S, ADDRESS, BS_BOUNCE);
	pass(fixture, T0 + 12 * WEEK_S);
	assert_int_equal(evidence(fixture, ADDRESS).count, 1);
}

static void
as_long_as_it_is_listed(void **state)
{
	struct fixture *fixture = *state;

	see_new(fixture, T0, ADDRESS, BS_BOUNCE);
	add(fixture, T0, ADDRESS, BS_VIRUS, T0 + 20 * WEEK_S);
	pass(fixture, T0 + 19 * WEEK_S);
	assert_int_equal(evidence(fixture, ADDRESS).count, 1);
	pass(fixture, T0 + 20 * WEEK_S);
	assert_int_equal(evidence(fixture, ADDRESS).count, 0);
}

static void
too_few_to_list(void **state)
{
	struct fixture *fixture = *state;

	see_new(fixture, T0, ADDRESS, BS_AUTOREPLY);
	assert_int_equal(cover(fixture, ADDRESS), 0);
	assert_int_equal(evidence(fixture, ADDRESS).count, 1);
	pass(fixture, T0 + 5 * WEEK_S);
	assert_int_equal(stats_at(fixture, T0).evidence, 0);
}

static void
what_never_lists_shows_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, ADDRESS, BS_BOUNCE, T0, 1);

	sighting.lists = false;
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_COUNTED);
	assert_int_equal(stats_at(fixture, T0).evidence, 0);
	fixture->policy.evidence = 0;
	see_new(fixture, T0, ADDRESS, BS_BOUNCE);
	assert_int_equal(stats_at(fixture, T0).evidence, 0);
}

static void
ipv6_by_what_lists(void **state)
{
	struct fixture *fixture = *state;
	struct bs_addr want = addr_of("2001:db8::");
	struct bs_evidence_list list;

	see_new(fixture, T0, "2001:db8::7", BS_BOUNCE);
	list = evidence(fixture, "2001:db8::/64");
	assert_int_equal(list.count, 1);
	assert_int_equal(bs_addr_compare(&list.item[0].source, &want), 0);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_open, fixture_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(newest_few),
	    TEST(ends_with_the_listing),
	    TEST(as_long_as_it_is_listed),
	    TEST(too_few_to_list),
	    TEST(what_never_lists_shows_nothing),
	    TEST(ipv6_by_what_lists),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
