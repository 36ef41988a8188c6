/*
 * Fuzz target: listing records.  The first 18 bytes choose a key, the others
 * are the value.  What decodes must encode to the same bytes.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct bs_prefix prefix;
	struct bs_listing listing;
	uint8_t value[BS_LISTING_VALUE_MAX], key[BS_LISTING_KEY_MAX];
	size_t key_size;
	int error;

	if (size < 1)
		return 0;
	key_size = bytes[0] % (BS_LISTING_KEY_MAX + 2);
	bytes++;
	size--;
	if (key_size > size ||
	    bs_listing_key_parse(bytes, key_size, &prefix) != BS_OK)
		return 0;
	assert(bs_listing_key(&prefix, key) == key_size);
	assert(memcmp(key, bytes, key_size) == 0);
	bytes += key_size;
	size -= key_size;
	error = bs_listing_decode(&prefix, bytes, size, &listing);
	if (error != BS_OK)
		return 0;
	assert(listing.classes == bs_listing_classes(bytes, size));
	assert(bs_listing_encode(&listing, value) == size);
	assert(memcmp(value, bytes, size) == 0);
	return 0;
}
