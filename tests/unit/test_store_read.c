/*
 * Snapshots: covering lookups with nested prefixes, walks, the journal,
 * numbers and statistics.
 */
#include "autoconf.h"

#include <string.h>

#include "store_fixture.h"

#define FOREVER BS_LISTING_FOREVER

/* Between which prefixes what covers an address lies. */
static void
check_ends(
    const struct bs_cover *covering, const char *widest, const char *narrowest)
{
	char text[BS_PREFIX_TEXT_MAX];

	assert_string_equal(bs_prefix_format(&covering->widest, text), widest);
	assert_string_equal(
	    bs_prefix_format(&covering->narrowest, text), narrowest);
}

static void
nested_prefixes(void **state)
{
	static const struct {
		const char *addr;
		bs_classes classes;
		const char *widest, *narrowest;
	} rows[] = {
	    {"198.51.100.7", BS_BOUNCE | BS_VIRUS | BS_CALLOUT, "198.51.0.0/16",
		"198.51.100.7"},
	    {"198.51.100.8", BS_BOUNCE | BS_VIRUS, "198.51.0.0/16",
		"198.51.100.0/24"},
	    {"198.51.99.7", BS_BOUNCE, "198.51.0.0/16", "198.51.0.0/16"},
	    {"198.52.100.7", 0, NULL, NULL},
	    {"203.0.113.1", BS_SUBSCRIBE, "203.0.113.1", "203.0.113.1"},
	    {"203.0.113.2", 0, NULL, NULL},
	    {"2001:db8:1:2::9", BS_BOUNCE | BS_CHALLENGE, "2001:db8::/32",
		"2001:db8:1:2::/64"},
	    {"2001:db8:1:3::9", BS_CHALLENGE, "2001:db8::/32", "2001:db8::/32"},
	    {"2001:db9::1", 0, NULL, NULL},
	    {"::ffff:198.51.100.7", 0, NULL, NULL},
	};
	struct bs_snapshot *snapshot;

	add(*state, T0, "198.51.0.0/16", BS_BOUNCE, FOREVER);
	add(*state, T0, "198.51.100.0/24", BS_VIRUS, FOREVER);
	add(*state, T0, "198.51.100.7", BS_CALLOUT, FOREVER);
	add(*state, T0, "203.0.113.1", BS_SUBSCRIBE, FOREVER);
	add(*state, T0, "2001:db8::/32", BS_CHALLENGE, FOREVER);
	add(*state, T0, "2001:db8:1:2::/64", BS_BOUNCE, FOREVER);
	snapshot = snapshot_now(*state);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_addr addr = addr_of(rows[i].addr);
		struct bs_cover covering;

		assert_int_equal(bs_snapshot_cover(snapshot, &addr,
				     BS_CLASSES_ALL, &covering),
		    BS_OK);
		if (covering.classes != rows[i].classes)
			fail_msg("%s: %u", rows[i].addr, covering.classes);
		if (rows[i].classes == 0)
			continue;
		check_ends(&covering, rows[i].widest, rows[i].narrowest);
	}
	bs_snapshot_free(&snapshot);
}

static void
anything_inside(void **state)
{
	static const struct {
		const char *prefix;
		bool any;
	} rows[] = {
	    {"0.0.0.0/0", true},
	    {"198.0.0.0/8", true},
	    {"198.51.100.0/24", true},  /* is one itself */
	    {"198.51.100.0/25", false}, /* lies in one, holds none */
	    {"198.51.100.0", false},
	    {"198.51.0.0/16", true},
	    {"198.51.99.0/24", false},
	    {"203.0.113.0/25", true},
	    {"203.0.113.128/25", false},
	    {"255.255.255.255", false},
	    {"::/0", true},
	    {"2001:db8::/32", true},
	    {"2001:db8:1:2:3::/80", false},
	    {"ff00::/8", false},
	};
	struct bs_snapshot *snapshot;

	add(*state, T0, "198.51.100.0/24", BS_BOUNCE, FOREVER);
	add(*state, T0, "203.0.113.9", BS_BOUNCE, FOREVER);
	add(*state, T0, "2001:db8:1:2::/64", BS_BOUNCE, FOREVER);
	snapshot = snapshot_now(*state);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_prefix prefix = prefix_of(rows[i].prefix);
		bool any;

		assert_int_equal(bs_snapshot_any_inside(
				     snapshot, &prefix, BS_CLASSES_ALL, &any),
		    BS_OK);
		if (any != rows[i].any)
			fail_msg("%s", rows[i].prefix);
	}
	bs_snapshot_free(&snapshot);
}

