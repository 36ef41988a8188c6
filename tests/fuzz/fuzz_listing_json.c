/*
 * Fuzz target: a line of an import.  What is taken has a class, and is a
 * listing that the database can hold.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl_listing_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct bs_message message;
	struct bs_listing listing, again;
	uint8_t value[BS_LISTING_VALUE_MAX];

	if (ctl_listing_read((const char *)bytes, size, &listing, &message) !=
	    BS_OK)
		return 0;
	assert(listing.classes != 0);
	size = bs_listing_encode(&listing, value);
	assert(
	    bs_listing_decode(&listing.prefix, value, size, &again) == BS_OK);
	return 0;
}
