/*
 * Times in master files: seconds, or like 1h30m.  ldns wraps what has no room
 * in 32 bits and takes -5 for 5; here both are errors.  Pure.
 */
#ifndef SERVER_ZONETIMES_H
#define SERVER_ZONETIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define ZONETIMES_MAX_S INT32_MAX /* RFC 2181 section 8 */

/* A time of `size` bytes; BS_EINVAL: none, BS_ERANGE: above the maximum. */
int zonetimes_parse(const char *text, size_t size, uint32_t *time_s_r);

/*
 * The TTL of a record, if it has one, and an SOA's four times.  `entry` is one
 * of zonetext.h that ldns could read, its TTL before its class.  BS_EINVAL with
 * "what: remedy" in `message`.
 */
int zonetimes_check(const char *entry, bool soa, struct bs_message *message);

#endif
