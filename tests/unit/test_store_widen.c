/*
 * What widening, repeaters and feeds cost and leave behind in the real store:
 * bounded steps, bounded tables, exemptions by command.  What they come to is
 * in the tables of test_store_policy.c.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_fixture.h"

static struct bs_sighting
from_ipv6(
    struct fixture *fixture, uint32_t high, uint32_t low, uint32_t received_s)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, "2001:db8::1", BS_BOUNCE, received_s, 1);

	bs_put_be16(sighting.source.octet + 4, (uint16_t)high);
	bs_put_be16(sighting.source.octet + 6, (uint16_t)low);
	return sighting;
}

static void
see_in(struct bs_writer *writer, struct fixture *fixture,
    const struct bs_sighting *sighting)
{
	enum bs_outcome outcome;

	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, sighting, &outcome),
	    BS_OK);
	assert_true(outcome == BS_OUTCOME_LISTED ||
		    outcome == BS_OUTCOME_RENEWED ||
		    outcome == BS_OUTCOME_EXEMPT);
}

/* A whole /32 that is used an address at a time, each in another /48 first. */
static void
a_network_an_address_at_a_time(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;

	for (uint32_t low = 0; low < 40; low++) {
		struct bs_writer *writer = begin_at(fixture, T0 + low);

		for (uint32_t high = 0; high < 64; high++) {
			struct bs_sighting sighting =
			    from_ipv6(fixture, high, low, T0 + low);

			see_in(writer, fixture, &sighting);
		}
		commit(writer);
	}
	assert_true(get(fixture, "2001:db8::/32", &listing));
	/* 17 /48s, by 17 /64s each, and 16 /64s of the others */
	assert_int_equal(stats_at(fixture, T0).listings_ipv6,
	    1 + 17 + 17 * 17 + (64 - 17) * 16);
	/* now it is one listing that is renewed */
	assert_int_equal(listing.class[0].last_s, T0 + 39);
	pass(fixture, T0 + 39 + 4 * WEEK_S);
	assert_int_equal(
	    stats_at(fixture, T0 + 39 + 4 * WEEK_S).listings_ipv6, 0);
}

/* Listings by hand, more than are looked at, hide nothing but a widening. */
static void
bounded_steps(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_listing listing;
	bool new;

	for (uint32_t low = 0; low < BS_STORE_WIDEN_STEPS; low++) {
		struct bs_sighting sighting = from_ipv6(fixture, 1, low, T0);
		struct bs_prefix prefix = bs_prefix_of(&sighting.source, 64);

		assert_int_equal(bs_writer_add(writer, &prefix, BS_BOUNCE,
				     T0 + WEEK_S, "", &new),
		    BS_OK);
	}
	for (uint32_t low = 0; low < 17; low++) {
		struct bs_sighting sighting =
		    from_ipv6(fixture, 1, BS_STORE_WIDEN_STEPS + low, T0);

		see_in(writer, fixture, &sighting);
	}
	commit(writer);
	assert_false(get(fixture, "2001:db8:1::/48", &listing));
	pass(fixture, T0 + WEEK_S);
	assert_int_equal(
	    see_new(fixture, T0 + WEEK_S, "2001:db8:1:9999::1", BS_BOUNCE),
	    BS_OUTCOME_LISTED);
	assert_false(get(fixture, "2001:db8:1::/48", &listing));
}

/* The first and the last /64 of a /48 count, and what is wider or narrower
 * than a /64 neither counts nor stops. */
