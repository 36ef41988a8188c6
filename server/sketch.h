/*
 * Who is most often: a bounded sketch of a stream of prefixes (the space-saving
 * algorithm: a new one takes the place and the count of the rarest).  What is
 * more often than one in SKETCH_ENTRIES is in it for sure; a count is never too
 * low, and too high by what the one before it had.
 *
 * One thread adds; any other may read meanwhile.
 */
#ifndef SERVER_SKETCH_H
#define SERVER_SKETCH_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "ipprefix.h"

#define SKETCH_ENTRIES 64

/* A prefix in three words, so that each is read whole. */
struct sketch_entry {
	_Atomic uint64_t high, low;
	_Atomic uint64_t meta; /* family, bits; 0: free */
	_Atomic uint64_t count;
};

struct sketch {
	_Atomic uint64_t version; /* odd while an entry changes */
	struct sketch_entry entry[SKETCH_ENTRIES];
};

struct sketch_item {
	struct bs_prefix prefix;
	uint64_t count;
};

void sketch_add(struct sketch *sketch, const struct bs_prefix *prefix);

/* Copies what is in it, at most SKETCH_ENTRIES, in no order; returns how many:
 * 0 too where it changes too fast to be read. */
size_t sketch_read(
    const struct sketch *sketch, struct sketch_item item[SKETCH_ENTRIES]);

/* Adds up the items of the same prefix and sorts, the most often first; returns
 * how many are left. */
size_t sketch_merge(struct sketch_item *item, size_t count);

#endif
