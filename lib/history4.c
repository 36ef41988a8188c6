/*
 * History records as schema 3 and 4 had them: one for each day and event of a
 * prefix.  Pure; read by bs_store_upgrade only, which makes them those of
 * lib/history.c.
 *
 * Key of an entry: the prefix, the time, then an order among what happened in
 * one second, 0 for a day.  A day: version, kind, then sums.  Another entry:
 * version, kind, old and new classes, actor and reason, each after its size.  A
 * head, under the prefix alone: version, when it is due, since when it sums up,
 * then sums.  Sums: a byte of classes, then eight bytes for each in the order of
 * their bits.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "error.h"
#include "history4.h"

#define SUM_SIZE 8
#define HEAD_SIZE 9

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
bs_history4_decode(const uint8_t time_order[5], const uint8_t *value,
    size_t size, struct bs_history_entry *entry_r)
{
	struct bs_history_entry entry = {0};
	int error;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HISTORY4_VERSION)
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

int
bs_history4_head_decode(
    const uint8_t *value, size_t size, struct bs_history_head *head_r)
{
	struct bs_history_head head = {0};
	int error;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HISTORY4_VERSION)
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
