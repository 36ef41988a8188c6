/*
 * The endpoints of `listen`, each by UDP and by TCP: whether they can be
 * served, and if not, why not and what to do; and their sockets.
 */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include <stdbool.h>

#include "config.h"
#include "netsocket.h"

/* The sockets of one endpoint. */
struct listen_files {
	int udp;
	int tcp; /* clients may connect to it */
};

/* No endpoint: a format for the configuration's path. */
#define LISTEN_NONE                                                \
	"%s:1: listen: none configured, so nobody could ask: add " \
	"`listen: [127.0.0.1@53]`"

/*
 * For -t: tries to bind each endpoint and lets it go again; every failure is
 * reported.  A socket of the same user that shares, as a running backstopd's,
 * is no failure.  BS_OK, BS_ESYSTEM, or BS_ECONFIG where there is none.
 */
int listen_check(
    const struct bs_config *config, bs_config_report *report, void *context);

/*
 * Opens both sockets of an endpoint.  Without `share` they must be the only
 * ones there, and may be shared afterwards; a port 0 becomes the one that the
 * system chose for both.  BS_ESYSTEM: the reason is in errno, and *failed_r
 * says which of the two it was.
 */
int listen_open(struct bs_endpoint *endpoint, bool share,
    struct listen_files *files_r, enum netsocket_type *failed_r);

/* The same for one of the two types only. */
int listen_open_one(enum netsocket_type type,
    const struct bs_endpoint *endpoint, bool share, int *file_r);

/* Those of -1 are none. */
void listen_close(const struct listen_files *files);

/* "FILE:LINE: listen: ADDRESS@PORT: what: remedy" for an errno of
 * listen_open. */
void listen_explain(const struct bs_config *config,
    const struct bs_config_listen *listen, enum netsocket_type type, int reason,
    struct bs_message *message);

#endif
