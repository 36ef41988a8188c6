/*
 * The bytes of what is written ahead of the database: there and back, cut at
 * each octet, damaged, and sizes that lead behind the end.
 */
#include "autoconf.h"

#include <string.h>

#include "store_ahead_record.h"
#include "store_fixture.h"

struct sighting_row {
	const char *name;
	struct bs_sighting sighting;
};

static const struct sighting_row sighting_rows[] = {
    {"the least", {.source = {.family = BS_IPV4, .octet = {192, 0, 2, 1}},
		      .class = BS_BOUNCE,
		      .feed = "l"}},
    {"a callout that lists",
	{.source = {.family = BS_IPV6, .octet = {0x20, 0x01, 0x0d, 0xb8}},
	    .class = BS_CALLOUT,
	    .received_s = UINT32_MAX,
	    .door = BS_DOOR_LIVE,
	    .lists = true,
	    .feed = "local"}},
    {"a tag, and facts",
	{.source = {.family = BS_IPV4, .octet = {198, 51, 100, 255}},
	    .class = BS_AUTOREPLY,
	    .received_s = T0,
	    .has_tag = true,
	    .tag = {1, 2, 3},
	    .feed = "other-feed_1",
	    .facts = {.action = BS_ACTION_FAILED,
		.status = "5.1.999",
		.helo = "mx.example",
		.reporting_mta = "dsn.*",
		.subject = "away"}}},
    {"as many traps as can be",
	{.source = {.family = BS_IPV4, .octet = {10, 0, 0, 1}},
	    .class = BS_VIRUS,
	    .received_s = T0,
	    .lists = true,
	    .identity = {0xff},
	    .trap = {9},
	    .more_count = BS_POLICY_MORE_TRAPS_MAX,
	    .more = {{1}, {2}, {3}, {4}, {5}, {6}, {7}},
	    .feed = "local"}},
};

#define SIGHTING_ROWS (sizeof(sighting_rows) / sizeof(sighting_rows[0]))

static void
check_same(const struct bs_sighting *a, const struct bs_sighting *b)
{
	assert_memory_equal(&a->source, &b->source, sizeof(a->source));
	assert_int_equal(a->class, b->class);
	assert_int_equal(a->received_s, b->received_s);
	assert_int_equal(a->door, b->door);
	assert_memory_equal(a->identity, b->identity, BS_KEYHASH_SIZE);
	assert_memory_equal(a->trap, b->trap, BS_KEYHASH_SIZE);
	assert_int_equal(a->more_count, b->more_count);
	assert_memory_equal(a->more, b->more, sizeof(a->more));
	assert_string_equal(a->feed, b->feed);
	assert_int_equal(a->lists, b->lists);
	assert_int_equal(a->has_tag, b->has_tag);
	assert_memory_equal(a->tag, b->tag, BS_KEYHASH_SIZE);
	assert_int_equal(a->facts.action, b->facts.action);
	assert_string_equal(a->facts.status, b->facts.status);
	assert_string_equal(a->facts.helo, b->facts.helo);
	assert_string_equal(a->facts.reporting_mta, b->facts.reporting_mta);
	assert_string_equal(a->facts.subject, b->facts.subject);
}

static void
sightings_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIGHTING_ROWS; i++) {
		const struct sighting_row *row = &sighting_rows[i];
		uint8_t bytes[BS_AHEAD_SIGHTING_MAX + 1];
		struct bs_sighting back;
		size_t size = bs_ahead_encode(&row->sighting, bytes);

		print_message("# %s\n", row->name);
		assert_true(size <= BS_AHEAD_SIGHTING_MAX);
		assert_int_equal(bs_ahead_decode(bytes, size, &back), BS_OK);
		check_same(&row->sighting, &back);
		for (size_t cut = 0; cut < size; cut++)
			assert_int_equal(
			    bs_ahead_decode(bytes, cut, &back), BS_ECORRUPT);
		bytes[size] = 0;
		assert_int_equal(
		    bs_ahead_decode(bytes, size + 1, &back), BS_ECORRUPT);
	}
}

static void
the_largest_sighting(void **state)
{
	struct bs_sighting sighting = sighting_rows[3].sighting, back;
	uint8_t bytes[BS_AHEAD_SIGHTING_MAX];

	(void)state;
	sighting.source.family = BS_IPV6;
	sighting.has_tag = true;
	memset(sighting.feed, 'f', BS_FEED_NAME_MAX);
	memcpy(sighting.facts.status, "5.1.999", BS_EVIDENCE_STATUS_MAX);
	memset(sighting.facts.helo, 'h', BS_EVIDENCE_HOST_MAX);
	memset(sighting.facts.reporting_mta, 'r', BS_EVIDENCE_HOST_MAX);
	memset(sighting.facts.subject, 's', BS_EVIDENCE_SUBJECT_MAX);
	assert_int_equal(
	    bs_ahead_encode(&sighting, bytes), BS_AHEAD_SIGHTING_MAX);
	assert_int_equal(bs_ahead_decode(bytes, sizeof(bytes), &back), BS_OK);
	check_same(&sighting, &back);
}

/* One octet of the least sighting is another one. */
struct damage_row {
	const char *name;
	size_t at;
	uint8_t octet;
	int error;
};

