/*
 * What waits to become public: that nothing of it is seen before, when it is,
 * what goes on meanwhile; and the records' bytes.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "bytes_fixture.h"
#include "store_admin.h"
#include "store_fixture.h"

#define DELAY_S 3600u /* at most */
#define HOST "192.0.2.99"

/* --- words ---------------------------------------------------------------- */

/* A sighting of a class whose listing waits for `wait_s`. */
static enum bs_outcome
see_wait(struct fixture *fixture, uint32_t now_s, const char *source,
    enum bs_class class, uint32_t wait_s)
{
	struct bs_sighting sighting = sighting_of(
	    fixture, source, class, now_s, (unsigned)fixture->identity);

	bs_put_be32(sighting.identity, wait_s - 1);
	return see(fixture, now_s, &sighting);
}

static void
on_found(void *context, const struct bs_finding *finding)
{
	(void)context;
	fail_msg("%s %s: %s", finding->table, finding->key, finding->what);
}

/* All records hang together. */
static void
verify(struct fixture *fixture)
{
	struct bs_verify_progress progress;
	struct bs_verify verify = {.found = on_found, .progress = &progress};

	assert_int_equal(bs_store_verify(fixture->store, &verify), BS_OK);
}

static uint64_t
waiting(struct fixture *fixture)
{
	verify(fixture);
	return stats_at(fixture, T0).waiting;
}

static bool
waits(struct fixture *fixture, const char *text, enum bs_class class,
    struct bs_waiting *waiting_r)
{
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	struct bs_prefix prefix = prefix_of(text);
	int error = bs_snapshot_waits(snapshot, &prefix, class, waiting_r);

	assert_true(error == BS_OK || error == BS_ENOTFOUND);
	bs_snapshot_free(&snapshot);
	return error == BS_OK;
}

/* Nobody who asks sees a trace: no listing, no name above it, no history, and
 * the serial stands still. */
static void
assert_unseen(struct fixture *fixture, const char *text, uint64_t number_before)
{
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	struct bs_prefix prefix = prefix_of(text);
	struct bs_prefix around = bs_prefix_of(&prefix.addr, 8);
	struct bs_history_head head;
	struct bs_listing listing;
	struct bs_prefixes list;
	bool any;

	assert_int_equal(
	    bs_snapshot_next(snapshot, NULL, &listing), BS_ENOTFOUND);
	assert_int_equal(bs_snapshot_prefixes(snapshot, NULL, &list), BS_OK);
	assert_int_equal(list.count, 0);
	assert_int_equal(
	    bs_snapshot_any_inside(snapshot, &around, BS_CLASSES_ALL, &any),
	    BS_OK);
	assert_false(any);
	assert_int_equal(bs_snapshot_number(snapshot), number_before);
	assert_int_equal(bs_snapshot_listings(snapshot), 0);
	if (bs_snapshot_history_head(snapshot, &prefix, &head) == BS_OK) {
		struct bs_history_entry entry;

		assert_int_equal(
		    bs_snapshot_history_next(snapshot, &prefix, NULL, &entry),
		    BS_OK);
		assert_int_equal(entry.kind, BS_HISTORY_DAY);
	}
	bs_snapshot_free(&snapshot);
}

static int
open_delayed(void **state)
{
	struct fixture *fixture;

	if (fixture_open(state) != 0)
		return -1;
	fixture = *state;
	fixture->policy.publish_delay_s = DELAY_S;
	return 0;
}

#define DELAYED(name) \
	cmocka_unit_test_setup_teardown(name, open_delayed, fixture_close)

/* --- becoming public ------------------------------------------------------ */

static void
public_when_it_is_time(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = number(fixture);
	struct bs_listing listing;

	assert_int_equal(
	    see_wait(fixture, T0, HOST, BS_BOUNCE, 100), BS_OUTCOME_WAITING);
	assert_unseen(fixture, HOST, before);
	assert_int_equal(waiting(fixture), 1);
	pass(fixture, T0 + 99);
	assert_unseen(fixture, HOST, before);
	pass(fixture, T0 + 100);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE);
	assert_int_equal(number(fixture), before + 1);
	assert_int_equal(waiting(fixture), 0);
	assert_true(get(fixture, HOST, &listing));
	assert_int_equal(listing.first_s, T0 + 100);
	assert_int_equal(listing.class[0].last_s, T0);
	assert_int_equal(listing.class[0].expires_s, T0 + 4 * WEEK_S);
	assert_int_equal(listing.class[0].hits, 1);
	pass(fixture, T0 + 4 * WEEK_S);
	assert_int_equal(cover(fixture, HOST), 0);
	verify(fixture);
}

