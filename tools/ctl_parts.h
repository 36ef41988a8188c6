/*
 * The parts of a listing that are served: what lies beside the exemptions in
 * it, as prefixes.
 */
#ifndef TOOLS_CTL_PARTS_H
#define TOOLS_CTL_PARTS_H

#include "store.h"

typedef void ctl_parts_take(void *context, const struct bs_prefix *part);

/*
 * Hands over the parts in order, as few as there can be: the listing itself
 * where nothing in it is exempt, nothing where all of it is.  The snapshot is
 * active.  BS_OK or the error of reading.
 */
int ctl_parts_walk(struct bs_snapshot *snapshot,
    const struct bs_prefix *listing, ctl_parts_take *take, void *context);

#endif
