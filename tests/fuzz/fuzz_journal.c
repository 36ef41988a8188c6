/*
 * Fuzz target: journal records.  What decodes must encode to the same bytes.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct bs_journal_entry entry;
	uint8_t value[BS_JOURNAL_VALUE_MAX];

	if (bs_journal_decode(1, bytes, size, &entry) != BS_OK)
		return 0;
	assert(bs_journal_encode(&entry, value) == size);
	assert(memcmp(value, bytes, size) == 0);
	return 0;
}
