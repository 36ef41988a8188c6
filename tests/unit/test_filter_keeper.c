/*
 * filter_keeper.c and snapshot_lookup.c on a real database: which states a
 * filter is good for; a model test, that with it all questions are answered as
 * without, whatever is added, removed, exempt, trimmed or reset; and the same
 * by several threads at once.
 */
#include "autoconf.h"

#include <stdatomic.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "snapshot_lookup.h"
#include "store_fixture.h"

#define FOREVER BS_LISTING_FOREVER

/* A keeper without its thread, and somebody who asks. */
struct asker {
	struct filter_keeper *keeper;
	struct snapshot_lookup from;
};

static struct asker
asker_new(struct fixture *fixture)
{
	struct asker asker = {0};

	assert_int_equal(
	    filter_keeper_new(fixture->store, &asker.keeper, &fixture->message),
	    BS_OK);
	asker.from.reader = filter_reader_take(asker.keeper);
	assert_non_null(asker.from.reader);
	assert_int_equal(
	    bs_snapshot_new(fixture->store, &asker.from.snapshot, NULL), BS_OK);
	return asker;
}

static void
asker_free(struct asker *asker)
{
	snapshot_lookup_release(&asker->from);
	filter_reader_give_back(&asker->from.reader);
	bs_snapshot_free(&asker->from.snapshot);
	filter_keeper_free(&asker->keeper);
}

/* The classes that cover an address; -1: the filter was not asked. */
static int
ask(struct asker *asker, const char *text)
{
	struct lookup lookup = snapshot_lookup_renew(&asker->from);
	struct bs_addr addr = addr_of(text);
	struct bs_cover covering;
	bool filtered = asker->from.view.filter != NULL;

	assert_int_equal(lookup.error, 0);
	assert_int_equal(
	    lookup.cover(lookup.context, &addr, BS_CLASSES_ALL, &covering), 0);
	snapshot_lookup_release(&asker->from);
	return filtered ? covering.classes : -1;
}

static void
exempt(struct fixture *fixture, const char *text)
{
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_prefix prefix = prefix_of(text);
	bool new;

	assert_int_equal(bs_writer_exempt(writer, &prefix, "", &new), BS_OK);
	commit(writer);
}

static void
follows(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture);

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	assert_int_equal(ask(&asker, "198.51.100.7"), -1);
	assert_int_equal(filter_keeper_stats(asker.keeper).built, 0);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_int_equal(filter_keeper_stats(asker.keeper).built, 1);
	assert_true(filter_keeper_stats(asker.keeper).size_bytes > 0);
	assert_int_equal(ask(&asker, "198.51.100.7"), BS_BOUNCE);
	assert_int_equal(ask(&asker, "198.51.100.8"), 0);
	add(fixture, T0, "198.51.100.0/24", BS_CALLOUT, FOREVER);
	assert_int_equal(ask(&asker, "198.51.100.8"), BS_CALLOUT);
	remove_at(fixture, T0 + 1, "198.51.100.0/24");
	assert_int_equal(ask(&asker, "198.51.100.8"), 0);
	assert_int_equal(ask(&asker, "198.51.100.7"), BS_BOUNCE);
	asker_free(&asker);
}

/* What the table says of an address; -1: nothing. */
static int
ask_table(struct asker *asker, const char *text)
{
	struct bs_addr addr = addr_of(text);
	bs_classes classes;
	int said = -1;

	assert_int_equal(snapshot_lookup_renew(&asker->from).error, 0);
	if (filter_view_classes(&asker->from.view, &addr, &classes))
		said = classes;
	snapshot_lookup_release(&asker->from);
	return said;
}