/* Never at once, never later than the setting says, wherever the hash lies. */
static void
within_the_delay(void **state)
{
	static const struct {
		uint32_t hash, wait_s;
	} rows[] = {
	    {0, 1},
	    {1, 2},
	    {DELAY_S - 1, DELAY_S},
	    {DELAY_S, 1},
	    {UINT32_MAX, 1 + UINT32_MAX % DELAY_S},
	};
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_sighting sighting =
		    sighting_of(fixture, "192.0.2.0", BS_BOUNCE, T0, 1);
		struct bs_waiting one;
		char text[32];

		sighting.source.octet[3] = (uint8_t)i;
		bs_put_be32(sighting.identity, rows[i].hash);
		assert_int_equal(
		    see(fixture, T0, &sighting), BS_OUTCOME_WAITING);
		(void)snprintf(text, sizeof(text), "192.0.2.%u", i);
		assert_true(waits(fixture, text, BS_BOUNCE, &one));
		assert_int_equal(one.publish_s, T0 + rows[i].wait_s);
	}
	assert_int_equal(waiting(fixture), 5);
	pass(fixture, T0 + DELAY_S);
	assert_int_equal(waiting(fixture), 0);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 5);
}

/* More of the same neither hastens nor delays it, and counts. */
static void
more_sightings(void **state)
{
	struct fixture *fixture = *state;
	struct bs_waiting one;
	struct bs_listing listing;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	assert_int_equal(
	    see_wait(fixture, T0 + 50, HOST, BS_BOUNCE, 1), BS_OUTCOME_WAITING);
	assert_int_equal(see_wait(fixture, T0 + 60, HOST, BS_BOUNCE, DELAY_S),
	    BS_OUTCOME_WAITING);
	assert_true(waits(fixture, HOST, BS_BOUNCE, &one));
	assert_int_equal(one.publish_s, T0 + 100);
	assert_int_equal(one.as.hits, 3);
	assert_int_equal(one.as.last_s, T0 + 60);
	pass(fixture, T0 + 100);
	assert_true(get(fixture, HOST, &listing));
	assert_int_equal(listing.class[0].hits, 3);
	assert_int_equal(listing.class[0].expires_s, T0 + 60 + 4 * WEEK_S);
	/* it is public: renewed at once, and no answer changes */
	assert_int_equal(see_wait(fixture, T0 + 200, HOST, BS_BOUNCE, 500),
	    BS_OUTCOME_RENEWED);
	assert_true(get(fixture, HOST, &listing));
	assert_int_equal(listing.class[0].last_s, T0 + 200);
	assert_int_equal(waiting(fixture), 0);
}

/* What takes several sightings waits from when they are enough. */
static void
when_it_is_enough(void **state)
{
	struct fixture *fixture = *state;
	struct bs_waiting one;

	assert_int_equal(
	    see_wait(fixture, T0, HOST, BS_AUTOREPLY, 10), BS_OUTCOME_COUNTED);
	assert_int_equal(see_wait(fixture, T0 + 1, HOST, BS_AUTOREPLY, 20),
	    BS_OUTCOME_COUNTED);
	assert_false(waits(fixture, HOST, BS_AUTOREPLY, &one));
	assert_int_equal(see_wait(fixture, T0 + 2, HOST, BS_AUTOREPLY, 30),
	    BS_OUTCOME_WAITING);
	assert_true(waits(fixture, HOST, BS_AUTOREPLY, &one));
	assert_int_equal(one.publish_s, T0 + 32);
	assert_int_equal(one.as.hits, 3);
}

/* A class more of what is listed waits, too. */
static void
a_new_class(void **state)
{
	struct fixture *fixture = *state;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 1);
	pass(fixture, T0 + 1);
	assert_int_equal(see_wait(fixture, T0 + 10, HOST, BS_CALLOUT, 100),
	    BS_OUTCOME_WAITING);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE);
	pass(fixture, T0 + 110);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE | BS_CALLOUT);
	verify(fixture);
}

/* The same process or another one: it is in the database. */
static void
after_a_restart(void **state)
{
	struct fixture *fixture = *state;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	bs_store_free(&fixture->store);
	fixture->store = open_store(fixture);
	assert_int_equal(cover(fixture, HOST), 0);
	pass(fixture, T0 + 100);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE);
}

/* Who was away for long has nothing become public that is over. */
static void
over_by_then(void **state)
{
	struct fixture *fixture = *state;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	pass(fixture, T0 + 4 * WEEK_S);
	assert_int_equal(cover(fixture, HOST), 0);
	assert_int_equal(waiting(fixture), 0);
}

