/*
 * Fuzz target: history records.  The first byte chooses the decoder; an entry's
 * record follows its key's time and order.  What decodes must encode to the
 * same bytes.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "history.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
head(const uint8_t *bytes, size_t size)
{
	struct bs_history_head head;
	uint8_t value[BS_HISTORY_HEAD_VALUE_MAX];

	if (bs_history_head_decode(bytes, size, &head) != BS_OK)
		return;
	assert(bs_history_head_encode(&head, value) == size);
	assert(memcmp(value, bytes, size) == 0);
}

static void
entry(const uint8_t *bytes, size_t size)
{
	struct bs_history_entry entry;
	uint8_t value[BS_HISTORY_VALUE_MAX];

	if (size < 5 ||
	    bs_history_decode(bytes, bytes + 5, size - 5, &entry) != BS_OK)
		return;
	assert(bs_history_kind_name(entry.kind) != NULL);
	assert(bs_history_encode(&entry, value) == size - 5);
	assert(memcmp(value, bytes + 5, size - 5) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1)
		return 0;
	if (bytes[0] % 2 == 0)
		head(bytes + 1, size - 1);
	else
		entry(bytes + 1, size - 1);
	return 0;
}
