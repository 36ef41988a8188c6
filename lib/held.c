/*
 * Records of feeds to bytes and back.  Pure.
 *
 * Held: version, first, last, hits.  State: version, hour, listed, alarm, held,
 * lost.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "held.h"

size_t
bs_held_key(const char *feed, const struct bs_prefix *prefix,
    enum bs_class class, uint8_t key[BS_HELD_KEY_MAX])
{
	size_t size = strlen(feed);

	assert(size > 0 && size <= BS_HELD_FEED_MAX);
	key[0] = (uint8_t)size;
	memcpy(key + 1, feed, size);
	size++;
	if (prefix == NULL)
		return size;
	key[size++] = prefix->addr.family;
	size += bs_listing_key(prefix, key + size);
	key[size++] = (uint8_t) class;
	return size;
}

int
bs_held_key_parse(const uint8_t *key, size_t size, struct bs_held *held_r)
{
	struct bs_held held = {.hits = 0};
	size_t name = size > 0 ? key[0] : 0;

	if (name == 0 || name > BS_HELD_FEED_MAX || size < name + 4 ||
	    memchr(key + 1, '\0', name) != NULL)
		return BS_ECORRUPT;
	memcpy(held.feed, key + 1, name);
	if (bs_listing_key_parse(
		key + name + 2, size - name - 3, &held.prefix) != BS_OK ||
	    held.prefix.addr.family != key[name + 1])
		return BS_ECORRUPT;
	held.class = (enum bs_class)key[size - 1];
	if (bs_class_name(held.class) == NULL)
		return BS_ECORRUPT;
	*held_r = held;
	return BS_OK;
}

void
bs_held_encode(const struct bs_held *held, uint8_t value[BS_HELD_VALUE_SIZE])
{
	value[0] = BS_HELD_VERSION;
	bs_put_be32(value + 1, held->first_s);
	bs_put_be32(value + 5, held->last_s);
	bs_put_be32(value + 9, held->hits);
}

int
bs_held_decode(const uint8_t *value, size_t size, struct bs_held *held)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HELD_VERSION)
		return BS_EVERSION;
	if (size != BS_HELD_VALUE_SIZE)
		return BS_ECORRUPT;
	held->first_s = bs_get_be32(value + 1);
	held->last_s = bs_get_be32(value + 5);
	held->hits = bs_get_be32(value + 9);
	return BS_OK;
}

void
bs_feed_state_encode(
    const struct bs_feed_state *state, uint8_t value[BS_FEED_STATE_SIZE])
{
	value[0] = BS_HELD_VERSION;
	bs_put_be32(value + 1, state->hour_s);
	bs_put_be32(value + 5, state->listed);
	bs_put_be32(value + 9, state->alarm_s);
	bs_put_be64(value + 13, state->held);
	bs_put_be64(value + 21, state->lost);
}

int
bs_feed_state_decode(
    const uint8_t *value, size_t size, struct bs_feed_state *state_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HELD_VERSION)
		return BS_EVERSION;
	if (size != BS_FEED_STATE_SIZE)
		return BS_ECORRUPT;
	state_r->hour_s = bs_get_be32(value + 1);
	state_r->listed = bs_get_be32(value + 5);
	state_r->alarm_s = bs_get_be32(value + 9);
	state_r->held = bs_get_be64(value + 13);
	state_r->lost = bs_get_be64(value + 21);
	return BS_OK;
}
