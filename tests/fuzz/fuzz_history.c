/*
 * Fuzz target: history records.  The first byte chooses the decoder; an
 * entry of schema 4 follows its key's time and order.  What decodes must encode
 * to the same bytes.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "history4.h"
#include "history_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
head(const uint8_t *bytes, size_t size)
{
	struct bs_history_head head;
	uint8_t value[BS_HISTORY_HEAD_MAX];
	size_t used;

	if (bs_history_head_decode(bytes, size, &head, &used) != BS_OK)
		return;
	assert(bs_history_head_encode(&head, value) == used);
	assert(memcmp(value, bytes, used) == 0);
}

/* Entry by entry, then all of them with one more, and divided. */
static void
entries(const uint8_t *bytes, size_t size)
{
	static struct bs_history_pack pack, first;
	struct bs_history_entry entry = {.kind = BS_HISTORY_DAY};
	struct bs_history_reader reader;
	uint8_t value[BS_HISTORY_ENTRY_MAX];
	uint32_t after = 0;
	int error;

	if (size > BS_HISTORY_MAX)
		return;
	bs_history_read_begin(&reader, bytes, size);
	while ((error = bs_history_read(&reader, &entry)) == BS_OK) {
		size_t used = (size_t)(reader.at - reader.entry);

		assert(bs_history_kind_name(entry.kind) != NULL);
		assert(bs_history_write(&entry, after, value) == used);
		assert(memcmp(value, reader.entry, used) == 0);
		after = reader.day;
	}
	if (error != BS_ENOTFOUND || size == 0)
		return;
	assert(bs_history_insert(bytes, size, &entry, &pack) == BS_OK);
	entry.time_s = bs_history_day_s(entry.time_s / 2);
	assert(bs_history_insert(bytes, size, &entry, &pack) == BS_OK);
	while (bs_history_divide(&pack, BS_HISTORY_FULL, &first))
		continue;
}

static void
entry_of_schema_4(const uint8_t *bytes, size_t size)
{
	struct bs_history_entry entry;
	struct bs_history_head head;

	(void)bs_history4_head_decode(bytes, size, &head);
	if (size < BS_HISTORY4_TAIL ||
	    bs_history4_decode(bytes, bytes + BS_HISTORY4_TAIL,
		size - BS_HISTORY4_TAIL, &entry) != BS_OK)
		return;
	assert(bs_history_kind_name(entry.kind) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1)
		return 0;
	if (bytes[0] % 3 == 0)
		head(bytes + 1, size - 1);
	else if (bytes[0] % 3 == 1)
		entry_of_schema_4(bytes + 1, size - 1);
	else
		entries(bytes + 1, size - 1);
	return 0;
}
