/*
 * Rate limits against a model that keeps every network's bucket for itself, at
 * times of the test's own; the bounds of the table; and threads that share it.
 */
#include "autoconf.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "address_fixture.h"
#include "ratelimit.h"

#define KEY "0123456789abcdef"

static struct ratelimit *
make(uint32_t per_s, uint32_t slip, size_t sets)
{
	struct ratelimit_settings settings = {.per_s = per_s, .slip = slip};
	struct ratelimit *ratelimit = NULL;

	memcpy(settings.key, KEY, sizeof(settings.key));
	assert_int_equal(ratelimit_new(&settings, sets, &ratelimit), 0);
	return ratelimit;
}

static bool
asks(struct ratelimit *ratelimit, const char *client, uint64_t now_ms)
{
	struct bs_addr addr = addr_of(client);

	return ratelimit_check(ratelimit, &addr, now_ms) == RATELIMIT_ANSWER;
}

static unsigned
asks_often(struct ratelimit *ratelimit, const char *client, uint64_t now_ms,
    unsigned times)
{
	unsigned answered = 0;

	while (times-- > 0)
		answered += asks(ratelimit, client, now_ms);
	return answered;
}

/* A second's worth at once, then as many as time goes on. */
static void
rate(void **state)
{
	struct ratelimit *ratelimit = make(10, 2, 16);

	(void)state;
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 5000, 100), 10);
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 5099, 100), 0);
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 5100, 100), 1);
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 5450, 100), 3);
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 5500, 100), 1);
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 9000, 100), 10);
	/* a worker whose clock is a little behind takes nothing away */
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 8996, 100), 0);
	assert_int_equal(asks_often(ratelimit, "192.0.2.1", 9100, 100), 1);
	/* after the kept time has wrapped, several times */
	assert_int_equal(
	    asks_often(ratelimit, "192.0.2.1", 9100 + 86400000, 100), 10);
	assert_int_equal(asks_often(ratelimit, "192.0.2.1",
			     9100 + (uint64_t)86400000 * 40, 100),
	    10);
	ratelimit_free(&ratelimit);
	assert_null(ratelimit);
}

static const struct {
	const char *one, *other;
	bool together;
} networks[] = {
    {"192.0.2.0", "192.0.2.255", true},
    {"192.0.2.0", "192.0.3.0", false},
    {"2001:db8:0:100::", "2001:db8:0:1ff:ffff:ffff:ffff:ffff", true},
    {"2001:db8:0:100::", "2001:db8:0:200::", false},
    {"1.2.3.4", "102:300::", false},
};

static void
by_network(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(networks) / sizeof(*networks); i++) {
		struct ratelimit *ratelimit = make(5, 0, 16);

		assert_int_equal(
		    asks_often(ratelimit, networks[i].one, 1000, 6), 5);
		assert_int_equal(
		    asks_often(ratelimit, networks[i].other, 1000, 6),
		    networks[i].together ? 0 : 5);
		ratelimit_free(&ratelimit);
	}
}

/* One in `slip` is told to come back over TCP. */
static void
slip(void **state)
{
	static const uint32_t slips[] = {0, 1, 2, 10, RATELIMIT_SLIP_MAX};
	struct bs_addr client = addr_of("192.0.2.1");

	(void)state;
	for (size_t i = 0; i < sizeof(slips) / sizeof(*slips); i++) {
		struct ratelimit *ratelimit = make(1, slips[i], 16);
		unsigned count[3] = {0, 0, 0};
		unsigned wanted = slips[i] > 0 ? 10000 / slips[i] : 0;

		/* the same message, within the same millisecond */
		for (unsigned j = 0; j <= 10000; j++)
			count[ratelimit_check(ratelimit, &client, 77)]++;
		assert_int_equal(count[RATELIMIT_ANSWER], 1);
		assert_in_range(count[RATELIMIT_SLIP],
		    slips[i] > 1 ? wanted * 7 / 10 : wanted,
		    slips[i] > 1 ? wanted * 13 / 10 : wanted);
		assert_int_equal(count[0] + count[1] + count[2], 10001);
		ratelimit_free(&ratelimit);
	}
}

/* --- the model ------------------------------------------------------------------ */

#define MODEL_NETWORKS 50

/* A bucket of `per_s` answers, in 1/4000000 of an answer's time as the kept
 * time is, filled by time. */
struct bucket {
	uint64_t at_ms; /* until when its answers are paid for, in units */
};

static bool
model_takes(struct bucket *bucket, uint64_t interval, uint64_t now)
{
	uint64_t from = bucket->at_ms > now ? bucket->at_ms : now;

	if (from - now + interval > 4000000)
		return false;
	bucket->at_ms = from + interval;
	return true;
}

