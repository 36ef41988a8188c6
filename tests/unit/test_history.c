/*
 * History records: round trips, truncation at every length, fields that can't
 * be, entries in any order and without end, and what counts as an end.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes_fixture.h"
#include "error.h"
#include "history4.h"
#include "history_pack.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

#define DAY0 1700006400u /* the first second of a day */
#define DAY BS_DAY_S

static int
read_one(const uint8_t *bytes, size_t size, struct bs_history_entry *entry_r)
{
	struct bs_history_reader reader;

	bs_history_read_begin(&reader, bytes, size);
	return bs_history_read(&reader, entry_r);
}

static size_t
round_trip(const struct bs_history_entry *in)
{
	struct bs_history_entry out;
	uint8_t bytes[BS_HISTORY_ENTRY_MAX];
	size_t size = bs_history_write(in, 0, bytes);

	assert_true(size <= sizeof(bytes));
	for (size_t cut = 0; cut <= size; cut++) {
		uint8_t *copy = exact_copy(bytes, cut);

		assert_int_equal(read_one(copy, cut, &out), cut == size ? BS_OK
							    : cut == 0
								? BS_ENOTFOUND
								: BS_ECORRUPT);
		free(copy);
	}
	assert_memory_equal(in, &out, sizeof(*in));
	return size;
}

static void
days(void **state)
{
	struct bs_history_entry in = {.time_s = DAY0, .kind = BS_HISTORY_DAY};

	(void)state;
	in.sum[0] = (struct bs_history_sum){7, 6};
	assert_int_equal(round_trip(&in), 6);
	/* what is frequent takes no byte but its tag and day */
	in.sum[0] = (struct bs_history_sum){1, 0};
	assert_int_equal(round_trip(&in), 4);
	in.sum[0] = in.sum[3] = (struct bs_history_sum){1, 1};
	assert_int_equal(round_trip(&in), 4);
	in.sum[3] = (struct bs_history_sum){1, 0};
	(void)round_trip(&in);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		in.sum[i] = (struct bs_history_sum){UINT32_MAX, 1};
	(void)round_trip(&in);
	in.time_s = UINT32_MAX - UINT32_MAX % DAY;
	(void)round_trip(&in);
}

static void
events(void **state)
{
	struct bs_history_entry in = {.time_s = DAY0 + DAY - 1, .order = 1};

	(void)state;
	for (int kind = BS_HISTORY_LISTED; kind < BS_HISTORY_KIND_COUNT;
	     kind++) {
		in.kind = (enum bs_history_kind)kind;
		in.new_classes = BS_BOUNCE | BS_CALLOUT;
		(void)strcpy(in.actor, "operator:alice");
		(void)strcpy(in.reason, "ticket 12");
		(void)round_trip(&in);
		assert_true(bs_history_kind_name(in.kind)[0] != '\0');
	}
	memset(in.actor, 'a', BS_JOURNAL_ACTOR_MAX);
	memset(in.reason, 'r', BS_JOURNAL_REASON_MAX);
	assert_int_equal(round_trip(&in), BS_HISTORY_ENTRY_MAX);
	in = (struct bs_history_entry){.time_s = UINT32_MAX,
	    .order = 1,
	    .kind = BS_HISTORY_LISTED,
	    .actor = "feeder",
	    .reason = "sighting"};
	assert_int_equal(round_trip(&in), 11);
}

