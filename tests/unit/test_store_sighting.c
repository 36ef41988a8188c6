/*
 * Sightings: outcomes, thresholds, repeats, removals and old mail, IPv6, the
 * serial, expiry by class.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_fixture.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void
refused_sources(void **state)
{
	static const struct {
		const char *source;
		enum bs_outcome outcome;
	} rows[] = {
	    {"8.8.8.8", BS_OUTCOME_LISTED},
	    {"::ffff:8.8.4.4", BS_OUTCOME_LISTED},
	    {"127.0.0.1", BS_OUTCOME_RESERVED},
	    {"::ffff:127.0.0.1", BS_OUTCOME_RESERVED},
	    {"::1", BS_OUTCOME_RESERVED}, {"10.1.2.3", BS_OUTCOME_RESERVED},
	    {"2002:808:808::1", BS_OUTCOME_RESERVED},
	    {"9.9.9.9", BS_OUTCOME_EXEMPT}, {"2a00::25", BS_OUTCOME_EXEMPT},
	    {"2a00::7", BS_OUTCOME_LISTED}, /* its /64 has a hole */
	};
	struct fixture *fixture = *state;
	struct bs_prefix exempt[] = {
	    prefix_of("9.9.9.0/24"), prefix_of("2a00::25")};
	struct bs_store_stats stats;

	fixture->policy.exempt = exempt;
	fixture->policy.exempt_count = 2;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (see_new(fixture, T0, rows[i].source, BS_BOUNCE) !=
		    rows[i].outcome)
			fail_msg("%s", rows[i].source);
	}
	stats = stats_at(fixture, T0);
	assert_int_equal(stats.listings_ipv4, 2);
	assert_int_equal(stats.listings_ipv6, 1);
	/* what was refused is not remembered */
	assert_int_equal(stats.sightings, 3);
	assert_int_equal(stats.seen, 3);
}

/* When an exemption goes, a rescan of the same message lists. */
static void
exempt_then_not(void **state)
{
	struct fixture *fixture = *state;
	struct bs_prefix exempt = prefix_of("198.51.100.0/24");
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);

	fixture->policy.exempt = &exempt;
	fixture->policy.exempt_count = 1;
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_EXEMPT);
	fixture->policy.exempt_count = 0;
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_LISTED);
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_REPEAT);
}

static void
no_source(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
	struct bs_writer *writer = begin_at(fixture, T0);
	enum bs_outcome outcome;

	sighting.class = (enum bs_class)12;
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_EINVAL);
	sighting.class = BS_BOUNCE;
	sighting.source.family = 0;
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_EINVAL);
	commit(writer);
}

/* One scan of sightings: day received, trap; the outcomes in order. */
struct scan {
	const char *name;
	size_t count;
	struct {
		unsigned day, trap;
		enum bs_outcome outcome;
	} seen[5];
};

/* Several traps of one message are one hit on each of them. */
static void
several_traps(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.200", BS_AUTOREPLY, T0 + DAY_S, 1);
	enum bs_outcome outcome;
	struct bs_writer *writer;

	sighting.more_count = 2;
	sighting.more[0][0] = 8;
	sighting.more[1][0] = 9;
	assert_int_equal(
	    see(fixture, T0 + DAY_S, &sighting), BS_OUTCOME_COUNTED);
	for (uint32_t day = 2; day <= 3; day++) {
		sighting = sighting_of(fixture, "198.51.100.200", BS_AUTOREPLY,
		    T0 + day * DAY_S, 1);
		assert_int_equal(see(fixture, T0 + day * DAY_S, &sighting),
		    day < 3 ? BS_OUTCOME_COUNTED : BS_OUTCOME_LISTED);
	}
	sighting.more_count = BS_POLICY_MORE_TRAPS_MAX + 1;
	writer = begin_at(fixture, T0 + 4 * DAY_S);
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_EINVAL);
	commit(writer);
}

