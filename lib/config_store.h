/*
 * Where the values of the configuration go.
 */
#ifndef BS_CONFIG_STORE_H
#define BS_CONFIG_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "config_table.h"
#include "error.h"

struct bs_config_store {
	const char *folder; /* borrowed, absolute: anchors relative paths */
	bool no_memory;     /* set when some value was lost */
};

/* The place of one value. */
struct bs_config_slot {
	const struct bs_config_key *key;
	void *object; /* what key->offset is in; NULL: checked, not kept */
	unsigned line;
};

/* Reads one value, or one item of a list, and stores it.  BS_EINVAL with
 * "what is wrong: what to write instead" in *message.  Not for maps. */
int bs_config_store(struct bs_config_store *store,
    const struct bs_config_slot *slot, const char *text,
    struct bs_message *message);

/* Appends a zeroed item of `size` bytes to the list at the slot; NULL when
 * the list is not kept, or without memory. */
void *bs_config_append(struct bs_config_store *store,
    const struct bs_config_slot *slot, size_t size);

#endif
