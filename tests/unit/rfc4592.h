/*
 * An oracle: what RFC 4592 says of any name, given the names of a zone that
 * have records.  It knows nothing of addresses, prefixes or families, and is
 * as simple as the RFC allows, so that other code can be held to it.
 *
 * Names are text in lower case without the zone's, `*.100.51.198`; the zone's
 * own name is "".
 */
#ifndef TESTS_RFC4592_H
#define TESTS_RFC4592_H

#include <stddef.h>

enum rfc4592_kind {
	RFC4592_NXDOMAIN,
	RFC4592_NODATA, /* an empty non-terminal, or the zone's own name */
	RFC4592_ANSWER, /* by its own records or a wildcard's */
};

struct rfc4592_answer {
	enum rfc4592_kind kind;
	const void *data; /* ANSWER: as given for the name that answers */
};

struct rfc4592_zone;

/* Never NULL: ends the process where memory is out. */
struct rfc4592_zone *rfc4592_new(void);
void rfc4592_free(struct rfc4592_zone **zone);

/* Adds a name (copied) with records; `data` is borrowed, not NULL.  A name
 * that was added before ends the process: it would have two answers. */
void rfc4592_add(struct rfc4592_zone *zone, const char *name, const void *data);

/* How many names were added. */
size_t rfc4592_count(const struct rfc4592_zone *zone);

struct rfc4592_answer rfc4592_ask(
    const struct rfc4592_zone *zone, const char *name);

#endif