static void
thresholds(void **state)
{
	static const struct scan rows[] = {
	    {"three on two traps", 3,
		{{1, 1, BS_OUTCOME_COUNTED}, {2, 2, BS_OUTCOME_COUNTED},
		    {3, 1, BS_OUTCOME_LISTED}}},
	    {"a fourth renews", 4,
		{{1, 1, BS_OUTCOME_COUNTED}, {2, 2, BS_OUTCOME_COUNTED},
		    {3, 1, BS_OUTCOME_LISTED}, {4, 1, BS_OUTCOME_RENEWED}}},
	    {"three on one trap", 3,
		{{1, 1, BS_OUTCOME_COUNTED}, {2, 1, BS_OUTCOME_COUNTED},
		    {3, 1, BS_OUTCOME_COUNTED}}},
	    {"the window ends", 3,
		{{1, 1, BS_OUTCOME_COUNTED}, {2, 2, BS_OUTCOME_COUNTED},
		    {9, 1, BS_OUTCOME_COUNTED}}},
	    {"just within the window", 3,
		{{1, 1, BS_OUTCOME_COUNTED}, {2, 2, BS_OUTCOME_COUNTED},
		    {8, 1, BS_OUTCOME_LISTED}}},
	    {"read backwards", 3,
		{{3, 1, BS_OUTCOME_COUNTED}, {2, 2, BS_OUTCOME_COUNTED},
		    {1, 1, BS_OUTCOME_LISTED}}},
	    {"the middle one comes last", 3,
		{{1, 1, BS_OUTCOME_COUNTED}, {8, 2, BS_OUTCOME_COUNTED},
		    {4, 1, BS_OUTCOME_LISTED}}},
	    {"no window holds all three", 3,
		{{1, 1, BS_OUTCOME_COUNTED}, {9, 2, BS_OUTCOME_COUNTED},
		    {5, 1, BS_OUTCOME_COUNTED}}},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char source[32];

		(void)snprintf(source, sizeof(source), "198.51.100.%zu", i);
		for (size_t j = 0; j < rows[i].count; j++) {
			struct bs_sighting sighting =
			    sighting_of(fixture, source, BS_AUTOREPLY,
				T0 + rows[i].seen[j].day * DAY_S,
				rows[i].seen[j].trap);

			if (see(fixture, T0 + 10 * DAY_S, &sighting) !=
			    rows[i].seen[j].outcome)
				fail_msg("%s: %zu", rows[i].name, j);
		}
	}
}

/* In whatever order mail is read, the listings are the same. */
static void
order_does_not_matter(void **state)
{
	static const unsigned orders[][3] = {
	    {1, 3, 6}, {1, 6, 3}, {3, 1, 6}, {3, 6, 1}, {6, 1, 3}, {6, 3, 1}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(orders); i++) {
		struct bs_listing listing;
		char source[32];

		(void)snprintf(source, sizeof(source), "198.51.100.%zu", i);
		for (size_t j = 0; j < 3; j++) {
			struct bs_sighting sighting =
			    sighting_of(fixture, source, BS_SUBSCRIBE,
				T0 + orders[i][j] * DAY_S, orders[i][j]);

			(void)see(fixture, T0 + 10 * DAY_S, &sighting);
		}
		assert_true(get(fixture, source, &listing));
		assert_int_equal(bs_listing_last_s(&listing), T0 + 6 * DAY_S);
		assert_int_equal(bs_listing_expires_first_s(&listing),
		    T0 + 6 * DAY_S + 4 * WEEK_S);
		assert_int_equal(
		    listing.class[bs_class_index(BS_SUBSCRIBE)].hits, 3);
	}
}

/* What never lists is kept and counts for nothing. */
static void
kinds_that_never_list(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);

	sighting.lists = false;
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_COUNTED);
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_REPEAT);
	for (unsigned i = 0; i < 5; i++) {
		sighting =
		    sighting_of(fixture, "198.51.100.7", BS_AUTOREPLY, T0, i);
		sighting.lists = i < 3 ? false : true;
		assert_int_equal(
		    see(fixture, T0, &sighting), BS_OUTCOME_COUNTED);
	}
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(stats_at(fixture, T0).sightings, 6);
	assert_int_equal(number(fixture), 0);
}

