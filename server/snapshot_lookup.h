/*
 * The lookup of content.h from a snapshot of the store.
 */
#ifndef SERVER_SNAPSHOT_LOOKUP_H
#define SERVER_SNAPSHOT_LOOKUP_H

#include "content.h"

/*
 * Renews the snapshot and gives a lookup that answers from it, valid until
 * the snapshot is renewed or released.  When the database can't be read the
 * lookup's `error` says why.
 */
struct lookup snapshot_lookup_renew(struct bs_snapshot *snapshot);

#endif
