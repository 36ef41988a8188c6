/*
 * The set of literals: a filter of bits and a hash table, both by a gram: four
 * bytes somewhere in the literal (or three, where it has no more).  Of a
 * literal's grams the one is taken that the fewest others have, so that the
 * usual words of a language lead to few comparisons.  weigh.c scans with it
 * what the rules look at.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

#include "literals.h"

#define FILTER_BITS 16 /* 8 KB: three of them stay in the first cache */
#define COUNT_BITS 14
#define BUCKET_BITS 13
#define BUCKETS ((size_t)1 << BUCKET_BITS)

struct literal {
	const char *text;
	uint32_t gram;
	uint32_t id;
	uint16_t size;
	uint16_t offset; /* of the gram */
};

struct literals {
	struct literal *literal; /* by bucket, once built */
	size_t count;
	size_t capacity;
	bool has_short; /* some have three bytes only */
	uint32_t bucket[BUCKETS + 1];
	uint8_t filter[((size_t)1 << FILTER_BITS) / 8];
};

static uint32_t
hash(uint32_t gram, unsigned bits)
{
	return (gram * UINT32_C(0x9e3779b1)) >> (32 - bits);
}

static uint32_t
gram_at(const char *text)
{
	uint32_t gram;

	memcpy(&gram, text, sizeof gram);
	return gram;
}

static uint32_t
short_gram_at(const char *text)
{
	uint32_t gram = 0;

	memcpy(&gram, text, 3);
	return gram;
}

struct literals *
literals_new(void)
{
	return calloc(1, sizeof(struct literals));
}

static bool
grow(struct literals *set)
{
	size_t capacity = set->capacity > 0 ? 2 * set->capacity : 256;
	struct literal *literal;

	if (set->count < set->capacity)
		return true;
	literal = reallocarray(set->literal, capacity, sizeof *literal);
	if (literal == NULL)
		return false;
	set->literal = literal;
	set->capacity = capacity;
	return true;
}

int
literals_add(struct literals *set, const char *text, size_t size, uint32_t id)
{
	if (size < LITERALS_SIZE_MIN || size > LITERALS_SIZE_MAX)
		return BS_ERANGE;
	if (set->count == LITERALS_MAX)
		return BS_EFULL;
	if (!grow(set))
		return BS_ENOMEM;
	set->literal[set->count++] =
	    (struct literal){.text = text, .size = (uint16_t)size, .id = id};
	return BS_OK;
}

/* --- building ------------------------------------------------------------ */

/* The usual letters of English: a gram of them is met in any text. */
static unsigned
commonness(const char *gram)
{
	unsigned common = 0;

	for (size_t i = 0; i < 4; i++)
		common += strchr("etaoinsr ", gram[i]) != NULL;
	return common;
}

static void
count_grams(const struct literals *set, uint16_t *count)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct literal *literal = &set->literal[i];

		for (size_t k = 0; k + 4 <= literal->size; k++) {
			uint16_t *slot = &count[hash(
			    gram_at(literal->text + k), COUNT_BITS)];

			*slot += *slot < UINT16_MAX;
		}
	}
}

static void
choose_gram(struct literal *literal, const uint16_t *count)
{
	unsigned long best = (unsigned long)-1;

	if (literal->size < 4) {
		literal->gram = short_gram_at(literal->text);
		return;
	}
	for (size_t k = 0; k + 4 <= literal->size; k++) {
		const char *gram = literal->text + k;
		unsigned long cost =
		    count[hash(gram_at(gram), COUNT_BITS)] * 8ul +
		    commonness(gram);

		if (cost < best) {
			best = cost;
			literal->offset = (uint16_t)k;
			literal->gram = gram_at(gram);
		}
	}
}

static int
by_bucket(const void *a, const void *b)
{
	const struct literal *left = a, *right = b;
	uint32_t x = hash(left->gram, BUCKET_BITS);
	uint32_t y = hash(right->gram, BUCKET_BITS);

	if (x != y)
		return x < y ? -1 : 1;
	return (left->id > right->id) - (left->id < right->id);
}

static void
fill_table(struct literals *set)
{
	size_t next = 0;

	for (size_t i = 0; i < set->count; i++) {
		uint32_t bit = hash(set->literal[i].gram, FILTER_BITS);
		uint32_t bucket = hash(set->literal[i].gram, BUCKET_BITS);

		set->filter[bit >> 3] |= (uint8_t)(1u << (bit & 7));
		while (next <= bucket)
			set->bucket[next++] = (uint32_t)i;
		set->has_short |= set->literal[i].size < 4;
	}
	while (next <= BUCKETS)
		set->bucket[next++] = (uint32_t)set->count;
}

int
literals_build(struct literals *set)
{
	uint16_t *count = calloc((size_t)1 << COUNT_BITS, sizeof *count);

	if (count == NULL)
		return BS_ENOMEM;
	count_grams(set, count);
	for (size_t i = 0; i < set->count; i++)
		choose_gram(&set->literal[i], count);
	free(count);
	if (set->count > 0)
		qsort(
		    set->literal, set->count, sizeof *set->literal, by_bucket);
	fill_table(set);
	return BS_OK;
}

/* --- scanning ------------------------------------------------------------ */

static bool
may_have(const struct literals *set, uint32_t gram)
{
	uint32_t bit = hash(gram, FILTER_BITS);

	return (set->filter[bit >> 3] >> (bit & 7) & 1) != 0;
}

struct scan {
	const char *text;
	size_t size;
	literals_found *found;
	void *context;
};

/* Compares the literals that have this gram, of so many bytes, at `at`. */
static void
compare(const struct literals *set, const struct scan *scan, size_t at,
    uint32_t gram, bool is_short)
{
	uint32_t bucket = hash(gram, BUCKET_BITS);

	for (uint32_t i = set->bucket[bucket]; i < set->bucket[bucket + 1];
	     i++) {
		const struct literal *literal = &set->literal[i];

		if (literal->gram != gram || (literal->size < 4) != is_short ||
		    at < literal->offset ||
		    literal->size > scan->size - (at - literal->offset))
			continue;
		if (memcmp(scan->text + at - literal->offset, literal->text,
			literal->size) == 0)
			scan->found(
			    scan->context, literal->id, at - literal->offset);
	}
}

static void
scan_short(const struct literals *set, const struct scan *scan)
{
	for (size_t i = 0; i + 3 <= scan->size; i++) {
		uint32_t gram = short_gram_at(scan->text + i);

		if (may_have(set, gram))
			compare(set, scan, i, gram, true);
	}
}

void
literals_scan(const struct literals *set, const char *text, size_t size,
    literals_found *found, void *context)
{
	struct scan scan = {text, size, found, context};

	for (size_t i = 0; i + 4 <= size; i++) {
		uint32_t gram = gram_at(text + i);

		if (may_have(set, gram))
			compare(set, &scan, i, gram, false);
	}
	if (set->has_short)
		scan_short(set, &scan);
}

void
literals_free(struct literals **set)
{
	if (*set == NULL)
		return;
	free((*set)->literal);
	free(*set);
	*set = NULL;
}