static void
repeats(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
	struct bs_listing listing;

	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_LISTED);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
		    see(fixture, T0 + DAY_S, &sighting), BS_OUTCOME_REPEAT);
	assert_true(get(fixture, "198.51.100.7", &listing));
	assert_int_equal(listing.class[0].hits, 1);
	assert_int_equal(number(fixture), 1);
	/* its end of being remembered is its end of being of use */
	assert_int_equal(
	    see(fixture, T0 + 4 * WEEK_S - 1, &sighting), BS_OUTCOME_REPEAT);
	assert_int_equal(
	    see(fixture, T0 + 4 * WEEK_S, &sighting), BS_OUTCOME_OLD);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
}

/* Within one transaction, too. */
static void
repeats_in_a_group(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
	struct bs_writer *writer = begin_at(fixture, T0);
	enum bs_outcome outcome;

	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_OK);
	assert_int_equal(outcome, BS_OUTCOME_LISTED);
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_OK);
	assert_int_equal(outcome, BS_OUTCOME_REPEAT);
	commit(writer);
}

static void
removal_then_old_mail(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting before =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0 + 5, 1);
	struct bs_sighting same =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0 + 10, 1);
	struct bs_sighting after =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0 + 11, 1);

	assert_int_equal(
	    see_new(fixture, T0, "198.51.100.7", BS_BOUNCE), BS_OUTCOME_LISTED);
	remove_at(fixture, T0 + 10, "198.51.100.7");
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(see(fixture, T0 + 20, &before), BS_OUTCOME_REMOVED);
	assert_int_equal(see(fixture, T0 + 20, &same), BS_OUTCOME_REMOVED);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(see(fixture, T0 + 20, &after), BS_OUTCOME_LISTED);
	/* and after years */
	assert_int_equal(
	    see(fixture, T0 + 1000 * DAY_S, &before), BS_OUTCOME_REMOVED);
}

/* Sightings from before a removal do not count towards a threshold. */
static void
removal_and_thresholds(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		uint32_t at;
		unsigned trap;
		enum bs_outcome outcome;
	} rows[] = {
	    {1, 1, BS_OUTCOME_COUNTED},
	    {2, 2, BS_OUTCOME_COUNTED},
	    {3, 3, BS_OUTCOME_LISTED},
	    /* removed at 4 */
	    {5, 4, BS_OUTCOME_COUNTED},
	    {6, 5, BS_OUTCOME_COUNTED},
	    {7, 6, BS_OUTCOME_LISTED},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bs_sighting sighting =
		    sighting_of(fixture, "198.51.100.7", BS_AUTOREPLY,
			T0 + rows[i].at, rows[i].trap);

		if (i == 3)
			remove_at(fixture, T0 + 4, "198.51.100.7");
		assert_int_equal(
		    see(fixture, T0 + rows[i].at, &sighting), rows[i].outcome);
	}
}

/* Time took it off; the mail that listed it, or older, does not put it back. */
static void
expiry_then_old_mail(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting newest =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
	struct bs_sighting older =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0 - DAY_S, 1);
	uint32_t end_s = T0 + 4 * WEEK_S;

	assert_int_equal(see(fixture, T0, &newest), BS_OUTCOME_LISTED);
	pass(fixture, end_s - 1);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
	pass(fixture, end_s);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(see(fixture, end_s, &newest), BS_OUTCOME_OLD);
	assert_int_equal(see(fixture, end_s, &older), BS_OUTCOME_OLD);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
}

static void
from_the_future(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0 + WEEK_S, 1);
	struct bs_listing listing;

	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_LISTED);
	assert_true(get(fixture, "198.51.100.7", &listing));
	assert_int_equal(bs_listing_last_s(&listing), T0);
	assert_int_equal(bs_listing_expires_first_s(&listing), T0 + 4 * WEEK_S);
}

