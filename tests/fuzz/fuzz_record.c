/*
 * Fuzz target: the store's own records beside listings and journal.  The first
 * byte chooses the decoder, the others are the record.  What decodes must
 * encode to the same bytes.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "store.h"
#include "store_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
sighting(const uint8_t *bytes, size_t size)
{
	struct bs_sighting_record record;
	uint8_t value[BS_SIGHTING_VALUE_MAX];

	if (bs_sighting_decode(bytes, size, &record) != BS_OK)
		return;
	assert(bs_feed_is_sound(record.feed));
	assert(bs_sighting_encode(&record, value) == size);
	assert(memcmp(value, bytes, size) == 0);
}

static void
past(const uint8_t *bytes, size_t size)
{
	struct bs_policy_past past;
	uint8_t value[BS_PAST_VALUE_SIZE];

	if (bs_past_decode(bytes, size, &past) != BS_OK)
		return;
	assert(size == sizeof(value));
	bs_past_encode(&past, value);
	assert(memcmp(value, bytes, size) == 0);
}

static void
trim(const uint8_t *bytes, size_t size)
{
	struct bs_trim trim;
	uint8_t key[BS_TRIM_KEY_MAX];

	if (bs_trim_key_parse(bytes, size, &trim) != BS_OK)
		return;
	assert(bs_trim_key(&trim, key) == size);
	assert(memcmp(key, bytes, size) == 0);
}

static void
expiry(const uint8_t *bytes, size_t size)
{
	struct bs_prefix prefix;
	uint32_t time_s;
	uint8_t key[BS_EXPIRY_KEY_MAX];

	if (bs_expiry_key_parse(bytes, size, &time_s, &prefix) != BS_OK)
		return;
	assert(bs_expiry_key(time_s, &prefix, key) == size);
	assert(memcmp(key, bytes, size) == 0);
}

static void
times(const uint8_t *bytes, size_t size)
{
	uint32_t time_s;
	uint8_t value[BS_TIME_VALUE_SIZE];

	if (bs_time_decode(bytes, size, &time_s) != BS_OK)
		return;
	assert(size == sizeof(value));
	bs_time_encode(time_s, value);
	assert(memcmp(value, bytes, size) == 0);
}

static void
self(const uint8_t *bytes, size_t size)
{
	struct bs_self_record record;
	uint8_t value[BS_SELF_VALUE_SIZE];

	if (bs_self_decode(bytes, size, &record) != BS_OK)
		return;
	assert(size == sizeof(value));
	bs_self_encode(&record, value);
	assert(memcmp(value, bytes, size) == 0);
}

static void
state(const uint8_t *bytes, size_t size)
{
	struct bs_state state, again;
	uint8_t value[BS_STATE_VALUE_MAX];

	/* the same pair may come twice: what it means stays the same */
	if (bs_state_decode(bytes, size, &state) != BS_OK)
		return;
	size = bs_state_encode(&state, value);
	assert(bs_state_decode(value, size, &again) == BS_OK);
	assert(memcmp(&state, &again, sizeof(state)) == 0);
}

static void
clocks(const uint8_t *bytes, size_t size)
{
	struct bs_clock_record clock;
	uint8_t value[BS_CLOCK_VALUE_SIZE];

	if (bs_clock_decode(bytes, size, &clock) != BS_OK)
		return;
	assert(size == sizeof(value));
	bs_clock_encode(&clock, value);
	assert(memcmp(value, bytes, size) == 0);
}

static void
keeps(const uint8_t *bytes, size_t size)
{
	struct bs_keep keep;
	uint8_t value[BS_KEEP_VALUE_SIZE];

	if (bs_keep_decode(bytes, size, &keep) != BS_OK)
		return;
	assert(size == sizeof(value));
	bs_keep_encode(&keep, value);
	assert(memcmp(value, bytes, size) == 0);
}

/* A byte of key size, the key, the value. */
static void
waiting(const uint8_t *bytes, size_t size)
{
	uint8_t key[BS_WAITING_DUE_MAX], value[BS_WAITING_VALUE_MAX];
	size_t key_size = size > 0 ? bytes[0] : 0;
	struct bs_waiting waiting;

	if (key_size == 0 || size - 1 < key_size ||
	    bs_waiting_due_parse(bytes + 1, key_size, &waiting) != BS_OK)
		return;
	assert(bs_waiting_due(&waiting, key) == key_size);
	assert(memcmp(key, bytes + 1, key_size) == 0);
	bytes += 1 + key_size;
	size -= 1 + key_size;
	if (bs_waiting_decode(bytes, size, &waiting) != BS_OK)
		return;
	assert(bs_waiting_encode(&waiting, value) == size);
	assert(memcmp(value, bytes, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static void (*const decoders[])(const uint8_t *, size_t) = {sighting,
	    past, trim, expiry, times, state, clocks, keeps, self, waiting};

	if (size < 1)
		return 0;
	decoders[bytes[0] % (sizeof(decoders) / sizeof(decoders[0]))](
	    bytes + 1, size - 1);
	return 0;
}
