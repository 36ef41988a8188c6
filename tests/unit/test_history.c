/*
 * History records: round trips, truncation at every length, fields that can't
 * be, and what counts as an end.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes_fixture.h"
#include "error.h"
#include "history.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const uint8_t day_key[5] = {0x65, 0x53, 0x71, 0x00, 0};
static const uint8_t event_key[5] = {0x65, 0x53, 0x71, 0x01, 1};

static void
round_trip(const uint8_t key[5], const struct bs_history_entry *in)
{
	struct bs_history_entry out;
	uint8_t value[BS_HISTORY_VALUE_MAX];
	size_t size = bs_history_encode(in, value);

	assert_true(size <= sizeof(value));
	for (size_t cut = 0; cut <= size; cut++) {
		uint8_t *copy = exact_copy(value, cut);

		assert_int_equal(bs_history_decode(key, copy, cut, &out),
		    cut == size ? BS_OK : BS_ECORRUPT);
		free(copy);
	}
	assert_memory_equal(in, &out, sizeof(*in));
	value[0]++;
	assert_int_equal(
	    bs_history_decode(key, value, size, &out), BS_EVERSION);
}

static void
days(void **state)
{
	struct bs_history_entry in = {
	    .time_s = 0x65537100, .kind = BS_HISTORY_DAY};

	(void)state;
	in.sum[0] = (struct bs_history_sum){7, 6};
	round_trip(day_key, &in);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		in.sum[i] = (struct bs_history_sum){UINT32_MAX, 1};
	round_trip(day_key, &in);
}

static void
events(void **state)
{
	struct bs_history_entry in = {.time_s = 0x65537101, .order = 1};

	(void)state;
	for (int kind = BS_HISTORY_LISTED; kind < BS_HISTORY_KIND_COUNT;
	     kind++) {
		in.kind = (enum bs_history_kind)kind;
		in.new_classes = BS_BOUNCE | BS_CALLOUT;
		(void)strcpy(in.actor, "operator:alice");
		(void)strcpy(in.reason, "ticket 12");
		round_trip(event_key, &in);
		assert_true(bs_history_kind_name(in.kind)[0] != '\0');
	}
	memset(in.actor, 'a', BS_JOURNAL_ACTOR_MAX);
	memset(in.reason, 'r', BS_JOURNAL_REASON_MAX);
	round_trip(event_key, &in);
}

static void
cannot_be(void **state)
{
	static const struct {
		const char *name;
		const uint8_t *key;
		uint8_t size;
		uint8_t value[16];
	} rows[] = {
	    {"unknown kind", event_key, 6, {1, BS_HISTORY_KIND_COUNT}},
	    {"a day under an event's key", event_key, 3, {1, 0, 0}},
	    {"an event under a day's key", day_key, 6, {1, 1, 0, 4, 0, 0}},
	    {"a class that is none", event_key, 6, {1, 1, 1, 4, 0, 0}},
	    {"the listed bit as a class", event_key, 6, {1, 1, 0, 2, 0, 0}},
	    {"a reason that is too short", event_key, 6, {1, 1, 0, 4, 0, 1}},
	    {"NUL in the actor", event_key, 7, {1, 1, 0, 4, 1, 0, 0}},
	    {"an actor that is too long", event_key, 6, {1, 1, 0, 4, 64, 0}},
	    {"a byte more", event_key, 7, {1, 1, 0, 4, 0, 0, 0}},
	    {"a sum of nothing", day_key, 11, {1, 0, 4}},
	    {"a sum cut off", day_key, 10, {1, 0, 4, 0, 0, 0, 1}},
	};
	struct bs_history_entry out;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint8_t *copy = exact_copy(rows[i].value, rows[i].size);

		if (bs_history_decode(rows[i].key, copy, rows[i].size, &out) !=
		    BS_ECORRUPT)
			fail_msg("%s", rows[i].name);
		free(copy);
	}
}

static void
heads(void **state)
{
	struct bs_history_head in = {.due_s = 77, .since_s = 5}, out;
	uint8_t value[BS_HISTORY_HEAD_VALUE_MAX];
	size_t size;

	(void)state;
	in.sum[5] = (struct bs_history_sum){1, 0};
	size = bs_history_head_encode(&in, value);
	for (size_t cut = 0; cut <= size; cut++) {
		uint8_t *copy = exact_copy(value, cut);

		assert_int_equal(bs_history_head_decode(copy, cut, &out),
		    cut == size ? BS_OK : BS_ECORRUPT);
		free(copy);
	}
	assert_memory_equal(&in, &out, sizeof(in));
	value[0] = 9;
	assert_int_equal(
	    bs_history_head_decode(value, size, &out), BS_EVERSION);
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
	    cmocka_unit_test(sums_stay_at_the_maximum),
	    cmocka_unit_test(ends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