/* A zone of some classes is asked for by them alone. */
static void
only_wanted_classes(void **state)
{
	static const struct {
		const char *name;
		bs_classes wanted, classes;
		const char *widest, *narrowest; /* NULL: no cover */
		bool inside;                    /* 198.51.100.0/24 */
	} rows[] = {
	    {"all", BS_CLASSES_ALL, BS_BOUNCE | BS_VIRUS | BS_CALLOUT,
		"198.51.0.0/16", "198.51.100.7", true},
	    {"the wide one's", BS_BOUNCE, BS_BOUNCE, "198.51.0.0/16",
		"198.51.0.0/16", false},
	    {"the narrow one's", BS_VIRUS | BS_SUBSCRIBE, BS_VIRUS,
		"198.51.100.7", "198.51.100.7", true},
	    {"nobody's", BS_SUBSCRIBE, 0, NULL, NULL, false},
	};
	struct bs_addr addr = addr_of("198.51.100.7");
	struct bs_prefix prefix = prefix_of("198.51.100.0/24");
	struct bs_snapshot *snapshot;

	add(*state, T0, "198.51.0.0/16", BS_BOUNCE, FOREVER);
	add(*state, T0, "198.51.100.7", BS_VIRUS | BS_CALLOUT, FOREVER);
	snapshot = snapshot_now(*state);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_cover covering;
		bool any;

		print_message("%s\n", rows[i].name);
		assert_int_equal(bs_snapshot_cover(snapshot, &addr,
				     rows[i].wanted, &covering),
		    BS_OK);
		assert_int_equal(covering.classes, rows[i].classes);
		assert_int_equal(bs_snapshot_any_inside(
				     snapshot, &prefix, rows[i].wanted, &any),
		    BS_OK);
		assert_int_equal(any, rows[i].inside);
		if (rows[i].widest == NULL)
			continue;
		check_ends(&covering, rows[i].widest, rows[i].narrowest);
	}
	bs_snapshot_free(&snapshot);
}

static bool
has_callout_inside(struct fixture *fixture, const char *text)
{
	struct bs_prefix prefix = prefix_of(text);
	struct bs_snapshot *snapshot;
	bool any;

	snapshot = snapshot_now(fixture);
	assert_int_equal(
	    bs_snapshot_any_inside(snapshot, &prefix, BS_CALLOUT, &any), BS_OK);
	bs_snapshot_free(&snapshot);
	return any;
}

/* Past so many listings of other classes nobody looks any further. */
static void
inside_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_addr addr = addr_of("203.0.0.0");

	for (unsigned i = 0; i < BS_STORE_INSIDE_STEPS; i++) {
		struct bs_prefix prefix;
		bool is_new;

		addr.octet[2] = (uint8_t)(i / 256);
		addr.octet[3] = (uint8_t)(i % 256);
		prefix = bs_prefix_single(&addr);
		assert_int_equal(bs_writer_add(writer, &prefix, BS_BOUNCE,
				     FOREVER, "", &is_new),
		    BS_OK);
	}
	commit(writer);
	assert_false(has_callout_inside(fixture, "203.0.0.0/16"));
	add(fixture, T0, "203.0.255.255", BS_BOUNCE, FOREVER);
	assert_true(has_callout_inside(fixture, "203.0.0.0/16"));
	assert_false(has_callout_inside(fixture, "203.0.1.0/24"));
}

/* A walk goes on though listings change under it. */
static void
walk(void **state)
{
	static const char *const order[] = {"198.51.0.0/16", "198.51.0.0",
	    "198.51.100.7", "203.0.113.1", "2001:db8::/32", "2001:db8::/64",
	    "2001:db8:1::/64"};
	struct fixture *fixture = *state;
	struct bs_snapshot *snapshot;
	struct bs_listing listing;
	struct bs_prefix at = {0};

	/* in another order than they are walked in */
	for (size_t i = 0; i < 7; i++)
		add(fixture, T0, order[i * 3 % 7], BS_BOUNCE, FOREVER);
	assert_int_equal(
	    bs_snapshot_new(fixture->store, &snapshot, NULL), BS_OK);
	for (size_t i = 0; i < 7; i++) {
		char text[BS_PREFIX_TEXT_MAX];

		assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
		assert_int_equal(
		    bs_snapshot_next(snapshot, i == 0 ? NULL : &at, &listing),
		    BS_OK);
		at = listing.prefix;
		assert_string_equal(bs_prefix_format(&at, text), order[i]);
		bs_snapshot_release(snapshot);
		remove_at(fixture, T0, order[i]);
	}
	assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
	assert_int_equal(
	    bs_snapshot_next(snapshot, &at, &listing), BS_ENOTFOUND);
	assert_int_equal(
	    bs_snapshot_next(snapshot, NULL, &listing), BS_ENOTFOUND);
	bs_snapshot_free(&snapshot);
}

