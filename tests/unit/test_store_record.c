/*
 * The store's own records: round trips, truncation at every length, fields
 * that can't be, order of keys.
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
#include "error.h"
#include "store.h"
#include "store_record.h"

static void
states(void **state)
{
	struct bs_state in = {.number = 1ull << 40, .offset = 1ull << 50};
	struct bs_state out;
	uint8_t value[BS_STATE_VALUE_MAX];
	size_t size;

	(void)state;
	assert_int_equal(bs_state_encode(&in, value), 19);
	in.count4[32] = 7;
	in.count6[0] = 1ull << 60;
	size = bs_state_encode(&in, value);
	assert_int_equal(size, 39);
	for (size_t cut = 0; cut <= size; cut++) {
		uint8_t *copy = exact_copy(value, cut);

		assert_int_equal(bs_state_decode(copy, cut, &out),
		    cut == size ? BS_OK : BS_ECORRUPT);
		free(copy);
	}
	assert_memory_equal(&in, &out, sizeof(in));
	for (size_t i = 0; i < 33; i++)
		in.count4[i] = i + 1;
	for (size_t i = 0; i < 129; i++)
		in.count6[i] = i + 1;
	for (size_t i = 0; i < 33; i++)
		in.exempt4[i] = i + 1;
	for (size_t i = 0; i < 129; i++)
		in.exempt6[i] = i + 1;
	assert_int_equal(bs_state_encode(&in, value), BS_STATE_VALUE_MAX);
	assert_int_equal(
	    bs_state_decode(value, BS_STATE_VALUE_MAX, &out), BS_OK);
	assert_memory_equal(&in, &out, sizeof(in));
}

static void
states_that_cannot_be(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint8_t byte;
		int error;
	} rows[] = {
	    {"version", 0, 2, BS_EVERSION},
	    {"pairs", 18, 2, BS_ECORRUPT},
	    {"many pairs", 17, 255, BS_ECORRUPT},
	    {"family", 19, 5, BS_ECORRUPT},
	    {"family of exemptions", 19, 0x85, BS_ECORRUPT},
	    {"bits", 20, 33, BS_ECORRUPT},
	};
	struct bs_state in = {.count4 = {[32] = 1}}, out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t value[BS_STATE_VALUE_MAX];
		size_t size = bs_state_encode(&in, value);

		value[rows[i].at] = rows[i].byte;
		if (bs_state_decode(value, size, &out) != rows[i].error)
			fail_msg("%s", rows[i].name);
	}
}

static void
schemas(void **state)
{
	uint8_t value[BS_SCHEMA_SIZE];
	uint32_t schema;

	(void)state;
	assert_int_equal(bs_schema_encode(7, 1, value), BS_SCHEMA_SIZE);
	for (size_t cut = 0; cut <= BS_SCHEMA_SIZE; cut++) {
		uint8_t *copy = exact_copy(value, cut);

		assert_int_equal(bs_schema_decode(copy, cut, &schema),
		    cut < 20 ? BS_EFOREIGN : BS_OK);
		free(copy);
	}
	assert_int_equal(schema, 7);
	value[3] = 'K';
	assert_int_equal(
	    bs_schema_decode(value, BS_SCHEMA_SIZE, &schema), BS_EFOREIGN);
}

/* With the time when it may go, or as schema 3 has it. */
static void
sighting(uint32_t until_s, size_t header)
{
	struct bs_sighting_record in = {.lists = true, .trap = {9}}, out;
	uint8_t value[BS_SIGHTING_VALUE_MAX + 1] = {0};
	size_t max = header + BS_SIGHTING_FEED_MAX;
	size_t size;

	in.until_s = until_s;
	strcpy(in.feed, "a-Feed_1");
	size = bs_sighting_encode(&in, value);
	assert_int_equal(size, header + 8);
	for (size_t cut = 0; cut <= size; cut++)
		assert_int_equal(bs_sighting_decode(value, cut, &out),
		    cut > header ? BS_OK : BS_ECORRUPT);
	assert_true(out.lists);
	assert_int_equal(out.until_s, until_s);
	assert_memory_equal(out.trap, in.trap, sizeof(in.trap));
	assert_string_equal(out.feed, "a-Feed_1");
	value[header] = '.';
	assert_int_equal(bs_sighting_decode(value, size, &out), BS_ECORRUPT);
	memset(value + header, 'f', max + 1 - header);
	assert_int_equal(bs_sighting_decode(value, max, &out), BS_OK);
	assert_int_equal(strlen(out.feed), BS_SIGHTING_FEED_MAX);
	assert_true(bs_feed_is_sound(out.feed));
	assert_int_equal(bs_sighting_decode(value, max + 1, &out), BS_ECORRUPT);
	value[1] = 2;
	assert_int_equal(bs_sighting_decode(value, size, &out), BS_ECORRUPT);
	value[0] = 1;
	assert_int_equal(bs_sighting_decode(value, size, &out), BS_EVERSION);
	value[0] = 5;
	assert_int_equal(bs_sighting_decode(value, size, &out), BS_EVERSION);
}

