/*
 * History entries, as bytes, with one more, or divided.  Pure; for the store's
 * history (lib/store_history*.c).
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "error.h"
#include "history_pack.h"

void
bs_history_append(struct bs_history_pack *pack,
    const struct bs_history_entry *entry, uint32_t after)
{
	assert(pack->size + BS_HISTORY_ENTRY_MAX <= sizeof(pack->bytes));
	pack->size += bs_history_write(entry, after, pack->bytes + pack->size);
}

/* Whether what was read stands behind the new one. */
static bool
is_behind(
    const struct bs_history_entry *read, const struct bs_history_entry *new)
{
	return read->time_s > new->time_s ||
	       (read->time_s == new->time_s &&new->kind == BS_HISTORY_DAY);
}

static void
append_bytes(struct bs_history_pack *pack, const struct bs_history_reader *rest)
{
	size_t size = (size_t)(rest->end - rest->at);

	assert(pack->size + size <= sizeof(pack->bytes));
	memcpy(pack->bytes + pack->size, rest->at, size);
	pack->size += size;
}

static bool
is_same_day(
    const struct bs_history_entry *read, const struct bs_history_entry *new)
{
	return new->kind == BS_HISTORY_DAY && read->kind == BS_HISTORY_DAY &&
	       read->time_s == new->time_s;
}

/* Whether there are so many bytes of one day that one event has to go. */
static bool
is_full(size_t size, const struct bs_history_reader *end,
    const struct bs_history_entry *new)
{
	return size > BS_HISTORY_MAX && new->kind != BS_HISTORY_DAY &&
	       end->day == new->time_s / BS_DAY_S;
}

/* Where a new entry belongs. */
struct place {
	struct bs_history_reader before; /* what it follows has been read */
	struct bs_history_reader after;  /* and what it comes before, if any */
	struct bs_history_entry behind;  /* which is this */
	bool at_end;
};

static int
find_place(const uint8_t *bytes, size_t size,
    const struct bs_history_entry *new, struct place *place)
{
	struct bs_history_reader earlier;
	int error;

	bs_history_read_begin(&place->after, bytes, size);
	place->before = place->after;
	do {
		earlier = place->before;
		place->before = place->after;
		error = bs_history_read(&place->after, &place->behind);
	} while (error == BS_OK && !is_behind(&place->behind, new));
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	place->at_end = error == BS_ENOTFOUND;
	if (place->at_end && is_full(size, &place->before, new))
		place->before = earlier;
	return BS_OK;
}

int
bs_history_insert(const uint8_t *bytes, size_t size,
    const struct bs_history_entry *entry, struct bs_history_pack *pack_r)
{
	struct bs_history_entry new = *entry;
	struct place place;
	bool same;
	int error = find_place(bytes, size, entry, &place);

	if (error != BS_OK)
		return error;
	same = !place.at_end && is_same_day(&place.behind, entry);
	if (same)
		bs_history_add(new.sum, place.behind.sum);
	pack_r->size = (size_t)(place.before.at - bytes);
	assert(pack_r->size <= sizeof(pack_r->bytes));
	if (pack_r->size > 0)
		memcpy(pack_r->bytes, bytes, pack_r->size);
	bs_history_append(pack_r, &new, place.before.day);
	if (place.at_end)
		return BS_OK;
	if (!same)
		bs_history_append(
		    pack_r, &place.behind, entry->time_s / BS_DAY_S);
	append_bytes(pack_r, &place.after);
	return BS_OK;
}

bool
bs_history_divide(
    struct bs_history_pack *pack, size_t most, struct bs_history_pack *first_r)
{
	struct bs_history_reader reader, rest = {0};
	struct bs_history_entry entry, begin;
	size_t cut = 0;
	uint32_t day = 0;

	bs_history_read_begin(&reader, pack->bytes, pack->size);
	while (pack->size > BS_HISTORY_FULL &&
	       bs_history_read(&reader, &entry) == BS_OK) {
		size_t offset = (size_t)(reader.entry - pack->bytes);

		if (cut != 0 && offset > most)
			break;
		if (offset != 0 && reader.day != day) {
			cut = offset;
			begin = entry;
			rest = reader;
		}
		day = reader.day;
	}
	if (cut == 0)
		return false;
	memcpy(first_r->bytes, pack->bytes, cut);
	first_r->size = cut;
	pack->size = bs_history_write(&begin, 0, pack->bytes);
	memmove(
	    pack->bytes + pack->size, rest.at, (size_t)(rest.end - rest.at));
	pack->size += (size_t)(rest.end - rest.at);
	return true;
}