static void
table_follows(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture);
	struct bs_snapshot *old;
	struct filter_view view;
	struct bs_addr addr = addr_of("198.51.100.7");
	bs_classes classes;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	add(fixture, T0, "198.51.100.8", BS_BOUNCE, FOREVER);
	exempt(fixture, "198.51.100.8");
	assert_int_equal(ask_table(&asker, "198.51.100.7"), -1);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_int_equal(ask_table(&asker, "198.51.100.7"), BS_BOUNCE);
	assert_int_equal(ask_table(&asker, "198.51.100.8"), 0);
	add(fixture, T0, "198.51.100.7", BS_CALLOUT, FOREVER);
	assert_int_equal(
	    ask_table(&asker, "198.51.100.7"), BS_BOUNCE | BS_CALLOUT);
	/* a state that is not the newest any more is not the table's */
	old = snapshot_now(fixture);
	remove_at(fixture, T0 + 1, "198.51.100.7");
	view = filter_reader_renew(asker.from.reader, old);
	assert_true(filter_view_classes(&view, &addr, &classes));
	assert_int_equal(ask_table(&asker, "198.51.100.7"), 0);
	assert_false(filter_view_classes(&view, &addr, &classes));
	assert_non_null(view.filter);
	bs_snapshot_free(&old);
	asker_free(&asker);
}

/* From 203.0.0.0 on, in one transaction. */
static void
add_many(struct fixture *fixture, unsigned count)
{
	struct bs_writer *writer = begin_at(fixture, T0);

	for (unsigned i = 0; i < count; i++) {
		struct bs_prefix prefix = prefix_of("203.0.0.0/32");
		bool new;

		prefix.addr.octet[2] = (uint8_t)(i >> 8);
		prefix.addr.octet[3] = (uint8_t)i;
		assert_int_equal(bs_writer_add(writer, &prefix, BS_BOUNCE,
				     FOREVER, "", &new),
		    BS_OK);
	}
	commit(writer);
}

/* More than one batch puts in: nobody asks it until all is there. */
static void
catches_up_in_steps(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture);
	int without = 0, said;

	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	add_many(fixture, 1000);
	while ((said = ask(&asker, "203.0.3.231")) == -1)
		without++;
	assert_int_equal(said, BS_BOUNCE);
	assert_in_range(without, 1, 10);
	asker_free(&asker);
}

/* Whether there are callouts inside a prefix: as the query path has it, which
 * must be exact, and as the bounded walk alone has it. */
struct inside {
	bool any, walked;
};

static struct inside
callouts_inside(struct asker *asker, const char *text)
{
	struct lookup lookup = snapshot_lookup_renew(&asker->from);
	struct bs_prefix prefix = prefix_of(text);
	struct inside inside;

	assert_int_equal(lookup.error, 0);
	assert_non_null(asker->from.view.filter);
	assert_int_equal(
	    lookup.any_inside(lookup.context, &prefix, BS_CALLOUT, &inside.any),
	    0);
	assert_int_equal(bs_snapshot_any_inside(asker->from.snapshot, &prefix,
			     BS_CALLOUT, &inside.walked),
	    0);
	snapshot_lookup_release(&asker->from);
	return inside;
}

static void
assert_callouts(struct asker *asker, bool expected)
{
	static const char *const names[] = {
	    "203.0.0.0/8", "203.0.0.0/9", "203.0.0.0/16"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct inside inside = callouts_inside(asker, names[i]);

		assert_true(inside.walked);
		assert_int_equal(inside.any, expected);
	}
}

/* Behind more listings of another class than a walk passes over. */
static void
classes_follow(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture);
	struct bs_writer *writer;
	struct bs_prefix behind = prefix_of("203.0.200.7");

	add_many(fixture, BS_STORE_INSIDE_STEPS + 1);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_callouts(&asker, false);
	add(fixture, T0, "203.0.200.7", BS_CALLOUT, FOREVER);
	assert_callouts(&asker, true);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_callouts(&asker, true);
	exempt(fixture, "203.0.200.0/24");
	assert_callouts(&asker, false);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_callouts(&asker, false);
	writer = begin_at(fixture, T0);
	behind.bits = 24;
	behind.addr.octet[3] = 0;
	assert_int_equal(bs_writer_unexempt(writer, &behind, ""), BS_OK);
	commit(writer);
	assert_callouts(&asker, true);
	remove_at(fixture, T0 + 1, "203.0.200.7");
	assert_callouts(&asker, false);
	/* an IPv4 prefix stays known until the next filter */
	add(fixture, T0 + 1, "203.0.200.0/24", BS_CALLOUT, FOREVER);
	assert_callouts(&asker, true);
	remove_at(fixture, T0 + 2, "203.0.200.0/24");
	assert_callouts(&asker, true);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_callouts(&asker, false);
	asker_free(&asker);
}

