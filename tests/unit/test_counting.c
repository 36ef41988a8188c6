/*
 * What is counted: sketch.c, counters.c and counting.c, and finding one of many
 * zones by its hash (zone_table.c).
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "address_fixture.h"
#include "counting.h"
#include "dname.h"

static struct bs_prefix
address(unsigned number)
{
	struct bs_addr addr = {.family = BS_IPV4,
	    .octet = {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number}};

	return bs_prefix_single(&addr);
}

/* --- sketches ------------------------------------------------------------------ */

/* Few are counted exactly. */
static void
test_sketch_exact(void **state)
{
	struct sketch *sketch = calloc(1, sizeof(*sketch));
	struct sketch_item item[SKETCH_ENTRIES];
	size_t count;

	(void)state;
	assert_int_equal(sketch_read(sketch, item), 0);
	for (unsigned i = 1; i <= SKETCH_ENTRIES; i++) {
		struct bs_prefix prefix = address(i);

		for (unsigned j = 0; j < i; j++)
			sketch_add(sketch, &prefix);
	}
	count = sketch_merge(item, sketch_read(sketch, item));
	assert_int_equal(count, SKETCH_ENTRIES);
	for (unsigned i = 0; i < SKETCH_ENTRIES; i++) {
		struct bs_prefix prefix = address(SKETCH_ENTRIES - i);

		assert_int_equal(item[i].count, SKETCH_ENTRIES - i);
		assert_int_equal(
		    bs_prefix_compare(&item[i].prefix, &prefix), 0);
	}
	free(sketch);
}

/* Who is often stays, whoever else comes, and no count is too low. */
static void
test_sketch_often(void **state)
{
	struct sketch *sketch = calloc(1, sizeof(*sketch));
	struct sketch_item item[SKETCH_ENTRIES];
	const struct bs_prefix often = address(1000000);
	size_t count;

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		struct bs_prefix prefix = address(i);

		sketch_add(sketch, &prefix);
		if (i % 10 == 0)
			sketch_add(sketch, &often);
	}
	count = sketch_merge(item, sketch_read(sketch, item));
	assert_int_equal(count, SKETCH_ENTRIES);
	assert_int_equal(bs_prefix_compare(&item[0].prefix, &often), 0);
	assert_true(item[0].count >= 10000);
	free(sketch);
}

/* IPv6, IPv4 and prefixes of other lengths are different. */
static void
test_sketch_kinds(void **state)
{
	static const char *const texts[] = {
	    "192.0.2.1", "192.0.2.0/24", "2001:db8::1", "2001:db8::/64", "::"};
	struct sketch *sketch = calloc(1, sizeof(*sketch));
	struct sketch_item item[2 * SKETCH_ENTRIES];
	size_t count;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct bs_prefix prefix = prefix_of(texts[i]);

		for (size_t j = 5; j > i; j--)
			sketch_add(sketch, &prefix);
	}
	/* of two workers together */
	count = sketch_read(sketch, item);
	count += sketch_read(sketch, item + count);
	assert_int_equal(count, 10);
	count = sketch_merge(item, count);
	assert_int_equal(count, 5);
	for (size_t i = 0; i < 5; i++) {
		char text[BS_PREFIX_TEXT_MAX];

		assert_string_equal(
		    bs_prefix_format(&item[i].prefix, text), texts[i]);
		assert_int_equal(item[i].count, 2 * (5 - i));
	}
	free(sketch);
}

/* --- counting ------------------------------------------------------------------ */

/* A zone with a name only: nothing of it is asked here. */
static struct zone *
make_zone(const char *name)
{
	struct zone *zone = calloc(1, sizeof(*zone));
	size_t size;

	assert_int_equal(dname_parse(name, zone->name, &size), 0);
	zone->name_size = (uint8_t)size;
	(void)snprintf(zone->text, sizeof(zone->text), "%s", name);
	return zone;
}

