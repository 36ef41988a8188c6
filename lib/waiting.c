/*
 * Records of listings that wait to become public, to bytes and back.  Pure.
 *
 * Value: version, when it becomes public, last sighting, end, hits, repeats,
 * family of the last source, its octets.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "waiting.h"

#define HEADER_SIZE 19

size_t
bs_waiting_key(const struct bs_prefix *prefix, enum bs_class class,
    uint8_t key[BS_WAITING_KEY_MAX])
{
	size_t size;

	key[0] = prefix->addr.family;
	size = 1 + bs_listing_key(prefix, key + 1);
	key[size] = (uint8_t) class;
	return size + 1;
}

int
bs_waiting_key_parse(
    const uint8_t *key, size_t size, struct bs_waiting *waiting_r)
{
	struct bs_waiting waiting = {.publish_s = 0};

	if (size < 2 ||
	    bs_listing_key_parse(key + 1, size - 2, &waiting.prefix) != BS_OK)
		return BS_ECORRUPT;
	waiting.class = (enum bs_class)key[size - 1];
	if (waiting.prefix.addr.family != key[0] ||
	    bs_class_name(waiting.class) == NULL)
		return BS_ECORRUPT;
	*waiting_r = waiting;
	return BS_OK;
}

size_t
bs_waiting_due(
    const struct bs_waiting *waiting, uint8_t key[BS_WAITING_DUE_MAX])
{
	bs_put_be32(key, waiting->publish_s);
	return 4 + bs_waiting_key(&waiting->prefix, waiting->class, key + 4);
}

int
bs_waiting_due_parse(
    const uint8_t *key, size_t size, struct bs_waiting *waiting_r)
{
	if (size < 4 ||
	    bs_waiting_key_parse(key + 4, size - 4, waiting_r) != BS_OK)
		return BS_ECORRUPT;
	waiting_r->publish_s = bs_get_be32(key);
	return BS_OK;
}

size_t
bs_waiting_encode(
    const struct bs_waiting *waiting, uint8_t value[BS_WAITING_VALUE_MAX])
{
	size_t octets = bs_family_octets(waiting->exact.family);

	assert(octets != 0);
	value[0] = BS_WAITING_VERSION;
	bs_put_be32(value + 1, waiting->publish_s);
	bs_put_be32(value + 5, waiting->as.last_s);
	bs_put_be32(value + 9, waiting->as.expires_s);
	bs_put_be32(value + 13, waiting->as.hits);
	value[17] = waiting->as.repeats;
	value[18] = waiting->exact.family;
	memcpy(value + HEADER_SIZE, waiting->exact.octet, octets);
	return HEADER_SIZE + octets;
}

int
bs_waiting_decode(const uint8_t *value, size_t size, struct bs_waiting *waiting)
{
	struct bs_waiting read = *waiting;
	size_t octets;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_WAITING_VERSION)
		return BS_EVERSION;
	if (size < HEADER_SIZE)
		return BS_ECORRUPT;
	octets = bs_family_octets(value[18]);
	if (octets == 0 || size != HEADER_SIZE + octets)
		return BS_ECORRUPT;
	read.publish_s = bs_get_be32(value + 1);
	read.as.last_s = bs_get_be32(value + 5);
	read.as.expires_s = bs_get_be32(value + 9);
	read.as.hits = bs_get_be32(value + 13);
	read.as.repeats = value[17];
	read.exact = (struct bs_addr){.family = value[18]};
	memcpy(read.exact.octet, value + HEADER_SIZE, octets);
	if (read.as.hits == 0 || !bs_prefix_has(&read.prefix, &read.exact))
		return BS_ECORRUPT;
	*waiting = read;
	return BS_OK;
}