/* The day of the tables below is 1970-01-03. */
static void
cannot_be(void **state)
{
	static const struct {
		const char *name;
		uint8_t size;
		uint8_t bytes[16];
	} rows[] = {
	    {"a day without a class", 2, {1, 2}},
	    {"the listed bit as a class", 9, {7, 2, 0, 0, 0, 2, 4, 0, 0}},
	    {"an event that is a day", 9, {3, 2, 0, 0, 0, 0, 4, 0, 0}},
	    {"unknown kind", 9, {39, 2, 0, 0, 0, 0, 4, 0, 0}},
	    {"a class that is none", 9, {7, 2, 0, 0, 0, 1, 4, 0, 0}},
	    {"a second past the day", 9, {7, 2, 1, 0x51, 0x80, 0, 4, 0, 0}},
	    {"a reason that is too short", 9, {7, 2, 0, 0, 0, 0, 4, 0, 1}},
	    {"NUL in the actor", 10, {7, 2, 0, 0, 0, 0, 4, 1, 0, 0}},
	    {"an actor that is too long", 9, {7, 2, 0, 0, 0, 0, 4, 64, 0}},
	    {"a word that is none", 9, {7, 2, 0, 0, 0, 0, 4, 0xff, 0}},
	    {"a word in full", 15,
		{7, 2, 0, 0, 0, 0, 4, 0, 6, 'p', 'u', 'r', 'g', 'e', 'd'}},
	    {"a byte more", 10, {7, 2, 0, 0, 0, 0, 4, 0, 0, 1}},
	    {"a sum of nothing", 4, {4, 2, 0, 0}},
	    {"a sum cut off", 3, {4, 2, 7}},
	    {"a sum that has a form of its own", 4, {4, 2, 1, 1}},
	    {"a number with a byte too many", 3, {5, 0x82, 0}},
	    {"a number of more than 32 bits", 8,
		{4, 2, 0xff, 0xff, 0xff, 0xff, 0x1f, 1}},
	    {"a day after 2106", 4, {5, 0xaf, 0x84, 3}},
	    {"a day after its event", 11, {7, 2, 0, 0, 0, 0, 4, 0, 0, 5, 0}},
	    {"a day twice", 4, {5, 2, 5, 0}},
	    {"an event before the one before it", 18,
		{7, 2, 0, 0, 1, 0, 4, 0, 0, 7, 0, 0, 0, 0, 0, 4}},
	};
	struct bs_history_entry out;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint8_t *copy = exact_copy(rows[i].bytes, rows[i].size);
		struct bs_history_reader reader;
		int error;

		bs_history_read_begin(&reader, copy, rows[i].size);
		do
			error = bs_history_read(&reader, &out);
		while (error == BS_OK);
		if (error != BS_ECORRUPT)
			fail_msg("%s", rows[i].name);
		free(copy);
	}
}

static void
heads(void **state)
{
	struct bs_history_head in = {.due_s = 77, .since_s = 5}, out;
	uint8_t value[BS_HISTORY_HEAD_MAX];
	size_t size, used;

	(void)state;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		in.sum[i] = (struct bs_history_sum){UINT32_MAX, UINT32_MAX};
	in.since_s = UINT32_MAX;
	assert_int_equal(
	    bs_history_head_encode(&in, value), BS_HISTORY_HEAD_MAX);
	memset(in.sum, 0, sizeof(in.sum));
	in.since_s = 5;
	in.sum[5] = (struct bs_history_sum){1, 0};
	size = bs_history_head_encode(&in, value);
	for (size_t cut = 0; cut <= size; cut++) {
		uint8_t *copy = exact_copy(value, cut);

		assert_int_equal(bs_history_head_decode(copy, cut, &out, &used),
		    cut == size ? BS_OK : BS_ECORRUPT);
		free(copy);
	}
	assert_memory_equal(&in, &out, sizeof(in));
	assert_int_equal(used, size);
	value[0] = 9;
	assert_int_equal(
	    bs_history_head_decode(value, size, &out, &used), BS_EVERSION);
	assert_int_equal(
	    bs_history_more_decode(value, size, &used), BS_EVERSION);
	assert_int_equal(bs_history_more_decode(value, 0, &used), BS_ECORRUPT);
}

/* --- packs ---------------------------------------------------------------- */

static struct bs_history_pack pack, first;

/* A day with so many sightings, or an event with that as its reason. */
static int
insert(uint32_t time_s, enum bs_history_kind kind, uint32_t count)
{
	struct bs_history_entry entry = {.time_s = time_s, .kind = kind};
	struct bs_history_pack new;
	uint8_t *copy = exact_copy(pack.bytes, pack.size);
	int error;

	if (kind == BS_HISTORY_DAY)
		entry.sum[0] = (struct bs_history_sum){count, 0};
	else
		(void)snprintf(
		    entry.reason, sizeof(entry.reason), "%" PRIu32, count);
	error = bs_history_insert(copy, pack.size, &entry, &new);
	free(copy);
	pack = new;
	return error;
}

/* Reads a pack whole: how many entries, in the order of time. */
static size_t
count_entries(const struct bs_history_pack *in, struct bs_history_entry *last_r)
{
	struct bs_history_reader reader;
	struct bs_history_entry entry, before = {.time_s = 0};
	size_t count = 0;
	int error;

	bs_history_read_begin(&reader, in->bytes, in->size);
	while ((error = bs_history_read(&reader, &entry)) == BS_OK) {
		if (count++ > 0)
			assert_true(entry.time_s > before.time_s ||
				    (entry.time_s == before.time_s &&
					entry.order > before.order));
		before = entry;
	}
	assert_int_equal(error, BS_ENOTFOUND);
	*last_r = before;
	return count;
}

