/*
 * Reversed names: what stands before a zone's name, as address or prefix
 * (RFC 5782 sections 2.1 and 2.4).  Pure.
 *
 * Both families share a zone, and some names belong to both trees: `1.0.0.2`
 * is 2.0.0.1, and lies above every 2001:… as well.
 */
#ifndef SERVER_REVNAME_H
#define SERVER_REVNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipprefix.h"

struct revname {
	bool is_ipv4, is_ipv6; /* neither: no reversed name */
	struct bs_prefix ipv4; /* 8 bits a label; 32: a whole address */
	struct bs_prefix ipv6; /* 4 bits a label; 128: a whole address */
};

/*
 * Reads `size` bytes of labels in lower case, without the zone's name, last
 * octet or nibble first.  IPv4: 1 to 4 labels, decimal to 255, no leading zero;
 * IPv6: 1 to 32 labels of one hexadecimal digit.  False for any other name
 * (the empty one too); *revname_r is then undefined.
 */
bool revname_parse(
    const uint8_t *labels, size_t size, struct revname *revname_r);

/* The reversed name that a longer name ends in. */
struct revname_tail {
	struct bs_prefix prefix; /* bits 0: none */
	bool is_parent; /* just one label stands before it: the name's first */
	bool asterisk;  /* the label right before it is `*` */
};

/*
 * The longest reversed name of a family at the end of `size` bytes of labels
 * (lower case), which are none themselves.
 */
struct revname_tail revname_parse_tail(
    uint8_t family, const uint8_t *labels, size_t size);

/* Whether the family's part of it is a whole address. */
static inline bool
revname_is_ipv4_address(const struct revname *revname)
{
	return revname->is_ipv4 && revname->ipv4.bits == 32;
}

static inline bool
revname_is_ipv6_address(const struct revname *revname)
{
	return revname->is_ipv6 && revname->ipv6.bits == 128;
}

/*
 * The address that a name (wire form, any case) seems to begin with, looked at
 * in haste: a guess for who fetches ahead, false where there is none.
 */
bool revname_guess(const uint8_t *name, size_t size, struct bs_addr *addr_r);

/*
 * Whether a label lies at the top of one of the reversed trees: an octet or a
 * nibble.  A static name below such a label would collide with addresses.
 */
bool revname_is_top(const uint8_t *label, size_t size);

#endif
