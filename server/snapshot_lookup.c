/*
 * Where the query path meets the database: once per batch a renewed snapshot,
 * then its two questions.  Called by worker.c.
 */
#include "autoconf.h"

#include "snapshot_lookup.h"

static int
cover(void *context, const struct bs_addr *addr, bs_classes served,
    struct bs_cover *cover_r)
{
	return bs_snapshot_cover(context, addr, served, cover_r);
}

static int
any_inside(void *context, const struct bs_prefix *prefix, bs_classes served,
    bool *any_r)
{
	return bs_snapshot_any_inside(context, prefix, served, any_r);
}

struct lookup
snapshot_lookup_renew(struct bs_snapshot *snapshot)
{
	struct lookup lookup = {
	    .context = snapshot,
	    .cover = cover,
	    .any_inside = any_inside,
	    .error = bs_snapshot_renew(snapshot),
	};

	if (lookup.error == 0)
		lookup.serial = bs_snapshot_serial(snapshot);
	return lookup;
}