static void
against_the_model(void **state)
{
	static const uint32_t rates[] = {1, 7, 100, 1000, RATELIMIT_PER_S_MAX};
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		struct ratelimit *ratelimit = make(rates[i], 0, 1024);
		struct bucket bucket[MODEL_NETWORKS] = {{0}};
		struct bs_addr client = addr_of("10.0.0.1");
		uint64_t now_ms = 123456;

		for (unsigned round = 0; round < 100000; round++) {
			unsigned which;
			bool got;

			seed = seed * 1103515245u + 12345u;
			which = (seed >> 16) % MODEL_NETWORKS;
			which = which * which / MODEL_NETWORKS;
			now_ms +=
			    (seed >> 8) % 256 < 16 ? (seed >> 10) % 60 : 0;
			client.octet[2] = (uint8_t)which;
			got = ratelimit_check(ratelimit, &client, now_ms) ==
			      RATELIMIT_ANSWER;
			assert_int_equal(
			    got, model_takes(&bucket[which], 4000000 / rates[i],
				     now_ms * 4000));
		}
		ratelimit_free(&ratelimit);
	}
}

/* --- the table's bounds ------------------------------------------------------------ */

/* 8 busy networks fill the only set; a ninth takes the place of who has used
 * least.  None ever gets fewer answers than it may. */
static void
full_table(void **state)
{
	struct ratelimit *ratelimit = make(10, 0, 1);
	struct bs_addr client = addr_of("10.0.0.1");

	(void)state;
	for (uint8_t i = 0; i < 8; i++) {
		client.octet[2] = i;
		for (unsigned k = 0; k < (i == 3 ? 2u : 9u); k++)
			assert_int_equal(
			    ratelimit_check(ratelimit, &client, 1000),
			    RATELIMIT_ANSWER);
	}
	client.octet[2] = 99;
	assert_int_equal(
	    ratelimit_check(ratelimit, &client, 1000), RATELIMIT_ANSWER);
	/* the others are as they were */
	assert_int_equal(asks_often(ratelimit, "10.0.0.1", 1000, 9), 1);
	assert_int_equal(asks_often(ratelimit, "10.0.7.1", 1000, 9), 1);
	ratelimit_free(&ratelimit);
}

/* Whatever comes from everywhere, an address that asks within its rate gets
 * all answers. */
static void
flood(void **state)
{
	struct ratelimit *ratelimit = make(20, 0, 4);
	struct bs_addr flooder = addr_of("10.0.0.1");
	uint32_t seed = 3;

	(void)state;
	for (uint64_t now_ms = 1; now_ms < 20000; now_ms++) {
		for (unsigned i = 0; i < 20; i++) {
			seed = seed * 1103515245u + 12345u;
			flooder.octet[1] = (uint8_t)(seed >> 16);
			flooder.octet[2] = (uint8_t)(seed >> 24);
			(void)ratelimit_check(ratelimit, &flooder, now_ms);
		}
		if (now_ms % 50 == 0)
			assert_true(asks(ratelimit, "192.0.2.1", now_ms));
	}
	ratelimit_free(&ratelimit);
}

/* --- threads ------------------------------------------------------------------------- */

#define THREADS 4
#define ASKED 20000

struct asker {
	struct ratelimit *ratelimit;
	unsigned answered;
};

static void *
ask_in_thread(void *argument)
{
	struct asker *asker = argument;

	asker->answered =
	    asks_often(asker->ratelimit, "192.0.2.1", 5000, ASKED);
	return NULL;
}

/* Together they get what one would, but for those that pass where others were
 * quicker four times in a row.  Each of the thousand is in the way of all other
 * threads at most: so many pass at worst, on whatever machine. */
#define QUICKER 4

static void
shared(void **state)
{
	struct ratelimit *ratelimit = make(1000, 0, 16);
	struct asker asker[THREADS];
	pthread_t thread[THREADS];
	unsigned answered = 0;

	(void)state;
	for (size_t i = 0; i < THREADS; i++) {
		asker[i] = (struct asker){ratelimit, 0};
		assert_int_equal(
		    pthread_create(&thread[i], NULL, ask_in_thread, &asker[i]),
		    0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		answered += asker[i].answered;
	}
	assert_in_range(answered, 1000, 1000 + 1000 * (THREADS - 1) / QUICKER);
	ratelimit_free(&ratelimit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rate),
	    cmocka_unit_test(by_network),
	    cmocka_unit_test(slip),
	    cmocka_unit_test(against_the_model),
	    cmocka_unit_test(full_table),
	    cmocka_unit_test(flood),
	    cmocka_unit_test(shared),
	};

	return cmocka_run_group_tests_name("ratelimit", tests, NULL, NULL);
}
