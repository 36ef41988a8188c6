/*
 * EDNS (RFC 6891): what a query's OPT record says, and the OPT record of its
 * response.  Pure.
 */
#ifndef SERVER_EDNS_H
#define SERVER_EDNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cookie.h"
#include "dns.h"

#define EDNS_NSID_MAX 128 /* bytes of ours */

/* No OPT record of ours is longer. */
#define EDNS_SIZE_MAX \
	(DNS_OPT_SIZE + (4 + EDNS_NSID_MAX) + (4 + COOKIE_SIZE) + (4 + 2))

/* A query's. */
struct edns {
	bool present;          /* there was an OPT record */
	bool dnssec_ok;        /* its DO bit, which a response repeats */
	bool nsid;             /* the server's name is asked for (RFC 5001) */
	uint16_t size;         /* what the client takes, as it said */
	const uint8_t *cookie; /* the first COOKIE option's data, in the
				  message; NULL: none */
	uint16_t cookie_size;
};

/* Extended errors (RFC 8914) that are sent. */
enum edns_error {
	EDNS_ERROR_NONE = -1,
	EDNS_ERROR_NOT_READY = 14,
	EDNS_ERROR_PROHIBITED = 18,
	EDNS_ERROR_NOT_AUTHORITATIVE = 20,
	EDNS_ERROR_NOT_SUPPORTED = 21,
};

/* A response's. */
struct edns_reply {
	uint16_t size; /* what we take over UDP */
	bool dnssec_ok;
	const char *nsid;      /* borrowed; NULL: is not told */
	const uint8_t *cookie; /* COOKIE_SIZE bytes, borrowed; NULL: none */
	enum edns_error error; /* left out where there is no room for it */
};

/*
 * Reads an OPT record's class, TTL and data into *edns_r, which stays
 * `present`.  DNS_FORMERR: its options are not whole; DNS_BADVERS: version
 * above 0, whose options are not read; else DNS_NOERROR.
 */
enum dns_rcode edns_parse(uint16_t class, uint32_t ttl, const uint8_t *data,
    size_t size, struct edns *edns_r);

/* The size of the OPT record without its extended error. */
size_t edns_reply_size(const struct edns_reply *reply);

/* Writes it where there is `room`, at least edns_reply_size; returns its
 * size. */
size_t edns_write(const struct edns_reply *reply, enum dns_rcode rcode,
    uint8_t *bytes, size_t room);

#endif
