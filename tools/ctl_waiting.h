/*
 * What sightings of an address have amounted to and is not public yet, because of
 * `publish-delay`.  For ctl_show.c.
 */
#ifndef CTL_WAITING_H
#define CTL_WAITING_H

#include <stddef.h>
#include <stdio.h>

#include "json.h"
#include "store.h"

struct ctl_waiting {
	size_t count;
	struct bs_waiting *one; /* owned */
};

/* What waits of a prefix and of all around it, the widest first: freed by
 * ctl_waiting_free.  BS_ENOMEM, BS_ECORRUPT, BS_EIO: there is nothing to free. */
int ctl_waiting_find(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, struct ctl_waiting *waiting_r);
void ctl_waiting_free(struct ctl_waiting *waiting);

/* A line for each. */
void ctl_waiting_write(const struct ctl_waiting *waiting, FILE *out);
/* An array with an object for each; the caller's. */
struct bs_json *ctl_waiting_json(const struct ctl_waiting *waiting);

#endif
