/*
 * Sightings taken back, feeds judged by themselves: what goes, what stays, and
 * that it ends as if what was taken back had never come in.
 */
#include "autoconf.h"

#include <string.h>

#include "store_fixture.h"

#define ADDRESS "192.0.2.99"
#define A_DAY (24u * 60 * 60)

static char partner_name[] = "partner", other_name[] = "other";
static struct bs_policy_feed feeds[] = {
    {.name = partner_name, .classes = BS_CLASSES_ALL},
    {.name = other_name, .classes = BS_CLASSES_ALL, .traps = 2},
};

static enum bs_outcome
see_by(struct fixture *fixture, const char *feed, const char *source,
    enum bs_class class, uint32_t at_s)
{
	struct bs_sighting sighting = sighting_of(
	    fixture, source, class, at_s, (unsigned)fixture->identity);

	fixture->policy.feed = feeds;
	fixture->policy.feed_count = 2;
	(void)strcpy(sighting.feed, feed);
	return see(fixture, at_s, &sighting);
}

/* As an older version wrote it. */
static void
forget_by_hand(struct fixture *fixture, const char *text)
{
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_prefix prefix = prefix_of(text);
	struct bs_listing old, new;

	assert_int_equal(bs_writer_get(writer, &prefix, &old), BS_OK);
	new = old;
	new.by_hand = 0;
	assert_int_equal(
	    bs_writer_replace(writer, &old, &new, BS_HISTORY_ADDED, ""), BS_OK);
	commit(writer);
}

static struct bs_purge_change changes[400];
static size_t change_count;

static void
note(void *context, const struct bs_purge_change *change)
{
	(void)context;
	assert_true(change_count < 400);
	changes[change_count++] = *change;
}

static struct bs_purge
purge_of(struct fixture *fixture, const char *feed)
{
	struct bs_purge purge = {.policy = &fixture->policy,
	    .classes = BS_CLASSES_ALL,
	    .until_s = UINT32_MAX,
	    .told = note};

	(void)strcpy(purge.feed, feed);
	return purge;
}

/* In steps of so many; returns how many sightings were taken back. */
static uint64_t
purge_in(struct fixture *fixture, uint32_t now_s, const struct bs_purge *purge,
    size_t max)
{
	struct bs_purge_walk walk = {.done = false};

	change_count = 0;
	while (!walk.done) {
		struct bs_writer *writer = begin_at(fixture, now_s);

		assert_int_equal(
		    bs_writer_purge(writer, purge, &walk, max), BS_OK);
		commit(writer);
	}
	return walk.sightings;
}

static void
others_support_stays(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "partner");
	struct bs_listing listing;

	see_by(fixture, "local", "192.0.2.1", BS_BOUNCE, T0);
	see_by(fixture, "partner", "192.0.2.1", BS_BOUNCE, T0 + A_DAY);
	see_by(fixture, "partner", "192.0.2.2", BS_BOUNCE, T0 + A_DAY);
	see_by(fixture, "partner", "192.0.2.3", BS_BOUNCE, T0 + A_DAY);
	see_by(fixture, "local", "192.0.2.3", BS_CALLOUT, T0);
	assert_int_equal(purge_in(fixture, T0 + 2 * A_DAY, &purge, 2), 3);
	assert_int_equal(cover(fixture, "192.0.2.1"), BS_BOUNCE);
	assert_int_equal(cover(fixture, "192.0.2.2"), 0);
	assert_int_equal(cover(fixture, "192.0.2.3"), BS_CALLOUT);
	/* as if only the other one had ever come in */
	assert_true(get(fixture, "192.0.2.1", &listing));
	assert_int_equal(listing.class[0].last_s, T0);
	assert_int_equal(listing.class[0].hits, 1);
	assert_int_equal(listing.class[0].expires_s, T0 + 4 * WEEK_S);
	assert_int_equal(change_count, 3);
	/* nothing more to take */
	assert_int_equal(purge_in(fixture, T0 + 2 * A_DAY, &purge, 100), 0);
	assert_int_equal(change_count, 0);
}

