/*
 * Another program has a larger map (another version, or another machine's
 * memory) and has filled it beyond ours: LMDB says MDB_MAP_RESIZED where a
 * transaction begins.  Ours grows with it, which LMDB allows while the process
 * has no transaction; snapshots that are released have none.
 *
 * So transactions are counted as they begin and end, without a lock.  Called by
 * store_read.c and store_write.c; threads that meet it at once all leave and
 * come again.
 */
#include "autoconf.h"

#include <sched.h>

#include "store_private.h"

bool
bs_store_enter(struct bs_store *store)
{
	(void)atomic_fetch_add(&store->inside, 1);
	if (!atomic_load(&store->resizing))
		return true;
	bs_store_leave(store);
	return false;
}

void
bs_store_leave(struct bs_store *store)
{
	(void)atomic_fetch_sub(&store->inside, 1);
}

void
bs_store_follow_map(struct bs_store *store)
{
	bool none = false;

	if (!atomic_compare_exchange_strong(&store->resizing, &none, true)) {
		(void)sched_yield();
		return;
	}
	/* who counts itself from now on sees that it may not */
	if (atomic_load(&store->inside) == 0)
		(void)mdb_env_set_mapsize(store->env, 0);
	atomic_store(&store->resizing, false);
	(void)sched_yield();
}
