/*
 * A listing from a line of JSON, as `list --json` and `export --format json`
 * write it.
 */
#ifndef CTL_LISTING_READ_H
#define CTL_LISTING_READ_H

#include <stddef.h>

#include "error.h"
#include "listing.h"

/*
 * Reads the members prefix, by_class (for each class last, expires, hits,
 * repeats, by_hand), first, manual, source and reason; what else is there only
 * says the same in other words.  Where no class is by_hand and manual is true,
 * as older files have it, it is not known which are.  BS_EINVAL with what is wrong in `message`; BS_ENOMEM.
 */
int ctl_listing_read(const char *line, size_t size,
    struct bs_listing *listing_r, struct bs_message *message);

#endif