static struct zone_table *
make_table(const char *const *names, size_t count)
{
	struct zone **zones = calloc(count, sizeof(struct zone *));
	struct zone_table *table = NULL;

	for (size_t i = 0; i < count; i++)
		zones[i] = make_zone(names[i]);
	assert_int_equal(zone_table_new(zones, count, &table), 0);
	free(zones);
	return table;
}

/* All that is told, a line each. */
struct told {
	char text[8192];
	size_t size;
};

static void
take(void *context, const char *group, const char *name, uint64_t number)
{
	struct told *told = context;

	told->size += (size_t)snprintf(told->text + told->size,
	    sizeof(told->text) - told->size, "%s %s %llu\n", group, name,
	    (unsigned long long)number);
}

static const struct zone *
zone_of(const struct zone_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->zone[i]->text, name) == 0)
			return table->zone[i];
	return NULL;
}

static void
count_some(
    struct counters *one, struct counters *two, const struct zone_table *table)
{
	const struct bs_prefix client = address(1), listing = address(2);
	uint16_t slot = zone_of(table, "a.test")->slot;

	counters_query(one, true, 1, 0, &client.addr);
	counters_zone(one, slot);
	counters_listed(one, slot, BS_BOUNCE | BS_CALLOUT, &listing);
	counters_query(two, false, 65280, 3, &client.addr);
	counters_zone(two, slot);
	counters_query(two, true, 16, 23, &client.addr);
	counters_query(two, true, 254, 5, &client.addr);
	counters_add(&two->dropped);
}

static void
test_sums(void **state)
{
	static const char *const names[] = {"a.test", "b.test"};
	struct counters *counters[] = {counters_new(), counters_new()};
	const struct counting_from from = {
	    (const struct counters *const *)counters, 2};
	struct counting *counting = calloc(1, sizeof(*counting));
	struct zone_table *table = make_table(names, 2);
	struct told told = {.size = 0};

	(void)state;
	assert_int_equal(counting_assign(counting, NULL, table, &from), 0);
	count_some(counters[0], counters[1], table);
	counting_tell(counting, table, &from, take, &told);
	assert_string_equal(told.text, "queries udp 3\n"
				       "queries tcp 1\n"
				       "unanswered dropped 1\n"
				       "unanswered limited 0\n"
				       "unanswered slipped 0\n"
				       "type A 1\n"
				       "type TXT 1\n"
				       "type TYPE254 1\n"
				       "type other 1\n"
				       "rcode NOERROR 1\n"
				       "rcode NXDOMAIN 1\n"
				       "rcode REFUSED 1\n"
				       "rcode BADCOOKIE 1\n"
				       "class bounce 1\n"
				       "class autoreply 0\n"
				       "class challenge 0\n"
				       "class virus 0\n"
				       "class callout 1\n"
				       "class subscribe 0\n"
				       "zone a.test 2\n"
				       "zone b.test 0\n"
				       "listed a.test 1\n"
				       "listed b.test 0\n"
				       "client 10.0.0.1 128\n"
				       "listing 10.0.0.2 64\n");
	zone_table_free(&table);
	counting_free(counting);
	free(counting);
	counters_free(&counters[0]);
	counters_free(&counters[1]);
}

/* A zone that stays keeps its count, one that comes begins with nothing, also
 * where another was counted before. */
