/*
 * The history in the store: what is recorded, that much is summed up, and that
 * it goes when it should and not before.
 */
#include "autoconf.h"

#include "store_admin.h"
#include "store_fixture.h"

#define ADDRESS "192.0.2.99"
#define DAY0 1700006400u /* the first second of a day */
#define DAY BS_DAY_S
#define WEEK (7 * DAY)
#define ROOM 100

/* All of a prefix's history; returns how much it is. */
static size_t
history_up_to(struct fixture *fixture, const char *text,
    struct bs_history_entry *entry_r, size_t max)
{
	struct bs_prefix prefix = prefix_of(text);
	struct bs_snapshot *snapshot;
	size_t count = 0;
	int error;

	snapshot = snapshot_now(fixture);
	do {
		assert_true(count < max);
		error = bs_snapshot_history_next(snapshot, &prefix,
		    count == 0 ? NULL : &entry_r[count - 1], &entry_r[count]);
	} while (error == BS_OK && ++count > 0);
	assert_int_equal(error, BS_ENOTFOUND);
	bs_snapshot_free(&snapshot);
	return count;
}

static size_t
history(struct fixture *fixture, const char *text,
    struct bs_history_entry entry_r[ROOM])
{
	return history_up_to(fixture, text, entry_r, ROOM);
}

static void
not_sound(void *context, const struct bs_finding *finding)
{
	(void)context;
	fail_msg("%s: %s: %s", finding->table, finding->key, finding->what);
}

/* `backstopctl check` finds nothing. */
static void
check_sound(struct fixture *fixture)
{
	struct bs_verify_progress progress = {.records = 0};
	const struct bs_verify verify = {
	    .progress = &progress, .found = not_sound};

	assert_int_equal(bs_store_verify(fixture->store, &verify), BS_OK);
	assert_int_equal(progress.findings, 0);
}

static struct bs_history_head
head_of(struct fixture *fixture, const char *text, int want)
{
	struct bs_prefix prefix = prefix_of(text);
	struct bs_history_head head = {0};
	struct bs_snapshot *snapshot;

	snapshot = snapshot_now(fixture);
	assert_int_equal(
	    bs_snapshot_history_head(snapshot, &prefix, &head), want);
	bs_snapshot_free(&snapshot);
	return head;
}

static void
life_of_a_listing(void **state)
{
	static const struct {
		enum bs_history_kind kind;
		bs_classes old, new;
	} want[] = {
	    {BS_HISTORY_DAY, 0, 0},
	    {BS_HISTORY_LISTED, 0, BS_BOUNCE},
	    {BS_HISTORY_ADDED, BS_BOUNCE, BS_BOUNCE | BS_VIRUS},
	    {BS_HISTORY_REMOVED, BS_BOUNCE | BS_VIRUS, 0},
	    {BS_HISTORY_DAY, 0, 0},
	    {BS_HISTORY_LISTED, 0, BS_BOUNCE},
	    {BS_HISTORY_EXPIRED, BS_BOUNCE, 0},
	};
	struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;
	size_t count;

	see_new(fixture, DAY0 + 100, ADDRESS, BS_BOUNCE);
	see_new(fixture, DAY0 + 200, ADDRESS, BS_BOUNCE);
	add(fixture, DAY0 + 300, ADDRESS, BS_VIRUS, BS_LISTING_FOREVER);
	remove_at(fixture, DAY0 + 400, ADDRESS);
	see_new(fixture, DAY0 + 2 * DAY + 5, ADDRESS, BS_BOUNCE);
	pass(fixture, DAY0 + 5 * WEEK);
	count = history(fixture, ADDRESS, entry);
	assert_int_equal(count, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(entry[i].kind, want[i].kind);
		assert_int_equal(entry[i].old_classes, want[i].old);
		assert_int_equal(entry[i].new_classes, want[i].new);
		if (i > 0)
			assert_true(entry[i].time_s >= entry[i - 1].time_s);
	}
	assert_int_equal(entry[0].time_s, DAY0);
	assert_int_equal(entry[0].sum[0].sightings, 2);
	assert_int_equal(entry[0].sum[0].renewals, 1);
	assert_string_equal(entry[3].actor, "test");
	assert_string_equal(entry[3].reason, "asked");
}

