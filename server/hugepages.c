/*
 * Memory from mmap, apart from malloc's, so that what is freed goes back to the
 * system at once.  Without huge pages it is just memory.  Called by filter.c
 * and filter_table.c.
 */
#include "autoconf.h"

#include <stdint.h>
#include <sys/mman.h>

#include "hugepages.h"

bool
hugepages_map(size_t bytes, struct hugepages *memory_r)
{
	size_t spare = bytes >= HUGEPAGES_BYTES ? HUGEPAGES_BYTES : 0;
	uint8_t *start = mmap(NULL, bytes + spare, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED)
		return false;
	memory_r->mapping = start;
	memory_r->mapping_bytes = bytes + spare;
	if (spare > 0) {
		start +=
		    (HUGEPAGES_BYTES - (uintptr_t)start % HUGEPAGES_BYTES) %
		    HUGEPAGES_BYTES;
		(void)madvise(start, bytes, MADV_HUGEPAGE);
	}
	memory_r->start = start;
	return true;
}

void
hugepages_unmap(const struct hugepages *memory)
{
	(void)munmap(memory->mapping, memory->mapping_bytes);
}
