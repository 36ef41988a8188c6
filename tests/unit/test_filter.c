/*
 * filter.c, filter_table.c, filter_classes.c: what they must never say is that
 * something listed is not.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "filter.h"
#include "filter_classes.h"
#include "filter_table.h"

/* What a filter with one listing says about a prefix.  "No" is exact in an
 * empty filter but for chance, which is the same in each run. */
static const struct row {
	const char *listing, *asked;
	bool cover, hold;
} rows[] = {
    {"198.51.100.7", "198.51.100.7", true, true},
    {"198.51.100.7", "198.51.100.8", false, false},
    {"198.51.100.7", "198.51.100.6/31", false, true},
    {"198.51.100.7", "198.51.100.0/24", false, true},
    {"198.51.100.7", "198.51.101.0/24", false, false},
    {"198.51.100.7", "198.51.0.0/16", false, true},
    {"198.51.100.7", "0.0.0.0/0", false, true},
    {"198.51.100.0/24", "198.51.100.7", true, false},
    {"198.51.100.0/24", "198.51.100.0/24", true, true},
    {"198.51.100.0/24", "198.51.101.7", false, false},
    {"198.51.100.128/25", "198.51.100.129", true, false},
    {"198.51.100.128/25", "198.51.100.127", false, false},
    {"198.51.100.128/25", "198.51.100.0/24", false, true},
    {"198.51.96.0/20", "198.51.100.7", true, false},
    {"198.51.96.0/20", "198.51.100.0/24", true, false},
    {"198.51.96.0/20", "198.51.112.0/24", false, false},
    {"198.0.0.0/8", "198.51.100.7", true, false},
    {"198.0.0.0/8", "199.51.100.7", false, false},
    {"0.0.0.0/0", "199.51.100.7", true, false},
    {"2001:db8::7", "2001:db8::7", true, true},
    {"2001:db8::7", "2001:db8::8", false, false},
    {"2001:db8::7", "2001:db8::/124", false, true},
    {"2001:db8::7", "2001:db8::/64", false, true},
    {"2001:db8::7", "2001:db8:0:1::/64", false, false},
    {"2001:db8::7", "2001:db8::/52", false, true},
    {"2001:db8::7", "2001:db8::/48", false, true},
    {"2001:db8::7", "2001:db8::/32", false, true},
    {"2001:db8::7", "2001:db0::/28", false, true},
    {"2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6", true, false},
    {"2001:db8:1:2::/64", "2001:db8:1:2::/64", true, true},
    {"2001:db8:1:2::/64", "2001:db8:1:2::/80", true, false},
    {"2001:db8:1:2::/64", "2001:db8:1:3::1", false, false},
    {"2001:db8:1::/48", "2001:db8:1:ffff::1", true, false},
    {"2001:db8:1::/48", "2001:db8:2::1", false, false},
    {"2001:db8::/32", "2001:db8:1:ffff::1", true, false},
    {"2001:db8::/32", "2001:db9::1", false, false},
    {"2001:db8:1:2:8000::/65", "2001:db8:1:2:8000::1", true, false},
    {"2001:db8:1:2:8000::/65", "2001:db8:1:2::1", false, false},
    {"198.51.100.7", "c633:6407::", false, false},
};

static void
one_listing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct bs_prefix listing = prefix_of(row->listing);
		struct bs_prefix asked = prefix_of(row->asked);
		struct filter *filter = filter_new(1, 1);

		assert_non_null(filter);
		assert_false(filter_may_cover(filter, &asked));
		filter_add(filter, &listing);
		if (filter_may_cover(filter, &asked) != row->cover)
			fail_msg("%s: cover %s", row->listing, row->asked);
		if (filter_may_hold(filter, &asked) != row->hold)
			fail_msg("%s: hold %s", row->listing, row->asked);
		filter_free(&filter);
		assert_null(filter);
	}
}

