/*
 * Test points (RFC 5782 section 5): addresses that every zone lists, so that
 * a client can try its set-up, and the two that none ever does.  Pure.
 *
 * 127.0.0.2 is in each zone, 127.0.0.6, .10, .18, .34, .66 and .130 where
 * the zone serves the class; each has a twin ::ffff:7f00:N.
 */
#ifndef BS_TESTPOINT_H
#define BS_TESTPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"

/*
 * Whether `addr` is a test point of a zone that serves `served`; *classes_r
 * is then its class, 0 for 127.0.0.2.
 */
bool bs_testpoint_find(
    const struct bs_addr *addr, bs_classes served, bs_classes *classes_r);

/* Whether a test point of such a zone lies inside the prefix. */
bool bs_testpoint_inside(const struct bs_prefix *prefix, bs_classes served);

/* The test points of a family, served or not, in the order of addresses:
 * 0 <= index < BS_TESTPOINT_COUNT. */
struct bs_addr bs_testpoint_at(uint8_t family, unsigned index);
#define BS_TESTPOINT_COUNT (1 + BS_CLASS_COUNT)

/* 127.0.0.1 or ::ffff:127.0.0.1, which are never listed. */
struct bs_addr bs_testpoint_opposite(uint8_t family);

/* Whether the prefix is or holds 127.0.0.1 or ::ffff:127.0.0.1: monitors take an
 * answer for these as a sign that the list went mad, and stop asking it. */
bool bs_testpoint_never(const struct bs_prefix *prefix);

#endif