static void
chosen_by_each_criterion(void **state)
{
	static const struct {
		const char *name;
		bs_classes classes;
		const char *feed, *prefix;
		uint32_t since, until;
		uint64_t sightings;
	} rows[] = {
	    {"class", BS_VIRUS, "", NULL, 0, UINT32_MAX, 1},
	    {"feed", BS_CLASSES_ALL, "partner", NULL, 0, UINT32_MAX, 2},
	    {"prefix", BS_CLASSES_ALL, "", "192.0.2.0/31", 0, UINT32_MAX, 2},
	    {"IPv6", BS_CLASSES_ALL, "", "2001:db8::/32", 0, UINT32_MAX, 1},
	    {"since", BS_CLASSES_ALL, "", NULL, T0 + 3, UINT32_MAX, 2},
	    {"until", BS_CLASSES_ALL, "", NULL, 0, T0 + 1, 1},
	    {"range", BS_CLASSES_ALL, "", NULL, T0 + 1, T0 + 3, 2},
	    {"all of it", BS_CLASSES_ALL, "", NULL, 0, UINT32_MAX, 5},
	    {"two at once", BS_BOUNCE, "partner", NULL, 0, UINT32_MAX, 1},
	};
	struct fixture *fixture = *state;

	see_by(fixture, "local", "192.0.2.0", BS_BOUNCE, T0);
	see_by(fixture, "local", "192.0.2.1", BS_BOUNCE, T0 + 1);
	see_by(fixture, "partner", "192.0.2.2", BS_VIRUS, T0 + 2);
	see_by(fixture, "partner", "192.0.2.3", BS_BOUNCE, T0 + 3);
	see_by(fixture, "local", "2001:db8::1", BS_CALLOUT, T0 + 4);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_purge purge = purge_of(fixture, rows[i].feed);
		struct bs_purge_walk walk = {.done = false};
		struct bs_writer *writer = begin_at(fixture, T0 + 10);

		purge.classes = rows[i].classes;
		purge.since_s = rows[i].since;
		purge.until_s = rows[i].until;
		purge.has_prefix = rows[i].prefix != NULL;
		if (purge.has_prefix)
			purge.prefix = prefix_of(rows[i].prefix);
		change_count = 0;
		while (!walk.done)
			assert_int_equal(
			    bs_writer_purge(writer, &purge, &walk, 2), BS_OK);
		/* a dry run */
		bs_writer_abort(&writer);
		if (walk.sightings != rows[i].sightings)
			fail_msg("%s: %d", rows[i].name, (int)walk.sightings);
		assert_int_equal(walk.ended, rows[i].sightings);
	}
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 4);
}

static void
by_hand_stays(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "");
	struct bs_listing listing;

	add(fixture, T0, "192.0.2.1", BS_BOUNCE, BS_LISTING_FOREVER);
	add(fixture, T0, "192.0.2.2", BS_BOUNCE, T0 + 9 * WEEK_S);
	see_by(fixture, "local", "192.0.2.2", BS_BOUNCE, T0);
	assert_int_equal(purge_in(fixture, T0 + 1, &purge, 100), 1);
	assert_int_equal(cover(fixture, "192.0.2.1"), BS_BOUNCE);
	assert_true(get(fixture, "192.0.2.2", &listing));
	assert_int_equal(listing.class[0].expires_s, T0 + 9 * WEEK_S);
	assert_int_equal(listing.class[0].hits, 0);
}

static void
what_is_recorded(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "partner");
	struct bs_prefix prefix = prefix_of(ADDRESS);
	struct bs_history_entry entry;
	struct bs_snapshot *snapshot;
	uint64_t before;

	see_by(fixture, "partner", ADDRESS, BS_BOUNCE, T0);
	before = number(fixture);
	purge_in(fixture, T0 + 5, &purge, 100);
	assert_int_equal(number(fixture), before + 1);
	assert_int_equal(stats_at(fixture, T0).evidence, 0);
	assert_int_equal(stats_at(fixture, T0).sightings, 0);
	snapshot = snapshot_now(fixture);
	assert_int_equal(
	    bs_snapshot_history_next(snapshot, &prefix, NULL, &entry), BS_OK);
	while (bs_snapshot_history_next(snapshot, &prefix, &entry, &entry) ==
	       BS_OK)
		continue;
	assert_int_equal(entry.kind, BS_HISTORY_PURGED);
	bs_snapshot_free(&snapshot);
}

/* Three autoreplies on two traps by one feed are enough, by two they are not;
 * what is left of four is. */
static void
windows_anew(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "");

	see_by(fixture, "local", ADDRESS, BS_AUTOREPLY, T0);
	see_by(fixture, "local", ADDRESS, BS_AUTOREPLY, T0 + 1);
	assert_int_equal(
	    see_by(fixture, "partner", ADDRESS, BS_AUTOREPLY, T0 + 2),
	    BS_OUTCOME_COUNTED);
	assert_int_equal(
	    see_by(fixture, "local", ADDRESS, BS_AUTOREPLY, T0 + 3),
	    BS_OUTCOME_LISTED);
	see_by(fixture, "local", ADDRESS, BS_AUTOREPLY, T0 + 4);
	purge.since_s = T0 + 4;
	purge_in(fixture, T0 + 9, &purge, 100);
	assert_int_equal(cover(fixture, ADDRESS), BS_AUTOREPLY);
	purge.since_s = T0 + 3;
	purge_in(fixture, T0 + 9, &purge, 100);
	assert_int_equal(cover(fixture, ADDRESS), 0);
}

