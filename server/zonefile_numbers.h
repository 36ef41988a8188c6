/*
 * Numbers in the data of master files' records.
 */
#ifndef SERVER_ZONEFILE_NUMBERS_H
#define SERVER_ZONEFILE_NUMBERS_H

#include <ldns/ldns.h>

#include "error.h"

/*
 * ldns wraps a number that has no room in its field (an MX preference of 70000
 * becomes 4464): compares the numbers that the data begins with to those of
 * `entry`, which is one of zonetext.h that `rr` was read from.  BS_ERANGE with
 * "what: remedy" in `message`.
 */
int zonefile_numbers_check(
    const char *entry, const ldns_rr *rr, struct bs_message *message);

#endif
