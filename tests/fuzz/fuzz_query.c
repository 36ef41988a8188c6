/*
 * The whole query path, bytes in, bytes out, on the zones and listings of the
 * unit tests: whatever comes, a response is within its limits and answers the
 * question that was asked.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "dns.h"
#include "query.h"
#include "respond.h"
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

static void
check_response(const uint8_t *bytes, const struct query *query,
    const uint8_t *response, size_t size)
{
	size_t limit = DNS_UDP_PLAIN_MAX;

	if (query->edns && query->edns_size > limit)
		limit = query->edns_size;
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
	assert(bs_get_be16(response + 10) == query->edns);
	/* an error never carries records: a naive client might take one */
	if ((response[3] & 0xf) != 0)
		assert(bs_get_be16(response + 6) == 0);
	check_sections(response, size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct zone_table *zones;
	uint8_t *response = malloc(RESPOND_UDP_MAX);
	struct respond_context context = {.lookup = fixture_lookup()};
	struct query query;
	size_t got;

	if (zones == NULL)
		zones = fixture_zones();
	assert(response != NULL);
	context.zones = zones;
	got = respond_udp(&context, bytes, size, response);
	if (query_parse(bytes, size, &query))
		check_response(bytes, &query, response, got);
	else
		assert(got == 0);
	free(response);
	return 0;
}
