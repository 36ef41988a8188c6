/*
 * How many sightings are kept: so many of a host and day, and as many as rules may
 * ask for; those of a busy host come to the same in one transaction as in one for
 * each, whatever else is among them.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_fixture.h"

#define SIGHTINGS 900

/* xorshift: the same numbers each time */
static uint32_t
next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

struct row {
	const char *name;
	uint32_t hosts, seconds, traps, more; /* so many different ones */
	bool mixed;   /* feeds, classes, delays and days too */
	size_t purge; /* in between, each so many; 0: never */
};

static const struct row rows[] = {
    {"one host, one trap", 1, 900, 1, 1, false, 0},
    {"all in a second", 1, 1, 50, 1, false, 0},
    {"many traps, some messages with several", 1, 20, 200, 8, false, 0},
    {"few traps, some messages with several", 1, 20, 4, 4, false, 0},
    {"two hosts in turns", 2, 20, 4, 2, false, 0},
    {"of everything something", 3, 20, 9, 3, true, 0},
    {"what was kept is taken off now and then", 1, 20, 9, 3, false, 70},
};

static struct bs_sighting
sighting_at(struct fixture *fixture, const struct row *row, uint32_t *random)
{
	static const char *const feeds[] = {BS_FEED_LOCAL, "other", "othe"};
	struct bs_sighting sighting =
	    sighting_of(fixture, "192.0.2.0", BS_BOUNCE,
		T0 - next(random) % row->seconds, next(random) % row->traps);

	sighting.source.octet[3] = (uint8_t)(next(random) % row->hosts);
	/* in the order of keys they are in no order */
	bs_put_be32(sighting.identity, next(random));
	sighting.more_count = next(random) % row->more;
	for (size_t i = 0; i < sighting.more_count; i++)
		bs_put_be32(sighting.more[i], next(random) % row->traps);
	if (!row->mixed)
		return sighting;
	(void)strcpy(sighting.feed, feeds[next(random) % 3]);
	sighting.class = next(random) % 3 == 0 ? BS_AUTOREPLY : BS_BOUNCE;
	sighting.lists = next(random) % 4 != 0;
	if (next(random) % 5 == 0)
		sighting.received_s -= DAY_S;
	return sighting;
}

/* All of a row, with a commit after so many. */
static void
fill(struct fixture *fixture, const struct row *row, size_t group)
{
	struct bs_writer *writer = NULL;
	uint32_t random = 1;

	for (size_t i = 0; i < SIGHTINGS; i++) {
		struct bs_sighting sighting =
		    sighting_at(fixture, row, &random);
		enum bs_outcome outcome;

		if (writer == NULL)
			writer = begin_at(fixture, T0);
		if (row->purge != 0 && i % row->purge == row->purge - 1) {
			struct bs_prefix prefix = prefix_of("192.0.2.0");

			(void)bs_writer_forget_sightings(writer, &prefix);
		}
		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_OK);
		if (i % group != group - 1)
			continue;
		commit(writer);
		writer = NULL;
	}
	if (writer != NULL)
		commit(writer);
}

static bool
next_seen(struct bs_snapshot *snapshot, struct bs_sighting_seen *seen)
{
	int error = bs_snapshot_sighting_next(snapshot, seen);

	assert_true(error == BS_OK || error == BS_ENOTFOUND);
	return error == BS_OK;
}

static void
check_same(struct fixture *a, struct fixture *b)
{
	struct bs_snapshot *left, *right;
	struct bs_sighting_seen one = {.key_size = 0}, other = {.key_size = 0};
	bool more = true;

	assert_int_equal(bs_snapshot_new(a->store, &left, NULL), BS_OK);
	assert_int_equal(bs_snapshot_new(b->store, &right, NULL), BS_OK);
	assert_int_equal(bs_snapshot_renew(left), BS_OK);
	assert_int_equal(bs_snapshot_renew(right), BS_OK);
	while (more) {
		more = next_seen(left, &one);
		assert_int_equal(next_seen(right, &other), more);
		assert_int_equal(one.key_size, other.key_size);
		assert_memory_equal(one.key, other.key, one.key_size);
		assert_memory_equal(one.trap, other.trap, BS_KEYHASH_SIZE);
		assert_string_equal(one.feed, other.feed);
	}
	bs_snapshot_free(&left);
	bs_snapshot_free(&right);
	assert_int_equal(stats_at(a, T0).trim, stats_at(b, T0).trim);
}

static void
in_one_transaction_as_in_many(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static const size_t groups[] = {7, SIGHTINGS};
		void *single;

		print_message("# %s\n", rows[i].name);
		assert_int_equal(fixture_open(&single), 0);
		fill(single, &rows[i], 1);
		assert_true(stats_at(single, T0).sightings > 0);
		for (size_t k = 0; k < 2; k++) {
			void *grouped;

			assert_int_equal(fixture_open(&grouped), 0);
			fill(grouped, &rows[i], groups[k]);
			check_same(single, grouped);
			assert_int_equal(fixture_close(&grouped), 0);
		}
		assert_int_equal(fixture_close(&single), 0);
	}
}

/* Of a host and day, as many as are said, at any moment. */
static void
no_more_than_that(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_at(fixture, T0);
	uint32_t random = 1;

	for (uint64_t i = 0; i < 3u * BS_STORE_SIGHTINGS_DAY; i++) {
		struct bs_sighting sighting =
		    sighting_at(fixture, &rows[0], &random);
		enum bs_outcome outcome;
		MDB_stat stat;

		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_OK);
		assert_int_equal(
		    mdb_stat(writer->txn,
			fixture->store->dbi[BS_TABLE_SIGHTING], &stat),
		    MDB_SUCCESS);
		assert_int_equal(stat.ms_entries, i < BS_STORE_SIGHTINGS_DAY
						      ? i + 1
						      : BS_STORE_SIGHTINGS_DAY);
	}
	commit(writer);
}

/* --- bounds ------------------------------------------------------------- */

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
	    cmocka_unit_test(in_one_transaction_as_in_many),
	    CASE(no_more_than_that),
	    CASE(nothing_grows),
	    CASE(kept_are_bounded),
	    CASE(bounded_is_enough),
	    CASE(other_traps_count),
	    CASE(traps_of_rules_are_kept),
	    CASE(hammering),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
