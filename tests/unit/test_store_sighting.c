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

/* Identities and sightings go when nobody can need them. */
static void
nothing_grows(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_stats stats;
	uint32_t end_s = T0 + 4 * WEEK_S;

	for (unsigned i = 0; i < 50; i++) {
		char source[32];

		(void)snprintf(source, sizeof(source), "198.51.100.%u", i);
		(void)see_new(
		    fixture, T0, source, i % 2 == 0 ? BS_BOUNCE : BS_AUTOREPLY);
	}
	pass(fixture, end_s - 1);
	stats = stats_at(fixture, end_s - 1);
	assert_int_equal(stats.sightings, 50);
	assert_int_equal(stats.seen, 50);
	assert_int_equal(stats.listings_ipv4, 25);
	pass(fixture, end_s);
	stats = stats_at(fixture, end_s);
	assert_int_equal(stats.sightings, 0);
	assert_int_equal(stats.seen, 0);
	assert_int_equal(stats.listings_ipv4, 0);
	assert_int_equal(stats.overdue, 0);
}

/* A host that hammers one trap costs a bounded look back, and no listing. */
static void
hammering(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_at(fixture, T0);
	enum bs_outcome outcome;

	for (unsigned i = 0; i < 6000; i++) {
		struct bs_sighting sighting = sighting_of(
		    fixture, "198.51.100.7", BS_AUTOREPLY, T0 - i % 1000, 1);

		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_OK);
		assert_int_equal(outcome, BS_OUTCOME_COUNTED);
	}
	commit(writer);
}

static uint64_t
sightings(struct fixture *fixture)
{
	return stats_at(fixture, T0).sightings;
}

/* Of a host, class, feed and day so many are kept and no more, of different
 * traps first; repeats are repeats still, and all are in the sums. */
static void
kept_are_bounded(void **state)
{
	struct fixture *fixture = *state;
	const uint32_t most = BS_STORE_SIGHTINGS_DAY;
	struct bs_sighting first =
	    sighting_of(fixture, "192.0.2.99", BS_BOUNCE, T0, 7);
	struct bs_listing listing;
	struct bs_sighting sighting;

	assert_int_equal(see(fixture, T0, &first), BS_OUTCOME_LISTED);
	for (uint32_t i = 1; i < 10 * most; i++) {
		sighting =
		    sighting_of(fixture, "192.0.2.99", BS_BOUNCE, T0 + i, 1);
		assert_int_equal(
		    see(fixture, T0 + i, &sighting), BS_OUTCOME_RENEWED);
		assert_int_equal(
		    sightings(fixture), i + 1 < most ? i + 1 : most);
	}
	assert_int_equal(see(fixture, T0 + 500, &sighting), BS_OUTCOME_REPEAT);
	assert_int_equal(see(fixture, T0 + 500, &first), BS_OUTCOME_REPEAT);
	assert_true(get(fixture, "192.0.2.99", &listing));
	assert_int_equal(listing.class[0].hits, 10 * most);
	/* another day, another class, another host */
	see_new(fixture, T0 + DAY_S, "192.0.2.99", BS_BOUNCE);
	see_new(fixture, T0 + DAY_S, "192.0.2.99", BS_VIRUS);
	see_new(fixture, T0 + DAY_S, "192.0.2.98", BS_BOUNCE);
	assert_int_equal(sightings(fixture), most + 3);
	/* what is taken off takes them along */
	remove_at(fixture, T0 + DAY_S, "192.0.2.99");
	assert_int_equal(sightings(fixture), 1);
}

/* A policy that asks for more than that gets it, a trap that was seen once
 * counts however often others are seen. */