/* A state from before it was made may have had what it does not know. */
static void
not_for_older_states(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture), old = asker;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	old.from.snapshot = snapshot_now(fixture);
	remove_at(fixture, T0 + 1, "198.51.100.7");
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	old.from.reader = filter_reader_take(asker.keeper);
	assert_ptr_not_equal(old.from.reader, asker.from.reader);
	assert_null(
	    filter_reader_renew(old.from.reader, old.from.snapshot).filter);
	assert_int_equal(ask(&asker, "198.51.100.7"), 0);
	bs_snapshot_free(&old.from.snapshot);
	filter_reader_give_back(&old.from.reader);
	asker_free(&asker);
}

static void
reopen(struct fixture *fixture, uint64_t journal_entries, size_t changes)
{
	const struct bs_store_limits limits = {
	    .map_bytes = (size_t)1 << 30,
	    .journal_entries = journal_entries,
	    .journal_s = 30 * DAY_S,
	    .changes = changes,
	};

	bs_store_free(&fixture->store);
	if (bs_store_open_with(fixture->path, BS_STORE_WRITE, &limits,
		&fixture->store, &fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
}

static void
trimmed_past_it(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker;

	reopen(fixture, 4, 1000);
	asker = asker_new(fixture);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	for (int i = 1; i < 10; i++) {
		char text[] = "198.51.100.x";

		text[sizeof(text) - 2] = (char)('0' + i);
		add(fixture, T0, text, BS_BOUNCE, FOREVER);
	}
	assert_int_equal(ask(&asker, "198.51.100.1"), -1);
	assert_int_equal(ask(&asker, "198.51.100.1"), -1);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_int_equal(ask(&asker, "198.51.100.1"), BS_BOUNCE);
	asker_free(&asker);
}

static void
reset(struct fixture *fixture, uint8_t octet)
{
	struct bs_writer *writer = begin_at(fixture, T0);
	const uint8_t digest[BS_KEYHASH_SIZE] = {octet};
	bool changed;

	assert_int_equal(
	    bs_writer_reset(writer, digest, "test", &changed), BS_OK);
	assert_true(changed);
	commit(writer);
}

static void
after_a_reset(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture);

	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_int_equal(ask(&asker, "198.51.100.1"), 0);
	reset(fixture, 1);
	assert_int_equal(ask(&asker, "198.51.100.1"), -1);
	add(fixture, T0, "198.51.100.1", BS_BOUNCE, FOREVER);
	assert_int_equal(ask(&asker, "198.51.100.1"), -1);
	assert_int_equal(filter_keeper_build(asker.keeper), BS_OK);
	assert_int_equal(ask(&asker, "198.51.100.1"), BS_BOUNCE);
	asker_free(&asker);
}

static void
all_readers_taken(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture);
	struct filter_reader *reader[FILTER_READERS_MAX] = {NULL};

	for (size_t i = 0; i < FILTER_READERS_MAX - 1; i++) {
		reader[i] = filter_reader_take(asker.keeper);
		assert_non_null(reader[i]);
	}
	assert_null(filter_reader_take(asker.keeper));
	assert_null(filter_reader_take(NULL));
	for (size_t i = 0; i < FILTER_READERS_MAX; i++)
		filter_reader_give_back(&reader[i]);
	asker_free(&asker);
}

/* --- the model ------------------------------------------------------------ */

/* Prefixes that lie in and around each other, so that random ones meet. */
static struct bs_prefix
random_prefix(uint64_t *random)
{
	static const uint8_t ipv4_bits[] = {
	    16, 20, 23, 24, 24, 25, 28, 31, 32, 32, 32, 32, 32};
	static const uint8_t ipv6_bits[] = {
	    32, 36, 47, 48, 48, 56, 63, 64, 64, 64, 64, 65, 120, 128, 128};
	struct bs_addr addr = {.family = BS_IPV4, .octet = {203, 5}};
	uint64_t x;

	*random = *random * 6364136223846793005ull + 1442695040888963407ull;
	x = *random >> 20;
	if ((x & 1) == 0) {
		addr.octet[2] = (uint8_t)(x >> 1 & 3);
		addr.octet[3] = (uint8_t)(x >> 4 & 0xc7);
		return bs_prefix_of(
		    &addr, ipv4_bits[(x >> 12) % sizeof(ipv4_bits)]);
	}
	addr = addr_of("2400:1::");
	addr.octet[5] = (uint8_t)(x >> 1 & 3);
	addr.octet[7] = (uint8_t)(x >> 3 & 3);
	addr.octet[8] = (uint8_t)(x >> 5 & 0x80);
	addr.octet[15] = (uint8_t)(x >> 7 & 3);
	return bs_prefix_of(&addr, ipv6_bits[(x >> 16) % sizeof(ipv6_bits)]);
}

