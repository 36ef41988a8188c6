/*
 * The table of rate limits with fewer places than there are networks, at any
 * rate and any times: nobody is ever limited who asked for less than the limit
 * allows, and who has the table for itself gets just what it allows.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "ratelimit.h"

#define NETWORKS 32
#define UNITS_PER_MS 4000u
#define BURST ((uint64_t)1000 * UNITS_PER_MS)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Each byte: a network, and what time passes before.  What a network got is to
 * be paid for, also what it got beyond the limit since it had lost its place. */
static void
run(struct ratelimit *ratelimit, uint64_t interval, const uint8_t *bytes,
    size_t size)
{
	static const uint16_t steps_ms[] = {0, 0, 0, 1, 4, 50, 700, 65535};
	uint64_t paid[NETWORKS] = {0}; /* until, in units of ratelimit.c */
	uint64_t now_ms = 1000;
	bool alone = true;

	for (size_t i = 0; i < size; i++) {
		struct bs_addr client = {.family = BS_IPV4};
		unsigned network = bytes[i] % NETWORKS;
		uint64_t now, from;
		bool allowed, answered;

		client.family = network % 2 > 0 ? BS_IPV6 : BS_IPV4;
		client.octet[2] = (uint8_t)network;
		now_ms += steps_ms[bytes[i] / NETWORKS];
		now = now_ms * UNITS_PER_MS;
		from = paid[network] > now ? paid[network] : now;
		allowed = from - now + interval <= BURST;
		answered = ratelimit_check(ratelimit, &client, now_ms) ==
			   RATELIMIT_ANSWER;
		if (answered)
			paid[network] = from + interval;
		assert(answered || !allowed);
		alone = alone && network == bytes[0] % NETWORKS;
		assert(!alone || answered == allowed);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct ratelimit_settings settings = {.slip = 2};
	struct ratelimit *ratelimit = NULL;

	if (size < 3)
		return 0;
	settings.per_s =
	    1 + (bytes[0] << 9 | bytes[1] << 1) % RATELIMIT_PER_S_MAX;
	memset(settings.key, bytes[2], sizeof(settings.key));
	if (ratelimit_new(&settings, 1, &ratelimit) != BS_OK)
		return 0;
	run(ratelimit, BURST / settings.per_s, bytes + 3, size - 3);
	ratelimit_free(&ratelimit);
	return 0;
}
