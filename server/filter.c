/*
 * A Bloom filter in blocks of one word: a key sets BITS_PER_KEY bits of the one
 * word that its hash chooses, so that asking is one load and adding one atomic
 * or, whoever else does so.  Which lengths there are at all is a bit each.
 *
 * Keys are made of the first bits of an address, their number, the family, and
 * whether they are a listing or a gate.  Called by filter_keeper.c to fill it
 * and by snapshot_lookup.c for each question.
 */
#include "autoconf.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "bytes.h"

#include "filter.h"
#include "hugepages.h"

#define BITS_PER_KEY 4
#define WORD_BITS 64
#define LENGTH_WORDS 3 /* 129 bits */

/* Bits of the filter for a listing: an IPv4 one has 2 keys, an IPv6 one up to
 * 4; a listing too many in a hundred "may be" then. */
#define IPV4_BITS 30
#define IPV6_BITS 60
#define BYTES_MIN ((size_t)512 << 10)

enum kind {
	KIND_LISTING,
	KIND_GATE, /* something longer is listed behind it */
};

/* One family's listings. */
struct tree {
	const uint8_t *gate; /* lengths, wide first, ends with its last bit */
	size_t gate_count;
	_Atomic uint64_t length[LENGTH_WORDS]; /* that there are: a bit each */
};

struct filter {
	struct tree tree[2]; /* IPv4, IPv6 */
	size_t word_count;
	struct hugepages memory;
	_Atomic uint64_t *word; /* in it */
	const uint8_t *bytes;   /* the same, to be fetched */
};

/* The bits of an address, leading ones first. */
struct bits {
	uint64_t high, low;
	uint8_t family;
};

static const uint8_t ipv4_gates[] = {24};
static const uint8_t ipv6_gates[] = {32, 48, 64};

/* --- keys ---------------------------------------------------------------- */

static struct bits
bits_of(const struct bs_addr *addr)
{
	struct bits bits = {.family = addr->family};

	if (addr->family == BS_IPV4) {
		bits.high = (uint64_t)bs_get_be32(addr->octet) << 32;
	} else {
		bits.high = bs_get_be64(addr->octet);
		bits.low = bs_get_be64(addr->octet + 8);
	}
	return bits;
}

/* murmur3's finalizer: all bits depend on all */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdull;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ull;
	return x ^ x >> 33;
}

static uint64_t
hash(const struct bits *bits, enum kind kind, unsigned length)
{
	uint64_t tag =
	    (uint64_t)bits->family << 16 | (uint64_t)kind << 8 | length;
	uint64_t high = bits->high, low = bits->low;

	if (length < 64) {
		high = length == 0 ? 0 : high & ~(uint64_t)0 << (64 - length);
		low = 0;
	} else if (length < 128) {
		low = length == 64 ? 0 : low & ~(uint64_t)0 << (128 - length);
	}
	/* IPv4 leaves the low half of `high` free for the tag */
	if (bits->family == BS_IPV4)
		return mix(high | tag);
	return mix(mix(high ^ tag * 0x9e3779b97f4a7c15ull) ^ low);
}

/* The word by the upper half, the bits in it by the lower. */
static size_t
word_of(const struct filter *filter, uint64_t hash)
{
	return (size_t)((hash >> 32) * filter->word_count >> 32);
}

static uint64_t
mask_of(uint64_t hash)
{
	uint64_t mask = 0;

	for (int i = 0; i < BITS_PER_KEY; i++)
		mask |= (uint64_t)1 << (hash >> 6 * i & (WORD_BITS - 1));
	return mask;
}

static void
put(struct filter *filter, uint64_t hash)
{
	uint64_t mask = mask_of(hash);
	_Atomic uint64_t *word = &filter->word[word_of(filter, hash)];

	if ((atomic_load_explicit(word, memory_order_relaxed) & mask) != mask)
		(void)atomic_fetch_or_explicit(
		    word, mask, memory_order_relaxed);
}

static bool
has(const struct filter *filter, const struct bits *bits, enum kind kind,
    unsigned length)
{
	uint64_t key = hash(bits, kind, length), mask = mask_of(key);

	return (atomic_load_explicit(
		    &filter->word[word_of(filter, key)], memory_order_relaxed) &
		   mask) == mask;
}

/* --- life ---------------------------------------------------------------- */

static size_t
bytes_for(uint64_t listings_ipv4, uint64_t listings_ipv6)
{
	const uint64_t most = FILTER_BYTES_MAX * 8 / IPV6_BITS + 1;
	uint64_t bytes;

	if (listings_ipv4 > most * 2 || listings_ipv6 > most)
		return FILTER_BYTES_MAX;
	bytes = (listings_ipv4 * IPV4_BITS + listings_ipv6 * IPV6_BITS) / 8;
	if (bytes < BYTES_MIN)
		return BYTES_MIN;
	if (bytes >= HUGEPAGES_BYTES)
		bytes = (bytes + HUGEPAGES_BYTES - 1) &
			~(uint64_t)(HUGEPAGES_BYTES - 1);
	return bytes > FILTER_BYTES_MAX ? FILTER_BYTES_MAX
					: (size_t)(bytes & ~(uint64_t)7);
}