/* In whatever order days and events come, they stand in the order of time. */
static void
in_any_order(void **state)
{
	static const struct {
		uint32_t time_s;
		enum bs_history_kind kind;
	} rows[] = {
	    {DAY0 + 5 * DAY, BS_HISTORY_DAY},
	    {DAY0 + 5 * DAY + 7, BS_HISTORY_LISTED},
	    {DAY0 + 400 * DAY, BS_HISTORY_DAY},
	    {DAY0, BS_HISTORY_DAY},
	    {DAY0 + 5 * DAY + 7, BS_HISTORY_REMOVED},
	    {DAY0 + 5 * DAY + 3, BS_HISTORY_ADDED},
	    {DAY0 + 399 * DAY, BS_HISTORY_LISTED},
	    {DAY0 + 399 * DAY, BS_HISTORY_DAY},
	    {DAY0 + 5 * DAY, BS_HISTORY_DAY},
	};
	struct bs_history_reader reader;
	struct bs_history_entry entry;

	(void)state;
	pack.size = 0;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(
		    insert(rows[i].time_s, rows[i].kind, (uint32_t)i + 2),
		    BS_OK);
	assert_int_equal(count_entries(&pack, &entry), ROWS(rows) - 1);
	assert_int_equal(entry.time_s, DAY0 + 400 * DAY);
	bs_history_read_begin(&reader, pack.bytes, pack.size);
	assert_int_equal(bs_history_read(&reader, &entry), BS_OK);
	assert_int_equal(bs_history_read(&reader, &entry), BS_OK);
	assert_int_equal(entry.sum[0].sightings, 2 + 10);
	assert_int_equal(bs_history_read(&reader, &entry), BS_OK);
	assert_int_equal(entry.kind, BS_HISTORY_ADDED);
	assert_int_equal(bs_history_read(&reader, &entry), BS_OK);
	assert_string_equal(entry.reason, "3");
	assert_int_equal(bs_history_read(&reader, &entry), BS_OK);
	assert_string_equal(entry.reason, "6");
	assert_int_equal(entry.order, 2);
}

/* A host that is seen each day: two bytes a day. */
static void
divided(void **state)
{
	struct bs_history_entry entry = {.kind = BS_HISTORY_DAY}, last;
	uint32_t day = 0;

	(void)state;
	pack.size = 0;
	entry.sum[0] = (struct bs_history_sum){1, 1};
	do {
		entry.time_s = DAY0 + day * DAY;
		bs_history_append(
		    &pack, &entry, day == 0 ? 0 : (entry.time_s - DAY) / DAY);
		day++;
		if (pack.size <= BS_HISTORY_FULL)
			assert_false(
			    bs_history_divide(&pack, BS_HISTORY_FULL, &first));
	} while (pack.size <= BS_HISTORY_FULL);
	assert_int_equal(day, BS_HISTORY_FULL / 2);
	assert_true(bs_history_divide(&pack, BS_HISTORY_FULL, &first));
	assert_in_range(first.size, BS_HISTORY_FULL - 1, BS_HISTORY_FULL);
	assert_int_equal(count_entries(&first, &last), day - 1);
	assert_int_equal(count_entries(&pack, &last), 1);
	assert_int_equal(last.time_s, entry.time_s);
	assert_false(bs_history_divide(&pack, BS_HISTORY_FULL, &first));
}

/* A day of events without end: the last one is written again and again, and
 * the next day goes on. */
static void
much_in_a_day(void **state)
{
	struct bs_history_entry last;
	size_t count, size;
	uint32_t i;

	(void)state;
	pack.size = 0;
	for (i = 0; pack.size <= BS_HISTORY_MAX; i++)
		assert_int_equal(insert(DAY0 + 5, BS_HISTORY_ADDED, i), BS_OK);
	count = count_entries(&pack, &last);
	assert_int_equal(count, i);
	assert_int_equal(last.order, i);
	size = pack.size;
	for (; i < count + 100; i++)
		assert_int_equal(insert(DAY0 + 5, BS_HISTORY_ADDED, i), BS_OK);
	assert_int_equal(count_entries(&pack, &last), count);
	assert_in_range(pack.size, size - 1, size + 1);
	assert_int_equal(strtol(last.reason, NULL, 10), count + 99);
	assert_false(bs_history_divide(&pack, BS_HISTORY_FULL, &first));
	/* its sums have room; another day is divided from it */
	assert_int_equal(insert(DAY0, BS_HISTORY_DAY, UINT32_MAX), BS_OK);
	assert_int_equal(count_entries(&pack, &last), count + 1);
	assert_int_equal(insert(DAY0 + DAY, BS_HISTORY_LISTED, 1), BS_OK);
	assert_int_equal(count_entries(&pack, &last), count + 2);
	assert_true(bs_history_divide(&pack, BS_HISTORY_FULL, &first));
	assert_int_equal(count_entries(&first, &last), count + 1);
	assert_int_equal(count_entries(&pack, &last), 1);
}

/* --- schema 4 --------------------------------------------------------------- */

