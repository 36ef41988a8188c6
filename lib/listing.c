/*
 * Listing records to bytes and back.  Pure: what a listing means is the
 * policy's, where it is kept is the store's business.
 *
 * Value: version, classes, flags, family of `exact`, first_s (4), size of the
 * reason; then the octets of `exact`, 13 bytes for each class in the order of
 * its bits (last_s, expires_s, hits, repeats), the reason.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "listing.h"

#define HEADER_SIZE 9
#define CLASS_SIZE 13
#define FLAG_MANUAL 1

size_t
bs_listing_key(const struct bs_prefix *prefix, uint8_t key[BS_LISTING_KEY_MAX])
{
	size_t octets = bs_family_octets(prefix->addr.family);

	assert(octets != 0);
	memcpy(key, prefix->addr.octet, octets);
	key[octets] = prefix->bits;
	return octets + 1;
}

int
bs_listing_key_parse(
    const uint8_t *key, size_t size, struct bs_prefix *prefix_r)
{
	struct bs_addr addr = {0};
	struct bs_prefix prefix;
	size_t octets;
	uint8_t bits;

	if (size != 5 && size != 17)
		return BS_ECORRUPT;
	octets = size - 1;
	addr.family = octets == 4 ? BS_IPV4 : BS_IPV6;
	memcpy(addr.octet, key, octets);
	bits = key[octets];
	if (bits > bs_family_bits(addr.family))
		return BS_ECORRUPT;
	prefix = bs_prefix_of(&addr, bits);
	if (bs_addr_compare(&prefix.addr, &addr) != 0)
		return BS_ECORRUPT;
	*prefix_r = prefix;
	return BS_OK;
}

static size_t
count_classes(bs_classes classes)
{
	size_t count = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		count += (classes & bs_class_at(i)) != 0;
	return count;
}

static uint8_t *
put_class(uint8_t *at, const struct bs_listing_class *class)
{
	bs_put_be32(at, class->last_s);
	bs_put_be32(at + 4, class->expires_s);
	bs_put_be32(at + 8, class->hits);
	at[12] = class->repeats;
	return at + CLASS_SIZE;
}

size_t
bs_listing_encode(
    const struct bs_listing *listing, uint8_t value[BS_LISTING_VALUE_MAX])
{
	size_t octets = bs_family_octets(listing->exact.family);
	size_t reason_size = strnlen(listing->reason, BS_LISTING_REASON_MAX);
	uint8_t *at = value;

	assert(listing->classes != 0);
	assert((listing->classes & ~BS_CLASSES_ALL) == 0);
	*at++ = BS_LISTING_VERSION;
	*at++ = listing->classes;
	*at++ = listing->manual ? FLAG_MANUAL | listing->by_hand : 0;
	*at++ = octets == 0 ? 0 : listing->exact.family;
	bs_put_be32(at, listing->first_s);
	at += 4;
	*at++ = (uint8_t)reason_size;
	memcpy(at, listing->exact.octet, octets);
	at += octets;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if (listing->classes & bs_class_at(i))
			at = put_class(at, &listing->class[i]);
	}
	memcpy(at, listing->reason, reason_size);
	at += reason_size;
	return (size_t)(at - value);
}

/* Whether a header of this version says what can be, and fits the size. */
static bool
header_is_sound(const uint8_t *value, size_t size)
{
	bs_classes classes = value[1];
	uint8_t family = value[3];
	size_t octets = bs_family_octets(family);

	if (classes == 0 || (classes & ~BS_CLASSES_ALL) != 0)
		return false;
	if ((value[2] & ~(FLAG_MANUAL | classes)) != 0 ||
	    (value[2] != 0 && (value[2] & FLAG_MANUAL) == 0) ||
	    value[8] > BS_LISTING_REASON_MAX)
		return false;
	if (octets == 0 && family != 0)
		return false;
	return size == HEADER_SIZE + octets +
			   CLASS_SIZE * count_classes(classes) + value[8];
}

static const uint8_t *
get_class(const uint8_t *at, struct bs_listing_class *class)
{
	class->last_s = bs_get_be32(at);
	class->expires_s = bs_get_be32(at + 4);
	class->hits = bs_get_be32(at + 8);
	class->repeats = at[12];
	return at + CLASS_SIZE;
}

int
bs_listing_decode(const struct bs_prefix *prefix, const uint8_t *value,
    size_t size, struct bs_listing *listing_r)
{
	struct bs_listing listing = {.prefix = *prefix};
	const uint8_t *at;
	size_t octets;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_LISTING_VERSION)
		return BS_EVERSION;
	if (size < HEADER_SIZE || !header_is_sound(value, size))
		return BS_ECORRUPT;
	listing.classes = value[1];
	listing.manual = (value[2] & FLAG_MANUAL) != 0;
	listing.by_hand = value[2] & (bs_classes)~FLAG_MANUAL;
	listing.exact.family = value[3];
	listing.first_s = bs_get_be32(value + 4);
	at = value + HEADER_SIZE;
	octets = bs_family_octets(listing.exact.family);
	memcpy(listing.exact.octet, at, octets);
	at += octets;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if (listing.classes & bs_class_at(i))
			at = get_class(at, &listing.class[i]);
	}
	if (memchr(at, '\0', value[8]) != NULL)
		return BS_ECORRUPT;
	memcpy(listing.reason, at, value[8]);
	if (octets != 0 && !bs_prefix_has(prefix, &listing.exact))
		return BS_ECORRUPT;
	*listing_r = listing;
	return BS_OK;
}

bs_classes
bs_listing_classes(const uint8_t *value, size_t size)
{
	if (size < HEADER_SIZE || value[0] != BS_LISTING_VERSION)
		return 0;
	return header_is_sound(value, size) ? value[1] : 0;
}

bs_classes
bs_listing_by_hand(const struct bs_listing *listing)
{
	if (!listing->manual)
		return 0;
	return listing->by_hand != 0 ? listing->by_hand : listing->classes;
}

bs_classes
bs_listing_left(const struct bs_listing *listing, uint32_t now_s)
{
	bs_classes left = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((listing->classes & bs_class_at(i)) != 0 &&
		    listing->class[i].expires_s > now_s)
			left |= bs_class_at(i);
	}
	return left;
}

void
bs_listing_keep(struct bs_listing *listing, bs_classes classes)
{
	listing->classes &= classes;
	if (listing->by_hand == 0)
		return;
	listing->by_hand &= classes;
	if (listing->by_hand != 0)
		return;
	listing->manual = false;
	listing->reason[0] = '\0';
}

uint32_t
bs_listing_expires_first_s(const struct bs_listing *listing)
{
	uint32_t first_s = BS_LISTING_FOREVER;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((listing->classes & bs_class_at(i)) != 0 &&
		    listing->class[i].expires_s < first_s)
			first_s = listing->class[i].expires_s;
	}
	return first_s;
}

uint32_t
bs_listing_expires_last_s(const struct bs_listing *listing)
{
	uint32_t last_s = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((listing->classes & bs_class_at(i)) != 0 &&
		    listing->class[i].expires_s > last_s)
			last_s = listing->class[i].expires_s;
	}
	return last_s;
}

uint32_t
bs_listing_last_s(const struct bs_listing *listing)
{
	uint32_t last_s = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((listing->classes & bs_class_at(i)) != 0 &&
		    listing->class[i].last_s > last_s)
			last_s = listing->class[i].last_s;
	}
	return last_s;
}
