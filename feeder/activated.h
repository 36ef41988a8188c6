/*
 * Listening sockets that a service manager opened and handed over
 * (activation.h), for doors of the configuration: told by address or path.
 */
#ifndef FEED_ACTIVATED_H
#define FEED_ACTIVATED_H

#include <sys/un.h>

#include "config.h"
#include "log.h"

#define ACTIVATED_MAX (2 * (size_t)BS_CONFIG_LISTEN_MAX) /* SMTP and LMTP */

struct activated_socket {
	int file;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path) + 1]; /* or "" */
	struct bs_endpoint endpoint;
	bool used;
};

struct activated {
	size_t count;
	struct activated_socket item[ACTIVATED_MAX];
};

/* Takes what is handed over.  BS_ECONFIG: it is no listening socket of TCP or
 * UNIX, which is logged. */
int activated_take(const struct bs_log *log, struct activated *activated_r);

/* The socket of a door, from now on its; -1: none was handed over. */
int activated_find(
    struct activated *activated, const struct bs_config_door *door);

/* Whether each has its door; else it is logged which has not. */
bool activated_check(const struct bs_log *log, const char *config_path,
    const struct activated *activated);

#endif