/* Of a message that has hit several traps. */
static void
sighting_of_many(size_t more)
{
	struct bs_sighting_record in = {
	    .lists = true, .trap = {1}, .more_count = more, .until_s = 7};
	struct bs_sighting_record out;
	uint8_t value[BS_SIGHTING_VALUE_MAX];
	size_t header = 7 + (1 + more) * BS_KEYHASH_SIZE, size;

	for (size_t i = 0; i < more; i++)
		memset(in.more[i], (int)i + 2, sizeof(in.more[i]));
	memset(in.feed, 'f', BS_SIGHTING_FEED_MAX);
	size = bs_sighting_encode(&in, value);
	assert_int_equal(size, header + BS_SIGHTING_FEED_MAX);
	assert_true(size <= sizeof(value));
	for (size_t cut = 0; cut <= size; cut++)
		assert_int_equal(bs_sighting_decode(value, cut, &out),
		    cut > header ? BS_OK : BS_ECORRUPT);
	assert_int_equal(out.lists, in.lists);
	assert_int_equal(out.until_s, in.until_s);
	assert_int_equal(out.more_count, in.more_count);
	assert_memory_equal(out.trap, in.trap, sizeof(in.trap));
	assert_memory_equal(out.more, in.more, more * sizeof(in.more[0]));
	assert_string_equal(out.feed, in.feed);
	value[6 + BS_KEYHASH_SIZE] = 0;
	assert_int_equal(bs_sighting_decode(value, size, &out), BS_ECORRUPT);
	value[6 + BS_KEYHASH_SIZE] = BS_POLICY_MORE_TRAPS_MAX + 1;
	assert_int_equal(bs_sighting_decode(value, size, &out), BS_ECORRUPT);
}

static void
sightings_and_times(void **state)
{
	uint8_t value[BS_SIGHTING_VALUE_MAX + 1] = {0};
	uint32_t time_s;

	(void)state;
	sighting(0, 2 + BS_KEYHASH_SIZE);
	sighting(77, 6 + BS_KEYHASH_SIZE);
	sighting_of_many(1);
	sighting_of_many(BS_POLICY_MORE_TRAPS_MAX);
	bs_time_encode(0x01020304, value);
	for (size_t cut = 0; cut <= BS_TIME_VALUE_SIZE + 1; cut++)
		assert_int_equal(bs_time_decode(value, cut, &time_s),
		    cut == BS_TIME_VALUE_SIZE ? BS_OK : BS_ECORRUPT);
	assert_int_equal(time_s, 0x01020304);
	value[0] = 0;
	assert_int_equal(
	    bs_time_decode(value, BS_TIME_VALUE_SIZE, &time_s), BS_EVERSION);
}

static void
past_listings(void **state)
{
	struct bs_policy_past in = {.ended_s = 0x01020304, .repeats = 255}, out;
	uint8_t value[BS_PAST_VALUE_SIZE + 1] = {0};

	(void)state;
	bs_past_encode(&in, value);
	for (size_t cut = 0; cut <= sizeof(value); cut++)
		assert_int_equal(bs_past_decode(value, cut, &out),
		    cut == BS_PAST_VALUE_SIZE ? BS_OK : BS_ECORRUPT);
	assert_int_equal(out.ended_s, 0x01020304);
	assert_int_equal(out.repeats, 255);
	value[0] = 2;
	assert_int_equal(
	    bs_past_decode(value, BS_PAST_VALUE_SIZE, &out), BS_EVERSION);
	in.ended_s = 0;
	bs_past_encode(&in, value);
	assert_int_equal(
	    bs_past_decode(value, BS_PAST_VALUE_SIZE, &out), BS_ECORRUPT);
}

static void
index_keys(void **state)
{
	static const char *const prefixes[] = {"198.51.100.7", "2001:db8::/64"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bs_prefix in = prefix_of(prefixes[i]), out;
		struct bs_trim trim = {.time_s = 5, .kind = BS_TRIM_SIGHTING};
		struct bs_trim trim_out;
		uint8_t key[BS_EXPIRY_KEY_MAX], trim_key[BS_TRIM_KEY_MAX];
		uint8_t identity[BS_KEYHASH_SIZE] = {8};
		size_t size = bs_expiry_key(77, &in, key);
		uint32_t time_s;

		for (size_t cut = 0; cut <= size; cut++)
			assert_int_equal(
			    bs_expiry_key_parse(key, cut, &time_s, &out),
			    cut == size ? BS_OK : BS_ECORRUPT);
		assert_int_equal(time_s, 77);
		assert_int_equal(bs_prefix_compare(&in, &out), 0);
		key[4] ^= 2; /* the other family */
		assert_int_equal(
		    bs_expiry_key_parse(key, size, &time_s, &out), BS_ECORRUPT);
		trim.size = bs_sighting_group(&in, BS_BOUNCE, trim.key);
		trim.size = bs_sighting_key(trim.key, trim.size, 99, identity);
		size = bs_trim_key(&trim, trim_key);
		assert_int_equal(
		    bs_trim_key_parse(trim_key, size, &trim_out), BS_OK);
		assert_int_equal(trim_out.time_s, 5);
		assert_int_equal(trim_out.kind, BS_TRIM_SIGHTING);
		assert_int_equal(trim_out.size, trim.size);
		assert_memory_equal(trim_out.key, trim.key, trim.size);
		assert_int_equal(
		    bs_trim_key_parse(trim_key, 5, &trim_out), BS_ECORRUPT);
		trim_key[4] = BS_TRIM_TAG;
		assert_int_equal(
		    bs_trim_key_parse(trim_key, size, &trim_out), BS_OK);
		trim_key[4] = BS_TRIM_HELD + 1;
		assert_int_equal(
		    bs_trim_key_parse(trim_key, size, &trim_out), BS_ECORRUPT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(states),
	    cmocka_unit_test(states_that_cannot_be),
	    cmocka_unit_test(schemas),
	    cmocka_unit_test(sightings_and_times),
	    cmocka_unit_test(past_listings),
	    cmocka_unit_test(index_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
