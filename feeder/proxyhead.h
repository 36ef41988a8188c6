/*
 * The header of the PROXY protocol, version 1 (a line) and 2 (binary), as
 * HAProxy and others put it before a connection that they hand on.  Pure.
 */
#ifndef FEED_PROXYHEAD_H
#define FEED_PROXYHEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "ipprefix.h"

#define PROXYHEAD_V1_MAX 107 /* with its CRLF */
/* Of version 2: its 16 bytes, addresses, and options, which nobody needs. */
#define PROXYHEAD_MAX 1024

enum proxyhead_state {
	PROXYHEAD_MORE, /* so far so good: more bytes are needed */
	PROXYHEAD_DONE,
	PROXYHEAD_BAD, /* no such header, or too long */
};

struct proxyhead {
	size_t size;         /* bytes that the header takes */
	bool has_peer;       /* false: UNKNOWN, LOCAL, another family */
	struct bs_addr peer; /* the client that the proxy speaks for */
};

/* Reads the header at the start of `bytes`; *head_r is written where it is
 * PROXYHEAD_DONE. */
enum proxyhead_state proxyhead_parse(
    const char *bytes, size_t size, struct proxyhead *head_r);

#endif
