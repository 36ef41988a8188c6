/*
 * Listing records: round trips, truncation at every length, each field that
 * can't be, limits, and the order of keys.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "bytes_fixture.h"
#include "listing.h"

/* A listing with distinct values in all fields. */
static struct bs_listing
sample(const char *prefix, const char *exact, bs_classes classes,
    const char *reason)
{
	struct bs_listing listing = {.prefix = prefix_of(prefix)};

	listing.classes = classes;
	listing.manual = reason[0] != '\0';
	listing.first_s = 0x01020304;
	if (exact != NULL)
		listing.exact = addr_of(exact);
	for (uint32_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) == 0)
			continue;
		listing.class[i].last_s = 0x10000000 + i;
		listing.class[i].expires_s = 0x20000000 + i;
		listing.class[i].hits = 0x30000000 + i;
		listing.class[i].repeats = (uint8_t)(250 + i);
	}
	strcpy(listing.reason, reason);
	return listing;
}

static void
assert_same(const struct bs_listing *a, const struct bs_listing *b)
{
	assert_int_equal(bs_prefix_compare(&a->prefix, &b->prefix), 0);
	assert_int_equal(a->classes, b->classes);
	assert_int_equal(a->manual, b->manual);
	assert_int_equal(a->by_hand, b->by_hand);
	assert_int_equal(a->first_s, b->first_s);
	assert_memory_equal(&a->exact, &b->exact, sizeof(a->exact));
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		assert_int_equal(a->class[i].last_s, b->class[i].last_s);
		assert_int_equal(a->class[i].expires_s, b->class[i].expires_s);
		assert_int_equal(a->class[i].hits, b->class[i].hits);
		assert_int_equal(a->class[i].repeats, b->class[i].repeats);
	}
	assert_string_equal(a->reason, b->reason);
}

static void
round_trips(void **state)
{
	char longest[BS_LISTING_REASON_MAX + 1];
	const struct {
		const char *prefix, *exact;
		bs_classes classes;
		const char *reason;
		size_t size;
	} rows[] = {
	    {"192.0.2.1", NULL, BS_BOUNCE, "", 9 + 13},
	    {"192.0.2.1", "192.0.2.1", BS_BOUNCE, "", 9 + 4 + 13},
	    {"0.0.0.0/0", NULL, BS_SUBSCRIBE, "x", 9 + 13 + 1},
	    {"10.0.0.0/8", "10.1.2.3", BS_CLASSES_ALL, "why", 9 + 4 + 78 + 3},
	    {"2001:db8::/64", "2001:db8::5", BS_VIRUS | BS_CALLOUT, "",
		9 + 16 + 26},
	    {"2001:db8::/64", "2001:db8::5", BS_CLASSES_ALL, longest,
		9 + 16 + 78 + BS_LISTING_REASON_MAX},
	};

	(void)state;
	memset(longest, 'r', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_listing in = sample(rows[i].prefix, rows[i].exact,
		    rows[i].classes, rows[i].reason);
		struct bs_listing out;
		uint8_t value[BS_LISTING_VALUE_MAX];
		size_t size = bs_listing_encode(&in, value);

		assert_int_equal(size, rows[i].size);
		assert_int_equal(
		    bs_listing_decode(&in.prefix, value, size, &out), BS_OK);
		assert_same(&in, &out);
		assert_int_equal(
		    bs_listing_classes(value, size), rows[i].classes);
	}
}

static void
truncated_at_every_length(void **state)
{
	struct bs_listing in = sample(
	    "2001:db8::/64", "2001:db8::5", BS_BOUNCE | BS_CALLOUT, "reason");
	struct bs_listing out;
	uint8_t value[BS_LISTING_VALUE_MAX + 1] = {0};
	size_t size = bs_listing_encode(&in, value);

	(void)state;
	for (size_t cut = 0; cut <= size + 1; cut++) {
		uint8_t *exact = exact_copy(value, cut);
		int expected = cut == size ? BS_OK : BS_ECORRUPT;

		assert_int_equal(
		    bs_listing_decode(&in.prefix, exact, cut, &out), expected);
		assert_int_equal(bs_listing_classes(exact, cut),
		    cut == size ? in.classes : 0);
		free(exact);
	}
}

