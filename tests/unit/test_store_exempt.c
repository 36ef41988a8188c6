/*
 * Exemptions in the store: what is served with them and without them again,
 * what the journal gets, and that both agree with a search of all listings
 * and exemptions one by one.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "store_fixture.h"

#define FOREVER BS_LISTING_FOREVER
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Returns whether it was new. */
static bool
exempt(struct fixture *fixture, const char *prefix, const char *reason)
{
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_prefix parsed = prefix_of(prefix);
	bool new;

	assert_int_equal(
	    bs_writer_exempt(writer, &parsed, reason, &new), BS_OK);
	commit(writer);
	return new;
}

static int
unexempt(struct fixture *fixture, const char *prefix)
{
	struct bs_writer *writer = begin_at(fixture, T0 + 1);
	struct bs_prefix parsed = prefix_of(prefix);
	int error = bs_writer_unexempt(writer, &parsed, "");

	commit(writer);
	return error;
}

/* Returns how many came or went. */
static size_t
configure(struct fixture *fixture, const char *const *prefixes)
{
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_prefix parsed[16];
	size_t count = 0, changes;

	while (prefixes[count] != NULL) {
		parsed[count] = prefix_of(prefixes[count]);
		count++;
	}
	assert_int_equal(
	    bs_writer_exempt_configured(writer, parsed, count, &changes),
	    BS_OK);
	commit(writer);
	return changes;
}

/* The journal after a number, as "PREFIX OLD>NEW REASON; …". */
static const char *
journal_after(struct fixture *fixture, uint64_t number)
{
	static char text[2048];
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	struct bs_journal_entry entry;

	text[0] = '\0';
	while (bs_snapshot_journal(snapshot, number + 1, &entry) == BS_OK) {
		char prefix[BS_PREFIX_TEXT_MAX];
		size_t size = strlen(text);

		if (entry.kind == BS_JOURNAL_RESET)
			(void)strcpy(prefix, "reset");
		else
			(void)bs_prefix_format(&entry.prefix, prefix);
		(void)snprintf(text + size, sizeof(text) - size,
		    "%s%s %u>%u %s", size > 0 ? "; " : "", prefix,
		    entry.old_classes, entry.new_classes, entry.reason);
		assert_int_equal(entry.number, number + 1);
		number = entry.number;
	}
	assert_int_equal(number, bs_snapshot_number(snapshot));
	bs_snapshot_free(&snapshot);
	return text;
}

/* --- by command --------------------------------------------------------- */

static void
life_of_an_exemption(void **state)
{
	struct fixture *fixture = *state;
	struct bs_snapshot *snapshot;
	struct bs_exemption got;
	struct bs_prefix prefix = prefix_of("198.51.100.0/24");

	assert_true(exempt(fixture, "198.51.100.0/24", "ours"));
	assert_int_equal(number(fixture), 0);
	assert_false(exempt(fixture, "198.51.100.0/24", ""));
	snapshot = snapshot_now(fixture);
	prefix = prefix_of("198.51.100.7");
	assert_int_equal(bs_snapshot_exempt(snapshot, &prefix, &got), BS_OK);
	assert_int_equal(got.prefix.bits, 24);
	assert_int_equal(got.by, BS_EXEMPT_COMMAND);
	assert_int_equal(got.since_s, T0);
	assert_string_equal(got.actor, "test");
	assert_string_equal(got.reason, "ours");
	bs_snapshot_free(&snapshot);
	assert_int_equal(stats_at(fixture, T0).exemptions, 1);
	assert_int_equal(unexempt(fixture, "198.51.100.0/25"), BS_ENOTFOUND);
	assert_int_equal(unexempt(fixture, "198.51.100.0/24"), BS_OK);
	assert_int_equal(unexempt(fixture, "198.51.100.0/24"), BS_ENOTFOUND);
	assert_int_equal(stats_at(fixture, T0).exemptions, 0);
}

