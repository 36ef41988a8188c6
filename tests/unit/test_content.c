/*
 * What a name is, against the set of records that design has stand for it: for
 * random listings and exemptions all wildcards and names are written out, and
 * RFC 4592 is followed step by step for each name around them.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "server_fixture.h"
#include "snapshot_lookup.h"
#include "store_fixture.h"

#define LISTINGS 5
#define EXEMPTIONS 4
#define OWNERS_MAX 20000
#define ROUNDS 100

struct owner {
	struct bs_prefix prefix;
	bool wildcard; /* *.PREFIX, else the name of an address */
	struct bs_prefix narrowest;
};

struct world {
	struct bs_prefix listing[LISTINGS];
	struct bs_prefix exempt[EXEMPTIONS];
	struct owner owner[OWNERS_MAX];
	size_t owners;
};

/* Random numbers that are the same in each run. */
static unsigned
roll(uint32_t *seed, unsigned sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % sides;
}

/* Mostly near each other, under 20.0.0.0/8, where no label is a nibble. */
static struct bs_prefix
random_prefix(uint32_t *seed, unsigned bits_min)
{
	struct bs_addr addr = {.family = BS_IPV4, .octet = {20}};

	addr.octet[1] = (uint8_t)roll(seed, 2);
	addr.octet[2] = (uint8_t)(100 + roll(seed, 3));
	addr.octet[3] = (uint8_t)roll(seed, 256);
	return bs_prefix_of(&addr, bits_min + roll(seed, 33 - bits_min));
}

/* --- the records --------------------------------------------------------- */

static bool
is_exempt(const struct world *world, const struct bs_prefix *prefix)
{
	struct bs_prefix left, right;
	bool inside = false;

	for (size_t i = 0; i < EXEMPTIONS; i++) {
		if (bs_prefix_covers(&world->exempt[i], prefix))
			return true;
		if (bs_prefix_covers(prefix, &world->exempt[i]))
			inside = true;
	}
	if (!inside)
		return false;
	left = bs_prefix_of(&prefix->addr, prefix->bits + 1u);
	right = left;
	right.addr.octet[prefix->bits / 8] |=
	    (uint8_t)(0x80 >> prefix->bits % 8);
	return is_exempt(world, &left) && is_exempt(world, &right);
}

static bool
has_hole(const struct world *world, const struct bs_prefix *prefix)
{
	for (size_t i = 0; i < EXEMPTIONS; i++) {
		if (bs_prefix_covers(prefix, &world->exempt[i]))
			return true;
	}
	return false;
}

/* The narrowest listing that covers it; NULL: none. */
static const struct bs_prefix *
narrowest(const struct world *world, const struct bs_prefix *prefix)
{
	const struct bs_prefix *found = NULL;

	for (size_t i = 0; i < LISTINGS; i++) {
		const struct bs_prefix *listing = &world->listing[i];

		if (bs_prefix_covers(listing, prefix) &&
		    (found == NULL || listing->bits > found->bits))
			found = listing;
	}
	return found;
}

/* Whether a listing lies in it and is narrower. */
static bool
has_narrower(const struct world *world, const struct bs_prefix *prefix)
{
	for (size_t i = 0; i < LISTINGS; i++) {
		if (world->listing[i].bits > prefix->bits &&
		    bs_prefix_covers(prefix, &world->listing[i]))
			return true;
	}
	return false;
}

static void
put(struct world *world, const struct bs_prefix *prefix, bool wildcard)
{
	assert_true(world->owners < OWNERS_MAX);
	world->owner[world->owners++] =
	    (struct owner){*prefix, wildcard, *narrowest(world, prefix)};
}

/* All that stands for a prefix of whole octets. */
static void
build(struct world *world, const struct bs_prefix *prefix)
{
	if (is_exempt(world, prefix))
		return;
	if (bs_prefix_is_single(prefix)) {
		if (narrowest(world, prefix) != NULL)
			put(world, prefix, false);
		return;
	}
	if (!has_hole(world, prefix) && !has_narrower(world, prefix)) {
		if (narrowest(world, prefix) != NULL)
			put(world, prefix, true);
		return;
	}
	for (unsigned octet = 0; octet < 256; octet++) {
		struct bs_prefix child = *prefix;

		child.addr.octet[prefix->bits / 8] = (uint8_t)octet;
		child.bits += 8;
		build(world, &child);
	}
}

/* --- RFC 4592 ------------------------------------------------------------ */