static void
fields_that_cannot_be(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint8_t byte;
		int error;
	} rows[] = {
	    {"version 0", 0, 0, BS_EVERSION},
	    {"version 1", 0, 1, BS_EVERSION},
	    {"no class", 1, 0, BS_ECORRUPT},
	    {"bit 1 is no class", 1, BS_BOUNCE | 1, BS_ECORRUPT},
	    {"bit 2 is no class", 1, BS_BOUNCE | 2, BS_ECORRUPT},
	    {"a class more", 1, BS_BOUNCE | BS_VIRUS, BS_ECORRUPT},
	    {"unknown flag", 2, 2, BS_ECORRUPT},
	    {"by hand", 2, 1 | BS_BOUNCE, BS_OK},
	    {"by hand, and nobody made it", 2, BS_BOUNCE, BS_ECORRUPT},
	    {"by hand, and not there", 2, 1 | BS_VIRUS, BS_ECORRUPT},
	    {"family 5", 3, 5, BS_ECORRUPT},
	    {"family 6 in the space of 4", 3, 6, BS_ECORRUPT},
	    {"reason too long", 8, BS_LISTING_REASON_MAX + 1, BS_ECORRUPT},
	    {"reason of another length", 8, 2, BS_ECORRUPT},
	    {"exact outside the prefix", 9, 193, BS_ECORRUPT},
	    {"NUL in the reason", 9 + 4 + 13, 0, BS_ECORRUPT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_listing in =
		    sample("192.0.2.0/24", "192.0.2.7", BS_BOUNCE, "why");
		struct bs_listing out;
		uint8_t value[BS_LISTING_VALUE_MAX];
		size_t size = bs_listing_encode(&in, value);

		value[rows[i].at] = rows[i].byte;
		if (bs_listing_decode(&in.prefix, value, size, &out) !=
		    rows[i].error)
			fail_msg("%s", rows[i].name);
	}
}

static void
keys(void **state)
{
	/* in the order that the store walks them */
	static const char *const order[] = {"0.0.0.0/0", "9.255.255.255",
	    "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0", "10.0.0.1", "10.1.0.0/16",
	    "255.255.255.255"};
	uint8_t before[BS_LISTING_KEY_MAX] = {0}, key[BS_LISTING_KEY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		struct bs_prefix in = prefix_of(order[i]), out;
		size_t size = bs_listing_key(&in, key);

		assert_int_equal(size, 5);
		assert_true(i == 0 || memcmp(before, key, size) < 0);
		assert_int_equal(bs_listing_key_parse(key, size, &out), BS_OK);
		assert_int_equal(bs_prefix_compare(&in, &out), 0);
		memcpy(before, key, size);
	}
}

static void
bad_keys(void **state)
{
	static const struct {
		const char *name;
		size_t size;
		uint8_t key[18];
	} rows[] = {
	    {"empty", 0, {0}},
	    {"no length", 4, {192, 0, 2, 1}},
	    {"six bytes", 6, {192, 0, 2, 1, 32}},
	    {"sixteen bytes", 16, {0x20, 1}},
	    {"eighteen bytes", 18, {0x20, 1}},
	    {"/33", 5, {192, 0, 2, 1, 33}},
	    {"/129", 17, {[0] = 0x20, [16] = 129}},
	    {"host bits", 5, {192, 0, 2, 1, 24}},
	    {"host bits, IPv6", 17, {[0] = 0x20, [8] = 1, [16] = 64}},
	};
	struct bs_prefix out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (bs_listing_key_parse(rows[i].key, rows[i].size, &out) !=
		    BS_ECORRUPT)
			fail_msg("%s", rows[i].name);
	}
}

static void
times(void **state)
{
	struct bs_listing listing =
	    sample("192.0.2.1", NULL, BS_BOUNCE | BS_VIRUS | BS_SUBSCRIBE, "");

	(void)state;
	listing.class[bs_class_index(BS_BOUNCE)] =
	    (struct bs_listing_class){.last_s = 9, .expires_s = 100};
	listing.class[bs_class_index(BS_VIRUS)] =
	    (struct bs_listing_class){.last_s = 5, .expires_s = 50};
	listing.class[bs_class_index(BS_SUBSCRIBE)] = (struct bs_listing_class){
	    .last_s = 7, .expires_s = BS_LISTING_FOREVER};
	/* not of its classes: not looked at */
	listing.class[bs_class_index(BS_CALLOUT)] =
	    (struct bs_listing_class){.last_s = 99, .expires_s = 1};
	assert_int_equal(bs_listing_expires_first_s(&listing), 50);
	assert_int_equal(
	    bs_listing_expires_last_s(&listing), BS_LISTING_FOREVER);
	assert_int_equal(bs_listing_last_s(&listing), 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trips),
	    cmocka_unit_test(truncated_at_every_length),
	    cmocka_unit_test(fields_that_cannot_be),
	    cmocka_unit_test(keys),
	    cmocka_unit_test(bad_keys),
	    cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
