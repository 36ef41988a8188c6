/*
 * Evidence records: round trips, truncation at every length, texts that are not
 * of their grammar, and which sightings stay.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "error.h"
#include "evidence.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define HOUR BS_EVIDENCE_HOUR_S

static struct bs_evidence
item_at(uint32_t hour)
{
	struct bs_evidence item = {.class = BS_BOUNCE,
	    .hour_s = hour * HOUR,
	    .source = {.family = BS_IPV4, .octet = {192, 0, 2, 99}},
	    .facts = {.action = BS_ACTION_FAILED,
		.status = "5.1.1",
		.helo = "mail.example.com",
		.reporting_mta = "*.example.com",
		.subject = "undelivered mail returned to sender"}};

	return item;
}

/* What decodes of exactly `size` bytes. */
static int
decode(const uint8_t *value, size_t size, struct bs_evidence_list *list_r)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);
	int error;

	assert_non_null(copy);
	memcpy(copy, value, size);
	error = bs_evidence_decode(copy, size, list_r);
	free(copy);
	return error;
}

/* Whether both encode to the same bytes. */
static void
assert_same(const struct bs_evidence_list *a, const struct bs_evidence_list *b)
{
	static uint8_t one[BS_EVIDENCE_VALUE_MAX], two[BS_EVIDENCE_VALUE_MAX];
	size_t size = bs_evidence_encode(a, one);

	assert_int_equal(bs_evidence_encode(b, two), size);
	assert_memory_equal(one, two, size);
	assert_int_equal(a->until_s, b->until_s);
	assert_string_equal(a->item[0].facts.subject, b->item[0].facts.subject);
}

static void
round_trips(void **state)
{
	static uint8_t value[BS_EVIDENCE_VALUE_MAX];
	static struct bs_evidence_list in, out;
	size_t size;

	(void)state;
	in = (struct bs_evidence_list){.until_s = 7, .due_s = 8, .count = 2};
	in.item[0] = item_at(1);
	in.item[1] = item_at(2);
	in.item[1].class = BS_CALLOUT;
	in.item[1].source.family = BS_IPV6;
	in.item[1].facts = (struct bs_evidence_facts){.status = ""};
	size = bs_evidence_encode(&in, value);
	for (size_t cut = 0; cut <= size; cut++)
		assert_int_equal(decode(value, cut, &out),
		    cut == size ? BS_OK : BS_ECORRUPT);
	assert_same(&in, &out);
	value[size] = 0;
	assert_int_equal(decode(value, size + 1, &out), BS_ECORRUPT);
	value[0] = 2;
	assert_int_equal(decode(value, size, &out), BS_EVERSION);
}

/* The longest there can be fits; one more does not decode. */
static void
largest(void **state)
{
	static uint8_t value[BS_EVIDENCE_VALUE_MAX];
	static struct bs_evidence_list in, out;
	size_t size;

	(void)state;
	in = (struct bs_evidence_list){.count = BS_EVIDENCE_MAX};
	for (size_t i = 0; i < in.count; i++) {
		struct bs_evidence_facts *facts = &in.item[i].facts;

		in.item[i] = item_at(3);
		in.item[i].source.family = BS_IPV6;
		strcpy(facts->status, "5.7.999");
		memset(facts->helo, 'h', BS_EVIDENCE_HOST_MAX);
		memset(facts->reporting_mta, 'm', BS_EVIDENCE_HOST_MAX);
		memset(facts->subject, 's', BS_EVIDENCE_SUBJECT_MAX);
	}
	size = bs_evidence_encode(&in, value);
	assert_true(size <= sizeof(value));
	assert_int_equal(decode(value, size, &out), BS_OK);
	assert_same(&in, &out);
	value[9] = BS_EVIDENCE_MAX + 1;
	assert_int_equal(decode(value, size, &out), BS_ECORRUPT);
}

