/*
 * All sockets of the server: for each worker its own UDP and TCP socket of each
 * endpoint.
 */
#ifndef SERVER_LISTENERS_H
#define SERVER_LISTENERS_H

#include "config.h"
#include "inherited.h"
#include "listen.h"
#include "log.h"

struct listeners {
	size_t endpoint_count, worker_count;
	/* with the ports that the system chose */
	struct bs_endpoint endpoint[BS_CONFIG_LISTEN_MAX];
	struct listen_files *files; /* of the first worker, the second ... */
};

/*
 * Opens what the configuration asks for, so that nobody else has a socket
 * there, and takes what is inherited, which all workers share.  Where sockets
 * are inherited and `listen` is not set they are all there is.  Every failure is
 * logged; BS_ECONFIG where no endpoint is configured, BS_ESYSTEM, BS_ENOMEM.
 */
int listeners_open(const struct bs_log *log, const struct bs_config *config,
    const struct inherited *inherited, struct listeners *listeners_r);

/* The sockets of one worker, endpoint_count of them. */
const struct listen_files *listeners_of(
    const struct listeners *listeners, size_t worker);

/* Closes them and frees what was allocated. */
void listeners_close(struct listeners *listeners);

/* Only frees what was allocated, where workers took the sockets. */
void listeners_forget(struct listeners *listeners);

#endif