/* --- what a person does ---------------------------------------------------- */

static void
added_by_hand(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	add(fixture, T0 + 10, HOST, BS_BOUNCE, T0 + DAY_S);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE);
	pass(fixture, T0 + 100);
	assert_true(get(fixture, HOST, &listing));
	assert_int_equal(listing.class[0].hits, 1);
	assert_int_equal(listing.class[0].expires_s, T0 + 4 * WEEK_S);
	assert_int_equal(bs_listing_by_hand(&listing), BS_BOUNCE);
	assert_int_equal(waiting(fixture), 0);
}

static void
removed(void **state)
{
	struct fixture *fixture = *state;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	remove_at(fixture, T0 + 10, HOST);
	assert_int_equal(waiting(fixture), 0);
	pass(fixture, T0 + 100);
	assert_int_equal(cover(fixture, HOST), 0);
	/* what was received before lists no more */
	assert_int_equal(see_wait(fixture, T0 + 5, HOST, BS_BOUNCE, 100),
	    BS_OUTCOME_REMOVED);
	assert_int_equal(see_wait(fixture, T0 + 20, HOST, BS_BOUNCE, 100),
	    BS_OUTCOME_WAITING);
}

/* A class that is public goes, and what waits beside it. */
static void
removed_in_part(void **state)
{
	struct fixture *fixture = *state;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 1);
	pass(fixture, T0 + 1);
	(void)see_wait(fixture, T0 + 10, HOST, BS_CALLOUT, 100);
	remove_at(fixture, T0 + 20, HOST);
	pass(fixture, T0 + 110);
	assert_int_equal(cover(fixture, HOST), 0);
	assert_int_equal(waiting(fixture), 0);
}

/* The network around it was taken off: what was seen before lists nothing in it. */
static void
removed_around(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, T0, "2001:db8:1::/48", BS_BOUNCE, T0 + DAY_S);
	assert_int_equal(
	    see_wait(fixture, T0, "2001:db8:1:2::1", BS_BOUNCE, 100),
	    BS_OUTCOME_WAITING);
	remove_at(fixture, T0 + 10, "2001:db8:1::/48");
	assert_int_equal(waiting(fixture), 1);
	pass(fixture, T0 + 100);
	assert_int_equal(cover(fixture, "2001:db8:1:2::1"), 0);
	assert_int_equal(waiting(fixture), 0);
}

/* Who is listed can't learn what waits, nor take it off unseen. */
static void
asked_for_by_the_host(void **state)
{
	struct fixture *fixture = *state;
	struct bs_addr host = addr_of(HOST);
	struct bs_self_result result;
	struct bs_writer *writer;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	writer = begin_at(fixture, T0 + 10);
	assert_int_equal(
	    bs_writer_remove_self(writer, &host, &host, &result), BS_OK);
	assert_int_equal(result.answer, BS_SELF_NOT_LISTED);
	commit(writer);
	pass(fixture, T0 + 100);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE);
}

static void
on_change(void *context, const struct bs_purge_change *change)
{
	(void)context;
	(void)change;
}

static void
purge_since(struct fixture *fixture, uint32_t now_s, uint32_t since_s)
{
	struct bs_purge purge = {.policy = &fixture->policy,
	    .classes = BS_CLASSES_ALL,
	    .since_s = since_s,
	    .until_s = UINT32_MAX,
	    .feed = BS_FEED_LOCAL,
	    .told = on_change};
	struct bs_purge_walk walk = {.done = false};
	struct bs_writer *writer = begin_at(fixture, now_s);

	assert_int_equal(
	    bs_writer_purge(writer, &purge, &walk, SIZE_MAX), BS_OK);
	commit(writer);
}

static void
taken_back(void **state)
{
	struct fixture *fixture = *state;
	struct bs_waiting one;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	(void)see_wait(fixture, T0 + 50, HOST, BS_BOUNCE, 100);
	purge_since(fixture, T0 + 60, T0 + 1);
	assert_true(waits(fixture, HOST, BS_BOUNCE, &one));
	assert_int_equal(one.as.hits, 1);
	assert_int_equal(one.as.last_s, T0);
	assert_int_equal(one.as.expires_s, T0 + 4 * WEEK_S);
	assert_int_equal(one.publish_s, T0 + 100);
	purge_since(fixture, T0 + 70, 0);
	assert_int_equal(waiting(fixture), 0);
	pass(fixture, T0 + 100);
	assert_int_equal(cover(fixture, HOST), 0);
}

