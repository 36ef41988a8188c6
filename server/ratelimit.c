/*
 * Rate limits by the generic cell rate algorithm: of a network only the time is
 * kept at which it will have had its answers at the allowed rate.  While that
 * is less than a second ahead it gets one more, which moves it on.
 *
 * A slot is a word of a tag (24 bits of the network's hash) and that time (40
 * bits, in quarters of a microsecond, which wrap after 3 days: what seems
 * further ahead than it can be is long past).  Called by respond.c.
 */
#include "autoconf.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#include "ratelimit.h"

#define IPV4_BITS 24
#define IPV6_BITS 56
#define WAYS 8 /* a line of the cache */
#define TRIES 4

#define UNITS_PER_MS 4000
#define UNITS_PER_S (1000 * UNITS_PER_MS)
#define TIME_BITS 40
#define TIME_MASK (((uint64_t)1 << TIME_BITS) - 1)
#define BURST UNITS_PER_S
#define AHEAD_MAX (BURST + 100 * UNITS_PER_MS) /* clocks differ a little */

struct ratelimit {
	uint64_t interval; /* between answers, in units */
	uint32_t slip;
	uint8_t key[SIPHASH_KEY_SIZE];
	size_t mask; /* sets - 1 */
	_Atomic uint64_t *slot;
	_Atomic uint64_t drawn; /* how often */
};

int
ratelimit_new(const struct ratelimit_settings *settings, size_t sets,
    struct ratelimit **ratelimit_r)
{
	struct ratelimit *ratelimit = calloc(1, sizeof(*ratelimit));

	if (ratelimit == NULL)
		return BS_ENOMEM;
	ratelimit->slot =
	    aligned_alloc(64, sets * WAYS * sizeof(*ratelimit->slot));
	if (ratelimit->slot == NULL) {
		free(ratelimit);
		return BS_ENOMEM;
	}
	for (size_t i = 0; i < sets * WAYS; i++)
		atomic_init(&ratelimit->slot[i], 0);
	ratelimit->interval = UNITS_PER_S / settings->per_s;
	ratelimit->slip = settings->slip;
	memcpy(ratelimit->key, settings->key, sizeof(ratelimit->key));
	ratelimit->mask = sets - 1;
	*ratelimit_r = ratelimit;
	return BS_OK;
}

void
ratelimit_free(struct ratelimit **ratelimit)
{
	if (*ratelimit == NULL)
		return;
	free((*ratelimit)->slot);
	free(*ratelimit);
	*ratelimit = NULL;
}

static uint64_t
hash_network(const struct ratelimit *ratelimit, const struct bs_addr *addr)
{
	struct bs_prefix network =
	    bs_prefix_of(addr, addr->family == BS_IPV4 ? IPV4_BITS : IPV6_BITS);
	uint8_t bytes[1 + IPV6_BITS / 8];

	bytes[0] = network.addr.family;
	memcpy(bytes + 1, network.addr.octet, sizeof(bytes) - 1);
	return siphash(ratelimit->key, bytes, sizeof(bytes));
}

/* How far a slot's time is ahead, in units; 0 where it is past. */
static uint64_t
ahead_of(uint64_t slot, uint64_t now)
{
	uint64_t ahead = (slot - now) & TIME_MASK;

	return ahead <= AHEAD_MAX ? ahead : 0;
}

/* The network's slot, or the one it may take: that of whom it hurts least. */
static _Atomic uint64_t *
find_slot(const struct ratelimit *ratelimit, uint64_t hash, uint64_t now)
{
	_Atomic uint64_t *set =
	    ratelimit->slot + ((size_t)hash & ratelimit->mask) * WAYS;
	_Atomic uint64_t *found = set;
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < WAYS; i++) {
		uint64_t slot =
		    atomic_load_explicit(&set[i], memory_order_relaxed);
		uint64_t ahead = ahead_of(slot, now);

		if (slot >> TIME_BITS == hash >> TIME_BITS)
			return &set[i];
		if (ahead < least) {
			least = ahead;
			found = &set[i];
		}
	}
	return found;
}

/* Whether one more answer is within the limit; counts it then. */
static bool
take(const struct ratelimit *ratelimit, uint64_t hash, uint64_t now)
{
	_Atomic uint64_t *at = find_slot(ratelimit, hash, now);
	uint64_t slot = atomic_load_explicit(at, memory_order_relaxed);

	for (unsigned i = 0; i < TRIES; i++) {
		bool own = slot >> TIME_BITS == hash >> TIME_BITS;
		uint64_t ahead = own ? ahead_of(slot, now) : 0;
		uint64_t next = (now + ahead + ratelimit->interval) & TIME_MASK;

		if (ahead + ratelimit->interval > BURST)
			return false;
		next |= hash & ~TIME_MASK;
		if (atomic_compare_exchange_weak_explicit(at, &slot, next,
			memory_order_relaxed, memory_order_relaxed))
			return true;
	}
	return true; /* others are quicker: let it pass */
}

/* One in `slip`, by a draw that nobody can foresee, nor repeat by the same
 * message. */
static bool
slips(struct ratelimit *ratelimit)
{
	uint8_t bytes[8];

	if (ratelimit->slip <= 1)
		return ratelimit->slip == 1;
	bs_put_be64(bytes, atomic_fetch_add_explicit(
			       &ratelimit->drawn, 1, memory_order_relaxed));
	return siphash(ratelimit->key, bytes, sizeof(bytes)) %
		   ratelimit->slip ==
	       0;
}

enum ratelimit_verdict
ratelimit_check(
    struct ratelimit *ratelimit, const struct bs_addr *client, uint64_t now_ms)
{
	uint64_t now = now_ms * UNITS_PER_MS & TIME_MASK;

	if (take(ratelimit, hash_network(ratelimit, client), now))
		return RATELIMIT_ANSWER;
	return slips(ratelimit) ? RATELIMIT_SLIP : RATELIMIT_DROP;
}
