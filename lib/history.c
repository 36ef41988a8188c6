/*
 * History records to bytes and back.  Pure: when something is recorded, and
 * when it goes, is lib/store_history.c's; how it looks in print is
 * backstopctl's.
 *
 * A day: version, kind, then sums.  Another entry: version, kind, old and new
 * classes, actor and reason, each after its size.  A head: version, when it is
 * due, since when it sums up, then sums.  Sums: a byte of classes, then eight
 * bytes for each in the order of their bits.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "history.h"

#define SUM_SIZE 8
#define HEAD_SIZE 9

static const char *const kind_names[BS_HISTORY_KIND_COUNT] = {
    [BS_HISTORY_DAY] = "sightings",
    [BS_HISTORY_LISTED] = "listed",
    [BS_HISTORY_ADDED] = "added",
    [BS_HISTORY_EXPIRED] = "expired",
    [BS_HISTORY_REMOVED] = "removed",
    [BS_HISTORY_SELF] = "self-removed",
    [BS_HISTORY_PURGED] = "purged",
    [BS_HISTORY_EXEMPTED] = "exempted",
    [BS_HISTORY_NOT_EXEMPTED] = "not exempted",
};

const char *
bs_history_kind_name(enum bs_history_kind kind)
{
	return kind_names[kind];
}

uint32_t
bs_history_day_s(uint32_t time_s)
{
	return time_s - time_s % BS_HISTORY_DAY_S;
}

bool
bs_history_is_end(const struct bs_history_entry *entry)
{
	switch (entry->kind) {
	case BS_HISTORY_DAY:
	case BS_HISTORY_LISTED:
	case BS_HISTORY_ADDED:
	case BS_HISTORY_EXEMPTED:
		return false;
	case BS_HISTORY_EXPIRED:
	case BS_HISTORY_REMOVED:
	case BS_HISTORY_SELF:
	case BS_HISTORY_PURGED:
		return entry->new_classes == 0;
	case BS_HISTORY_NOT_EXEMPTED:
		return true;
	}
	return false;
}

size_t
bs_history_key(uint8_t key[BS_HISTORY_KEY_MAX], size_t size, uint32_t time_s,
    uint8_t order)
{
	assert(size <= BS_HISTORY_HEAD_KEY_MAX);
	bs_put_be32(key + size, time_s);
	key[size + 4] = order;
	return size + 5;
}

/* --- sums --------------------------------------------------------------- */

static uint32_t
add(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

void
bs_history_add(struct bs_history_sum sum[BS_CLASS_COUNT],
    const struct bs_history_sum more[BS_CLASS_COUNT])
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		sum[i].sightings = add(sum[i].sightings, more[i].sightings);
		sum[i].renewals = add(sum[i].renewals, more[i].renewals);
	}
}

static size_t
put_sums(uint8_t *at, const struct bs_history_sum sum[BS_CLASS_COUNT])
{
	size_t size = 1;

	at[0] = 0;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if (sum[i].sightings == 0 && sum[i].renewals == 0)
			continue;
		at[0] |= (uint8_t)bs_class_at(i);
		bs_put_be32(at + size, sum[i].sightings);
		bs_put_be32(at + size + 4, sum[i].renewals);
		size += SUM_SIZE;
	}
	return size;
}

static int
get_sums(
    const uint8_t *at, size_t size, struct bs_history_sum sum_r[BS_CLASS_COUNT])
{
	size_t used = 1;

	if (size < 1 || (at[0] & ~BS_CLASSES_ALL) != 0)
		return BS_ECORRUPT;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((at[0] & bs_class_at(i)) == 0)
			continue;
		if (size < used + SUM_SIZE)
			return BS_ECORRUPT;
		sum_r[i].sightings = bs_get_be32(at + used);
		sum_r[i].renewals = bs_get_be32(at + used + 4);
		if (sum_r[i].sightings == 0 && sum_r[i].renewals == 0)
			return BS_ECORRUPT;
		used += SUM_SIZE;
	}
	return used == size ? BS_OK : BS_ECORRUPT;
}

