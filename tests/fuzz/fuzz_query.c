/*
 * The whole query path, bytes in, bytes out, on the zones and listings of the
 * unit tests: whatever comes, a response is within its limits and answers the
 * question that was asked.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "dns.h"
#include "query.h"
#include "respond.h"
#include "revname.h"
#include "server_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Passes over a name; the end of it. */
static size_t
skip_name(const uint8_t *bytes, size_t size, size_t at)
{
	for (;;) {
		assert(at < size);
		if (bytes[at] >= 0xc0) {
			assert(at + 2 <= size);
			/* pointers go back, behind the header */
			assert((bs_get_be16(bytes + at) & 0x3fffu) < at);
			assert((bs_get_be16(bytes + at) & 0x3fffu) >=
			       DNS_HEADER_SIZE);
			return at + 2;
		}
		assert(bytes[at] <= DNAME_LABEL_MAX);
		if (bytes[at] == 0)
			return at + 1;
		at += 1u + bytes[at];
	}
}

/* All sections are whole and fill the response. */
static void
check_sections(const uint8_t *response, size_t size)
{
	size_t at = DNS_HEADER_SIZE;
	unsigned records = bs_get_be16(response + 6) +
			   bs_get_be16(response + 8) +
			   bs_get_be16(response + 10);

	if (bs_get_be16(response + 4) == 1)
		at = skip_name(response, size, at) + 4;
	for (unsigned i = 0; i < records; i++) {
		at = skip_name(response, size, at);
		assert(at + 10 <= size);
		at += 10u + bs_get_be16(response + at + 8);
		assert(at <= size);
	}
	assert(at == size);
}

/* All answers are aliases. */
static void
check_aliases(const uint8_t *response, size_t size)
{
	size_t at = DNS_HEADER_SIZE;

	if (bs_get_be16(response + 4) == 1)
		at = skip_name(response, size, at) + 4;
	for (unsigned i = bs_get_be16(response + 6); i > 0; i--) {
		at = skip_name(response, size, at);
		assert(bs_get_be16(response + at) == DNS_CNAME);
		at += 10u + bs_get_be16(response + at + 8);
	}
}

static void
check_response(const uint8_t *bytes, const struct query *query,
    const uint8_t *response, size_t size)
{
	size_t limit = DNS_UDP_PLAIN_MAX;

	if (query->edns.present && query->edns.size > limit)
		limit = query->edns.size;
	if (limit > RESPOND_UDP_MAX)
		limit = RESPOND_UDP_MAX;
	assert(size >= DNS_HEADER_SIZE && size <= limit);
	assert(memcmp(response, bytes, 2) == 0);
	/* QR, the opcode and RD as asked; never RA, AD, CD, Z */
	assert((response[2] & 0xf9) == (0x80 | (bytes[2] & 0x79)));
	assert((response[3] & 0xf0) == 0);
	assert(bs_get_be16(response + 4) == (query->question_size > 0));
	assert(memcmp(response + DNS_HEADER_SIZE, bytes + DNS_HEADER_SIZE,
		   query->question_size) == 0);
	assert(bs_get_be16(response + 10) >= query->edns.present);
	/* an error never carries an address: a naive client might take it */
	if ((response[3] & 0xf) != 0)
		check_aliases(response, size);
	check_sections(response, size);
}

/* Says and checks all that it can; over the limit now and then. */
static struct guard *
make_guard(void)
{
	static char nsid[] = "ns1.test", identity[] = "id", version[] = "v";
	static struct guard guard = {
	    .udp_size = RESPOND_UDP_MAX,
	    .nsid = nsid,
	    .identity = identity,
	    .version = version,
	    .cookies = true,
	    .secrets = {.secret = {"0123456789abcdef"}, .count = 1},
	};
	struct ratelimit_settings settings = {.per_s = 1, .slip = 2};

	if (guard.ratelimit == NULL &&
	    ratelimit_new(&settings, 1, &guard.ratelimit) != 0)
		abort();
	return &guard;
}

static void
run(const struct respond_context *context, const uint8_t *bytes, size_t size,
    bool may_drop)
{
	uint8_t *response = malloc(RESPOND_UDP_MAX);
	struct query query;
	size_t got;

	assert(response != NULL);
	got = respond_udp(context, bytes, size, response);
	if (!query_parse(bytes, size, &query))
		assert(got == 0);
	else if (got > 0 || !may_drop)
		check_response(bytes, &query, response, got);
	free(response);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct zone_table *zones;
	static struct guard *guard;
	static struct lookup lookup;
	struct respond_context context = {
	    .now = {.monotonic_ms = 1000, .wall_s = 1559731985},
	    .client = {.addr = {.family = BS_IPV4}, .port = 53},
	};

	if (zones == NULL) {
		zones = fixture_zones();
		guard = make_guard();
		lookup = fixture_lookup();
	}
	context.zones = zones;
	context.lookup = lookup;
	zones->guard = NULL;
	run(&context, bytes, size, false);
	zones->guard = guard;
	for (int i = 0; i < 2; i++) {
		guard->strict = i > 0;
		context.now.monotonic_ms += 500;
		run(&context, bytes, size, true);
	}
	if (size > DNS_HEADER_SIZE) {
		struct bs_addr addr;

		(void)revname_guess(
		    bytes + DNS_HEADER_SIZE, size - DNS_HEADER_SIZE, &addr);
	}
	return 0;
}