static void
feeds_by_themselves(void **state)
{
	struct fixture *fixture = *state;

	/* two of its traps, though bounces list at the first hit */
	assert_int_equal(see_by(fixture, "other", "192.0.2.1", BS_BOUNCE, T0),
	    BS_OUTCOME_COUNTED);
	assert_int_equal(see_by(fixture, "partner", "192.0.2.2", BS_BOUNCE, T0),
	    BS_OUTCOME_LISTED);
	assert_int_equal(
	    see_by(fixture, "other", "192.0.2.1", BS_BOUNCE, T0 + 1),
	    BS_OUTCOME_LISTED);
	/* a listing may ask for two feeds */
	fixture->policy.class[0].feeds = 2;
	assert_int_equal(
	    see_by(fixture, "partner", "192.0.2.3", BS_BOUNCE, T0 + 2),
	    BS_OUTCOME_COUNTED);
	assert_int_equal(
	    see_by(fixture, "partner", "192.0.2.3", BS_BOUNCE, T0 + 3),
	    BS_OUTCOME_COUNTED);
	assert_int_equal(
	    see_by(fixture, "local", "192.0.2.3", BS_BOUNCE, T0 + 4),
	    BS_OUTCOME_LISTED);
	/* within one window */
	assert_int_equal(see_by(fixture, "partner", "192.0.2.4", BS_BOUNCE, T0),
	    BS_OUTCOME_COUNTED);
	assert_int_equal(
	    see_by(fixture, "local", "192.0.2.4", BS_BOUNCE, T0 + 2 * A_DAY),
	    BS_OUTCOME_COUNTED);
}

/* Seventeen /64s list a /48; without a feed's they do not, and the others are
 * listed by themselves, those too that the /48 had covered. */
static void
wide_listings(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "partner");
	struct bs_listing listing;
	char text[64];

	for (unsigned i = 0; i < 17; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8:0:%x::1", i);
		see_by(fixture, i < 8 ? "partner" : "local", text, BS_BOUNCE,
		    T0 + i);
	}
	assert_true(get(fixture, "2001:db8::/48", &listing));
	assert_int_equal(
	    see_by(fixture, "local", "2001:db8:0:ff::1", BS_BOUNCE, T0 + 20),
	    BS_OUTCOME_RENEWED);
	purge_in(fixture, T0 + 30, &purge, 3);
	assert_false(get(fixture, "2001:db8::/48", &listing));
	assert_int_equal(cover(fixture, "2001:db8::1"), 0);
	assert_int_equal(cover(fixture, "2001:db8:0:9::1"), BS_BOUNCE);
	assert_int_equal(cover(fixture, "2001:db8:0:ff::1"), BS_BOUNCE);
	/* with enough left it stays */
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8:1:%x::1", i);
		see_by(fixture, i < 2 ? "partner" : "local", text, BS_BOUNCE,
		    T0 + 40 + i);
	}
	assert_true(get(fixture, "2001:db8:1::/48", &listing));
	purge_in(fixture, T0 + 90, &purge, 100);
	assert_true(get(fixture, "2001:db8:1::/48", &listing));
	assert_int_equal(cover(fixture, "2001:db8:1:1::1"), BS_BOUNCE);
}

/* A class that only sightings put on a listing made by hand goes with them; the
 * one by hand stays, with what the person said. */
static void
classes_by_hand(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "partner");
	struct bs_listing listing;

	add(fixture, T0, ADDRESS, BS_VIRUS, BS_LISTING_FOREVER);
	see_by(fixture, "partner", ADDRESS, BS_BOUNCE, T0 + 1);
	see_by(fixture, "partner", ADDRESS, BS_VIRUS, T0 + 2);
	assert_int_equal(cover(fixture, ADDRESS), BS_BOUNCE | BS_VIRUS);
	purge_in(fixture, T0 + 3, &purge, 100);
	assert_true(get(fixture, ADDRESS, &listing));
	assert_int_equal(listing.classes, BS_VIRUS);
	assert_true(listing.manual);
	assert_int_equal(listing.class[bs_class_index(BS_VIRUS)].expires_s,
	    BS_LISTING_FOREVER);
	/* of an older version it is not known which: it stays */
	add(fixture, T0 + 4, "192.0.2.98", BS_VIRUS, BS_LISTING_FOREVER);
	see_by(fixture, "partner", "192.0.2.98", BS_BOUNCE, T0 + 5);
	forget_by_hand(fixture, "192.0.2.98");
	purge_in(fixture, T0 + 6, &purge, 100);
	assert_int_equal(cover(fixture, "192.0.2.98"), BS_BOUNCE | BS_VIRUS);
}

