/*
 * Fuzz target: exemption records.  What decodes must encode to the same bytes.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "exemption.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct bs_prefix prefix = {.addr = {.family = BS_IPV4}};
	struct bs_exemption exemption;
	uint8_t value[BS_EXEMPTION_VALUE_MAX];

	if (bs_exemption_decode(&prefix, bytes, size, &exemption) != BS_OK)
		return 0;
	assert(bs_exemption_encode(&exemption, value) == size);
	assert(memcmp(value, bytes, size) == 0);
	return 0;
}
