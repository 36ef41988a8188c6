/*
 * Journal records to bytes and back.  Pure: lib/store_journal.c keeps them.
 *
 * Value: version, kind, time_s (4), size of the actor, size of the reason,
 * family, bits, old and new classes; then the octets of the prefix, the actor,
 * the reason.  A reset has family, bits and classes 0.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "journal.h"

#define HEADER_SIZE 12

static uint8_t *
put_text(uint8_t *at, const char *text, size_t size)
{
	memcpy(at, text, size);
	return at + size;
}

size_t
bs_journal_encode(
    const struct bs_journal_entry *entry, uint8_t value[BS_JOURNAL_VALUE_MAX])
{
	bool change = entry->kind == BS_JOURNAL_CHANGE;
	size_t octets =
	    change ? bs_family_octets(entry->prefix.addr.family) : 0;
	size_t actor_size = strnlen(entry->actor, BS_JOURNAL_ACTOR_MAX);
	size_t reason_size = strnlen(entry->reason, BS_JOURNAL_REASON_MAX);
	uint8_t *at = value + HEADER_SIZE;

	assert(!change || octets != 0);
	value[0] = BS_JOURNAL_VERSION;
	value[1] = (uint8_t)entry->kind;
	bs_put_be32(value + 2, entry->time_s);
	value[6] = (uint8_t)actor_size;
	value[7] = (uint8_t)reason_size;
	value[8] = change ? entry->prefix.addr.family : 0;
	value[9] = change ? entry->prefix.bits : 0;
	value[10] = change ? entry->old_classes : 0;
	value[11] = change ? entry->new_classes : 0;
	memcpy(at, entry->prefix.addr.octet, octets);
	at = put_text(at + octets, entry->actor, actor_size);
	at = put_text(at, entry->reason, reason_size);
	return (size_t)(at - value);
}

static bool
header_is_sound(const uint8_t *value, size_t size)
{
	size_t octets = bs_family_octets(value[8]);

	if (value[6] > BS_JOURNAL_ACTOR_MAX || value[7] > BS_JOURNAL_REASON_MAX)
		return false;
	if (((value[10] | value[11]) & ~BS_CLASSES_ALL) != 0)
		return false;
	switch (value[1]) {
	case BS_JOURNAL_CHANGE:
		if (octets == 0 || value[9] > bs_family_bits(value[8]))
			return false;
		break;
	case BS_JOURNAL_RESET:
		if ((value[8] | value[9] | value[10] | value[11]) != 0)
			return false;
		break;
	default:
		return false;
	}
	return size == HEADER_SIZE + octets + value[6] + value[7];
}

/* The prefix of a change; false where it has bits beyond its length. */
static bool
get_prefix(const uint8_t *value, struct bs_prefix *prefix)
{
	struct bs_addr addr = {.family = value[8]};

	memcpy(addr.octet, value + HEADER_SIZE, bs_family_octets(addr.family));
	*prefix = bs_prefix_of(&addr, value[9]);
	return bs_addr_compare(&prefix->addr, &addr) == 0;
}

int
bs_journal_decode(uint64_t number, const uint8_t *value, size_t size,
    struct bs_journal_entry *entry_r)
{
	struct bs_journal_entry entry = {.number = number};
	const uint8_t *text;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_JOURNAL_VERSION)
		return BS_EVERSION;
	if (size < HEADER_SIZE || !header_is_sound(value, size))
		return BS_ECORRUPT;
	entry.kind = (enum bs_journal_kind)value[1];
	entry.time_s = bs_get_be32(value + 2);
	entry.old_classes = value[10];
	entry.new_classes = value[11];
	if (entry.kind == BS_JOURNAL_CHANGE &&
	    !get_prefix(value, &entry.prefix))
		return BS_ECORRUPT;
	text = value + HEADER_SIZE + bs_family_octets(value[8]);
	if (memchr(text, '\0', (size_t)value[6] + value[7]) != NULL)
		return BS_ECORRUPT;
	memcpy(entry.actor, text, value[6]);
	memcpy(entry.reason, text + value[6], value[7]);
	*entry_r = entry;
	return BS_OK;
}