/* Two answers about a prefix: with the filter and without. */
static void
compare(struct snapshot_lookup *from, const struct lookup *lookup,
    const struct bs_prefix *prefix, bs_classes wanted)
{
	struct bs_cover with, without;
	unsigned clear, clear_without;
	bool any, any_without;

	assert_int_equal(lookup->cover(from, &prefix->addr, wanted, &with), 0);
	assert_int_equal(
	    bs_snapshot_cover(from->snapshot, &prefix->addr, wanted, &without),
	    0);
	assert_int_equal(with.classes, without.classes);
	if (with.classes != 0) {
		assert_int_equal(
		    bs_prefix_compare(&with.narrowest, &without.narrowest), 0);
		assert_int_equal(
		    bs_prefix_compare(&with.widest, &without.widest), 0);
	}
	assert_int_equal(
	    lookup->cover_prefix(from, prefix, wanted, &with, &clear), 0);
	assert_int_equal(bs_snapshot_cover_prefix(from->snapshot, prefix,
			     wanted, &without, &clear_without),
	    0);
	assert_int_equal(with.classes, without.classes);
	if (with.classes != 0)
		assert_int_equal(clear, clear_without);
	assert_int_equal(lookup->any_inside(from, prefix, wanted, &any), 0);
	assert_int_equal(bs_snapshot_any_inside(
			     from->snapshot, prefix, wanted, &any_without),
	    0);
	assert_int_equal(any, any_without);
}

/* One state, some questions; whether the filter was asked. */
static bool
compare_some(struct snapshot_lookup *from, uint64_t *random, int count)
{
	struct lookup lookup = snapshot_lookup_renew(from);
	bool filtered = from->view.filter != NULL;

	assert_int_equal(lookup.error, 0);
	for (int i = 0; i < count; i++) {
		struct bs_prefix prefix = random_prefix(random);

		if (i % 5 == 0) /* of a name with few labels, or half of it */
			prefix = bs_prefix_of(
			    &prefix.addr, 4 * (1 + i / 10u) + i % 2u);
		compare(from, &lookup, &prefix,
		    i % 3 == 0 ? BS_CALLOUT : BS_CLASSES_ALL);
	}
	snapshot_lookup_release(from);
	return filtered;
}

/* One change of any kind, in the same transaction as others. */
static void
change(struct bs_writer *writer, uint64_t *random, uint32_t now_s)
{
	struct bs_prefix prefix = random_prefix(random);
	unsigned what = (unsigned)(*random >> 58);
	bool new;
	int error = BS_OK;

	if (what < 30)
		error = bs_writer_add(writer, &prefix,
		    what % 3 == 0 ? BS_CALLOUT : BS_BOUNCE,
		    what % 2 == 0 ? FOREVER : now_s + 50, "", &new);
	else if (what < 58)
		error = bs_writer_remove(writer, &prefix, "");
	else if (what < 60)
		error = bs_writer_exempt(writer, &prefix, "", &new);
	else
		error = bs_writer_unexempt(writer, &prefix, "");
	assert_true(error == BS_OK || error == BS_ENOTFOUND);
}

static void
change_some(struct fixture *fixture, uint64_t *random, uint32_t now_s)
{
	struct bs_writer *writer = begin_at(fixture, now_s);
	unsigned count = 1 + (unsigned)(*random >> 40) % 8;

	for (unsigned i = 0; i < count; i++)
		change(writer, random, now_s);
	commit(writer);
}