static void
much_is_summed_up(void **state)
{
	struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_at(fixture, DAY0 + DAY - 1);
	enum bs_outcome outcome;

	for (uint32_t i = 0; i < 5000; i++) {
		struct bs_sighting sighting = sighting_of(
		    fixture, ADDRESS, BS_CALLOUT, DAY0 + i % DAY, i);

		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_OK);
	}
	commit(writer);
	assert_int_equal(history(fixture, ADDRESS, entry), 2);
	assert_int_equal(entry[0].sum[4].sightings, 5000);
	assert_int_equal(entry[0].sum[4].renewals, 4999);
}

static void
many_in_one_second(void **state)
{
	static struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;

	for (int i = 0; i < 20; i++) {
		add(fixture, DAY0, ADDRESS, BS_BOUNCE, BS_LISTING_FOREVER);
		remove_at(fixture, DAY0, ADDRESS);
	}
	assert_int_equal(history(fixture, ADDRESS, entry), 40);
	assert_int_equal(entry[39].order, 40);
	assert_int_equal(stats_at(fixture, DAY0).history, 1);
}

/* Two hosts whose days come in order and out of it end in the same history;
 * what is much is in several records, and all are sound. */
static void
in_any_order(void **state)
{
	static struct bs_history_entry entry[2][ROOM * 20];
	struct fixture *fixture = *state;
	const uint32_t days = 700, now_s = DAY0 + days * DAY;
	struct bs_writer *writer;
	enum bs_outcome outcome;
	size_t count;

	fixture->policy.class[0].expire_s = 900 * DAY;
	writer = begin_at(fixture, now_s);
	for (uint32_t i = 0; i < days; i++) {
		/* an odd factor, so that each day comes once */
		uint32_t day[2] = {i, i * 1237 % days};

		for (size_t host = 0; host < 2; host++) {
			struct bs_sighting sighting = sighting_of(fixture,
			    host == 0 ? ADDRESS : "192.0.2.98", BS_BOUNCE,
			    DAY0 + day[host] * DAY + 9, i);

			assert_int_equal(
			    bs_writer_sighting(
				writer, &fixture->policy, &sighting, &outcome),
			    BS_OK);
		}
	}
	commit(writer);
	/* some records for each */
	assert_in_range(stats_at(fixture, now_s).history, 4, 20);
	count = history_up_to(fixture, ADDRESS, entry[0], ROOM * 20);
	assert_int_equal(count, days + 1);
	assert_int_equal(
	    history_up_to(fixture, "192.0.2.98", entry[1], ROOM * 20), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(entry[0][i].time_s, entry[1][i].time_s);
		assert_int_equal(
		    entry[0][i].sum[0].sightings, entry[1][i].sum[0].sightings);
	}
	check_sound(fixture);
	/* and all of them go */
	remove_at(fixture, now_s, ADDRESS);
	remove_at(fixture, now_s, "192.0.2.98");
	for (uint32_t i = 0; i < 20; i++)
		pass(fixture, now_s + BS_HISTORY_KEEP_S + i * 31 * DAY);
	assert_int_equal(stats_at(fixture, now_s).history, 0);
}

/* Without end at one moment: bounded, and the last one is there. */
static void
much_in_one_second(void **state)
{
	static struct bs_history_entry entry[4000];
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_at(fixture, DAY0);
	struct bs_prefix prefix = prefix_of(ADDRESS);
	size_t count;
	bool new;

	for (int i = 0; i < 2000; i++) {
		assert_int_equal(bs_writer_add(writer, &prefix, BS_BOUNCE,
				     BS_LISTING_FOREVER, "", &new),
		    BS_OK);
		assert_int_equal(
		    bs_writer_remove(writer, &prefix, "ended"), BS_OK);
	}
	commit(writer);
	count = history_up_to(fixture, ADDRESS, entry, 4000);
	assert_in_range(count, 900, 1900);
	assert_int_equal(entry[count - 1].kind, BS_HISTORY_REMOVED);
	check_sound(fixture);
}

static void
exemptions(void **state)
{
	struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;
	struct bs_prefix prefix = prefix_of("192.0.2.0/24");
	struct bs_writer *writer = begin_at(fixture, DAY0);
	bool new;

	assert_int_equal(
	    bs_writer_exempt(writer, &prefix, "our own", &new), BS_OK);
	commit(writer);
	writer = begin_at(fixture, DAY0 + 9);
	assert_int_equal(bs_writer_unexempt(writer, &prefix, ""), BS_OK);
	commit(writer);
	assert_int_equal(history(fixture, "192.0.2.0/24", entry), 2);
	assert_int_equal(entry[0].kind, BS_HISTORY_EXEMPTED);
	assert_string_equal(entry[0].reason, "our own");
	assert_int_equal(entry[1].kind, BS_HISTORY_NOT_EXEMPTED);
}

