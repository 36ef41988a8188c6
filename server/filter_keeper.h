/*
 * Keeps the filter (filter.h) in step with the database: one filter for all
 * workers, good for a range of states, which are journal numbers.
 *
 * Who renewed its snapshot takes the filter for it.  Where the journal has
 * moved on, whoever comes first puts in what was listed meanwhile, a bounded
 * number of changes at a time; others do without the filter until that is
 * done, so that nobody ever waits.  A thread of low priority makes the filter
 * at the start, and a new one where the journal can't be followed (a reset, or
 * entries that were trimmed), or where so much has ended or come that the old
 * one says "may be" too often.
 *
 * Beside it is what is known of classes, good for just the newest state: which
 * of them lie inside of wide prefixes (filter_classes.h), and, where the list is
 * small enough, which a single address has (filter_table.h).
 */
#ifndef SERVER_FILTER_KEEPER_H
#define SERVER_FILTER_KEEPER_H

#include <stdatomic.h>

#include "error.h"
#include "filter.h"
#include "filter_classes.h"
#include "filter_table.h"
#include "store.h"

struct filter_keeper;
struct filter_reader; /* for one thread */

/* What a reader has of it for one state.  Only `filter` is for others' eyes. */
struct filter_view {
	const struct filter *filter;      /* NULL: ask the database */
	const struct filter_table *table; /* NULL: there is none */
	const struct filter_classes *classes;
	uint64_t number;                    /* of the state */
	const _Atomic uint64_t *number_now; /* of that these two are of */
};

/* There is no filter before filter_keeper_start.  `store` is borrowed.
 * BS_ENOMEM, or what bs_snapshot_new says; `message` has a line then. */
int filter_keeper_new(struct bs_store *store, struct filter_keeper **keeper_r,
    struct bs_message *message);

/* Starts its thread; BS_ESYSTEM, and there never is a filter. */
int filter_keeper_start(
    struct filter_keeper *keeper, struct bs_message *message);

/* Ends its thread.  Its readers must have been given back. */
void filter_keeper_free(struct filter_keeper **keeper);

/* Makes a new filter in the caller's thread, for tests. */
int filter_keeper_build(struct filter_keeper *keeper);

/* How many filters were made, and the size of the present one. */
struct filter_keeper_stats {
	uint64_t built;
	uint64_t size_bytes; /* 0: there is none yet */
};
struct filter_keeper_stats filter_keeper_stats(struct filter_keeper *keeper);

/* NULL: all FILTER_READERS_MAX are taken, or keeper is NULL. */
#define FILTER_READERS_MAX 512
struct filter_reader *filter_reader_take(struct filter_keeper *keeper);
void filter_reader_give_back(struct filter_reader **reader);

/*
 * The filter, complete for the snapshot's state, or one that is NULL.  Valid
 * until the reader is asked again or released.  No allocation, no lock.
 */
struct filter_view filter_reader_renew(
    struct filter_reader *reader, struct bs_snapshot *snapshot);
/* What covers an IPv4 address that no listing but its own may hold: its classes,
 * 0 for none.  False: the table does not know, or not for this state. */
bool filter_view_classes(const struct filter_view *view,
    const struct bs_addr *addr, bs_classes *classes_r);
/* Whether a listing of one of the `wanted` classes may lie inside the prefix (it
 * may be it), as the filter and the classes know. */
bool filter_view_may_hold(const struct filter_view *view,
    const struct bs_prefix *prefix, bs_classes wanted);
/* Before a wait: lets the filter go. */
void filter_reader_release(struct filter_reader *reader);

#endif