static void
of_schema_4(void **state)
{
	static const uint8_t day_key[5] = {0x65, 0x53, 0x7f, 0x00, 0};
	static const uint8_t event_key[5] = {0x65, 0x53, 0x7f, 0x01, 1};
	static const struct {
		const char *name;
		const uint8_t *key;
		int want;
		uint8_t size;
		uint8_t value[16];
	} rows[] = {
	    {"a day", day_key, BS_OK, 11, {1, 0, 4, 0, 0, 0, 7, 0, 0, 0, 6}},
	    {"an event", event_key, BS_OK, 6, {1, 1, 0, 4, 0, 0}},
	    {"nothing", event_key, BS_ECORRUPT, 0, {0}},
	    {"another version", event_key, BS_EVERSION, 6, {2, 1, 0, 4, 0, 0}},
	    {"unknown kind", event_key, BS_ECORRUPT, 6,
		{1, BS_HISTORY_KIND_COUNT}},
	    {"a day under an event's key", event_key, BS_ECORRUPT, 3,
		{1, 0, 0}},
	    {"an event under a day's key", day_key, BS_ECORRUPT, 6,
		{1, 1, 0, 4, 0, 0}},
	    {"a class that is none", event_key, BS_ECORRUPT, 6,
		{1, 1, 1, 4, 0, 0}},
	    {"a reason that is too short", event_key, BS_ECORRUPT, 6,
		{1, 1, 0, 4, 0, 1}},
	    {"NUL in the actor", event_key, BS_ECORRUPT, 7,
		{1, 1, 0, 4, 1, 0, 0}},
	    {"an actor that is too long", event_key, BS_ECORRUPT, 6,
		{1, 1, 0, 4, 64, 0}},
	    {"a byte more", event_key, BS_ECORRUPT, 7, {1, 1, 0, 4, 0, 0, 0}},
	    {"a sum of nothing", day_key, BS_ECORRUPT, 11, {1, 0, 4}},
	    {"a sum cut off", day_key, BS_ECORRUPT, 10, {1, 0, 4, 0, 0, 0, 1}},
	};
	static const uint8_t head[] = {1, 0, 0, 0, 77, 0, 0, 0, 5, 0};
	struct bs_history_entry entry;
	struct bs_history_head out;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint8_t *copy = exact_copy(rows[i].value, rows[i].size);

		if (bs_history4_decode(rows[i].key, copy, rows[i].size,
			&entry) != rows[i].want)
			fail_msg("%s", rows[i].name);
		free(copy);
	}
	for (size_t cut = 0; cut <= sizeof(head); cut++) {
		uint8_t *copy = exact_copy(head, cut);

		assert_int_equal(bs_history4_head_decode(copy, cut, &out),
		    cut == sizeof(head) ? BS_OK : BS_ECORRUPT);
		free(copy);
	}
	assert_int_equal(out.due_s, 77);
	assert_int_equal(out.since_s, 5);
}

static void
sums_stay_at_the_maximum(void **state)
{
	struct bs_history_sum sum[BS_CLASS_COUNT] = {{UINT32_MAX - 1, 3}};
	struct bs_history_sum more[BS_CLASS_COUNT] = {{5, UINT32_MAX}};

	(void)state;
	bs_history_add(sum, more);
	assert_int_equal(sum[0].sightings, UINT32_MAX);
	assert_int_equal(sum[0].renewals, UINT32_MAX);
	assert_int_equal(sum[1].sightings, 0);
}

static void
ends(void **state)
{
	static const struct {
		enum bs_history_kind kind;
		bs_classes new_classes;
		bool end;
	} rows[] = {
	    {BS_HISTORY_DAY, 0, false},
	    {BS_HISTORY_LISTED, BS_BOUNCE, false},
	    {BS_HISTORY_ADDED, BS_BOUNCE, false},
	    {BS_HISTORY_EXPIRED, 0, true},
	    {BS_HISTORY_EXPIRED, BS_CALLOUT, false},
	    {BS_HISTORY_REMOVED, 0, true},
	    {BS_HISTORY_SELF, 0, true},
	    {BS_HISTORY_PURGED, 0, true},
	    {BS_HISTORY_PURGED, BS_BOUNCE, false},
	    {BS_HISTORY_EXEMPTED, 0, false},
	    {BS_HISTORY_NOT_EXEMPTED, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bs_history_entry entry = {
		    .kind = rows[i].kind, .new_classes = rows[i].new_classes};

		assert_int_equal(bs_history_is_end(&entry), rows[i].end);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(days),
	    cmocka_unit_test(events),
	    cmocka_unit_test(cannot_be),
	    cmocka_unit_test(heads),
	    cmocka_unit_test(in_any_order),
	    cmocka_unit_test(divided),
	    cmocka_unit_test(much_in_a_day),
	    cmocka_unit_test(of_schema_4),
	    cmocka_unit_test(sums_stay_at_the_maximum),
	    cmocka_unit_test(ends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