/* --- entries ------------------------------------------------------------ */

static uint8_t *
put_text(uint8_t *at, const char *text, size_t max)
{
	size_t size = strnlen(text, max);

	*at++ = (uint8_t)size;
	memcpy(at, text, size);
	return at + size;
}

size_t
bs_history_encode(
    const struct bs_history_entry *entry, uint8_t value[BS_HISTORY_VALUE_MAX])
{
	uint8_t *at = value;

	*at++ = BS_HISTORY_VERSION;
	*at++ = (uint8_t)entry->kind;
	if (entry->kind == BS_HISTORY_DAY)
		return 2 + put_sums(at, entry->sum);
	*at++ = entry->old_classes;
	*at++ = entry->new_classes;
	at = put_text(at, entry->actor, BS_JOURNAL_ACTOR_MAX);
	at = put_text(at, entry->reason, BS_JOURNAL_REASON_MAX);
	return (size_t)(at - value);
}

/* Reads a text of at most `max` bytes and moves on; false where it is none. */
static bool
get_text(const uint8_t **at, size_t *left, size_t max, char *text_r)
{
	size_t size;

	if (*left < 1)
		return false;
	size = **at;
	if (size > max || *left < 1 + size ||
	    memchr(*at + 1, '\0', size) != NULL)
		return false;
	memcpy(text_r, *at + 1, size);
	text_r[size] = '\0';
	*at += 1 + size;
	*left -= 1 + size;
	return true;
}

static int
get_event(const uint8_t *at, size_t left, struct bs_history_entry *entry)
{
	if (left < 2 || ((at[0] | at[1]) & ~BS_CLASSES_ALL) != 0)
		return BS_ECORRUPT;
	entry->old_classes = at[0];
	entry->new_classes = at[1];
	at += 2;
	left -= 2;
	if (!get_text(&at, &left, BS_JOURNAL_ACTOR_MAX, entry->actor) ||
	    !get_text(&at, &left, BS_JOURNAL_REASON_MAX, entry->reason))
		return BS_ECORRUPT;
	return left == 0 ? BS_OK : BS_ECORRUPT;
}

int
bs_history_decode(const uint8_t time_order[5], const uint8_t *value,
    size_t size, struct bs_history_entry *entry_r)
{
	struct bs_history_entry entry = {0};
	int error;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HISTORY_VERSION)
		return BS_EVERSION;
	if (size < 2 || value[1] >= BS_HISTORY_KIND_COUNT)
		return BS_ECORRUPT;
	entry.time_s = bs_get_be32(time_order);
	entry.order = time_order[4];
	entry.kind = (enum bs_history_kind)value[1];
	/* a day has its own key, and nothing else has */
	if ((entry.kind == BS_HISTORY_DAY) != (entry.order == 0))
		return BS_ECORRUPT;
	if (entry.kind == BS_HISTORY_DAY)
		error = get_sums(value + 2, size - 2, entry.sum);
	else
		error = get_event(value + 2, size - 2, &entry);
	if (error == BS_OK)
		*entry_r = entry;
	return error;
}

/* --- heads -------------------------------------------------------------- */

size_t
bs_history_head_encode(const struct bs_history_head *head,
    uint8_t value[BS_HISTORY_HEAD_VALUE_MAX])
{
	value[0] = BS_HISTORY_VERSION;
	bs_put_be32(value + 1, head->due_s);
	bs_put_be32(value + 5, head->since_s);
	return HEAD_SIZE + put_sums(value + HEAD_SIZE, head->sum);
}

int
bs_history_head_decode(
    const uint8_t *value, size_t size, struct bs_history_head *head_r)
{
	struct bs_history_head head = {0};
	int error;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HISTORY_VERSION)
		return BS_EVERSION;
	if (size < HEAD_SIZE)
		return BS_ECORRUPT;
	head.due_s = bs_get_be32(value + 1);
	head.since_s = bs_get_be32(value + 5);
	error = get_sums(value + HEAD_SIZE, size - HEAD_SIZE, head.sum);
	if (error == BS_OK)
		*head_r = head;
	return error;
}
