/*
 * The sketch, behind a sequence lock: the reader looks again where the writer
 * was at work meanwhile, and the writer never waits.  Called by counters.c and
 * counting.c.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "sketch.h"

#define TRIES 1000

/* A prefix as it is kept. */
struct words {
	uint64_t high, low, meta;
};

static struct words
to_words(const struct bs_prefix *prefix)
{
	return (struct words){
	    .high = bs_get_be64(prefix->addr.octet),
	    .low = bs_get_be64(prefix->addr.octet + 8),
	    .meta = (uint64_t)prefix->addr.family << 8 | prefix->bits,
	};
}

static struct bs_prefix
from_words(const struct words *words)
{
	struct bs_prefix prefix = {.bits = (uint8_t)words->meta};

	prefix.addr.family = (uint8_t)(words->meta >> 8);
	bs_put_be64(prefix.addr.octet, words->high);
	bs_put_be64(prefix.addr.octet + 8, words->low);
	return prefix;
}

static uint64_t
load(const _Atomic uint64_t *word)
{
	return atomic_load_explicit(word, memory_order_relaxed);
}

static void
store(_Atomic uint64_t *word, uint64_t value)
{
	atomic_store_explicit(word, value, memory_order_relaxed);
}

/* The entry of a prefix, or the rarest. */
static struct sketch_entry *
find(struct sketch *sketch, const struct words *words)
{
	struct sketch_entry *rarest = &sketch->entry[0];

	for (size_t i = 0; i < SKETCH_ENTRIES; i++) {
		struct sketch_entry *entry = &sketch->entry[i];

		if (load(&entry->meta) == words->meta &&
		    load(&entry->low) == words->low &&
		    load(&entry->high) == words->high)
			return entry;
		if (load(&entry->count) < load(&rarest->count))
			rarest = entry;
	}
	return rarest;
}

void
sketch_add(struct sketch *sketch, const struct bs_prefix *prefix)
{
	struct words words = to_words(prefix);
	struct sketch_entry *entry = find(sketch, &words);
	uint64_t version = load(&sketch->version);

	store(&sketch->version, version + 1);
	atomic_thread_fence(memory_order_release);
	store(&entry->high, words.high);
	store(&entry->low, words.low);
	store(&entry->meta, words.meta);
	store(&entry->count, load(&entry->count) + 1);
	atomic_store_explicit(
	    &sketch->version, version + 2, memory_order_release);
}

static size_t
copy(const struct sketch *sketch, struct sketch_item *item)
{
	size_t count = 0;

	for (size_t i = 0; i < SKETCH_ENTRIES; i++) {
		const struct sketch_entry *entry = &sketch->entry[i];
		const struct words words = {.high = load(&entry->high),
		    .low = load(&entry->low),
		    .meta = load(&entry->meta)};

		if (words.meta == 0)
			continue;
		item[count++] = (struct sketch_item){
		    .prefix = from_words(&words), .count = load(&entry->count)};
	}
	return count;
}

size_t
sketch_read(
    const struct sketch *sketch, struct sketch_item item[SKETCH_ENTRIES])
{
	for (int i = 0; i < TRIES; i++) {
		uint64_t before = atomic_load_explicit(
		    &sketch->version, memory_order_acquire);
		size_t count = copy(sketch, item);

		atomic_thread_fence(memory_order_acquire);
		if (before % 2 == 0 && load(&sketch->version) == before)
			return count;
	}
	return 0;
}

/* --- together ------------------------------------------------------------------ */

static int
compare_prefixes(const void *left, const void *right)
{
	const struct sketch_item *a = left, *b = right;

	return bs_prefix_compare(&a->prefix, &b->prefix);
}

/* The most often first; of equals by address, so that the order is always the
 * same. */
static int
compare_counts(const void *left, const void *right)
{
	const struct sketch_item *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return compare_prefixes(left, right);
}

size_t
sketch_merge(struct sketch_item *item, size_t count)
{
	size_t left = 0;

	qsort(item, count, sizeof(*item), compare_prefixes);
	for (size_t i = 0; i < count; i++) {
		if (left > 0 &&
		    compare_prefixes(&item[left - 1], &item[i]) == 0)
			item[left - 1].count += item[i].count;
		else
			item[left++] = item[i];
	}
	qsort(item, left, sizeof(*item), compare_counts);
	return left;
}