/* --- settings and clocks ---------------------------------------------------- */

static void
no_delay_any_more(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	fixture->policy.publish_delay_s = 0;
	assert_int_equal(
	    see_wait(fixture, T0 + 1, HOST, BS_BOUNCE, 100), BS_OUTCOME_LISTED);
	assert_true(get(fixture, HOST, &listing));
	assert_int_equal(listing.class[0].hits, 2);
	assert_int_equal(waiting(fixture), 0);
}

/* It began under a clock that was ahead, or a longer delay. */
static void
never_much_longer(void **state)
{
	struct fixture *fixture = *state;
	struct bs_waiting one;

	(void)see_wait(fixture, T0 + WEEK_S, HOST, BS_BOUNCE, 100);
	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	assert_true(waits(fixture, HOST, BS_BOUNCE, &one));
	assert_int_equal(one.publish_s, T0 + DELAY_S);
	assert_int_equal(waiting(fixture), 1);
	pass(fixture, T0 + DELAY_S);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE);
}

/* Where nobody wrote for days, nothing ends for a day: that keeps nothing from
 * becoming public. */
static void
though_the_clock_is_doubted(void **state)
{
	struct fixture *fixture = *state;
	const struct bs_store_limits limits = bs_store_limits_default();
	struct bs_tidied tidied;

	bs_store_free(&fixture->store);
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &limits, &fixture->store, &fixture->message),
	    BS_OK);
	pass(fixture, T0);
	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 100);
	assert_int_equal(bs_store_tidy(fixture->store, T0 + 2 * DAY_S, "test",
			     &tidied, &fixture->message),
	    BS_OK);
	assert_true(tidied.held);
	assert_int_equal(tidied.published, 1);
	assert_int_equal(cover(fixture, HOST), BS_BOUNCE);
}

/* --- prefixes, feeds, repeaters --------------------------------------------- */

/* A wide listing is a new one: it waits by itself. */
static void
widened(void **state)
{
	struct fixture *fixture = *state;
	struct bs_waiting one;
	char text[64];

	for (unsigned i = 0; i < 17; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8:1:%x::1", i);
		(void)see_wait(fixture, T0, text, BS_BOUNCE, 1);
	}
	pass(fixture, T0 + 1);
	assert_int_equal(stats_at(fixture, T0).listings_ipv6, 17);
	assert_int_equal(
	    see_wait(fixture, T0 + 10, "2001:db8:1:99::1", BS_BOUNCE, 100),
	    BS_OUTCOME_WAITING);
	assert_true(waits(fixture, "2001:db8:1::/48", BS_BOUNCE, &one));
	assert_int_equal(cover(fixture, "2001:db8:1:88::1"), 0);
	assert_int_equal(waiting(fixture), 2);
	/* it goes where what is inside is looked at again */
	purge_since(fixture, T0 + 20, T0 + 10);
	assert_int_equal(waiting(fixture), 0);
	(void)see_wait(fixture, T0 + 30, "2001:db8:1:9a::1", BS_BOUNCE, 100);
	pass(fixture, T0 + 130);
	assert_int_equal(cover(fixture, "2001:db8:1:88::1"), BS_BOUNCE);
	assert_int_equal(waiting(fixture), 0);
}

static char partner_name[] = "partner";
static const struct bs_policy_feed feed = {
    .name = partner_name, .classes = BS_CLASSES_ALL, .max_new_per_hour = 1};

/* What waits was counted as new once. */
static void
of_a_feed_with_a_limit(void **state)
{
	struct fixture *fixture = *state;

	fixture->policy.feed = &feed;
	fixture->policy.feed_count = 1;
	for (unsigned i = 0; i < 3; i++) {
		struct bs_sighting sighting = sighting_of(
		    fixture, i < 2 ? HOST : "192.0.2.1", BS_BOUNCE, T0, i);

		(void)strcpy(sighting.feed, partner_name);
		assert_int_equal(see(fixture, T0, &sighting),
		    i < 2 ? BS_OUTCOME_WAITING : BS_OUTCOME_HELD);
	}
}

/* Who comes back is listed for longer, as without a delay. */
static void
who_comes_back(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;
	uint32_t again_s = T0 + 4 * WEEK_S + 10;

	(void)see_wait(fixture, T0, HOST, BS_BOUNCE, 1);
	pass(fixture, T0 + 1);
	pass(fixture, T0 + 4 * WEEK_S);
	(void)see_wait(fixture, again_s, HOST, BS_BOUNCE, 5);
	pass(fixture, again_s + 5);
	assert_true(get(fixture, HOST, &listing));
	assert_int_equal(listing.class[0].repeats, 1);
	assert_int_equal(listing.class[0].expires_s, again_s + 2 * 4 * WEEK_S);
}

