/*
 * Records of feeds: what each has newly listed in an hour, and the listings that
 * are held back because it has gone mad; and their bytes.  Pure;
 * lib/store_held.c keeps them.
 *
 * Table feed: the key is the feed's name.  Table held: the name's size, the
 * name, then prefix and class as sightings are counted by.
 */
#ifndef BS_HELD_H
#define BS_HELD_H

#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"
#include "listing.h"

#define BS_HELD_VERSION 1
#define BS_HELD_FEED_MAX 63
#define BS_HELD_KEY_MAX (1 + BS_HELD_FEED_MAX + 1 + BS_LISTING_KEY_MAX + 1)
#define BS_HELD_VALUE_SIZE 13
#define BS_FEED_STATE_SIZE 29

/* One listing that is held. */
struct bs_held {
	char feed[BS_HELD_FEED_MAX + 1];
	struct bs_prefix prefix;
	enum bs_class class;
	uint32_t first_s, last_s; /* the first and the last sighting held */
	uint32_t hits;            /* stays at UINT32_MAX */
};

struct bs_feed_state {
	uint32_t hour_s;  /* the first second of the hour that is counted */
	uint32_t listed;  /* new listings in it */
	uint32_t alarm_s; /* the last time that it was too many; 0: never */
	uint64_t held;    /* how many are */
	uint64_t lost;    /* those that found no room */
};

/* Writes the key; returns its size.  `prefix` NULL: what all of the feed's
 * begin with. */
size_t bs_held_key(const char *feed, const struct bs_prefix *prefix,
    enum bs_class class, uint8_t key[BS_HELD_KEY_MAX]);
/* Feed, prefix and class of a key; BS_ECORRUPT. */
int bs_held_key_parse(const uint8_t *key, size_t size, struct bs_held *held_r);

void bs_held_encode(
    const struct bs_held *held, uint8_t value[BS_HELD_VALUE_SIZE]);
/* Times and hits; BS_EVERSION, BS_ECORRUPT. */
int bs_held_decode(const uint8_t *value, size_t size, struct bs_held *held);

void bs_feed_state_encode(
    const struct bs_feed_state *state, uint8_t value[BS_FEED_STATE_SIZE]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_feed_state_decode(
    const uint8_t *value, size_t size, struct bs_feed_state *state_r);

#endif
