/*
 * A feed gone mad: what is held, what is not, and what becomes of it; and the
 * records' bytes.
 */
#include "autoconf.h"

#include <string.h>

#include "held.h"
#include "store_fixture.h"

static char partner_name[] = "partner";
static const struct bs_policy_feed feed = {
    .name = partner_name, .classes = BS_CLASSES_ALL, .max_new_per_hour = 3};

/* The beginning of an hour. */
#define HOUR (T0 - T0 % 3600)

static enum bs_outcome
see_by(struct fixture *fixture, const char *name, const char *source,
    uint32_t at_s)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, source, BS_BOUNCE, at_s, 1);

	fixture->policy.feed = &feed;
	fixture->policy.feed_count = 1;
	(void)strcpy(sighting.feed, name);
	return see(fixture, at_s, &sighting);
}

/* Three are listed, so many more are held. */
static void
go_mad(struct fixture *fixture, unsigned held)
{
	char text[32];

	for (unsigned i = 0; i < 3 + held; i++) {
		(void)snprintf(text, sizeof(text), "192.0.2.%u", i);
		assert_int_equal(see_by(fixture, "partner", text, HOUR + i),
		    i < 3 ? BS_OUTCOME_LISTED : BS_OUTCOME_HELD);
	}
}

static void
let_go(struct fixture *fixture, uint32_t now_s, bool release)
{
	struct bs_writer *writer = begin_at(fixture, now_s);
	struct bs_held held;

	while (bs_writer_held_next(writer, "partner", NULL, &held) == BS_OK)
		assert_int_equal(
		    bs_writer_let_go(writer, &fixture->policy, &held, release),
		    BS_OK);
	commit(writer);
}

static struct bs_feed_state
state_of(struct fixture *fixture)
{
	struct bs_snapshot *snapshot;
	struct bs_feed_state state;

	snapshot = snapshot_now(fixture);
	assert_int_equal(bs_snapshot_feed(snapshot, "partner", &state), BS_OK);
	bs_snapshot_free(&snapshot);
	return state;
}

static void
only_new_ones(void **state)
{
	struct fixture *fixture = *state;

	go_mad(fixture, 2);
	assert_int_equal(cover(fixture, "192.0.2.2"), BS_BOUNCE);
	assert_int_equal(cover(fixture, "192.0.2.3"), 0);
	assert_int_equal(state_of(fixture).held, 2);
	assert_int_equal(state_of(fixture).alarm_s, HOUR + 4);
	/* what is listed is renewed, and others list */
	assert_int_equal(see_by(fixture, "partner", "192.0.2.0", HOUR + 9),
	    BS_OUTCOME_RENEWED);
	assert_int_equal(see_by(fixture, "local", "192.0.2.77", HOUR + 9),
	    BS_OUTCOME_LISTED);
	assert_int_equal(
	    see_by(fixture, "local", "192.0.2.3", HOUR + 9), BS_OUTCOME_LISTED);
	/* the next hour begins anew, but what is held stays so */
	assert_int_equal(see_by(fixture, "partner", "192.0.2.4", HOUR + 3600),
	    BS_OUTCOME_HELD);
	assert_int_equal(see_by(fixture, "partner", "192.0.2.5", HOUR + 3600),
	    BS_OUTCOME_LISTED);
}

static void
released(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;

	go_mad(fixture, 2);
	assert_int_equal(see_by(fixture, "partner", "192.0.2.3", HOUR + 99),
	    BS_OUTCOME_HELD);
	let_go(fixture, HOUR + 200, true);
	assert_int_equal(cover(fixture, "192.0.2.4"), BS_BOUNCE);
	assert_true(get(fixture, "192.0.2.3", &listing));
	assert_int_equal(listing.class[0].last_s, HOUR + 99);
	assert_int_equal(listing.class[0].hits, 2);
	assert_int_equal(state_of(fixture).held, 0);
	assert_int_equal(stats_at(fixture, T0).held, 0);
}

static void
dropped(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;

	go_mad(fixture, 2);
	before = stats_at(fixture, T0).sightings;
	let_go(fixture, HOUR + 200, false);
	assert_int_equal(cover(fixture, "192.0.2.3"), 0);
	assert_int_equal(stats_at(fixture, T0).sightings, before - 2);
	assert_int_equal(stats_at(fixture, T0).held, 0);
	/* and is judged as new from then on */
	assert_int_equal(see_by(fixture, "partner", "192.0.2.3", HOUR + 3600),
	    BS_OUTCOME_LISTED);
}

/* The fixture lets five be held; at one more it is only counted. */
static void
bounded(void **state)
{
	struct fixture *fixture = *state;

	go_mad(fixture, 7);
	assert_int_equal(state_of(fixture).held, 5);
	assert_int_equal(state_of(fixture).lost, 2);
	assert_int_equal(stats_at(fixture, T0).held, 5);
}

