/*
 * Received lines (RFC 5321 section 4.4) as MTAs really write them.
 *
 * Strict where it matters: only the address that the receiving MTA saw counts,
 * never what the client claimed (HELO); a malformed or ambiguous address is
 * none, since a wrong one lists an innocent host.
 */
#ifndef FEED_RECEIVED_H
#define FEED_RECEIVED_H

#include "ipprefix.h"

#define RECEIVED_BY_MAX 256
#define RECEIVED_HELO_MAX 128
#define RECEIVED_VALUE_MAX 4000 /* longer ones are doubtful */

/* What a Received line says about its peer. */
enum received_peer {
	RECEIVED_ADDRESS,    /* an address, in `addr` */
	RECEIVED_NO_FROM,    /* no `from` clause: a local or internal step */
	RECEIVED_NO_ADDRESS, /* a name, or only what HELO claimed */
	RECEIVED_MALFORMED,  /* something meant as an address */
	RECEIVED_AMBIGUOUS,  /* two different addresses */
	RECEIVED_DOUBTFUL,   /* the client's words may be read for the MTA's */
	RECEIVED_NOT_SMTP,   /* webmail, MAPI, a mailbox fetched by POP3 */
};

struct received {
	enum received_peer peer;
	bool from_client;    /* by SMTP: no inner step, address or not */
	struct bs_addr addr; /* v4-mapped ones are IPv4 by now */
	/* what the client called itself by, where the same name stands before
	 * the address, as MTAs write what they looked up; "" elsewhere */
	char helo[RECEIVED_HELO_MAX];
	char by[RECEIVED_BY_MAX]; /* lower case, "" where unknown */
};

/* Reads the value of one Received field, unfolded or not. */
void received_parse(const char *value, struct received *received_r);

#endif