static void
ipv6_by_prefix(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;
	struct bs_addr last = addr_of("2001:db8:1:2::8");

	assert_int_equal(see_new(fixture, T0, "2001:db8:1:2:a::7", BS_BOUNCE),
	    BS_OUTCOME_LISTED);
	assert_int_equal(see_new(fixture, T0, "2001:db8:1:2::8", BS_BOUNCE),
	    BS_OUTCOME_RENEWED);
	assert_int_equal(cover(fixture, "2001:db8:1:2:ffff::1"), BS_BOUNCE);
	assert_int_equal(cover(fixture, "2001:db8:1:3::7"), 0);
	assert_true(get(fixture, "2001:db8:1:2::/64", &listing));
	assert_memory_equal(&listing.exact, &last, sizeof(last));
	assert_int_equal(stats_at(fixture, T0).listings_ipv6, 1);
}

/* The serial moves when an answer does, and only then. */
static void
serial(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting old =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0 - WEEK_S, 1);

	assert_int_equal(number(fixture), 0);
	pass(fixture, T0);
	assert_int_equal(number(fixture), 0);
	(void)see_new(fixture, T0, "198.51.100.7", BS_BOUNCE);
	assert_int_equal(number(fixture), 1);
	/* a renewal, a late one, a manual renewal */
	(void)see_new(fixture, T0 + 1, "198.51.100.7", BS_BOUNCE);
	assert_int_equal(see(fixture, T0 + 1, &old), BS_OUTCOME_RENEWED);
	add(fixture, T0 + 1, "198.51.100.7", BS_BOUNCE, T0 + 8 * WEEK_S);
	assert_int_equal(number(fixture), 1);
	/* a class more */
	(void)see_new(fixture, T0 + 2, "198.51.100.7", BS_VIRUS);
	assert_int_equal(number(fixture), 2);
	/* counted only */
	(void)see_new(fixture, T0 + 2, "198.51.100.8", BS_AUTOREPLY);
	assert_int_equal(number(fixture), 2);
	/* the class virus ends, then the listing */
	pass(fixture, T0 + 2 + 4 * WEEK_S);
	assert_int_equal(number(fixture), 3);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
	pass(fixture, T0 + 8 * WEEK_S);
	assert_int_equal(number(fixture), 4);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
}

/* A person's word stands: longer and for ever. */
static void
by_hand_and_by_sighting(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, BS_LISTING_FOREVER);
	assert_int_equal(see_new(fixture, T0, "198.51.100.7", BS_BOUNCE),
	    BS_OUTCOME_RENEWED);
	assert_int_equal(
	    see_new(fixture, T0, "198.51.100.7", BS_VIRUS), BS_OUTCOME_LISTED);
	assert_true(get(fixture, "198.51.100.7", &listing));
	assert_true(listing.manual);
	assert_string_equal(listing.reason, "by hand");
	assert_int_equal(listing.class[bs_class_index(BS_BOUNCE)].expires_s,
	    BS_LISTING_FOREVER);
	pass(fixture, T0 + 100 * WEEK_S);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
}

/* Old mail of another class does not list that class. */
static void
each_class_by_itself(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting old =
	    sighting_of(fixture, "198.51.100.7", BS_VIRUS, T0 - 2 * WEEK_S, 1);

	fixture->policy.class[bs_class_index(BS_VIRUS)].expire_s = WEEK_S;
	assert_int_equal(
	    see_new(fixture, T0, "198.51.100.7", BS_BOUNCE), BS_OUTCOME_LISTED);
	assert_int_equal(see(fixture, T0, &old), BS_OUTCOME_OLD);
	assert_int_equal(
	    see_new(fixture, T0, "198.51.100.7", BS_VIRUS), BS_OUTCOME_LISTED);
	pass(fixture, T0 + WEEK_S);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(refused_sources),
	    CASE(exempt_then_not),
	    CASE(no_source),
	    CASE(several_traps),
	    CASE(thresholds),
	    CASE(order_does_not_matter),
	    CASE(kinds_that_never_list),
	    CASE(repeats),
	    CASE(repeats_in_a_group),
	    CASE(removal_then_old_mail),
	    CASE(removal_and_thresholds),
	    CASE(expiry_then_old_mail),
	    CASE(from_the_future),
	    CASE(ipv6_by_prefix),
	    CASE(serial),
	    CASE(by_hand_and_by_sighting),
	    CASE(each_class_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