/* A purge of others does not let what is held in by the back door. */
static void
nobody_tells(void *context, const struct bs_purge_change *change)
{
	(void)context;
	(void)change;
}

static void
held_counts_for_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = {.policy = &fixture->policy,
	    .classes = BS_CLASSES_ALL,
	    .feed = "local",
	    .until_s = UINT32_MAX,
	    .told = nobody_tells};
	struct bs_purge_walk walk = {.done = false};
	struct bs_writer *writer;

	go_mad(fixture, 1);
	see_by(fixture, "local", "192.0.2.3", HOUR + 9);
	assert_int_equal(cover(fixture, "192.0.2.3"), BS_BOUNCE);
	writer = begin_at(fixture, HOUR + 20);
	assert_int_equal(bs_writer_purge(writer, &purge, &walk, 100), BS_OK);
	commit(writer);
	assert_int_equal(cover(fixture, "192.0.2.3"), 0);
}

/* --- bytes ---------------------------------------------------------------- */

static void
keys(void **state)
{
	uint8_t key[BS_HELD_KEY_MAX];
	struct bs_prefix prefix = prefix_of("2001:db8::/64");
	struct bs_held held;
	size_t size = bs_held_key("partner", &prefix, BS_CALLOUT, key);

	(void)state;
	for (size_t cut = 0; cut <= size; cut++)
		assert_int_equal(bs_held_key_parse(key, cut, &held),
		    cut == size ? BS_OK : BS_ECORRUPT);
	assert_string_equal(held.feed, "partner");
	assert_int_equal(bs_prefix_compare(&held.prefix, &prefix), 0);
	assert_int_equal(held.class, BS_CALLOUT);
	key[size - 1] = 2; /* no class */
	assert_int_equal(bs_held_key_parse(key, size, &held), BS_ECORRUPT);
	key[0] = 0;
	assert_int_equal(bs_held_key_parse(key, size, &held), BS_ECORRUPT);
}

static void
values(void **state)
{
	struct bs_held in = {.first_s = 1, .last_s = 2, .hits = 3}, out;
	struct bs_feed_state a = {4, 5, 6, 1ull << 40, 8}, b;
	uint8_t value[BS_HELD_VALUE_SIZE + 1] = {0};
	uint8_t feed_value[BS_FEED_STATE_SIZE + 1] = {0};

	(void)state;
	bs_held_encode(&in, value);
	for (size_t cut = 0; cut <= sizeof(value); cut++)
		assert_int_equal(bs_held_decode(value, cut, &out),
		    cut == BS_HELD_VALUE_SIZE ? BS_OK : BS_ECORRUPT);
	assert_int_equal(out.hits, 3);
	bs_feed_state_encode(&a, feed_value);
	for (size_t cut = 0; cut <= sizeof(feed_value); cut++)
		assert_int_equal(bs_feed_state_decode(feed_value, cut, &b),
		    cut == BS_FEED_STATE_SIZE ? BS_OK : BS_ECORRUPT);
	assert_true(b.held == a.held && b.lost == 8 && b.alarm_s == 6);
	value[0] = feed_value[0] = 9;
	assert_int_equal(
	    bs_held_decode(value, BS_HELD_VALUE_SIZE, &out), BS_EVERSION);
	assert_int_equal(
	    bs_feed_state_decode(feed_value, BS_FEED_STATE_SIZE, &b),
	    BS_EVERSION);
}

/* Nobody decides: a month after its last sighting it goes. */
static void
goes_by_itself(void **state)
{
	struct fixture *fixture = *state;
	uint32_t last_s = HOUR + 3 * DAY_S;
	uint32_t due_s = last_s - last_s % DAY_S + DAY_S + BS_STORE_HELD_S;

	go_mad(fixture, 2);
	assert_int_equal(
	    see_by(fixture, "partner", "192.0.2.3", last_s), BS_OUTCOME_HELD);
	pass(fixture, due_s - 3 * DAY_S - 1);
	assert_int_equal(state_of(fixture).held, 2);
	pass(fixture, due_s - 1);
	assert_int_equal(state_of(fixture).held, 1);
	pass(fixture, due_s);
	assert_int_equal(state_of(fixture).held, 0);
	assert_int_equal(stats_at(fixture, due_s).held, 0);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_open, fixture_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(only_new_ones),
	    TEST(released),
	    TEST(dropped),
	    TEST(bounded),
	    TEST(goes_by_itself),
	    TEST(held_counts_for_nothing),
	    cmocka_unit_test(keys),
	    cmocka_unit_test(values),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