/* An address of a family: the same ones in each run. */
static struct bs_addr
random_addr(uint8_t family, uint64_t *random)
{
	struct bs_addr addr = {.family = family};

	for (size_t i = 0; i < bs_family_octets(family); i++) {
		*random =
		    *random * 6364136223846793005ull + 1442695040888963407ull;
		addr.octet[i] = (uint8_t)(*random >> 56);
	}
	return addr;
}

/* Full of prefixes of all lengths: each is found, by all that it holds and all
 * that holds it. */
static void
never_a_false_negative(void **state)
{
	struct filter *filter = filter_new(3000, 3000);
	uint64_t random = 1;

	(void)state;
	assert_non_null(filter);
	for (int i = 0; i < 6000; i++) {
		uint8_t family = i % 2 == 0 ? BS_IPV4 : BS_IPV6;
		unsigned most = bs_family_bits(family);
		struct bs_addr addr = random_addr(family, &random);
		unsigned bits = (unsigned)(random >> 40) % (most + 1);
		struct bs_prefix listing = bs_prefix_of(&addr, bits);

		filter_add(filter, &listing);
		for (unsigned j = 0; j <= most; j++) {
			struct bs_prefix other = bs_prefix_of(&addr, j);

			if (j >= bits)
				assert_true(filter_may_cover(filter, &other));
			if (j <= bits)
				assert_true(filter_may_hold(filter, &other));
		}
	}
	filter_free(&filter);
}

/* How often in a hundred thousand it says "may be" of what is not listed. */
static unsigned
errors(uint8_t family, unsigned bits, uint64_t listings)
{
	struct filter *filter = filter_new(
	    family == BS_IPV4 ? listings : 0, family == BS_IPV6 ? listings : 0);
	uint64_t random = 7;
	unsigned count = 0;

	assert_non_null(filter);
	for (uint64_t i = 0; i < listings; i++) {
		struct bs_addr addr = random_addr(family, &random);
		struct bs_prefix listing = bs_prefix_of(&addr, bits);

		filter_add(filter, &listing);
	}
	for (int i = 0; i < 100000; i++) {
		struct bs_addr addr = random_addr(family, &random);
		struct bs_prefix single = bs_prefix_single(&addr);

		count += filter_may_cover(filter, &single);
	}
	filter_free(&filter);
	return count;
}

/* Addresses in a /24 of which others are listed are what it may err about. */
static void
seldom_a_false_positive(void **state)
{
	(void)state;
	assert_in_range(errors(BS_IPV4, 32, 100000), 0, 1000);
	assert_in_range(errors(BS_IPV6, 64, 100000), 0, 1000);
	assert_in_range(errors(BS_IPV6, 128, 50000), 0, 1000);
}

