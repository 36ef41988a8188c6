/*
 * The counters of all workers together, and which zone is counted where.
 */
#ifndef SERVER_COUNTING_H
#define SERVER_COUNTING_H

#include "counters.h"
#include "zone_table.h"

#define COUNTING_TOP 10 /* clients and listings that are told */

/* What was counted at a slot before it became this zone's. */
struct counting_slot {
	char *zone; /* name, copied; NULL: free */
	uint64_t asked, listed;
};

/* Who counts: the workers' counters, borrowed. */
struct counting_from {
	const struct counters *const *counters;
	size_t count;
};

struct counting {
	struct counting_slot slot[COUNTERS_ZONES];
};

/*
 * Gives each zone of `next` a slot: the one that a zone of its name has, or one
 * that no zone of `now` (NULL: there is none) has.  Call it before workers
 * answer by `next`.  BS_ENOMEM.
 */
int counting_assign(struct counting *counting, const struct zone_table *now,
    struct zone_table *next, const struct counting_from *from);
void counting_free(struct counting *counting);

/* Called with each number: "rcode", "NXDOMAIN", 12. */
typedef void counting_take(
    void *context, const char *group, const char *name, uint64_t number);

/* Everything that was counted; of types, return codes and slots those that are
 * not 0, of zones all that `now` has. */
void counting_tell(const struct counting *counting,
    const struct zone_table *now, const struct counting_from *from,
    counting_take *take, void *context);

#endif
