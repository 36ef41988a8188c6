/*
 * Fuzz target: what is written ahead of the database.  The bytes are a file, and
 * the sightings of a batch: what decodes must encode to what decodes the same.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "store_ahead_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
encode(const struct bs_sighting *sighting)
{
	uint8_t first[BS_AHEAD_SIGHTING_MAX], second[BS_AHEAD_SIGHTING_MAX];
	struct bs_sighting back;
	size_t size = bs_ahead_encode(sighting, first);

	assert(size <= sizeof(first));
	assert(bs_ahead_decode(first, size, &back) == BS_OK);
	assert(bs_ahead_encode(&back, second) == size);
	assert(memcmp(first, second, size) == 0);
}

static void
walk(struct bs_rest sightings)
{
	struct bs_sighting sighting;
	int error;

	while ((error = bs_ahead_next(&sightings, &sighting)) != BS_ENOTFOUND) {
		if (error == BS_OK)
			encode(&sighting);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct bs_rest rest = {bytes, size}, sightings;
	struct bs_ahead_head head;

	walk(rest);
	if (bs_ahead_open(&rest, &head, &sightings) == BS_OK) {
		assert(sightings.size == head.size);
		walk(sightings);
	}
	return 0;
}
