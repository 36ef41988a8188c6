/*
 * Opens and binds sockets with the options that a name server's need.  Called
 * by listen.c, to try endpoints and to have them for good.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netsocket.h"

#define UDP_BUFFER_BYTES (4 << 20) /* asked for; the kernel may give less */
/* What the kernel keeps for one connection, so that many that stall can't
 * take the machine's memory; the kernel doubles both. */
#define TCP_RECEIVE_BYTES (32 << 10)
#define TCP_SEND_BYTES (128 << 10)
#define TCP_BACKLOG 1024

static bool
set_option(int file, int level, int option, int value)
{
	return setsockopt(file, level, option, &value, sizeof(value)) == 0;
}

static bool
set_udp_options(int file, const struct bs_endpoint *endpoint)
{
	bool ipv6 = endpoint->addr.family == BS_IPV6;

	/* as large as we may: a burst waits there during a batch */
	(void)set_option(file, SOL_SOCKET, SO_RCVBUF, UDP_BUFFER_BYTES);
	(void)set_option(file, SOL_SOCKET, SO_SNDBUF, UDP_BUFFER_BYTES);
	/* forged "fragmentation needed" must not make us send fragments; nor
	 * may a router make them (RFC 9715 section 3.1), which also saves the
	 * kernel the making of fragments' IDs */
	if (ipv6)
		(void)set_option(
		    file, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
	else
		(void)set_option(
		    file, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
	/* replies must be told where to leave from */
	if (!bs_addr_is_any(&endpoint->addr))
		return true;
	return ipv6 ? set_option(file, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
		    : set_option(file, IPPROTO_IP, IP_PKTINFO, 1);
}

/* Connections inherit these. */
static bool
set_tcp_options(int file)
{
	(void)set_option(file, SOL_SOCKET, SO_RCVBUF, TCP_RECEIVE_BYTES);
	(void)set_option(file, SOL_SOCKET, SO_SNDBUF, TCP_SEND_BYTES);
	/* answers are written a batch at a time: nothing to wait for */
	(void)set_option(file, IPPROTO_TCP, TCP_NODELAY, 1);
	/* connections that an earlier server closed still hold the port */
	return set_option(file, SOL_SOCKET, SO_REUSEADDR, 1);
}

static bool
set_options(int file, enum netsocket_type type,
    const struct bs_endpoint *endpoint, bool share)
{
	if (endpoint->addr.family == BS_IPV6 &&
	    !set_option(file, IPPROTO_IPV6, IPV6_V6ONLY, 1))
		return false;
	if (share && !set_option(file, SOL_SOCKET, SO_REUSEPORT, 1))
		return false;
	return type == NETSOCKET_UDP ? set_udp_options(file, endpoint)
				     : set_tcp_options(file);
}

const char *
netsocket_type_name(enum netsocket_type type)
{
	return type == NETSOCKET_UDP ? "UDP" : "TCP";
}

int
netsocket_give_up(int file)
{
	int reason = errno;

	(void)close(file);
	errno = reason;
	return BS_ESYSTEM;
}

int
netsocket_open(enum netsocket_type type, const struct bs_endpoint *endpoint,
    bool share, int *file_r)
{
	struct sockaddr_storage sockaddr;
	socklen_t size = bs_endpoint_to_sockaddr(endpoint, &sockaddr);
	int kind = type == NETSOCKET_UDP ? SOCK_DGRAM : SOCK_STREAM;
	int file =
	    socket(sockaddr.ss_family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (file < 0)
		return BS_ESYSTEM;
	if (!set_options(file, type, endpoint, share) ||
	    bind(file, (const struct sockaddr *)&sockaddr, size) != 0)
		return netsocket_give_up(file);
	*file_r = file;
	return BS_OK;
}

int
netsocket_adopt(
    enum netsocket_type type, int file, const struct bs_endpoint *endpoint)
{
	int flags = fcntl(file, F_GETFL);

	if (flags < 0 || fcntl(file, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(file, F_SETFD, FD_CLOEXEC) < 0)
		return BS_ESYSTEM;
	if (type == NETSOCKET_UDP)
		return set_udp_options(file, endpoint) ? BS_OK : BS_ESYSTEM;
	return set_tcp_options(file) ? BS_OK : BS_ESYSTEM;
}

int
netsocket_listen(int file)
{
	return listen(file, TCP_BACKLOG) == 0 ? BS_OK : BS_ESYSTEM;
}

int
netsocket_share(int file)
{
	return set_option(file, SOL_SOCKET, SO_REUSEPORT, 1) ? BS_OK
							     : BS_ESYSTEM;
}

int
netsocket_endpoint(int file, struct bs_endpoint *endpoint_r)
{
	struct sockaddr_storage sockaddr;
	socklen_t size = sizeof(sockaddr);

	if (getsockname(file, (struct sockaddr *)&sockaddr, &size) != 0)
		return BS_ESYSTEM;
	return bs_endpoint_from_sockaddr(
	    (const struct sockaddr *)&sockaddr, endpoint_r);
}
