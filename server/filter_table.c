/*
 * A hash table with open addressing, a 32-bit word a slot.  The hash is a
 * permutation of the addresses: its upper bits are the slot where the search
 * begins, and a slot holds only the lower ones, and how far from there it
 * lies.  Nothing is taken out: an address that is not listed any more stays
 * with no classes.  So a change is one atomic store, which readers see or not.
 * Called by filter_keeper.c, and for questions by snapshot_lookup.c.
 */
#include "autoconf.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "bytes.h"

#include "filter_table.h"
#include "hugepages.h"

/* used, 7 bits of distance, 6 of classes, up to 18 of hash */
#define USED ((uint32_t)1 << 31)
#define DISTANCE_SHIFT 24
#define DISTANCE_MAX 127u
#define CLASSES_SHIFT 18
#define CLASSES_MASK ((uint32_t)0x3f << CLASSES_SHIFT)
#define REST_BITS_MAX 18u
#define CLASS_BITS_BELOW 2 /* of an answer, which are no classes */

#define SLOT_BITS_MIN (32 - REST_BITS_MAX)

struct filter_table {
	struct hugepages memory;
	_Atomic uint32_t *slot; /* 0: free */
	const uint8_t *bytes;   /* the same, to be fetched */
	unsigned rest_bits;     /* of the hash, that a slot holds */
	uint32_t mask;          /* of slot numbers */
	uint32_t used, used_max;
};

/* lowbias32, by which two addresses never become one */
static uint32_t
hash(const struct bs_addr *addr)
{
	uint32_t x = bs_get_be32(addr->octet);

	x = (x ^ x >> 16) * 0x7feb352du;
	x = (x ^ x >> 15) * 0x846ca68bu;
	return x ^ x >> 16;
}

/* Half full at most, at the start. */
struct filter_table *
filter_table_new(uint64_t addresses)
{
	struct filter_table *table;
	unsigned bits = SLOT_BITS_MIN;

	if (addresses > FILTER_TABLE_MAX)
		return NULL;
	while ((uint64_t)5 << bits < addresses * 8)
		bits++;
	table = calloc(1, sizeof(*table));
	if (table == NULL)
		return NULL;
	if (!hugepages_map(sizeof(uint32_t) << bits, &table->memory)) {
		free(table);
		return NULL;
	}
	table->slot = table->memory.start;
	table->bytes = table->memory.start;
	table->rest_bits = 32 - bits;
	table->mask = ((uint32_t)1 << bits) - 1;
	table->used_max = table->mask / 5 * 4;
	return table;
}

void
filter_table_free(struct filter_table **table)
{
	if (*table == NULL)
		return;
	hugepages_unmap(&(*table)->memory);
	free(*table);
	*table = NULL;
}

size_t
filter_table_size_bytes(const struct filter_table *table)
{
	return ((size_t)table->mask + 1) * sizeof(*table->slot);
}

/* What a slot holds beside the classes, so far from where the search began. */
static uint32_t
key_of(const struct filter_table *table, uint32_t hash, uint32_t distance)
{
	return USED | distance << DISTANCE_SHIFT |
	       (hash & (((uint32_t)1 << table->rest_bits) - 1));
}

/* The address's slot, or the free one that ends the search; NULL: neither. */
static _Atomic uint32_t *
find(const struct filter_table *table, const struct bs_addr *addr,
    uint32_t *key_r, uint32_t *found_r)
{
	uint32_t hashed = hash(addr);
	uint32_t first = (uint32_t)((uint64_t)hashed >> table->rest_bits);

	for (uint32_t i = 0; i <= DISTANCE_MAX; i++) {
		_Atomic uint32_t *slot =
		    &table->slot[(first + i) & table->mask];

		*key_r = key_of(table, hashed, i);
		*found_r = atomic_load_explicit(slot, memory_order_acquire);
		if (*found_r == 0 || (*found_r & ~CLASSES_MASK) == *key_r)
			return slot;
	}
	return NULL;
}

bool
filter_table_set(
    struct filter_table *table, const struct bs_addr *addr, bs_classes classes)
{
	uint32_t key, found;
	_Atomic uint32_t *slot = find(table, addr, &key, &found);

	if (slot == NULL)
		return classes == 0;
	if (found == 0) {
		if (classes == 0)
			return true;
		if (table->used >= table->used_max)
			return false;
		table->used++;
	}
	key |= (uint32_t)classes >> CLASS_BITS_BELOW << CLASSES_SHIFT;
	atomic_store_explicit(slot, key, memory_order_release);
	return true;
}

bs_classes
filter_table_get(const struct filter_table *table, const struct bs_addr *addr)
{
	uint32_t key, found;

	if (find(table, addr, &key, &found) == NULL || found == 0)
		return 0;
	return (bs_classes)((found & CLASSES_MASK) >> CLASSES_SHIFT
							  << CLASS_BITS_BELOW);
}

void
filter_table_expect(
    const struct filter_table *table, const struct bs_addr *addr)
{
	uint32_t first = (uint32_t)((uint64_t)hash(addr) >> table->rest_bits);

	__builtin_prefetch(table->bytes + (size_t)first * sizeof(*table->slot));
}