/* --- bytes ------------------------------------------------------------------ */

static struct bs_waiting
example(const char *prefix, const char *exact)
{
	struct bs_waiting waiting = {.prefix = prefix_of(prefix),
	    .class = BS_CALLOUT,
	    .publish_s = 0x01020304,
	    .as = {.last_s = 5, .expires_s = 6, .hits = 7, .repeats = 8},
	    .exact = addr_of(exact)};

	return waiting;
}

static void
values(void **state)
{
	static const char *const rows[][2] = {
	    {"192.0.2.99", "192.0.2.99"}, {"2001:db8::/64", "2001:db8::1"}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bs_waiting in = example(rows[i][0], rows[i][1]), out;
		uint8_t bytes[BS_WAITING_VALUE_MAX];
		size_t size = bs_waiting_encode(&in, bytes);

		for (size_t cut = 0; cut <= size; cut++) {
			uint8_t *copy = exact_copy(bytes, cut);

			out = (struct bs_waiting){
			    .prefix = in.prefix, .class = in.class};
			assert_int_equal(bs_waiting_decode(copy, cut, &out),
			    cut == size ? BS_OK : BS_ECORRUPT);
			free(copy);
		}
		assert_int_equal(out.as.last_s, in.as.last_s);
		assert_int_equal(out.as.expires_s, in.as.expires_s);
		assert_int_equal(out.as.hits, in.as.hits);
		assert_int_equal(out.as.repeats, in.as.repeats);
		assert_int_equal(out.publish_s, in.publish_s);
		assert_int_equal(bs_addr_compare(&out.exact, &in.exact), 0);
		/* a source outside, no family, no hit, another version */
		bytes[19] ^= 0xff;
		assert_int_equal(
		    bs_waiting_decode(bytes, size, &out), BS_ECORRUPT);
		bytes[19] ^= 0xff;
		bytes[16] = 0;
		assert_int_equal(
		    bs_waiting_decode(bytes, size, &out), BS_ECORRUPT);
		bytes[16] = 7;
		bytes[18] = 9;
		assert_int_equal(
		    bs_waiting_decode(bytes, size, &out), BS_ECORRUPT);
		bytes[0] = BS_WAITING_VERSION + 1;
		assert_int_equal(
		    bs_waiting_decode(bytes, size, &out), BS_EVERSION);
	}
}

static void
keys(void **state)
{
	struct bs_waiting in = example("192.0.2.99", "192.0.2.99"), out;
	uint8_t key[BS_WAITING_DUE_MAX];
	size_t size = bs_waiting_due(&in, key);

	(void)state;
	assert_int_equal(size, 11);
	for (size_t cut = 0; cut <= size; cut++) {
		uint8_t *copy = exact_copy(key, cut);

		assert_int_equal(bs_waiting_due_parse(copy, cut, &out),
		    cut == size ? BS_OK : BS_ECORRUPT);
		free(copy);
	}
	assert_int_equal(out.publish_s, in.publish_s);
	assert_int_equal(out.class, in.class);
	assert_int_equal(bs_prefix_compare(&out.prefix, &in.prefix), 0);
	key[size - 1] = 3; /* no class */
	assert_int_equal(bs_waiting_due_parse(key, size, &out), BS_ECORRUPT);
	key[size - 1] = BS_CALLOUT;
	key[4] = BS_IPV6; /* of the other family */
	assert_int_equal(bs_waiting_due_parse(key, size, &out), BS_ECORRUPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DELAYED(public_when_it_is_time),
	    DELAYED(within_the_delay),
	    DELAYED(more_sightings),
	    DELAYED(when_it_is_enough),
	    DELAYED(a_new_class),
	    DELAYED(after_a_restart),
	    DELAYED(over_by_then),
	    DELAYED(added_by_hand),
	    DELAYED(removed),
	    DELAYED(removed_in_part),
	    DELAYED(removed_around),
	    DELAYED(asked_for_by_the_host),
	    DELAYED(taken_back),
	    DELAYED(no_delay_any_more),
	    DELAYED(never_much_longer),
	    DELAYED(though_the_clock_is_doubted),
	    DELAYED(widened),
	    DELAYED(of_a_feed_with_a_limit),
	    DELAYED(who_comes_back),
	    cmocka_unit_test(values),
	    cmocka_unit_test(keys),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