static void
grammars(void **state)
{
	static const struct {
		const char *text;
		bool status, host, subject;
	} rows[] = {
	    {"", true, true, true},
	    {"5.1.1", true, true, true},
	    {"4.4.7", true, true, true},
	    {"5.7.999", true, true, true},
	    {"5.0.0", true, true, true},
	    {"5.7.*", true, true, true},
	    {"5.*", true, true, true},
	    {"*", false, true, true},
	    {"5.7.*1", false, true, true},
	    {"5.**", false, true, true},
	    {"5.*.1", false, true, true},
	    {"5.1.01", false, true, true},
	    {"5.1.1000", false, true, true},
	    {"5.10.1", false, true, true},
	    {"1.1.1", false, true, true},
	    {"3.1.1", false, true, true},
	    {"5.1.", false, true, true},
	    {"5.1.1x", false, true, true},
	    {"mail.example.com", false, true, true},
	    {"*.example.com", false, true, true},
	    {"Mail.example.com", false, false, true},
	    {"mail_1.example", false, false, true},
	    {"user@example.com", false, false, true},
	    {"\xc3\xa4", false, false, true},
	    {"\xff", false, false, false},
	    {"\x1b[31m", false, false, false},
	    {"a\nb", false, false, false},
	    {"\xe2\x80\xae", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *text = rows[i].text;

		if (bs_evidence_status_is_sound(text) != rows[i].status ||
		    bs_evidence_host_is_sound(text) != rows[i].host ||
		    bs_evidence_subject_is_sound(text) != rows[i].subject)
			fail_msg("'%s'", text);
	}
}

/* Bytes that no sound text encodes to. */
static void
cannot_be(void **state)
{
	static const struct {
		const char *name;
		size_t at; /* in an item whose texts are one byte each */
		uint8_t byte;
	} rows[] = {
	    {"a class that is none", 10, 2},
	    {"two classes", 10, 12},
	    {"an action that is none", 11, BS_ACTION_COUNT},
	    {"no whole hour", 15, 1},
	    {"a family that is none", 16, 5},
	    {"a status that is none", 22, '1'},
	    {"an @ in a host", 28, '@'},
	    {"NUL in a subject", 32, 0},
	};
	struct bs_evidence_list in = {.count = 1}, out;
	uint8_t value[BS_EVIDENCE_VALUE_MAX];
	size_t size;

	(void)state;
	in.item[0] = item_at(0);
	strcpy(in.item[0].facts.helo, "h");
	strcpy(in.item[0].facts.reporting_mta, "m");
	strcpy(in.item[0].facts.subject, "s");
	size = bs_evidence_encode(&in, value);
	assert_int_equal(size, 33);
	assert_int_equal(value[22], '5');
	assert_int_equal(value[28], 'h');
	assert_int_equal(value[32], 's');
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint8_t before = value[rows[i].at];

		value[rows[i].at] = rows[i].byte;
		if (decode(value, size, &out) != BS_ECORRUPT)
			fail_msg("%s", rows[i].name);
		value[rows[i].at] = before;
	}
	assert_int_equal(decode(value, size, &out), BS_OK);
}

static void
newest_stay(void **state)
{
	static const uint32_t hours[] = {5, 3, 9, 4, 4, 1, 7};
	struct bs_evidence_list list = {.count = 0};

	(void)state;
	for (size_t i = 0; i < ROWS(hours); i++) {
		struct bs_evidence item = item_at(hours[i]);

		bs_evidence_add(&list, &item, 3);
		assert_true(list.count <= 3);
	}
	assert_int_equal(list.count, 3);
	assert_int_equal(list.item[0].hour_s, 5 * HOUR);
	assert_int_equal(list.item[1].hour_s, 7 * HOUR);
	assert_int_equal(list.item[2].hour_s, 9 * HOUR);
	/* the configuration keeps less from now on */
	{
		struct bs_evidence item = item_at(8);

		bs_evidence_add(&list, &item, 1);
		assert_int_equal(list.count, 1);
		assert_int_equal(list.item[0].hour_s, 9 * HOUR);
		bs_evidence_add(&list, &item, 0);
		assert_int_equal(list.count, 0);
	}
}

/* Number i of a row of items, of different sizes. */
static struct bs_evidence
numbered(unsigned i)
{
	static const uint32_t hours[] = {5, 3, 9, 4, 4, 1, 7, 7, 2, 9, 8, 5, 9};
	struct bs_evidence item = item_at(hours[i % ROWS(hours)]);

	memset(item.facts.subject, 's', i % 50);
	item.facts.subject[i % 50] = '\0';
	return item;
}