/* Steps on one database; what is answered and what is told after each. */
static const struct step {
	char what; /* + exempt, - no more, a add, r remove */
	const char *prefix;
	const char *asked;
	bs_classes classes; /* of what is asked for */
	const char *journal;
} steps[] = {
    {'a', "198.51.0.0/16", "198.51.100.7", 4, "198.51.0.0/16 0>4 by hand"},
    {'a', "198.51.100.7", "198.51.100.7", 4, "198.51.100.7 0>4 by hand"},
    /* a hole: the listing in it, and what the wider one gave to all of it */
    {'+', "198.51.100.0/24", "198.51.100.7", 0,
	"198.51.100.0/24 4>0 exempt; 198.51.100.7 4>0 exempt"},
    /* what is hidden alters nothing: to add, to remove */
    {'a', "198.51.100.8", "198.51.100.8", 0, ""},
    {'r', "198.51.100.7", "198.51.100.7", 0, ""},
    {'a', "198.51.101.1", "198.51.101.1", 4, "198.51.101.1 0>4 by hand"},
    /* inside it, and around it */
    {'+', "198.51.100.8", "198.51.100.8", 0, ""},
    {'+', "198.51.0.0/16", "198.51.101.1", 0,
	"198.51.0.0/16 4>0 exempt; 198.51.101.1 4>0 exempt"},
    {'-', "198.51.100.0/24", "198.51.100.9", 0, ""},
    {'-', "198.51.0.0/16", "198.51.100.8", 0,
	"198.51.0.0/16 0>4 no longer exempt; "
	"198.51.101.1 0>4 no longer exempt"},
    {'-', "198.51.100.8", "198.51.100.8", 4,
	"198.51.100.8 0>4 no longer exempt"},
    /* two halves make a whole */
    {'+', "198.51.101.0/32", "198.51.101.0", 0, "198.51.101.0 4>0 exempt"},
    {'+', "198.51.101.1/32", "198.51.101.1", 0, "198.51.101.1 4>0 exempt"},
    {'a', "198.51.101.0/31", "198.51.101.1", 0, ""},
    {'+', "198.51.101.0/31", "198.51.101.1", 0, ""},
    {'-', "198.51.101.0/31", "198.51.101.1", 0, ""},
    {'-', "198.51.101.1/32", "198.51.101.1", 4,
	"198.51.101.1 0>4 no longer exempt"},
    /* nothing is listed there */
    {'+', "203.0.113.0/24", "203.0.113.1", 0, ""},
    {'-', "203.0.113.0/24", "203.0.113.1", 0, ""},
    {'+', "2001:db8::/32", "2001:db8::1", 0, ""},
    {'a', "2001:db8:0:1::/64", "2001:db8:0:1::1", 0, ""},
    {'-', "2001:db8::/32", "2001:db8:0:1::1", 4,
	"2001:db8:0:1::/64 0>4 no longer exempt"},
    {'+', "2001:db8:0:1::25", "2001:db8:0:1::25", 0,
	"2001:db8:0:1::25 4>0 exempt"},
    {'r', "198.51.0.0/16", "198.51.102.1", 0, "198.51.0.0/16 4>0 asked"},
};

static void
take_step(struct fixture *fixture, const struct step *step)
{
	switch (step->what) {
	case '+':
		(void)exempt(fixture, step->prefix, "");
		break;
	case '-':
		assert_int_equal(unexempt(fixture, step->prefix), BS_OK);
		break;
	case 'a':
		add(fixture, T0, step->prefix, BS_BOUNCE, FOREVER);
		break;
	default:
		remove_at(fixture, T0, step->prefix);
		break;
	}
}

static void
answers_and_journal(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(steps); i++) {
		uint64_t before = number(fixture);

		print_message("# %c %s\n", steps[i].what, steps[i].prefix);
		take_step(fixture, &steps[i]);
		assert_int_equal(
		    cover(fixture, steps[i].asked), steps[i].classes);
		assert_string_equal(
		    journal_after(fixture, before), steps[i].journal);
	}
}

/* What is hidden ends like any other, and alters nothing either. */
static void
expiry_while_exempt(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, T0 + 10);
	(void)exempt(fixture, "198.51.100.0/24", "");
	assert_int_equal(number(fixture), 2);
	pass(fixture, T0 + 20);
	assert_int_equal(number(fixture), 2);
	assert_int_equal(stats_at(fixture, T0 + 20).listings_ipv4, 0);
	assert_int_equal(unexempt(fixture, "198.51.100.0/24"), BS_OK);
	assert_int_equal(number(fixture), 2);
}

/* A source that is exempt by command lists nothing; its neighbours do. */
static void
sightings(void **state)
{
	static const struct {
		const char *source;
		enum bs_outcome outcome;
		bs_classes classes; /* of its answer, then */
	} rows[] = {
	    {"198.51.100.7", BS_OUTCOME_EXEMPT, 0},
	    {"::ffff:198.51.100.7", BS_OUTCOME_EXEMPT, 0},
	    {"198.51.101.7", BS_OUTCOME_LISTED, BS_BOUNCE},
	    {"2001:db8::25", BS_OUTCOME_EXEMPT, 0},
	    {"2001:db8::26", BS_OUTCOME_LISTED, BS_BOUNCE},
	    {"2001:db8:1::25", BS_OUTCOME_EXEMPT, 0},
	};
	struct fixture *fixture = *state;

	(void)exempt(fixture, "198.51.100.0/24", "");
	(void)exempt(fixture, "2001:db8::25", "");
	(void)exempt(fixture, "2001:db8:1::/48", "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("# %s\n", rows[i].source);
		assert_int_equal(
		    see_new(fixture, T0, rows[i].source, BS_BOUNCE),
		    rows[i].outcome);
		assert_int_equal(
		    cover(fixture, rows[i].source), rows[i].classes);
	}
	assert_int_equal(cover(fixture, "2001:db8::25"), 0);
	assert_int_equal(stats_at(fixture, T0).sightings, 2);
}

