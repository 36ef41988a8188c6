/*
 * The lookup of content.h from a snapshot of the store.
 */
#ifndef SERVER_SNAPSHOT_LOOKUP_H
#define SERVER_SNAPSHOT_LOOKUP_H

#include "content.h"

struct snapshot_lookup {
	struct bs_snapshot *snapshot; /* borrowed */
	int failed; /* why it or a record could not be read since the last
		       renewal, an enum bs_error; 0: all could */
};

/*
 * Renews the snapshot and gives a lookup that answers from it, valid until
 * the snapshot is renewed or released.  When the database can't be read the
 * lookup's `error` says why.
 */
struct lookup snapshot_lookup_renew(struct snapshot_lookup *from);

#endif