static void
test_slots(void **state)
{
	static const char *const first[] = {"a.test", "b.test"};
	static const char *const second[] = {"c.test", "b.test"};
	static const char *const third[] = {"d.test", "b.test"};
	struct counters *counters = counters_new();
	const struct counting_from from = {
	    (const struct counters *const *)&counters, 1};
	struct counting *counting = calloc(1, sizeof(*counting));
	struct zone_table *a = make_table(first, 2), *b = make_table(second, 2);
	struct zone_table *c = make_table(third, 2);
	struct told told = {.size = 0};

	(void)state;
	assert_int_equal(counting_assign(counting, NULL, a, &from), 0);
	counters_zone(counters, zone_of(a, "a.test")->slot);
	counters_zone(counters, zone_of(a, "b.test")->slot);
	assert_int_equal(counting_assign(counting, a, b, &from), 0);
	/* both are counted for a moment */
	assert_int_not_equal(
	    zone_of(a, "a.test")->slot, zone_of(b, "c.test")->slot);
	assert_int_equal(
	    zone_of(a, "b.test")->slot, zone_of(b, "b.test")->slot);
	assert_int_equal(counting_assign(counting, b, c, &from), 0);
	assert_int_equal(
	    zone_of(a, "a.test")->slot, zone_of(c, "d.test")->slot);
	counting_tell(counting, c, &from, take, &told);
	assert_non_null(strstr(told.text, "zone d.test 0\n"));
	assert_non_null(strstr(told.text, "zone b.test 1\n"));
	zone_table_free(&a);
	zone_table_free(&b);
	zone_table_free(&c);
	counting_free(counting);
	free(counting);
	counters_free(&counters);
}

/* As many zones as can be, all replaced at once. */
static void
test_all_slots(void **state)
{
	static char text[2 * BS_CONFIG_ZONES_MAX][16];
	static const char *names[2 * BS_CONFIG_ZONES_MAX];
	const struct counting_from from = {NULL, 0};
	struct counting *counting = calloc(1, sizeof(*counting));
	struct zone_table *a, *b;

	(void)state;
	for (unsigned i = 0; i < 2 * BS_CONFIG_ZONES_MAX; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "z%u.test", i);
		names[i] = text[i];
	}
	a = make_table(names, BS_CONFIG_ZONES_MAX);
	b = make_table(names + BS_CONFIG_ZONES_MAX, BS_CONFIG_ZONES_MAX);
	assert_int_equal(counting_assign(counting, NULL, a, &from), 0);
	assert_int_equal(counting_assign(counting, a, b, &from), 0);
	assert_int_equal(counting_assign(counting, b, a, &from), 0);
	zone_table_free(&a);
	zone_table_free(&b);
	counting_free(counting);
	free(counting);
}

/* --- many zones ------------------------------------------------------------------ */

/* By hash as by walking over all, whatever lies in what. */
static void
test_find(void **state)
{
	static const char *const names[] = {"test", "a.test", "b.a.test",
	    "c.b.a.test", "ab.test", "b.test", "x.example", "y.x.example",
	    "1.2.3.example", "3.example", "long.label.within.example", "net"};
	static const char *const before[] = {"", "a.", "b.", "c.", "1.2.3.4.",
	    "a.b.c.d.e.f.g.h.", "b.a.", "x.", "within.", "label.within.", "2.",
	    "1.2."};
	static const char *const ends[] = {"", "test", "a.test", "example",
	    "x.example", "3.example", "net", "nett", "within.example",
	    "ab.test", "atest"};
	struct zone_table *table =
	    make_table(names, sizeof(names) / sizeof(names[0]));
	uint16_t *bucket = table->bucket;

	(void)state;
	assert_non_null(bucket);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		for (size_t j = 0; j < sizeof(ends) / sizeof(ends[0]); j++) {
			char text[128];
			uint8_t name[DNAME_SIZE_MAX];
			const struct zone *hashed;
			size_t size;

			(void)snprintf(
			    text, sizeof(text), "%s%s.", before[i], ends[j]);
			if (dname_parse(text, name, &size) != 0)
				continue;
			hashed = zone_table_find(table, name, size);
			table->bucket = NULL;
			assert_ptr_equal(
			    hashed, zone_table_find(table, name, size));
			table->bucket = bucket;
		}
	}
	zone_table_free(&table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sketch_exact),
	    cmocka_unit_test(test_sketch_often),
	    cmocka_unit_test(test_sketch_kinds),
	    cmocka_unit_test(test_sums),
	    cmocka_unit_test(test_slots),
	    cmocka_unit_test(test_all_slots),
	    cmocka_unit_test(test_find),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
