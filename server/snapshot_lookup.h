/*
 * The lookup of content.h from a snapshot of the store, and from the filter
 * where that knows that nothing is listed.
 *
 * What lies inside a prefix may be taken for granted behind
 * BS_STORE_INSIDE_STEPS listings of other classes (any_inside).  That takes a
 * batch for which what is known of classes is not of its state; or a class that
 * the prefix held since the filter was made and does not now, in a listing that
 * was no IPv4 address or in a list without a table (filter_table.h); or an IPv6
 * prefix longer than the regions of filter_classes.c.
 */
#ifndef SERVER_SNAPSHOT_LOOKUP_H
#define SERVER_SNAPSHOT_LOOKUP_H

#include "content.h"
#include "filter_keeper.h"

struct snapshot_lookup {
	struct bs_snapshot *snapshot; /* borrowed */
	struct filter_reader *reader; /* borrowed; NULL: do without */
	struct filter_view view;      /* of this renewal */
	int failed; /* why it or a record could not be read since the last
		       renewal, an enum bs_error; 0: all could */
};

/*
 * Renews the snapshot and gives a lookup that answers from it, valid until
 * this is called again or released.  When the database can't be read the
 * lookup's `error` says why.
 */
struct lookup snapshot_lookup_renew(struct snapshot_lookup *from);

/* Before a wait: lets go of snapshot and filter. */
void snapshot_lookup_release(struct snapshot_lookup *from);

#endif