/* --- by the configuration ----------------------------------------------- */

static void
by_configuration(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const wide[] = {
	    "198.51.100.0/24", "2001:db8::/32", "198.51.100.0/24", NULL};
	static const char *const narrow[] = {
	    "2001:db8::/32", "198.51.100.7", NULL};
	struct fixture *fixture = *state;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	add(fixture, T0, "198.51.100.8", BS_BOUNCE, FOREVER);
	assert_int_equal(configure(fixture, none), 0);
	assert_int_equal(configure(fixture, wide), 2);
	assert_string_equal(journal_after(fixture, 2),
	    "198.51.100.7 4>0 exempt by the configuration; "
	    "198.51.100.8 4>0 exempt by the configuration");
	assert_int_equal(configure(fixture, wide), 0);
	/* what stays exempt is not told */
	assert_int_equal(configure(fixture, narrow), 2);
	assert_string_equal(journal_after(fixture, 4),
	    "198.51.100.8 0>4 no longer exempt by the configuration");
	/* not the command's to take back, and not the other's */
	assert_int_equal(unexempt(fixture, "198.51.100.7"), BS_ENOTFOUND);
	assert_true(exempt(fixture, "198.51.100.7", "why"));
	assert_int_equal(configure(fixture, none), 2);
	assert_int_equal(number(fixture), 5);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(configure(fixture, narrow), 2);
	assert_int_equal(unexempt(fixture, "198.51.100.7"), BS_OK);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(number(fixture), 5);
	assert_int_equal(configure(fixture, none), 2);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
	assert_int_equal(stats_at(fixture, T0).exemptions, 0);
}

/* --- limits ------------------------------------------------------------- */

/* At the limit changes, past it one reset. */
static void
many_answers(void **state)
{
	static const struct bs_store_limits limits = {
	    .map_bytes = (size_t)64 << 20,
	    .journal_entries = 1000,
	    .journal_s = WEEK_S,
	    .changes = 3,
	};
	static const char *const two[] = {
	    "198.51.100.0/24", "203.0.113.0/24", NULL};
	static const char *const none[] = {NULL};
	struct fixture *fixture = *state;

	bs_store_free(&fixture->store);
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &limits, &fixture->store, &fixture->message),
	    BS_OK);
	add(fixture, T0, "198.51.100.1", BS_BOUNCE, FOREVER);
	add(fixture, T0, "198.51.100.2", BS_BOUNCE, FOREVER);
	add(fixture, T0, "198.51.100.3", BS_BOUNCE, FOREVER);
	(void)exempt(fixture, "198.51.100.0/24", "");
	assert_int_equal(number(fixture), 6);
	assert_int_equal(unexempt(fixture, "198.51.100.0/24"), BS_OK);
	assert_int_equal(number(fixture), 9);
	add(fixture, T0, "203.0.113.1", BS_BOUNCE, FOREVER);
	assert_int_equal(configure(fixture, two), 2);
	assert_string_equal(journal_after(fixture, 10),
	    "reset 0>0 exempt by the configuration");
	assert_int_equal(cover(fixture, "203.0.113.1"), 0);
	assert_int_equal(configure(fixture, none), 2);
	assert_string_equal(journal_after(fixture, 11),
	    "reset 0>0 no longer exempt by the configuration");
	assert_int_equal(cover(fixture, "203.0.113.1"), BS_BOUNCE);
}

static void
reason_at_its_limit(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_prefix prefix = prefix_of("198.51.100.0/24");
	char reason[BS_EXEMPTION_REASON_MAX + 2] = {0};
	bool new;

	memset(reason, 'r', BS_EXEMPTION_REASON_MAX + 1);
	assert_int_equal(
	    bs_writer_exempt(writer, &prefix, reason, &new), BS_ETOOLONG);
	reason[BS_EXEMPTION_REASON_MAX] = '\0';
	assert_int_equal(
	    bs_writer_exempt(writer, &prefix, reason, &new), BS_OK);
	commit(writer);
}

/* --- against a search of all -------------------------------------------- */

#define SPACE_BITS 8 /* everything lies in one /24 */
#define RANDOM_LISTINGS 6
#define RANDOM_EXEMPTIONS 5

struct world {
	struct bs_prefix listing[RANDOM_LISTINGS];
	bs_classes classes[RANDOM_LISTINGS];
	struct bs_prefix exempt[RANDOM_EXEMPTIONS];
};

/* Random numbers that are the same in each run. */
static unsigned
roll(uint32_t *seed, unsigned sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % sides;
}

