/*
 * Accepts connections: who is at the other end, whether it has its share
 * already, and whom to send away where there are too many.  What a connection
 * does then is smtpconn.c's; called by smtpserver.c.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "report.h"
#include "smtpconn_private.h"

/* Who counts as one client. */
static struct bs_prefix
network_of(const struct smtp_peer *peer)
{
	return bs_prefix_of(
	    &peer->addr, peer->addr.family == BS_IPV4 ? 24 : 56);
}

static size_t
count_network(const struct smtpserver *server, const struct bs_prefix *network)
{
	const struct smtpconn *conn;
	size_t count = 0;

	TAILQ_FOREACH(conn, &server->conns, in_list)
	{
		if (bs_prefix_compare(&conn->network, network) == 0)
			count++;
	}
	return count;
}

bool
smtpconn_evict(struct smtpserver *server)
{
	struct smtpconn *conn, *longest = NULL;

	TAILQ_FOREACH(conn, &server->conns, in_list)
	{
		if (!conn->in_room &&
		    (longest == NULL || conn->phase_ms < longest->phase_ms))
			longest = conn;
	}
	if (longest == NULL)
		return false;
	server->refused++;
	smtpconn_dismiss(longest);
	return true;
}

static void
refuse(struct smtpconn *conn)
{
	static const char reply[] = "421 4.7.0 too many connections from your "
				    "network, try again later\r\n";
	uv_buf_t part =
	    uv_buf_init((char *)(uintptr_t)reply, sizeof(reply) - 1);

	conn->server->refused++;
	conn->server->count->refused[conn->lmtp]++;
	(void)uv_try_write(&conn->uv.stream, &part, 1);
	smtpconn_cut(conn);
}

/* What the peer's address is granted, and counts with. */
static void
trust(struct smtpconn *conn)
{
	const struct bs_config *config = conn->server->config;
	struct smtp_peer *peer = &conn->peer;

	peer->may_xclient = bs_prefix_any_has(
	    config->xclient, config->xclient_count, &peer->addr);
	peer->may_xforward = bs_prefix_any_has(
	    config->xforward, config->xforward_count, &peer->addr);
	conn->network = network_of(peer);
}

/* False: its network has enough connections, so it is sent away. */
static bool
has_share(struct smtpconn *conn)
{
	const struct smtpserver *server = conn->server;

	if (count_network(server, &conn->network) <=
	    server->config->session.connections_per_client)
		return true;
	refuse(conn);
	return false;
}

/* Who delivers by LMTP, or may speak for others, is a host of ours, and what it
 * has not been told to look through, nor to take reports of, no source: an
 * XFORWARD that was forgotten, or refused, must not list it.  Nor must a program
 * on this host list it. */
static bool
speaks_for_itself(const struct smtpconn *conn)
{
	const struct bs_config *config = conn->server->config;
	const struct smtp_peer *peer = &conn->peer;

	return (!conn->from_here && !conn->lmtp && !peer->may_xclient &&
		   !peer->may_xforward) ||
	       bs_prefix_any_has(
		   config->relays, config->relay_count, &peer->addr) ||
	       report_of_peer(config, &peer->addr) != NULL;
}

/* Whether the peer has the address that it has connected to. */
static bool
is_this_host(const struct smtpconn *conn)
{
	struct sockaddr_storage name;
	struct bs_endpoint own;
	int size = sizeof(name);

	if (uv_tcp_getsockname(
		&conn->uv.tcp, (struct sockaddr *)&name, &size) != 0 ||
	    bs_endpoint_from_sockaddr((const struct sockaddr *)&name, &own) !=
		BS_OK)
		return false;
	bs_addr_unmap(&own.addr);
	return bs_addr_compare(&own.addr, &conn->peer.addr) == 0;
}

/* The address at the other end; a UNIX socket's is 127.0.0.1, and no source. */
static void
find_peer(struct smtpconn *conn, bool is_unix)
{
	static const struct bs_addr local = {BS_IPV4, {127, 0, 0, 1}};
	struct sockaddr_storage name;
	struct bs_endpoint endpoint = {.addr = local};
	int size = sizeof(name);

	if (!is_unix && uv_tcp_getpeername(&conn->uv.tcp,
			    (struct sockaddr *)&name, &size) == 0)
		(void)bs_endpoint_from_sockaddr(
		    (const struct sockaddr *)&name, &endpoint);
	bs_addr_unmap(&endpoint.addr);
	conn->peer.addr = endpoint.addr;
	conn->from_here = !is_unix && is_this_host(conn);
	trust(conn);
	conn->peer.has_addr = !is_unix && speaks_for_itself(conn);
}

bool
smtpconn_take_proxied(struct smtpconn *conn, const struct proxyhead *head)
{
	if (!head->has_peer) {
		conn->peer.has_addr = false;
		conn->peer.may_xclient = conn->peer.may_xforward = false;
		return true;
	}
	conn->peer.addr = head->peer;
	conn->from_here = false;
	trust(conn);
	conn->peer.has_addr = speaks_for_itself(conn);
	return has_share(conn);
}

static void
begin(struct smtpconn *conn)
{
	struct smtpserver *server = conn->server;
	const struct bs_config *config = server->config;
	bool proxied = bs_prefix_any_has(
	    config->proxy, config->proxy_count, &conn->peer.addr);

	if (!proxied && !has_share(conn))
		return;
	if (server->conn_count > config->session.connections)
		(void)smtpconn_evict(server);
	smtpconn_begin(conn, proxied);
}

void
smtpconn_accept(struct smtplistener *listener)
{
	struct smtpserver *server = listener->server;
	struct smtpconn *conn = calloc(1, sizeof(*conn));
	bool is_unix = listener->door->path != NULL;

	listener->waits = conn == NULL;
	if (conn == NULL)
		return;
	if (is_unix)
		(void)uv_pipe_init(server->loop, &conn->uv.pipe, 0);
	else
		(void)uv_tcp_init(server->loop, &conn->uv.tcp);
	conn->uv.handle.data = conn;
	conn->server = server;
	conn->rules = server->rules;
	conn->rules->users++;
	conn->lmtp = listener->lmtp;
	conn->start_ms = conn->phase_ms = conn->input_ms = uv_now(server->loop);
	TAILQ_INSERT_TAIL(&server->conns, conn, in_list);
	server->conn_count++;
	server->count->connections[conn->lmtp]++;
	if (uv_accept(&listener->uv.stream, &conn->uv.stream) != 0) {
		smtpconn_cut(conn);
		return;
	}
	find_peer(conn, is_unix);
	begin(conn);
}