static void
bounded_is_enough(void **state)
{
	struct fixture *fixture = *state;
	struct bs_policy_class *rule =
	    &fixture->policy.class[bs_class_index(BS_AUTOREPLY)];
	struct bs_sighting sighting;
	uint32_t i;

	rule->hits = 3 * BS_STORE_SIGHTINGS_DAY;
	rule->traps = 2;
	rule->window_s = DAY_S;
	sighting = sighting_of(fixture, "192.0.2.1", BS_AUTOREPLY, T0, 1);
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_COUNTED);
	for (i = 1; i < rule->hits; i++) {
		sighting =
		    sighting_of(fixture, "192.0.2.1", BS_AUTOREPLY, T0 + i, 2);
		assert_int_equal(see(fixture, T0 + i, &sighting),
		    i + 1 < rule->hits ? BS_OUTCOME_COUNTED
				       : BS_OUTCOME_LISTED);
	}
	/* far more from one trap, then one from another */
	for (i = 0; i < 10 * rule->hits; i++) {
		sighting =
		    sighting_of(fixture, "192.0.2.2", BS_AUTOREPLY, T0 + i, 1);
		assert_int_equal(
		    see(fixture, T0 + i, &sighting), BS_OUTCOME_COUNTED);
	}
	sighting = sighting_of(fixture, "192.0.2.2", BS_AUTOREPLY, T0 + i, 2);
	assert_int_equal(see(fixture, T0 + i, &sighting), BS_OUTCOME_LISTED);
}

/* The outcome of a first sighting on trap 1 and, by the same message, on trap
 * 2, then of one more than are kept on trap 1, and of one on trap 3. */
static void
other_traps_count(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "192.0.2.1", BS_AUTOREPLY, T0, 1);
	uint32_t i;

	fixture->policy.class[bs_class_index(BS_AUTOREPLY)].traps = 3;
	sighting.more_count = 1;
	memcpy(sighting.more[0],
	    sighting_of(fixture, "192.0.2.1", BS_AUTOREPLY, T0, 2).trap,
	    sizeof(sighting.more[0]));
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_COUNTED);
	for (i = 1; i <= BS_STORE_SIGHTINGS_DAY; i++) {
		sighting =
		    sighting_of(fixture, "192.0.2.1", BS_AUTOREPLY, T0 + i, 1);
		assert_int_equal(
		    see(fixture, T0 + i, &sighting), BS_OUTCOME_COUNTED);
	}
	assert_int_equal(sightings(fixture), BS_STORE_SIGHTINGS_DAY);
	sighting = sighting_of(fixture, "192.0.2.1", BS_AUTOREPLY, T0 + i, 3);
	assert_int_equal(see(fixture, T0 + i, &sighting), BS_OUTCOME_LISTED);
}

/* As many traps as a rule may ask for are kept, a class's and a feed's. */
static void
many_traps(struct fixture *fixture, const char *source, uint32_t traps)
{
	for (uint32_t i = 1; i <= traps; i++) {
		struct bs_sighting sighting =
		    sighting_of(fixture, source, BS_AUTOREPLY, T0 + i, 0);

		bs_put_be32(sighting.trap, i);
		bs_put_be32(sighting.trap + 4, i * 2654435761u);
		assert_int_equal(see(fixture, T0 + i, &sighting),
		    i < traps ? BS_OUTCOME_COUNTED : BS_OUTCOME_LISTED);
	}
}

static void
traps_of_rules_are_kept(void **state)
{
	struct fixture *fixture = *state;
	char local[] = BS_FEED_LOCAL;
	struct bs_policy_feed feed = {
	    .name = local, .classes = BS_CLASSES_ALL, .traps = 100};

	fixture->policy.class[bs_class_index(BS_AUTOREPLY)].traps = 70;
	many_traps(fixture, "192.0.2.1", 70);
	fixture->policy.class[bs_class_index(BS_AUTOREPLY)].traps =
	    BS_POLICY_HITS_MAX;
	many_traps(fixture, "192.0.2.2", BS_POLICY_HITS_MAX);
	fixture->policy.feed = &feed;
	fixture->policy.feed_count = 1;
	many_traps(fixture, "192.0.2.3", feed.traps);
	fixture->policy.feed_count = 0;
	fixture->policy.feed = NULL;
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
	    CASE(nothing_grows),
	    CASE(kept_are_bounded),
	    CASE(bounded_is_enough),
	    CASE(other_traps_count),
	    CASE(traps_of_rules_are_kept),
	    CASE(hammering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