static struct bs_prefix
random_prefix(uint32_t *seed)
{
	struct bs_addr addr = addr_of("198.51.100.0");

	addr.octet[3] = (uint8_t)roll(seed, 256);
	return bs_prefix_of(&addr, 32 - roll(seed, SPACE_BITS + 1));
}

static bool
world_is_exempt(const struct world *world, const struct bs_addr *addr)
{
	for (size_t i = 0; i < RANDOM_EXEMPTIONS; i++) {
		if (bs_prefix_has(&world->exempt[i], addr))
			return true;
	}
	return false;
}

/* Whether any address of a prefix is not exempt. */
static bool
world_leaves(const struct world *world, const struct bs_prefix *prefix)
{
	struct bs_addr addr = prefix->addr;

	for (unsigned i = 0; i < 1u << (32 - prefix->bits); i++) {
		if (!world_is_exempt(world, &addr))
			return true;
		addr.octet[3]++;
	}
	return false;
}

static void
check_prefix(const struct world *world, struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix)
{
	bs_classes around = 0;
	bool inside = false, any;
	struct bs_cover covering;
	unsigned clear, expected_clear = 0;

	for (size_t i = 0; i < RANDOM_LISTINGS; i++) {
		const struct bs_prefix *listing = &world->listing[i];

		if (bs_prefix_covers(listing, prefix))
			around |= world->classes[i];
		if (bs_prefix_covers(prefix, listing) &&
		    world_leaves(world, listing))
			inside = true;
	}
	if (!world_leaves(world, prefix))
		around = 0;
	assert_int_equal(
	    bs_snapshot_any_inside(snapshot, prefix, BS_CLASSES_ALL, &any),
	    BS_OK);
	assert_int_equal(any, inside);
	assert_int_equal(bs_snapshot_cover_prefix(snapshot, prefix,
			     BS_CLASSES_ALL, &covering, &clear),
	    BS_OK);
	assert_int_equal(covering.classes, around);
	if (around == 0)
		return;
	for (unsigned bits = 0; bits <= prefix->bits; bits++) {
		struct bs_prefix wide = bs_prefix_of(&prefix->addr, bits);

		for (size_t i = 0; i < RANDOM_EXEMPTIONS; i++) {
			if (bs_prefix_covers(&wide, &world->exempt[i]))
				expected_clear = bits + 1;
		}
	}
	assert_int_equal(clear, expected_clear);
}

static void
check_world(struct fixture *fixture, const struct world *world)
{
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	struct bs_addr addr = addr_of("198.51.100.0");

	for (unsigned last = 0; last < 256; last++) {
		struct bs_cover covering;

		addr.octet[3] = (uint8_t)last;
		assert_int_equal(bs_snapshot_cover(snapshot, &addr,
				     BS_CLASSES_ALL, &covering),
		    BS_OK);
		for (unsigned bits = 24; bits <= 32; bits++) {
			struct bs_prefix prefix = bs_prefix_of(&addr, bits);

			if (bits == 32 || prefix.addr.octet[3] == last)
				check_prefix(world, snapshot, &prefix);
		}
	}
	bs_snapshot_free(&snapshot);
}

/* Small worlds at random, each asked for all of its addresses and prefixes. */
static void
as_a_search_says(void **state)
{
	struct fixture *fixture = *state;
	uint32_t seed = 20261123;

	for (int round = 0; round < 40; round++) {
		struct bs_writer *writer = begin_at(fixture, T0);
		struct world world;
		bool new;

		for (size_t i = 0; i < RANDOM_LISTINGS; i++) {
			world.listing[i] = random_prefix(&seed);
			world.classes[i] = bs_class_at(i);
			assert_int_equal(
			    bs_writer_add(writer, &world.listing[i],
				world.classes[i], FOREVER, "", &new),
			    BS_OK);
		}
		for (size_t i = 0; i < RANDOM_EXEMPTIONS; i++) {
			world.exempt[i] = random_prefix(&seed);
			assert_int_equal(bs_writer_exempt(writer,
					     &world.exempt[i], "", &new),
			    BS_OK);
		}
		commit(writer);
		check_world(fixture, &world);
		writer = begin_at(fixture, T0);
		for (size_t i = 0; i < RANDOM_LISTINGS; i++)
			(void)bs_writer_remove(writer, &world.listing[i], "");
		for (size_t i = 0; i < RANDOM_EXEMPTIONS; i++)
			(void)bs_writer_unexempt(writer, &world.exempt[i], "");
		commit(writer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(life_of_an_exemption),
	    CASE(answers_and_journal),
	    CASE(expiry_while_exempt),
	    CASE(sightings),
	    CASE(by_configuration),
	    CASE(many_answers),
	    CASE(reason_at_its_limit),
	    CASE(as_a_search_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
