/*
 * Address space that is never listed: the special-purpose registries of
 * RFC 6890 (as IANA keeps them), multicast, and 6to4 and Teredo, whose
 * addresses name a relay and not a host.  Pure tables.
 */
#ifndef BS_RESERVED_H
#define BS_RESERVED_H

#include <stdbool.h>
#include <stddef.h>

#include "ipprefix.h"

struct bs_reserved {
	struct bs_prefix prefix;
	const char *name;   /* "documentation space", static */
	const char *source; /* "RFC 5737", static */
	bool documentation; /* a trial may allow it: documentation-space */
};

/* The narrowest row that holds the address, or NULL; static storage.  A
 * v4-mapped address is judged as its IPv4 address. */
const struct bs_reserved *bs_reserved_find(const struct bs_addr *addr);

/*
 * A row that the prefix lies in or reaches into (a /4 that holds private
 * space, say), or NULL.  With `documentation_allowed`, rows of documentation
 * space are passed over.
 */
const struct bs_reserved *bs_reserved_overlap(
    const struct bs_prefix *prefix, bool documentation_allowed);

/* All rows, for the manual and the tests. */
const struct bs_reserved *bs_reserved_table(size_t *count_r);

#endif
