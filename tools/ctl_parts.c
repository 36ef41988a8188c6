/*
 * Walks the halves, quarters and so on of a listing: what has no exemption in
 * it is a part, what an exemption holds is passed over, and the rest is halved.
 * Called by ctl_export.c.
 */
#include "autoconf.h"

#include <stdbool.h>

#include "ctl_parts.h"

enum found {
	NOTHING_EXEMPT,
	SOME_EXEMPT,
	ALL_EXEMPT,
};

static int
look(struct bs_snapshot *snapshot, const struct bs_prefix *node,
    enum found *found_r)
{
	struct bs_exemption exemption;
	int error = bs_snapshot_exempt(snapshot, node, &exemption);

	if (error == BS_OK) {
		*found_r = ALL_EXEMPT;
		return BS_OK;
	}
	if (error == BS_ENOTFOUND)
		error = bs_snapshot_exempt_next(snapshot, node, &exemption);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	/* what lies inside comes next */
	*found_r = error == BS_OK && bs_prefix_covers(node, &exemption.prefix)
		       ? SOME_EXEMPT
		       : NOTHING_EXEMPT;
	return BS_OK;
}

/* To what follows the node and all in it; false: the listing ends there. */
static bool
advance(const struct bs_prefix *listing, struct bs_prefix *node)
{
	while (node->bits > listing->bits) {
		uint8_t *octet = &node->addr.octet[(node->bits - 1) / 8];
		uint8_t bit = (uint8_t)(0x80 >> (node->bits - 1) % 8);

		if ((*octet & bit) == 0) {
			*octet |= bit;
			return true;
		}
		*octet &= (uint8_t)~bit;
		node->bits--;
	}
	return false;
}

int
ctl_parts_walk(struct bs_snapshot *snapshot, const struct bs_prefix *listing,
    ctl_parts_take *take, void *context)
{
	struct bs_prefix node = *listing;

	for (;;) {
		enum found found;
		int error = look(snapshot, &node, &found);

		if (error != BS_OK)
			return error;
		if (found == SOME_EXEMPT) {
			node.bits++;
			continue;
		}
		if (found == NOTHING_EXEMPT)
			take(context, &node);
		if (!advance(listing, &node))
			return BS_OK;
	}
}