static void
sizes(void **state)
{
	static const struct {
		uint64_t ipv4, ipv6;
		size_t at_most;
	} size[] = {
	    {0, 0, 512 << 10},
	    {1000000, 0, 4 << 20},
	    {10000000, 0, FILTER_BYTES_MAX},
	    {10000000, 10000000, FILTER_BYTES_MAX},
	    {UINT64_MAX, 0, FILTER_BYTES_MAX},
	    {0, UINT64_MAX, FILTER_BYTES_MAX},
	    {UINT64_MAX, UINT64_MAX, FILTER_BYTES_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		struct filter *filter = filter_new(size[i].ipv4, size[i].ipv6);

		assert_non_null(filter);
		assert_in_range(filter_size_bytes(filter), 1, size[i].at_most);
		filter_free(&filter);
	}
}

/* Addresses come, change and go; against an array of what they are. */
static void
table(void **state)
{
	enum { COUNT = 20000 };
	static struct bs_addr addr[COUNT];
	static bs_classes classes[COUNT];
	struct filter_table *of = filter_table_new(COUNT);
	uint64_t random = 3;

	(void)state;
	assert_non_null(of);
	for (int i = 0; i < COUNT; i++)
		addr[i] = random_addr(BS_IPV4, &random);
	for (int i = 0; i < 4 * COUNT; i++) {
		size_t which = (size_t)i * 7 % COUNT;

		random = random * 6364136223846793005ull + 1;
		classes[which] = (bs_classes)(random >> 56) & BS_CLASSES_ALL;
		assert_true(filter_table_set(of, &addr[which], classes[which]));
	}
	for (int i = 0; i < COUNT; i++) {
		struct bs_addr other = random_addr(BS_IPV4, &random);

		assert_int_equal(filter_table_get(of, &addr[i]), classes[i]);
		assert_int_equal(filter_table_get(of, &other), 0);
	}
	filter_table_free(&of);
	assert_null(of);
}

/* As many as it is for, then until it says that it is full. */
static void
table_limits(void **state)
{
	struct filter_table *of = filter_table_new(FILTER_TABLE_MAX + 1);
	uint64_t random = 3;
	unsigned count = 0;
	struct bs_addr addr;

	(void)state;
	assert_null(of);
	of = filter_table_new(FILTER_TABLE_MAX);
	assert_non_null(of);
	assert_in_range(filter_table_size_bytes(of), 1, 8 << 20);
	filter_table_free(&of);
	of = filter_table_new(10000);
	assert_non_null(of);
	do {
		addr = random_addr(BS_IPV4, &random);
		count++;
	} while (filter_table_set(of, &addr, BS_BOUNCE));
	assert_in_range(count, 10001, 20000);
	assert_int_equal(filter_table_get(of, &addr), 0);
	assert_true(filter_table_set(of, &addr, 0));
	filter_table_free(&of);
}

/* What is known of a prefix with one listing, of classes BOUNCE and CALLOUT. */
static const struct class_row {
	const char *listing, *asked;
	bs_classes wanted;
	bool hold;
} class_rows[] = {
    {"198.51.100.0/24", "198.51.0.0/16", BS_CALLOUT, true},
    {"198.51.100.0/24", "198.51.0.0/16", BS_BOUNCE | BS_VIRUS, true},
    {"198.51.100.0/24", "198.51.0.0/16", BS_VIRUS, false},
    {"198.51.100.0/24", "198.0.0.0/8", BS_CALLOUT, true},
    {"198.51.100.0/24", "198.0.0.0/8", BS_AUTOREPLY, false},
    {"198.51.100.0/24", "198.52.0.0/16", BS_CALLOUT, false},
    {"198.51.100.0/24", "199.0.0.0/8", BS_CALLOUT, false},
    {"198.51.100.0/24", "198.51.0.0/17", BS_CALLOUT, true},
    {"198.51.100.0/24", "198.52.0.0/17", BS_CALLOUT, false},
    {"198.51.100.0/24", "198.51.100.0/24", BS_CALLOUT, true},
    {"198.51.100.0/24", "198.51.100.0/24", BS_VIRUS, false},
    /* a region that is listed has nothing in its halves by that */
    {"198.51.0.0/16", "198.51.0.0/16", BS_CALLOUT, true},
    {"198.51.0.0/16", "198.51.0.0/17", BS_CALLOUT, false},
    {"198.51.0.0/16", "198.0.0.0/9", BS_CALLOUT, true},
    {"198.0.0.0/8", "198.0.0.0/8", BS_CALLOUT, true},
    {"198.0.0.0/8", "198.0.0.0/9", BS_CALLOUT, false},
    {"198.0.0.0/8", "198.51.0.0/16", BS_CALLOUT, false},
    {"198.48.0.0/12", "198.0.0.0/8", BS_CALLOUT, true},
    {"198.48.0.0/12", "198.0.0.0/9", BS_CALLOUT, true},
    {"198.51.100.7", "198.51.0.0/16", BS_CALLOUT, true},
    {"198.51.100.7", "198.0.0.0/8", BS_CALLOUT, true},
    {"198.51.100.7", "198.0.0.0/8", BS_VIRUS, false},
    {"198.51.100.7", "198.52.0.0/16", BS_CALLOUT, false},
    {"2001:db8:1:2::/64", "2000::/4", BS_CALLOUT, true},
    {"2001:db8:1:2::/64", "2000::/8", BS_CALLOUT, true},
    {"2001:db8:1:2::/64", "2000::/8", BS_VIRUS, false},
    {"2001:db8:1:2::/64", "2000::/12", BS_CALLOUT, true},
    {"2001:db8:1:2::/64", "2001::/16", BS_CALLOUT, true},
    {"2001:db8:1:2::/64", "2001::/20", BS_CALLOUT, true},
    {"2001:db8:1:2::/64", "2001::/20", BS_VIRUS, false},
    {"2001:db8:1:2::/64", "2001:d00::/24", BS_VIRUS, false},
    {"2001:db8:1:2::/64", "2001:d00::/24", BS_BOUNCE, true},
    {"2001:db8:1:2::/64", "2002::/16", BS_CALLOUT, false},
    {"2001:db8:1:2::/64", "3000::/4", BS_CALLOUT, false},
    {"2001:db8::/32", "2000::/5", BS_CALLOUT, true},
    {"2001::/16", "2001::/16", BS_CALLOUT, true},
    {"2001::/16", "2001::/17", BS_CALLOUT, false},
    {"198.51.100.7", "c000::/4", BS_CALLOUT, false},
};

static void
classes_inside(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(class_rows) / sizeof(*class_rows); i++) {
		const struct class_row *row = &class_rows[i];
		struct bs_prefix listing = prefix_of(row->listing);
		struct bs_prefix asked = prefix_of(row->asked);
		struct filter_classes *of = filter_classes_new();

		assert_non_null(of);
		assert_false(
		    filter_classes_may_hold(of, &asked, BS_CLASSES_ALL));
		filter_classes_add(of, &listing, BS_BOUNCE | BS_CALLOUT);
		if (filter_classes_may_hold(of, &asked, row->wanted) !=
		    row->hold)
			fail_msg("%s: in %s", row->listing, row->asked);
		filter_classes_free(&of);
		assert_null(of);
	}
}

