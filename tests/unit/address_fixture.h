/*
 * Addresses and prefixes of tests, from their text.
 */
#ifndef ADDRESS_FIXTURE_H
#define ADDRESS_FIXTURE_H

#include "ipprefix.h"

/* What the text says; fails the test where it is none. */
struct bs_addr addr_of(const char *text);
struct bs_prefix prefix_of(const char *text);

#endif