static void
edges(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;

	fixture->policy.widen_48 = 2;
	add(fixture, T0, "2001:db8:1::/48", BS_BOUNCE, T0 + DAY_S);
	add(fixture, T0, "2001:db8:1::/56", BS_BOUNCE, T0 + DAY_S);
	add(fixture, T0, "2001:db8:1::1", BS_BOUNCE, T0 + DAY_S);
	add(fixture, T0, "2001:db8:1:ff00::/56", BS_BOUNCE, T0 + DAY_S);
	add(fixture, T0, "2001:db8:1:ffff:ffff:ffff:ffff:ffff", BS_BOUNCE,
	    T0 + DAY_S);
	pass(fixture, T0 + 1);
	(void)see_new(fixture, T0 + 1, "2001:db8:1::5", BS_BOUNCE);
	(void)see_new(fixture, T0 + 1, "2001:db8:1:ffff::5", BS_BOUNCE);
	(void)see_new(fixture, T0 + 1, "2001:db8:2::5", BS_BOUNCE);
	(void)see_new(fixture, T0 + 1, "2001:db8:0:ffff::5", BS_BOUNCE);
	assert_true(get(fixture, "2001:db8:1::/48", &listing));
	assert_int_equal(listing.class[0].hits, 0);
	(void)see_new(fixture, T0 + 1, "2001:db8:1:ff00::5", BS_BOUNCE);
	assert_true(get(fixture, "2001:db8:1::/48", &listing));
	assert_int_equal(listing.class[0].hits, 3);
	assert_int_equal(listing.class[0].expires_s, T0 + 1 + 4 * WEEK_S);
}