static void
goes_after_its_time(void **state)
{
	struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;
	uint32_t end_s = DAY0 + 4 * WEEK;

	/* ends by time; the history is as old as the listing's end */
	see_new(fixture, DAY0, ADDRESS, BS_BOUNCE);
	pass(fixture, end_s);
	assert_int_equal(history(fixture, ADDRESS, entry), 3);
	pass(fixture, DAY0 + BS_HISTORY_KEEP_S + 10);
	assert_int_equal(history(fixture, ADDRESS, entry), 3);
	for (uint32_t at_s = DAY0 + BS_HISTORY_KEEP_S;
	     at_s < end_s + BS_HISTORY_KEEP_S; at_s += 10 * DAY)
		pass(fixture, at_s);
	pass(fixture, end_s + BS_HISTORY_KEEP_S - 1);
	assert_int_equal(history(fixture, ADDRESS, entry), 3);
	pass(fixture, end_s + BS_HISTORY_KEEP_S + 31 * DAY);
	assert_int_equal(history(fixture, ADDRESS, entry), 0);
	assert_int_equal(stats_at(fixture, DAY0).history, 0);
}

static void
what_never_listed_goes_too(void **state)
{
	struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;

	see_new(fixture, DAY0, ADDRESS, BS_AUTOREPLY);
	assert_int_equal(history(fixture, ADDRESS, entry), 1);
	pass(fixture, DAY0 + BS_HISTORY_KEEP_S - 1);
	assert_int_equal(history(fixture, ADDRESS, entry), 1);
	pass(fixture, DAY0 + BS_HISTORY_KEEP_S);
	assert_int_equal(history(fixture, ADDRESS, entry), 0);
	(void)head_of(fixture, ADDRESS, BS_ENOTFOUND);
}

/* Seen each week for six years: days of the last 400 are entries, the others
 * one sum. */
static void
a_listing_that_goes_on(void **state)
{
	struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;
	struct bs_history_head head;
	uint32_t weeks = 6 * 52, seen = 0;
	size_t count;

	for (uint32_t i = 0; i < weeks; i++)
		see_new(fixture, DAY0 + i * WEEK, ADDRESS, BS_BOUNCE);
	count = history(fixture, ADDRESS, entry);
	assert_in_range(count, 58, 64); /* 57 weeks, and those not yet due */
	head = head_of(fixture, ADDRESS, BS_OK);
	assert_int_equal(head.since_s, DAY0);
	for (size_t i = 0; i < count; i++)
		seen += entry[i].kind == BS_HISTORY_DAY;
	assert_int_equal(head.sum[0].sightings + seen, weeks);
	/* its beginning is still told */
	assert_int_equal(entry[0].kind, BS_HISTORY_LISTED);
	assert_int_equal(entry[0].time_s, DAY0);
	remove_at(fixture, DAY0 + weeks * WEEK, ADDRESS);
	pass(fixture, DAY0 + weeks * WEEK + BS_HISTORY_KEEP_S + 31 * DAY);
	pass(fixture, DAY0 + weeks * WEEK + BS_HISTORY_KEEP_S + 63 * DAY);
	assert_int_equal(history(fixture, ADDRESS, entry), 0);
	(void)head_of(fixture, ADDRESS, BS_ENOTFOUND);
}

static void
ipv6_by_its_prefix(void **state)
{
	struct bs_history_entry entry[ROOM];
	struct fixture *fixture = *state;

	see_new(fixture, DAY0, "2001:db8::1", BS_BOUNCE);
	see_new(fixture, DAY0, "2001:db8::2", BS_BOUNCE);
	assert_int_equal(history(fixture, "2001:db8::/64", entry), 2);
	assert_int_equal(entry[0].sum[0].sightings, 2);
	assert_int_equal(history(fixture, "2001:db8::1", entry), 0);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_open, fixture_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(life_of_a_listing),
	    TEST(much_is_summed_up),
	    TEST(many_in_one_second),
	    TEST(in_any_order),
	    TEST(much_in_one_second),
	    TEST(exemptions),
	    TEST(goes_after_its_time),
	    TEST(what_never_listed_goes_too),
	    TEST(a_listing_that_goes_on),
	    TEST(ipv6_by_its_prefix),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