/* Nothing is seen before a renewal, and nothing of it is lost by one. */
static void
renewal(void **state)
{
	struct fixture *fixture = *state;
	struct bs_addr addr = addr_of("198.51.100.7");
	struct bs_snapshot *snapshot;
	struct bs_cover covering;
	uint32_t serial;

	snapshot = snapshot_now(fixture);
	serial = bs_snapshot_serial(snapshot);
	assert_int_equal(bs_snapshot_number(snapshot), 0);
	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	assert_int_equal(
	    bs_snapshot_cover(snapshot, &addr, BS_CLASSES_ALL, &covering),
	    BS_OK);
	assert_int_equal(covering.classes, 0);
	assert_int_equal(bs_snapshot_serial(snapshot), serial);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
		assert_int_equal(bs_snapshot_cover(snapshot, &addr,
				     BS_CLASSES_ALL, &covering),
		    BS_OK);
		assert_int_equal(covering.classes, BS_BOUNCE);
		assert_int_equal(bs_snapshot_number(snapshot), 1);
		assert_int_equal(bs_snapshot_serial(snapshot), serial + 1);
		bs_snapshot_release(snapshot);
		bs_snapshot_release(snapshot);
	}
	bs_snapshot_free(&snapshot);
}

static void
journal_entries(void **state)
{
	static const struct {
		const char *prefix;
		bs_classes old, new;
		const char *reason;
	} rows[] = {
	    {"198.51.100.7", 0, BS_BOUNCE, "by hand"},
	    {"198.51.100.7", BS_BOUNCE, BS_BOUNCE | BS_VIRUS, "by hand"},
	    {"198.51.100.7", BS_BOUNCE | BS_VIRUS, 0, "asked"},
	    {"2001:db8::/64", 0, BS_BOUNCE, "sighting"},
	};
	struct fixture *fixture = *state;
	struct bs_journal_entry entry;
	struct bs_snapshot *snapshot;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	add(fixture, T0 + 1, "198.51.100.7", BS_VIRUS, FOREVER);
	remove_at(fixture, T0 + 2, "198.51.100.7");
	assert_int_equal(see_new(fixture, T0 + 3, "2001:db8::7", BS_BOUNCE),
	    BS_OUTCOME_LISTED);
	snapshot = snapshot_now(fixture);
	for (uint32_t i = 0; i < 4; i++) {
		struct bs_prefix prefix = prefix_of(rows[i].prefix);

		assert_int_equal(
		    bs_snapshot_journal(snapshot, i + 1, &entry), BS_OK);
		assert_int_equal(entry.number, i + 1);
		assert_int_equal(entry.kind, BS_JOURNAL_CHANGE);
		assert_int_equal(entry.time_s, T0 + i);
		assert_int_equal(bs_prefix_compare(&entry.prefix, &prefix), 0);
		assert_int_equal(entry.old_classes, rows[i].old);
		assert_int_equal(entry.new_classes, rows[i].new);
		assert_string_equal(entry.reason, rows[i].reason);
		assert_string_equal(entry.actor, "test");
	}
	assert_int_equal(bs_snapshot_journal(snapshot, 0, &entry), BS_OK);
	assert_int_equal(entry.number, 1);
	assert_int_equal(
	    bs_snapshot_journal(snapshot, 5, &entry), BS_ENOTFOUND);
	bs_snapshot_free(&snapshot);
}

static void
statistics(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_stats stats;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE | BS_VIRUS, T0 + 10);
	add(fixture, T0, "198.51.100.0/24", BS_BOUNCE, T0 + 20);
	assert_int_equal(
	    see_new(fixture, T0, "2001:db8::7", BS_VIRUS), BS_OUTCOME_LISTED);
	stats = stats_at(fixture, T0 + 10);
	assert_int_equal(stats.listings_ipv4, 2);
	assert_int_equal(stats.listings_ipv6, 1);
	assert_int_equal(stats.listings_class[bs_class_index(BS_BOUNCE)], 2);
	assert_int_equal(stats.listings_class[bs_class_index(BS_VIRUS)], 2);
	assert_int_equal(stats.listings_class[bs_class_index(BS_CALLOUT)], 0);
	assert_int_equal(stats.sightings, 1);
	assert_int_equal(stats.seen, 1);
	assert_int_equal(stats.journal_entries, 3);
	assert_int_equal(stats.journal_number, 3);
	assert_int_equal(stats.overdue, 1);
	assert_int_equal(stats.map_bytes, BS_STORE_MAP_BYTES);
	assert_true(stats.used_bytes <= stats.file_bytes);
	assert_true(stats.used_bytes > 0);
	assert_true(stats.readers >= 1);
	assert_int_equal(stats_at(fixture, T0 + 20).overdue, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(nested_prefixes),
	    CASE(anything_inside),
	    CASE(only_wanted_classes),
	    CASE(inside_is_bounded),
	    CASE(walk),
	    CASE(renewal),
	    CASE(journal_entries),
	    CASE(statistics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
