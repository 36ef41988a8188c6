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
 */
#ifndef SERVER_FILTER_KEEPER_H
#define SERVER_FILTER_KEEPER_H

#include "error.h"
#include "filter.h"
#include "store.h"

struct filter_keeper;
struct filter_reader; /* for one thread */

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
 * The filter, complete for the snapshot's state, or NULL: ask the database.
 * Valid until the reader is asked again or released.  No allocation, no lock.
 */
const struct filter *filter_reader_renew(
    struct filter_reader *reader, struct bs_snapshot *snapshot);
/* Before a wait: lets the filter go. */
void filter_reader_release(struct filter_reader *reader);

#endif