static void
exempt_by_command(void **state)
{
	static const struct {
		const char *exempt;
		bool listed;
	} rows[] = {
	    {"2001:db8:1:ffff::25", false},
	    {"2001:db8:1::/48", false},
	    {"2001:db8::/32", false},
	    {"2001:db8:1::/56", false},
	    {"2001:db8:2::25", true},
	    {"2001:db8:0:ffff::25", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		void *own = NULL;
		struct fixture *fixture;
		struct bs_prefix exempt = prefix_of(rows[i].exempt);
		struct bs_listing listing;
		struct bs_writer *writer;
		bool new;

		assert_int_equal(fixture_open(&own), 0);
		fixture = own;
		writer = begin_at(fixture, T0);
		assert_int_equal(
		    bs_writer_exempt(writer, &exempt, "ours", &new), BS_OK);
		for (uint32_t low = 0; low < 20; low++) {
			struct bs_sighting sighting =
			    from_ipv6(fixture, 1, low, T0);

			see_in(writer, fixture, &sighting);
		}
		commit(writer);
		if (get(fixture, "2001:db8:1::/48", &listing) != rows[i].listed)
			fail_msg("%s", rows[i].exempt);
		assert_int_equal(fixture_close(&own), 0);
	}
}

/* One change for each listing that appears, and none for a renewal. */
static void
serial(void **state)
{
	struct fixture *fixture = *state;

	for (uint32_t low = 0; low < 20; low++) {
		struct bs_sighting sighting = from_ipv6(fixture, 1, low, T0);

		(void)see(fixture, T0, &sighting);
	}
	assert_int_equal(number(fixture), 17 + 1);
}

/* What ended is remembered, once for a prefix and class, for 400 days. */
static void
past_goes(void **state)
{
	struct fixture *fixture = *state;
	uint32_t end_s = T0 + 4 * WEEK_S;

	for (unsigned i = 0; i < 20; i++) {
		char source[32];

		(void)snprintf(source, sizeof(source), "198.51.100.%u", i);
		(void)see_new(fixture, T0, source, BS_BOUNCE);
		(void)see_new(fixture, T0, source, BS_VIRUS);
	}
	assert_int_equal(stats_at(fixture, T0).past, 0);
	pass(fixture, end_s);
	assert_int_equal(stats_at(fixture, end_s).past, 40);
	/* listed again: known by the listing now */
	(void)see_new(fixture, end_s + 1, "198.51.100.7", BS_BOUNCE);
	assert_int_equal(stats_at(fixture, end_s).past, 39);
	/* removed: forgotten, the other class too */
	remove_at(fixture, end_s + 2, "198.51.100.7");
	assert_int_equal(stats_at(fixture, end_s).past, 38);
	/* ended twice: one record */
	(void)see_new(fixture, end_s + 3, "198.51.100.8", BS_BOUNCE);
	pass(fixture, end_s + 3 + 8 * WEEK_S);
	assert_int_equal(stats_at(fixture, end_s).past, 38);
	pass(fixture, end_s + BS_STORE_PAST_S - 1);
	assert_int_equal(stats_at(fixture, end_s).past, 38);
	pass(fixture, end_s + BS_STORE_PAST_S);
	assert_int_equal(stats_at(fixture, end_s).past, 1);
	pass(fixture, end_s + 3 + 8 * WEEK_S + BS_STORE_PAST_S);
	assert_int_equal(stats_at(fixture, end_s).past, 0);
}

/* A repeater's sightings stay as long as its listing. */
static void
sightings_of_repeaters(void **state)
{
	struct fixture *fixture = *state;
	uint32_t again_s = T0 + 5 * WEEK_S;

	(void)see_new(fixture, T0, "198.51.100.7", BS_BOUNCE);
	pass(fixture, T0 + 4 * WEEK_S);
	assert_int_equal(stats_at(fixture, T0).sightings, 0);
	(void)see_new(fixture, again_s, "198.51.100.7", BS_BOUNCE);
	pass(fixture, again_s + 8 * WEEK_S - 1);
	assert_int_equal(stats_at(fixture, T0).sightings, 1);
	assert_int_equal(stats_at(fixture, T0).seen, 0);
	pass(fixture, again_s + 8 * WEEK_S);
	assert_int_equal(stats_at(fixture, T0).sightings, 0);
}

/* A live sighting that comes again is remembered anew, not trimmed too soon. */
static void
live_identities(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
	struct bs_writer *writer;

	sighting.door = BS_DOOR_LIVE;
	assert_int_equal(see(fixture, T0, &sighting), BS_OUTCOME_LISTED);
	sighting.received_s = T0 + WEEK_S;
	/* over, though nobody has trimmed it yet: in one transaction */
	writer = begin_at(fixture, T0 + WEEK_S - 1);
	writer->now_s = T0 + WEEK_S;
	see_in(writer, fixture, &sighting);
	commit(writer);
	pass(fixture, T0 + WEEK_S);
	assert_int_equal(stats_at(fixture, T0).seen, 1);
	assert_int_equal(
	    see(fixture, T0 + WEEK_S, &sighting), BS_OUTCOME_REPEAT);
	pass(fixture, T0 + 2 * WEEK_S);
	assert_int_equal(stats_at(fixture, T0).seen, 0);
}

/* 2^32 sightings of one source: the count stays where it is. */
static void
as_many_hits_as_can_be(void **state)
{
	struct fixture *fixture = *state;
	struct bs_seen seen = {.policy = &fixture->policy,
	    .class = BS_BOUNCE,
	    .prefix = prefix_of("198.51.100.7"),
	    .source = addr_of("198.51.100.7"),
	    .newest_s = T0,
	    .hits = UINT32_MAX};
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_listed listed;
	struct bs_listing listing;

	assert_int_equal(bs_writer_list(writer, &seen, &listed), BS_OK);
	assert_int_equal(bs_writer_list(writer, &seen, &listed), BS_OK);
	assert_true(listed.renewed);
	commit(writer);
	assert_true(get(fixture, "198.51.100.7", &listing));
	assert_int_equal(listing.class[0].hits, UINT32_MAX);
}

static void
feeds(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *feed;
		int error;
	} rows[] = {
	    {"local", BS_OK},
	    {"a", BS_OK},
	    {"Partner_2-b", BS_OK},
	    {"", BS_EINVAL},
	    {"a.b", BS_EINVAL},
	    {"a b", BS_EINVAL},
	};
	struct bs_writer *writer = begin_at(fixture, T0);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_sighting sighting =
		    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
		enum bs_outcome outcome;

		(void)snprintf(
		    sighting.feed, sizeof(sighting.feed), "%s", rows[i].feed);
		if (bs_writer_sighting(writer, &fixture->policy, &sighting,
			&outcome) != rows[i].error)
			fail_msg("%s", rows[i].feed);
	}
	/* none that does not end */
	{
		struct bs_sighting sighting =
		    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
		enum bs_outcome outcome;

		memset(sighting.feed, 'f', sizeof(sighting.feed));
		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_EINVAL);
	}
	commit(writer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_network_an_address_at_a_time),
	    CASE(bounded_steps),
	    CASE(edges),
	    cmocka_unit_test(exempt_by_command),
	    CASE(serial),
	    CASE(past_goes),
	    CASE(sightings_of_repeaters),
	    CASE(live_identities),
	    CASE(as_many_hits_as_can_be),
	    CASE(feeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