static void
model(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker;
	uint64_t random = 20261125;
	unsigned filtered = 0, steps = 1500;

	/* resets and trims often */
	reopen(fixture, 40, 5);
	asker = asker_new(fixture);
	for (unsigned i = 0; i < steps; i++) {
		change_some(fixture, &random, T0 + i);
		if (i % 3 == 0)
			filtered += compare_some(&asker.from, &random, 30);
		if (i % 17 == 0)
			assert_int_equal(
			    filter_keeper_build(asker.keeper), BS_OK);
		if (i % 211 == 0)
			reset(fixture, (uint8_t)(1 + i / 211));
	}
	/* else it was not the filter that was tested */
	assert_in_range(filtered, steps / 3 / 4, steps / 3 - 1);
	asker_free(&asker);
}

/* --- threads -------------------------------------------------------------- */

#define READERS 3
#define THREAD_STEPS 1500

struct crowd {
	struct fixture *fixture;
	struct filter_keeper *keeper;
	atomic_bool over;
	atomic_uint filtered;
};

struct member {
	struct crowd *crowd;
	uint64_t random;
	uv_thread_t thread;
};

static void
read_on(void *argument)
{
	struct member *member = argument;
	struct crowd *crowd = member->crowd;
	struct snapshot_lookup from = {
	    .reader = filter_reader_take(crowd->keeper)};

	assert_int_equal(
	    bs_snapshot_new(crowd->fixture->store, &from.snapshot, NULL),
	    BS_OK);
	while (!atomic_load(&crowd->over)) {
		if (compare_some(&from, &member->random, 20))
			atomic_fetch_add(&crowd->filtered, 1);
	}
	filter_reader_give_back(&from.reader);
	bs_snapshot_free(&from.snapshot);
}

/* The filter is replaced all the time while some ask and one writes. */
static void
build_on(void *argument)
{
	struct crowd *crowd = argument;

	while (!atomic_load(&crowd->over)) {
		int error = filter_keeper_build(crowd->keeper);

		assert_true(error == BS_OK || error == BS_EBUSY);
	}
}

static void
threads(void **state)
{
	struct fixture *fixture = *state;
	struct crowd crowd = {.fixture = fixture};
	struct member member[READERS];
	uv_thread_t builder;
	uint64_t random = 5;

	reopen(fixture, 1000, 50);
	assert_int_equal(
	    filter_keeper_new(fixture->store, &crowd.keeper, &fixture->message),
	    BS_OK);
	for (size_t i = 0; i < READERS; i++) {
		member[i] = (struct member){.crowd = &crowd, .random = i};
		assert_int_equal(
		    uv_thread_create(&member[i].thread, read_on, &member[i]),
		    0);
	}
	assert_int_equal(uv_thread_create(&builder, build_on, &crowd), 0);
	for (uint32_t i = 0;
	     i < THREAD_STEPS || atomic_load(&crowd.filtered) < 100; i++)
		change_some(fixture, &random, T0 + i);
	atomic_store(&crowd.over, true);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(uv_thread_join(&member[i].thread), 0);
	assert_int_equal(uv_thread_join(&builder), 0);
	filter_keeper_free(&crowd.keeper);
}

static void
wait_for(const struct asker *asker, uint64_t built)
{
	while (filter_keeper_stats(asker->keeper).built < built)
		sched_yield();
}

/* The keeper's own thread makes one without being asked to, another after a
 * reset, and a third when more has come than there was room for. */
static void
own_thread(void **state)
{
	struct fixture *fixture = *state;
	struct asker asker = asker_new(fixture);

	add(fixture, T0, "198.51.100.1", BS_BOUNCE, FOREVER);
	assert_int_equal(
	    filter_keeper_start(asker.keeper, &fixture->message), BS_OK);
	wait_for(&asker, 1);
	assert_int_equal(ask(&asker, "198.51.100.1"), BS_BOUNCE);
	reset(fixture, 1);
	wait_for(&asker, 2);
	assert_int_equal(ask(&asker, "198.51.100.1"), BS_BOUNCE);
	add_many(fixture, 20000);
	while (filter_keeper_stats(asker.keeper).built < 3)
		(void)ask(&asker, "203.0.0.1");
	assert_int_equal(ask_table(&asker, "203.0.78.31"), BS_BOUNCE);
	asker_free(&asker);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		follows, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		table_follows, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		catches_up_in_steps, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		classes_follow, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		not_for_older_states, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		trimmed_past_it, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		after_a_reset, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		all_readers_taken, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(model, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		threads, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		own_thread, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
