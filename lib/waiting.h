/*
 * Records of listings that wait to become public, and their bytes.  Pure;
 * lib/store_publish.c keeps them.
 *
 * Table waiting: the key is prefix and class as sightings are counted by.  Table
 * publish: when it becomes public, then the same.
 */
#ifndef BS_WAITING_H
#define BS_WAITING_H

#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"
#include "listing.h"

#define BS_WAITING_VERSION 1
#define BS_WAITING_KEY_MAX (1 + BS_LISTING_KEY_MAX + 1)
#define BS_WAITING_DUE_MAX (4 + BS_WAITING_KEY_MAX)
#define BS_WAITING_VALUE_MAX (19 + 16)

/* A class of a prefix that is to be listed. */
struct bs_waiting {
	struct bs_prefix prefix;
	enum bs_class class;
	uint32_t publish_s;         /* when */
	struct bs_listing_class as; /* as what */
	struct bs_addr exact;       /* last source seen, in the prefix */
};

/* Writes the key; returns its size. */
size_t bs_waiting_key(const struct bs_prefix *prefix, enum bs_class class,
    uint8_t key[BS_WAITING_KEY_MAX]);
/* Prefix and class of a key; BS_ECORRUPT. */
int bs_waiting_key_parse(
    const uint8_t *key, size_t size, struct bs_waiting *waiting_r);

/* The key of table publish; returns its size. */
size_t bs_waiting_due(
    const struct bs_waiting *waiting, uint8_t key[BS_WAITING_DUE_MAX]);
/* Time, prefix and class of it; BS_ECORRUPT. */
int bs_waiting_due_parse(
    const uint8_t *key, size_t size, struct bs_waiting *waiting_r);

/* Returns the size. */
size_t bs_waiting_encode(
    const struct bs_waiting *waiting, uint8_t value[BS_WAITING_VALUE_MAX]);
/* All that is not in the key, whose prefix *waiting has.  BS_EVERSION,
 * BS_ECORRUPT. */
int bs_waiting_decode(
    const uint8_t *value, size_t size, struct bs_waiting *waiting);

#endif
