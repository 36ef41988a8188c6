/*
 * What one worker counts, in memory of its own: plain additions on the way of a
 * message, which any thread may read.  counting.c adds them up.
 */
#ifndef SERVER_COUNTERS_H
#define SERVER_COUNTERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "config.h"
#include "sketch.h"

#define COUNTERS_TYPES 257  /* 0 to 255, then all others */
#define COUNTERS_RCODES 24  /* up to BADCOOKIE */
#define COUNTERS_CLASSES 64 /* sets of classes */
/* A reload may bring as many new zones as there were. */
#define COUNTERS_ZONES (2 * BS_CONFIG_ZONES_MAX)
#define COUNTERS_SAMPLE 64 /* one in so many goes into a sketch */

typedef _Atomic uint64_t counter;

struct counters {
	counter udp, tcp; /* messages that were taken for queries */
	counter dropped;  /* that were none, or can't be answered */
	counter limited;  /* no answer, by the rate limit */
	counter slipped;  /* told to come over TCP, by the same */
	counter type[COUNTERS_TYPES];
	counter rcode[COUNTERS_RCODES]; /* of responses */
	counter
	    classes[COUNTERS_CLASSES]; /* listed answers, by their bits / 4 */
	struct {
		counter asked, listed;
	} zone[COUNTERS_ZONES];            /* by the zone's slot */
	uint64_t client_turn, listed_turn; /* of the worker alone */
	struct sketch clients, listings;
};

/* All 0; NULL when out of memory. */
struct counters *counters_new(void);
void counters_free(struct counters **counters);

/* Only the worker itself adds, so that nothing need be locked. */
static inline void
counters_add(counter *one)
{
	atomic_store_explicit(one,
	    atomic_load_explicit(one, memory_order_relaxed) + 1,
	    memory_order_relaxed);
}

/* A query that gets a response. */
void counters_query(struct counters *counters, bool udp, uint16_t type,
    unsigned rcode, const struct bs_addr *client);

/* It was about a zone. */
static inline void
counters_zone(struct counters *counters, uint16_t slot)
{
	counters_add(&counters->zone[slot].asked);
}

/* The answer was that something is listed: `prefix` is the listing. */
void counters_listed(struct counters *counters, uint16_t slot,
    bs_classes classes, const struct bs_prefix *prefix);

#endif
