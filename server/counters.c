/*
 * Counts for one worker.  Called by respond.c and udp.c; who reads is
 * counting.c.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "counters.h"

#define CACHE_LINE 64

struct counters *
counters_new(void)
{
	size_t size = (sizeof(struct counters) + CACHE_LINE - 1) / CACHE_LINE *
		      CACHE_LINE;
	struct counters *counters = aligned_alloc(CACHE_LINE, size);

	/* integers without padding bits: zeros are zero */
	if (counters != NULL)
		memset(counters, 0, size);
	return counters;
}

void
counters_free(struct counters **counters)
{
	free(*counters);
	*counters = NULL;
}

void
counters_query(struct counters *counters, bool udp, uint16_t type,
    unsigned rcode, const struct bs_addr *client)
{
	counters_add(udp ? &counters->udp : &counters->tcp);
	counters_add(
	    &counters
		 ->type[type < COUNTERS_TYPES - 1 ? type : COUNTERS_TYPES - 1]);
	if (rcode < COUNTERS_RCODES)
		counters_add(&counters->rcode[rcode]);
	if (counters->client_turn++ % COUNTERS_SAMPLE == 0) {
		const struct bs_prefix prefix = bs_prefix_single(client);

		sketch_add(&counters->clients, &prefix);
	}
}

void
counters_listed(struct counters *counters, uint16_t slot, bs_classes classes,
    const struct bs_prefix *prefix)
{
	counters_add(&counters->zone[slot].listed);
	counters_add(&counters->classes[classes >> 2]);
	if (counters->listed_turn++ % COUNTERS_SAMPLE == 0)
		sketch_add(&counters->listings, prefix);
}
