/*
 * Listing records: what the database keeps of a listed address or prefix, and
 * its bytes.  Pure.
 *
 * Key: octets (4 or 16), then the prefix length in one byte, so that keys sort
 * as addresses do, a wider prefix before what it holds.  IPv4 and IPv6 are
 * tables of their own.  Value: version, then fixed big-endian fields, then a
 * part per listed class in the order of its bits.
 */
#ifndef BS_LISTING_H
#define BS_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"

#define BS_LISTING_VERSION 2
#define BS_LISTING_KEY_MAX 17
#define BS_LISTING_REASON_MAX 200     /* bytes of an operator's reason */
#define BS_LISTING_FOREVER UINT32_MAX /* expires_s: never */

struct bs_listing_class {
	uint32_t last_s;    /* last sighting, or when it was added by hand */
	uint32_t expires_s; /* listed until then */
	uint32_t hits;      /* sightings counted into it; 0: by hand only */
	uint8_t repeats;    /* ended listings that it follows */
};

struct bs_listing {
	struct bs_prefix prefix;
	bs_classes classes;   /* never 0 */
	bool manual;          /* added or changed by a person */
	bs_classes by_hand;   /* these were; 0 of a manual one: unknown */
	uint32_t first_s;     /* since when it is listed without a gap */
	struct bs_addr exact; /* last source seen; family 0: none */
	struct bs_listing_class class
	    [BS_CLASS_COUNT];                   /* where its bit is set */
	char reason[BS_LISTING_REASON_MAX + 1]; /* of a person, or "" */
};

#define BS_LISTING_VALUE_MAX \
	(32 + 16 + 13 * BS_CLASS_COUNT + BS_LISTING_REASON_MAX)

/* Writes the key; returns its size: 5 or 17. */
size_t bs_listing_key(
    const struct bs_prefix *prefix, uint8_t key[BS_LISTING_KEY_MAX]);

/* Reads a key of `size` bytes: BS_ECORRUPT unless it is 5 or 17 bytes and
 * names a prefix without host bits. */
int bs_listing_key_parse(
    const uint8_t *key, size_t size, struct bs_prefix *prefix_r);

/* Writes the value; returns its size in bytes. */
size_t bs_listing_encode(
    const struct bs_listing *listing, uint8_t value[BS_LISTING_VALUE_MAX]);

/* Reads a value (the prefix is the caller's, from the key).  BS_EVERSION for
 * another version, BS_ECORRUPT for what does not decode. */
int bs_listing_decode(const struct bs_prefix *prefix, const uint8_t *value,
    size_t size, struct bs_listing *listing_r);

/* Only the classes of a value, for the query path: 0 if it does not decode. */
bs_classes bs_listing_classes(const uint8_t *value, size_t size);

/* The classes that a person put on, or may have. */
bs_classes bs_listing_by_hand(const struct bs_listing *listing);
/* The classes whose time is not over. */
bs_classes bs_listing_left(const struct bs_listing *listing, uint32_t now_s);
/* Only these classes of it go on, what they say stays as it is.  Where none of
 * them is by hand, nothing of the person's is left. */
void bs_listing_keep(struct bs_listing *listing, bs_classes classes);

/* When the first of its classes ends, and the last of its classes. */
uint32_t bs_listing_expires_first_s(const struct bs_listing *listing);
uint32_t bs_listing_expires_last_s(const struct bs_listing *listing);
uint32_t bs_listing_last_s(const struct bs_listing *listing);

#endif