/* In the stored value it comes to the same. */
static void
put_into_values(void **state)
{
	(void)state;
	for (size_t max = 0; max <= BS_EVIDENCE_MAX; max++) {
		struct bs_evidence_list list = {.count = 0, .due_s = 77};
		struct bs_evidence_value value;

		value.size = bs_evidence_encode(&list, value.bytes);
		for (unsigned i = 0; i < 60; i++) {
			/* the configuration changes on the way */
			size_t now = i < 20 || max < 3 ? max : max - 2;
			struct bs_evidence item = numbered(i);
			uint8_t bytes[BS_EVIDENCE_VALUE_MAX];

			bs_evidence_add(&list, &item, now);
			if (list.until_s < i % 40)
				list.until_s = i % 40;
			assert_int_equal(
			    bs_evidence_put(&value, &item, now, i % 40), BS_OK);
			assert_int_equal(
			    value.size, bs_evidence_encode(&list, bytes));
			assert_memory_equal(bytes, value.bytes, value.size);
		}
	}
}

/* As many and as large ones as can be. */
static void
put_the_largest(void **state)
{
	struct bs_evidence item = item_at(1);
	struct bs_evidence_list list = {.count = 0};
	struct bs_evidence_value value;

	(void)state;
	item.source.family = BS_IPV6;
	memcpy(item.facts.status, "5.1.999", BS_EVIDENCE_STATUS_MAX + 1);
	memset(item.facts.helo, 'h', BS_EVIDENCE_HOST_MAX);
	memset(item.facts.reporting_mta, 'r', BS_EVIDENCE_HOST_MAX);
	memset(item.facts.subject, 's', BS_EVIDENCE_SUBJECT_MAX);
	value.size = bs_evidence_encode(&list, value.bytes);
	for (int i = 0; i < BS_EVIDENCE_MAX + 5; i++)
		assert_int_equal(
		    bs_evidence_put(&value, &item, BS_EVIDENCE_MAX, 1), BS_OK);
	assert_int_equal(value.size, BS_EVIDENCE_VALUE_MAX);
	assert_int_equal(
	    bs_evidence_decode(value.bytes, value.size, &list), BS_OK);
	assert_int_equal(list.count, BS_EVIDENCE_MAX);
}

/* Not all of it, or more than it says. */
static void
put_into_damaged(void **state)
{
	struct bs_evidence item = numbered(1);
	struct bs_evidence_list list = {.count = 2};
	struct bs_evidence_value value, before;
	size_t size;

	(void)state;
	list.item[0] = list.item[1] = item;
	size = bs_evidence_encode(&list, value.bytes);
	value.bytes[size] = 0;
	for (value.size = 0; value.size <= size + 1; value.size++) {
		if (value.size == size)
			continue;
		before = value;
		assert_int_equal(
		    bs_evidence_put(&value, &item, 3, 1), BS_ECORRUPT);
		assert_int_equal(value.size, before.size);
		assert_memory_equal(value.bytes, before.bytes, value.size);
	}
	value.size = size;
	value.bytes[9] = BS_EVIDENCE_MAX + 1;
	assert_int_equal(bs_evidence_put(&value, &item, 3, 1), BS_ECORRUPT);
	value.bytes[9] = 2;
	value.bytes[16] = 5; /* a family that is none */
	assert_int_equal(bs_evidence_put(&value, &item, 3, 1), BS_ECORRUPT);
	value.bytes[0]++;
	assert_int_equal(bs_evidence_put(&value, &item, 3, 1), BS_EVERSION);
}

static void
dropped(void **state)
{
	struct bs_evidence_list list = {.count = 2};

	(void)state;
	list.item[0] = item_at(3);
	list.item[1] = item_at(4);
	assert_false(bs_evidence_drop(&list, BS_BOUNCE, 3 * HOUR - 1));
	assert_false(bs_evidence_drop(&list, BS_CALLOUT, 3 * HOUR));
	assert_true(bs_evidence_drop(&list, BS_BOUNCE, 4 * HOUR - 1));
	assert_false(bs_evidence_drop(&list, BS_BOUNCE, 4 * HOUR - 1));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.item[0].hour_s, 4 * HOUR);
}

static void
actions(void **state)
{
	(void)state;
	for (int i = 0; i < BS_ACTION_COUNT; i++)
		assert_int_equal(bs_evidence_action_of(bs_evidence_action_name(
				     (enum bs_evidence_action)i)),
		    i);
	assert_int_equal(bs_evidence_action_of("FAILED"), BS_ACTION_NONE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trips),
	    cmocka_unit_test(largest),
	    cmocka_unit_test(grammars),
	    cmocka_unit_test(cannot_be),
	    cmocka_unit_test(newest_stay),
	    cmocka_unit_test(put_into_values),
	    cmocka_unit_test(put_the_largest),
	    cmocka_unit_test(put_into_damaged),
	    cmocka_unit_test(dropped),
	    cmocka_unit_test(actions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
