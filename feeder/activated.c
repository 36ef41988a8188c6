/*
 * Looks at the sockets that socket activation hands over and matches them to
 * smtp.listen and lmtp.listen.  Called by serve.c, first of all, and by
 * smtpserver.c, which opens what is not among them.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "activation.h"
#include "activated.h"

/* Where a listening socket is bound; false: it is none of ours. */
static bool
look_at(int file, struct activated_socket *item)
{
	union {
		struct sockaddr_storage any;
		struct sockaddr_un local;
		struct sockaddr base;
	} name;
	socklen_t size = sizeof(name);

	memset(&name, 0, sizeof(name));
	if (bs_activation_option(file, SO_TYPE) != SOCK_STREAM ||
	    bs_activation_option(file, SO_ACCEPTCONN) != 1 ||
	    getsockname(file, &name.base, &size) != 0)
		return false;
	if (name.base.sa_family != AF_UNIX)
		return bs_endpoint_from_sockaddr(&name.base, &item->endpoint) ==
		       BS_OK;
	/* the kernel ends a path where it has room */
	memcpy(item->path, name.local.sun_path, sizeof(item->path) - 1);
	return item->path[0] == '/';
}

static bool
adopt(int file, const struct activated_socket *item)
{
	int flags = fcntl(file, F_GETFL), on = 1;

	if (flags < 0 || fcntl(file, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(file, F_SETFD, FD_CLOEXEC) < 0)
		return false;
	return item->path[0] != '\0' ||
	       setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0;
}

int
activated_take(const struct bs_log *log, struct activated *activated_r)
{
	struct activated activated = {0};
	int rc = bs_activation_take(log, ACTIVATED_MAX, &activated.count);

	for (size_t i = 0; rc == BS_OK && i < activated.count; i++) {
		struct activated_socket *item = &activated.item[i];

		item->file = BS_ACTIVATION_FIRST + (int)i;
		if (look_at(item->file, item) && adopt(item->file, item))
			continue;
		bs_log(log, BS_LOG_ERROR,
		    "socket activation: file %d is no listening socket of TCP "
		    "or UNIX: have the socket unit name addresses and paths "
		    "with ListenStream=",
		    item->file);
		rc = BS_ECONFIG;
	}
	if (rc == BS_OK)
		*activated_r = activated;
	return rc;
}

static bool
is_at(const struct activated_socket *item, const struct bs_config_door *door)
{
	if (door->path != NULL)
		return strcmp(item->path, door->path) == 0;
	return item->path[0] == '\0' &&
	       item->endpoint.port == door->endpoint.port &&
	       bs_addr_compare(&item->endpoint.addr, &door->endpoint.addr) == 0;
}

int
activated_find(struct activated *activated, const struct bs_config_door *door)
{
	for (size_t i = 0; i < activated->count; i++) {
		struct activated_socket *item = &activated->item[i];

		if (item->used || !is_at(item, door))
			continue;
		item->used = true;
		return item->file;
	}
	return -1;
}

bool
activated_check(const struct bs_log *log, const char *config_path,
    const struct activated *activated)
{
	char text[BS_ENDPOINT_TEXT_MAX];
	bool found = true;

	for (size_t i = 0; i < activated->count; i++) {
		const struct activated_socket *item = &activated->item[i];

		if (item->used)
			continue;
		found = false;
		bs_log(log, BS_LOG_ERROR,
		    "%s:1: smtp.listen: socket activation hands over %s%s, "
		    "which is no listener: name it in smtp.listen or "
		    "lmtp.listen, or take it out of the socket unit",
		    config_path, item->path[0] != '\0' ? "unix:" : "",
		    item->path[0] != '\0'
			? item->path
			: bs_endpoint_format(&item->endpoint, text));
	}
	return found;
}
