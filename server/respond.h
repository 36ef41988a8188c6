/*
 * The whole query path but for sockets and database: the bytes of a message
 * in, the bytes of its response out.  Pure; this is what is fuzzed.
 */
#ifndef SERVER_RESPOND_H
#define SERVER_RESPOND_H

#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "content.h"
#include "dns.h"
#include "ipprefix.h"
#include "zone_table.h"

/* No response over UDP is longer. */
#define RESPOND_UDP_MAX DNS_UDP_EDNS_MAX
/* Nor over TCP. */
#define RESPOND_TCP_MAX 65535

struct counters;

/*
 * What messages are answered by.  All but `client` is the same for a batch:
 * the worker fills it in when it renews its snapshot, and it is valid until
 * that is released.
 */
struct respond_context {
	const struct zone_table *zones; /* borrowed */
	struct lookup lookup;
	struct bs_moment now;      /* read once for the batch */
	struct counters *counters; /* borrowed; NULL: nothing is counted */
	struct bs_endpoint client; /* who sent the message: udp.c and
				      tcpanswer.c fill it in */
};

/*
 * Answers one message that came over UDP.  Returns the response's size, 0 for
 * none: to what is no query, or beyond the rate limit.  A response is never
 * longer than 512 bytes, or what the client's EDNS allows up to the
 * configuration's `udp-size`.  An error of the lookup is a SERVFAIL.
 */
size_t respond_udp(const struct respond_context *context,
    const uint8_t *message, size_t size, uint8_t response[RESPOND_UDP_MAX]);

/*
 * The same for one that came over TCP: whatever the client's EDNS says, a
 * response is only bounded by RESPOND_TCP_MAX, which no set of a zone exceeds
 * (zonefile_check.c), so that nothing is cut.
 */
size_t respond_tcp(const struct respond_context *context,
    const uint8_t *message, size_t size, uint8_t response[RESPOND_TCP_MAX]);

#endif
