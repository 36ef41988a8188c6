/*
 * Binds sockets that mail comes in by.  Used by smtpserver.c and milter.c, before
 * the user is dropped.
 */
#include "autoconf.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "door.h"
#include "socketfile.h"

#define BACKLOG 512
#define SOCKET_MODE 0660

static int
bind_endpoint(const struct bs_endpoint *endpoint)
{
	struct sockaddr_storage name;
	socklen_t size = bs_endpoint_to_sockaddr(endpoint, &name);
	int on = 1, reason;
	int file = socket(
	    name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (file < 0)
		return -1;
	(void)setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* handed down to each connection */
	(void)setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (name.ss_family == AF_INET6)
		(void)setsockopt(
		    file, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(file, (const struct sockaddr *)&name, size) == 0 &&
	    listen(file, BACKLOG) == 0)
		return file;
	reason = errno;
	(void)close(file);
	errno = reason;
	return -1;
}

/* Whether a socket's file is left over from a process that is gone. */
static bool
is_left_over(const struct sockaddr_un *name)
{
	struct stat status;
	int file;
	bool refused;

	if (lstat(name->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
		return false;
	file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	refused =
	    file >= 0 &&
	    connect(file, (const struct sockaddr *)name, sizeof(*name)) != 0 &&
	    errno == ECONNREFUSED;
	if (file >= 0)
		(void)close(file);
	return refused;
}

static int
bind_path(const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int file, reason;

	(void)snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	if (is_left_over(&name))
		(void)unlink(path);
	file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (file < 0)
		return -1;
	if (bs_socketfile_bind(file, &name, SOCKET_MODE) == 0 &&
	    listen(file, BACKLOG) == 0)
		return file;
	reason = errno;
	(void)close(file);
	errno = reason;
	return -1;
}

static const char *
remedy(int reason)
{
	switch (reason) {
	case EADDRINUSE:
		return "stop the other server, or choose another";
	case EACCES:
	case EPERM:
		return "start as root, give the service "
		       "CAP_NET_BIND_SERVICE, or choose another";
	case EADDRNOTAVAIL:
		return "write an address of this machine: see `ip -brief "
		       "address`";
	case ENOENT:
		return "make its folder";
	default:
		return "choose another";
	}
}

void
door_describe(const struct bs_config_door *door, char *text, size_t size)
{
	char endpoint[BS_ENDPOINT_TEXT_MAX];

	if (door->path != NULL)
		(void)snprintf(text, size, "unix:%s", door->path);
	else
		(void)snprintf(text, size, "%s",
		    bs_endpoint_format(&door->endpoint, endpoint));
}

int
door_open(const struct bs_config_door *door)
{
	return door->path != NULL ? bind_path(door->path)
				  : bind_endpoint(&door->endpoint);
}

void
door_complain(const struct bs_log *log, const char *config_path,
    const char *key, const struct bs_config_door *door, int reason)
{
	char where[PATH_MAX];

	door_describe(door, where, sizeof(where));
	bs_log(log, BS_LOG_ERROR, "%s:%u: %s: %s: %s: %s", config_path,
	    door->line, key, where, strerror(reason), remedy(reason));
}
