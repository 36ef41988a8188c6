/*
 * Sockets for UDP and TCP: opened, given their options, bound.  What comes in
 * through them is udp.c's and tcp.c's business.
 */
#ifndef SERVER_NETSOCKET_H
#define SERVER_NETSOCKET_H

#include <stdbool.h>

#include "error.h"
#include "ipprefix.h"

enum netsocket_type {
	NETSOCKET_UDP,
	NETSOCKET_TCP,
};

/* Closes a socket of which something failed; returns BS_ESYSTEM and leaves the
 * reason in errno as it is. */
int netsocket_give_up(int file);

/* "UDP", "TCP". */
const char *netsocket_type_name(enum netsocket_type type);

/*
 * Opens a non-blocking socket bound to the endpoint.  With `share` other
 * sockets of this user may be bound to it as well (SO_REUSEPORT).  BS_ESYSTEM
 * leaves the reason in errno.
 */
int netsocket_open(enum netsocket_type type, const struct bs_endpoint *endpoint,
    bool share, int *file_r);

/* Makes one that somebody else opened and bound to `endpoint` ready for us.
 * BS_ESYSTEM leaves the reason in errno. */
int netsocket_adopt(
    enum netsocket_type type, int file, const struct bs_endpoint *endpoint);

/* Lets clients connect to a TCP socket.  Of two servers that were bound at
 * once without `share` one fails here.  BS_ESYSTEM leaves the reason in
 * errno. */
int netsocket_listen(int file);

/* Lets other sockets of this user be bound to the endpoint from now on, where
 * it was opened without `share`: first alone, then shared, so that of two
 * servers that start at once one fails.  BS_ESYSTEM leaves the reason in
 * errno. */
int netsocket_share(int file);

/* The endpoint that a socket got, where it was opened with port 0. */
int netsocket_endpoint(int file, struct bs_endpoint *endpoint_r);

#endif
