/*
 * The whole query path but for sockets and database: the bytes of a message
 * in, the bytes of its response out.  Pure; this is what is fuzzed.
 */
#ifndef SERVER_RESPOND_H
#define SERVER_RESPOND_H

#include <stddef.h>
#include <stdint.h>

#include "content.h"
#include "zone_table.h"

/* No response over UDP is longer. */
#define RESPOND_UDP_MAX 1232
/* Nor over TCP. */
#define RESPOND_TCP_MAX 65535

/*
 * Answers one message that came over UDP.  Returns the response's size, 0 for
 * none.  A response is never longer than 512 bytes, or what the client's EDNS
 * allows up to RESPOND_UDP_MAX.  An error of the lookup is a SERVFAIL.
 */
size_t respond_udp(const struct zone_table *zones, const struct lookup *lookup,
    const uint8_t *message, size_t size, uint8_t response[RESPOND_UDP_MAX]);

/*
 * The same for one that came over TCP: whatever the client's EDNS says, a
 * response is only bounded by RESPOND_TCP_MAX, which no set of a zone exceeds
 * (zonefile_check.c), so that nothing is cut.
 */
size_t respond_tcp(const struct zone_table *zones, const struct lookup *lookup,
    const uint8_t *message, size_t size, uint8_t response[RESPOND_TCP_MAX]);

#endif
