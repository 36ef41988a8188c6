/*
 * The answer writer: from a parsed query and what its name is to the bytes of
 * a response.  Pure: the caller says what it found, where to write and how
 * much.
 */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "content.h"
#include "query.h"
#include "zone.h"

/* The smallest room that a response must have: header, the longest question,
 * OPT. */
#define ANSWER_SIZE_MIN (DNS_HEADER_SIZE + DNAME_SIZE_MAX + 4 + EDNS_SIZE_MAX)

_Static_assert(ANSWER_SIZE_MIN <= DNS_UDP_PLAIN_MAX,
    "the smallest UDP response must hold the longest question and OPT");

/* Where a response goes. */
struct answer_room {
	uint8_t *bytes;
	size_t size; /* at least ANSWER_SIZE_MIN; no response is longer */
	const struct edns_reply *edns; /* borrowed; NULL: no OPT record */
};

/*
 * Writes the response to a query without error about a name of `zone`.  What
 * does not fit is left out and TC is set.  `serial` is the SOA's.  Returns the
 * size.
 */
size_t answer_write(const struct query *query, const struct zone *zone,
    const struct content *content, uint32_t serial, struct answer_room room);

/* Writes a response that has only an rcode, without AA; NOTAUTH is for a query
 * whose tsig is present, and says that its key is not known.  Returns the size. */
size_t answer_error(
    const struct query *query, enum dns_rcode rcode, struct answer_room room);

/* Writes one with TC and nothing else: the client may ask over TCP.  Returns
 * the size. */
size_t answer_truncated(const struct query *query, struct answer_room room);

/* Answers a question of class CHAOS by a text (at most TXT_SIZE_MAX bytes).
 * Returns the size. */
size_t answer_chaos(
    const struct query *query, const char *text, struct answer_room room);

#endif
