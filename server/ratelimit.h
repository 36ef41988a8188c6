/*
 * Response rate limits: a network (IPv4 /24, IPv6 /56) gets so many answers a
 * second over UDP, as many at once, and no more.  By network alone: the name
 * and the kind of answer never count, since a mail server's resolver asks for
 * thousands of different names that are not listed.
 *
 * One table for all workers, without locks: a network's state is one word that
 * is exchanged as a whole.  The table never grows.  Networks that asked for
 * less than they may lose nothing when their place is taken; where more are
 * busy than a place has room for, one of them begins anew, so who floods with
 * addresses from everywhere is limited less, and nobody else more.
 */
#ifndef SERVER_RATELIMIT_H
#define SERVER_RATELIMIT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "ipprefix.h"
#include "siphash.h"

#define RATELIMIT_PER_S_MAX 100000
#define RATELIMIT_SLIP_MAX 100
#define RATELIMIT_SETS 8192 /* of 8 networks: 512 KB */

struct ratelimit_settings {
	uint32_t per_s; /* 1 to RATELIMIT_PER_S_MAX answers */
	uint32_t slip;  /* of what is beyond, one in so many is answered with
			   TC; 0: none */
	uint8_t key[SIPHASH_KEY_SIZE]; /* random */
};

enum ratelimit_verdict {
	RATELIMIT_ANSWER,
	RATELIMIT_SLIP, /* with TC and nothing else */
	RATELIMIT_DROP,
};

struct ratelimit;

/* A table of `sets` (a power of two) times 8 networks.  BS_ENOMEM. */
int ratelimit_new(const struct ratelimit_settings *settings, size_t sets,
    struct ratelimit **ratelimit_r);
void ratelimit_free(struct ratelimit **ratelimit);

/* Counts an answer to a client, at `now_ms` on a monotonic clock (callers' clocks
 * may differ by some milliseconds). */
enum ratelimit_verdict ratelimit_check(
    struct ratelimit *ratelimit, const struct bs_addr *client, uint64_t now_ms);

#endif
