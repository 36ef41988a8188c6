/*
 * Sockets that a service manager opened for us and handed over (activation.h).
 */
#ifndef SERVER_INHERITED_H
#define SERVER_INHERITED_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "listen.h"
#include "log.h"

#define INHERITED_MAX (2 * (size_t)BS_CONFIG_LISTEN_MAX) /* UDP and TCP */

/* Sockets of an endpoint that came from outside; -1: it has none of that
 * type. */
struct inherited_endpoint {
	struct bs_endpoint endpoint;
	struct listen_files files;
};

struct inherited {
	size_t count;
	struct inherited_endpoint item[BS_CONFIG_LISTEN_MAX];
};

/*
 * Takes what is handed over: sockets for UDP and listening ones for TCP, over
 * IPv4 or IPv6.  Anything else is logged and BS_ECONFIG.  What starts from here
 * does not see the variables any more.
 */
int inherited_take(const struct bs_log *log, struct inherited *inherited_r);

/* Those of an endpoint, or NULL. */
const struct inherited_endpoint *inherited_find(
    const struct inherited *inherited, const struct bs_endpoint *endpoint);

#endif
