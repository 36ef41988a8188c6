/*
 * Received lines (RFC 5321 section 4.4) as MTAs really write them, and the
 * source of a message: the host that handed it to our side.
 *
 * Strict where it matters: only the address that the receiving MTA saw counts,
 * never what the client claimed (HELO); a malformed, reserved or ambiguous
 * address is no source, since a wrong one lists an innocent host.
 */
#ifndef FEED_RECEIVED_H
#define FEED_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "ipprefix.h"

#define RECEIVED_BY_MAX 256
#define RECEIVED_REASON_MAX 200

/* What a Received line says about its peer. */
enum received_peer {
	RECEIVED_ADDRESS,    /* an address, in `addr` */
	RECEIVED_NO_FROM,    /* no `from` clause: a local or internal step */
	RECEIVED_NO_ADDRESS, /* a name, or only what HELO claimed */
	RECEIVED_MALFORMED,  /* something meant as an address */
	RECEIVED_AMBIGUOUS,  /* two different addresses */
	RECEIVED_NOT_SMTP,   /* webmail, MAPI, a mailbox fetched by POP3 */
};

struct received {
	enum received_peer peer;
	struct bs_addr addr;      /* v4-mapped ones are IPv4 by now */
	char by[RECEIVED_BY_MAX]; /* lower case, "" where unknown */
};

struct received_source {
	bool has_source;
	struct bs_addr source;
	char reason[RECEIVED_REASON_MAX]; /* how it was found, or why not */
	bool top_is_ours;
	size_t ours; /* topmost lines that our side wrote */
};

/* Reads the value of one Received field, unfolded or not. */
void received_parse(const char *value, struct received *received_r);

/*
 * Finds the source: the peer of values[0], the topmost line; while it lies in
 * config's relays, the peer of the next.  Where mailbox.by is set, the topmost
 * line must be by one of those hosts.  Documentation addresses are a source
 * (the policy decides about them), other reserved space is none.
 */
void received_find_source(const struct bs_config *config, char *const *values,
    size_t count, struct received_source *source_r);

#endif