/* Whether any of these classes are in a prefix, by its text. */
static bool
holds(const struct filter_classes *of, const char *text, bs_classes wanted)
{
	struct bs_prefix prefix = prefix_of(text);

	return filter_classes_may_hold(of, &prefix, wanted);
}

/* Single addresses are counted: the last one's end is the region's. */
static void
classes_end(void **state)
{
	struct filter_classes *of = filter_classes_new();
	struct bs_addr one = prefix_of("198.51.100.7").addr;
	struct bs_addr other = prefix_of("198.51.200.7").addr;
	struct bs_addr third = prefix_of("198.52.200.7").addr;

	(void)state;
	assert_non_null(of);
	filter_classes_change(of, &one, 0, BS_CALLOUT);
	filter_classes_change(of, &other, 0, BS_CALLOUT | BS_SUBSCRIBE);
	filter_classes_change(of, &third, 0, BS_CALLOUT);
	filter_classes_change(of, &one, BS_CALLOUT, BS_BOUNCE);
	assert_true(holds(of, "198.51.0.0/16", BS_CALLOUT));
	assert_true(holds(of, "198.51.0.0/16", BS_BOUNCE));
	filter_classes_change(of, &other, BS_CALLOUT | BS_SUBSCRIBE, 0);
	assert_false(holds(of, "198.51.0.0/16", BS_CALLOUT));
	assert_false(holds(of, "198.51.0.0/17", BS_CALLOUT));
	assert_false(holds(of, "198.0.0.0/8", BS_SUBSCRIBE));
	assert_true(holds(of, "198.0.0.0/8", BS_CALLOUT));
	filter_classes_change(of, &third, BS_CALLOUT, 0);
	assert_false(holds(of, "198.0.0.0/8", BS_CALLOUT));
	assert_true(holds(of, "198.0.0.0/8", BS_BOUNCE));
	filter_classes_free(&of);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_listing),
	    cmocka_unit_test(never_a_false_negative),
	    cmocka_unit_test(seldom_a_false_positive),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(table),
	    cmocka_unit_test(table_limits),
	    cmocka_unit_test(classes_inside),
	    cmocka_unit_test(classes_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
