/*
 * Zeroed memory that is looked at all over, in huge pages where it is large:
 * then the translations of all of it stay at hand.
 */
#ifndef SERVER_HUGEPAGES_H
#define SERVER_HUGEPAGES_H

#include <stdbool.h>
#include <stddef.h>

#define HUGEPAGES_BYTES ((size_t)2 << 20) /* of a page */

struct hugepages {
	void *start; /* at a huge page's start, where it is as large */
	void *mapping;
	size_t mapping_bytes;
};

/* False: out of memory. */
bool hugepages_map(size_t bytes, struct hugepages *memory_r);
void hugepages_unmap(const struct hugepages *memory);

#endif