struct filter *
filter_new(uint64_t listings_ipv4, uint64_t listings_ipv6)
{
	struct filter *filter = calloc(1, sizeof(*filter));
	size_t bytes = bytes_for(listings_ipv4, listings_ipv6);

	if (filter == NULL)
		return NULL;
	if (!hugepages_map(bytes, &filter->memory)) {
		free(filter);
		return NULL;
	}
	filter->word = filter->memory.start;
	filter->bytes = filter->memory.start;
	filter->word_count = bytes / sizeof(*filter->word);
	filter->tree[0].gate = ipv4_gates;
	filter->tree[0].gate_count = sizeof(ipv4_gates);
	filter->tree[1].gate = ipv6_gates;
	filter->tree[1].gate_count = sizeof(ipv6_gates);
	return filter;
}

void
filter_free(struct filter **filter)
{
	if (*filter == NULL)
		return;
	hugepages_unmap(&(*filter)->memory);
	free(*filter);
	*filter = NULL;
}

size_t
filter_size_bytes(const struct filter *filter)
{
	return filter->word_count * sizeof(*filter->word);
}

/* --- adding and asking --------------------------------------------------- */

static size_t
tree_index(uint8_t family)
{
	return family == BS_IPV4 ? 0 : 1;
}

void
filter_add(struct filter *filter, const struct bs_prefix *listing)
{
	struct tree *tree = &filter->tree[tree_index(listing->addr.family)];
	struct bits bits = bits_of(&listing->addr);
	_Atomic uint64_t *lengths = &tree->length[listing->bits / 64];
	uint64_t length = (uint64_t)1 << listing->bits % 64;

	for (size_t i = 0; i < tree->gate_count; i++) {
		if (tree->gate[i] < listing->bits)
			put(filter, hash(&bits, KIND_GATE, tree->gate[i]));
	}
	put(filter, hash(&bits, KIND_LISTING, listing->bits));
	if ((atomic_load_explicit(lengths, memory_order_relaxed) & length) == 0)
		(void)atomic_fetch_or_explicit(
		    lengths, length, memory_order_relaxed);
}

/* No listing that is longer holds all of a prefix of `most` bits. */
static unsigned
longest_listing(const struct filter *filter, const struct tree *tree,
    const struct bits *bits, unsigned most)
{
	for (size_t i = 0; i < tree->gate_count && tree->gate[i] < most; i++) {
		if (!has(filter, bits, KIND_GATE, tree->gate[i]))
			return tree->gate[i];
	}
	return most;
}

/* Whether a listing of one of the lengths up to `most` may hold the address. */
static bool
may_cover_up_to(const struct filter *filter, const struct tree *tree,
    const struct bits *bits, unsigned most)
{
	for (unsigned i = 0; i <= most / 64; i++) {
		uint64_t lengths = atomic_load_explicit(
		    &tree->length[i], memory_order_relaxed);

		for (; lengths != 0; lengths &= lengths - 1) {
			unsigned length =
			    64 * i + (unsigned)__builtin_ctzll(lengths);

			if (length > most)
				return false;
			if (has(filter, bits, KIND_LISTING, length))
				return true;
		}
	}
	return false;
}

bool
filter_may_cover(const struct filter *filter, const struct bs_prefix *prefix)
{
	const struct tree *tree =
	    &filter->tree[tree_index(prefix->addr.family)];
	struct bits bits = bits_of(&prefix->addr);

	return may_cover_up_to(filter, tree, &bits,
	    longest_listing(filter, tree, &bits, prefix->bits));
}

enum filter_said
filter_ask_ipv4(const struct filter *filter, const struct bs_addr *addr)
{
	const struct tree *tree = &filter->tree[0];
	struct bits bits = bits_of(addr);
	unsigned longest = longest_listing(filter, tree, &bits, 32);

	if (may_cover_up_to(filter, tree, &bits, longest < 32 ? longest : 31))
		return FILTER_ANY;
	return longest < 32 ? FILTER_NONE : FILTER_SINGLE;
}

bool
filter_may_hold(const struct filter *filter, const struct bs_prefix *prefix)
{
	const struct tree *tree =
	    &filter->tree[tree_index(prefix->addr.family)];
	struct bits bits = bits_of(&prefix->addr);
	size_t gates = tree->gate_count;

	if (has(filter, &bits, KIND_LISTING, prefix->bits))
		return true;
	if (bs_prefix_is_single(prefix))
		return false;
	while (gates > 0 && tree->gate[gates - 1] > prefix->bits)
		gates--;
	return gates == 0 ||
	       has(filter, &bits, KIND_GATE, tree->gate[gates - 1]);
}

static void
fetch(const struct filter *filter, uint64_t hash)
{
	const uint8_t *memory = filter->bytes;

	__builtin_prefetch(
	    memory + word_of(filter, hash) * sizeof(*filter->word));
}

void
filter_expect(
    const struct filter *filter, const struct bs_addr *addr, bool single)
{
	const struct tree *tree = &filter->tree[tree_index(addr->family)];
	struct bits bits = bits_of(addr);

	fetch(filter, hash(&bits, KIND_GATE, tree->gate[0]));
	if (single && addr->family == BS_IPV4)
		fetch(filter, hash(&bits, KIND_LISTING, 32));
}
