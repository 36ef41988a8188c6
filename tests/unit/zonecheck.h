/*
 * Holds three against each other for one set of listings and exemptions and
 * one zone: the names that zonecontent.c makes, asked by an oracle of RFC 4592;
 * the query path (content.c); and the plain truth about an address.
 */
#ifndef TESTS_ZONECHECK_H
#define TESTS_ZONECHECK_H

#include "rfc4592.h"
#include "zoneset.h"

struct zonecheck {
	struct zoneset *set;     /* borrowed */
	const struct zone *zone; /* borrowed */
	struct zonecheck_made {
		struct rfc4592_zone *oracle;
		struct bs_zonename *name;
		size_t count, room;
		size_t tests; /* those of them that are test points */
	} made;
	struct lookup lookup;
	uint64_t random;
	size_t asked;
};

/* Makes all names of the set; zonecheck_end frees them. */
void zonecheck_start(struct zonecheck *check, struct zoneset *set,
    const struct zone *zone, uint64_t seed);
void zonecheck_end(struct zonecheck *check);

/* Asks for addresses and names at, beside, in, above and below all that is in
 * the set, some of them at random. */
void zonecheck_all(struct zonecheck *check);

/* "NAME=ANSWER[@PREFIX]" holds by oracle and query path; *asked goes behind
 * it. */
void zonecheck_expect(struct zonecheck *check, const char **asked);

/* 0 to limit - 1, and the next seed. */
unsigned zonecheck_random(uint64_t *random, unsigned limit);

#endif