/* As a tool of this version or an older one exports it. */
static struct bs_listing
exported(const char *text, enum bs_class class, uint32_t expires_s)
{
	struct bs_listing listing = {.prefix = prefix_of(text),
	    .classes = class,
	    .manual = true,
	    .first_s = T0};

	listing.class[bs_class_index(class)].expires_s = expires_s;
	return listing;
}

static void
import(struct fixture *fixture, uint32_t now_s, const struct bs_listing *from)
{
	struct bs_writer *writer = begin_at(fixture, now_s);
	bool new;

	assert_int_equal(bs_writer_import(writer, from, &new), BS_OK);
	commit(writer);
}

/* What is imported as made by hand leaves the classes of sightings theirs. */
static void
imported_by_hand(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "partner");
	struct bs_listing from = exported(ADDRESS, BS_VIRUS, T0 + WEEK_S);
	struct bs_listing listing;

	see_by(fixture, "partner", ADDRESS, BS_BOUNCE, T0 + 1);
	see_by(fixture, "partner", ADDRESS, BS_BOUNCE, T0 + 2);
	import(fixture, T0 + 3, &from);
	assert_int_equal(cover(fixture, ADDRESS), BS_BOUNCE | BS_VIRUS);
	purge_in(fixture, T0 + 4, &purge, 100);
	assert_true(get(fixture, ADDRESS, &listing));
	assert_int_equal(listing.classes, BS_VIRUS);
	assert_true(listing.manual);
	/* one by hand whose time is over makes nothing of the rest by hand */
	from = exported("192.0.2.98", BS_VIRUS, T0);
	from.by_hand = BS_VIRUS;
	from.classes |= BS_CALLOUT;
	from.class[bs_class_index(BS_CALLOUT)].expires_s = T0 + WEEK_S;
	import(fixture, T0 + 5, &from);
	assert_true(get(fixture, "192.0.2.98", &listing));
	assert_int_equal(listing.classes, BS_CALLOUT);
	assert_false(listing.manual);
}

/* A /32 is listed for its /48s, and each of them for what is inside: after a
 * purge, too. */
static void
wider_by_steps(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "partner");
	struct bs_listing listing;
	char text[64];
	uint32_t now_s = T0;

	/* 17 /48s of 17 /64s; in ten of them one /64 is ours alone */
	fixture->policy.feed = feeds;
	fixture->policy.feed_count = 2;
	for (unsigned i = 0; i < 17; i++) {
		for (unsigned j = 0; j < 17; j++) {
			(void)snprintf(
			    text, sizeof(text), "2001:db8:%x:%x::1", i, j);
			see_by(fixture, i < 10 && j > 0 ? "partner" : "local",
			    text, BS_BOUNCE, now_s++);
		}
	}
	assert_true(get(fixture, "2001:db8::/32", &listing));
	purge_in(fixture, now_s + 1, &purge, 100);
	/* something is left in all 17, but only seven would be listed */
	assert_false(get(fixture, "2001:db8::/32", &listing));
	assert_false(get(fixture, "2001:db8:3::/48", &listing));
	assert_true(get(fixture, "2001:db8:c::/48", &listing));
	assert_int_equal(cover(fixture, "2001:db8:3:0::1"), BS_BOUNCE);
	assert_int_equal(cover(fixture, "2001:db8:3:1::1"), 0);
	assert_int_equal(cover(fixture, "2001:db8:c:7::1"), BS_BOUNCE);
}

/* What was received before a removal does not come back by it. */
static void
after_a_removal(void **state)
{
	struct fixture *fixture = *state;
	struct bs_purge purge = purge_of(fixture, "partner");

	see_by(fixture, "local", ADDRESS, BS_BOUNCE, T0);
	remove_at(fixture, T0 + 5, ADDRESS);
	see_by(fixture, "partner", ADDRESS, BS_BOUNCE, T0 + 10);
	assert_int_equal(cover(fixture, ADDRESS), BS_BOUNCE);
	purge_in(fixture, T0 + 20, &purge, 100);
	assert_int_equal(cover(fixture, ADDRESS), 0);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_open, fixture_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(others_support_stays),
	    TEST(chosen_by_each_criterion),
	    TEST(by_hand_stays),
	    TEST(what_is_recorded),
	    TEST(windows_anew),
	    TEST(feeds_by_themselves),
	    TEST(wide_listings),
	    TEST(classes_by_hand),
	    TEST(imported_by_hand),
	    TEST(wider_by_steps),
	    TEST(after_a_removal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