/* The first owner at or after a prefix: build has put them in order. */
static size_t
first_from(const struct world *world, const struct bs_prefix *prefix)
{
	size_t low = 0, high = world->owners;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (bs_prefix_compare(&world->owner[middle].prefix, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct owner *
find(const struct world *world, const struct bs_prefix *prefix, bool wildcard)
{
	size_t i = first_from(world, prefix);

	if (i < world->owners && world->owner[i].wildcard == wildcard &&
	    bs_prefix_compare(&world->owner[i].prefix, prefix) == 0)
		return &world->owner[i];
	return NULL;
}

static bool
exists(const struct world *world, const struct bs_prefix *prefix)
{
	size_t i = first_from(world, prefix);

	return i < world->owners &&
	       bs_prefix_covers(prefix, &world->owner[i].prefix);
}

static struct content
expect(const struct world *world, const struct bs_prefix *name)
{
	const struct owner *owner = find(world, name, false);
	struct bs_prefix encloser = *name;

	if (owner != NULL)
		return (struct content){
		    .kind = CONTENT_LISTED, .prefix = owner->narrowest};
	if (exists(world, name))
		return (struct content){.kind = CONTENT_EMPTY};
	do
		encloser = bs_prefix_of(&name->addr, encloser.bits - 8u);
	while (encloser.bits > 0 && !exists(world, &encloser));
	owner = find(world, &encloser, true);
	if (owner == NULL)
		return (struct content){.kind = CONTENT_NONE};
	return (struct content){
	    .kind = CONTENT_LISTED, .prefix = owner->narrowest};
}

/* --- both ---------------------------------------------------------------- */

static void
check_name(const struct world *world, const struct zone *zone,
    const struct lookup *lookup, const struct bs_prefix *name)
{
	struct content expected = expect(world, name), got;
	char text[BS_PREFIX_TEXT_MAX];
	uint8_t labels[16];
	size_t size = 0;

	for (unsigned i = name->bits / 8u; i-- > 0;) {
		char digits[4];
		int length = snprintf(digits, sizeof(digits), "%u",
		    (unsigned)name->addr.octet[i]);

		labels[size++] = (uint8_t)length;
		memcpy(labels + size, digits, (size_t)length);
		size += (size_t)length;
	}
	got = content_find(zone, lookup, labels, size);
	bs_prefix_format(name, text);
	if (got.kind != expected.kind)
		fail_msg("%s: is %d, not %d", text, (int)got.kind,
		    (int)expected.kind);
	if (got.kind == CONTENT_LISTED &&
	    bs_prefix_compare(&got.prefix, &expected.prefix) != 0)
		fail_msg("%s: is another listing's", text);
}

/* All names above a prefix, their siblings, and some of its addresses. */
static void
check_around(const struct world *world, const struct zone *zone,
    const struct lookup *lookup, const struct bs_prefix *prefix)
{
	struct bs_prefix top = bs_prefix_of(&prefix->addr, 8);

	check_name(world, zone, lookup, &top);
	for (unsigned bits = 16; bits <= 32; bits += 8) {
		struct bs_prefix name = bs_prefix_of(&prefix->addr, bits);

		for (unsigned octet = 0; octet < 256; octet += 1 + octet % 2) {
			name.addr.octet[bits / 8 - 1] = (uint8_t)octet;
			check_name(world, zone, lookup, &name);
		}
	}
}

static void
fill(struct fixture *fixture, struct world *world, uint32_t *seed)
{
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_prefix root = {
	    .addr = {.family = BS_IPV4, .octet = {20}}, .bits = 8};
	bool new;

	world->owners = 0;
	for (size_t i = 0; i < LISTINGS; i++) {
		world->listing[i] = random_prefix(seed, i == 0 ? 8 : 14);
		assert_int_equal(bs_writer_add(writer, &world->listing[i],
				     BS_BOUNCE, BS_LISTING_FOREVER, "", &new),
		    BS_OK);
	}
	for (size_t i = 0; i < EXEMPTIONS; i++) {
		world->exempt[i] = random_prefix(seed, 15);
		assert_int_equal(
		    bs_writer_exempt(writer, &world->exempt[i], "", &new),
		    BS_OK);
	}
	commit(writer);
	build(world, &root);
}

static void
empty(struct fixture *fixture, const struct world *world)
{
	struct bs_writer *writer = begin_at(fixture, T0);

	for (size_t i = 0; i < LISTINGS; i++)
		(void)bs_writer_remove(writer, &world->listing[i], "");
	for (size_t i = 0; i < EXEMPTIONS; i++)
		(void)bs_writer_unexempt(writer, &world->exempt[i], "");
	commit(writer);
}

static void
as_the_records_say(void **state)
{
	static struct world world;
	struct zone_table *zones = fixture_zones();
	struct fixture *fixture = *state;
	struct snapshot_lookup from = {.snapshot = NULL};
	const struct zone *zone =
	    zone_table_find(zones, (const uint8_t *)"\2bl\4test", 9);
	uint32_t seed = 4592;

	assert_non_null(zone);
	assert_int_equal(
	    bs_snapshot_new(fixture->store, &from.snapshot, NULL), BS_OK);
	for (int round = 0; round < ROUNDS; round++) {
		struct lookup lookup;

		fill(fixture, &world, &seed);
		lookup = snapshot_lookup_renew(&from);
		for (size_t i = 0; i < LISTINGS; i++)
			check_around(&world, zone, &lookup, &world.listing[i]);
		for (size_t i = 0; i < EXEMPTIONS; i++)
			check_around(&world, zone, &lookup, &world.exempt[i]);
		bs_snapshot_release(from.snapshot);
		empty(fixture, &world);
	}
	bs_snapshot_free(&from.snapshot);
	zone_table_free(&zones);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		as_the_records_say, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
