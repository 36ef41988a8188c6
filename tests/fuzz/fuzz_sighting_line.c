/*
 * Fuzz target: a line of sightings, and the records of feeds.  The first byte
 * chooses.  What is read must be written and read again.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "held.h"
#include "sighting_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
line(const uint8_t *bytes, size_t size)
{
	struct bs_sighting_line in, out;
	struct bs_message message;
	char *text = NULL;
	size_t written = 0;
	FILE *stream;

	if (bs_sighting_line_read((const char *)bytes, size, &in, &message) !=
	    BS_OK)
		return;
	stream = open_memstream(&text, &written);
	if (stream == NULL)
		return;
	assert(bs_sighting_line_write(&in, stream) == BS_OK);
	assert(fclose(stream) == 0);
	assert(
	    bs_sighting_line_read(text, written - 1, &out, &message) == BS_OK);
	assert(strcmp(in.id, out.id) == 0 && strcmp(in.trap, out.trap) == 0);
	assert(in.time_s == out.time_s && in.class == out.class);
	free(text);
}

static void
held(const uint8_t *bytes, size_t size)
{
	struct bs_held held;
	struct bs_feed_state state;
	uint8_t key[BS_HELD_KEY_MAX], value[BS_FEED_STATE_SIZE];

	if (bs_held_key_parse(bytes, size, &held) == BS_OK) {
		assert(bs_held_key(held.feed, &held.prefix, held.class, key) ==
		       size);
		assert(memcmp(key, bytes, size) == 0);
	}
	if (bs_feed_state_decode(bytes, size, &state) != BS_OK)
		return;
	bs_feed_state_encode(&state, value);
	assert(memcmp(value, bytes, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1)
		return 0;
	if (bytes[0] % 2 == 0)
		held(bytes + 1, size - 1);
	else
		line(bytes + 1, size - 1);
	return 0;
}
