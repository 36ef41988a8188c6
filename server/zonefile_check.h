/*
 * What a master file may hold, and the messages where it holds something else.
 * zonefile.c's other half: records in wire form, no ldns.
 */
#ifndef SERVER_ZONEFILE_CHECK_H
#define SERVER_ZONEFILE_CHECK_H

#include <stdbool.h>

#include "zonefile.h"

/* The errors of one file. */
struct zonefile_errors {
	const struct zonefile_source *source;
	unsigned count; /* those past ZONEFILE_ERRORS_MAX are not reported */
};

/* Reports "FILE:LINE: what: remedy". */
void zonefile_fail(struct zonefile_errors *errors, unsigned line,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Whether a name (lower case, wire form) lies in the zone; *before_r is then
 * the size of its labels before the zone's name. */
bool zonefile_within(const struct zonefile_source *source, const uint8_t *name,
    size_t size, size_t *before_r);

/* Whether the record is one that can be served; reports why not. */
bool zonefile_check_record(
    struct zonefile_errors *errors, const struct zonefile_record *record);

/* What only shows when all records are there, in their order: SOA, NS. */
void zonefile_check_whole(
    struct zonefile_errors *errors, const struct zonefile *zonefile);

#endif