static const struct damage_row damage_rows[] = {
    {"version 0", 0, 0, BS_EVERSION},
    {"version 2", 0, 2, BS_EVERSION},
    {"a flag that is none", 1, 8, BS_ECORRUPT},
    {"a tag that is not there", 1, 2, BS_ECORRUPT},
    {"traps that are not there", 38, 1, BS_ECORRUPT},
    {"a trap too many", 38, BS_POLICY_MORE_TRAPS_MAX + 1, BS_ECORRUPT},
    {"no feed", 39, 0, BS_ECORRUPT},
    {"a feed that is too long", 39, BS_FEED_NAME_MAX + 1, BS_ECORRUPT},
    {"a feed of nothing", 40, 0, BS_ECORRUPT},
    {"a feed of a blank", 40, ' ', BS_ECORRUPT},
    {"evidence of another version", 41, 99, BS_EVERSION},
    {"evidence of nothing", 50, 0, BS_ECORRUPT},
    {"evidence of two", 50, 2, BS_ECORRUPT},
    {"a class that is none", 51, 3, BS_ECORRUPT},
};

static void
damaged_sightings(void **state)
{
	uint8_t good[BS_AHEAD_SIGHTING_MAX];
	size_t size = bs_ahead_encode(&sighting_rows[0].sighting, good);

	(void)state;
	for (size_t i = 0; i < sizeof(damage_rows) / sizeof(damage_rows[0]);
	     i++) {
		const struct damage_row *row = &damage_rows[i];
		uint8_t bytes[BS_AHEAD_SIGHTING_MAX];
		struct bs_sighting back;

		print_message("# %s\n", row->name);
		memcpy(bytes, good, size);
		assert_int_not_equal(bytes[row->at], row->octet);
		bytes[row->at] = row->octet;
		assert_int_equal(
		    bs_ahead_decode(bytes, size, &back), row->error);
	}
}

/* A batch of the first and the third sighting. */
static size_t
make_batch(uint8_t *batch, uint64_t epoch, uint32_t index)
{
	uint8_t *at = batch + BS_AHEAD_HEAD_SIZE;
	struct bs_ahead_head head = {.epoch = epoch, .index = index};

	for (size_t i = 0; i < 3; i += 2) {
		size_t size =
		    bs_ahead_encode(&sighting_rows[i].sighting, at + 2);

		bs_put_be16(at, (uint16_t)size);
		at += 2 + size;
	}
	head.size = (size_t)(at - batch) - BS_AHEAD_HEAD_SIZE;
	assert_int_equal(bs_ahead_seal(&head, batch), BS_OK);
	return (size_t)(at - batch);
}

static void
batches(void **state)
{
	uint8_t batch[2 * BS_AHEAD_SIGHTING_MAX + 100];
	size_t size = make_batch(batch, UINT64_MAX - 1, 7);
	struct bs_rest rest = {batch, sizeof(batch)}, sightings;
	struct bs_ahead_head head;
	struct bs_sighting back;

	(void)state;
	assert_int_equal(bs_ahead_open(&rest, &head, &sightings), BS_OK);
	assert_true(head.epoch == UINT64_MAX - 1);
	assert_int_equal(head.index, 7);
	assert_int_equal(head.size, size - BS_AHEAD_HEAD_SIZE);
	assert_int_equal(bs_ahead_next(&sightings, &back), BS_OK);
	check_same(&back, &sighting_rows[0].sighting);
	assert_int_equal(bs_ahead_next(&sightings, &back), BS_OK);
	check_same(&back, &sighting_rows[2].sighting);
	assert_int_equal(bs_ahead_next(&sightings, &back), BS_ENOTFOUND);
	/* not all of it is there, or not as it was */
	for (rest.size = 0; rest.size < size; rest.size++)
		assert_int_equal(
		    bs_ahead_open(&rest, &head, &sightings), BS_ENOTFOUND);
	for (size_t i = 0; i < size; i++) {
		batch[i] ^= 1;
		assert_int_equal(bs_ahead_open(&rest, &head, &sightings),
		    i == 7 ? BS_EVERSION : BS_ENOTFOUND);
		batch[i] ^= 1;
	}
	assert_int_equal(bs_ahead_open(&rest, &head, &sightings), BS_OK);
}

/* Sizes that lead behind the end. */
static void
sizes_of_sightings(void **state)
{
	uint8_t bytes[64] = {0xff, 0xff};
	struct bs_rest rest = {bytes, sizeof(bytes)};
	struct bs_sighting back;

	(void)state;
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ECORRUPT);
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ENOTFOUND);
	rest = (struct bs_rest){bytes, 1};
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ECORRUPT);
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ENOTFOUND);
	/* one that does not decode is passed over */
	bytes[0] = 0;
	bytes[1] = 10;
	rest = (struct bs_rest){bytes, sizeof(bytes)};
	assert_int_equal(bs_ahead_next(&rest, &back), BS_EVERSION);
	assert_int_equal(rest.size, sizeof(bytes) - 12);
}

static void
epochs(void **state)
{
	uint8_t bytes[BS_EPOCH_VALUE_SIZE];
	uint64_t epoch;

	(void)state;
	bs_epoch_encode(0x1122334455667788u, bytes);
	assert_int_equal(bs_epoch_decode(bytes, sizeof(bytes), &epoch), BS_OK);
	assert_true(epoch == 0x1122334455667788u);
	assert_int_equal(bs_epoch_decode(bytes, 0, &epoch), BS_ECORRUPT);
	assert_int_equal(
	    bs_epoch_decode(bytes, sizeof(bytes) - 1, &epoch), BS_ECORRUPT);
	bytes[0] = 2;
	assert_int_equal(
	    bs_epoch_decode(bytes, sizeof(bytes), &epoch), BS_EVERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sightings_there_and_back),
	    cmocka_unit_test(the_largest_sighting),
	    cmocka_unit_test(damaged_sightings),
	    cmocka_unit_test(batches),
	    cmocka_unit_test(sizes_of_sightings),
	    cmocka_unit_test(epochs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
